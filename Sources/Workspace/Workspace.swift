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
  /// How many workers read at most; asked for only where there is much to read.
  package var workers: @Sendable () -> Int
  /// The file that stands in the place of every project's `.env`.
  package var environmentFile: String?
  /// Whether all manifests meet on one host and one cluster.
  package var isTogether = false
  /// The folders that were named, each with a slash at its end.
  package var namedFolders: [String] = []
  /// Whether what git ignores, or an `.ignore` does, is left out of what patterns of the policy bring in.
  package var heedsIgnoreFiles = true
  /// What the command line leaves out, as the policy does; these begin in the current folder.
  package var exclude = ExcludedPaths()
  /// Whether comments, annotations and keys of manifests keep findings from counting.
  package var heedsSuppressions = true
  /// The files of which something is reported only if one of them takes part in it; nothing where all is.
  package var changes: ChangedFiles?
  /// How much is in view when no file is named.
  package var view = RunView.whole
  /// What judging may cost.
  package var limits = JudgingLimits()
  /// How much all projects may bring in that are put together from several files, in entries.
  package var mostBroughtIn = 250_000
  /// How many claims the files of a run may make together that hardly take room.
  package var mostDenseClaims = ManifestReading.mostDenseClaims
  /// How much all kustomizations may build, in steps: each that is laid out for another, and each object that one has, is
  /// one, and takes some 50 µs.
  package var mostBuilt = 80_000
  /// The policy with the files that it was made of.
  let loaded: LoadedPolicy

  package init(policy: Policy, files: any FileSource, workers: @autoclosure @escaping @Sendable () -> Int) {
    self.init(LoadedPolicy(policy: policy), files: files, workers: workers())
  }

  package init(_ loaded: LoadedPolicy, files: any FileSource, workers: @autoclosure @escaping @Sendable () -> Int) {
    policy = loaded.policy
    environmentFile = loaded.environmentFile
    self.loaded = loaded
    self.files = files
    self.workers = workers
  }

  /// Reads the candidates, judges what they claim, and reports it.
  ///
  /// - Parameters:
  ///   - candidates: The files, sorted by path: their order is what "earlier" means in findings.
  ///   - cache: What was worked out of the files.
  package func lint(_ candidates: [Candidate], sharing cache: ReadingCache? = nil) -> Report {
    // A policy that is half understood would let pass what it was to forbid.
    guard loaded.problems.isEmpty else { return loaded.report(of: loaded.problems) }
    let work = JudgingWork(limits)
    work.conditions.allow(100 * candidates.count)
    let paths = PolicyPaths(policy, work, excluding: exclude)
    let idle = idlePatterns(candidates, paths)
    var beyond: [Problem] = []
    let named = withGroups(candidates.filter { !paths.isExcluded($0.shownPath) }, paths, refusing: &beyond)
    // Which files are meant is not known then.
    if work.stopIfSpent(at: policyStart) { return loaded.report(of: work.takeProblems()) }
    var files = FileTable(named)
    let read = RunCache(self, sharing: cache ?? ReadingCache(formats: loaded.formats))
    var readings = readAll(&files, paths, read)
    reportFileLists(of: &readings, in: &files, read)
    reportResources(of: &readings, in: files, read)
    if work.stopIfSpent(at: policyStart) { return loaded.report(of: work.takeProblems()) }
    if let failure = self.files.failureOfIgnoring, !candidates.contains(where: { $0.failure == failure }) {
      // Some of what was told hangs on who came first: now nothing is said to be ignored.
      let folder = namedFolders.first.map(Discovery.normalised) ?? "."
      let all = candidates + [Candidate(folder, .named, failure: failure)]
      return lint(all.sorted { $0.path.exact < $1.path.exact })
    }
    return report(consume readings, files, idle, paths, work, beyond: beyond)
  }

  /// Where the policy begins.
  var policyStart: SourceRange {
    SourceRange(file: loaded.files.first?.id ?? .none, start: 0, end: 0)
  }
}

extension LoadedPolicy {
  /// What is wrong with the policy, and nothing else.
  package func report(of problems: [Problem]) -> Report {
    let files = Dictionary(files.map { ($0.id, $0) }, uniquingKeysWith: { a, _ in a })
    let paths = RunPaths(files: FileTable([]), others: files, policy: policy)
    var diagnostics = word(problems, policy: policy, paths: paths)
    diagnostics.sort(by: paths)
    var report = Report(
      diagnostics: diagnostics, inventory: Inventory(), rows: [], files: files, summary: Report.Summary(),
      isComplete: false, notes: [])
    report.rules = rulesInForce
    return report
  }
}
