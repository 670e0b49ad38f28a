import ManifestFormats
import PortModel
import SourceText

extension Workspace {
  /// Says of what kustomizations name which is not there, or cannot be read.
  func reportResources(of readings: inout [FileReading], in files: FileTable, _ cache: RunCache) {
    struct Named: Hashable {
      var path: ExactText
      var use: KustomizationPath.Use
    }
    var known: [Named: Problem.Cause?] = [:]
    for index in readings.indices
    where Kustomization.isOne(readings[index].file.path) || !readings[index].reading.kustomized.isEmpty {
      // One that says what becomes of others' manifests is not asked about itself.
      guard files[readings[index].file.id]?.origin != .context else { continue }
      reportOthers(beside: &readings[index], in: files)
      for path in readings[index].reading.kustomized {
        let named = Named(path: path.path.exact, use: path.use)
        let cause = known[named] ?? fault(of: path, in: files, cache)
        known[named] = .some(cause)
        guard let cause else { continue }
        readings[index].reading.inventory.problems.report(cause, at: path.place)
        readings[index].lacking += [path.path] + path.kustomizations
      }
      readings[index].reading.limitProblems()
    }
  }

  /// Says of a kustomization that another lies beside it; of two that are looked at, the first says it.
  private func reportOthers(beside reading: inout FileReading, in files: FileTable) {
    let folder = reading.file.folder
    let others = Kustomization.names.map { folder + $0 }.filter { path in
      !path.isExactly(reading.file.path) && files.position(ofPath: path) != nil
    }
    guard Kustomization.isOne(reading.file.path), let other = others.first,
      !others.contains(where: { $0.exact < reading.file.path.exact })
    else { return }
    let place = SourceRange(file: reading.file.id, start: 0, end: 0)
    let cause = Problem.BrokenKustomization.several(other.below(folder))
    reading.reading.inventory.problems.report(.brokenInclude(.brokenKustomization(cause)), at: place)
  }

  /// What keeps kustomize from using the content of a file.
  private func faultOfContent(_ named: KustomizationPath) -> Problem.Cause? {
    switch files.failure(of: named.path) {
    // What git ignores is made elsewhere, and so is as often as not what holds variables.
    case .missing where files.isIgnored(named.path) || named.path.isOfEnvironmentFile: nil
    case .missing, .folder: .brokenInclude(.missingFile(named.path))
    default: nil
    }
  }

  /// What keeps kustomize from using a file, or the kustomization of a folder.
  private func fault(of named: KustomizationPath, in files: FileTable, _ cache: RunCache) -> Problem.Cause? {
    if named.use == .content { return faultOfContent(named) }
    let path = named.path
    /// Why a file cannot be read; nothing where it can, and where the run says so itself.
    func reasonNotToRead(_ path: String) -> ReadFailure? {
      if let position = files.position(ofPath: path), files.candidates[position].origin != .context { return nil }
      guard case .failure(let failure) = cache.file(at: path, in: files, from: self.files) else { return nil }
      return failure
    }
    let failure = reasonNotToRead(path)
    if failure == nil, named.mayBeFile {
      return path.isOfEnvironmentFile ? .unreadableFile(reason: "is an environment file") : nil
    }
    for kustomization in named.mayBeFolder ? named.kustomizations : [] {
      switch reasonNotToRead(kustomization) {
      case nil: return nil
      case .missing, .folder: continue
      case let failure?: return failure.cause
      }
    }
    // Something else brings what git ignores.
    if failure == .missing, self.files.isIgnored(path) || self.files.isIgnored(named.folder) { return nil }
    switch failure {
    case .missing: return .brokenInclude(.missingFile(path))
    case .folder where !named.mayBeFolder: return .brokenInclude(.missingFile(path.isEmpty ? "." : path))
    case .folder, nil: return .brokenInclude(.missingFile(named.folder + Kustomization.names[0]))
    case .outside, .unreadable, .tooLarge, .tooManyIgnoreSteps: return failure?.cause
    }
  }

  /// The files of which kustomizations bring in the objects, and that stand for themselves without being judged yet: a
  /// walk leaves out what is ignored and what is not called like a manifest.
  func unreadResources(
    of readings: [FileReading], in files: FileTable, _ paths: PolicyPaths, _ cache: RunCache
  ) -> Set<ExactText> {
    var unread: Set<ExactText> = []
    for index in readings.indices where !readings[index].reading.kustomized.isEmpty {
      guard files[readings[index].file.id]?.origin != .context else { continue }
      for path in readings[index].reading.kustomized.lazy.filter({ $0.use == .resource }).map(\.path) {
        if readings[index].reading.builtParts.contains(path.exact) || path.isOfEnvironmentFile { continue }
        guard let position = files.position(ofPath: path), files.candidates[position].origin == .context else {
          continue
        }
        guard case .success = cache.file(at: path, in: files, from: self.files), !paths.isExcluded(path) else {
          continue
        }
        unread.insert(path.exact)
      }
    }
    return unread
  }
}
