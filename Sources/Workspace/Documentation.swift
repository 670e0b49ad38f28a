import PolicyEngine
import PortModel
import SourceText

extension LoadedPolicy {
  /// Where the file of a rule of the team's own says how severe it is, or else which rule it is.
  package func severityPlace(ofOwnRule rule: String) -> (file: SourceFile, place: SourceRange)? {
    guard let file = filesOfRules[rule] else { return nil }
    return decodeSeverityPlace(file).map { (file, $0) }
  }

  /// What the file of a rule says for people, portlint's own or the team's; nothing for a rule that there is not.
  package func documentation(of rule: String) -> RuleDocumentation? {
    if let file = filesOfRules[rule] {
      return decodeRuleDocumentation(file, isOwn: true)
    }
    let name = "\(rule).yaml"
    return BuiltIn.ruleFiles.first { $0.name == name }.flatMap { built in
      decodeRuleDocumentation(SourceFile(id: .none, path: "rules/\(name)", contents: Array(built.text.utf8)))
    }
  }

  /// The rules that a run holds manifests against, by id.
  var rulesInForce: [RuleInfo] {
    let own = filesOfRules
    let explain: @Sendable (String) -> RuleInfo.Explanation = { rule in
      BuiltIn.explanation(of: rule)
        ?? own[rule].map(decodeExplanation) ?? RuleInfo.Explanation()
    }
    return policy.activeRules.map { rule, _ in
      var info = RuleInfo(
        id: rule.id, family: rule.family, summary: rule.summary, defaultSeverity: rule.severity, explain: explain)
      if !rule.isOwn { info.page = BuiltIn.rulePages.map { $0 + rule.id } }
      return info
    }
  }

  /// What a rule says of an example, in full.
  package func report(on example: RuleExample, for rule: Rule) -> Report {
    var report = run(example, for: rule)
    report.diagnostics.removeAll { $0.rule != rule.id }
    return report
  }
}
