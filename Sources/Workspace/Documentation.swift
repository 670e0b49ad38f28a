import PolicyEngine
import PortModel
import SourceText

extension LoadedPolicy {
  /// What the file of a rule says for people, portlint's own or the team's; nothing for a rule that there is not.
  package func documentation(of rule: String) -> RuleDocumentation? {
    if let file = ruleFiles.first(where: { decodeRule($0, isOwn: true).rule?.id == rule }) {
      return decodeRuleDocumentation(file, isOwn: true)
    }
    let name = "\(rule).yaml"
    return BuiltIn.ruleFiles.first { $0.name == name }.flatMap { built in
      decodeRuleDocumentation(SourceFile(id: .none, path: "rules/\(name)", contents: Array(built.text.utf8)))
    }
  }

  /// What is said of an example, in full.
  package func report(on example: RuleExample, for rule: Rule) -> Report {
    let written = WrittenFiles(
      Dictionary(example.files.map { ($0.path, Array($0.text.utf8)) }, uniquingKeysWith: { $1 }))
    var loaded = self
    loaded.baseline = Baseline()
    if example.files.contains(where: { $0.path == PolicyLoader.fileName }),
      let own = try? PolicyLoader.load(PolicyRequest(), files: written)
    {
      loaded = own
      loaded.policy.add(rule)
    } else {
      loaded.policy = policy.testing(rule)
    }
    let paths = (example.files.map(\.path).filter { !$0.hasPrefix(".") } + example.named).sorted()
    var report = Workspace(loaded, files: written, workers: 1).lint(paths.map { Candidate($0, .found) })
    report.diagnostics.removeAll { $0.rule != rule.id }
    return report
  }
}
