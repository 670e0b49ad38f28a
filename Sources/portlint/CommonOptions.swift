import ArgumentParser
import PolicyEngine
import PortModel
import Reporters
import Workspace

extension Platform: ExpressibleByArgument {}
extension InventoryFormat: ExpressibleByArgument {}

/// What `lint` and `ports` have in common: which manifests, under which policy.
struct CommonOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "Files, folders (recursively), or - for standard input. Without any, the current folder.", valueName: "path"),
    completion: .file())
  var paths: [String] = []

  @Option(help: ArgumentHelp("The platform whose ephemeral range counts.", valueName: "name"))
  var platform: Platform = .linux

  @Option(help: ArgumentHelp("What standard input is called in reports.", valueName: "name"))
  var stdinFilename = "<stdin>"

  @Option(help: ArgumentHelp("The variables of Compose projects, instead of their .env.", valueName: "file"))
  var envFile: String?

  /// The options as plain values.
  var settings: CommonSettings {
    CommonSettings(paths: paths, platform: platform, standardInputName: stdinFilename, environmentFile: envFile)
  }
}

/// What `lint` and `ports` have in common, as plain values; the defaults are those of the command line.
struct CommonSettings: Equatable {
  var paths: [String] = []
  var platform = Platform.linux
  var standardInputName = "<stdin>"
  var environmentFile: String?

  /// Reads the manifests and judges them.
  func report(severities: [String: Severity?] = [:]) throws -> Report {
    let policy: Policy
    do {
      policy = try BuiltIn.policy(
        rules: BuiltIn.rules(), platform: platform, severities: severities)
    } catch Policy.Fault.unknownRule(let id, let suggestion) {
      throw RunFailure(
        message: "--rule: there is no rule '\(id)'" + (suggestion.map { ", did you mean '\($0)'?" } ?? ""))
    }
    let files = DiskFiles(standardInputName: standardInputName)
    var workspace = Workspace(policy: policy, files: files, workers: coreCount())
    workspace.environmentFile = environmentFile
    if let environmentFile, (try? files.contents(of: environmentFile)) == nil {
      throw RunFailure(message: "--env-file: \(environmentFile) cannot be read")
    }
    return workspace.lint(Discovery.candidates(for: paths, standardInputName: standardInputName))
  }
}

/// Says what is no finding on standard error.
func writeNotes(of report: Report) {
  for note in report.notes { Console.standardError.write("portlint: \(escapedForTerminal(note))\n") }
}
