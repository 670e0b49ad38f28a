import CProcess
import SourceText

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// A regular file that is open, and is closed when it is no longer needed.
struct OpenFile: ~Copyable {
  private let descriptor: Int32
  /// How large it was when it was opened, in bytes.
  private var size = 0
  /// The number of the user whom it belongs to.
  private(set) var owner: UInt32 = 0

  private init(_ descriptor: Int32) {
    self.descriptor = descriptor
  }

  deinit {
    close(descriptor)
  }

  /// Takes over a descriptor of what is to be read.
  private static func taking(_ descriptor: Int32) throws(ReadFailure) -> OpenFile {
    guard descriptor >= 0 else { throw ReadFailure(errno: errno) }
    var file = OpenFile(descriptor)
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw ReadFailure(errno: errno) }
    try check(status)
    file.size = Int(status.st_size)
    file.owner = status.st_uid
    return file
  }

  /// Everything that it holds.
  borrowing func contents() throws(ReadFailure) -> [UInt8] {
    try DiskFiles.read(descriptor: descriptor, expected: size, isRegular: true)
  }
}

// MARK: - Opening

extension OpenFile {
  /// Opens the file at a path, which must lie in the tree or be named on the command line.
  ///
  /// Everything else that is opened is a regular file of the tree, whatever becomes of its folders meanwhile: each step
  /// from the tree's folder down is taken from the folder before, and none through a link.
  static func open(_ path: String, in tree: Tree) throws(ReadFailure) -> OpenFile {
    // The system would take what stands before a NUL for the whole path.
    guard !path.holdsNUL else { throw .missing }
    if tree.names(path) { return try open(named: path) }
    if !path.isAbsolutePath, !path.leadsUp, tree.holdsCurrentFolder,
      case .file(let descriptor) = try openAtOnce(path)
    {
      return try taking(descriptor)
    }
    guard let real = realPath(of: path) else { throw ReadFailure(errno: ELOOP) }
    guard let folder = tree.folder(holding: real) else {
      // The tree's own folder does not lie in it.
      throw tree.holds(real + "/") ? .folder : tree.refusal
    }
    // A link gives it another name, and not another purpose.
    if real.isOfEnvironmentFile, !path.isOfEnvironmentFile { throw .unreadable(reason: "leads to an environment file") }
    // What leads to the tree's folder is the command line's word.
    let root = folder_open(AT_FDCWD, folder)
    guard root >= 0 else { throw ReadFailure(errno: errno) }
    switch try descend(real.below(folder).pathParts, from: root) {
    case .file(let descriptor): return try taking(descriptor)
    case .link: throw .unreadable(reason: "its folder was changed meanwhile")
    }
  }

  /// Opens a file that the command line names: whatever it leads to is meant.
  private static func open(named path: String) throws(ReadFailure) -> OpenFile {
    var status = stat()
    guard stat(path, &status) == 0 else { throw ReadFailure(errno: errno) }
    try check(status)
    // A pipe without a writer must not block.
    return try taking(systemOpen(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC))
  }

  private enum Found {
    /// The file's descriptor.
    case file(Int32)
    /// A link lies on the way.
    case link
  }

  /// Opens the file at a relative path without `..`: in one step where the system itself can keep links out, else in one
  /// for each of the names on it.
  private static func openAtOnce(_ path: String) throws(ReadFailure) -> Found {
    var status = stat()
    if lstat(path, &status) == 0 {
      if status.st_mode & S_IFMT == S_IFLNK { return .link }
      try check(status)
      let descriptor = file_open_without_links(path)
      if descriptor >= 0 { return .file(descriptor) }
    }
    // Links on the way, what is not there, and systems that do not know the call or do not allow it.
    return try descend(path.pathParts, from: AT_FDCWD)
  }

  /// Takes steps down from a folder, which it closes, none of them through a link, and opens what the last one leads to.
  private static func descend(_ steps: [String], from folder: Int32) throws(ReadFailure) -> Found {
    var current = folder
    defer { if current != AT_FDCWD { close(current) } }
    guard let last = steps.last else { throw .folder }
    for step in steps.dropLast() {
      let next = folder_open(current, step)
      guard next >= 0 else {
        let reason = errno
        var status = stat()
        let isThere = fstatat(current, step, &status, AT_SYMLINK_NOFOLLOW) == 0
        if isThere, status.st_mode & S_IFMT == S_IFLNK { return .link }
        throw ReadFailure(errno: reason)
      }
      if current != AT_FDCWD { close(current) }
      current = next
    }
    return try open(last, in: current)
  }

  /// Opens a file of a folder. It is looked at before: opening alone may set a device going.
  private static func open(_ name: String, in folder: Int32) throws(ReadFailure) -> Found {
    var status = stat()
    guard fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { throw ReadFailure(errno: errno) }
    if status.st_mode & S_IFMT == S_IFLNK { return .link }
    try check(status)
    let descriptor = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    if descriptor < 0, errno == ELOOP { return .link }
    guard descriptor >= 0 else { throw ReadFailure(errno: errno) }
    return .file(descriptor)
  }

  /// Holds what is to be read to regular files, none of them made up as it is read.
  private static func check(_ status: stat) throws(ReadFailure) {
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw .folder
    case S_IFIFO: throw .unreadable(reason: "is a pipe; pipe its contents to 'portlint -' instead")
    default: throw .unreadable(reason: "is no regular file")
    }
    // What the system says of processes is on a file system of its own, and has no size.
    guard status.st_size == 0 else { return }
    var (processes, root) = (stat(), stat())
    guard stat("/proc", &processes) == 0, stat("/", &root) == 0, processes.st_dev != root.st_dev else { return }
    if status.st_dev == processes.st_dev { throw .unreadable(reason: "is no regular file") }
  }
}

extension String {
  fileprivate var holdsNUL: Bool {
    var copy = self
    return copy.withUTF8 { $0.firstOffset(of: 0, from: 0) != nil }
  }

  /// Whether one of a path's parts is `..`; may say yes of one that only ends so.
  fileprivate var leadsUp: Bool {
    var copy = self
    return copy.withUTF8 { $0.firstOffset(of: "../", from: 0) != nil || $0.suffix(2).elementsEqual("..".utf8) }
  }
}

private func systemOpen(_ path: String, _ flags: Int32) -> Int32 {
  open(path, flags)
}

// MARK: - Paths without links

/// The absolute path without links of what a path leads to. Of what is not there, it is where it would be; of links in a
/// circle, there is none.
func realPath(of path: String) -> String? {
  if let resolved = realPathOfWhatIsThere(path.isEmpty ? "." : path) { return resolved }
  // Where there is no current folder, nothing is in it.
  var real = path.isAbsolutePath ? "/" : realPathOfWhatIsThere(".").map { $0 == "/" ? $0 : $0 + "/" } ?? "/"
  // NB: Swift 6.3.1 leaves one check of bounds out of [String].reversed(), or not, from one build to the next.
  var steps = path.pathParts[...]
  var links = 0
  // How many steps were taken down from what is there.
  var beyond = 0
  while let step = steps.popFirst() {
    if step == "." { continue }
    if step == ".." {
      beyond = max(0, beyond - 1)
      if real != "/" { real = real.withoutLastSlash.folderPath }
      continue
    }
    if beyond == 0, let target = targetOfLink(at: real + step) {
      links += 1
      if links > mostLinks { return nil }
      if target.isAbsolutePath { real = "/" }
      steps = (target.pathParts + steps)[...]
      continue
    }
    if beyond > 0 || !isThere(real + step) { beyond += 1 }
    real += step + "/"
  }
  return real == "/" ? real : real.withoutLastSlash
}

/// How many links may lead to one another, as the system has it.
private let mostLinks = 40

private func realPathOfWhatIsThere(_ path: String) -> String? {
  guard let resolved = realpath(path, nil) else { return nil }
  defer { free(resolved) }
  return String(cString: resolved)
}

/// What a link says that it leads to; nothing for what is no link.
private func targetOfLink(at path: String) -> String? {
  let target = [CChar](unsafeUninitializedCapacity: Int(PATH_MAX)) { buffer, count in
    count = buffer.baseAddress.map { max(0, readlink(path, $0, buffer.count)) } ?? 0
  }
  return target.isEmpty ? nil : String(decoding: target.map(UInt8.init(bitPattern:)), as: UTF8.self)
}
