import Dispatch
import ManifestFormats
import PortModel
import SourceText
import Synchronization

/// A file with what it came to.
struct FileReading: Sendable {
  var file: SourceFile
  var reading: ManifestReading
}

extension Workspace {
  /// Below this many files one worker is faster than several.
  private static let fewFiles = 32
  /// How many files a worker takes at a time.
  private static let batch = 16

  /// Reads the candidates of those numbers, in any order; the workers share nothing but the next batch's number.
  func read(_ numbers: [Int], of candidates: [Candidate]) -> [FileReading] {
    let workers = numbers.count < Workspace.fewFiles ? 1 : min(self.workers, numbers.count / Workspace.batch)
    guard workers > 1 else { return numbers.compactMap { read(candidates[$0], number: $0) } }
    let next = Atomic(0)
    let results = Mutex<[FileReading]>([])
    DispatchQueue.concurrentPerform(iterations: workers) { _ in
      var own: [FileReading] = []
      while true {
        let start = next.add(Workspace.batch, ordering: .relaxed).oldValue
        guard start < numbers.count else { break }
        for number in numbers[start..<min(start + Workspace.batch, numbers.count)] {
          if let reading = read(candidates[number], number: number) { own.append(reading) }
        }
      }
      results.withLock { $0 += own }
    }
    return results.withLock { $0 }
  }

  /// Reads one candidate; nothing for one that turns out to be no concern of the run.
  private func read(_ candidate: Candidate, number: Int) -> FileReading? {
    let id = FileID(number)
    let contents: [UInt8]
    do throws(ReadFailure) {
      if let failure = candidate.failure { throw failure }
      contents = try files.contents(of: candidate.path)
    } catch {
      // A neighbour that cannot be read only leaves the named file with less in view.
      if candidate.origin == .context { return nil }
      var reading = ManifestReading()
      reading.inventory.problems = [Problem(error.cause, at: SourceRange(file: id, start: 0, end: 0))]
      return FileReading(file: SourceFile(id: id, path: candidate.path, contents: []), reading: reading)
    }
    let file = SourceFile(id: id, path: candidate.path, contents: contents)
    if candidate.origin != .named, candidate.path.hasSuffix(".json"), !mayBeManifest(file.bytes) { return nil }
    return FileReading(file: file, reading: read(file))
  }

  /// Reads a file, and what its format asks for, until there is nothing more to ask.
  private func read(_ file: SourceFile) -> ManifestReading {
    var supplied: SuppliedFiles = [:]
    while true {
      switch readManifest(file, supplied: supplied) {
      case .done(let reading): return reading
      case .needs(let paths):
        for path in paths {
          let contents = try? files.contents(of: path)
          supplied[path] = .some(contents.map { SourceFile(id: file.id, path: path, contents: $0) })
        }
      }
    }
  }

  /// Whether a JSON file holds a key that a manifest must have: a folder's other JSON is no concern of portlint's, and
  /// need not be YAML.
  private func mayBeManifest(_ bytes: [UInt8]) -> Bool {
    ["\"apiVersion\"", "\"services\"", "\"portlint\""].contains { bytes.firstRange(of: Array($0.utf8)) != nil }
  }
}

extension ReadFailure {
  fileprivate var cause: Problem.Cause {
    switch self {
    case .missing: .unreadableFile(reason: "there is no such file")
    case .unreadable(let reason): .unreadableFile(reason: reason)
    case .tooLarge(let limit): .limitExceeded(.size(limit))
    }
  }
}
