import PortModel

/// Findings as a table in Markdown, for a step's summary and for comments.
struct MarkdownReporter {
  let report: Report
  let options: ReportOptions

  func write(to output: inout some TextOutputStream) {
    let locations = Locations(report)
    let shown = ShownFindings(report, as: .markdown, options: options)
    output.write("### portlint\n\n")
    if !shown.diagnostics.isEmpty || !shown.omittedElsewhere.isEmpty {
      output.write("| Severity | Place | Finding |\n| --- | --- | --- |\n")
      writeRows(of: shown, locations, to: &output)
      output.write("\n")
    }
    if !shown.suppressed.isEmpty {
      output.write("| Suppressed | Place | By |\n| --- | --- | --- |\n")
      for (number, waived) in shown.suppressed.enumerated() {
        output.write(row(for: waived, locations))
        if let omission = shown.omittedBehind[shown.diagnostics.count + number] {
          output.write(row(for: omission, locations))
        }
      }
      output.write("\n")
    }
    if options.showsSummary { output.write(report.summaryLine() + "\n") }
  }

  private func writeRows(of shown: ShownFindings, _ locations: Locations, to output: inout some TextOutputStream) {
    var helps = ToldHelps()
    for (number, diagnostic) in shown.diagnostics.enumerated() {
      output.write(row(for: diagnostic, withHelp: helps.isNew(diagnostic), locations))
      if let omission = shown.omittedBehind[number] { output.write(row(for: omission, locations)) }
    }
    for omission in shown.omittedElsewhere { output.write(row(for: omission, locations)) }
  }

  private func row(for diagnostic: Diagnostic, withHelp: Bool, _ locations: Locations) -> String {
    var lines = ["\(MarkdownText.inCell(diagnostic.message)) \(MarkdownText.code("[\(diagnostic.rule)]"))"]
    lines += diagnostic.related.map { related in
      "\(MarkdownText.code(locations.shownLine(of: related.place))): \(MarkdownText.inCell(related.message))"
    }
    if withHelp { lines.append("help: " + MarkdownText.inCell(diagnostic.help)) }
    let place = MarkdownText.code(locations.shownPlace(of: diagnostic.place))
    return row(diagnostic.severity.rawValue, place, lines.joined(separator: "<br>"))
  }

  private func row(for omission: ShownFindings.Omission, _ locations: Locations) -> String {
    let file = omission.file.map { MarkdownText.code(locations.path(of: $0)) } ?? ""
    return row(omission.severity.rawValue, file, "and " + MarkdownText.inCell(omission.phrase))
  }

  private func row(for waived: WaivedDiagnostic, _ locations: Locations) -> String {
    let diagnostic = waived.diagnostic
    return row(
      "\(MarkdownText.inCell(diagnostic.message)) \(MarkdownText.code("[\(diagnostic.rule)]"))",
      MarkdownText.code(locations.shownPlace(of: diagnostic.place)),
      MarkdownText.inCell(locations.phrase(for: waived.waiver)))
  }

  private func row(_ cells: String...) -> String {
    "| " + cells.joined(separator: " | ") + " |\n"
  }
}

/// Text in GitHub Flavored Markdown and its kin.
enum MarkdownText {
  /// What is nothing but text, wherever it stands within a line.
  private static func isCalm(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", " ", "'", "\"", ",", ".", ";", ":", "/", "(", ")", "-", "+", "=", "?": true
    default: scalar.value >= 0xA0
    }
  }

  /// A text as it stands in a cell of a table: it marks nothing up, names nobody and leads nowhere.
  ///
  /// Escapes would not do: `\@name` still calls a person, and an address becomes a link.
  static func inCell(_ text: String) -> String {
    let shown = TerminalText.escaped(text)
    let isCalm = shown.unicodeScalars.allSatisfy(isCalm)
    if isCalm, !shown.contains("://"), !shown.lowercased().contains("www.") { return shown }
    return code(text)
  }

  /// A text as code, in which nothing is marked up.
  static func code(_ text: String) -> String {
    // A bar would end the cell, also in code.
    let shown = TerminalText.escaped(text).replacing("|", with: TerminalText.escape("|"))
    var longest = 0
    var length = 0
    for byte in shown.utf8 {
      length = byte == UInt8(ascii: "`") ? length + 1 : 0
      longest = max(longest, length)
    }
    let fence = TerminalText.repeated("`", count: longest + 1)
    let blank = longest > 0 ? " " : ""
    return fence + blank + shown + blank + fence
  }

  private static let marks = Set("|\\`*_<>[]&#~$".unicodeScalars)

  /// A text of a rule's file as a paragraph.
  static func paragraph(_ text: String) -> String {
    putting("\\", before: marks, in: TerminalText.escaped(text))
  }

  /// A page's address of a rule's file.
  static func paragraph(link address: String) -> String {
    let isPlain = address.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"<>\\`".utf8.contains($0) }
    return isPlain && address.contains("://") ? "<\(address)>" : paragraph(address)
  }
}
