import PortModel

/// The least severity that makes a run fail.
package enum Threshold: String, CaseIterable, Sendable {
  case error
  case warning
  case info
  case never

  package func isReached(by report: Report) -> Bool {
    guard let severity = Severity(rawValue: rawValue) else { return false }
    return report.diagnostics.contains { $0.severity >= severity }
  }
}
