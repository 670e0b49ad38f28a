import ManifestFormats
import PortModel
import SourceText

extension Workspace {
  /// Says of what kustomizations bring in which is not there, or cannot be read.
  func reportResources(of readings: inout [FileReading], in files: FileTable, _ cache: RunCache) {
    var known: [ExactText: Problem.Cause?] = [:]
    for index in readings.indices where !readings[index].reading.resources.isEmpty {
      // One that says what becomes of others' manifests is not asked about itself.
      guard files[readings[index].file.id]?.origin != .context else { continue }
      for resource in readings[index].reading.resources {
        let cause = known[resource.value.exact] ?? fault(ofResource: resource.value, in: files, cache)
        known[resource.value.exact] = .some(cause)
        if let cause { readings[index].reading.inventory.problems.report(cause, at: resource.place) }
      }
      readings[index].reading.limitProblems()
    }
  }

  /// What keeps kustomize from bringing in a file, or the kustomization of a folder.
  private func fault(ofResource path: String, in files: FileTable, _ cache: RunCache) -> Problem.Cause? {
    /// Why a file cannot be read; nothing where it can, and where the run says so itself.
    func reasonNotToRead(_ path: String) -> ReadFailure? {
      if let position = files.position(ofPath: path), files.candidates[position].origin != .context { return nil }
      guard case .failure(let failure) = cache.file(at: path, in: files, from: self.files) else { return nil }
      return failure
    }
    guard let failure = reasonNotToRead(path) else { return nil }
    let folder = path.isEmpty || path.endsInSlash ? path : path + "/"
    for name in Kustomization.names {
      switch reasonNotToRead(folder + name) {
      case nil: return nil
      case .missing, .folder: continue
      case let failure?: return failure.cause
      }
    }
    // Something else brings what git ignores.
    if failure == .missing, self.files.isIgnored(path) || self.files.isIgnored(folder) { return nil }
    switch failure {
    case .missing: return .brokenInclude(.missingFile(path))
    // The tree's own folder does not lie in it.
    case .folder, .outside: return .brokenInclude(.missingFile(folder + Kustomization.names[0]))
    case .unreadable, .tooLarge, .tooManyIgnoreSteps: return failure.cause
    }
  }
}
