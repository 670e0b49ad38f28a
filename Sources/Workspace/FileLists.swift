import ManifestFormats
import PortModel
import SourceText

/// What the `.env` files of a run say with `COMPOSE_FILE`: which files make Compose projects.
struct FileLists {
  /// One of them.
  struct List {
    var variables: SourceFile
    /// The folder from which its names count.
    var folder: String
    /// Nothing where what it names is not known.
    var names: ComposeFileList?
    /// What it surely names where not all is known.
    var known: ComposeFileList?
    /// What is wrong with the variables.
    var problems: [Problem] = []
    /// Whether it lies in a folder that was looked through, or was named.
    var isFound: Bool
  }

  /// In the order of their paths.
  private(set) var all: [List] = []
  /// The projects of files that lists of other folders name; nothing for a file that several do.
  private var projects: [ExactText: ComposeListing?] = [:]
  /// The files of projects that have others, of which nobody knows.
  private var partlyKnown: Set<ExactText> = []

  /// No lists.
  init() {}

  /// - Parameter read: What lies at a path.
  init(of files: FileTable, _ cache: ReadingCache, read: (String) -> Result<SourceFile, ReadFailure>) {
    for (position, candidate) in files.candidates.enumerated()
    where candidate.path.isPath(toFile: Companions.variablesName) {
      let folder = candidate.path.folderPath
      let isFound = candidate.companions != nil || candidate.origin == .named
      let variables: SourceFile
      switch read(candidate.path) {
      case .success(let file): variables = file
      case .failure(.missing), .failure(.folder), .failure(.brokenLink): continue
      case .failure(let failure):
        let nothing = candidate.file(files.id(at: position), [])
        var problems: [Problem] = []
        problems.report(failure.cause, at: SourceRange(file: nothing.id, start: 0, end: 0))
        all.append(List(variables: nothing, folder: folder, problems: problems, isFound: isFound))
        continue
      }
      guard let (names, known, problems) = cache.fileList(of: variables) else { continue }
      all.append(
        List(variables: variables, folder: folder, names: names, known: known, problems: problems, isFound: isFound))
      if let known { partlyKnown.formUnion(known.paths(from: folder).lazy.map(\.exact)) }
      guard let names else { continue }
      let paths = names.paths(from: folder)
      let listing = ComposeListing(files: paths, variables: candidate.path)
      for path in Set(paths.map(\.exact)) where !path.text.folderPath.isExactly(folder) {
        projects[path] = .some(projects[path] == nil ? listing : nil)
      }
    }
  }

  /// The files that lists in view name.
  var paths: Set<ExactText> {
    Set(
      all.lazy.filter(\.isFound).flatMap { list in
        (list.names ?? list.known)?.paths(from: list.folder).map(\.exact) ?? []
      })
  }

  /// Whether a file is of a project that has others, of which nobody knows.
  func isPartlyKnown(_ path: String) -> Bool {
    partlyKnown.contains(path.exact)
  }

  /// The project that a list of another folder makes a file one of.
  func project(of path: String) -> ComposeListing? {
    projects[path.exact] ?? nil
  }

  /// Whether files are of other projects than by those lists.
  func differ(from other: FileLists) -> Bool {
    projects != other.projects || partlyKnown != other.partlyKnown
  }
}

extension Workspace {
  /// The lists of the files that are in view. The file that stands for every `.env` is none of a folder's.
  func fileLists(in files: FileTable, _ cache: RunCache) -> FileLists {
    guard environmentFile == nil else { return FileLists() }
    return FileLists(of: files, cache.readings) { cache.file(at: $0, in: files, from: self.files).map(\.unshown) }
  }

  /// Adds what lists name that a walk does not meet, for it is what Docker starts.
  func addListedFiles(to files: inout FileTable, _ lists: FileLists, _ paths: PolicyPaths, _ cache: RunCache) {
    var found: Set<ExactText> = []
    var new: [Candidate] = []
    for path in lists.paths where !paths.isExcluded(path.text) {
      let position = files.position(ofPath: path.text)
      if let position, files.candidates[position].origin != .context { continue }
      switch cache.file(at: path.text, in: files, from: self.files) {
      case .success(let file):
        // What else is called like a file of variables is left alone.
        if path.text.isOfEnvironmentFile, membership(of: file, cache.readings) != .member { continue }
      case .failure where position == nil || path.text.isOfEnvironmentFile: continue
      case .failure: break
      }
      if position == nil { new.append(Candidate(path.text, .found)) } else { found.insert(path) }
    }
    _ = files.find(found)
    _ = files.add(new)
  }

  /// Says of the files that `COMPOSE_FILE` names which are not there, or nothing of Compose's.
  func reportFileLists(of readings: inout [FileReading], in files: inout FileTable, _ cache: RunCache) {
    let lists = listsInView(of: readings, files, cache)
    if lists.isEmpty { return }
    let compose = Set(readings.lazy.filter { $0.reading.formats.contains(.compose) }.map(\.file.path.exact))
    var known: [ExactText: Standing] = [:]
    var alone: [FileReading] = []
    for (list, index) in lists {
      // Where a reading has the variables, it says what is wrong with them.
      var problems = index == nil ? list.problems : []
      var lacking: [String] = []
      let names = (list.names ?? list.known)?.files(from: list.folder) ?? []
      var isEmpty = list.names?.isWhole ?? false
      for name in names {
        if compose.contains(name.path.exact) {
          isEmpty = false
          continue
        }
        let standing = known[name.path.exact] ?? standing(of: name, in: files, cache)
        known[name.path.exact] = standing
        if case .saysNothing = standing { continue }
        isEmpty = false
        guard case .faulty(let cause) = standing else { continue }
        problems.report(cause, at: name.place)
        lacking.append(name.path)
      }
      if isEmpty, let name = names.first {
        problems.report(.brokenInclude(.emptyComposeFile(name.shown)), at: name.place)
      }
      if let index {
        readings[index].reading.inventory.problems += problems
        readings[index].lacking += lacking
        readings[index].reading.limitProblems()
      } else if !problems.isEmpty {
        var reading = FileReading(file: list.variables, reading: ManifestReading(), lacking: lacking)
        reading.reading.inventory.problems = problems
        reading.reading.limitProblems()
        alone.append(reading)
      }
    }
    guard !alone.isEmpty else { return }
    _ = files.find(Set(alone.map(\.file.path.exact)))
    readings.append(moving: &alone)
    readings.sort { $0.file.id < $1.file.id }
  }

  /// The lists that something in view hangs on, each with the reading that says what is wrong with it, if there is one.
  private func listsInView(
    of readings: [FileReading], _ files: FileTable, _ cache: RunCache
  ) -> [(list: FileLists.List, reading: Int?)] {
    if let environmentFile { return lists(standingIn: environmentFile, readings) }
    let lists = fileLists(in: files, cache).all
    if lists.isEmpty { return [] }
    // The first whose project it is says it.
    var speakers: [ExactText: Int] = [:]
    for index in readings.indices where readings[index].reading.formats.contains(.compose) {
      for supplied in readings[index].supplied where speakers[supplied.path.exact] == nil {
        speakers[supplied.path.exact] = index
      }
    }
    return lists.compactMap { list in
      let speaker = speakers[list.variables.path.exact]
      return speaker == nil && !list.isFound ? nil : (list, speaker)
    }
  }

  /// What a file that stands for the `.env` of every folder lists there.
  private func lists(
    standingIn path: String, _ readings: [FileReading]
  ) -> [(list: FileLists.List, reading: Int?)] {
    var folders: Set<ExactText> = []
    // One file stands for the variables of all folders.
    var names: ComposeFileList?
    return readings.indices.lazy.filter { readings[$0].reading.hasFileList }.compactMap { index in
      let folder = readings[index].file.folder
      guard let variables = readings[index].supplied.first(where: { $0.path.isExactly(path) }),
        folders.insert(folder.exact).inserted
      else { return nil }
      names = names ?? ComposeFileList(of: variables)
      return names.map { (FileLists.List(variables: variables, folder: folder, names: $0, isFound: false), index) }
    }
  }

  /// What a file is among a Compose project's.
  private enum Standing {
    case member
    /// It has no document, and Compose passes it over where others have one.
    case saysNothing
    /// What keeps it from being one.
    case faulty(Problem.Cause)
  }

  private func standing(of name: ComposeFileList.Name, in files: FileTable, _ cache: RunCache) -> Standing {
    switch cache.file(at: name.path, in: files, from: self.files) {
    case .success(let file):
      switch membership(of: file, cache.readings) {
      case .member: .member
      case .withoutDocument: .saysNothing
      case .emptyDocument: .faulty(.brokenInclude(.emptyComposeFile(name.shown)))
      // What is no YAML is said elsewhere, but for what is called like a file of variables.
      case .unknown: name.path.isOfEnvironmentFile ? .faulty(.brokenInclude(.noComposeFile(name.shown))) : .member
      case .stranger: .faulty(.brokenInclude(.noComposeFile(name.shown)))
      }
    case .failure(.missing) where self.files.isIgnored(name.path): .member
    case .failure(.missing): .faulty(.brokenInclude(.missingFile(name.shown)))
    case .failure(.folder): .faulty(.brokenInclude(.noComposeFile(name.shown)))
    case .failure(let failure): .faulty(failure.cause)
    }
  }
}
