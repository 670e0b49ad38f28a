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
    var helps = ToldHelps()
    for (number, diagnostic) in shown.diagnostics.enumerated()
    where options.showsInfo || diagnostic.severity != .info {
      output.write(finding(diagnostic, &helps, locations))
      if let omission = shown.omittedBehind[number] {
        output.write(fitted(omitted(omission, locations)) + (withExcerpts ? "\n" : ""))
      }
    }
    for (number, waived) in shown.suppressed.enumerated() {
      output.write(fitted(suppressed(waived, locations)))
      if let omission = shown.omittedBehind[shown.diagnostics.count + number] {
        output.write(fitted(omitted(omission, locations)))
      }
    }
    for omission in shown.omittedElsewhere where options.showsInfo || omission.severity != .info {
      output.write(fitted(omitted(omission, locations)))
    }
    if !shown.suppressed.isEmpty || !shown.omittedElsewhere.isEmpty, withExcerpts { output.write("\n") }
    if options.showsStatistics, !report.diagnostics.isEmpty {
      output.write(tableText(headings: ["RULE", "SEVERITY", "FINDINGS"], report.statistics) + "\n")
    }
    if options.showsSummary {
      output.write(fitted(withExcerpts ? report.lastLine(options) : report.summaryLine(options) + "\n"))
    }
  }

  /// A finding of `compact` is one line, however long.
  private func fitted(_ text: String) -> String {
    withExcerpts ? options.fitted(text) : text
  }

  private func finding(
    _ diagnostic: Diagnostic, _ helps: inout ToldHelps, _ locations: Locations
  ) -> String {
    let tail = options.style(" [\(diagnostic.rule)]", .faint) + "\n"
    let label = options.label(diagnostic.severity)
    if !withExcerpts {
      return headline(diagnostic.place, label, shown: locations.sentence(of: diagnostic), locations) + tail
    }
    var result = fitted(headline(diagnostic.place, label, diagnostic.message, locations) + tail)
    let places = [diagnostic.place] + diagnostic.related.map(\.place)
    let gutter = places.map { "\(locations.start(of: $0).line)".count }.max() ?? 1
    result += excerpt(diagnostic.place, locations, gutter: gutter, underline: .severity(diagnostic.severity))
    for related in diagnostic.related {
      result += fitted("  " + headline(related.place, options.style("note:", .note), related.message, locations) + "\n")
      // What else stands in a file of variables is nobody's business.
      if related.isOrigin { continue }
      result += excerpt(related.place, locations, gutter: gutter, underline: .note)
    }
    if helps.isNew(diagnostic) {
      result += fitted("  \(options.style("help:", .help)) \(TerminalText.escaped(diagnostic.help))\n")
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
    let width = min(TextReporter.widestLine, options.usedColumns ?? TextReporter.widestLine)
    let shown = Excerpt(of: line, columns: width - frame)
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
  fileprivate var hintAtInfos: String {
    showsInfo ? "" : " (see --show-info)"
  }
}

/// What helps that a run has told already: of one rule, the same is told once.
struct ToldHelps {
  private struct Help: Hashable {
    var rule: String
    var text: ExactText
  }

  private var told: Set<Help> = []

  /// Whether a finding's help was not told before.
  mutating func isNew(_ diagnostic: Diagnostic) -> Bool {
    !diagnostic.help.isEmpty
      && told.insert(Help(rule: diagnostic.rule, text: diagnostic.help.exact)).inserted
  }
}

extension Report {
  /// The summary as text and `grouped` show it.
  func summaryLine(_ options: ReportOptions) -> String {
    summaryLine(aboutInfos: options.hintAtInfos)
  }

  /// The summary, and who says more of what was found.
  func lastLine(_ options: ReportOptions) -> String {
    var rules: Set<String> = []
    for index in diagnostics.indices where options.showsInfo || diagnostics[index].severity != .info {
      rules.insert(diagnostics[index].rule)
    }
    let hint = rules.isEmpty ? "" : " (why: portlint explain \(rules.count == 1 ? rules.joined() : "RULE"))"
    return summaryLine(options) + hint + "\n"
  }

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
