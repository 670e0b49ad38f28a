import PortModel

/// The forms in which `portlint lint` reports its findings.
package enum OutputFormat: String, CaseIterable, Sendable {
  case text
  case compact
  case json
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
  /// Whether text shows findings of severity `info`.
  package var showsInfo = false
  /// Whether text ends with the summary.
  package var showsSummary = true
  /// Whether findings that do not count are shown, with the reason.
  package var showsSuppressed = false
  /// The version of portlint.
  package var version: String

  package init(version: String) {
    self.version = version
  }
}

/// Writes a report's findings in a format.
package func write(_ report: Report, as format: OutputFormat, options: ReportOptions) -> String {
  switch format {
  case .text: TextReporter(report: report, options: options, withExcerpts: true).text()
  case .compact: TextReporter(report: report, options: options, withExcerpts: false).text()
  case .json: findingsJSON(of: report, options: options)
  }
}

/// Writes a report's inventory in a format.
package func writeInventory(_ report: Report, as format: InventoryFormat, options: ReportOptions) -> String {
  switch format {
  case .text: tableText(inventoryRows(of: report))
  case .json: inventoryJSON(of: report, options: options)
  case .csv: csvText(inventoryRows(of: report))
  case .markdown: markdownText(inventoryRows(of: report))
  }
}

/// Writes what has become of a policy's allocations, as a table for people or as JSON.
package func writeAllocations(
  _ uses: [AllocationUse], in report: Report, asJSON: Bool, options: ReportOptions
) -> String {
  asJSON ? allocationsJSON(of: uses, in: report, options: options) : allocationText(of: uses, in: report)
}
