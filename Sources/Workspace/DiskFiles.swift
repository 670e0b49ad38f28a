import PolicyEngine
import SourceText
import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Reads files from the disk. They are read and not mapped: a mapped file that is cut short kills the process.
package struct DiskFiles: FileSource {
  /// The largest file that is read, in MiB.
  package static let sizeLimit = 64
  /// The largest list of Kubernetes' objects that is read, in MiB: its items are read one after the other.
  package static let listLimit = 256

  /// How many steps it may take to tell which single paths ignore files leave out: that is asked of what is not there.
  private let mostIgnoreSteps: Int

  /// The most entries of folders that are looked through for a glob of a policy: `/**` is no part of a repository.
  package var mostSearched = 200_000

  /// What may be opened.
  package private(set) var tree: Tree
  private let ignoreFiles: IgnoreFiles
  /// The number of the user who runs portlint.
  package var user = UInt32(geteuid())

  package init(in tree: Tree, mostIgnoreSteps: Int = 100_000_000) {
    self.tree = tree
    self.mostIgnoreSteps = mostIgnoreSteps
    ignoreFiles = IgnoreFiles(mostSteps: mostIgnoreSteps)
  }

  package func contents(of path: String) throws(ReadFailure) -> [UInt8] {
    if DiskFiles.takesTurns {
      return try DiskFiles.turn.withLock { _ throws(ReadFailure) in try OpenFile.open(path, in: tree).contents() }
    }
    return try OpenFile.open(path, in: tree).contents()
  }

  package func failure(of path: String) -> ReadFailure? {
    do throws(ReadFailure) {
      _ = try OpenFile.open(path, in: tree)
      return nil
    } catch {
      return error
    }
  }

  /// Whether files are read one after another: each takes two descriptors on the way to it, and there may be few.
  private static let takesTurns: Bool = {
    var limit = rlimit()
    return getrlimit(openFileLimit, &limit) == 0 && limit.rlim_cur < 64
  }()
  private static let turn = Mutex(())

  package func foundPolicy(at path: String) throws(ReadFailure) -> [UInt8] {
    var link = stat()
    guard lstat(path, &link) == 0 else { throw ReadFailure(errno: errno) }
    let file = try OpenFile.open(path, in: tree.ofPolicy(at: path))
    // Who may write in a folder above decides nothing for others.
    guard [link.st_uid, file.owner].allSatisfy({ $0 == user || $0 == 0 }) else {
      throw .unreadable(reason: "the policy belongs to another user: name it with --config if it is to be used")
    }
    return try file.contents()
  }

  package func isIgnored(_ path: String, onlyByGit: Bool) -> Bool {
    guard let below = tree.pathInWorkTree(path) else { return false }
    let line = ignoreFiles.line(leavingOut: below, onlyOfGit: onlyByGit) {
      isFolder(tree.root + $0)
    } read: {
      try? contents(of: tree.root + $0)
    }
    return line != nil
  }

  package var failureOfIgnoring: ReadFailure? {
    ignoreFiles.isSpent ? .tooManyIgnoreSteps(limit: mostIgnoreSteps) : nil
  }

  package func files(forPolicyAt path: String) -> any FileSource {
    var files = self
    files.tree = tree.ofPolicy(at: path)
    return files
  }

  package func paths(matching glob: String, from folder: String) throws(ReadFailure) -> [String] {
    let isAnchored = glob.utf8.contains(UInt8(ascii: "/"))
    let text = glob.utf8.starts(with: "./".utf8) ? glob.below("./") : glob
    // What stands before the first star, as far as it names folders, need not be searched.
    let fixed = String(decoding: text.utf8.prefix { !$0.isGlobSign }, as: UTF8.self).folderPath
    let root = fixed.isAbsolutePath ? fixed : folder + fixed
    guard tree.holds(folder: root) else { throw tree.refusal }
    let pattern = PathGlob((isAnchored ? "./" : "") + text.below(fixed))
    return try Discovery.files(in: root, of: tree, most: mostSearched).filter {
      pattern.matches($0.below(root))
    }.sorted { $0.exact < $1.exact }
  }

  /// What a descriptor yields up to its end.
  static func contents(ofDescriptor descriptor: Int32) throws(ReadFailure) -> [UInt8] {
    try read(descriptor: descriptor, expected: 65536)
  }

  /// Reads to the end, however long the file was said to be: it may grow or shrink meanwhile.
  ///
  /// - Parameter isRegular: Whether the file ends where it was said to if no byte more comes: so it is with regular files,
  ///   but for those that are said to be empty and are not.
  static func read(descriptor: Int32, expected: Int, isRegular: Bool = false) throws(ReadFailure) -> [UInt8] {
    let start = 4096
    var limit = DiskFiles.sizeLimit
    var bytes: [UInt8] = []
    // The first bytes of a large file show whether it may be as large.
    var wanted = expected > limit << 20 ? start : max(expected, 0) + 1
    while true {
      let (chunk, failure) = readChunk(descriptor, wanted)
      if let failure { throw ReadFailure(errno: failure) }
      if chunk.isEmpty { return bytes }
      if bytes.isEmpty { bytes = chunk } else { bytes.append(contentsOf: chunk) }
      let size = max(expected, bytes.count)
      if size > limit << 20 {
        if bytes.prefix(start).mayBeginList { limit = DiskFiles.listLimit }
        guard size <= limit << 20 else { throw .tooLarge(limit: limit) }
        bytes.reserveCapacity(size + 1)
      }
      if isRegular, bytes.count == expected { return bytes }
      // A chunk is there twice while it is added.
      wanted = min(max(65536, bytes.count / 2), 1 << 20)
    }
  }

  private static func readChunk(_ descriptor: Int32, _ wanted: Int) -> (chunk: [UInt8], failure: Int32?) {
    var failure: Int32?
    let chunk = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, count in
      while true {
        #if canImport(Darwin)
          let result = Darwin.read(descriptor, buffer.baseAddress, wanted)
        #elseif canImport(Musl)
          let result = Musl.read(descriptor, buffer.baseAddress, wanted)
        #else
          let result = Glibc.read(descriptor, buffer.baseAddress, wanted)
        #endif
        if result < 0, errno == EINTR { continue }
        if result < 0 { failure = errno }
        count = max(result, 0)
        return
      }
    }
    return (chunk, failure)
  }
}

extension ArraySlice<UInt8> {
  /// Whether they may be the first of a list of Kubernetes' objects.
  fileprivate var mayBeginList: Bool {
    ["apiVersion", "items"].allSatisfy { Array(self).contains(text: $0) }
  }
}

#if canImport(Glibc)
  private let openFileLimit = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
#else
  private let openFileLimit = RLIMIT_NOFILE
#endif

extension ReadFailure {
  /// Paths are text, so a name that is none leads nowhere.
  static let notUTF8 = ReadFailure.unreadable(reason: "its name is not UTF-8")

  static let brokenLink = ReadFailure.unreadable(reason: "it is a link, and there is no file where it leads")

  init(errno code: Int32) {
    self = code == ENOENT || code == ENOTDIR ? .missing : .unreadable(reason: String(cString: strerror(code)))
  }
}
