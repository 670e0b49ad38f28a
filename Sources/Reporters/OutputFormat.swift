import PortModel

/// The forms in which `portlint lint` reports its findings.
package enum OutputFormat: String, CaseIterable, Sendable {
  case text
  case grouped
  case compact
  case json
  case jsonl
  case sarif
  case github
  case markdown
  case gitlab
  case junit
  case checkstyle
  case sonarqube
  case azure
  case rdjson
}

extension OutputFormat {
  /// Whether it says how findings are mended.
  package var showsFixes: Bool {
    switch self {
    case .json, .jsonl, .sarif, .rdjson: true
    case .text, .grouped, .compact, .github, .markdown, .gitlab, .junit, .checkstyle, .sonarqube, .azure: false
    }
  }

  /// How much the format's readers take.
  var limit: ShownFindings.Limit {
    switch self {
    // GitHub refuses a run with more results.
    case .sarif: ShownFindings.Limit(findings: 25_000)
    // GitHub refuses a step's summary of more than 1 MiB; what marks up text may double it.
    case .markdown: ShownFindings.Limit(length: 500_000)
    default: ShownFindings.Limit()
    }
  }

  /// Whether the format has a place where findings that are left out can be said.
  var saysWhatIsLeftOut: Bool {
    switch self {
    case .text, .grouped, .compact, .json, .jsonl, .sarif, .github, .markdown, .azure: true
    case .gitlab, .junit, .checkstyle, .sonarqube, .rdjson: false
    }
  }
}

/// How many findings a format leaves out without a word.
package func countLeftOut(of report: Report, as format: OutputFormat, options: ReportOptions) -> Int {
  if format.saysWhatIsLeftOut { return 0 }
  return ShownFindings(report, as: format, options: options).omissions.reduce(0) { $0 + $1.count }
}

extension ShownFindings {
  init(_ report: Report, as format: OutputFormat, options: ReportOptions) {
    self.init(report, withSuppressed: options.showsSuppressed, within: format.limit)
  }
}

/// The forms in which `portlint ports` shows the inventory.
package enum InventoryFormat: String, CaseIterable, Sendable {
  case text
  case json
  case csv
  case markdown
}

/// What a reporter is told beside the report.
package struct ReportOptions: Sendable {
  /// Whether severities and paths are coloured.
  package var isColoured = false
  /// How wide the terminal is that text is shown on; nothing where it is shown on none.
  package var columns: Int?
  /// Whether text shows findings of severity `info`.
  package var showsInfo = false
  /// Whether text ends with the summary.
  package var showsSummary = true
  /// Whether text ends with a table of how often each rule has found something.
  package var showsStatistics = false
  /// Whether findings that do not count are shown, with the reason.
  package var showsSuppressed = false
  /// Does what a long list takes on every core, once on each, and waits until all is done.
  package var onEveryCore: @Sendable (@Sendable () -> Void) -> Void = { $0() }
  /// The version of portlint.
  package var version: String

  package init(version: String) {
    self.version = version
  }
}

/// Writes a report's findings in a format, one after the other.
package func write(
  _ report: Report, as format: OutputFormat, options: ReportOptions, to output: inout some TextOutputStream
) {
  switch format {
  case .text: TextReporter(report: report, options: options, withExcerpts: true).write(to: &output)
  case .grouped: GroupedReporter(report: report, options: options).write(to: &output)
  case .compact: TextReporter(report: report, options: options, withExcerpts: false).write(to: &output)
  case .json: writeFindingsJSON(of: report, options: options, to: &output)
  case .jsonl: writeFindingsJSONLines(of: report, options: options, to: &output)
  case .sarif: SARIFReporter(report: report, options: options).write(to: &output)
  case .github: GitHubReporter(report: report, options: options).write(to: &output)
  case .markdown: MarkdownReporter(report: report, options: options).write(to: &output)
  case .gitlab: writeGitLab(report, options: options, to: &output)
  case .junit: JUnitReporter(report: report, options: options).write(to: &output)
  case .checkstyle: writeCheckstyle(report, options: options, to: &output)
  case .sonarqube: writeSonarQube(report, options: options, to: &output)
  case .azure: AzureReporter(report: report, options: options).write(to: &output)
  case .rdjson: writeRDJSON(report, options: options, to: &output)
  }
}

/// A report's findings in a format, as one text.
package func write(_ report: Report, as format: OutputFormat, options: ReportOptions) -> String {
  var text = ""
  write(report, as: format, options: options, to: &text)
  return text
}

/// Writes a report's inventory in a format, one port after the other.
package func writeInventory(
  _ report: Report, as format: InventoryFormat, options: ReportOptions, to output: inout some TextOutputStream
) {
  switch format {
  case .text: writeTable(inventoryTable(of: report), fitting: options.columns, to: &output)
  case .json: writeInventoryJSON(of: report, options: options, to: &output)
  case .csv: writeInventoryCSV(of: report, to: &output)
  case .markdown: writeMarkdown(inventoryTable(of: report), to: &output)
  }
}

/// Writes what has become of a policy's allocations, as a table for people or as JSON.
package func writeAllocations(
  _ uses: [AllocationUse], in report: Report, asJSON: Bool, options: ReportOptions,
  to output: inout some TextOutputStream
) {
  if asJSON {
    writeAllocationsJSON(of: uses, in: report, options: options, to: &output)
  } else {
    writeTable(allocationTable(of: uses, in: report), fitting: options.columns, to: &output)
  }
}
