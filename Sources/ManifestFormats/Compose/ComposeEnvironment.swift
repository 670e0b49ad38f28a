import PortModel
import SourceText

/// The variables that a project's files may use. The process's own environment is never among them.
struct ComposeEnvironment: Sendable {
  var values: [ExactText: String] = [:]
  /// Where files say the values, from the name on.
  private(set) var places: [ExactText: SourceRange] = [:]
  /// Whether the project's own `.env`, or a file that was named instead, was read: then a variable it lacks is missing,
  /// not unknown.
  var isComplete = false
  /// Where a file says which files the project has, which is `COMPOSE_FILE`.
  private(set) var placeOfFileList: SourceRange?
  /// Whether a file was named for the run: then its variables are the shell's too.
  var isNamed = false
  /// The files of which not all was taken in, by what they were found too large for.
  private(set) var problems: [Problem] = []

  /// Takes notice of where a variable is declared, from its name on, and of where its value stands if that may list
  /// files.
  mutating func note(_ key: ExactText, at declaration: Range<Int>, value: Range<Int>, in file: SourceFile) {
    places[key] = SourceRange(file: file.id, start: declaration.lowerBound, end: declaration.upperBound)
    guard key == "COMPOSE_FILE" else { return }
    placeOfFileList = SourceRange(file: file.id, start: value.lowerBound, end: value.upperBound)
  }

  /// The most that a file, or the values that it gives to variables, may come to, in MiB: far more than anybody writes.
  private static let sizeLimit = 1

  /// The variables of the project's own file, or of one that was named instead.
  ///
  /// - Parameter path: Where the project's own would lie.
  init(of file: SourceFile, insteadOf path: String) {
    isComplete = true
    isNamed = !file.path.isExactly(path)
    add([file])
  }

  init() {}

  /// Adds what files say, the later ones over the earlier; what is there already stays, and they may use it.
  mutating func add(_ files: [SourceFile]) {
    let outer = values
    var isWhole = true
    for file in files {
      let limit = ComposeEnvironment.sizeLimit
      if file.bytes.count <= limit << 20, parseDotEnv(file, into: &self, but: outer, most: limit << 20) { continue }
      isWhole = false
      problems.append(
        Problem(.limitExceeded(.variables(limit)), at: SourceRange(file: file.id, start: 0, end: 0)))
    }
    isComplete = isComplete && isWhole
  }
}
