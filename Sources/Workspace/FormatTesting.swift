import ManifestFormats
import PolicyEngine
import PortModel
import SourceText
import SourceYAML

/// An example in a format file: manifests, what is read of them, and what is found.
package struct FormatExample: Sendable {
  package var manifests: RuleExample
  /// The rows of `ports` that they give.
  package var rows: [String] = []
  /// The rule of each finding.
  package var rules: [String] = []
}

/// The keys of an example of a format.
package enum FormatExampleKey: String, CaseIterable {
  case manifest
  case files
  case rows
  case findings
}

/// The keys of a finding of such an example.
package enum FormatFindingKey: String, CaseIterable {
  case at
  case rule
  case message
}

/// Reads the examples of a format file, `passes` and then `fails`.
package func decodeFormatExamples(_ file: SourceFile) -> (examples: [FormatExample], problems: [DecodingProblem]) {
  var examples: [FormatExample] = []
  var problems: [DecodingProblem] = []
  _ = readYAML(file, keepingCommentsWith: "portlint:") { document in
    for (key, fails) in [("passes", false), ("fails", true)] as [(StaticString, Bool)] {
      for node in document.root.items(of: key) {
        guard let example = decodeExample(node, problems: &problems) else { continue }
        if example.manifests.findings.isEmpty == fails {
          problems.report(.expected(fails ? "findings" : "no findings"), at: node.range)
        }
        examples.append(example)
      }
    }
  }
  return (examples, problems)
}

private func decodeExample(_ node: YAMLNode, problems: inout [DecodingProblem]) -> FormatExample? {
  guard let mapping = StrictMapping<FormatExampleKey>(node, problems: &problems) else { return nil }
  var example = FormatExample(manifests: RuleExample(place: node.range))
  if let text = mapping.text(.manifest, problems: &problems) { example.manifests.files.append(("deploy.yaml", text)) }
  for entry in mapping[.files]?.ownEntries ?? [] {
    if !entry.value.isScalar { problems.report(.expected("text"), at: entry.value.range) }
    example.manifests.files.append((entry.key.text, entry.value.text))
  }
  if example.manifests.files.isEmpty {
    problems.report(.expected("'manifest' or 'files'"), at: node.range)
  }
  example.rows = mapping[.rows].map { decodeTexts($0, problems: &problems).map(\.text) } ?? []
  for item in mapping[.findings].map({ Array($0.items) }) ?? [] {
    guard let finding = StrictMapping<FormatFindingKey>(item, problems: &problems) else { continue }
    let place = finding.requiredText(.at, problems: &problems)
    let rule = finding.requiredText(.rule, problems: &problems)
    let message = finding.requiredText(.message, problems: &problems)
    guard let place, let rule, let message else { continue }
    example.manifests.findings.append(ExpectedFinding(place: place, message: "\(message) [\(rule)]"))
  }
  return example
}

extension LoadedPolicy {
  /// Runs the examples of a format file: what is read, and what portlint's rules say of it as they come.
  ///
  /// - Parameter taken: The ids that other formats have.
  func test(format file: SourceFile, taken: Set<String>) -> RuleTest {
    var test = RuleTest(file: file)
    test.isOfFormat = true
    let (format, problems) = decodeFormat(file, taken: taken)
    let (examples, others) = decodeFormatExamples(file)
    test.problems = problems + others
    test.rule = format?.id
    guard let format, test.problems.isEmpty else { return test }
    for (kind, fails) in [("passes", false), ("fails", true)]
    where !examples.contains(where: { $0.manifests.fails == fails }) {
      let place = SourceRange(file: file.id, start: 0, end: 0)
      test.failures.append(RuleTest.Failure(place: place, kind: .lacks(kind)))
    }
    var loaded = LoadedPolicy.recommended()
    loaded.formats = formats.replacing(format)
    for example in examples {
      test.examples += 1
      if let kind = loaded.failure(of: example) {
        test.failures.append(RuleTest.Failure(place: example.manifests.place, kind: kind))
      }
    }
    test.failures.sort { $0.place < $1.place }
    return test
  }

  private func failure(of example: FormatExample) -> RuleTest.Kind? {
    let report = example.manifests.report(under: self)
    if report.summary.documents == 0, example.manifests.findings.isEmpty, !example.rows.isEmpty {
      return .holdsNoManifest
    }
    let isOne = example.manifests.paths.count == 1
    var found = report.rows.map { report.rowText($0, withPath: !isOne) }
    // What an example that fails does not say of the rows is not asked.
    if example.manifests.fails, example.rows.isEmpty { found = [] }
    let said = report.diagnostics.map {
      ExpectedFinding(
        place: report.placeText(of: $0.place, withPath: !isOne), message: "\($0.message) [\($0.rule)]"
      ).description
    }
    let expected = example.rows + example.manifests.findings.map(\.description)
    if found + said == expected { return nil }
    return .differs(DifferenceLine.lines(from: expected, to: found + said))
  }
}

extension Report {
  /// A row of `ports` as the examples of formats write it: `4:16-20 'web' publish every address 8080/tcp to 80`.
  fileprivate func rowText(_ number: Int, withPath: Bool) -> String {
    let binding = inventory.bindings[number]
    let ports =
      switch binding.port {
      case .fixed(let ports, _): ports.description
      case .dynamic: "dynamic"
      case .unresolved: "unresolved"
      }
    let target = binding.target.flatMap { $0.ports?.description ?? $0.name }
    return [
      placeText(of: binding.place, withPath: withPath), inventory[binding.owner].phrase, binding.role.rawValue,
      binding.address.phrase, ports + (binding.transport.map { "/\($0.name)" } ?? ""), target.map { "to \($0)" },
    ].compactMap(\.self).joined(separator: " ")
  }
}
