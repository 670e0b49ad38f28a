import Reporters

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// A file that the command line names to be written: the only way in which portlint writes one.
///
/// It is written whole or not at all, under a name of its own in the same folder, and then takes the place of what was
/// there. Nothing is written through a link: what lies in a repository leads where the repository wants.
struct OutputFile {
  private let path: String
  private let inputs: [String]

  /// - Parameter inputs: The paths that are read: links that lie in them are not followed.
  init(_ path: String, besides inputs: [String] = []) {
    self.path = path
    self.inputs = inputs
  }

  /// Writes what is written to a buffer.
  ///
  /// - Throws: What keeps it from being written.
  func write(_ body: (inout OutputBuffer) -> Void) throws(RunFailure) {
    do throws(OutputFailure) {
      if let descriptor { return try OutputFile.write(to: descriptor, body) }
      let place = try OutputPlace(path, distrusting: inputs)
      guard let status = place.folder.status(of: place.name) else { return try replace(nil, at: place, body) }
      switch status.st_mode & S_IFMT {
      case S_IFREG: try replace(status, at: place, body)
      case S_IFLNK: throw .link(nil)
      case S_IFDIR: throw .system(EISDIR)
      case S_IFIFO, S_IFCHR: try OutputFile.write(toDeviceAt: place, body)
      default: throw .kind
      }
    } catch {
      throw RunFailure(message: "\(path): \(error.reason)")
    }
  }
}

/// Why an output is not written.
enum OutputFailure: Error {
  /// The system's error.
  case system(Int32)
  /// The system's error where the file could be written, were it not for its folder.
  case folder(Int32)
  /// A link, or the name of one on the way.
  case link(String?)
  case kind
  case noReader

  var reason: String {
    switch self {
    case .system(let number): String(cString: strerror(number))
    case .folder(let number): "its folder takes no new file to put in its place: \(String(cString: strerror(number)))"
    case .link(nil): "a link is not written through; name the file that it leads to"
    case .link(let name?): "the link '\(name)' is not written through; name the folder that it leads to"
    case .kind: "neither a file nor a pipe"
    case .noReader: "nobody reads from this pipe"
    }
  }
}

// MARK: - What is written to as it is

extension OutputFile {
  /// The descriptor of the process that the path stands for: it is not opened anew, which would empty a file.
  private var descriptor: Int32? {
    switch path {
    case "/dev/stdout": return 1
    case "/dev/stderr": return 2
    default:
      let folder = ["/dev/fd/", "/proc/self/fd/"].first { path.utf8.starts(with: $0.utf8) }
      guard let digits = folder.map({ path.utf8.dropFirst($0.utf8.count) }), digits.first != UInt8(ascii: "+") else {
        return nil
      }
      return Int32(String(Substring(digits)))
    }
  }

  private static func write(to descriptor: Int32, _ body: (inout OutputBuffer) -> Void) throws(OutputFailure) {
    if let reason = OutputBuffer.write(to: descriptor, body) { throw .system(reason) }
  }

  /// Writes to a pipe that has a reader, or to a device such as `/dev/null`.
  private static func write(
    toDeviceAt place: OutputPlace, _ body: (inout OutputBuffer) -> Void
  ) throws(OutputFailure) {
    let descriptor: Int32
    do throws(OutputFailure) {
      // A pipe is not waited for.
      descriptor = try place.folder.open(place.name, O_NONBLOCK | O_NOCTTY)
    } catch .system(ENXIO) {
      throw .noReader
    }
    defer { close(descriptor) }
    var status = stat()
    // It may have become another since it was looked at.
    guard fstat(descriptor, &status) == 0, [S_IFIFO, S_IFCHR].contains(status.st_mode & S_IFMT) else { throw .kind }
    // From here on a reader that is slow is waited for.
    guard fcntl(descriptor, F_SETFL, 0) == 0 else { throw .system(errno) }
    try write(to: descriptor, body)
  }
}

// MARK: - What is written anew

extension OutputFile {
  private func replace(
    _ old: stat?, at place: OutputPlace, _ body: (inout OutputBuffer) -> Void
  ) throws(OutputFailure) {
    let folder = place.folder
    if old != nil { try folder.askToWrite(place.name) }
    let name = ".portlint-\(String(UInt64.random(in: .min ... .max), radix: 36))"
    folder.beginUnfinished(name)
    defer { folder.endUnfinished() }
    // A new file is what the process's mask lets it be; an old one's successor is nobody else's until it is whole.
    let descriptor: Int32
    do throws(OutputFailure) {
      descriptor = try folder.open(name, O_CREAT | O_EXCL, mode: old == nil ? 0o666 : 0o600)
    } catch .system(let number) where old != nil {
      throw .folder(number)
    }
    do throws(OutputFailure) {
      do throws(OutputFailure) {
        try OutputFile.write(to: descriptor, body)
        if let old { try OutputFile.giveAccess(of: old, to: descriptor) }
      } catch {
        close(descriptor)
        throw error
      }
      guard close(descriptor) == 0 else { throw .system(errno) }
      try folder.rename(name, to: place.name)
    } catch {
      folder.remove(name)
      throw error
    }
    if let old, old.st_nlink > 1 { writeNote("\(path): its other names (hard links) keep what was there") }
  }

  /// Gives a new file the owner and the permissions of the one whose place it takes, as far as the process may: nobody
  /// can do more with it than before, and it runs as nobody else.
  private static func giveAccess(of old: stat, to descriptor: Int32) throws(OutputFailure) {
    var mode = old.st_mode & 0o777
    if fchown(descriptor, old.st_uid, old.st_gid) != 0, fchown(descriptor, uid_t.max, old.st_gid) != 0 {
      // Another group may what everybody may.
      mode = mode & 0o707 | (mode & mode << 3) & 0o070
    }
    guard fchmod(descriptor, mode) == 0 else { throw .system(errno) }
  }
}

// MARK: - Two in one

extension OutputFile {
  /// Of two outputs with the same identity one would be mixed up with the other, or written over it. Nothing for a
  /// device such as `/dev/null`, and for what cannot be written.
  var identity: String? {
    if let descriptor { return OutputFile.identity(of: descriptor) }
    guard let place = try? OutputPlace(path, distrusting: inputs) else { return nil }
    guard let status = place.folder.status(of: place.name) else {
      return place.folder.identity.map { "\($0.text)/\(place.name)" }
    }
    return [S_IFREG, S_IFIFO].contains(status.st_mode & S_IFMT) ? FileIdentity(status).text : nil
  }

  /// The identity of what is written to a descriptor of the process.
  static func identity(of descriptor: Int32) -> String {
    var status = stat()
    let isFile = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    return isFile ? FileIdentity(status).text : "\(descriptor)"
  }
}
