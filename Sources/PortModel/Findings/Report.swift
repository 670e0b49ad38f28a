import SourceText

/// What a run came to: all that a reporter needs, and nothing it has to look up.
package struct Report: Sendable {
  package var diagnostics: [Diagnostic]
  /// Findings that do not count.
  package var suppressed: [WaivedDiagnostic] = []
  /// How long all that was read is together.
  package var bytesRead = 0
  /// Findings that another one of the report tells, with their number.
  package var repeated: [Diagnostic] = []
  /// The rules that ran.
  package var rules: [RuleInfo] = []
  package var inventory: Inventory
  /// What the hosts and clusters of the inventory are called.
  package var scopes = ScopeNames()
  /// The numbers of the bindings that `portlint ports` shows, sorted by place.
  package var rows: [Int]
  /// The files that claims and findings lie in.
  package var files: [FileID: SourceFile]
  package var summary: Summary
  /// Whether everything that was asked for could be judged.
  package var isComplete: Bool
  /// What a person should know that is no finding, such as that no manifest was found.
  package var notes: [String]

  package init(
    diagnostics: [Diagnostic], inventory: Inventory, rows: [Int], files: [FileID: SourceFile], summary: Summary,
    isComplete: Bool, notes: [String]
  ) {
    self.diagnostics = diagnostics
    self.inventory = inventory
    self.rows = rows
    self.files = files
    self.summary = summary
    self.isComplete = isComplete
    self.notes = notes
  }

  package struct Summary: Hashable, Sendable {
    /// Files that hold a manifest, or could not be read as YAML.
    package var files = 0
    /// Documents of a known format.
    package var documents = 0
    package var ports = 0
    package var suppressed = 0
    /// Ports that a variable or a template stands for.
    package var unresolved = 0
    /// Templates that were not rendered.
    package var templates = 0

    package init() {}
  }

  /// How many findings there are of a severity.
  package func count(of severity: Severity) -> Int {
    // By number: a diagnostic would be copied to be looked at.
    diagnostics.indices.count { diagnostics[$0].severity == severity }
  }
}
