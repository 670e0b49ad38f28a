import ManifestFormats
import PortModel
import SourceText

extension Workspace {
  /// Says of what kustomizations bring in which is not there, or cannot be read.
  func reportResources(of readings: inout [FileReading], among candidates: [Candidate]) {
    var known: [ExactText: Problem.Cause?] = [:]
    for index in readings.indices where !readings[index].reading.resources.isEmpty {
      // One that says what becomes of others' manifests is not asked about itself.
      guard candidates[Int(readings[index].file.id.index)].origin != .context else { continue }
      for resource in readings[index].reading.resources {
        let cause = known[resource.value.exact] ?? fault(ofResource: resource.value, among: candidates)
        known[resource.value.exact] = .some(cause)
        if let cause { readings[index].reading.inventory.problems.append(Problem(cause, at: resource.place)) }
      }
      readings[index].reading.limitProblems()
    }
  }

  /// What keeps kustomize from bringing in a file, or the kustomization of a folder.
  private func fault(ofResource path: String, among candidates: [Candidate]) -> Problem.Cause? {
    guard let failure = failure(ofReading: path, among: candidates) else { return nil }
    let folder = path.isEmpty || path.endsInSlash ? path : path + "/"
    for name in Kustomization.names {
      switch self.failure(ofReading: folder + name, among: candidates) {
      case nil: return nil
      case .missing, .folder: continue
      case let failure?: return failure.cause
      }
    }
    switch failure {
    case .missing: return .brokenInclude(.missingFile(path))
    // The tree's own folder does not lie in it.
    case .folder, .outside: return .brokenInclude(.missingFile(folder + Kustomization.names[0]))
    case .unreadable, .tooLarge: return failure.cause
    }
  }

  /// Why a file cannot be read; nothing where it can, and where the run says so itself.
  private func failure(ofReading path: String, among candidates: [Candidate]) -> ReadFailure? {
    if let number = candidates.number(ofPath: path), candidates[number].origin != .context { return nil }
    do throws(ReadFailure) {
      _ = try files.contents(of: path)
      return nil
    } catch {
      return error
    }
  }
}
