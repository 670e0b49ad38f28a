import SourceText
import Synchronization
import Workspace

/// How many of a run's files have been read, on one line of a terminal.
final class Progress: Sendable {
  private struct State {
    var read = 0
    var isShown = false
    /// When the line is written next.
    var due: ContinuousClock.Instant
  }

  private let paths: Set<ExactText>
  private let pause: Duration
  private let write: @Sendable (String) -> Void
  private let state: Mutex<State>

  /// - Parameters:
  ///   - paths: The files that are to be read.
  ///   - delay: How long nothing is shown: what ends sooner needs no patience.
  ///   - pause: How long a line stands at least.
  ///   - write: Writes to the terminal.
  init(
    of paths: Set<ExactText>, after delay: Duration = .milliseconds(300), pause: Duration = .milliseconds(100),
    write: @escaping @Sendable (String) -> Void
  ) {
    self.paths = paths
    self.pause = pause
    self.write = write
    state = Mutex(State(due: .now + delay))
  }

  /// Counts a file that is read, if it is one of those that were to be.
  func note(_ path: String) {
    guard paths.contains(path.exact) else { return }
    state.withLock { state in
      state.read = min(state.read + 1, paths.count)
      let now = ContinuousClock.Instant.now
      guard now >= state.due else { return }
      state.due = now + pause
      state.isShown = true
      write("\rportlint: \(state.read) of \(paths.count) files read")
    }
  }

  /// Leaves the line empty for what follows.
  func clear() {
    state.withLock { state in
      if state.isShown { write("\r\u{1B}[K") }
      state.isShown = false
    }
  }
}

extension Progress {
  /// The least number of files that somebody may wait for.
  private static let least = 100

  /// Progress on standard error, where a person may be looking at it and waits for many files.
  convenience init?(of candidates: [Candidate]) {
    let console = Console.standardError
    guard candidates.count >= Progress.least, console.isTerminal else { return nil }
    guard environmentVariable("TERM") != "dumb", environmentVariable("CI") == nil else { return nil }
    self.init(of: Set(candidates.map(\.path.exact))) { console.write($0) }
  }
}

/// Files whose reading is shown.
struct WatchedFiles: FileSource {
  let files: any FileSource
  let progress: Progress

  func contents(of path: String) throws(ReadFailure) -> [UInt8] {
    defer { progress.note(path) }
    return try files.contents(of: path)
  }

  func failure(of path: String) -> ReadFailure? {
    files.failure(of: path)
  }

  func paths(matching glob: String, from folder: String) throws(ReadFailure) -> [String] {
    try files.paths(matching: glob, from: folder)
  }

  func foundPolicy(at path: String) throws(ReadFailure) -> [UInt8] {
    try files.foundPolicy(at: path)
  }

  func isIgnored(_ path: String, onlyByGit: Bool) -> Bool {
    files.isIgnored(path, onlyByGit: onlyByGit)
  }

  var failureOfIgnoring: ReadFailure? { files.failureOfIgnoring }

  func files(forPolicyAt path: String) -> any FileSource {
    WatchedFiles(files: files.files(forPolicyAt: path), progress: progress)
  }
}
