import Synchronization
import Workspace

/// Files of which is counted how often each is read.
final class CountedFiles: FileSource {
  private let files: WrittenFiles
  private let reads = Mutex<[String: Int]>([:])

  init(_ files: [String: String]) {
    self.files = WrittenFiles(files.mapValues { Array($0.utf8) })
  }

  /// How often each file was read that was asked for and is there.
  var counts: [String: Int] { reads.withLock(\.self) }

  func count(of path: String) -> Int { counts[path] ?? 0 }

  func contents(of path: String) throws(ReadFailure) -> [UInt8] {
    let contents = try files.contents(of: path)
    reads.withLock { $0[path, default: 0] += 1 }
    return contents
  }

  func isIgnored(_ path: String, onlyByGit: Bool) -> Bool {
    files.isIgnored(path, onlyByGit: onlyByGit)
  }

  func paths(matching glob: String, from folder: String) -> [String] {
    files.paths(matching: glob, from: folder)
  }
}
