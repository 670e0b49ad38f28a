import PortModel
import SourceText
import SourceYAML

/// The keys of a baseline.
package enum BaselineKey: String, CaseIterable {
  case version
  case tool
  case findings
}

/// The keys of a finding in a baseline.
package enum BaselineEntryKey: String, CaseIterable {
  case fingerprint
  case rule
  case file
  case message
}

/// Reads a baseline, which is JSON and so YAML too: thus its entries have places.
package func decodeBaseline(_ file: SourceFile) -> (baseline: Baseline, problems: [DecodingProblem]) {
  var baseline = Baseline()
  var problems: [DecodingProblem] = []
  let outcome = readYAML(file, keepingCommentsWith: "portlint:") { document in
    guard let mapping = StrictMapping<BaselineKey>(document.root, problems: &problems) else { return }
    if let version = mapping[.version], !version.isText("1") {
      problems.report(.expected("version 1"), at: version.range)
    }
    guard let findings = mapping[.findings], findings.isSequence else {
      problems.report(.expected("a list of findings"), at: (mapping[.findings] ?? mapping.node).range)
      return
    }
    for node in findings.items {
      guard let entry = StrictMapping<BaselineEntryKey>(node, problems: &problems) else { continue }
      let rule = entry.requiredText(.rule, problems: &problems)
      let message = entry.text(.message, problems: &problems) ?? ""
      guard let rule, let fingerprint = entry.requiredText(.fingerprint, problems: &problems) else { continue }
      let place = entry[.fingerprint]?.textRange ?? node.range
      baseline.entries.append(Baseline.Entry(fingerprint: fingerprint, rule: rule, message: message, place: place))
    }
  }
  if let failure = outcome.failure {
    problems = []
    problems.report(failure)
  } else if outcome.documents != 1 {
    let place = SourceRange(file: file.id, start: 0, end: 0)
    problems.report(.expected("one document"), at: place)
  }
  return (baseline, problems)
}
