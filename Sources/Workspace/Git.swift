import CProcess
import SourceText

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Why git has no answer.
package enum GitFailure: Error, Hashable, Sendable {
  /// No name of a revision is empty or begins with a hyphen.
  case noName(String)
  case cannotRun(reason: String)
  /// With git's own words.
  case noWorkTree(String)
  case noRevision(String, isShallow: Bool)
  case failed(command: String)
}

extension GitFailure {
  /// What is the case, in words.
  package var message: String {
    switch self {
    case .noName(let name): "'\(name)' is no revision"
    case .cannotRun(let reason): "git cannot be run: \(reason)"
    case .noWorkTree(let words): "git says: \(words)"
    case .noRevision(let name, let isShallow):
      "git knows no revision '\(name)'" + (isShallow ? "; the clone is shallow: fetch more of it" : "")
    case .failed(let command): "'git \(command)' failed"
    }
  }
}

/// Asks `git` of a work tree, as a process of its own.
struct Git {
  /// The folder that it is asked in.
  let folder: String

  /// The folder of the work tree, an absolute path without links, with a slash at its end.
  func workTree() throws(GitFailure) -> String {
    let arguments = ["rev-parse", "--show-toplevel"]
    guard let path = try line(arguments) else {
      let words = try run(arguments, withErrors: true).bytes.prefix { $0 != UInt8(ascii: "\n") }
      throw .noWorkTree(String(decoding: words, as: UTF8.self))
    }
    return path.endsInSlash ? path : path + "/"
  }

  /// The full name of the commit that a name stands for.
  func commit(_ name: String) throws(GitFailure) -> String {
    // What begins with a hyphen would be an option.
    if name.isEmpty || name.utf8.first == UInt8(ascii: "-") { throw .noName(name) }
    if let commit = try line(["rev-parse", "--verify", "--quiet", name + "^{commit}"]) { return commit }
    throw .noRevision(name, isShallow: try line(["rev-parse", "--is-shallow-repository"]) == "true")
  }

  /// The paths that a command lists with a zero byte behind each.
  func paths(_ arguments: [String]) throws(GitFailure) -> [String] {
    let (status, bytes) = try run(try optionsWithoutFilters() + arguments)
    guard status == 0 else { throw .failed(command: arguments.first ?? "") }
    return bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The paths of the files and submodules that are others in the work tree or in its commit than in an earlier commit.
  ///
  /// `git diff` would say both at once, but write the index anew and run the hook that waits for that.
  func pathsChanged(since commit: String) throws(GitFailure) -> [String] {
    // Git would ask a submodule by a process that heeds the filters of the submodule's own configuration.
    let options = ["-z", "--no-renames", "--ignore-submodules=dirty"]
    // ` M path`
    var paths = try paths(["status", "--porcelain=v1", "--untracked-files=no"] + options).map { line in
      String(decoding: line.utf8.dropFirst(3), as: UTF8.self)
    }
    // On a branch without a commit, all is new.
    if let head = try line(["rev-parse", "--verify", "--quiet", "HEAD^{commit}"]), head != commit {
      paths += try self.paths(["diff-tree", "-r", "--name-only"] + options + [commit, head])
    }
    return paths
  }

  /// Those of some files that hold one of some texts in the tree of a commit.
  func paths(_ paths: [String], holdingAnyOf texts: [String], in commit: String) throws(GitFailure) -> [String] {
    var found: [String] = []
    // There is room for so many paths on a command line.
    for start in stride(from: 0, to: paths.count, by: 200) {
      let some = paths[start..<min(start + 200, paths.count)]
      let command = ["grep", "-z", "--name-only", "--fixed-strings", "--text", "--no-textconv", "--full-name"]
      let (status, bytes) = try run(command + texts.flatMap { ["-e", $0] } + [commit, "--"] + some)
      // Where no file holds one, it fails.
      guard status <= 1 << 8 else { throw .failed(command: "grep") }
      // `0123…:path`
      found += bytes.split(separator: 0).map { String(decoding: $0.dropFirst(commit.utf8.count + 1), as: UTF8.self) }
    }
    return found
  }

  /// What the tree of a commit has at a path; nothing where that is no file.
  func contents(of path: String, in commit: String) throws(GitFailure) -> [UInt8]? {
    let (status, bytes) = try run(["cat-file", "blob", "\(commit):\(path)"])
    return status == 0 ? bytes : nil
  }

  /// What a work tree holds, as git's index has it.
  struct IndexEntry {
    let path: String
    let isSubmodule: Bool
    /// Whether git compares the file with what it knows: not where `update-index` told it to take it for unchanged, or
    /// to pass over it.
    let isCompared: Bool
  }

  /// The files and submodules that git knows.
  func indexEntries() throws(GitFailure) -> [IndexEntry] {
    // `H 100644 0123… 0<tab>path`, with a small letter for what is taken for unchanged, and `S` for what is passed over.
    try paths(["ls-files", "-z", "-v", "--stage"]).map { line throws(GitFailure) in
      guard let tab = line.utf8.firstIndex(of: UInt8(ascii: "\t")), let tag = line.utf8.first else {
        throw .failed(command: "ls-files")
      }
      let isLower = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(tag)
      return IndexEntry(
        path: String(line[line.utf8.index(after: tab)...]),
        isSubmodule: line.utf8.dropFirst(2).starts(with: "160000 ".utf8),
        isCompared: !isLower && tag != UInt8(ascii: "S"))
    }
  }

  /// The commit of a submodule that the tree of another commit has; nothing where it has none.
  func submoduleCommit(at path: String, in commit: String) throws(GitFailure) -> String? {
    // `160000 commit 0123…<tab>path`
    let words = try paths(["ls-tree", "-z", "--full-tree", commit, "--", path]).first?.split { $0 == " " || $0 == "\t" }
    guard let words, words.count > 2, words[0] == "160000" else { return nil }
    return String(words[2])
  }

  /// What keeps git from running the filters of its configuration, which are programs: a work tree's own configuration may
  /// be a stranger's.
  private func optionsWithoutFilters() throws(GitFailure) -> [String] {
    let search = ["config", "--null", "--name-only", "--get-regexp", #"^filter\..*\.(clean|smudge|process)$"#]
    // Where there is none, it fails.
    let keys = try run(search).bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    var options: [String] = []
    for key in keys {
      // Such a key cannot be said in an option.
      guard !key.utf8.contains(UInt8(ascii: "=")), let end = key.utf8.lastIndex(of: UInt8(ascii: ".")) else {
        throw .failed(command: "config")
      }
      options += ["-c", "\(key)=", "-c", "\(key[..<end]).required=false"]
    }
    return options
  }

  /// The one line that a command writes; nothing where it fails.
  private func line(_ arguments: [String]) throws(GitFailure) -> String? {
    let (status, bytes) = try run(arguments)
    guard status == 0, bytes.last == UInt8(ascii: "\n") else { return nil }
    return String(decoding: bytes.dropLast(), as: UTF8.self)
  }

  private func run(_ arguments: [String], withErrors: Bool = false) throws(GitFailure) -> (
    status: Int32, bytes: [UInt8]
  ) {
    // It takes no locks, starts no hook and nobody who watches files or fetches what is lacking, and heeds no settings
    // that would keep files from being told.
    let settings = [
      "core.hooksPath=/dev/null", "core.fsmonitor=false", "protocol.allow=never", "core.excludesFile=",
      "core.ignoreCase=false",
    ]
    let all =
      ["git", "-C", folder, "--no-optional-locks", "--literal-pathspecs"] + settings.flatMap { ["-c", $0] } + arguments
    if all.contains(where: { $0.utf8.contains(0) }) { throw .failed(command: arguments.first ?? "") }
    let texts = all.map { strdup($0) }
    defer { for text in texts { free(text) } }
    var output: Int32 = -1
    let process = (texts.map { UnsafePointer($0) } + [nil]).withUnsafeBufferPointer {
      program_start($0.baseAddress, withErrors ? 1 : 0, &output)
    }
    guard process > 0 else { throw .cannotRun(reason: String(cString: strerror(errno))) }
    let bytes = try? DiskFiles.contents(ofDescriptor: output)
    // Whoever writes more than is read ends here.
    close(output)
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    guard let bytes else { throw .failed(command: arguments.first ?? "") }
    return (status, bytes)
  }
}
