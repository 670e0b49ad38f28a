import ManifestFormats
import SourceText

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Finds the files that a run is to read.
///
/// Folders are walked for `*.yaml`, `*.yml`, `*.json` and `Kustomization`; what ignore files say, hidden folders,
/// `node_modules` and links to folders of the tree are left out unless they are named; of hidden ones, formats may name files. A file that is reached by two paths is read once.
package struct Discovery {
  private var candidates: [Candidate] = []
  /// The candidates' numbers by their paths without links. Nothing before a file may be reached by two paths.
  private var seen: [ExactText: Int]?
  /// The folders that were walked before that, and the candidates found there.
  private var walks: [Walk] = []
  private let tree: Tree
  private let hidden: [HiddenFolder]
  private let workers: () -> Int
  /// Whether ignore files leave out what is walked.
  private let heedsIgnoreFiles: Bool
  private let notesPassedOver: Bool
  private let mostIgnoreSteps: Int
  private var passedOver: [PassedOver] = []

  private init(
    in tree: Tree, hidden: [HiddenFolder], heedsIgnoreFiles: Bool = false, notesPassedOver: Bool = false,
    mostIgnoreSteps: Int = IgnoreWork.most, workers: @escaping () -> Int
  ) {
    self.tree = tree
    self.hidden = hidden
    self.heedsIgnoreFiles = heedsIgnoreFiles
    self.notesPassedOver = notesPassedOver
    self.mostIgnoreSteps = mostIgnoreSteps
    self.workers = workers
  }

  /// What a run is to read, and what was met on the way.
  package struct Outcome {
    /// Sorted by path.
    package var candidates: [Candidate]
    /// What was passed over, likewise.
    package var passedOver: [PassedOver]

    /// What is found where nothing is looked for.
    package static let nothing = Outcome(candidates: [], passedOver: [])
  }

  private struct Walk {
    /// The folder's path as it is shown, and without links, each with a slash at its end or empty.
    var shown: String
    var canonical: String
    var found: Range<Int>
  }

  /// The candidates for `paths`, sorted by path.
  ///
  /// - Parameters:
  ///   - paths: Files, folders, or `-` for standard input; none means the current folder.
  ///   - tree: Where what is named is seen with what lies around it.
  ///   - formats: The formats that name files in hidden folders.
  ///   - standardInputName: The path of the file that standard input stands for, where it stands for one.
  ///   - heedsIgnoreFiles: Whether a walk leaves out what git ignores, and what an `.ignore` does.
  ///   - workers: How many may look through folders at once; asked for only where there are many.
  package static func candidates(
    for paths: [String], in tree: Tree, formats: FormatTable = .none, standardInputName: String? = nil,
    heedsIgnoreFiles: Bool = true, workers: @escaping () -> Int = { 1 }
  ) -> [Candidate] {
    outcome(
      for: paths, in: tree, formats: formats, standardInputName: standardInputName, heedsIgnoreFiles: heedsIgnoreFiles,
      notesPassedOver: false, workers: workers
    ).candidates
  }

  /// The candidates, with what is passed over where that is asked for.
  package static func outcome(
    for paths: [String], in tree: Tree, formats: FormatTable, standardInputName: String? = nil, heedsIgnoreFiles: Bool,
    notesPassedOver: Bool, mostIgnoreSteps: Int = IgnoreWork.most, workers: @escaping () -> Int
  ) -> Outcome {
    var discovery = Discovery(
      in: tree, hidden: formats.hiddenFolders, heedsIgnoreFiles: heedsIgnoreFiles, notesPassedOver: notesPassedOver,
      mostIgnoreSteps: mostIgnoreSteps, workers: workers)
    if paths.contains(StandardInput.argument) {
      let candidate = StandardInput.candidate(named: standardInputName)
      // No path without links is empty.
      discovery.add(candidate, canonical: standardInputName.map { _ in canonicalPath(of: candidate.path) } ?? "")
    }
    for path in paths.isEmpty ? ["."] : paths where path != StandardInput.argument {
      discovery.addNamed(normalised(path))
    }
    discovery.addContexts()
    discovery.candidates.sort { $0.path.exact < $1.path.exact }
    discovery.passedOver.sort { $0.path.exact < $1.path.exact }
    return Outcome(candidates: discovery.candidates, passedOver: discovery.passedOver)
  }

  /// The path without `.` parts and repeated slashes; `..` stays, for links may lie before it.
  static func normalised(_ path: String) -> String {
    let parts = path.pathParts.filter { $0 != "." }
    let joined = parts.joined(separator: "/")
    if path.isAbsolutePath { return "/" + joined }
    return joined.isEmpty ? "." : joined
  }

  /// What stands before the paths of the files that are found in a folder.
  package static func folderPath(of path: String) -> String {
    switch normalised(path) {
    case ".": ""
    case "/": "/"
    case let path: path + "/"
    }
  }

  /// The folders among named paths, but for the current one, as what is found in them begins.
  package static func folders(among paths: [String]) -> [String] {
    paths.filter { $0 != StandardInput.argument && isFolder($0) }.map { folderPath(of: $0) }.filter { !$0.isEmpty }
  }

  private mutating func addNamed(_ path: String) {
    var status = stat()
    let isLink = isLink(path)
    guard stat(path, &status) == 0 else {
      // Bytes that are not UTF-8 came in as this character.
      let isRepaired = errno == ENOENT && path.unicodeScalars.contains("\u{FFFD}")
      let failure = isRepaired ? .notUTF8 : ReadFailure(errno: errno)
      add(Candidate(path, .named, failure: isLink && failure == .missing ? .brokenLink : failure), canonical: path)
      return
    }
    if status.st_mode & S_IFMT == S_IFDIR {
      walk(Discovery.folderPath(of: path), canonical: canonicalPath(of: path) + "/")
    } else {
      var candidate = isLink ? Candidate(link: path, .named) : Candidate(path, .named)
      // What is there beside a file that is named beyond the tree is asked for, and refused; what is not, is not missed.
      if !tree.holds(folder: path.folderPath) { candidate.companions = Companions(ofFolder: path.folderPath) }
      add(candidate, canonical: canonicalPath(of: path))
      if path.isPath(toFile: Companions.variablesName) { addProjects(with: path) }
    }
  }

  /// Adds the projects that have their variables from a named file.
  private mutating func addProjects(with variables: String) {
    for name in Companions.projectNames where mayBeThere(variables.folderPath + name) {
      let path = variables.folderPath + name
      add(Candidate(path, .named), canonical: canonicalPath(of: path))
    }
  }

  private mutating func add(_ candidate: Candidate, canonical: String) {
    if seen == nil { seen = paths(of: walks) }
    // What is not opened has no other name, and each link to it is said.
    let isRefused = candidate.isLink && !tree.holds(canonical)
    let canonical = (isRefused ? candidate.path : canonical).exact
    guard let earlier = seen?[canonical] else {
      seen?[canonical] = candidates.count
      candidates.append(candidate)
      return
    }
    // The stronger reason to read a file wins; its own name is better than a link's, and of equal ones the first.
    let known = candidates[earlier]
    // Standard input stands for the file that it is named after.
    if candidate.origin == .context || known.standardInput != nil { return }
    if known.origin == .context {
      candidates[earlier] = candidate
      return
    }
    var both = known
    if known.isLink == candidate.isLink ? candidate.path.exact < known.path.exact : known.isLink {
      both = candidate
    }
    if candidate.origin == .named || known.origin == .named { both.origin = .named }
    both.isOfHiddenFolder = candidate.isOfHiddenFolder && known.isOfHiddenFolder
    candidates[earlier] = both
  }

  /// What was found in folders, by paths without links.
  private func paths(of walks: [Walk]) -> [ExactText: Int] {
    var paths: [ExactText: Int] = [:]
    for walk in walks {
      for number in walk.found {
        paths[(walk.canonical + candidates[number].path.below(walk.shown)).exact] = number
      }
    }
    return paths
  }

  /// The manifests below a folder, whose path ends in a slash or is empty; at most so many entries of folders are looked
  /// through.
  static func files(in folder: String, of tree: Tree, most: Int) throws(ReadFailure) -> [String] {
    var discovery = Discovery(in: tree, hidden: [], workers: { 1 })
    let real = canonicalPath(of: folder.isEmpty ? "." : folder)
    let isWhole = discovery.walk(folder, canonical: real.endsInSlash ? real : real + "/", most: most)
    guard isWhole else { throw .unreadable(reason: "more than \(most) files and folders would have to be searched") }
    // What a folder holds that cannot be listed is not known; a file that cannot be read is said to be so when it is.
    for candidate in discovery.candidates where candidate.origin == .named {
      guard let failure = candidate.failure, failure != .missing else { continue }
      throw .unreadable(reason: "\(candidate.path): \(failure.reason)")
    }
    return discovery.candidates.filter { $0.origin == .found }.map(\.path)
  }

  /// Walks a folder; what it finds comes in the order of paths.
  ///
  /// - Returns: Whether that was done before more than `most` entries were met.
  @discardableResult
  private mutating func walk(_ root: String, canonical: String, most: Int = .max) -> Bool {
    let work = IgnoreWork(most: mostIgnoreSteps)
    let ignoring = heedsIgnoreFiles ? IgnoreWalk(of: canonical, in: tree, work: work) : nil
    var walk = self.walk(root, canonical: canonical, most: most, ignoring)
    if work.isSpent {
      walk = self.walk(root, canonical: canonical, most: most, nil)
      let failure = Candidate(Discovery.normalised(root), .named, failure: .tooManyIgnoreSteps(limit: mostIgnoreSteps))
      add(failure, canonical: canonical)
    }
    for (path, failure) in ignoring?.failures ?? [] { add(Candidate(path, .named, failure: failure), canonical: path) }
    passedOver += walk.passedOver
    if candidates.isEmpty {
      // Within the first folder no file is found twice but through a link.
      candidates = walk.found
      walks.append(Walk(shown: root, canonical: canonical, found: 0..<candidates.count))
    } else {
      for candidate in walk.found { add(candidate, canonical: canonical + candidate.path.below(root)) }
    }
    for (candidate, canonical) in walk.others { add(candidate, canonical: canonical) }
    return walk.isWhole
  }

  private func walk(_ root: String, canonical: String, most: Int, _ ignoring: IgnoreWalk?) -> FolderWalk {
    var walk = FolderWalk(
      of: root, canonical: canonical, most: most, hidden: hidden, ignoring: ignoring, in: tree,
      notesPassedOver: notesPassedOver)
    walk.run(workers: workers)
    return walk
  }

  /// Adds the neighbours of named files: a Kubernetes manifest is judged among those of its folder.
  private mutating func addContexts() {
    let named = candidates.filter { $0.origin == .named && $0.failure == nil && $0.path.hasManifestEnding }
    let folders = Set(named.map { $0.path.folderPath.exact })
    for folder in folders.sorted().map(\.text) where tree.holds(folder: folder) {
      let canonical = canonicalPath(of: folder.isEmpty ? "." : folder) + "/"
      guard let entries = list(folder.isEmpty ? "." : folder) else {
        add(Candidate(unlistedFolder: folder, failure: ReadFailure(errno: errno)), canonical: canonical)
        continue
      }
      for entry in entries where entry.kind != .folder {
        guard entry.name.hasManifestEnding, entry.isNamedInUTF8 else { continue }
        let path = folder + entry.name
        let real = entry.kind == .link ? canonicalPath(of: path) : canonical + entry.name
        add(entry.kind == .link ? Candidate(link: path, .context) : Candidate(path, .context), canonical: real)
      }
    }
    addContexts(above: folders)
  }

  /// Adds what may say of a manifest further down that it is a patch, or one of a project's files.
  private mutating func addContexts(above folders: Set<ExactText>) {
    var higher: Set<ExactText> = []
    for folder in folders {
      var path = folder.text
      while !path.isEmpty, path != "/" {
        path = path.withoutLastSlash.folderPath
        guard higher.insert(path.exact).inserted else { break }
      }
    }
    for folder in higher.subtracting(folders).sorted().map(\.text) where tree.holds(folder: folder) {
      for name in Kustomization.names + [".env"] where mayBeThere(folder + name) {
        add(Candidate(folder + name, .context), canonical: canonicalPath(of: folder + name))
      }
    }
  }
}

extension Companions {
  /// What lies in a folder, whose path ends in a slash or is empty.
  init(ofFolder folder: String) {
    self.init()
    for entry in list(folder.isEmpty ? "." : folder) ?? [] { note(entry.name) }
  }
}
