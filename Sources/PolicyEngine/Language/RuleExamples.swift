import PortModel
import SourceText
import SourceYAML

/// An example in a rule file: manifests, and what the rule says of them.
package struct RuleExample: Sendable {
  /// The manifests, by path.
  package var files: [(path: String, text: String)] = []
  /// Further paths that are asked for and of which there is nothing.
  package var named: [String] = []
  /// What the rule must say, and nothing else: none for an example that passes.
  package var findings: [ExpectedFinding] = []
  /// Where the example stands in the rule file.
  package var place: SourceRange

  package init(place: SourceRange) {
    self.place = place
  }
}

/// A finding as an example expects it.
package struct ExpectedFinding: Hashable, Sendable, CustomStringConvertible {
  /// `7:10-14`, or `7:10-8:2` over several lines, with the path before it where an example has several files.
  package var place: String
  package var message: String

  package init(place: String, message: String) {
    self.place = place
    self.message = message
  }

  package var description: String {
    "\(place): \(message)"
  }
}

/// The keys of an example.
package enum RuleExampleKey: String, CaseIterable {
  case manifest
  case files
  case named
  case findings
}

/// The keys of an expected finding.
package enum ExpectedFindingKey: String, CaseIterable {
  case at
  case message
}

/// Reads the examples of a whole rule file, `passes` and then `fails`.
package func decodeRuleExamples(_ file: SourceFile) -> (examples: [RuleExample], problems: [DecodingProblem]) {
  var examples: [RuleExample] = []
  var problems: [DecodingProblem] = []
  _ = readYAML(file, keepingCommentsWith: "portlint:") { document in
    for (key, fails) in [("passes", false), ("fails", true)] as [(StaticString, Bool)] {
      for node in items(document.root.value(key), problems: &problems) {
        guard let example = decodeExample(node, problems: &problems) else { continue }
        if example.findings.isEmpty == fails {
          problems.report(.expected(fails ? "findings" : "no findings"), at: node.range)
        }
        examples.append(example)
      }
    }
  }
  return (examples, problems)
}

private func decodeExample(_ node: YAMLNode, problems: inout [DecodingProblem]) -> RuleExample? {
  guard let mapping = StrictMapping<RuleExampleKey>(node, problems: &problems) else { return nil }
  var example = RuleExample(place: node.range)
  if let text = mapping.text(.manifest, problems: &problems) { example.files.append(("deploy.yaml", text)) }
  if let files = mapping[.files] {
    if !files.isMapping {
      problems.report(.expected("a mapping of paths to texts"), at: files.range)
    }
    for entry in files.entries {
      if !entry.value.isScalar { problems.report(.expected("text"), at: entry.value.range) }
      example.files.append((entry.key.text, entry.value.text))
    }
  }
  if example.files.isEmpty, !mapping.has(.named), !mapping.has(.manifest), !mapping.has(.files) {
    problems.report(.expected("'manifest' or 'files'"), at: node.range)
  }
  example.named = mapping[.named].map { decodeTexts($0, problems: &problems).map(\.text) } ?? []
  for item in items(mapping[.findings], problems: &problems) {
    guard let finding = StrictMapping<ExpectedFindingKey>(item, problems: &problems) else { continue }
    let place = finding.requiredText(.at, problems: &problems)
    let message = finding.requiredText(.message, problems: &problems)
    if let place, let message { example.findings.append(ExpectedFinding(place: place, message: message)) }
  }
  return example
}

private func items(_ node: YAMLNode?, problems: inout [DecodingProblem]) -> [YAMLNode] {
  guard let node else { return [] }
  if !node.isSequence { problems.report(.expected("a list"), at: node.range) }
  return Array(node.items)
}

/// Whether a file that nobody named looks like a rule: it has a key that only rules have.
package func isRuleFile(_ file: SourceFile) -> Bool {
  let keys: [RuleKey] = [.id, .family, .summary, .message, .passes, .fails]
  var isRule = false
  let outcome = readYAML(file, keepingCommentsWith: "portlint:") { document in
    isRule = isRule || document.root.entries.contains { entry in keys.contains { $0.rawValue == entry.key.text } }
  }
  guard outcome.failure != nil else { return isRule }
  // What is broken is told by its lines.
  let lines = String(decoding: file.bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
  return isRule || lines.contains { line in keys.contains { line.hasPrefix("\($0.rawValue):") } }
}
