import ManifestFormats
import PolicyEngine
import PortModel
import SourceText

// Which files a run reads besides those that it was given: what they ask for, what they meet, and whose project they are of.

extension Workspace {
  /// Reads the files that were asked for and those without which they cannot be judged, in their order.
  ///
  /// - Parameter files: Gets those that the others ask for or wait for, such as what is included from elsewhere.
  func readAll(_ files: inout FileTable, _ paths: PolicyPaths, _ cache: RunCache) -> [FileReading] {
    var idleMains = IdleMains()
    var known = KnownReadings()
    var lists = fileLists(in: files, cache)
    addListedFiles(to: &files, lists, paths, cache)
    while true {
      let projects = paths.projects(policy.projects, of: files.candidates.lazy.map(\.path))
      let reader = FileReader(
        source: self.files, environmentFile: environmentFile, files: files, projects: projects, lists: lists,
        idleMains: idleMains, formats: loaded.formats, cache: cache, workers: workers)
      let targets = files.candidates.indices.filter { files.candidates[$0].origin != .context }
      read(targets, with: reader, into: &known)
      let context = contextNeeded(by: known.readings, files, projects, paths)
      read(context.required, with: reader, into: &known)
      // Where everything meets, whatever lies there may meet them.
      read(context.neighbours, with: reader, onlyKubernetes: !isTogether, into: &known)
      let strangers = strangers(of: known.readings, reader)
      let areIdleNew = strangers.isEmpty && idleMains.note(known.readings, isMissing: reader.isMissing)
      let areSettled = strangers.isEmpty && !areIdleNew
      if areSettled, files.find(unreadResources(of: known.readings, in: files, paths, cache)) { continue }
      guard areSettled else {
        // A file's places hold its number, and which project it is of may hang on what else is there.
        guard files.add(strangers.map { Candidate($0.text, .context) }) else {
          known = KnownReadings()
          lists = fileLists(in: files, cache)
          continue
        }
        let newLists = fileLists(in: files, cache)
        let areProjectsNew = areIdleNew || !policy.projects.isEmpty || newLists.differ(from: lists)
        lists = newLists
        known.forgetProvisional(andCompose: areProjectsNew)
        continue
      }
      let required = Set(context.required.map(files.id(at:)))
      let needed = Set((targets + context.neighbours).map(files.id(at:))).union(required)
      return known.finish { reading in
        guard needed.contains(reading.file.id) else { return false }
        reading.isRequired = required.contains(reading.file.id)
        guard let limit = reader.limit(passedBy: reading) else { return true }
        reading = FileReading(stopping: reading.file, by: limit, supplied: reading.supplied, [])
        return true
      }
    }
  }

  /// Reads files, but for those that have been read.
  private func read(
    _ positions: [Int], with reader: FileReader, onlyKubernetes: Bool = false, into known: inout KnownReadings
  ) {
    let new = positions.filter { known.isNew(reader.files.id(at: $0), onlyKubernetes: onlyKubernetes) }
    if new.isEmpty { return }
    known.add(read(new) { reader.read($0, onlyKubernetes: onlyKubernetes) })
  }

  /// The files that readings asked for, or wait for, and that are no candidates.
  private func strangers(of readings: [FileReading], _ reader: FileReader) -> Set<ExactText> {
    var strangers: Set<ExactText> = []
    // Each is looked at in its place: a reading is large, and hardly one speaks of other files.
    for index in readings.indices {
      for file in readings[index].supplied where file.id == .none { strangers.insert(file.path.exact) }
      guard let path = readings[index].reading.precedingFiles.first else { continue }
      if reader.files.position(ofPath: path) == nil, !reader.isMissing(path) { strangers.insert(path.exact) }
    }
    return strangers
  }

  /// The neighbours of named Kubernetes manifests; and what is required beside them: the kustomizations above, the first
  /// files of the projects that named files belong to, and the other files of the policy's deployments and projects.
  private func contextNeeded(
    by readings: [FileReading], _ files: FileTable, _ all: PolicyProjects, _ paths: PolicyPaths
  ) -> (required: [Int], neighbours: [Int]) {
    guard files.candidates.contains(where: { $0.origin == .context }) else { return ([], []) }
    var folders: Set<ExactText> = []
    var projects: Set<ExactText> = []
    for index in readings.indices {
      if readings[index].reading.formats.contains(.kubernetes) { folders.insert(readings[index].file.folder.exact) }
      if let project = readings[index].reading.precedingFiles.first { projects.insert(project.exact) }
      if !policy.projects.isEmpty { projects.formUnion(all.files(with: readings[index].file.path)) }
    }
    var needed: (required: [Int], neighbours: [Int]) = ([], [])
    for (position, candidate) in files.candidates.enumerated()
    where candidate.origin == .context && !candidate.path.isOfEnvironmentFile {
      let folder = candidate.path.folderPath
      let isRequired =
        projects.contains(candidate.path.exact)
        || Kustomization.isOne(candidate.path) && folders.contains { $0.text.utf8.starts(with: folder.utf8) }
        || !paths.deployments(of: policy.globPath(of: candidate.shownPath)).isEmpty
      if isRequired {
        needed.required.append(position)
      } else if folders.contains(candidate.neighbourhood.exact) {
        needed.neighbours.append(position)
      }
    }
    return needed
  }

  /// The candidates with the other files of the deployments and projects that they are of.
  ///
  /// - Parameter beyond: Gets the globs that lead out of the tree.
  func withGroups(
    _ candidates: [Candidate], _ paths: PolicyPaths, refusing beyond: inout [Problem]
  ) -> [Candidate] {
    if policy.deployments.isEmpty, policy.projects.isEmpty { return candidates }
    var known = Set(candidates.lazy.filter { $0.origin != .context }.map { policy.globPath(of: $0.shownPath).exact })
    // Sorted, so that what is counted is the same in every run.
    var missing = missingFiles(
      of: paths.groups(ofAny: known.sorted().map(\.text)).deployments, &known, paths, candidates.count,
      refusing: &beyond)
    let projects = paths.groups(ofAny: known.sorted().map(\.text)).projects
    if !projects.isEmpty {
      let present = candidates.lazy.filter { $0.origin != .context }.map(\.path) + missing.map(\.path)
      let others = missingFiles(of: projects, &known, paths, candidates.count, refusing: &beyond)
      let all = paths.projects(projects, of: present + others.map(\.path))
      let wanted = Set(present.flatMap { all.files(with: $0) })
      missing += others.filter { $0.failure != nil || wanted.contains($0.path.exact) }
    }
    let added = Set(missing.map(\.path.exact))
    return (candidates.filter { !added.contains($0.path.exact) } + missing).sorted { $0.path.exact < $1.path.exact }
  }

  /// The files of some groups that are not known yet.
  ///
  /// - Parameters:
  ///   - count: Among about how many files each glob's are looked for.
  ///   - beyond: Gets the globs that lead out of the tree.
  private func missingFiles(
    of groups: [FileGroup], _ known: inout Set<ExactText>, _ policyPaths: PolicyPaths, _ count: Int,
    refusing beyond: inout [Problem]
  ) -> [Candidate] {
    var missing: [Candidate] = []
    var searched: Set<PathGlob> = []
    for located in groups.flatMap(\.files) where searched.insert(located.value).inserted {
      let glob = located.value
      if policyPaths.isSpent(bySearchAmong: count) { break }
      do throws(ReadFailure) {
        let paths = try files.paths(matching: glob.description, from: loaded.folderPath)
        // What is named is meant, whatever git ignores.
        let isNamed = !glob.description.utf8.contains(where: \.isGlobSign)
        let new = paths.filter { path in
          if policyPaths.isExcluded(path) { return false }
          if heedsIgnoreFiles, !isNamed, files.isIgnored(path, onlyByGit: false) { return false }
          return known.insert(policy.globPath(of: path).exact).inserted
        }
        missing += new.map { Candidate($0, .context) }
      } catch .outside(let tree) {
        beyond.report(.unreadableFile(reason: ReadFailure.outside(tree: tree).reason), at: located.place)
      } catch {
        if known.insert(glob.description.exact).inserted {
          missing.append(Candidate(glob.description, .named, failure: error))
        }
      }
    }
    return missing
  }
}

/// What the files of a run came to so far.
private struct KnownReadings {
  private(set) var readings: [FileReading] = []
  /// The files that were read, and whether for Kubernetes' manifests only.
  private var files: [FileID: Bool] = [:]

  /// Whether a file is still to be read.
  ///
  /// - Parameter onlyKubernetes: Whether Kubernetes manifests are all that is sought.
  mutating func isNew(_ file: FileID, onlyKubernetes: Bool) -> Bool {
    if let known = files[file], !known || onlyKubernetes { return false }
    files[file] = onlyKubernetes
    return true
  }

  mutating func add(_ new: consuming [FileReading]) {
    if !readings.isEmpty {
      let again = Set(new.indices.map { new[$0].file.id })
      remove { again.contains($0) }
    }
    readings.append(moving: &new)
  }

  /// Forgets what has to be read again: what was supplied with files that had no number yet, and, where other files make
  /// the projects now, what is of Compose.
  mutating func forgetProvisional(andCompose areProjectsNew: Bool) {
    var meant: Set<FileID> = []
    for index in readings.indices
    where areProjectsNew && readings[index].reading.formats.contains(.compose)
      || readings[index].supplied.contains(where: { $0.id == .none })
    {
      meant.insert(readings[index].file.id)
      files[readings[index].file.id] = nil
    }
    remove { meant.contains($0) }
  }

  private mutating func remove(where isMeant: (FileID) -> Bool) {
    let numbers = readings.indices.filter { isMeant(readings[$0].file.id) }
    if !numbers.isEmpty { readings.removeSubranges(RangeSet(numbers, within: readings)) }
  }

  /// The readings that are needed, in the order of the files.
  ///
  /// A reading is large, so what is put in order is their places.
  consuming func finish(_ isNeeded: (inout FileReading) -> Bool) -> [FileReading] {
    let ids = readings.indices.map { readings[$0].file.id }
    var kept: [FileReading] = []
    kept.reserveCapacity(readings.count)
    for index in ids.indices.sorted(by: { ids[$0] < ids[$1] }) where isNeeded(&readings[index]) {
      kept.append(readings[index])
    }
    return kept
  }
}
