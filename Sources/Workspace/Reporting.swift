import PolicyEngine
import PortModel
import SourceText

extension Workspace {
  /// Judges what the files of a run claim together, and reports what counts.
  ///
  /// - Parameter beyond: What the policy names beyond the tree.
  func report(
    _ readings: consuming [FileReading], _ files: FileTable, _ idlePatterns: [Problem],
    _ policyPaths: PolicyPaths, _ work: JudgingWork, beyond: [Problem]
  ) -> Report {
    let (before, isComplete, notes) = outcome(of: readings, files)
    let ofOtherMeaning = changes?.filesOfOtherMeaning(readings) ?? []
    var linked = LinkedFiles(consume readings, files)
    for file in loaded.files {
      linked.shown[file.id] = file
      linked.bytesRead += file.bytes.count
    }
    let shown = linked.shown
    let paths = RunPaths(files: files, others: shown, policy: policy)
    let (targets, required) = (linked.targets, linked.required)
    if files.candidates.contains(where: { $0.origin == .context }) { work.showsFile = { targets.contains($0) } }
    var names = ScopeNames()
    var found = judged(
      &linked.inventory, naming: &names, files.candidates.lazy.map { policy.globPath(of: $0.shownPath) }, policyPaths,
      work, apart: linked.apart, paths)
    found.removeAll { finding in
      if targets.contains(finding.place.file) || work.ended(at: finding) { return false }
      if finding.related.contains(where: { !$0.isOrigin && targets.contains($0.place.file) }) { return false }
      // What keeps the targets from being judged is said of whatever was read for them.
      return
        !(finding.saysWhatIsUnjudged
        || finding.rule == "yaml-syntax" && required.contains(finding.place.file))
    }
    found += word(beyond, policy: policy, paths: paths)
    // What there was too much of was not judged to the end.
    var isWhole = beyond.isEmpty && !found.contains { $0.rule == "limit-exceeded" }
    // Given up here, the findings are sorted where they lie.
    var findings = waive(
      consume found, in: linked.inventory, policy: policy, baseline: loaded.baseline, work: work,
      view: files.candidates.contains { $0.origin == .named } ? .files : view, heedsSuppressions: heedsSuppressions,
      paths: paths)
    let idle = (findings.idle + idlePatterns).filter {
      if $0.cause.isIdleSuppression, linked.partlyRead.contains($0.place.file) { return false }
      return linked.targets.contains($0.place.file) || files[$0.place.file] == nil
    }
    let ended = work.takeProblems()
    isWhole = isWhole && ended.isEmpty
    findings.counting += word(idle + ended, policy: policy, paths: paths)
    if let changes {
      let takePart = changes.takingPart(ofOtherMeaning) { id in
        (files[id]?.standardInput != nil, files[id]?.path ?? shown[id]?.path ?? "")
      }
      findings.counting.removeAll { !takePart($0) }
      findings.waived.removeAll { !takePart($0.diagnostic) }
    }
    findings.counting.sort(by: paths)
    var repeated = linked.holdsBuilds ? findings.counting.tellOnceOfBuilds(linked.inventory.owners) : []
    repeated += findings.counting.tellOnce()
    let rows = rows(of: linked.inventory, in: linked.targets)
    let places = findings.counting.lazy.flatMap { [$0.place] + $0.related.map(\.place) }
    for file in Set(places.map(\.file)) { linked.shown[file] = linked.shown[file]?.withSecretsHidden }
    var summary = before
    summary.ports = rows.count
    summary.unresolved = rows.count { linked.inventory.bindings[$0].port == .unresolved }
    summary.suppressed = findings.waived.count
    var report = Report(
      diagnostics: findings.counting, inventory: linked.inventory, rows: rows, files: linked.shown, summary: summary,
      isComplete: isComplete && isWhole, notes: notes)
    report.rules = loaded.rulesInForce
    report.scopes = names
    report.suppressed = findings.waived
    report.bytesRead = linked.bytesRead
    report.repeated = repeated
    return report
  }

  /// What is found in an inventory on the hosts and in the clusters that the policy's deployments make of its files.
  ///
  /// A file may be of several deployments. It is taken for its first, and once more for each of the others; of each
  /// deployment, what is found where all of its files are of it counts.
  private func judged(
    _ inventory: inout Inventory, naming names: inout ScopeNames, _ paths: some Sequence<String>,
    _ policyPaths: PolicyPaths, _ work: JudgingWork, apart: Set<FileID>, _ files: RunPaths
  ) -> [Diagnostic] {
    let others = isTogether ? [] : policyPaths.sharedDeployments(paths)
    let unjoined = others.isEmpty ? nil : inventory
    func judged(
      _ inventory: inout Inventory, preferring preferred: Int?, naming names: inout ScopeNames
    ) -> [Diagnostic] {
      var deployments = Deployments(
        policy.deployments, policyPaths, isTogether: isTogether, preferred: preferred, files: files)
      deployments.apart = apart
      deployments.join(&inventory)
      names = deployments.names
      return judge(inventory, policy: policy, work: work, paths: files)
    }
    var found = judged(&inventory, preferring: nil, naming: &names)
    guard let unjoined else { return found }
    let again = Set(others)
    let deployments = { (finding: Diagnostic) in policyPaths.deployments(of: files.globPath(of: finding.place.file)) }
    found.removeAll { finding in
      !work.ended(at: finding) && deployments(finding).first.map { again.contains($0) } ?? false
    }
    for number in others {
      work.takeJudging(of: unjoined)
      if work.stopIfSpent(at: policyStart) { break }
      var copy = unjoined
      var others = ScopeNames()
      found += judged(&copy, preferring: number, naming: &others)
        .filter { work.ended(at: $0) || deployments($0).contains(number) }
    }
    return found.withoutRepeats()
  }

  /// What can be said of the files that were asked for before anything is judged.
  private func outcome(
    of readings: [FileReading], _ files: FileTable
  ) -> (summary: Report.Summary, isComplete: Bool, notes: [String]) {
    let judged = readings.indices.filter { files[readings[$0].file.id]?.origin != .context }
    var summary = Report.Summary()
    for number in judged {
      summary.files += readings[number].isNothing ? 0 : 1
      summary.documents += readings[number].reading.documents
      summary.templates += readings[number].reading.isTemplate ? 1 : 0
    }
    let isComplete = !readings.indices.contains {
      readings[$0].reading.inventory.problems.contains(where: \.keepsFromJudging)
    }
    let nothing = judged.filter { readings[$0].isNothing }
    let supplied = Set(judged.lazy.flatMap { readings[$0].supplied.lazy.map(\.id) })
    let notes = nothing.filter { files[readings[$0].file.id]?.origin == .named }
      .filter { !supplied.contains(readings[$0].file.id) }
      .map { "\(readings[$0].file.shownPath): not a manifest that portlint knows" }
    let isNothing = notes.isEmpty && nothing.count == judged.count
    if namedFolders.isEmpty { return (summary, isComplete, isNothing ? ["no manifest found"] : notes) }
    let found = judged.lazy.filter { !readings[$0].isNothing }.map { readings[$0].file.path }
    return (summary, isComplete, notes + notesOnEmptyFolders(found))
  }

  /// The bindings that a report shows, by place; one that several projects include is shown once.
  private func rows(of inventory: Inventory, in targets: FileSet) -> [Int] {
    struct Row: Hashable {
      var owner: OwnerLabel
      var role: Binding.Role
      var address: HostAddress
      var port: Binding.PortClaim
      var target: PortRange?
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
        let row = Row(
          owner: OwnerLabel(inventory[binding.owner]), role: binding.role, address: binding.address,
          port: binding.port, target: binding.target?.ports, transport: binding.transport)
        if !seen.insert(row).inserted { continue }
      }
      rows.append(number)
    }
    return rows
  }

  /// The named folders that no manifest was found in.
  private func notesOnEmptyFolders(_ manifests: some Sequence<String>) -> [String] {
    var full: Set<ExactText> = []
    for path in manifests {
      var folder = path.folderPath
      while full.insert(folder.exact).inserted, !folder.isEmpty { folder = folder.withoutLastSlash.folderPath }
    }
    var said: Set<ExactText> = []
    return namedFolders.filter { !full.contains($0.exact) && said.insert($0.exact).inserted }.map { folder in
      "\(folder.utf8.count > 1 ? folder.withoutLastSlash : folder): no manifest found"
    }
  }
}

/// The paths of a run's files, and of those that its policy is made of.
struct RunPaths: FilePaths {
  let files: FileTable
  /// Those that have no place in the table's order, and others.
  let others: [FileID: SourceFile]
  let policy: Policy

  func path(of file: FileID) -> String {
    files[file]?.shownPath ?? others[file]?.shownPath ?? ""
  }

  /// The path that the policy's globs are held against.
  func globPath(of file: FileID) -> String {
    policy.globPath(of: path(of: file))
  }
}

extension FileReading {
  /// Whether the file is no manifest, and nothing is wrong with it.
  fileprivate var isNothing: Bool {
    reading.documents == 0 && !reading.isKustomization && reading.inventory.problems.isEmpty
  }
}

extension Problem.Cause {
  /// Whether it is that what a file silences is not there.
  fileprivate var isIdleSuppression: Bool {
    if case .unusedSuppression(.silencesNothing) = self { true } else { false }
  }
}

extension Problem {
  /// Whether the problem leaves a part of the run undone.
  fileprivate var keepsFromJudging: Bool {
    switch cause {
    case .unreadableFile, .refusedVariables, .limitExceeded: true
    default: false
    }
  }
}
