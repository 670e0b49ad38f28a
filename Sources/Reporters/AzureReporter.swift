import PortModel

/// Findings as logging commands of Azure Pipelines, which lists them as issues of the run.
struct AzureReporter {
  let report: Report
  let options: ReportOptions

  func write(to output: inout some TextOutputStream) {
    let locations = Locations(report)
    ShownFindings(report, as: .azure, options: options)
      .writeCounting(to: &output) {
        line(for: $0, locations)
      } omission: {
        line(for: $0, locations)
      }
  }

  private func line(for diagnostic: Diagnostic, _ locations: Locations) -> String {
    let path = locations.path(of: diagnostic.place)
    let start = locations.start(of: diagnostic.place)
    let sentence = locations.sentence(of: diagnostic)
    // Azure knows no issue that is less than a warning.
    if diagnostic.severity == .info {
      return "\(TerminalText.escapedLine(path)):\(start.line):\(start.column): info: \(sentence) [\(diagnostic.rule)]\n"
    }
    let properties = [
      ("type", diagnostic.severity.rawValue), ("sourcepath", TerminalText.escaped(path)),
      ("linenumber", "\(start.line)"), ("columnnumber", "\(start.column)"), ("code", diagnostic.rule),
    ]
    let list = properties.map { "\($0)=\(AzureReporter.escaped($1, withMarks: true));" }.joined()
    return "##vso[task.logissue \(list)]\(AzureReporter.escaped(sentence, withMarks: false))\n"
  }

  private func line(for omission: ShownFindings.Omission, _ locations: Locations) -> String {
    let path = omission.file.map { TerminalText.escapedLine(locations.path(of: $0)) + ": " } ?? ""
    return "\(path)note: and \(TerminalText.escaped(omission.phrase))\n"
  }

  /// The text as the agent reads it (`CommandStringConvertor.cs`); line ends are escaped already.
  ///
  /// - Parameter withMarks: Whether what parts properties is escaped too.
  private static func escaped(_ text: String, withMarks: Bool) -> String {
    let text = text.replacing("%", with: "%AZP25")
    return withMarks ? text.replacing(";", with: "%3B").replacing("]", with: "%5D") : text
  }
}
