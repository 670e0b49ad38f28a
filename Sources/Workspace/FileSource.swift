import ManifestFormats
import SourceText

/// Where a run gets its files from: the disk, or a test's dictionary.
package protocol FileSource: Sendable {
  /// The contents of the file at `path`.
  func contents(of path: String) throws(ReadFailure) -> [UInt8]
  /// The manifests and rule files that match a `PathGlob`, sorted; the glob begins in `folder`, whose path ends in a
  /// slash or is empty.
  ///
  /// - Throws: When more would have to be looked through than a repository holds.
  func paths(matching glob: String, from folder: String) throws(ReadFailure) -> [String]
}

/// Why a file or a folder was not read.
package enum ReadFailure: Error, Hashable, Sendable {
  /// There is none.
  case missing
  /// It is a folder.
  case folder
  /// The system, or the kind of file, does not let it be read.
  case unreadable(reason: String)
  /// It is larger than the limit, in MiB.
  case tooLarge(limit: Int)
}

/// A file that a run is to read.
package struct Candidate: Hashable, Sendable {
  /// The path as it is shown.
  package var path: String
  /// Why the file is looked at.
  package var origin: Origin
  /// What was wrong before there was anything to read.
  package var failure: ReadFailure?
  /// Whether the path is that of a link to the file.
  var isLink = false
  /// Whether it is a folder in which nobody knows what lies beside a named file.
  private var isUnlistedFolder = false
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
  }

  /// A folder that cannot be listed, whose path ends in a slash or is empty.
  init(unlistedFolder folder: String, failure: ReadFailure) {
    self.init(folder.isEmpty ? "." : String(folder.dropLast()), .context, failure: failure)
    isUnlistedFolder = true
  }

  /// The path of the folder whose files it is read with.
  var neighbourhood: String {
    guard isUnlistedFolder else { return path.folderPath }
    return path == "." ? "" : path + "/"
  }
}
