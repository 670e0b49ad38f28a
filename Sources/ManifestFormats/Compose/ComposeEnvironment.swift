import SourceText

/// The variables that a project's files may use. The process's own environment is never among them.
struct ComposeEnvironment: Sendable {
  var values: [String: String] = [:]
  /// Whether a `.env`, or a file that was named instead, was read: then a variable it lacks is missing, not unknown.
  var isComplete = false

  /// Adds what a file says; what is there already stays.
  mutating func add(_ file: SourceFile) {
    values.merge(parseDotEnv(file)) { known, _ in known }
    isComplete = true
  }
}
