import ManifestFormats
import PolicyEngine
import PortModel
import SourceText

/// One run: which files, held against which policy.
///
/// The data goes one way: bytes, source files, inventories, diagnostics, a report. Reading happens here and nowhere
/// before the report; everything between is a function of values.
package struct Workspace: Sendable {
  package var policy: Policy
  package var files: any FileSource
  /// How many workers read at most.
  package var workers: Int

  package init(policy: Policy, files: any FileSource, workers: Int) {
    self.policy = policy
    self.files = files
    self.workers = workers
  }

  /// Reads the candidates, judges what they claim, and reports it.
  ///
  /// - Parameter candidates: The files, sorted by path: their order is what "earlier" means in findings.
  package func lint(_ candidates: [Candidate]) -> Report {
    let targets = candidates.indices.filter { candidates[$0].origin != .context }
    var readings = read(targets, of: candidates)
    let context = contextNeeded(by: readings, candidates)
    readings += read(context, of: candidates)
    readings.sort { $0.file.id < $1.file.id }
    return report(readings, candidates)
  }

  /// The neighbours without which the named Kubernetes manifests cannot be judged.
  private func contextNeeded(by readings: [FileReading], _ candidates: [Candidate]) -> [Int] {
    let folders = Set(readings.lazy.filter { $0.reading.formats.contains(.kubernetes) }.map(\.file.folder))
    return candidates.indices.filter { index in
      let candidate = candidates[index]
      return candidate.origin == .context && folders.contains(candidate.path.folderPath)
    }
  }

  private func report(_ readings: [FileReading], _ candidates: [Candidate]) -> Report {
    var inventory = Inventory()
    var kept: [FileID: SourceFile] = [:]
    for reading in readings {
      inventory.append(reading.reading.inventory)
      if !reading.reading.inventory.isEmpty { kept[reading.file.id] = reading.file }
    }
    inventory.joinFolders { kept[$0]?.folder ?? "" }
    let isTarget = { (file: FileID) in candidates[Int(file.index)].origin != .context }
    let diagnostics = judge(inventory, policy: policy) { candidates[Int($0.index)].path }
      .filter { diagnostic in isTarget(diagnostic.place.file) || diagnostic.related.contains { isTarget($0.place.file) }
      }
    let rows = inventory.bindings.indices
      .filter { inventory.bindings[$0].effect != .superseded && isTarget(inventory.bindings[$0].place.file) }
      .sorted { (inventory.bindings[$0].place, $0) < (inventory.bindings[$1].place, $1) }
    let judged = readings.filter { isTarget($0.file.id) }
    var summary = Report.Summary()
    for reading in judged {
      summary.files += reading.reading.documents > 0 || !reading.reading.inventory.problems.isEmpty ? 1 : 0
      summary.documents += reading.reading.documents
      summary.templates += reading.reading.isTemplate ? 1 : 0
    }
    summary.ports = rows.count
    summary.unresolved = rows.count { inventory.bindings[$0].port == .unresolved }
    let isComplete = !judged.contains { $0.reading.inventory.problems.contains(where: \.keepsFromJudging) }
    return Report(
      diagnostics: diagnostics, inventory: inventory, rows: rows, files: kept, summary: summary,
      isComplete: isComplete, notes: notes(on: judged, candidates))
  }

  private func notes(on readings: [FileReading], _ candidates: [Candidate]) -> [String] {
    let isNothing = { (reading: FileReading) in
      reading.reading.documents == 0 && reading.reading.inventory.problems.isEmpty
    }
    let named = readings.filter { candidates[Int($0.file.id.index)].origin == .named && isNothing($0) }
    let notes = named.map { "\($0.file.path): not a manifest that portlint knows" }
    return notes.isEmpty && readings.allSatisfy(isNothing) ? ["no manifest found"] : notes
  }
}

extension Problem {
  /// Whether the problem leaves a part of the run undone.
  fileprivate var keepsFromJudging: Bool {
    switch cause {
    case .unreadableFile, .limitExceeded: true
    default: false
    }
  }
}

extension Inventory {
  /// Whether nothing was read that a report may show.
  fileprivate var isEmpty: Bool {
    owners.isEmpty && bindings.isEmpty && references.isEmpty && problems.isEmpty
  }

  /// Makes one cluster of the manifests of each folder.
  fileprivate mutating func joinFolders(folder: (FileID) -> String) {
    var numbers: [String: Int32] = [:]
    func joined(_ unit: Scope.Unit) -> Scope.Unit {
      guard case .cluster(let file) = unit else { return unit }
      let folder = folder(file)
      let number = numbers[folder] ?? Int32(numbers.count)
      numbers[folder] = number
      return .deployment(number)
    }
    for index in bindings.indices { bindings[index].scope.unit = joined(bindings[index].scope.unit) }
    for index in owners.indices { owners[index].cluster = owners[index].cluster.map(joined) }
    for index in references.indices { references[index].toward = references[index].toward.joined(joined) }
  }
}
