import PolicyEngine
import SourceText

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
  /// The path that stands for standard input.
  package static let standardInput = "-"

  /// The most entries of folders that are looked through for a glob of a policy: `/**` is no part of a repository.
  package var mostSearched = 200_000
  /// What standard input is called in reports.
  package let standardInputName: String

  package init(standardInputName: String = "<stdin>") {
    self.standardInputName = standardInputName
  }

  package func contents(of path: String) throws(ReadFailure) -> [UInt8] {
    if path == standardInputName { return try read(descriptor: 0, expected: 65536) }
    let descriptor = path.withCString { text in
      // The system would take what stands before a NUL for the whole path. A pipe without a writer must not block.
      strlen(text) == path.utf8.count ? open(text, O_RDONLY | O_NONBLOCK | O_CLOEXEC) : nil
    }
    guard let descriptor else { throw .missing }
    guard descriptor >= 0 else { throw ReadFailure(errno: errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw ReadFailure(errno: errno) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw .folder
    case S_IFIFO: throw .unreadable(reason: "is a pipe; pipe its contents to 'portlint -' instead")
    default: throw .unreadable(reason: "is no regular file")
    }
    return try read(descriptor: descriptor, expected: Int(status.st_size), isRegular: true)
  }

  package func paths(matching glob: String, from folder: String) throws(ReadFailure) -> [String] {
    let isAnchored = glob.contains("/")
    let text = glob.hasPrefix("./") ? String(glob.dropFirst(2)) : glob
    // What stands before the first star, as far as it names folders, need not be searched.
    let fixed = String(text.prefix { !"*?[".contains($0) }).folderPath
    let root = fixed.hasPrefix("/") ? fixed : folder + fixed
    let pattern = PathGlob((isAnchored ? "./" : "") + text.dropFirst(fixed.count))
    return try Discovery.files(in: root, most: mostSearched).filter {
      pattern.matches($0.below(root))
    }.sorted()
  }

  /// Reads to the end, however long the file was said to be: it may grow or shrink meanwhile.
  ///
  /// - Parameter isRegular: Whether the file ends where it was said to if no byte more comes: so it is with regular files,
  ///   but for those that are said to be empty and are not.
  private func read(descriptor: Int32, expected: Int, isRegular: Bool = false) throws(ReadFailure) -> [UInt8] {
    let limit = DiskFiles.sizeLimit << 20
    if expected > limit { throw .tooLarge(limit: DiskFiles.sizeLimit) }
    var bytes: [UInt8] = []
    var wanted = max(expected, 0) + 1
    while true {
      let (chunk, failure) = readChunk(descriptor, wanted)
      if let failure { throw ReadFailure(errno: failure) }
      if chunk.isEmpty { return bytes }
      if bytes.isEmpty { bytes = chunk } else { bytes.append(contentsOf: chunk) }
      if bytes.count > limit { throw .tooLarge(limit: DiskFiles.sizeLimit) }
      if isRegular, bytes.count == expected { return bytes }
      wanted = max(65536, bytes.count / 2)
    }
  }

  private func readChunk(_ descriptor: Int32, _ wanted: Int) -> (chunk: [UInt8], failure: Int32?) {
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

extension ReadFailure {
  /// Paths are text, so a name that is none leads nowhere.
  static let notUTF8 = ReadFailure.unreadable(reason: "its name is not UTF-8")

  static let brokenLink = ReadFailure.unreadable(reason: "it is a link, and there is no file where it leads")

  init(errno code: Int32) {
    self = code == ENOENT || code == ENOTDIR ? .missing : .unreadable(reason: String(cString: strerror(code)))
  }
}
