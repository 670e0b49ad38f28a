import ArgumentParser
import PolicyEngine
import PortModel
import Reporters
import SourceText
import Workspace

/// `portlint rules`
struct RulesCommand: StatusCommand {
  static let configuration = CommandConfiguration(
    commandName: "rules", abstract: "List the rules with their severities, and where each was set.")

  @Option(help: ArgumentHelp("The policy file.", valueName: "file"))
  var config: String?

  @Option(help: ArgumentHelp("The preset whose severities win over the policy's.", valueName: "name"))
  var preset: String?

  @Option(help: ArgumentHelp("Another severity for a rule. Repeatable.", valueName: "id=severity"))
  var rule: [RuleOverride] = []

  @Option(help: ArgumentHelp("How to answer: text or json.", valueName: "format"))
  var format: AnswerFormat = .text

  func status() throws -> ExitStatus {
    var settings = CommonSettings()
    settings.config = config
    settings.preset = preset
    let severities = Dictionary(rule.map { ($0.id, $0.severity) }, uniquingKeysWith: { $1 })
    let loaded = try settings.policy(severities: severities)
    if !loaded.problems.isEmpty { return writeBrokenPolicy(try settings.report(loaded)) }
    let objects = loaded.policy.rules.map { RuleObject($0, loaded) }.sorted { $0.id < $1.id }
    let rows = objects.map { [$0.id, $0.severity, $0.setBy] }
    let text = format == .json ? answerJSON(objects) : tableText([["RULE", "SEVERITY", "SET BY"]] + rows)
    return Console.standardOutput.write(text) ? .clean : .incomplete
  }
}

/// A rule and its severity in a run, in JSON.
struct RuleObject: Encodable {
  var id: String
  var family: String
  /// `error`, `warning`, `info` or `off`.
  var severity: String
  var summary: String
  /// `its file`, `preset strict`, `.portlint.yaml:7`, `the command line`.
  var setBy: String

  init(_ status: Policy.RuleStatus, _ loaded: LoadedPolicy) {
    id = status.rule.id
    family = status.rule.family.rawValue
    severity = status.severity?.rawValue ?? "off"
    summary = status.rule.summary
    switch status.origin {
    case .ruleFile: setBy = "its file"
    case .preset(let name): setBy = "preset \(name)"
    case .commandLine: setBy = "the command line"
    case .policyFile(let place):
      let file = loaded.files.first { $0.id == place.file }
      let line = LineTable(of: file?.bytes ?? []).position(of: Int(place.start)).line
      setBy = "\(file?.path ?? ""):\(line)"
    }
  }
}

/// An answer as JSON, in the envelope that all of portlint's JSON has.
func answerJSON(_ answer: some Encodable) -> String {
  encoded(AnswerDocument(result: answer))
}

private struct AnswerDocument<Answer: Encodable>: Encodable {
  struct Tool: Encodable {
    var name = "portlint"
    var version = portlintVersion
  }

  var version = 1
  var tool = Tool()
  var result: Answer
}
