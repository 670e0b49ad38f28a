import PortModel
import SourceText

/// The findings in SonarQube's generic format for issues (10.3 and later).
private struct SonarQubeDocument: Encodable {
  struct Rule: Encodable {
    struct Impact: Encodable {
      var softwareQuality = "RELIABILITY"
      var severity: String
    }

    var id: String
    var name: String
    var description: String
    var engineId = "portlint"
    var cleanCodeAttribute = "LOGICAL"
    var impacts: [Impact]
  }

  struct Issue: Encodable {
    var ruleId: String
    var primaryLocation: Location
    var secondaryLocations: [Location]
  }

  struct Location: Encodable {
    var message: String
    var filePath: String
    var textRange: TextRange
  }

  /// Lines count from 1, columns from 0; without columns whole lines are meant.
  struct TextRange: Encodable {
    var startLine: Int
    var endLine: Int?
    var startColumn: Int?
    var endColumn: Int?
  }

  var rules: [Rule]
  var issues: [Issue] = []
}

/// Writes the findings in SonarQube's generic format.
func writeSonarQube(_ report: Report, options: ReportOptions, to output: inout some TextOutputStream) {
  let shown = ShownFindings(report, as: .sonarqube, options: options)
  var text = encoded(SonarQubeDocument(rules: rules(of: shown.diagnostics, in: report)))[...]
  EncodedList(of: shown.diagnostics, with: options) {
    let locations = Locations(report)
    return { diagnostic in
      SonarQubeDocument.Issue(
        ruleId: diagnostic.rule,
        primaryLocation: SonarQubeDocument.Location(diagnostic.message, at: diagnostic.place, locations),
        secondaryLocations: diagnostic.related.map { SonarQubeDocument.Location($0.message, at: $0.place, locations) })
    }
  }
  .write(asValueOf: "issues", from: &text, to: &output)
  output.write(String(text))
}

/// The rules that have found something, each with the greatest severity of what it found: there an issue has none.
private func rules(of diagnostics: [Diagnostic], in report: Report) -> [SonarQubeDocument.Rule] {
  var severities: [String: Severity] = [:]
  for diagnostic in diagnostics {
    severities[diagnostic.rule] = max(diagnostic.severity, severities[diagnostic.rule] ?? .info)
  }
  let summaries = Dictionary(report.rules.map { ($0.id, $0.summary) }, uniquingKeysWith: { first, _ in first })
  return severities.sorted { $0.key < $1.key }.map { id, severity in
    SonarQubeDocument.Rule(
      id: id, name: id, description: TerminalText.escaped(summaries[id] ?? id),
      impacts: [SonarQubeDocument.Rule.Impact(severity: severity.impact)])
  }
}

extension SonarQubeDocument.Location {
  init(_ message: String, at place: SourceRange, _ locations: Locations) {
    let start = locations.start(of: place).line
    let end = locations.end(of: place).line
    var range = SonarQubeDocument.TextRange(startLine: start)
    // A range of nothing is refused.
    if place.start < place.end, let first = locations.unitsBefore(place.start, in: place.file),
      let last = locations.unitsBefore(place.end, in: place.file)
    {
      range = SonarQubeDocument.TextRange(startLine: start, endLine: end, startColumn: first, endColumn: last)
    }
    self.init(
      message: TerminalText.escaped(message), filePath: locations.path(of: place), textRange: range)
  }
}

extension Severity {
  fileprivate var impact: String {
    switch self {
    case .error: "HIGH"
    case .warning: "MEDIUM"
    case .info: "LOW"
    }
  }
}
