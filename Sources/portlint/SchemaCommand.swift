import ArgumentParser
import PolicyEngine
import Reporters
import SourceText

/// `portlint schema policy|rule|report`
struct SchemaCommand: StatusCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "Write the JSON Schema of policies, rules or reports.")

  /// What there is a schema of.
  enum Subject: String, CaseIterable, ExpressibleByArgument {
    case policy
    case rule
    case report

    var schema: SchemaNode {
      switch self {
      case .policy: Schema.policy.document
      case .rule: Schema.rule.document
      case .report: reportSchema
      }
    }
  }

  @Argument(help: ArgumentHelp("policy, rule or report.", valueName: "what"))
  var what: Subject

  func status() throws -> ExitStatus {
    Console.standardOutput.write(encoded(what.schema, formatting: [.prettyPrinted])) ? .clean : .incomplete
  }
}
