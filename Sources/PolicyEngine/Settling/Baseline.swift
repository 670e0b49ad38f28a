import PortModel
import SourceText

/// Findings that are known and let pass: only new ones count.
package struct Baseline: Sendable {
  package var entries: [Entry]

  package init(entries: [Entry] = []) {
    self.entries = entries
  }

  package struct Entry: Sendable {
    /// What a finding is known by again, wherever its lines have moved.
    package var fingerprint: String
    package var rule: String
    package var message: String
    /// Where the entry stands in the baseline's file.
    package var place: SourceRange
  }
}
