import ManifestFormats
import SourceText

/// Where a run gets its files from: the disk, or a test's dictionary.
package protocol FileSource: Sendable {
  /// The contents of the file at `path`.
  func contents(of path: String) throws(ReadFailure) -> [UInt8]
  /// Why the file at `path` cannot be read, as far as that is known before it is; nothing where it can.
  func failure(of path: String) -> ReadFailure?
  /// The manifests and rule files that match a `PathGlob`, sorted; the glob begins in `folder`, whose path ends in a
  /// slash or is empty.
  ///
  /// - Throws: When more would have to be looked through than a repository holds.
  func paths(matching glob: String, from folder: String) throws(ReadFailure) -> [String]
  /// The contents of a policy file that is found and not named: another user's is refused.
  func foundPolicy(at path: String) throws(ReadFailure) -> [UInt8]
  /// Whether git ignores a path, or an `.ignore` does; that of a folder ends in a slash.
  ///
  /// - Parameter onlyByGit: Whether `.ignore` says nothing.
  func isIgnored(_ path: String, onlyByGit: Bool) -> Bool
  /// Why it was not told of all paths whether they are ignored; nothing where it was.
  var failureOfIgnoring: ReadFailure? { get }
  /// The files that the policy file at a path may name.
  func files(forPolicyAt path: String) -> any FileSource
}

extension FileSource {
  package var failureOfIgnoring: ReadFailure? { nil }

  /// Whether git ignores a path; that of a folder ends in a slash.
  package func isIgnored(_ path: String) -> Bool {
    isIgnored(path, onlyByGit: true)
  }

  package func foundPolicy(at path: String) throws(ReadFailure) -> [UInt8] {
    try contents(of: path)
  }

  package func failure(of path: String) -> ReadFailure? {
    do throws(ReadFailure) {
      _ = try contents(of: path)
      return nil
    } catch {
      return error
    }
  }

  package func files(forPolicyAt path: String) -> any FileSource {
    self
  }
}

extension String {
  /// Whether the path is that of an environment file, by its name: what it holds is nobody's business.
  var isOfEnvironmentFile: Bool {
    var copy = self
    return copy.withUTF8 { path in
      let word = (".env" as StaticString).bytes
      let start = path.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
      let end = path.count - word.count
      if end >= start, path.holds(word, at: end) { return true }
      return path.holds(word, at: start) && path[start + word.count] == UInt8(ascii: ".")
    }
  }
}

/// Why a file or a folder was not read.
package enum ReadFailure: Error, Hashable, Sendable {
  /// There is none.
  case missing
  /// It is a folder.
  case folder
  /// The system, or the kind of file, does not let it be read.
  case unreadable(reason: String)
  /// It lies beyond the tree whose folder is given, and nobody names it on the command line.
  case outside(tree: String)
  /// It is larger than the limit, in MiB.
  case tooLarge(limit: Int)
  /// Telling what ignore files leave out of the folder takes more than so many steps.
  case tooManyIgnoreSteps(limit: Int)
}

/// A file that a run is to read.
package struct Candidate: Hashable, Sendable {
  /// The path by which the file is read, and by which others name it.
  package var path: String
  /// Why the file is looked at.
  package var origin: Origin
  /// What was wrong before there was anything to read.
  package var failure: ReadFailure?
  /// Whether the path is that of a link to the file.
  var isLink = false
  /// What stands for the file's contents, where standard input does.
  package let standardInput: StandardInput?
  /// Whether it is a folder in which nobody knows what lies beside a named file.
  private var isUnlistedFolder = false
  /// Whether it was met in a hidden folder, where nothing but the formats that name its files is looked for.
  var isOfHiddenFolder = false
  /// What lies beside the file; nothing where its folder was not listed.
  var companions: Companions?

  package enum Origin: Hashable, Sendable {
    /// It was named on the command line.
    case named
    /// It was found in a folder that was named.
    case found
    /// It lies beside a named file, and is read only if that file's meaning hangs on it.
    case context
  }

  package init(_ path: String, _ origin: Origin, failure: ReadFailure? = nil) {
    self.path = path
    self.origin = origin
    self.failure = failure
    standardInput = nil
  }

  /// The candidate that standard input is.
  init(_ path: String, standardInput: StandardInput, failure: ReadFailure? = nil) {
    self.path = path
    self.standardInput = standardInput
    self.failure = failure
    origin = .named
  }

  /// What the file is called in reports.
  package var shownPath: String {
    standardInput?.name ?? path
  }

  /// What the file holds: standard input's text, or what is read at its path.
  func contents(from files: any FileSource) throws(ReadFailure) -> [UInt8] {
    if let failure { throw failure }
    if let standardInput { return standardInput.contents }
    return try files.contents(of: path)
  }

  /// The file, with what it holds.
  func file(_ id: FileID, _ contents: [UInt8]) -> SourceFile {
    let file = SourceFile(id: id, path: path, shownAs: standardInput?.name, contents: contents)
    return origin != .named && path.isOfEnvironmentFile ? file.unshown : file
  }

  /// A folder that cannot be listed, whose path ends in a slash or is empty.
  init(unlistedFolder folder: String, failure: ReadFailure) {
    self.init(folder.isEmpty ? "." : folder.withoutLastSlash, .context, failure: failure)
    isUnlistedFolder = true
  }

  /// The path of the folder whose files it is read with.
  var neighbourhood: String {
    guard isUnlistedFolder else { return path.folderPath }
    return path == "." ? "" : path + "/"
  }
}
