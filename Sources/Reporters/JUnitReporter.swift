import PortModel

/// Findings as tests in JUnit's XML: a suite for each file, in which each finding is a test that does not pass.
struct JUnitReporter {
  let report: Report
  let options: ReportOptions

  func write(to output: inout some TextOutputStream) {
    let locations = Locations(report)
    let shown = ShownFindings(report, as: .junit, options: options)
    output.write(XMLText.declaration + start("testsuites", "portlint", of: shown.diagnostics[...]))
    for findings in shown.byFile {
      let findings = shown.diagnostics[findings]
      guard let first = findings.first else { continue }
      let path = locations.path(of: first.place)
      output.write("  " + start("testsuite", path, of: findings))
      for diagnostic in findings { output.write(test(for: diagnostic, in: path, locations)) }
      output.write("  </testsuite>\n")
    }
    // A report without a test is an error to many readers.
    if shown.diagnostics.isEmpty {
      output.write("  " + start("testsuite", "portlint", of: []))
      let test = XMLText.start("testcase", ["classname": "portlint", "name": report.summaryLine()], isEmpty: true)
      output.write("    \(test)\n  </testsuite>\n")
    }
    output.write("</testsuites>\n")
  }

  /// The start of a group of tests: one for each finding, or the one that passes.
  private func start(_ element: String, _ name: String, of findings: ArraySlice<Diagnostic>) -> String {
    let outcomes = findings.map { Outcome($0) }
    func count(_ outcome: Outcome) -> String { "\(outcomes.count { $0 == outcome })" }
    return XMLText.start(
      element,
      [
        "name": name, "tests": "\(max(1, findings.count))", "failures": count(.failure), "errors": count(.error),
        "skipped": count(.skipped),
      ]) + "\n"
  }

  private func test(for diagnostic: Diagnostic, in path: String, _ locations: Locations) -> String {
    let start = locations.start(of: diagnostic.place)
    // Without the place: it is the same test when lines move.
    let name = "\(diagnostic.rule): \(TerminalText.escaped(diagnostic.message))"
    let outcome = Outcome(diagnostic)
    let test = XMLText.start("testcase", ["classname": path, "name": name, "file": path, "line": "\(start.line)"])
    let sentence = "\(start.line):\(start.column): \(locations.sentence(of: diagnostic))"
    let element = outcome.rawValue
    if outcome == .skipped {
      return "    \(test)\(XMLText.start(element, ["message": sentence], isEmpty: true))</testcase>\n"
    }
    let place = locations.shownPlace(of: diagnostic.place)
    let headline = "\(place): \(diagnostic.severity.rawValue): \(TerminalText.escaped(diagnostic.message))"
    let lines = [headline] + locations.lines(below: diagnostic)
    // A path may begin like a command of a CI system that shows the report.
    let detail = lines.map { XMLText.escaped(TerminalText.escapedLine($0)) }.joined(separator: "\n")
    let opening = XMLText.start(element, ["message": sentence, "type": diagnostic.severity.rawValue])
    return "    \(test)\n      \(opening)\(detail)</\(element)>\n    </testcase>\n"
  }

  private enum Outcome: String {
    case failure
    /// What could not be judged.
    case error
    /// What is only for information fails no test.
    case skipped

    init(_ diagnostic: Diagnostic) {
      if diagnostic.saysWhatIsUnjudged {
        self = .error
      } else {
        self = diagnostic.severity == .info ? .skipped : .failure
      }
    }
  }
}
