import ManifestFormats
import PolicyEngine
import PortModel
import SourceText

/// A file or a folder that a run meets, and what becomes of it.
package struct ListedFile: Sendable {
  package var path: String
  package var fate: Fate

  package enum Fate: Hashable, Sendable {
    /// It is read as manifests of these formats.
    case read([Format])
    /// It is read because a manifest asks for it.
    case supplied(to: String)
    /// It cannot be read, or not to its end.
    case unread(reason: String)
    case passedOver(Reason)
  }

  package enum Reason: Hashable, Sendable {
    case walk(PassedOver.Reason)
    /// By a pattern of the policy.
    case policy(SourceRange)
    /// By a pattern of the command line.
    case commandLine(String)
    case noManifest
  }
}

extension Workspace {
  /// What becomes of everything that a run meets, in the order of paths.
  ///
  /// - Parameter outcome: What is found, with what is passed over on the way.
  package func listFiles(_ outcome: Discovery.Outcome) -> [ListedFile] {
    let work = JudgingWork(limits)
    work.conditions.allow(100 * outcome.candidates.count)
    let paths = PolicyPaths(policy, work, excluding: exclude)
    var listed: [ExactText: ListedFile] = [:]
    func list(_ path: String, _ fate: ListedFile.Fate) { listed[path.exact] = ListedFile(path: path, fate: fate) }
    for passed in outcome.passedOver { list(passed.path, .passedOver(.walk(passed.reason))) }
    var candidates: [Candidate] = []
    for candidate in outcome.candidates {
      if let reason = reason(toExclude: candidate.shownPath, paths) {
        if candidate.origin != .context { list(candidate.shownPath, .passedOver(reason)) }
      } else {
        candidates.append(candidate)
        if candidate.origin != .context { list(candidate.shownPath, .passedOver(.noManifest)) }
      }
    }
    var beyond: [Problem] = []
    var files = FileTable(withGroups(candidates, paths, refusing: &beyond))
    let readings = readAll(&files, paths, RunCache(self, sharing: ReadingCache(formats: loaded.formats)))
    for file in readings {
      for supplied in file.supplied where listed[supplied.path.exact] == nil {
        list(supplied.path, .supplied(to: file.file.shownPath))
      }
    }
    for file in readings {
      if let fate = file.fate { list(file.file.shownPath, fate) }
    }
    return listed.values.sorted { $0.path.exact < $1.path.exact }
  }

  private func reason(toExclude path: String, _ paths: PolicyPaths) -> ListedFile.Reason? {
    if let pattern = exclude.pattern(covering: path) { return .commandLine(pattern.description) }
    guard !policy.exclude.isEmpty else { return nil }
    return paths.exclusions(covering: policy.globPath(of: path)).min().map { .policy(policy.exclude[$0].place) }
  }
}

extension FileReading {
  /// What became of the file; nothing where it is no manifest.
  fileprivate var fate: ListedFile.Fate? {
    for problem in reading.inventory.problems {
      switch problem.cause {
      case .unreadableFile, .limitExceeded, .yamlSyntax, .brokenInclude(.link):
        return .unread(reason: problem.cause.rule)
      default: continue
      }
    }
    if reading.isKustomization { return .read(reading.formats.isEmpty ? [.kubernetes] : reading.formats) }
    return reading.documents > 0 ? .read(reading.formats) : nil
  }
}

// MARK: - Hidden folders

extension Workspace {
  /// How much is looked at to tell of hidden folders that they hold manifests.
  private static var most: (folders: Int, entries: Int, files: Int) { (20, 300, 20) }

  /// Of hidden folders that were left out, those in which a few looks find manifests that claim ports.
  package func holdingManifests(among folders: [String], of tree: Tree) -> [String] {
    folders.prefix(Self.most.folders).filter { folder in
      var walk = FolderWalk(
        of: folder, canonical: canonicalPath(of: folder) + "/", most: Self.most.entries, hidden: [], ignoring: nil)
      walk.run { 1 }
      let files = walk.found.prefix(Self.most.files).filter { exclude.pattern(covering: $0.path) == nil }
      if files.isEmpty { return false }
      let report = Workspace(.recommended(), files: self.files, workers: 1).lint(Array(files))
      return !report.rows.isEmpty
    }
  }
}
