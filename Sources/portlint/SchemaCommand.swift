import ArgumentParser
import PolicyEngine
import Reporters

extension Schema: ExpressibleByArgument {}

/// `portlint schema policy|rule`
struct SchemaCommand: StatusCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "Write the JSON Schema of policies or of rule files, for editors.")

  @Argument(help: ArgumentHelp("policy or rule.", valueName: "what"))
  var schema: Schema

  func status() throws -> ExitStatus {
    Console.standardOutput.write(encoded(schema.document, formatting: [.prettyPrinted])) ? .clean : .incomplete
  }
}
