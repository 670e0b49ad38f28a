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
    /// What is wrong with the variables.
    var problems: [Problem] = []
    /// Whether it lies in a folder that was looked through, or was named.
    var isFound: Bool
  }

  /// In the order of their paths.
  private(set) var all: [List] = []
  /// The projects of files that lists of other folders name; nothing for a file that several do.
  private var projects: [ExactText: ComposeListing?] = [:]

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
      guard let (names, problems) = cache.fileList(of: variables) else { continue }
      all.append(
        List(variables: variables, folder: folder, names: names, problems: problems, isFound: isFound))
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
    Set(all.lazy.filter(\.isFound).flatMap { list in list.names?.paths(from: list.folder).map(\.exact) ?? [] })
  }

  /// The project that a list of another folder makes a file one of.
  func project(of path: String) -> ComposeListing? {
    projects[path.exact] ?? nil
  }

  /// Whether files are of other projects than by those lists.
  func differ(from other: FileLists) -> Bool {
    projects != other.projects
  }
}

extension Workspace {
  /// The lists of the files that are in view. The file that stands for every `.env` is none of a folder's.
  func fileLists(in files: FileTable, _ cache: RunCache) -> FileLists {
    guard environmentFile == nil else { return FileLists() }
    return FileLists(of: files, cache.readings) { cache.file(at: $0, in: files, from: self.files).map(\.hidden) }
  }

  /// Adds what lists name that a walk does not meet, for it is what Docker starts.
  func addListedFiles(to files: inout FileTable, _ lists: FileLists, _ paths: PolicyPaths, _ cache: RunCache) {
    var found: Set<ExactText> = []
    var new: [Candidate] = []
    for path in lists.paths where !path.text.isOfEnvironmentFile && !paths.isExcluded(path.text) {
      if let position = files.position(ofPath: path.text) {
        if files.candidates[position].origin == .context { found.insert(path) }
      } else if case .success = cache.file(at: path.text, in: files, from: self.files) {
        new.append(Candidate(path.text, .found))
      }
    }
    _ = files.find(found)
    _ = files.add(new)
  }

  /// Says of the files that `COMPOSE_FILE` names which are not there, or nothing of Compose's.
  func reportFileLists(of readings: inout [FileReading], in files: inout FileTable, _ cache: RunCache) {
    let compose = Set(readings.lazy.filter { $0.reading.formats.contains(.compose) }.map(\.file.path.exact))
    var known: [ExactText: Problem.Cause?] = [:]
    var alone: [FileReading] = []
    for (list, index) in listsInView(of: readings, files, cache) {
      // Where a reading has the variables, it says what is wrong with them.
      var problems = index == nil ? list.problems : []
      var lacking: [String] = []
      for name in list.names?.files(from: list.folder) ?? [] where !compose.contains(name.path.exact) {
        let cause = known[name.path.exact] ?? fault(of: name, in: files, cache)
        known[name.path.exact] = .some(cause)
        guard let cause else { continue }
        problems.report(cause, at: name.place)
        lacking.append(name.path)
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

  /// What keeps a file from being one of a Compose project's.
  private func fault(of name: ComposeFileList.Name, in files: FileTable, _ cache: RunCache) -> Problem.Cause? {
    switch cache.file(at: name.path, in: files, from: self.files) {
    case .success(let file):
      mayBeOfComposeProject(file, cache.readings) ? nil : .brokenInclude(.noComposeFile(name.shown))
    case .failure(.missing) where self.files.isIgnored(name.path): nil
    case .failure(.missing): .brokenInclude(.missingFile(name.shown))
    case .failure(.folder): .brokenInclude(.noComposeFile(name.shown))
    case .failure(let failure): failure.cause
    }
  }
}
