import PortModel
import SourceText
import SourceYAML

/// A rule with all that its file says for people.
package struct RuleDocumentation: Sendable {
  package var rule: Rule
  /// The lines of the file that say when the rule fires, as they are written.
  package var condition: String
  package var explanation: RuleInfo.Explanation
  package var examples: [RuleExample]
  /// The messages and remedies as they are written, with their placeholders: the rule's own, and then each case's.
  package var sayings: [Saying]

  package struct Saying: Sendable {
    /// Nothing for the rule's own.
    package var variant: String?
    package var message: String
    package var help: String
  }
}

/// Reads what a rule file, or the part of it behind what a run needs, says for people.
package func decodeExplanation(_ file: SourceFile) -> RuleInfo.Explanation {
  var explanation = RuleInfo.Explanation()
  _ = readYAML(file, keepingCommentsWith: "portlint:") { document in
    explanation.why = document.root.value("why")?.text ?? ""
    explanation.references = document.root.value("references").map { $0.items.map(\.text) } ?? []
  }
  return explanation
}

/// Reads a whole rule file for people; nothing where it cannot be read.
package func decodeRuleDocumentation(_ file: SourceFile, isOwn: Bool = false) -> RuleDocumentation? {
  guard let rule = decodeRule(file, isOwn: isOwn).rule else { return nil }
  var documentation = RuleDocumentation(
    rule: rule, condition: "", explanation: decodeExplanation(file), examples: decodeRuleExamples(file).examples,
    sayings: [])
  _ = readYAML(file, keepingCommentsWith: "portlint:") { document in
    let root = document.root
    let keys: [RuleKey] = [.from, .subject, .when, .relation, .outcome, .yieldsTo]
    let entries = root.entries.filter { entry in keys.contains { $0.rawValue == entry.key.text } }
    documentation.condition = entries.map { entry in
      let end = max(entry.value.range.end, entry.key.range.end)
      return file.text(in: SourceRange(file: file.id, start: Int(entry.key.range.start), end: Int(end)))
    }.joined(separator: "\n")
    let help = root.value("help")?.text ?? ""
    let message = root.value("message")?.text ?? ""
    documentation.sayings = [RuleDocumentation.Saying(variant: nil, message: message, help: help)]
    for entry in root.entries(of: "cases") {
      documentation.sayings.append(
        RuleDocumentation.Saying(
          variant: entry.key.text, message: entry.value.value("message")?.text ?? message,
          help: entry.value.value("help")?.text ?? help))
    }
  }
  return documentation
}
