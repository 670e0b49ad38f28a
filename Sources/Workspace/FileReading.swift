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
  /// The paths at which it asked for files and there are none.
  var lacking: [String] = []

  /// Whether the run's other files cannot be judged without it.
  var isRequired = false

  /// How much was to be read of files that it includes or extends, in bytes.
  var included = 0
  /// How much of it was to be read again and again, in entries.
  var readAnew = 0
  /// How often kustomizations were gone through to find what they bring in.
  var gathered = 0
}

extension FileReading {
  /// How much it is, in entries, to have what others bring in: a claim and an owner count as one, and what was read for
  /// them as one for each 64 bytes.
  fileprivate var broughtIn: Int {
    let entries = reading.inventory.owners.count + reading.inventory.bindings.count
    return included >> 6 + readAnew + (reading.projectParts.isEmpty && reading.builtParts.isEmpty ? 0 : entries)
  }

  /// How much was built of kustomizations, in steps.
  fileprivate var built: Int { gathered + reading.builtSteps }

  /// How much it is to read a file, in entries.
  fileprivate static func entries(of file: SourceFile) -> Int {
    20 + file.bytes.count >> 8
  }

  /// The reading of a file that a limit keeps from being judged.
  init(stopping file: SourceFile, by limit: Problem.Limit, supplied: [SourceFile], _ failures: [Problem]) {
    self.init(file: file, reading: ManifestReading(), supplied: supplied)
    let place = SourceRange(file: file.id, start: 0, end: 0)
    reading.inventory.problems.report(.limitExceeded(limit), at: place)
    reading.inventory.problems += failures
  }
}

/// What a run has read: each file once, however many ask for it.
final class RunCache: Sendable {
  /// What is worked out of files.
  let readings: ReadingCache
  /// What lies at the paths that were asked for.
  private let files = OnceTable<ExactText, Result<SourceFile, ReadFailure>>()
  /// What projects bring in, in entries.
  let broughtIn: Allowance
  /// The claims that hardly take room.
  let denseClaims: Allowance
  /// What is built of kustomizations, in steps.
  let built: Allowance

  init(_ workspace: Workspace, sharing readings: ReadingCache) {
    self.readings = readings
    broughtIn = Allowance(most: workspace.mostBroughtIn)
    denseClaims = Allowance(most: workspace.mostDenseClaims)
    built = Allowance(most: workspace.mostBuilt)
  }

  /// The file at a path, with its number where it has one.
  ///
  /// - Parameter position: Its place among those of the table; nothing where it has none.
  func file(
    at path: String, _ position: Int?, in table: FileTable, from source: any FileSource
  ) -> Result<SourceFile, ReadFailure> {
    let id = position.map(table.id(at:)) ?? .none
    return files.value(for: path.exact) {
      Result { () throws(ReadFailure) in
        guard let position else { return SourceFile(id: id, path: path, contents: try source.contents(of: path)) }
        let candidate = table.candidates[position]
        return candidate.file(id, try candidate.contents(from: source))
      }
    }.map { $0.id == id ? $0 : $0.numbered(id) }
  }

  func file(
    at path: String, in table: FileTable, from source: any FileSource
  ) -> Result<SourceFile, ReadFailure> {
    file(at: path, table.position(ofPath: path), in: table, from: source)
  }

  /// Forgets a file that nobody else will ask for.
  func forget(_ path: String) {
    files.forget(path.exact)
  }
}

extension Workspace {
  /// Below this many files one worker is faster than several.
  private static let fewFiles = 32
  /// How many files a worker takes at a time.
  private static let batch = 16

  /// Reads the files at some places of the order, each by itself, on several cores where there are many.
  func read(_ numbers: [Int], one: @Sendable (Int) -> FileReading?) -> [FileReading] {
    let workers = numbers.count < Workspace.fewFiles ? 1 : min(self.workers(), numbers.count / Workspace.batch)
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
struct FileReader: Sendable {
  /// How much may be gone through for one file by the steps that find what it asks for, each of which begins anew; in MiB.
  private static let mostReadAnew = 16

  let source: any FileSource
  let environmentFile: String?
  let files: FileTable
  let projects: PolicyProjects
  let lists: FileLists
  let idleMains: IdleMains
  let formats: FormatTable
  let cache: RunCache
  /// On how many cores a large file is read.
  let workers: @Sendable () -> Int

  private var broughtIn: Allowance { cache.broughtIn }

  /// What keeps a reading from counting, once all are done.
  func limit(passedBy reading: FileReading) -> Problem.Limit? {
    if reading.broughtIn > 0, broughtIn.isTooMuch(before: reading.file.id) { return .broughtInTogether(broughtIn.most) }
    if reading.built > 0, cache.built.isTooMuch(before: reading.file.id) { return .broughtInTogether(cache.built.most) }
    if reading.reading.denseClaims > 0, cache.denseClaims.isTooMuch(before: reading.file.id) {
      return .claimsTogether(cache.denseClaims.most)
    }
    return nil
  }

  private func file(at path: String) -> Result<SourceFile, ReadFailure> {
    cache.file(at: path, in: files, from: source)
  }

  /// Whether there is nothing to read at a path.
  func isMissing(_ path: String) -> Bool {
    switch file(at: path) {
    case .failure(.missing), .failure(.folder): true
    default: false
    }
  }

  /// Reads the file at a place of the order; nothing for one that turns out to be no concern of the run.
  ///
  /// - Parameter onlyKubernetes: Whether Kubernetes manifests are all that is sought.
  func read(_ position: Int, onlyKubernetes: Bool) -> FileReading? {
    let (id, candidate) = (files.id(at: position), files.candidates[position])
    let file: SourceFile
    switch cache.file(at: candidate.path, position, in: files, from: source) {
    case .success(let read): file = read
    case .failure(let failure):
      // A neighbour may be called like a manifest and be none.
      if candidate.origin == .context, failure == .folder { return nil }
      // Something else brings what git ignores.
      let isBrokenLink = failure == .brokenLink && candidate.origin != .named
      if isBrokenLink, realPath(of: candidate.path).map(source.isIgnored) ?? false { return nil }
      var reading = ManifestReading()
      reading.inventory.problems.report(
        isBrokenLink ? .brokenInclude(.link) : failure.cause, at: SourceRange(file: id, start: 0, end: 0))
      return FileReading(file: candidate.file(id, []), reading: reading)
    }
    // Of what lies beside, a kustomization may ask.
    let isShared = mayBeShared(file)
    if candidate.origin != .context, !isShared { cache.forget(file.path) }
    let formats = formats.reading(file) { !isMissing($0) }
    guard mayBeManifest(file, formats, holdsPorts: candidate.origin != .named) else {
      // Only of a named file it is said that it is none.
      return candidate.origin == .named ? FileReading(file: file, reading: ManifestReading()) : nil
    }
    if onlyKubernetes, !file.bytes.contains(anyOf: ["apiVersion"], unescaped: true) { return nil }
    // The file that stands for every project's `.env` does not lie beside it.
    let companions = environmentFile == nil ? candidate.companions : nil
    let reading = read(
      file, beside: companions, among: formats, isShared: isShared, onlyDeclared: candidate.isOfHiddenFolder)
    broughtIn.set(reading.broughtIn, for: id)
    cache.denseClaims.set(reading.reading.denseClaims, for: id)
    cache.built.set(reading.built, for: id)
    return reading
  }

  /// Reads a file, and what its format asks for, until there is nothing more to ask.
  private func read(
    _ file: SourceFile, beside companions: Companions?, among formats: FormatTable, isShared: Bool,
    onlyDeclared: Bool
  ) -> FileReading {
    let project = projects.project(of: file.path).map { ComposeListing(files: $0) } ?? lists.project(of: file.path)
    let idle = idleMains.idle(for: file.path)
    var supplied = SuppliedFiles(sharing: cache.readings)
    var failures: [Problem] = []
    var brought: [SourceFile] = []
    var lacking: [String] = []
    var (effort, included, gathered) = (0, 0, 0)
    var areIncluded = false
    // What there was to read when files were asked for last, and before.
    var (amount, amountBefore, readAnew) = (FileReading.entries(of: file), 0, 0)
    // What its own documents came to, once these are known for good.
    var documents: ReadDocuments?
    while true {
      readAnew += amountBefore
      // What it takes until its own files are known, every file takes.
      if areIncluded { effort += supplied.values.reduce(file.bytes.count) { $0 + ($1?.bytes.count ?? 0) } }
      if effort > FileReader.mostReadAnew << 20 {
        let limit = Problem.Limit.broughtInSize(FileReader.mostReadAnew)
        return FileReading(stopping: file, by: limit, supplied: brought, failures)
      }
      let wanted: [String]
      let step =
        documents.take()?.finish(with: supplied)
        ?? readManifest(
          file, supplied: supplied, beside: companions, project: project, idle: idle, formats: formats,
          onlyDeclared: onlyDeclared, isShared: isShared, onEveryCore: { Threads.perform(times: workers(), $0) })
      switch step {
      case .done(let reading):
        var result = FileReading(
          file: file, reading: reading, supplied: brought, lacking: lacking, included: included, readAnew: readAnew,
          gathered: gathered)
        let environment = result.reading.projectParts.environment
        for (index, file) in brought.enumerated()
        where environment.contains(file.path.exact) || environmentFile.map(file.path.isExactly) ?? false {
          result.supplied[index] = file.unshown
        }
        if !failures.isEmpty { result.reading.inventory.problems += failures }
        // A file of which nobody knows may have the services whose networks are used.
        if lists.isPartlyKnown(file.path) { result.reading.inventory.problems.removeAll(where: \.isOfSharedNetwork) }
        return result
      case .needs(let paths):
        wanted = paths
        // All is gone through anew for each step down, and a folder is asked for under four names.
        gathered += supplied.count >> 2
        if gathered > 0, cache.built.isTooMuch(before: file.id) {
          return FileReading(stopping: file, by: .broughtInTogether(cache.built.most), supplied: brought, failures)
        }
      case .includes(let paths, let read):
        documents = read
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
        let found: SourceFile
        switch self.file(at: source) {
        case .success(let file): found = source.isOfEnvironmentFile ? file.unshown : file
        case .failure(.missing), .failure(.folder):
          supplied[path] = .some(nil)
          lacking.append(source)
          if areIncluded, self.source.isIgnored(path) { supplied.noteIgnored(path) }
          continue
        case .failure(let failure):
          supplied.note(unread: failure.cause, at: path)
          // What is named somewhere is spoken of there. A path may be made of what nobody is to see.
          guard Companions.mayBe(path, beside: file) else { continue }
          let id = files.position(ofPath: source).map(files.id(at:)) ?? .none
          brought.append(SourceFile(id: id, path: source, contents: []))
          failures.report(failure.cause, at: SourceRange(file: id, start: 0, end: 0))
          continue
        }
        supplied[path] = .some(found)
        brought.append(found)
        amount += FileReading.entries(of: found)
        if areIncluded { included += found.bytes.count }
      }
    }
  }
}

extension ReadFailure {
  /// The problem that it is.
  var cause: Problem.Cause {
    switch self {
    case .missing, .folder, .outside, .unreadable: .unreadableFile(reason: reason)
    case .tooLarge(let limit): .limitExceeded(.size(limit))
    case .tooManyIgnoreSteps(let limit): .limitExceeded(.ignoreSteps(limit))
    }
  }
}
