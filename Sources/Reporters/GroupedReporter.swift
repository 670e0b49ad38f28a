import PortModel
import SourceText

/// Findings for people, those of one cause together: what a rule says of one port, or the same of many places.
struct GroupedReporter {
  let report: Report
  let options: ReportOptions

  /// How long a line of places is, in columns.
  private static let widestLine = 100

  func write(to output: inout some TextOutputStream) {
    let locations = Locations(report)
    let shown = ShownFindings(report, as: .grouped, options: options)
    var helps = ToldHelps()
    for group in groups(of: shown) {
      output.write(options.fitted(text(of: group, in: shown, &helps, locations)) + "\n")
    }
    for waived in shown.suppressed {
      output.write(
        options.fitted(
          "\(locations.shownStart(of: waived.diagnostic.place)): \(options.style("suppressed:", .faint)) "
            + TerminalText.escaped(waived.diagnostic.message)
            + options.style(" [\(waived.diagnostic.rule)] by \(locations.phrase(for: waived.waiver))", .faint) + "\n"))
    }
    if !shown.suppressed.isEmpty { output.write("\n") }
    for omission in shown.omissions where omission.isSuppressed || omission.file == nil {
      output.write(options.fitted("\(options.style("note:", .note)) and \(TerminalText.escaped(omission.phrase))\n"))
    }
    if options.showsStatistics, !report.diagnostics.isEmpty {
      output.write(tableText(headings: ["RULE", "SEVERITY", "FINDINGS"], report.statistics) + "\n")
    }
    if options.showsSummary { output.write(options.fitted(report.lastLine(options))) }
  }

  /// What findings of one cause have in common.
  private struct Cause: Hashable {
    var rule: String
    var severity: Severity
    var ports: PortRange?
    var transport: TransportProtocol?
    /// Nothing where a port is meant.
    var message: ExactText?

    init(_ diagnostic: Diagnostic) {
      rule = diagnostic.rule
      severity = diagnostic.severity
      ports = diagnostic.ports
      transport = diagnostic.ports == nil ? nil : diagnostic.transport
      message = diagnostic.ports == nil ? diagnostic.message.exact : nil
    }
  }

  /// The numbers of the findings of each cause, in the order of their first ones.
  private func groups(of shown: ShownFindings) -> [[Int]] {
    var groups: [[Int]] = []
    var places: [Cause: Int] = [:]
    for number in shown.diagnostics.indices where options.showsInfo || shown.diagnostics[number].severity != .info {
      let cause = Cause(shown.diagnostics[number])
      if let place = places[cause] {
        groups[place].append(number)
      } else {
        places[cause] = groups.count
        groups.append([number])
      }
    }
    return groups
  }

  private func text(
    of group: [Int], in shown: ShownFindings, _ helps: inout ToldHelps, _ locations: Locations
  ) -> String {
    let findings = group.map { shown.diagnostics[$0] }
    let first = findings[0]
    let tail = options.style(" [\(first.rule)]", .faint)
    var result = "\(options.label(first.severity)) "
    if findings.allSatisfy({ $0.message.isExactly(first.message) }) {
      let count = findings.count > 1 ? " (\(findings.count) places)" : ""
      result += "\(TerminalText.escaped(first.message))\(tail)\(count)\n" + lines(of: findings, locations)
    } else {
      let port = first.ports.map { "\($0)\(first.transport.map { "/\($0.name)" } ?? "")" } ?? ""
      result += "\(port), \(findings.count) findings\(tail)\n"
      for finding in findings {
        result += "  \(place(finding.place, locations)): \(TerminalText.escaped(finding.message))\n"
      }
    }
    result += notes(on: findings, locations)
    for number in group {
      if let omission = shown.omittedBehind[number] {
        result += "  \(options.style("note:", .note)) and \(TerminalText.escaped(omission.phrase))\n"
      }
    }
    for finding in findings where helps.isNew(finding) {
      result += "  \(options.style("help:", .help)) \(TerminalText.escaped(finding.help))\n"
    }
    return result
  }

  /// The places of findings that say the same, as many on a line as it has room for.
  private func lines(of findings: [Diagnostic], _ locations: Locations) -> String {
    let widest = min(GroupedReporter.widestLine, options.usedColumns ?? GroupedReporter.widestLine)
    var result = ""
    var columns = 0
    for (number, finding) in findings.enumerated() {
      let text = locations.shownStart(of: finding.place)
      let width = TerminalText.width(of: text) + 2
      if number > 0 {
        let isFull = columns + width > widest
        result += isFull ? ",\n" : ", "
        if isFull { columns = 0 }
      }
      result += (columns == 0 ? "  " : "") + options.style(text, .bold)
      columns += width
    }
    return result + "\n"
  }

  /// The other places of findings, each once, but for those that are findings themselves.
  private func notes(on findings: [Diagnostic], _ locations: Locations) -> String {
    var seen = Set(findings.map(\.place))
    var result = ""
    for related in findings.lazy.flatMap(\.related) where seen.insert(related.place).inserted {
      result += "    \(place(related.place, locations)): \(options.style("note:", .note)) "
      result += TerminalText.escaped(related.message) + "\n"
    }
    return result
  }

  private func place(_ range: SourceRange, _ locations: Locations) -> String {
    options.style(locations.shownStart(of: range), .bold)
  }
}

extension Locations {
  /// `compose.yaml:5:10`, as text shows it where it begins a line.
  fileprivate func shownStart(of range: SourceRange) -> String {
    TerminalText.escapedLine(shownPlace(of: range))
  }
}
