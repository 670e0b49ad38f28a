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
/// Folders are walked for `*.yaml`, `*.yml` and `*.json`; hidden folders, `node_modules` and links to folders are left
/// out unless they are named. A file that is reached by two paths is read once.
package struct Discovery {
  private var candidates: [Candidate] = []
  private var seen: [String: Int] = [:]

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
    return discovery.candidates.sorted { $0.path < $1.path }
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
    guard let earlier = seen[canonical] else {
      seen[canonical] = candidates.count
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

  /// The manifests below a folder, whose path ends in a slash or is empty; at most so many entries of folders are looked
  /// through.
  static func files(in folder: String, most: Int) throws(ReadFailure) -> [String] {
    var discovery = Discovery()
    let real = canonicalPath(of: folder.isEmpty ? "." : folder)
    let isWhole = discovery.walk(folder, canonical: real.hasSuffix("/") ? real : real + "/", most: most)
    guard isWhole else { throw .unreadable(reason: "more than \(most) files and folders would have to be searched") }
    return discovery.candidates.filter { $0.failure == nil }.map(\.path)
  }

  /// Walks a folder with a list of its own instead of recursion; answers whether that was done before more than `most`
  /// entries were met.
  @discardableResult
  private mutating func walk(_ root: String, canonical: String, most: Int = .max) -> Bool {
    var pending = [(shown: root, canonical: canonical)]
    var count = 0
    while let folder = pending.popLast() {
      guard let entries = list(folder.shown.isEmpty ? "." : folder.shown) else {
        let path = folder.shown.isEmpty ? "." : String(folder.shown.dropLast())
        add(Candidate(path, .named, failure: ReadFailure(errno: errno)), canonical: folder.canonical)
        continue
      }
      count += entries.count
      if count > most { return false }
      for (number, entry) in entries.enumerated() {
        let path = folder.shown + entry.name
        if !entry.isNamedInUTF8, entry.name.hasManifestEnding || entry.kind == .folder && !entry.name.hasPrefix(".") {
          // Several such names may look alike.
          add(Candidate(path, .found, failure: .notUTF8), canonical: "\(folder.canonical)\(entry.name)\0\(number)")
          continue
        }
        switch entry.kind {
        case .folder:
          if entry.name.hasPrefix(".") || entry.name == "node_modules" { continue }
          pending.append((path + "/", folder.canonical + entry.name + "/"))
        case .link where entry.name.hasManifestEnding:
          if isFolder(path) { continue }
          add(Candidate(path, .found), canonical: canonicalPath(of: path))
        case .other where entry.name.hasManifestEnding:
          add(Candidate(path, .found), canonical: folder.canonical + entry.name)
        default:
          break
        }
      }
    }
    return true
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
  }

}

extension String {
  fileprivate var hasManifestEnding: Bool {
    hasSuffix(".yaml") || hasSuffix(".yml") || hasSuffix(".json")
  }
}

// MARK: - The system

private enum EntryKind {
  case folder
  case link
  case other
}

private struct Entry {
  /// With what is not UTF-8 repaired.
  var name: String
  var kind: EntryKind
  /// Whether the name leads back to the entry.
  var isNamedInUTF8: Bool
}

/// The entries of a folder, or nothing if it cannot be listed (`errno` says why).
private func list(_ path: String) -> [Entry]? {
  guard let stream = opendir(path) else { return nil }
  defer { closedir(stream) }
  var entries: [Entry] = []
  while let entry = readdir(stream) {
    let (name, isUTF8) = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
      pointer.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { name in
        String(validatingCString: name).map { ($0, true) } ?? (String(cString: name), false)
      }
    }
    if name == "." || name == ".." { continue }
    let kind: EntryKind =
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

private func typeOfEntry(_ path: String) -> EntryKind {
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
