import CProcess
import SourceText

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// The folder in which a file is to be written, and the file's name in it.
struct OutputPlace {
  let folder: Folder
  let name: String

  /// How many links lead on before they are taken for a circle.
  private static let mostLinks = 40

  /// Follows a path to the folder of what it names. Links on the way are followed only where the repository cannot have
  /// put them, such as `/tmp` where that is one.
  ///
  /// - Parameter inputs: The paths that are read.
  init(_ path: String, distrusting inputs: [String]) throws(OutputFailure) {
    // NB: Swift 6.3.1 leaves one check of bounds out of [String].reversed(), or not, from one build to the next, so that
    // two releases of one commit differed.
    var pending = path.pathParts[...]
    guard let name = pending.popLast(), ![".", ".."].contains(name), path.utf8.last != slash else {
      throw .system(EISDIR)
    }
    var folder = try Folder(path.utf8.first == slash ? "/" : ".")
    var links = 0
    while let component = pending.popFirst() {
      guard let target = folder.target(ofLink: component) else {
        folder = try Folder(component, in: folder)
        continue
      }
      if folder.isAnothers(inputs) { throw .link(component) }
      links += 1
      if links > OutputPlace.mostLinks { throw .system(ELOOP) }
      pending = (target.pathParts + pending)[...]
      if target.utf8.first == slash { folder = try Folder("/") }
    }
    (self.folder, self.name) = (folder, name)
  }
}

private let slash = UInt8(ascii: "/")

/// A folder that is open to look names up in, whatever becomes of its path. No name in it is taken for what a link of
/// that name leads to.
final class Folder {
  private let descriptor: Int32

  init(_ name: String, in parent: Folder? = nil) throws(OutputFailure) {
    descriptor = folder_open(parent?.descriptor ?? AT_FDCWD, name)
    if descriptor < 0 { throw .system(errno) }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  var identity: FileIdentity? {
    FileIdentity(of: descriptor)
  }

  /// What has a name; nothing where nothing has.
  func status(of name: String) -> stat? {
    var status = stat()
    return fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 ? status : nil
  }

  /// Where a link leads; nothing where a name is that of none.
  func target(ofLink name: String) -> String? {
    var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = readlinkat(descriptor, name, &buffer, buffer.count)
    return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
  }

  /// Throws where a file of the name may not be written by the process.
  func askToWrite(_ name: String) throws(OutputFailure) {
    if faccessat(descriptor, name, W_OK, AT_EACCESS) != 0 { throw .system(errno) }
  }

  /// Opens a file for writing; the caller closes its descriptor.
  func open(_ name: String, _ flags: Int32, mode: mode_t = 0) throws(OutputFailure) -> Int32 {
    let opened = openat(descriptor, name, O_WRONLY | O_NOFOLLOW | O_CLOEXEC | flags, mode)
    if opened < 0 { throw .system(errno) }
    return opened
  }

  func rename(_ name: String, to newName: String) throws(OutputFailure) {
    if renameat(descriptor, name, descriptor, newName) != 0 { throw .system(errno) }
  }

  func remove(_ name: String) {
    unlinkat(descriptor, name, 0)
  }

  /// Has a file removed, if a signal ends the process before it is finished.
  func beginUnfinished(_ name: String) {
    unfinished_file_begin(descriptor, name)
  }

  func endUnfinished() {
    unfinished_file_end()
  }

  /// Whether the folder lies in the current folder, in one that is read or in a git work tree: whoever wrote what lies
  /// there may have made its links.
  func isAnothers(_ inputs: [String]) -> Bool {
    let root = FileIdentity(path: "/")
    let theirs = (["."] + inputs).compactMap { FileIdentity(path: $0) }.filter { $0 != root }
    var folder = self
    while let identity = folder.identity {
      if theirs.contains(identity) || folder.status(of: ".git") != nil { return true }
      guard identity != root, let parent = try? Folder("..", in: folder) else { break }
      folder = parent
    }
    return false
  }
}

/// What a file or a folder is, whatever it is called.
struct FileIdentity: Hashable {
  private let device: UInt64
  private let number: UInt64

  init(_ status: stat) {
    device = UInt64(truncatingIfNeeded: status.st_dev)
    number = UInt64(truncatingIfNeeded: status.st_ino)
  }

  /// What a descriptor is open for.
  init?(of descriptor: Int32) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return nil }
    self.init(status)
  }

  /// What a path leads to.
  init?(path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    self.init(status)
  }

  var text: String { "\(device):\(number)" }
}
