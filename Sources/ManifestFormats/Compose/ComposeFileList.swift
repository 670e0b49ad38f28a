import PortModel
import SourceText

/// What `COMPOSE_FILE` names, one of the variables that Compose itself heeds (compose-go `cli/options.go`).
package struct ComposeFileList: Sendable {
  /// How many files are looked for: nobody names so many.
  static let mostFiles = 1000

  /// The value of the variable.
  private let value: [UInt8]
  /// The names within it, by their offsets, each with its place if it is written as it is meant.
  private var names: [(text: Range<Int>, place: SourceRange?)] = []
  /// Whether it names no more than are looked for.
  package private(set) var isWhole = true
  /// Where the value stands if it is written as it is meant, and else the variable's name.
  let place: SourceRange

  /// - Parameter file: The file that gives the variables their values.
  /// - Returns: Nothing where no file is named.
  init?(in environment: ComposeEnvironment, of file: SourceFile) {
    guard let setting = environment.values.setting(of: ComposeFileList.name), !setting.value.isEmpty,
      let declaration = setting.place, let written = environment.placeOfFileList
    else { return nil }
    value = Array(setting.value.utf8)
    let isAsWritten = file.bytes[written.offsets].elementsEqual(value)
    place = isAsWritten ? written : ComposeFileList.placeOfName(in: declaration)
    split(by: environment.separatorOfFiles) { isAsWritten ? written.part($0) : nil }
  }

  /// The names in a value that are known, though others hang on variables without values.
  ///
  /// - Parameter isAsWritten: Whether the text stands in the file as it is meant.
  /// - Returns: Nothing where none is.
  init?(knownOf text: InterpolatedText, isAsWritten: Bool, in environment: ComposeEnvironment) {
    guard let written = environment.placeOfFileList, let declaration = environment.open[ComposeFileList.name]?.place,
      environment.open["COMPOSE_PATH_SEPARATOR"] == nil
    else { return nil }
    value = text.bytes
    place = ComposeFileList.placeOfName(in: declaration)
    split(by: environment.separatorOfFiles) { name in
      isAsWritten && !text.isOpen(name) ? written.part(text.source(of: name)) : nil
    }
    names.removeAll { text.isOpen($0.text) }
    if names.isEmpty { return nil }
  }

  private static let name: ExactText = "COMPOSE_FILE"

  /// Where a declaration of the variable has its name.
  private static func placeOfName(in declaration: SourceRange) -> SourceRange {
    let start = declaration.offsets.lowerBound
    return SourceRange(file: declaration.file, start: start, end: start + name.text.utf8.count)
  }

  private mutating func split(by separator: [UInt8], place: (Range<Int>) -> SourceRange?) {
    var (start, at) = (0, 0)
    while at <= value.count {
      let isEnd = at == value.count || value[at...].starts(with: separator)
      if isEnd, start < at {
        isWhole = names.count < ComposeFileList.mostFiles
        guard isWhole else { return }
        names.append((start..<at, place(start..<at)))
      }
      at += isEnd ? separator.count : 1
      if isEnd { start = at }
    }
  }

  /// The paths of the files from where portlint runs, in their order.
  ///
  /// - Parameter folder: The project's folder, from which the names count.
  package func paths(from folder: String) -> [String] {
    names.map { resolvedPath(String(decoding: value[$0.text], as: UTF8.self), from: folder) }
  }
}

extension ComposeFileList {
  /// A file that is named.
  package struct Name: Sendable {
    package var path: String
    /// What people are shown: the path, or the variable's name where other variables may have a part in it.
    package var shown: String
    package var place: SourceRange
  }

  /// What a file of variables names, if it names files.
  package init?(of variables: SourceFile) {
    guard let list = ComposeEnvironment(of: variables, insteadOf: variables.path).fileList else { return nil }
    self = list
  }

  /// The files that are named, each at the first place where it is.
  package func files(from folder: String) -> [Name] {
    var seen: Set<ExactText> = []
    return zip(names, paths(from: folder)).compactMap { name, path in
      guard seen.insert(path.exact).inserted else { return nil }
      guard let place = name.place else { return Name(path: path, shown: "$COMPOSE_FILE", place: self.place) }
      return Name(path: path, shown: path, place: place)
    }
  }
}

extension SourceRange {
  /// The range of some of its bytes.
  fileprivate func part(_ bytes: Range<Int>) -> SourceRange {
    SourceRange(file: file, start: offsets.lowerBound + bytes.lowerBound, end: offsets.lowerBound + bytes.upperBound)
  }
}

extension ComposeEnvironment {
  /// What stands between the names of a project's files.
  fileprivate var separatorOfFiles: [UInt8] {
    let separator = values["COMPOSE_PATH_SEPARATOR"] ?? ""
    return Array((separator.isEmpty ? ":" : separator).utf8)
  }
}

/// Which files make a Compose project, where something beyond their folder says so.
package struct ComposeListing: Hashable, Sendable {
  /// In their order.
  package var files: [String]
  /// The file of another folder whose variables name them and count for them; nothing where the policy names them.
  package var variables: String?

  package init(files: [String], variables: String? = nil) {
    self.files = files
    self.variables = variables
  }
}

/// The files of a project in their order, as somebody lists them.
struct ListedFiles: Sendable {
  let paths: [String]
  private let all: Set<ExactText>

  init(_ paths: [String]) {
    self.paths = paths
    all = Set(paths.lazy.map(\.exact))
  }

  func contains(_ path: String) -> Bool { all.contains(path.exact) }
}
