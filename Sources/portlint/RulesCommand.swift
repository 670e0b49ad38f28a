import ArgumentParser
import PolicyEngine
import PortModel
import Reporters
import SourceText
import Workspace

/// `portlint rules`
struct RulesCommand: StatusCommand {
  static let configuration = CommandConfiguration(
    commandName: "rules", abstract: "List the rules in force, and who set each.")

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The policy file.", valueName: "file"),
    completion: .file())
  var config: String?

  @Option(
    help: ArgumentHelp("The preset whose severities win over the policy's.", valueName: "name"),
    completion: .presets)
  var preset: String?

  @Option(
    help: ArgumentHelp("Another severity for a rule, or for all with '*'. Repeatable.", valueName: "id=severity"),
    completion: .ruleOverrides, transform: RuleOverride.init(argument:))
  var rule: [RuleOverride] = []

  @Option(name: .shortAndLong, help: ArgumentHelp("How to answer.", valueName: "format"))
  var format: AnswerFormat = .text

  func status() throws -> ExitStatus {
    var settings = CommonSettings()
    settings.config = config
    settings.preset = preset
    let severities = Dictionary(rule.map { ($0.id, $0.severity) }, uniquingKeysWith: { $1 })
    let loaded = try settings.policy(severities: severities)
    if !loaded.problems.isEmpty { return writeBrokenPolicy(loaded) }
    let objects = loaded.policy.rules.sorted { $0.rule.id < $1.rule.id }.map { RuleObject($0, loaded) }
    let text =
      format == .json
      ? encoded(
        RulesDocument(
          objects, policy: loaded.path, presets: loaded.presetsInForce, version: portlintVersion))
      : inForce(loaded) + "\n" + rulesText(loaded)
    return Console.standardOutput.write(text) ? .clean : .incomplete
  }
}

extension LoadedPolicy {
  /// The presets that say how severe rules are, the strongest last.
  var presetsInForce: [String] {
    presetInstead.map { [$0] } ?? (presets.isEmpty ? ["recommended"] : presets)
  }
}

/// The policy and the presets that are in force, on two lines.
func inForce(_ loaded: LoadedPolicy) -> String {
  let origin = loaded.presetInstead == nil ? "" : " (the command line)"
  return "policy: \(escapedForTerminal(loaded.path ?? "none"))\n"
    + "preset: \(loaded.presetsInForce.joined(separator: ", "))\(origin)\n"
}

/// Every rule with its severity in the run, and who set it.
func rulesText(_ loaded: LoadedPolicy) -> String {
  let rows = loaded.policy.rules.sorted { $0.rule.id < $1.rule.id }.map { status in
    [status.rule.id, status.severity?.rawValue ?? "off", SetByObject(status, loaded).phrase]
  }
  return tableText(headings: ["RULE", "SEVERITY", "SET BY"], rows)
}

extension RuleObject {
  init(_ status: Policy.RuleStatus, _ loaded: LoadedPolicy) {
    self.init(
      id: status.rule.id, family: status.rule.family.rawValue, severity: status.severity?.rawValue ?? "off",
      summary: status.rule.summary, setBy: SetByObject(status, loaded))
  }
}

extension SetByObject {
  init(_ status: Policy.RuleStatus, _ loaded: LoadedPolicy) {
    switch status.origin {
    case .ruleFile:
      self = loaded.severityPlace(ofOwnRule: status.rule.id).map { .ruleFile($0.place, in: $0.file) } ?? .ruleFile
    case .preset(let name): self = .preset(name)
    case .commandLine: self = .commandLine
    case .policyFile(let place):
      self = loaded.files.first { $0.id == place.file }.map { .policy(place, in: $0) } ?? .ruleFile
    }
  }
}
