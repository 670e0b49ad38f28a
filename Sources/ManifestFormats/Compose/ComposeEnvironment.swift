import PortModel
import SourceText

/// The variables that a project's files may use. The process's own environment is never among them.
struct ComposeEnvironment: Sendable {
  var values = Variables()
  /// Those that files set to what is not known, for it hangs on others.
  private(set) var open: [ExactText: OpenSetting] = [:]
  /// Whether the project's own `.env`, or a file that was named instead, was read: then a variable it lacks is missing,
  /// not unknown.
  var isComplete = false
  /// What is known of the files that `COMPOSE_FILE` names.
  private var listed: ComposeFileList?
  /// Whether others hang on variables without values.
  private var isListOpen = false
  /// Where a file says so.
  private(set) var placeOfFileList: SourceRange?
  /// Whether a file was named for the run: then its variables are the shell's too.
  var isNamed = false
  /// Why of some files not all was taken in.
  private(set) var problems: [Problem] = []

  /// The most that a file, or the values that it gives to variables, may come to, in MiB: far more than anybody writes.
  private static let sizeLimit = 1

  /// The variables of the project's own file, or of one that was named instead.
  ///
  /// - Parameter path: Where the project's own would lie.
  init(of file: SourceFile, insteadOf path: String) {
    isComplete = true
    isNamed = !file.path.isExactly(path)
    let openList = take([file])
    listed = ComposeFileList(in: self, of: file)
    if listed == nil, let openList {
      isListOpen = true
      listed = ComposeFileList(knownOf: openList.text, isAsWritten: openList.isAsWritten, in: self)
    }
    if let list = open["COMPOSE_FILE"] {
      problems.report(
        list.isCut ? .valueTooLong : .notInView("COMPOSE_FILE", knownTo: .compose), at: list.place)
    }
    guard let listed, !listed.isWhole else { return }
    problems.report(.limitExceeded(.listedFiles(ComposeFileList.mostFiles)), at: listed.place)
  }

  init() {}

  /// Which files the project has, as `COMPOSE_FILE` says.
  var fileList: ComposeFileList? { isListOpen ? nil : listed }

  /// Which of them are known where others hang on variables without values.
  var knownFiles: ComposeFileList? { isListOpen ? listed : nil }

  /// With what the project's own file says besides: Compose reads that of the folder in which it runs, and then that of
  /// the project (docker/compose `cmd/compose/compose.go`); what is there already stays.
  func over(_ own: SourceFile?) -> ComposeEnvironment {
    guard let own else { return self }
    var both = self
    both.add([own])
    both.placeOfFileList = placeOfFileList
    return both
  }

  /// Adds what files say, the later ones over the earlier; what is there already stays, and they may use it.
  mutating func add(_ files: [SourceFile]) { _ = take(files) }

  /// - Returns: What they say of the project's files that hangs on others.
  private mutating func take(_ files: [SourceFile]) -> DotEnvFile.OpenFileList? {
    var own: [ExactText: Variables.Setting] = [:]
    var openList: DotEnvFile.OpenFileList?
    var isWhole = true
    for file in files {
      let limit = ComposeEnvironment.sizeLimit
      var said = DotEnvFile()
      if file.bytes.count <= limit << 20 {
        said.read(file, outer: values, earlier: own, most: limit << 20)
      } else {
        said.isWhole = false
      }
      placeOfFileList = said.placeOfFileList ?? placeOfFileList
      openList = said.openFileList ?? openList
      // The first has all to itself.
      if own.isEmpty { own = said.values } else { own.merge(said.values) { $1 } }
      for name in said.open.keys { own[name] = nil }
      if !open.isEmpty { for name in said.values.keys { open[name] = nil } }
      open.merge(said.open) { $1 }
      guard !said.isWhole else { continue }
      isWhole = false
      if let fault = said.fault {
        problems.report(.refusedVariables(reason: fault.value.words), at: fault.place)
      } else {
        problems.report(.limitExceeded(.variables(limit)), at: SourceRange(file: file.id, start: 0, end: 0))
      }
    }
    values.lay(under: own)
    isComplete = isComplete && isWhole
    return openList
  }
}

extension Problem.Cause {
  /// What variables say in one text is too long to be read.
  static let valueTooLong = limitExceeded(.replaced(InterpolatedText.mostReplaced >> 10))
}
