import ManifestFormats
import SourceText
import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Looks through a folder and all below it for what may be a manifest.
struct FolderWalk: Sendable {
  /// The folder's path as it is shown, and without links, each with a slash at its end or empty.
  private let root: String
  private let canonical: String
  /// How many entries are met at most.
  private let most: Int
  /// The hidden folders that are looked into all the same.
  private let hidden: [HiddenFolder]
  /// The ignore files that count; nothing where none does.
  private let ignoring: IgnoreWalk?
  /// What may be opened; nothing where it does not matter what lies beyond.
  private let tree: Tree?
  private var met = 0

  /// The files, in the order of their paths.
  private(set) var found: [Candidate] = []
  /// What may be found another way too, or cannot be looked at, with its path without links.
  private(set) var others: [(candidate: Candidate, canonical: String)] = []

  /// What was met and is not looked at; but for hidden folders, kept only where it is asked for.
  private(set) var passedOver: [PassedOver] = []
  private let notesPassedOver: Bool

  init(
    of root: String, canonical: String, most: Int, hidden: [HiddenFolder], ignoring: IgnoreWalk?, in tree: Tree? = nil,
    notesPassedOver: Bool = false
  ) {
    self.root = root
    self.canonical = canonical
    self.most = most
    self.hidden = hidden
    self.ignoring = ignoring
    self.tree = tree
    self.notesPassedOver = notesPassedOver
  }

  /// Whether all was looked through.
  var isWhole: Bool { met <= most }

  /// What is met on the way.
  private enum Item {
    /// With what the ignore files around it leave out.
    case folder(String, IgnoredPaths)
    case file(Candidate)
  }

  /// Below this many folders that are still to be looked through, one worker is faster than several.
  private static let fewFolders = 64
  /// How many levels down many folders are looked for.
  private static let fewLevels = 6
  /// How many items a worker takes at a time.
  private static let batch = 8

  /// Walks all, the lower folders side by side where there are many and all of their entries count.
  ///
  /// - Parameter workers: How many may walk at once; asked for only where there are many folders.
  mutating func run(workers: () -> Int) {
    var items = [Item.folder(root, ignoring?.around ?? IgnoredPaths())]
    var folders = 1
    for _ in 0..<FolderWalk.fewLevels where (1..<FolderWalk.fewFolders).contains(folders) && isWhole {
      items = items.flatMap { look(into: $0) }
      folders = items.count { if case .folder = $0 { true } else { false } }
    }
    let workers = folders > 0 && most == .max ? workers() : 1
    if workers > 1 { walk(items, workers: workers) } else { walk(items) }
  }

  private mutating func walk(_ items: [Item], workers: Int) {
    let next = Atomic(0)
    let start = FolderWalk(
      of: root, canonical: canonical, most: most, hidden: hidden, ignoring: ignoring, in: tree,
      notesPassedOver: notesPassedOver)
    let parts = Mutex<[(number: Int, walk: FolderWalk)]>([])
    Threads.perform(times: workers) {
      while true {
        let number = next.add(FolderWalk.batch, ordering: .relaxed).oldValue
        guard number < items.count else { break }
        var part = start
        part.walk(Array(items[number..<min(number + FolderWalk.batch, items.count)]))
        parts.withLock { $0.append((number, part)) }
      }
    }
    for part in parts.withLock({ $0.sorted { $0.number < $1.number } }) {
      found += part.walk.found
      others += part.walk.others
      passedOver += part.walk.passedOver
    }
  }

  /// Walks with a list of its own instead of recursion.
  private mutating func walk(_ items: [Item]) {
    // The last is taken first.
    var pending = Array(items.reversed())
    while isWhole, let item = pending.popLast() {
      switch item {
      case .file(let candidate): found.append(candidate)
      case .folder: pending += look(into: item).reversed()
      }
    }
  }

  /// What a folder holds that is to be looked at, in the order of paths; a file stays what it is.
  private mutating func look(into item: Item) -> [Item] {
    guard case .folder(let folder, var ignored) = item else { return [item] }
    guard var entries = list(folder.isEmpty ? "." : folder) else {
      let path = folder.isEmpty ? "." : folder.withoutLastSlash
      let failure = Candidate(path, .named, failure: ReadFailure(errno: errno))
      others.append((failure, canonical + folder.below(root)))
      return []
    }
    met += entries.count
    var companions = Companions()
    var haveIgnoreFiles = false
    for entry in entries {
      companions.note(entry.name)
      if entry.name.isOfIgnoreFiles { haveIgnoreFiles = true }
    }
    if haveIgnoreFiles { enter(folder, entries, &ignored) }
    entries.sort { $0.pathPart.exact < $1.pathPart.exact }
    var items: [Item] = []
    let place = place(of: folder, ignored)
    for (number, entry) in entries.enumerated() {
      guard let use = use(of: entry, beside: companions) else { continue }
      if use == .variables {
        // Compose reads it, whatever git ignores.
        var candidate = Candidate(folder + entry.name, .context)
        candidate.companions = companions
        items.append(.file(candidate))
        continue
      }
      if leavesOut(entry, of: folder, at: place, ignored) { continue }
      if !entry.isNamedInUTF8, use != .folder || !entry.name.hasPrefix(".") {
        let path = folder + entry.name
        // Several such names may look alike.
        others.append((Candidate(path, .found, failure: .notUTF8), canonical + path.below(root) + "\0\(number)"))
        continue
      }
      switch entry.kind {
      case .folder:
        if entry.name.hasPrefix("."), !FolderWalk.isWalked(hidden: entry.name) {
          let named = manifests(of: folder, inHidden: entry.name, ignored)
          if entry.name != ".git" { note(folder + entry.pathPart, named.isEmpty ? .hidden : .hiddenButForFormats) }
          items += named
          continue
        }
        if entry.name == "node_modules" {
          note(folder + entry.pathPart, .packages)
          continue
        }
        items.append(.folder(folder + entry.pathPart, ignored))
      case .link:
        let path = folder + entry.name
        if isFolder(path) {
          let target = canonicalPath(of: path)
          if mayLeadOut(entry.name), tree?.holds(target + "/") == false {
            others.append((Candidate(link: path, .found), target))
          } else if use == .manifest {
            note(path, .linkToFolder)
          }
          continue
        }
        guard use == .manifest else { continue }
        let candidate = Candidate(link: path, .found)
        if candidate.failure != nil, entry.name.hasPrefix(".#") {
          note(path, .lock)
        } else {
          others.append((candidate, canonicalPath(of: path)))
        }
      case .other:
        var candidate = Candidate(folder + entry.name, .found)
        candidate.companions = companions
        items.append(.file(candidate))
      }
    }
    return items
  }

  /// What an entry of a folder may be to a run.
  private enum Use {
    case folder
    /// By its name.
    case manifest
    /// The variables of Compose projects.
    case variables
    /// A link that would be looked into if it were the folder that it leads to.
    case link
  }

  private func use(of entry: FolderEntry, beside companions: Companions) -> Use? {
    if entry.kind == .folder { return .folder }
    if entry.name.hasManifestEnding { return .manifest }
    if companions.haveVariables, entry.name.isExactly(Companions.variablesName) { return .variables }
    return entry.kind == .link && mayLeadOut(entry.name) ? .link : nil
  }

  private mutating func note(_ path: String, _ reason: PassedOver.Reason) {
    if notesPassedOver || reason == .hidden { passedOver.append(PassedOver(path: path, reason: reason)) }
  }

  /// Whether a link of that name would be looked into if it were the folder that it leads to.
  private func mayLeadOut(_ name: String) -> Bool {
    tree != nil && name != "node_modules" && (!name.hasPrefix(".") || FolderWalk.isWalked(hidden: name))
  }

  /// Whether a hidden folder is one like any other: that of development containers holds whole projects.
  private static func isWalked(hidden name: String) -> Bool {
    name.isExactly(".devcontainer")
  }

  /// The files that formats name in a hidden folder, in the order of their paths; links to folders are left out here too.
  private mutating func manifests(of folder: String, inHidden name: String, _ ignored: IgnoredPaths) -> [Item] {
    let named = hidden.filter { $0.names.first?.isExactly(name) == true }
    var found: [(path: String, item: Item)] = []
    for names in Set(named.map { $0.names.joined(separator: "/") }) {
      let path = folder + names
      guard typeOfEntry(path) == .folder, let entries = list(path) else { continue }
      met += entries.count
      var ignored = ignored
      guard !leavesOut(foldersTo: names, in: folder, &ignored) else { continue }
      enter(path + "/", entries, &ignored)
      var companions = Companions()
      for entry in entries { companions.note(entry.name) }
      let place = place(of: path + "/", ignored)
      let patterns = named.filter { $0.names.joined(separator: "/").isExactly(names) }.map(\.files)
      for entry in entries where entry.kind == .other && entry.isNamedInUTF8 && entry.name.hasManifestEnding {
        guard patterns.contains(where: { entry.name.matches(glob: $0) }) else { continue }
        guard !leavesOut(entry, of: path + "/", at: place, ignored) else { continue }
        var candidate = Candidate(path + "/" + entry.name, .found)
        candidate.companions = companions
        candidate.isOfHiddenFolder = true
        found.append((candidate.path, .file(candidate)))
      }
    }
    return found.sorted { $0.path.exact < $1.path.exact }.map(\.item)
  }

  /// Whether one of the folders on the way to a hidden one is left out; their ignore files are added.
  private mutating func leavesOut(foldersTo names: String, in folder: String, _ ignored: inout IgnoredPaths) -> Bool {
    var path = folder
    for (number, name) in names.pathParts.enumerated() {
      if number > 0, ignoring != nil, let entries = list(path) { enter(path, entries, &ignored) }
      let entry = FolderEntry(name: name, kind: .folder, isNamedInUTF8: true)
      if leavesOut(entry, of: path, at: place(of: path, ignored), ignored) { return true }
      path += entry.pathPart
    }
    return false
  }
}

// MARK: - Ignore files

extension FolderWalk {
  /// Adds the ignore files of a folder to those around it.
  private mutating func enter(_ folder: String, _ entries: [FolderEntry], _ ignored: inout IgnoredPaths) {
    guard let ignoring else { return }
    let kinds = Dictionary(entries.map { ($0.name, $0.kind) }, uniquingKeysWith: { first, _ in first })
    if kinds[".git"] != nil { ignored.enterWorkTree() }
    // Git does not follow a link to such a file either.
    var files: [(path: String, isOfGit: Bool)] = []
    if kinds[".git"] == .folder { files.append((IgnoreList.exclude, true)) }
    if ignored.isInWorkTree, kinds[IgnoreList.gitName] == .other { files.append((IgnoreList.gitName, true)) }
    if kinds[IgnoreList.ownName] == .other { files.append((IgnoreList.ownName, false)) }
    for file in files {
      let path = folder + file.path
      let below = path.below(root)
      do throws(ReadFailure) {
        let depth = ignoring.prefix.count + folder.below(root).utf8.count
        if let list = try ignoring.list(at: path, depth: depth, isOfGit: file.isOfGit) { ignored.add(list) }
      } catch {
        others.append((Candidate(path, .named, failure: error), canonical + below))
      }
    }
  }

  /// A folder's path as ignore files see it; nothing where none says anything.
  private func place(of folder: String, _ ignored: IgnoredPaths) -> [UInt8] {
    guard let ignoring, !ignored.isEmpty else { return [] }
    return ignoring.prefix + Array(folder.utf8.dropFirst(root.utf8.count))
  }

  /// Whether an ignore file leaves out an entry of a folder.
  private mutating func leavesOut(
    _ entry: FolderEntry, of folder: String, at place: [UInt8], _ ignored: IgnoredPaths
  ) -> Bool {
    guard let ignoring, !ignored.isEmpty else { return false }
    let path = place + Array(entry.name.utf8)
    guard let line = ignoring.line(leavingOut: path, isFolder: entry.kind == .folder, ignored) else { return false }
    note(folder + entry.pathPart, .ignored(line))
    return true
  }
}

/// What a walk knows of ignore files before it begins.
struct IgnoreWalk: Sendable {
  private let tree: Tree
  /// The path of the walk's folder from the one that all ignore files' paths are held against.
  let prefix: [UInt8]
  /// What is left out around the walk's folder.
  private(set) var around: IgnoredPaths
  /// The ignore files around it that cannot be read, with the reasons.
  private(set) var failures: [(path: String, failure: ReadFailure)] = []
  private let work: IgnoreWork

  /// - Parameter folder: The walk's folder, by its absolute path without links, with a slash at its end.
  init(of folder: String, in tree: Tree, work: IgnoreWork = IgnoreWork()) {
    self.tree = tree
    self.work = work
    let top = tree.folder(holding: folder) ?? folder
    let workTree = Tree.workTree(holding: folder)
    // What lies beyond the tree is nobody's word.
    let origin = workTree.map { $0.utf8.count > top.utf8.count ? $0 : top } ?? top
    prefix = Array(folder.below(origin).utf8)
    around = IgnoredPaths(inWorkTree: workTree != nil)
    var current = origin
    for name in folder.below(origin).pathParts {
      if current.isExactly(workTree ?? "") { add(IgnoreList.exclude, of: current, origin, isOfGit: true) }
      if around.isInWorkTree { add(IgnoreList.gitName, of: current, origin, isOfGit: true) }
      add(IgnoreList.ownName, of: current, origin, isOfGit: false)
      current += name + "/"
      // What is named is looked through, whatever is said of it.
      let path = Array(current.withoutLastSlash.below(origin).utf8)
      if line(leavingOut: path, isFolder: true, around) != nil {
        around = IgnoredPaths(inWorkTree: around.isInWorkTree)
      }
    }
  }

  private mutating func add(_ name: String, of folder: String, _ origin: String, isOfGit: Bool) {
    let path = tree.pathFromHere(to: folder) + name
    guard !isLink(path) else { return }
    do throws(ReadFailure) {
      let depth = folder.below(origin).utf8.count
      if let list = try list(at: path, depth: depth, isOfGit: isOfGit) { around.add(list) }
    } catch {
      failures.append((path, error))
    }
  }

  /// The ignore file at a path; nothing where there is none.
  func list(at path: String, depth: Int, isOfGit: Bool) throws(ReadFailure) -> IgnoreList? {
    do throws(ReadFailure) {
      let bytes = try OpenFile.open(path, in: tree).contents()
      guard bytes.count <= IgnoreList.sizeLimit << 20 else { throw .tooLarge(limit: IgnoreList.sizeLimit) }
      return IgnoreList(bytes, path: path, depth: depth, isOfGit: isOfGit)
    } catch .missing {
      return nil
    } catch .folder {
      return nil
    }
  }

  /// The line that leaves a path out, given as all of them are.
  func line(leavingOut path: [UInt8], isFolder: Bool, _ ignored: IgnoredPaths) -> IgnoreLine? {
    if work.isSpent { return nil }
    var steps = 0
    defer { work.take(steps) }
    return ignored.line(leavingOut: path, isFolder: isFolder, steps: &steps)
  }
}

/// Counts what it takes to hold paths against the lines of ignore files.
package final class IgnoreWork: Sendable {
  /// The most steps that a walk may take: far more than any repository needs.
  package static let most = 500_000_000

  private let most: Int
  private let taken = Atomic(0)

  init(most: Int = IgnoreWork.most) {
    self.most = most
  }

  func take(_ steps: Int) {
    taken.add(steps, ordering: .relaxed)
  }

  /// Whether more was taken than is allowed: then nothing that was told counts, for it hangs on who came first.
  var isSpent: Bool { taken.load(ordering: .relaxed) > most }
}

/// What a walk met and passed over, and why.
package struct PassedOver: Hashable, Sendable {
  package var path: String
  package var reason: Reason

  package enum Reason: Hashable, Sendable {
    case ignored(IgnoreLine)
    case hidden
    /// A hidden folder of which only the files are read that formats name.
    case hiddenButForFormats
    /// `node_modules`
    case packages
    case linkToFolder
    /// Some editors lock a file by a link that says who edits it.
    case lock
  }
}

extension String {
  /// Of a path, what stands behind the first bytes, which are those of a folder: a mark at the start of a name may be one
  /// character with the slash before it.
  package func below(_ folder: String) -> String {
    String(decoding: utf8.dropFirst(folder.utf8.count), as: UTF8.self)
  }

  /// Whether a folder with an entry of this name may say what is left out.
  fileprivate var isOfIgnoreFiles: Bool {
    utf8.first == UInt8(ascii: ".") && (self == ".git" || self == IgnoreList.gitName || self == IgnoreList.ownName)
  }

  var hasManifestEnding: Bool {
    hasSuffix(".yaml") || hasSuffix(".yml") || hasSuffix(".json") || self == "Kustomization"
      || hasSuffix("/Kustomization")
  }
}

// MARK: - The system

/// An entry of a folder.
struct FolderEntry {
  /// With what is not UTF-8 repaired.
  var name: String
  var kind: Kind
  /// Whether the name leads back to the entry.
  var isNamedInUTF8: Bool

  enum Kind {
    case folder
    case link
    case other
  }

  /// What the paths of the entry and of all below it have behind their folder's, by which they are in order.
  let pathPart: String

  init(name: String, kind: Kind, isNamedInUTF8: Bool) {
    self.name = name
    self.kind = kind
    self.isNamedInUTF8 = isNamedInUTF8
    pathPart = kind == .folder ? name + "/" : name
  }
}

/// The entries of a folder, or nothing if it cannot be listed (`errno` says why).
func list(_ path: String) -> [FolderEntry]? {
  guard let stream = path.withCString({ opendir($0) }) else { return nil }
  defer { closedir(stream) }
  var entries: [FolderEntry] = []
  // Most folders hold a few.
  entries.reserveCapacity(8)
  while let entry = readdir(stream) {
    let named = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
      pointer.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { name -> (name: String, isUTF8: Bool)? in
        if strcmp(name, ".") == 0 || strcmp(name, "..") == 0 { return nil }
        return String(validatingCString: name).map { ($0, true) } ?? (String(cString: name), false)
      }
    }
    guard let (name, isUTF8) = named else { continue }
    let kind: FolderEntry.Kind =
      switch Int32(entry.pointee.d_type) {
      case Int32(DT_DIR): .folder
      case Int32(DT_LNK): .link
      case Int32(DT_UNKNOWN): typeOfEntry(path + "/" + name)
      default: .other
      }
    entries.append(FolderEntry(name: name, kind: kind, isNamedInUTF8: isUTF8))
  }
  return entries
}

private func typeOfEntry(_ path: String) -> FolderEntry.Kind {
  var status = stat()
  guard lstat(path, &status) == 0 else { return .other }
  switch status.st_mode & S_IFMT {
  case S_IFDIR: return .folder
  case S_IFLNK: return .link
  default: return .other
  }
}

extension Candidate {
  /// A file that a link leads to.
  init(link path: String, _ origin: Origin) {
    self.init(path, origin)
    isLink = true
    var status = stat()
    if stat(path, &status) != 0, errno == ENOENT { failure = .brokenLink }
  }
}

/// Whether a path is that of a link.
func isLink(_ path: String) -> Bool {
  var status = stat()
  return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
}

/// Whether something is at a path, or the system does not let it be known.
func mayBeThere(_ path: String) -> Bool {
  var status = stat()
  return lstat(path, &status) == 0 || errno != ENOENT && errno != ENOTDIR
}

/// Whether a path, links and all, leads to a folder.
package func isFolder(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}

/// The path without links, or the path itself where the system does not say.
package func canonicalPath(of path: String) -> String {
  guard let resolved = realpath(path, nil) else { return path }
  defer { free(resolved) }
  return String(cString: resolved)
}
