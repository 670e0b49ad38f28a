import Reporters

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// One of the process's two outputs.
struct Console {
  static let standardOutput = Console(descriptor: 1)
  static let standardError = Console(descriptor: 2)

  private let descriptor: Int32

  /// Whether a person may be looking at it.
  var isTerminal: Bool {
    isatty(descriptor) == 1
  }

  /// How wide a terminal it is; nothing where it is none, or does not say.
  var columns: Int? {
    var size = winsize()
    guard isTerminal, ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  /// How a report is shown there.
  var options: ReportOptions {
    var options = ReportOptions(version: portlintVersion)
    options.columns = columns
    return options
  }

  /// Writes all of a text; answers false when it is not taken.
  @discardableResult
  func write(_ text: String) -> Bool {
    write { $0.write(text) }
  }

  /// Writes all that is written to a buffer; answers false, having said why, when it is not taken.
  @discardableResult
  func write(_ body: (inout OutputBuffer) -> Void) -> Bool {
    guard let reason = OutputBuffer.write(to: descriptor, body) else { return true }
    if descriptor == Console.standardOutput.descriptor {
      Console.standardError.write("portlint: standard output: \(String(cString: strerror(reason)))\n")
    }
    return false
  }
}

/// Says something that is no result on standard error, on one line unless a terminal is too narrow for it.
func writeNote(_ text: String) {
  let line = Console.standardError.options.fitted("portlint: \(escapedForTerminal(text))", inset: 0)
  Console.standardError.write("\(line)\n")
}

/// Text on its way to a descriptor, which takes it in large parts.
struct OutputBuffer: TextOutputStream {
  /// How much is kept back, in bytes.
  private static let capacity = 1 << 16

  private let descriptor: Int32
  private var bytes: [UInt8] = []
  /// Why the descriptor took no more (`errno`): what comes after that is dropped.
  private var failure: Int32?

  /// Writes all that is written to a buffer; answers the system's error where the descriptor does not take it.
  ///
  /// A reader that has gone has all that it wanted, and so everything was written: `portlint | head` says what
  /// portlint found.
  static func write(to descriptor: Int32, _ body: (inout OutputBuffer) -> Void) -> Int32? {
    var buffer = OutputBuffer(descriptor: descriptor)
    body(&buffer)
    buffer.flush()
    return buffer.failure == EPIPE ? nil : buffer.failure
  }

  private init(descriptor: Int32) {
    self.descriptor = descriptor
  }

  mutating func write(_ text: String) {
    bytes.append(contentsOf: text.utf8)
    if bytes.count >= OutputBuffer.capacity { flush() }
  }

  mutating func write(bytes more: ArraySlice<UInt8>) {
    bytes.append(contentsOf: more)
    if bytes.count >= OutputBuffer.capacity { flush() }
  }

  private mutating func flush() {
    if failure == nil, !writeAll(bytes, to: descriptor) { failure = errno }
    bytes.removeAll(keepingCapacity: true)
  }
}

/// Writes all bytes to a descriptor; answers false when it does not take them.
private func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
  bytes.withUnsafeBytes { buffer in
    var written = 0
    while written < buffer.count {
      let result = write(descriptor, buffer.baseAddress.map { $0 + written }, buffer.count - written)
      if result < 0, errno == EINTR { continue }
      guard result > 0 else { return false }
      written += result
    }
    return true
  }
}

/// The value of one of the few environment variables that portlint reads: `NO_COLOR`, `TERM` and `CI`.
func environmentVariable(_ name: StaticString) -> String? {
  name.utf8Start.withMemoryRebound(to: CChar.self, capacity: name.utf8CodeUnitCount + 1) { name in
    getenv(name).map { String(cString: $0) }
  }
}

/// Makes writing to a closed pipe, or beyond the size that a file may have, an error of the call instead of the end of
/// the process.
func survivePipesAndLimits() {
  signal(SIGPIPE, SIG_IGN)
  signal(SIGXFSZ, SIG_IGN)
}

/// The absolute path of the current folder.
///
/// - Throws: What the system says where there is none: the folder may have been taken away.
func currentFolder() throws(RunFailure) -> String {
  guard let path = getcwd(nil, 0) else {
    throw RunFailure(message: "the current folder: \(String(cString: strerror(errno)))")
  }
  defer { free(path) }
  return String(cString: path)
}

/// How many cores the process may use: those it was bound to, where it was.
func coreCount() -> Int {
  max(1, ProcessInfo.processInfo.activeProcessorCount)
}

/// Whether standard input is a pipe that something was written to, or still may be.
var isPipedInto: Bool {
  var status = stat()
  guard fstat(0, &status) == 0, status.st_mode & S_IFMT == S_IFIFO else { return false }
  var request = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
  let events = poll(&request, 1, 0) == 1 ? Int32(request.revents) : 0
  // Many a CI system gives its jobs a pipe whose other end is closed.
  return events & POLLIN != 0 || events & POLLHUP == 0
}

/// Ends the process.
func exit(with status: ExitStatus) -> Never {
  exit(status.rawValue)
}
