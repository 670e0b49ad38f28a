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
  /// Whether all manifests meet on one host and one cluster.
  package var isTogether = false
  /// The folders that were named, each with a slash at its end.
  package var namedFolders: [String] = []
  /// Whether comments, annotations and keys of manifests keep findings from counting.
  package var heedsSuppressions = true
  /// How much is in view when no file is named.
  package var view = RunView.whole
  /// What judging may cost.
  package var limits = JudgingLimits()
  /// How much all projects may bring in that are put together from several files, in entries.
  package var mostBroughtIn = 250_000
  /// How many claims the files of a run may make together that hardly take room.
  package var mostDenseClaims = ManifestReading.mostDenseClaims
  /// The files that stand first in Compose projects and lead none.
  var idleMains = IdleMains()
  /// The files that the policy was made of.
  private let policyFiles: [SourceFile]
  /// The path of the policy's folder, with a slash at its end, or nothing.
  private let policyFolder: String
  /// What is wrong with them.
  private let policyProblems: [Problem]
  /// The findings that are let pass.
  private let baseline: Baseline

  package init(policy: Policy, files: any FileSource, workers: Int) {
    self.init(LoadedPolicy(policy: policy), files: files, workers: workers)
  }

  package init(_ loaded: LoadedPolicy, files: any FileSource, workers: Int) {
    policy = loaded.policy
    policyFiles = loaded.files
    policyFolder = loaded.folderPath
    policyProblems = loaded.problems
    baseline = loaded.baseline
    self.files = files
    self.workers = workers
  }

  /// Reads the candidates, judges what they claim, and reports it.
  ///
  /// - Parameter candidates: The files, sorted by path: their order is what "earlier" means in findings.
  package func lint(_ candidates: [Candidate]) -> Report {
    // A policy that is half understood would let pass what it was to forbid.
    guard policyProblems.isEmpty else { return policyReport(policyProblems) }
    let work = JudgingWork(limits)
    work.conditions.allow(100 * candidates.count)
    let paths = PolicyPaths(policy, work)
    let idle = idlePatterns(candidates, paths)
    var beyond: [Problem] = []
    var candidates = withGroups(candidates.filter { !paths.isExcluded($0.shownPath) }, paths, refusing: &beyond)
    // Which files are meant is not known then.
    if work.stopIfSpent(at: policyStart) { return policyReport(work.takeProblems()) }
    var reader = self
    var readings = readAll(candidates, paths)
    // Files from outside the run, such as an included one, need a place in its order; then all is read anew.
    while true {
      let strangers = strangers(of: readings, among: candidates)
      if strangers.isEmpty, !reader.idleMains.note(readings, isMissing: isMissing) { break }
      candidates = (candidates + strangers.map { Candidate($0.text, .context) }).sorted {
        $0.path.exact < $1.path.exact
      }
      readings = reader.readAll(candidates, paths)
    }
    reportFileLists(of: &readings)
    if work.stopIfSpent(at: policyStart) { return policyReport(work.takeProblems()) }
    return report(consume readings, candidates, idle, paths, work, beyond: beyond)
  }

  /// The files that readings asked for, or wait for, and that are no candidates.
  private func strangers(of readings: [FileReading], among candidates: [Candidate]) -> Set<ExactText> {
    var strangers: Set<ExactText> = []
    // Each is looked at in its place: a reading is large, and hardly one speaks of other files.
    for index in readings.indices {
      for file in readings[index].supplied where file.id == .none { strangers.insert(file.path.exact) }
      if let projectFile = readings[index].reading.projectFile { strangers.insert(projectFile.exact) }
    }
    strangers.subtract(candidates.lazy.map(\.path.exact))
    return strangers.filter { !isMissing($0.text) }
  }

  /// Whether there is nothing to read at a path.
  private func isMissing(_ path: String) -> Bool {
    do throws(ReadFailure) {
      _ = try files.contents(of: path)
      return false
    } catch {
      return error == .missing || error == .folder
    }
  }

  /// Where the policy begins.
  private var policyStart: SourceRange {
    SourceRange(file: policyFiles.first?.id ?? .none, start: 0, end: 0)
  }

  /// The readings of the files that were asked for, and of those without which they cannot be judged, in order.
  private func readAll(_ candidates: [Candidate], _ paths: PolicyPaths) -> [FileReading] {
    let cache = SuppliedCache()
    let projects = paths.projects(policy.projects, of: candidates.lazy.map(\.path))
    let targets = candidates.indices.filter { candidates[$0].origin != .context }
    var readings = read(targets, of: candidates, projects, supplying: cache)
    let context = contextNeeded(by: readings, candidates, projects, paths)
    var required = read(context.required, of: candidates, projects, supplying: cache)
    for index in required.indices { required[index].isRequired = true }
    // Where everything meets, whatever lies there may meet them.
    var neighbours = read(context.neighbours, of: candidates, projects, onlyKubernetes: !isTogether, supplying: cache)
    readings.append(moving: &required)
    readings.append(moving: &neighbours)
    readings.sort { $0.file.id < $1.file.id }
    return readings
  }

  /// The neighbours of named Kubernetes manifests; and what is required beside them: the kustomizations above, the first
  /// files of the projects that named files belong to, and the other files of the policy's deployments and projects.
  private func contextNeeded(
    by readings: [FileReading], _ candidates: [Candidate], _ all: PolicyProjects, _ paths: PolicyPaths
  ) -> (required: [Int], neighbours: [Int]) {
    guard candidates.contains(where: { $0.origin == .context }) else { return ([], []) }
    let folders = Set(readings.lazy.filter { $0.reading.formats.contains(.kubernetes) }.map(\.file.folder.exact))
    var projects = Set(readings.compactMap(\.reading.projectFile?.exact))
    if !policy.projects.isEmpty {
      for reading in readings { projects.formUnion(all.files(with: reading.file.path)) }
    }
    var needed: (required: [Int], neighbours: [Int]) = ([], [])
    for (number, candidate) in candidates.enumerated() where candidate.origin == .context {
      let folder = candidate.path.folderPath
      let isRequired =
        projects.contains(candidate.path.exact)
        || Kustomization.isOne(candidate.path) && folders.contains { $0.text.utf8.starts(with: folder.utf8) }
        || !paths.deployments(of: policy.globPath(of: candidate.shownPath)).isEmpty
      if isRequired {
        needed.required.append(number)
      } else if folders.contains(candidate.neighbourhood.exact) {
        needed.neighbours.append(number)
      }
    }
    return needed
  }

  /// The candidates with the other files of the deployments and projects that they are of.
  ///
  /// - Parameter beyond: Gets the globs that lead out of the tree.
  private func withGroups(
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
        let paths = try files.paths(matching: glob.description, from: policyFolder)
        let new = paths.filter { !policyPaths.isExcluded($0) && known.insert(policy.globPath(of: $0).exact).inserted }
        missing += new.map { Candidate($0, .context) }
      } catch .outside(let tree) {
        beyond.append(Problem(.unreadableFile(reason: ReadFailure.outside(tree: tree).reason), at: located.place))
      } catch {
        if known.insert(glob.description.exact).inserted {
          missing.append(Candidate(glob.description, .named, failure: error))
        }
      }
    }
    return missing
  }

  /// What is wrong with the policy, and nothing else.
  private func policyReport(_ problems: [Problem]) -> Report {
    var inventory = Inventory()
    inventory.problems = problems
    let files = Dictionary(policyFiles.map { ($0.id, $0) }, uniquingKeysWith: { a, _ in a })
    let path = { (id: FileID) in files[id]?.shownPath ?? "" }
    let said: Set = ["policy", "unreadable-file", "limit-exceeded"]
    var diagnostics = judge(inventory, policy: policy, path: path).filter { said.contains($0.rule) }
    sort(&diagnostics, by: path)
    return Report(
      diagnostics: diagnostics, inventory: inventory, rows: [], files: files,
      summary: Report.Summary(),
      isComplete: false, notes: [])
  }

  /// Sorts findings by path and place: the numbers of a policy's files do not follow the order of paths.
  private func sort(_ diagnostics: inout [Diagnostic], by path: (FileID) -> String) {
    diagnostics.sort { a, b in
      if a.place.file == b.place.file { return (a.place, a.rule) < (b.place, b.rule) }
      return path(a.place.file).exact < path(b.place.file).exact
    }
  }

  /// - Parameter beyond: What the policy names beyond the tree.
  private func report(
    _ readings: consuming [FileReading], _ candidates: [Candidate], _ idlePatterns: [Problem],
    _ policyPaths: PolicyPaths, _ work: JudgingWork, beyond: [Problem]
  ) -> Report {
    let (before, isComplete, notes) = outcome(of: readings, candidates)
    let shares = ProjectShares.shares(of: readings)
    var readings = readings
    HelmCharts(readings).gather(&readings)
    var patches: Set<ExactText> = []
    var parts = ComposeParts()
    var bytesRead = policyFiles.reduce(0) { $0 + $1.bytes.count }
    var (owners, bindings) = (0, 0)
    for index in readings.indices {
      bytesRead += readings[index].file.bytes.count
      owners += readings[index].reading.inventory.owners.count
      bindings += readings[index].reading.inventory.bindings.count
      if !readings[index].reading.patches.isEmpty { patches.formUnion(readings[index].reading.patches.map(\.exact)) }
      if !readings[index].reading.projectParts.isEmpty { parts.formUnion(readings[index].reading.projectParts) }
    }
    var inventory = Inventory()
    // What one file claims is taken as it is.
    if readings.count > 1 {
      inventory.owners.reserveCapacity(owners)
      inventory.bindings.reserveCapacity(bindings)
    }
    var kept = [FileID: SourceFile](minimumCapacity: readings.count)
    var targets = FileSet(of: candidates.count)
    // Without which the targets cannot be judged.
    var required = FileSet(of: candidates.count)
    // What projects extend only in part is held against itself, and not against what it may never run beside.
    var apart: Set<FileID> = []
    for index in readings.indices {
      // Given up here, what a file claims is held once and not twice.
      var part = Inventory()
      swap(&part, &readings[index].reading.inventory)
      let file = readings[index].file
      let isShown = !part.isEmpty
      if patches.contains(file.path.exact) { part.makePartial() }
      if parts.included.contains(file.path.exact) {
        if ComposeParts.isProject(file.path), !shares.hold(part, of: file.id) {
          part.problems.removeAll(where: \.hangsOnProject)
        } else {
          part.leaveToProject { id in
            !candidates.indices.contains(Int(id.index)) || parts.included.contains(candidates[Int(id.index)].path.exact)
          }
        }
      }
      if parts.extended.contains(file.path.exact) {
        if shares.hold(part, of: file.id) {
          part.makeProjectPart()
        } else {
          part.problems.removeAll(where: \.hangsOnProject)
          apart.insert(file.id)
        }
      }
      inventory.append(consume part)
      let isTarget = candidates[Int(file.id.index)].origin != .context
      if isTarget { targets.insert(file.id) }
      if isTarget || readings[index].isRequired { required.insert(file.id) }
      guard isShown else { continue }
      kept[file.id] = file
      // What a project takes from other files is shown there.
      for file in readings[index].supplied where file.id != .none {
        // One that gives variables their values for one project shows nothing for another either.
        if kept[file.id]?.isShown != false { kept[file.id] = file }
        if isTarget { targets.insert(file.id) }
      }
    }
    for file in policyFiles { kept[file.id] = file }
    let path = { (id: FileID) in
      id.index < candidates.count ? candidates[Int(id.index)].shownPath : kept[id]?.shownPath ?? ""
    }
    let globPath = { (id: FileID) in policy.globPath(of: path(id)) }
    var found = judged(
      &inventory, candidates.lazy.map { policy.globPath(of: $0.shownPath) }, policyPaths, work, apart: apart,
      globPath: globPath
    ) { path($0).folderPath }
    found.removeAll { finding in
      if targets.contains(finding.place.file) || work.ended(at: finding) { return false }
      if finding.related.contains(where: { !$0.isOrigin && targets.contains($0.place.file) }) { return false }
      // What keeps the targets from being judged is said of whatever was read for them.
      return
        !(finding.saysWhatIsUnjudged
        || finding.rule == "yaml-syntax" && required.contains(finding.place.file))
    }
    if !beyond.isEmpty {
      var refused = Inventory()
      refused.problems = beyond
      found += judge(refused, policy: policy, path: globPath)
    }
    // What there was too much of was not judged to the end.
    var isWhole = beyond.isEmpty && !found.contains { $0.rule == "limit-exceeded" }
    // Given up here, the findings are sorted where they lie.
    var findings = waive(
      consume found, in: inventory, policy: policy, baseline: baseline, work: work,
      view: candidates.contains { $0.origin == .named } ? .files : view, heedsSuppressions: heedsSuppressions,
      path: globPath)
    var idle = Inventory()
    idle.problems = (findings.idle + idlePatterns).filter {
      targets.contains($0.place.file) || $0.place.file.index >= candidates.count
    }
    let ended = work.takeProblems()
    isWhole = isWhole && ended.isEmpty
    idle.problems += ended
    // None of these is about an owner: those are numbered by inventory.
    if !idle.problems.isEmpty { findings.counting += judge(idle, policy: policy, path: globPath) }
    sort(&findings.counting, by: path)
    let repeated = tellOnce(&findings.counting)
    let rows = rows(of: inventory, in: targets)
    var summary = before
    summary.ports = rows.count
    summary.unresolved = rows.count { inventory.bindings[$0].port == .unresolved }
    summary.suppressed = findings.waived.count
    var report = Report(
      diagnostics: findings.counting, inventory: inventory, rows: rows, files: kept, summary: summary,
      isComplete: isComplete && isWhole, notes: notes)
    report.suppressed = findings.waived
    report.bytesRead = bytesRead
    report.repeated = repeated
    return report
  }

  /// Leaves of the findings that tell of one subject the first, which says how many more there are.
  ///
  /// - Returns: The others.
  private func tellOnce(_ diagnostics: inout [Diagnostic]) -> [Diagnostic] {
    var numbers: [Saying.Subject: [Int]] = [:]
    for number in diagnostics.indices {
      guard let subject = diagnostics[number].subject else { continue }
      numbers[Saying.Subject(rule: diagnostics[number].rule, subject: subject.exact), default: []].append(number)
    }
    var repeated: [Int] = []
    for all in numbers.values where all.count > 1 {
      diagnostics[all[0]].message += " (and \(all.count - 1) more)"
      repeated += all.dropFirst()
    }
    repeated.sort()
    let others = repeated.map { diagnostics[$0] }
    diagnostics.removeSubranges(RangeSet(repeated, within: diagnostics))
    return others
  }

  /// What is found in an inventory on the hosts and in the clusters that the policy's deployments make of its files.
  ///
  /// A file may be of several deployments. It is taken for its first, and once more for each of the others; of each
  /// deployment, what is found where all of its files are of it counts.
  private func judged(
    _ inventory: inout Inventory, _ paths: some Sequence<String>, _ policyPaths: PolicyPaths, _ work: JudgingWork,
    apart: Set<FileID>,
    globPath: @escaping (FileID) -> String, folder: @escaping (FileID) -> String
  ) -> [Diagnostic] {
    let others = isTogether ? [] : policyPaths.sharedDeployments(paths)
    let unjoined = others.isEmpty ? nil : inventory
    func judged(_ inventory: inout Inventory, preferring preferred: Int?) -> [Diagnostic] {
      var deployments = Deployments(
        policy.deployments.count, policyPaths, isTogether: isTogether, preferred: preferred, globPath: globPath,
        folder: folder)
      deployments.apart = apart
      deployments.join(&inventory)
      return judge(inventory, policy: policy, work: work, path: globPath)
    }
    var found = judged(&inventory, preferring: nil)
    guard let unjoined else { return found }
    let again = Set(others)
    let deployments = { (finding: Diagnostic) in policyPaths.deployments(of: globPath(finding.place.file)) }
    found.removeAll { finding in
      !work.ended(at: finding) && deployments(finding).first.map { again.contains($0) } ?? false
    }
    for number in others {
      work.takeJudging(of: unjoined)
      if work.stopIfSpent(at: policyStart) { break }
      var copy = unjoined
      found += judged(&copy, preferring: number)
        .filter { work.ended(at: $0) || deployments($0).contains(number) }
    }
    var said: Set<Saying> = []
    return found.filter { finding in
      let places = [finding.place] + finding.related.map(\.place)
      return said.insert(Saying(rule: finding.rule, places: places, message: finding.message.exact)).inserted
    }
  }

  /// What can be said of the files that were asked for before anything is judged.
  private func outcome(
    of readings: [FileReading], _ candidates: [Candidate]
  ) -> (summary: Report.Summary, isComplete: Bool, notes: [String]) {
    let judged = readings.indices.filter { candidates[Int(readings[$0].file.id.index)].origin != .context }
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
    let notes = nothing.filter { candidates[Int(readings[$0].file.id.index)].origin == .named }
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
}

extension FileReading {
  /// Whether the file is no manifest, and nothing is wrong with it.
  fileprivate var isNothing: Bool {
    reading.documents == 0 && reading.inventory.problems.isEmpty
  }
}

extension Workspace {
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

  /// The patterns of the policy that no file matches, where all files are in view: what they were to bring together or to
  /// leave out stays as it is.
  private func idlePatterns(_ candidates: [Candidate], _ policyPaths: PolicyPaths) -> [Problem] {
    if policy.deployments.isEmpty, policy.projects.isEmpty, policy.exclude.isEmpty { return [] }
    guard view == .whole, !candidates.contains(where: { $0.origin == .named }) else { return [] }
    var excluding = Set(policy.exclude.indices.filter { !policy.exclude[$0].value.isOfUnwalkedFolders })
    var paths: [String] = []
    for path in candidates.lazy.map(\.shownPath) {
      let numbers = policyPaths.exclusions(covering: policy.globPath(of: path))
      excluding.subtract(numbers)
      if numbers.isEmpty { paths.append(path) }
    }
    let idleGlobs = policyPaths.idleGlobs(paths.lazy.map { policy.globPath(of: $0) })
    let isIdle = { (glob: Located<PathGlob>) in idleGlobs.contains(glob.value) }
    // A deployment may name its files in several spellings; of a project, each file is wanted.
    var problems = policy.deployments.filter { $0.files.allSatisfy(isIdle) }.compactMap { group in
      Problem(idle: group.files, of: .deployment)
    }
    let projects = policyPaths.projects(policy.projects, of: paths)
    for (group, idle) in zip(policy.projects, projects.idle) {
      problems += group.files.filter { idle.contains($0.value) }.compactMap { Problem(idle: [$0], of: .project) }
    }
    return problems + excluding.sorted().compactMap { Problem(idle: [policy.exclude[$0]], of: .exclude) }
  }
}

extension Problem {
  /// The problem of patterns that no file matches; nothing where there are none.
  fileprivate init?(idle globs: [Located<PathGlob>], of use: IdlePattern) {
    guard let first = globs.first else { return nil }
    let names = globs.map { "'\($0.value)'" }.joined(separator: " or ")
    self.init(.unusedSuppression(.pattern(names, use)), at: first.place)
  }
}

/// Some of a run's files.
private struct FileSet {
  /// Whether it holds a file, by the files' numbers.
  private var isHeld: [Bool]

  /// The empty set.
  ///
  /// - Parameter count: How many files the run has.
  init(of count: Int) {
    isHeld = Array(repeating: false, count: count)
  }

  func contains(_ file: FileID) -> Bool {
    file.index < isHeld.count && isHeld[Int(file.index)]
  }

  mutating func insert(_ file: FileID) {
    isHeld[Int(file.index)] = true
  }
}

extension Diagnostic {
  /// Whether it says that something was not judged.
  fileprivate var saysWhatIsUnjudged: Bool {
    rule == "unreadable-file" || rule == "limit-exceeded"
  }
}

/// What makes two findings one for whoever reads them.
private struct Saying: Hashable {
  var rule: String
  var places: [SourceRange]
  var message: ExactText

  /// What a rule tells once a run.
  struct Subject: Hashable {
    var rule: String
    var subject: ExactText
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
  /// What a file says by itself that other projects extend: its services are not held against one another, and what
  /// hangs on those projects is theirs to say.
  fileprivate mutating func makeProjectPart() {
    for index in owners.indices where owners[index].format == .compose { owners[index].isPartial = true }
    problems.removeAll(where: \.hangsOnProject)
  }

  /// What a file says by itself that projects include: they say what becomes of its services, but not of what an
  /// override lays over them.
  fileprivate mutating func leaveToProject(where isIncluded: (FileID) -> Bool) {
    let isLeft = owners.allSatisfy { $0.format == .compose } && bindings.allSatisfy { isIncluded($0.place.file) }
    guard isLeft else { return makeProjectPart() }
    let (problems, suppressions) = (problems.filter { $0.owner == nil }, suppressions)
    self = Inventory()
    self.problems = problems
    self.suppressions = suppressions
  }

  /// Whether nothing was read that a report may show.
  fileprivate var isEmpty: Bool {
    owners.isEmpty && bindings.isEmpty && references.isEmpty && problems.isEmpty && suppressions.isEmpty
  }
}
