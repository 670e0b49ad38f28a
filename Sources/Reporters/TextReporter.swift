import PortModel
import SourceText

/// Findings for people: `file:line:column: severity: message [rule]`, the text at fault underlined, the other places,
/// and what to write instead.
struct TextReporter {
  let report: Report
  let options: ReportOptions
  /// Whether findings show the text they speak of.
  let withExcerpts: Bool

  /// How long a line of an excerpt is, in columns, with its number.
  private static let widestLine = 160

  func write(to output: inout some TextOutputStream) {
    let locations = Locations(report)
    let shown = ShownFindings(report, withSuppressed: options.showsSuppressed)
    for (number, diagnostic) in shown.diagnostics.enumerated()
    where options.showsInfo || diagnostic.severity != .info {
      output.write(finding(diagnostic, locations))
      if let omission = shown.omittedBehind[number] {
        output.write(omitted(omission, locations) + (withExcerpts ? "\n" : ""))
      }
    }
    for (number, waived) in shown.suppressed.enumerated() {
      output.write(suppressed(waived, locations))
      if let omission = shown.omittedBehind[shown.diagnostics.count + number] {
        output.write(omitted(omission, locations))
      }
    }
    for omission in shown.omittedElsewhere where options.showsInfo || omission.severity != .info {
      output.write(omitted(omission, locations))
    }
    if !shown.suppressed.isEmpty || !shown.omittedElsewhere.isEmpty, withExcerpts { output.write("\n") }
    if options.showsStatistics, !report.diagnostics.isEmpty {
      output.write(tableText(headings: ["RULE", "SEVERITY", "FINDINGS"], report.statistics) + "\n")
    }
    if options.showsSummary {
      output.write(report.summaryLine(aboutInfos: options.hintAtInfos) + "\n")
    }
  }

  private func finding(_ diagnostic: Diagnostic, _ locations: Locations) -> String {
    let tail = options.style(" [\(diagnostic.rule)]", .faint) + "\n"
    let label = options.label(diagnostic.severity)
    if !withExcerpts {
      return headline(diagnostic.place, label, shown: locations.sentence(of: diagnostic), locations) + tail
    }
    var result = headline(diagnostic.place, label, diagnostic.message, locations) + tail
    let places = [diagnostic.place] + diagnostic.related.map(\.place)
    let gutter = places.map { "\(locations.start(of: $0).line)".count }.max() ?? 1
    result += excerpt(diagnostic.place, locations, gutter: gutter, underline: .severity(diagnostic.severity))
    for related in diagnostic.related {
      result += "  " + headline(related.place, options.style("note:", .note), related.message, locations) + "\n"
      // What else stands in a file of variables is nobody's business.
      if related.isOrigin { continue }
      result += excerpt(related.place, locations, gutter: gutter, underline: .note)
    }
    if !diagnostic.help.isEmpty {
      result += "  \(options.style("help:", .help)) \(TerminalText.escaped(diagnostic.help))\n"
    }
    return result + "\n"
  }

  /// One line for the findings that are left out.
  private func omitted(_ omission: ShownFindings.Omission, _ locations: Locations) -> String {
    let path = omission.file.map { TerminalText.escapedLine(locations.path(of: $0)) + ": " } ?? ""
    return "\(options.style(path, .bold))\(options.style("note:", .note)) and \(omission.phrase)\n"
  }

  /// One line for a finding that does not count, and why it does not.
  private func suppressed(_ waived: WaivedDiagnostic, _ locations: Locations) -> String {
    let diagnostic = waived.diagnostic
    let line = headline(diagnostic.place, options.style("suppressed:", .faint), diagnostic.message, locations)
    return line + options.style(" [\(diagnostic.rule)] by \(locations.phrase(for: waived.waiver))", .faint) + "\n"
  }

  private func headline(
    _ place: SourceRange, _ label: String, _ message: String, _ locations: Locations
  ) -> String {
    headline(place, label, shown: TerminalText.escaped(message), locations)
  }

  private func headline(
    _ place: SourceRange, _ label: String, shown message: String, _ locations: Locations
  ) -> String {
    let start = locations.start(of: place)
    let path = TerminalText.escapedLine(locations.path(of: place))
    return "\(options.style("\(path):\(start.line):\(start.column):", .bold)) \(label) \(message)"
  }

  /// The line with its number, and under it a mark for exactly the characters that are meant.
  private func excerpt(_ place: SourceRange, _ locations: Locations, gutter: Int, underline: TerminalStyle) -> String {
    guard let line = locations.line(of: place) else { return "" }
    let number = "\(locations.start(of: place).line)"
    let margin = TerminalText.repeated(" ", count: gutter - number.count)
    let frame = gutter + 5
    let shown = Excerpt(of: line, columns: TextReporter.widestLine - frame)
    let carets = options.style(TerminalText.repeated("^", count: max(1, shown.marked)), underline)
    let bar = options.style("|", .faint)
    return """
        \(margin)\(number) \(bar) \(shown.text)
        \(TerminalText.repeated(" ", count: gutter)) \(bar) \(TerminalText.repeated(" ", count: shown.before))\(carets)

      """
  }

}

extension ReportOptions {
  /// What is said behind the number of infos.
  var hintAtInfos: String {
    showsInfo ? "" : " (see --show-info)"
  }
}

extension Report {
  /// `3 files, 9 ports: 1 error, 0 warnings`
  ///
  /// - Parameter aboutInfos: What is said behind the number of infos.
  func summaryLine(aboutInfos: String = "") -> String {
    var parts = [counted(count(of: .error), "error"), counted(count(of: .warning), "warning")]
    let infos = count(of: .info)
    if infos > 0 { parts.append(counted(infos, "info") + aboutInfos) }
    if summary.suppressed > 0 { parts.append("\(summary.suppressed) suppressed") }
    parts += unjudged
    return "\(counted(summary.files, "file")), \(counted(summary.ports, "port")): \(parts.joined(separator: ", "))"
  }

  /// What could not be judged, in general.
  var unjudged: [String] {
    var parts: [String] = []
    if summary.unresolved > 0 { parts.append("\(counted(summary.unresolved, "port")) not resolved") }
    if summary.templates > 0 { parts.append("\(counted(summary.templates, "template")) not rendered") }
    if !isComplete { parts.append("not everything could be judged") }
    return parts
  }

  /// How often each rule has found something, the most frequent first.
  var statistics: [[String]] {
    var counts: [RuleCount: Int] = [:]
    for diagnostic in diagnostics {
      counts[RuleCount(rule: diagnostic.rule, severity: diagnostic.severity), default: 0] += 1
    }
    let sorted = counts.sorted { ($1.value, $0.key.rule, $1.key.severity) < ($0.value, $1.key.rule, $0.key.severity) }
    return sorted.map { [$0.key.rule, $0.key.severity.rawValue, "\($0.value)"] }
  }

  private struct RuleCount: Hashable {
    var rule: String
    var severity: Severity
  }
}

extension Locations {
  /// `a comment at compose.yaml:3: behind the VPN`, as text shows it.
  func phrase(for waiver: Waiver) -> String {
    let by = [waiver.kind.phrase, waiver.place.map(shownLine(of:))].compactMap { $0 }.joined(separator: " at ")
    return by + (waiver.reason.map { ": " + TerminalText.escaped($0) } ?? "")
  }
}

/// `1 finding`, `2 findings`
package func counted(_ number: Int, _ noun: String, _ plural: String? = nil) -> String {
  "\(number) \(number == 1 ? noun : plural ?? noun + "s")"
}

extension Waiver.Kind {
  fileprivate var phrase: String {
    switch self {
    case .comment: "a comment"
    case .annotation: "an annotation"
    case .key: "a key"
    case .exception: "the policy"
    case .baseline: "the baseline"
    }
  }
}
