import ManifestFormats
import PortModel
import SourceText

/// The files of a git work tree and of its submodules that have changed since a revision, those among them that git does
/// not know, and those that it was told not to look at; with what others said then of which files they are made of.
package struct ChangedFiles: Sendable {
  /// By absolute paths; links are not followed in their last part.
  private var files: Set<ExactText> = []
  /// Folders of which nothing more is known than that they are not the work tree's own, or that it had none of the
  /// submodule's commits; with a slash at their ends.
  private var folders: [String] = []
  private let now: DiskFiles

  /// - Parameter tree: The tree that is looked at: git is asked in its folder.
  package init(since revision: String, in tree: Tree) throws(GitFailure) {
    now = DiskFiles(in: tree)
    let git = Git(folder: try Git(folder: tree.root).workTree())
    try add(git, since: try git.commit(revision))
  }

  private mutating func add(_ path: String) {
    if isFolder(path) { folders.append(path + "/") } else { files.insert(path.exact) }
  }

  /// Adds what has changed in a work tree since a commit, and in its submodules since the commits that it had of them.
  private mutating func add(_ git: Git, since commit: String) throws(GitFailure) {
    let changed = try git.pathsChanged(since: commit)
    try addFilesNamed(byAnyOf: changed, git, commit)
    let new = try git.paths(["ls-files", "--others", "--exclude-standard", "-z"])
    // Nobody can say of what is ignored that it has not changed.
    let ignored = try git.paths(["ls-files", "--others", "--ignored", "--exclude-standard", "--directory", "-z"])
    for path in (changed + new + ignored).map({ git.folder + $0 }) {
      if path.endsInSlash {
        folders.append(path)
      } else {
        files.insert(path.exact)
        // What a new link leads to has a new meaning.
        if isLink(path), let target = realPath(of: path) { add(target) }
      }
    }
    for entry in try git.indexEntries() {
      let path = git.folder + entry.path
      if entry.isSubmodule {
        try add(submodule: path + "/", was: try git.submoduleCommit(at: entry.path, in: commit))
      } else if !entry.isCompared {
        files.insert(path.exact)
      }
    }
  }

  /// Of how many files it is asked what they said.
  private static let mostFormer = 1000

  /// Adds what changed kustomizations, Compose files and variables named at a commit: what they do no more with other
  /// files, these stand for by themselves.
  private mutating func addFilesNamed(byAnyOf paths: [String], _ git: Git, _ commit: String) throws(GitFailure) {
    let isNaming = { (path: String) in Kustomization.isOne(path) || path.isPath(toFile: Companions.variablesName) }
    let manifests = paths.filter { ($0.hasSuffix(".yaml") || $0.hasSuffix(".yml")) && !isNaming($0) }
    let naming =
      paths.filter(isNaming) + (try git.paths(manifests, holdingAnyOf: ["include", "extends"], in: commit))
    for (number, path) in naming.enumerated() {
      let path = (path: path, whole: git.folder + path)
      guard number < ChangedFiles.mostFormer else {
        folders.append(path.whole.folderPath)
        continue
      }
      guard let contents = try git.contents(of: path.path, in: commit) else { continue }
      // What a Compose file still brings in is no other for what else it says.
      let still = isNaming(path.path) ? [] : filesNamed(at: path.whole, try? now.contents(of: path.whole)).map(\.exact)
      for named in Set(filesNamed(at: path.whole, contents).map(\.exact)).subtracting(still).map(\.text) {
        files.insert(named.exact)
        if let real = realPath(of: named) { files.insert(real.exact) }
      }
    }
  }

  private func filesNamed(at path: String, _ contents: [UInt8]?) -> [String] {
    contents.map { ManifestFormats.filesNamed(by: SourceFile(id: .none, path: path, contents: $0)) } ?? []
  }

  /// - Parameter commit: The commit that the tree around it had of it; nothing where it had none.
  private mutating func add(submodule folder: String, was commit: String?) throws(GitFailure) {
    let git = Git(folder: folder)
    let own = try? git.workTree()
    // One that was not fetched has no work tree of its own.
    if let own, !own.isExactly(folder) { return }
    if own != nil, let commit, (try? git.commit(commit)) != nil {
      try add(git, since: commit)
    } else {
      folders.append(folder)
    }
  }

  /// Whether a file has changed, by the path itself or where links lead.
  package func hold(_ path: String) -> Bool {
    if files.isEmpty, folders.isEmpty { return false }
    let whole = path.below(path.folderPath)
    let home = realPath(of: path.folderPath.isEmpty ? "." : path.folderPath)
    let own = home.map { ($0 == "/" ? $0 : $0 + "/") + whole }
    return [own, realPath(of: path)].contains { $0.map(isOne) ?? false }
  }

  /// The files of readings that lack a file which was there, or of which something that has changed says which they are.
  func filesOfOtherMeaning(_ readings: [FileReading]) -> Set<FileID> {
    var files: Set<FileID> = []
    for index in readings.indices {
      let composition =
        readings[index].reading.isKustomization
        ? readings[index].file.path
        : readings[index].reading.hasFileList ? readings[index].variablesPath : nil
      if let composition, hold(composition) {
        files.insert(readings[index].file.id)
        files.formUnion(readings[index].supplied.lazy.map(\.id))
        continue
      }
      let file = readings[index].file
      let isOfCompose = readings[index].reading.formats.contains(.compose)
      // What a walk did not see beside a file was not asked for.
      let beside = isOfCompose ? Companions.paths(beside: file).filter { hold($0) && !mayBeThere($0) } : []
      guard !beside.isEmpty || readings[index].lacking.contains(where: hold) else { continue }
      files.insert(file.id)
      files.formUnion(readings[index].supplied.lazy.map(\.id))
    }
    return files
  }

  private func isOne(_ path: String) -> Bool {
    files.contains(path.exact) || folders.contains { path.utf8.starts(with: $0.utf8) }
  }
}

extension ChangedFiles {
  /// Whether one of the files takes part in a finding, or it says that something was not judged.
  ///
  /// - Parameters:
  ///   - others: Files that mean something else because others have changed.
  ///   - file: Whether a file is standard input, of which git knows nothing, and its path.
  func takingPart(
    _ others: Set<FileID>, _ file: @escaping (FileID) -> (isInput: Bool, path: String)
  ) -> (Diagnostic) -> Bool {
    var known: [FileID: Bool] = [:]
    let hasChanged = { (id: FileID) in
      if let known = known[id] { return known }
      let (isInput, path) = file(id)
      let hasChanged = isInput || others.contains(id) || hold(path)
      known[id] = hasChanged
      return hasChanged
    }
    return { finding in
      finding.saysWhatIsUnjudged || hasChanged(finding.place.file)
        || finding.related.contains { hasChanged($0.place.file) }
    }
  }
}

extension FileReading {
  /// The path of the variables that name the files of its project.
  fileprivate var variablesPath: String? {
    supplied.lazy.map(\.path).first { $0.isPath(toFile: Companions.variablesName) }
  }
}
