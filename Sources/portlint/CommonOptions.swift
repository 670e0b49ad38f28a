import ArgumentParser
import PolicyEngine
import PortModel
import Reporters
import Workspace

extension Platform: ExpressibleByArgument {}
extension InventoryFormat: ExpressibleByArgument {}
extension Threshold: ExpressibleByArgument {}

/// What `lint` and `ports` have in common: which manifests, under which policy.
struct CommonOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "Files, folders (recursively), or - for standard input. Without any, the current folder.", valueName: "path"),
    completion: .file())
  var paths: [String] = []

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The policy file, or none. Without it, .portlint.yaml is looked for from the folder of what is linted upwards.",
      valueName: "file"), completion: .file())
  var config: String?

  @Option(
    help: ArgumentHelp(
      "The folder that no manifest and no policy may lead out of. Without it, the git work tree of what is linted.",
      valueName: "folder"), completion: .directory)
  var tree: String?

  @Option(
    help: ArgumentHelp(
      "The preset whose severities win over the policy's: recommended, strict, glibc or none.", valueName: "name"),
    completion: .presets)
  var preset: String?

  @Option(help: ArgumentHelp("The platform whose ephemeral range counts.", valueName: "name"))
  var platform: Platform?

  @Option(
    help: ArgumentHelp("The file that standard input stands for, which else is called <stdin>.", valueName: "name"),
    completion: .file())
  var stdinFilename: String?

  @Option(
    help: ArgumentHelp("The variables of Compose projects, instead of their .env.", valueName: "file"),
    completion: .file())
  var envFile: String?

  @Flag(help: "Judge all manifests as if they met on one host and in one cluster.")
  var together = false

  @Option(
    help: ArgumentHelp(
      "Leave out the files that match, named ones too, as the policy's exclude does; from the current folder. Repeatable.",
      valueName: "glob"))
  var exclude: [String] = []

  @Flag(help: "Walk also what .gitignore, .ignore and .git/info/exclude leave out.")
  var noIgnore = false

  /// The options as plain values.
  var settings: CommonSettings {
    CommonSettings(
      paths: paths, config: config, tree: tree, preset: preset, platform: platform, standardInputName: stdinFilename,
      environmentFile: envFile, isTogether: together, exclude: exclude, heedsIgnoreFiles: !noIgnore)
  }
}

/// What `lint` and `ports` have in common, as plain values; the defaults are those of the command line.
struct CommonSettings: Equatable {
  var paths: [String] = []
  var config: String?
  var tree: String?
  var preset: String?
  var platform: Platform?
  var standardInputName: String?
  var environmentFile: String?
  var isTogether = false
  var exclude: [String] = []
  var heedsIgnoreFiles = true
  var heedsSuppressions = true
  /// The revision since which a file must have changed for what it takes part in to be reported.
  var changedSince: String?
  /// Whether what is passed over is kept, to be listed.
  var listsFiles = false

  /// Reads the manifests and judges them.
  func report(_ policy: LoadedPolicy) throws -> Report {
    let inputs = try inputs(policy)
    let report = try report(policy, inputs, from: inputs.files)
    if policy.problems.isEmpty {
      try noteHiddenFolders(policy, inputs)
      notePoliciesBelow(policy, inputs)
    }
    return report
  }

  /// What the paths lead to.
  func inputs(_ policy: LoadedPolicy) throws -> Inputs {
    // The current folder, which it would stand for, is hardly what an empty variable was to say.
    if paths.contains("") { throw RunFailure(message: "a path is empty") }
    let tree = try readTree(besides: policy.environmentFile).reaching(policyIn: policy.foundIn)
    // Under a broken policy nothing is judged, and which files it leaves out is not known.
    guard policy.problems.isEmpty else { return Inputs(files: DiskFiles(in: tree), found: .nothing) }
    let changes = try changes(in: tree)
    let outcome = Discovery.outcome(
      for: paths, in: tree, formats: policy.formats, standardInputName: standardInputName,
      heedsIgnoreFiles: heedsIgnoreFiles, notesPassedOver: listsFiles, workers: coreCount)
    return Inputs(files: DiskFiles(in: tree), found: outcome, changes: changes)
  }

  private func changes(in tree: Tree) throws(RunFailure) -> ChangedFiles? {
    guard let changedSince else { return nil }
    do throws(GitFailure) {
      return try ChangedFiles(since: changedSince, in: tree)
    } catch {
      throw RunFailure(message: "--changed-since: \(error.message)")
    }
  }

  /// Reads the manifests from a source of files, and judges them.
  func report(_ policy: LoadedPolicy, _ inputs: Inputs, from files: any FileSource) throws -> Report {
    let progress = Progress(of: inputs.candidates)
    defer { progress?.clear() }
    let watched: any FileSource = progress.map { WatchedFiles(files: files, progress: $0) } ?? files
    var workspace = try workspace(policy, reading: watched)
    workspace.changes = inputs.changes
    return workspace.lint(inputs.candidates)
  }

  /// The files and folders that a run meets, and what becomes of each.
  func listedFiles(_ policy: LoadedPolicy) throws -> [ListedFile] {
    let inputs = try inputs(policy)
    return try workspace(policy, reading: inputs.files).listFiles(inputs.found)
  }

  /// Says which hidden folders were left out that hold manifests.
  func noteHiddenFolders(_ policy: LoadedPolicy, _ inputs: Inputs) throws {
    let hidden = inputs.found.passedOver.filter { $0.reason == .hidden }.map(\.path)
    if hidden.isEmpty { return }
    let folders = try workspace(policy, reading: inputs.files).holdingManifests(among: hidden, of: inputs.files.tree)
    guard let first = folders.first else { return }
    let isOne = folders.count == 1
    let names = folders.count > 3 ? "\(first) and \(folders.count - 1) more" : folders.joined(separator: ", ")
    writeNote(
      "\(isOne ? "a hidden folder" : "hidden folders") with manifests \(isOne ? "was" : "were") left out: \(names); "
        + "\(isOne ? "name it" : "name them") to have \(isOne ? "it" : "them") read")
  }

  /// Says which policies lie deeper in the tree and hold for nothing of the run.
  func notePoliciesBelow(_ policy: LoadedPolicy, _ inputs: Inputs) {
    guard config == nil else { return }
    let inForce = policy.files.map { canonicalPath(of: $0.path).exact }
    let others = inputs.candidates.filter {
      $0.origin == .found && $0.path.isPath(toFile: PolicyLoader.fileName)
        && !inForce.contains(canonicalPath(of: $0.path).exact)
    }
    guard let first = others.first else { return }
    let isOne = others.count == 1
    writeNote(
      "\(first.shownPath)\(isOne ? " is" : " and \(others.count - 1) more are") not heeded: a run has one policy, found "
        + "from the folder of all that is linted upwards; lint \(isOne ? "its folder by itself" : "their folders one by one")"
    )
  }

  /// A run over files, as the options say it.
  private func workspace(_ policy: LoadedPolicy, reading files: any FileSource) throws -> Workspace {
    // A handful of files takes less time than it takes to ask the system how many cores it grants.
    var workspace = Workspace(policy, files: files, workers: coreCount())
    if let environmentFile { workspace.environmentFile = environmentFile }
    workspace.isTogether = isTogether
    workspace.heedsIgnoreFiles = heedsIgnoreFiles
    workspace.exclude = try excludedPaths()
    workspace.namedFolders = Discovery.folders(among: paths)
    workspace.heedsSuppressions = heedsSuppressions
    let folder = policy.policy.folder
    workspace.view = paths.isEmpty && folder.lies(in: ".") || paths.contains { folder.lies(in: $0) } ? .whole : .folders
    if let environmentFile, (try? files.contents(of: environmentFile)) == nil {
      throw RunFailure(message: "--env-file: \(environmentFile) cannot be read")
    }
    return workspace
  }
}

/// What a run reads: the same files, however often it does.
struct Inputs {
  var files: DiskFiles
  var found: Discovery.Outcome
  /// The files of which something is to be reported; nothing where all are.
  var changes: ChangedFiles?

  var candidates: [Candidate] { found.candidates }
}

extension CommonSettings {
  /// The policy that the options and the files name.
  ///
  /// - Parameter baseline: Which findings are let pass; no command but `lint` asks.
  func policy(
    severities: [String: Severity?] = [:], baseline: PolicyRequest.ChosenBaseline = .absent
  ) throws -> LoadedPolicy {
    var request = PolicyRequest()
    request.config = config.map { $0 == CommonSettings.noPolicy ? .absent : .file($0) } ?? .found
    request.preset = preset
    request.baseline = baseline
    request.platform = platform
    request.severities = severities
    request.currentFolder = try currentFolder()
    var named: String?
    if case .file(let file) = baseline { named = file }
    let tree = try readTree(besides: config == CommonSettings.noPolicy ? nil : config, named)
    request.tree = tree
    request.folders = tree.foldersAroundInputs
    do throws(PolicyFailure) {
      let loaded = try PolicyLoader.load(request, files: DiskFiles(in: tree))
      if loaded.files.isEmpty, request.config == .found { CommonSettings.noteMisnamedPolicy(in: request.folders) }
      return loaded
    } catch {
      throw RunFailure(error)
    }
  }
}

extension CommonSettings {
  /// What `--exclude` leaves out.
  private func excludedPaths() throws -> ExcludedPaths {
    if exclude.isEmpty { return ExcludedPaths() }
    guard !exclude.contains("") else { throw RunFailure(message: "--exclude: a pattern is empty") }
    return ExcludedPaths(exclude, currentFolder: try currentFolder())
  }

  /// Says that what is piped in is not read, where no path says what else is meant.
  func noteUnreadPipe() {
    guard paths.isEmpty, isPipedInto else { return }
    writeNote("standard input is a pipe, and the current folder was read instead; 'portlint -' reads the pipe")
  }

  /// What `--config` says where no policy is to hold.
  private static let noPolicy = "none"

  /// What may be read: the tree, and what the options name.
  ///
  /// - Parameter others: Files that a command names beside those.
  private func readTree(besides others: String?...) throws -> Tree {
    do throws(ReadFailure) {
      let tree =
        try tree.map { folder throws(ReadFailure) in
          try Tree.at(folder, with: paths, standardInputName: standardInputName)
        } ?? Tree.holding(paths, standardInputName: standardInputName)
      return ([environmentFile] + others).reduce(tree) { $0.naming($1) }
    } catch {
      throw RunFailure(message: "--tree: \(tree ?? ""): \(error.reason)")
    }
  }

  /// Says that a file is no policy which whoever wrote it takes for one.
  ///
  /// - Parameter folders: Where a policy is looked for, the first first.
  private static func noteMisnamedPolicy(in folders: [String]) {
    guard let path = folders.lazy.map({ $0 + ".portlint.yml" }).first(where: { isThere($0) }) else { return }
    writeNote("\(path) is not read: a policy is called \(PolicyLoader.fileName)")
  }
}

extension RunFailure {
  fileprivate init(_ failure: PolicyFailure) {
    switch failure {
    case .unreadable(let path, let reason): message = "\(path): \(reason.reason)"
    case .unknownPreset(let name, let suggestion):
      let known = suggestion == nil ? ": \(BuiltIn.presetNames.joined(separator: ", "))" : hint(suggestion) ?? ""
      message = "--preset: there is no preset '\(name)'\(known)"
    case .fault(.unknownRule(let id, let suggestion)):
      message = "--rule: there is no rule '\(id)'\(hint(suggestion) ?? "")"
    case .fault(.requiredRule(let id)): message = "--rule: '\(id)' cannot be turned off"
    case .fault(.softenedRule(let id)): message = "--rule: the severity of '\(id)' cannot be lowered"
    }
  }
}

/// Says what is wrong with the policy, where a command's own output would be of no use.
func writeBrokenPolicy(_ loaded: LoadedPolicy) -> ExitStatus {
  var options = Console.standardError.options
  options.showsSummary = false
  let report = loaded.report(of: loaded.problems)
  Console.standardError.write { write(report, as: .text, options: options, to: &$0) }
  return .incomplete
}

/// Says what is no finding on standard error.
func writeNotes(of report: Report) {
  for note in report.notes { writeNote(note) }
}

/// Says which manifests could not be read to their end, where a command's own output lacks what they claim: then the report
/// is not complete.
func writeUnread(of report: inout Report) {
  var unread = report
  unread.diagnostics.removeAll { !["unreadable-file", "limit-exceeded", "yaml-syntax"].contains($0.rule) }
  if !unread.diagnostics.isEmpty { report.isComplete = false }
  unread.diagnostics += report.diagnostics.filter { $0.rule == "template-not-rendered" }
  var options = Console.standardError.options
  options.showsInfo = true
  options.showsSummary = false
  Console.standardError.write { write(unread, as: .compact, options: options, to: &$0) }
  let unsaid = report.summary.templates - report.diagnostics.count { $0.rule == "template-not-rendered" }
  if unsaid > 0 { writeNote("\(counted(unsaid, "template was", "templates were")) not rendered") }
}
