import PortModel

/// Findings as workflow commands of GitHub Actions, which shows them at their lines in a pull request.
struct GitHubReporter {
  let report: Report
  let options: ReportOptions

  func write(to output: inout some TextOutputStream) {
    let locations = Locations(report)
    ShownFindings(report, as: .github, options: options)
      .writeCounting(to: &output) {
        command(for: $0, locations)
      } omission: {
        command(for: $0, locations)
      }
  }

  private func command(for diagnostic: Diagnostic, _ locations: Locations) -> String {
    let start = locations.start(of: diagnostic.place)
    let end = locations.end(of: diagnostic.place)
    var properties = [
      ("file", locations.path(of: diagnostic.place)), ("line", "\(start.line)"), ("endLine", "\(end.line)"),
    ]
    // GitHub takes columns of one line only, and the last one is meant too.
    if start.line == end.line {
      properties += [("col", "\(start.column)"), ("endColumn", "\(max(start.column, end.column - 1))")]
    }
    properties.append(("title", "portlint \(diagnostic.rule)"))
    let lines = [TerminalText.escaped(diagnostic.message)] + locations.lines(below: diagnostic)
    return GitHubReporter.command(diagnostic.severity.command, properties, lines)
  }

  private func command(for omission: ShownFindings.Omission, _ locations: Locations) -> String {
    let file = omission.file.map { [("file", locations.path(of: $0))] } ?? []
    return GitHubReporter.command(
      "notice", file + [("title", "portlint \(omission.rule)")], [TerminalText.escaped("and \(omission.phrase)")])
  }

  /// - Parameter lines: What is said, escaped for terminals.
  private static func command(_ name: String, _ properties: [(String, String)], _ lines: [String]) -> String {
    let list = properties.map { "\($0)=\(escaped(TerminalText.escaped($1), ["%", ":", ","]))" }.joined(separator: ",")
    let message = lines.map { escaped($0, ["%"]) }.joined(separator: "%0A")
    return "::\(name) \(list)::\(message)\n"
  }

  /// The text with some characters as the runner reads them (`ActionCommand.cs`); line ends are escaped already.
  private static func escaped(_ text: String, _ characters: Set<Unicode.Scalar>) -> String {
    guard text.unicodeScalars.contains(where: characters.contains) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      if characters.contains(scalar) {
        result += "%" + String(scalar.value, radix: 16, uppercase: true)
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

extension Severity {
  fileprivate var command: String {
    switch self {
    case .error: "error"
    case .warning: "warning"
    case .info: "notice"
    }
  }
}
