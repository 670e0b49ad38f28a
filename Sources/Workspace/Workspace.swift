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
  /// The file that stands in the place of every project's `.env`.
  package var environmentFile: String?

  package init(policy: Policy, files: any FileSource, workers: Int) {
    self.policy = policy
    self.files = files
    self.workers = workers
  }

  /// Reads the candidates, judges what they claim, and reports it.
  ///
  /// - Parameter candidates: The files, sorted by path: their order is what "earlier" means in findings.
  package func lint(_ candidates: [Candidate]) -> Report {
    var candidates = candidates
    var readings = readAll(candidates)
    // Files from outside the run, such as an included one, need a place in its order; then all is read anew.
    let strangers = Set(readings.flatMap(\.supplied).filter { $0.id == .none }.map(\.path))
      .union(readings.compactMap(\.reading.projectFile)).subtracting(candidates.map(\.path))
    if !strangers.isEmpty {
      candidates = (candidates + strangers.map { Candidate($0, .context) }).sorted { $0.path < $1.path }
      readings = readAll(candidates)
    }
    return report(consume readings, candidates)
  }

  /// The readings of the files that were asked for, and of those without which they cannot be judged, in order.
  private func readAll(_ candidates: [Candidate]) -> [FileReading] {
    let cache = SuppliedCache()
    let targets = candidates.indices.filter { candidates[$0].origin != .context }
    let readings = read(targets, of: candidates, supplying: cache)
    let context = contextNeeded(by: readings, candidates)
    return (readings + read(context, of: candidates, supplying: cache)).sorted { $0.file.id < $1.file.id }
  }

  /// The neighbours of named Kubernetes manifests, and the first files of the projects that named files belong to.
  private func contextNeeded(by readings: [FileReading], _ candidates: [Candidate]) -> [Int] {
    let folders = Set(readings.lazy.filter { $0.reading.formats.contains(.kubernetes) }.map(\.file.folder))
    let projects = Set(readings.compactMap(\.reading.projectFile))
    return candidates.indices.filter { index in
      let candidate = candidates[index]
      guard candidate.origin == .context else { return false }
      return projects.contains(candidate.path) || folders.contains(candidate.path.folderPath)
    }
  }

  private func report(_ readings: consuming [FileReading], _ candidates: [Candidate]) -> Report {
    let (before, isComplete, notes) = outcome(of: readings, candidates)
    var inventory = Inventory()
    var kept: [FileID: SourceFile] = [:]
    var targets: Set<FileID> = []
    for index in readings.indices {
      let reading = readings[index]
      // Given up here, what a file claims is held once and not twice.
      readings[index].reading.inventory = Inventory()
      inventory.append(reading.reading.inventory)
      let isTarget = candidates[Int(reading.file.id.index)].origin != .context
      if isTarget { targets.insert(reading.file.id) }
      guard !reading.reading.inventory.isEmpty else { continue }
      kept[reading.file.id] = reading.file
      // What a project takes from other files is shown there.
      for file in reading.supplied where file.id != .none {
        kept[file.id] = file
        if isTarget { targets.insert(file.id) }
      }
    }
    inventory.joinFolders { kept[$0]?.folder ?? "" }
    let diagnostics = judge(inventory, policy: policy) { candidates[Int($0.index)].path }
      .filter { diagnostic in
        targets.contains(diagnostic.place.file) || diagnostic.related.contains { targets.contains($0.place.file) }
      }
    let rows = rows(of: inventory, in: targets)
    var summary = before
    summary.ports = rows.count
    summary.unresolved = rows.count { inventory.bindings[$0].port == .unresolved }
    return Report(
      diagnostics: diagnostics, inventory: inventory, rows: rows, files: kept, summary: summary,
      isComplete: isComplete, notes: notes)
  }

  /// What can be said of the files that were asked for before anything is judged.
  private func outcome(
    of readings: [FileReading], _ candidates: [Candidate]
  ) -> (summary: Report.Summary, isComplete: Bool, notes: [String]) {
    let judged = readings.filter { candidates[Int($0.file.id.index)].origin != .context }
    var summary = Report.Summary()
    for reading in judged {
      summary.files += reading.reading.documents > 0 || !reading.reading.inventory.problems.isEmpty ? 1 : 0
      summary.documents += reading.reading.documents
      summary.templates += reading.reading.isTemplate ? 1 : 0
    }
    let isComplete = !judged.contains { $0.reading.inventory.problems.contains(where: \.keepsFromJudging) }
    return (summary, isComplete, notes(on: judged, candidates))
  }

  /// The bindings that a report shows, by place; one that several projects include is shown once.
  private func rows(of inventory: Inventory, in targets: Set<FileID>) -> [Int] {
    struct Row: Hashable {
      var owner: OwnerLabel
      var role: Binding.Role
      var transport: TransportProtocol?
    }
    let bindings = inventory.bindings
    let sorted = bindings.indices
      .filter { bindings[$0].effect != .superseded && targets.contains(bindings[$0].place.file) }
      .sorted { (bindings[$0].place, $0) < (bindings[$1].place, $1) }
    // Only what stands at one place can be the same.
    var rows: [Int] = []
    rows.reserveCapacity(sorted.count)
    var seen: Set<Row> = []
    for (position, number) in sorted.enumerated() {
      let place = bindings[number].place
      let isFirst = position == 0 || bindings[sorted[position - 1]].place != place
      if isFirst { seen.removeAll(keepingCapacity: true) }
      let isLast = position + 1 == sorted.count || bindings[sorted[position + 1]].place != place
      if !isFirst || !isLast {
        let binding = bindings[number]
        let row = Row(owner: OwnerLabel(inventory[binding.owner]), role: binding.role, transport: binding.transport)
        if !seen.insert(row).inserted { continue }
      }
      rows.append(number)
    }
    return rows
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
    var known: [FileID: Int32] = [:]
    func joined(_ unit: Scope.Unit) -> Scope.Unit {
      guard case .cluster(let file) = unit else { return unit }
      if let number = known[file] { return .deployment(number) }
      let folder = folder(file)
      let number = numbers[folder] ?? Int32(numbers.count)
      numbers[folder] = number
      known[file] = number
      return .deployment(number)
    }
    for index in bindings.indices { bindings[index].scope.unit = joined(bindings[index].scope.unit) }
    for index in owners.indices {
      if let cluster = owners[index].cluster { owners[index].cluster = joined(cluster) }
    }
    for index in references.indices { references[index].toward = references[index].toward.joined(joined) }
  }
}
