import ManifestFormats
import PortModel
import SourceText
import Synchronization

/// A file with what it came to.
struct FileReading: Sendable {
  var file: SourceFile
  var reading: ManifestReading
  /// The files that the reading asked for and got.
  var supplied: [SourceFile] = []

  /// Whether the run's other files cannot be judged without it.
  var isRequired = false

  /// How much was to be read of files that it includes or extends, in bytes.
  var included = 0
  /// How much of it was to be read again and again, in entries.
  var readAnew = 0
}

extension FileReading {
  /// How much it is, in entries, to have what others bring in: a claim and an owner count as one, and what was read for
  /// them as one for each 64 bytes.
  fileprivate var broughtIn: Int {
    let entries = reading.inventory.owners.count + reading.inventory.bindings.count
    return included >> 6 + readAnew + (reading.projectParts.isEmpty ? 0 : entries)
  }

  /// How much it is to read a file, in entries.
  fileprivate static func entries(of file: SourceFile) -> Int {
    20 + file.bytes.count >> 8
  }

  /// The reading of a file that a limit keeps from being judged.
  fileprivate init(stopping file: SourceFile, by limit: Problem.Limit, supplied: [SourceFile], _ failures: [Problem]) {
    self.init(file: file, reading: ManifestReading(), supplied: supplied)
    let place = SourceRange(file: file.id, start: 0, end: 0)
    reading.inventory.problems = [Problem(.limitExceeded(limit), at: place)] + failures
  }
}

/// The files that readings ask for: each is read once a run, however many ask.
final class SuppliedCache: Sendable {
  /// What those say that give variables their values.
  let variables = VariablesCache()

  /// What there is at a path, and why it was not read, if it was not.
  typealias Answer = (file: SourceFile?, failure: ReadFailure?)

  private let answers = Mutex<[ExactText: Answer]>([:])

  /// The file at a path, read by `read` if nobody has asked for it before.
  func file(at path: String, read: (String) -> Answer) -> Answer {
    if let known = answers.withLock({ $0[path.exact] }) { return known }
    let answer = read(path)
    answers.withLock { $0[path.exact] = answer }
    return answer
  }
}

extension Workspace {
  /// Below this many files one worker is faster than several.
  private static let fewFiles = 32
  /// How many files a worker takes at a time.
  private static let batch = 16

  /// Reads the candidates of those numbers, in any order; the workers share nothing but the next batch's number.
  ///
  /// - Parameter onlyKubernetes: Whether Kubernetes manifests are all that is sought.
  func read(
    _ numbers: [Int], of candidates: [Candidate], _ projects: PolicyProjects, _ idleMains: IdleMains,
    onlyKubernetes: Bool = false, supplying cache: SuppliedCache
  ) -> [FileReading] {
    if numbers.isEmpty { return [] }
    let reader = FileReader(
      files: files, environmentFile: environmentFile, candidates: candidates, projects: projects, idleMains: idleMains,
      onlyKubernetes: onlyKubernetes, cache: cache, broughtIn: Allowance(most: mostBroughtIn),
      denseClaims: Allowance(most: mostDenseClaims))
    var readings = read(numbers) { reader.read($0) }
    for index in readings.indices {
      guard let limit = reader.limit(passedBy: readings[index]) else { continue }
      let reading = readings[index]
      readings[index] = FileReading(stopping: reading.file, by: limit, supplied: reading.supplied, [])
    }
    return readings
  }

  /// Reads the files of some numbers, on several cores where there are many.
  private func read(_ numbers: [Int], one: @Sendable (Int) -> FileReading?) -> [FileReading] {
    let workers = numbers.count < Workspace.fewFiles ? 1 : min(self.workers, numbers.count / Workspace.batch)
    guard workers > 1 else { return numbers.compactMap(one) }
    let next = Atomic(0)
    let results = Mutex<[FileReading]>([])
    Threads.perform(times: workers) {
      var own: [FileReading] = []
      while true {
        let start = next.add(Workspace.batch, ordering: .relaxed).oldValue
        guard start < numbers.count else { break }
        for number in numbers[start..<min(start + Workspace.batch, numbers.count)] {
          if let reading = one(number) { own.append(reading) }
        }
      }
      results.withLock { $0.append(moving: &own) }
    }
    return results.withLock { $0 }
  }
}

/// Reads files of a run, each with what it asks for.
private struct FileReader: Sendable {
  /// How much may be read for one file by the steps that find what it asks for, each of which reads all anew; in MiB.
  private static let mostReadAnew = 16

  let files: any FileSource
  let environmentFile: String?
  let candidates: [Candidate]
  let projects: PolicyProjects
  let idleMains: IdleMains
  let onlyKubernetes: Bool
  let cache: SuppliedCache
  /// What projects bring in, in entries.
  let broughtIn: Allowance
  /// The claims that hardly take room.
  let denseClaims: Allowance

  /// What keeps a reading from counting, once all are done.
  func limit(passedBy reading: FileReading) -> Problem.Limit? {
    if reading.broughtIn > 0, broughtIn.isTooMuch(before: reading.file.id) { return .broughtInTogether(broughtIn.most) }
    if reading.reading.denseClaims > 0, denseClaims.isTooMuch(before: reading.file.id) {
      return .claimsTogether(denseClaims.most)
    }
    return nil
  }

  /// The file at a path, read if nobody has asked for it before.
  private func supply(_ path: String) -> SuppliedCache.Answer {
    cache.file(at: path) { path in
      let number = candidates.number(ofPath: path)
      let id = number.map { FileID($0) } ?? .none
      if let number, let input = candidates[number].standardInput {
        return (candidates[number].file(id, input.contents), nil)
      }
      do throws(ReadFailure) {
        let file = SourceFile(id: id, path: path, contents: try files.contents(of: path))
        return (path.isOfEnvironmentFile ? file.hidden : file, nil)
      } catch .missing, .folder {
        return (nil, nil)
      } catch {
        return (SourceFile(id: id, path: path, contents: []), error)
      }
    }
  }

  /// Reads the candidate of a number; nothing for one that turns out to be no concern of the run.
  func read(_ number: Int) -> FileReading? {
    let (id, candidate) = (FileID(number), candidates[number])
    let contents: [UInt8]
    do throws(ReadFailure) {
      contents = try candidate.contents(from: files)
    } catch {
      // A neighbour may be called like a manifest and be none.
      if candidate.origin == .context, error == .folder { return nil }
      var reading = ManifestReading()
      reading.inventory.problems = [Problem(error.cause, at: SourceRange(file: id, start: 0, end: 0))]
      return FileReading(file: candidate.file(id, []), reading: reading)
    }
    let file = candidate.file(id, contents)
    guard mayBeManifest(file) else {
      // Only of a named file it is said that it is none.
      return candidate.origin == .named ? FileReading(file: file, reading: ManifestReading()) : nil
    }
    if onlyKubernetes, !file.bytes.contains(anyOf: ["apiVersion"], unescaped: true) { return nil }
    // The file that stands for every project's `.env` does not lie beside it.
    let companions = environmentFile == nil ? candidate.companions : nil
    let reading = read(file, beside: companions)
    broughtIn.add(reading.broughtIn, for: id)
    denseClaims.add(reading.reading.denseClaims, for: id)
    return reading
  }

  /// Reads a file, and what its format asks for, until there is nothing more to ask.
  private func read(_ file: SourceFile, beside companions: Companions?) -> FileReading {
    let (project, idle) = (projects.project(of: file.path), idleMains.idle(for: file.path))
    var supplied = SuppliedFiles(sharing: cache.variables)
    var failures: [Problem] = []
    var brought: [SourceFile] = []
    var (effort, included) = (0, 0)
    var areIncluded = false
    // What there was to read when files were asked for last, and before.
    var (amount, amountBefore, readAnew) = (FileReading.entries(of: file), 0, 0)
    while true {
      readAnew += amountBefore
      // What it takes until its own files are known, every file takes.
      if areIncluded { effort += supplied.values.reduce(file.bytes.count) { $0 + ($1?.bytes.count ?? 0) } }
      if effort > FileReader.mostReadAnew << 20 {
        let limit = Problem.Limit.broughtInSize(FileReader.mostReadAnew)
        return FileReading(stopping: file, by: limit, supplied: brought, failures)
      }
      let wanted: [String]
      switch readManifest(file, supplied: supplied, beside: companions, project: project, idle: idle) {
      case .done(let reading):
        var result = FileReading(
          file: file, reading: reading, supplied: brought, included: included, readAnew: readAnew)
        let environment = result.reading.projectParts.environment
        for (index, file) in brought.enumerated()
        where environment.contains(file.path.exact) || environmentFile.map(file.path.isExactly) ?? false {
          result.supplied[index] = file.hidden
        }
        if !failures.isEmpty { result.reading.inventory.problems += failures }
        return result
      case .needs(let paths): wanted = paths
      case .includes(let paths):
        // What would not be kept need not be read.
        if broughtIn.isTooMuch(before: file.id) {
          return FileReading(stopping: file, by: .broughtInTogether(broughtIn.most), supplied: brought, failures)
        }
        wanted = paths
        // Once, all is read anew for what a file asks for.
        if areIncluded { amountBefore = amount }
        areIncluded = true
      }
      supplied.reserveCapacity(supplied.count + wanted.count)
      let folder = file.folder
      for path in wanted {
        // The file that stands for a project's `.env` does not stand for those of what it includes.
        let source = environmentFile.flatMap { path.isExactly(folder + ".env") ? $0 : nil } ?? path
        let answer = supply(source)
        if let failure = answer.failure {
          supplied.note(unread: failure.cause, at: path)
          // What is named somewhere is spoken of there. A path may be made of what nobody is to see.
          guard Companions.mayBe(path, beside: file), let unread = answer.file else { continue }
          brought.append(unread)
          failures.append(Problem(failure.cause, at: SourceRange(file: unread.id, start: 0, end: 0)))
          continue
        }
        supplied[path] = .some(answer.file)
        guard let file = answer.file else { continue }
        brought.append(file)
        amount += FileReading.entries(of: file)
        if areIncluded { included += file.bytes.count }
      }
    }
  }
}

extension [Candidate] {
  /// The number of the candidate of a path, among candidates in the order of their paths. O(log *n*).
  func number(ofPath path: String) -> Int? {
    let number = indices.firstBehind { self[$0].path.exact < path.exact }
    return number < count && self[number].path.isExactly(path) ? number : nil
  }
}

extension ReadFailure {
  /// The problem that it is.
  var cause: Problem.Cause {
    switch self {
    case .missing, .folder, .outside, .unreadable: .unreadableFile(reason: reason)
    case .tooLarge(let limit): .limitExceeded(.size(limit))
    }
  }
}
