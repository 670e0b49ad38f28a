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
/// Folders are walked for `*.yaml`, `*.yml`, `*.json` and `Kustomization`; hidden folders, `node_modules` and links to
/// folders are left out unless they are named. A file that is reached by two paths is read once.
package struct Discovery {
  private var candidates: [Candidate] = []
  /// The candidates' numbers by their paths without links; nothing before a file may be reached by two paths.
  private var seen: [String: Int]?
  /// The folders that were walked before that, and the candidates found there.
  private var walks: [Walk] = []

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
  ///   - standardInputName: What standard input is called.
  package static func candidates(for paths: [String], standardInputName: String) -> [Candidate] {
    var discovery = Discovery()
    for path in paths.isEmpty ? ["."] : paths {
      if path == DiskFiles.standardInput {
        discovery.add(Candidate(standardInputName, .named), canonical: DiskFiles.standardInput)
      } else {
        discovery.addNamed(normalised(path))
      }
    }
    discovery.addContexts()
    discovery.candidates.sort { $0.path < $1.path }
    return discovery.candidates
  }

  /// The path without `.` parts and repeated slashes; `..` stays, for links may lie before it.
  static func normalised(_ path: String) -> String {
    let parts = path.split(separator: "/", omittingEmptySubsequences: true).filter { $0 != "." }
    let joined = parts.joined(separator: "/")
    if path.hasPrefix("/") { return "/" + joined }
    return joined.isEmpty ? "." : joined
  }

  private mutating func addNamed(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else {
      // Bytes that are not UTF-8 came in as this character.
      let isRepaired = errno == ENOENT && path.unicodeScalars.contains("\u{FFFD}")
      add(Candidate(path, .named, failure: isRepaired ? .notUTF8 : ReadFailure(errno: errno)), canonical: path)
      return
    }
    if status.st_mode & S_IFMT == S_IFDIR {
      walk(path == "." ? "" : (path == "/" ? "/" : path + "/"), canonical: canonicalPath(of: path) + "/")
    } else {
      add(Candidate(path, .named), canonical: canonicalPath(of: path))
    }
  }

  private mutating func add(_ candidate: Candidate, canonical: String) {
    if seen == nil { seen = paths(of: walks) }
    guard let earlier = seen?[canonical] else {
      seen?[canonical] = candidates.count
      candidates.append(candidate)
      return
    }
    // The stronger reason to read a file wins; of equal ones, the path that sorts first names it.
    let known = candidates[earlier]
    if known.origin == .context && candidate.origin != .context {
      candidates[earlier] = candidate
    } else if known.origin == candidate.origin || (known.origin == .found && candidate.origin == .named) {
      let path = min(known.path, candidate.path)
      candidates[earlier] = Candidate(path, candidate.origin, failure: candidate.failure)
    }
  }

  /// What was found in folders, by paths without links.
  private func paths(of walks: [Walk]) -> [String: Int] {
    var paths: [String: Int] = [:]
    for walk in walks {
      for number in walk.found {
        paths[walk.canonical + candidates[number].path.below(walk.shown)] = number
      }
    }
    return paths
  }

  /// The manifests below a folder, whose path ends in a slash or is empty; at most so many entries of folders are looked
  /// through.
  static func files(in folder: String, most: Int) throws(ReadFailure) -> [String] {
    var discovery = Discovery()
    let real = canonicalPath(of: folder.isEmpty ? "." : folder)
    let isWhole = discovery.walk(folder, canonical: real.hasSuffix("/") ? real : real + "/", most: most)
    guard isWhole else { throw .unreadable(reason: "more than \(most) files and folders would have to be searched") }
    return discovery.candidates.filter { $0.failure == nil }.map(\.path)
  }

  /// Walks a folder with a list of its own instead of recursion; what it finds comes in the order of paths.
  ///
  /// - Returns: Whether that was done before more than `most` entries were met.
  @discardableResult
  private mutating func walk(_ root: String, canonical: String, most: Int = .max) -> Bool {
    var count = 0
    // Within the first folder no file is found twice but through a link.
    let isFirst = candidates.isEmpty
    var others: [(candidate: Candidate, canonical: String)] = []
    var pending = [Item.folder(root)]
    while let item = pending.popLast() {
      let folder: String
      switch item {
      case .folder(let path): folder = path
      case .file(let candidate):
        if isFirst {
          candidates.append(candidate)
        } else {
          others.append((candidate, canonical + candidate.path.below(root)))
        }
        continue
      }
      guard var entries = list(folder.isEmpty ? "." : folder) else {
        let path = folder.isEmpty ? "." : String(folder.dropLast())
        let failure = Candidate(path, .named, failure: ReadFailure(errno: errno))
        others.append((failure, canonical + folder.below(root)))
        continue
      }
      count += entries.count
      if count > most { return false }
      let companions = Companions(among: entries.lazy.map(\.name))
      // The last is taken first.
      entries.sort { $1.pathPart < $0.pathPart }
      for (number, entry) in entries.enumerated() {
        if !entry.isNamedInUTF8, entry.name.hasManifestEnding || entry.kind == .folder && !entry.name.hasPrefix(".") {
          let path = folder + entry.name
          // Several such names may look alike.
          let canonical = canonical + path.below(root) + "\0\(number)"
          others.append((Candidate(path, .found, failure: .notUTF8), canonical))
          continue
        }
        switch entry.kind {
        case .folder:
          if entry.name.hasPrefix(".") || entry.name == "node_modules" { continue }
          pending.append(.folder(folder + entry.pathPart))
        case .link where entry.name.hasManifestEnding:
          let path = folder + entry.name
          if !isFolder(path) { others.append((Candidate(path, .found), canonicalPath(of: path))) }
        case .other where entry.name.hasManifestEnding:
          var candidate = Candidate(folder + entry.name, .found)
          candidate.companions = companions
          pending.append(.file(candidate))
        default:
          break
        }
      }
    }
    if isFirst { walks.append(Walk(shown: root, canonical: canonical, found: 0..<candidates.count)) }
    for (candidate, canonical) in others { add(candidate, canonical: canonical) }
    return true
  }

  /// What a walk has still to look at.
  private enum Item {
    case folder(String)
    case file(Candidate)
  }

  /// Adds the neighbours of named files: a Kubernetes manifest is judged among those of its folder.
  private mutating func addContexts() {
    let named = candidates.filter { $0.origin == .named && $0.failure == nil && $0.path.hasManifestEnding }
    let folders = Set(named.map { $0.path.folderPath })
    for folder in folders.sorted() {
      let canonical = canonicalPath(of: folder.isEmpty ? "." : folder) + "/"
      for entry in list(folder.isEmpty ? "." : folder) ?? [] where entry.kind != .folder {
        guard entry.name.hasManifestEnding, entry.isNamedInUTF8 else { continue }
        let path = folder + entry.name
        let real = entry.kind == .link ? canonicalPath(of: path) : canonical + entry.name
        add(Candidate(path, .context), canonical: real)
      }
    }
    addKustomizations(above: folders)
  }

  /// Adds what may say of a manifest further down that it is a patch.
  private mutating func addKustomizations(above folders: Set<String>) {
    var higher: Set<String> = []
    for folder in folders {
      var path = folder
      while !path.isEmpty, path != "/" {
        path = path.dropLast().description.folderPath
        guard higher.insert(path).inserted else { break }
      }
    }
    for folder in higher.subtracting(folders).sorted() {
      for name in Kustomization.names where access(folder + name, R_OK) == 0 {
        add(Candidate(folder + name, .context), canonical: canonicalPath(of: folder + name))
      }
    }
  }
}

extension String {
  /// Of a path, what stands behind the first bytes, which are those of a folder: a mark at the start of a name may be one
  /// character with the slash before it.
  func below(_ folder: String) -> String {
    String(decoding: utf8.dropFirst(folder.utf8.count), as: UTF8.self)
  }

  fileprivate var hasManifestEnding: Bool {
    hasSuffix(".yaml") || hasSuffix(".yml") || hasSuffix(".json") || self == "Kustomization"
      || hasSuffix("/Kustomization")
  }
}

// MARK: - The system

/// An entry of a folder.
private struct Entry {
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
private func list(_ path: String) -> [Entry]? {
  guard let stream = path.withCString({ opendir($0) }) else { return nil }
  defer { closedir(stream) }
  var entries: [Entry] = []
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
    let kind: Entry.Kind =
      switch Int32(entry.pointee.d_type) {
      case Int32(DT_DIR): .folder
      case Int32(DT_LNK): .link
      case Int32(DT_UNKNOWN): typeOfEntry(path + "/" + name)
      default: .other
      }
    entries.append(Entry(name: name, kind: kind, isNamedInUTF8: isUTF8))
  }
  return entries
}

private func typeOfEntry(_ path: String) -> Entry.Kind {
  var status = stat()
  guard lstat(path, &status) == 0 else { return .other }
  switch status.st_mode & S_IFMT {
  case S_IFDIR: return .folder
  case S_IFLNK: return .link
  default: return .other
  }
}

private func isFolder(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}

/// The path without links, or the path itself where the system does not say.
private func canonicalPath(of path: String) -> String {
  guard let resolved = realpath(path, nil) else { return path }
  defer { free(resolved) }
  return String(cString: resolved)
}
