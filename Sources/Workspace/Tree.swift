import ManifestFormats
import SourceText

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// What a run may read: the git work tree that holds what it was given, or else that folder, and what the command line
/// names beside it.
///
/// What lies in the tree is told by paths without links, so a link may lead to anywhere in it and nowhere else.
package struct Tree: Hashable, Sendable {
  /// The absolute path of the tree's folder without links, with a slash at its end.
  package let root: String
  /// What the folder is called in reports.
  package let shownRoot: String
  /// The absolute path of the current folder without links, with a slash at its end; nothing where there is none.
  private let current: String?
  /// The folder that all that a run was given has in common, written as the root is.
  private var inputs: String?
  /// The folders that the command line names beyond the tree, written as the root is.
  private var folders: [String] = []
  /// The files that the command line names, wherever they lie, by their paths.
  private var files: Set<ExactText> = []

  private init(root: String, current: String?, shownAs name: String? = nil) {
    self.root = root
    self.current = current
    shownRoot = name ?? Tree.shown(root, from: current)
  }

  /// The tree that holds what the paths of a command line have in common.
  ///
  /// - Parameters:
  ///   - paths: Files, folders, or `-` for standard input; none means the current folder. One that there is not says
  ///     nothing.
  ///   - standardInputName: The path of the file that standard input stands for, where it stands for one.
  package static func holding(_ paths: [String], standardInputName: String? = nil) -> Tree {
    let named = NamedPaths(paths, standardInputName: standardInputName)
    let current = realFolder(".")
    let common = named.commonFolder
    return Tree(root: Tree.workTreeOrFolder(common ?? current ?? "/"), current: current).with(named)
  }

  /// The tree that the command line says, with the paths that it names.
  ///
  /// - Throws: When it is no folder.
  package static func at(
    _ folder: String, with paths: [String], standardInputName: String? = nil
  ) throws(ReadFailure) -> Tree {
    guard isFolder(folder), let root = realFolder(folder) else {
      throw isThere(folder) ? .unreadable(reason: "is no folder") : .missing
    }
    return Tree(root: root, current: realFolder("."), shownAs: folder)
      .with(NamedPaths(paths, standardInputName: standardInputName))
  }

  private func with(_ named: NamedPaths) -> Tree {
    var tree = self
    tree.inputs = named.commonFolder
    tree.files = named.files
    tree.folders = named.folders.filter { !holds($0) }
    return tree
  }

  /// The tree with a file that the command line names, wherever it lies.
  package func naming(_ file: String?) -> Tree {
    var tree = self
    if let file { tree.files.insert(Discovery.normalised(file).exact) }
    return tree
  }

  /// What a policy file may name: this tree, where the file lies in it, else the tree that the file lies in.
  func ofPolicy(at path: String) -> Tree {
    guard let folder = realFolder(path.folderPath.isEmpty ? "." : path.folderPath), !holds(folder) else { return self }
    var tree = Tree(root: Tree.workTreeOrFolder(folder), current: current)
    tree.files = files
    tree.folders = [root]
    return tree
  }

  /// The tree with the folder of a policy that was found above it, for what that brings together lies below it; a git work
  /// tree ends where git says.
  package func reaching(policyIn folder: String?) -> Tree {
    guard let folder, !isThere(root + ".git"), let real = realFolder(folder.isEmpty ? "." : folder), !holds(real) else {
      return self
    }
    var tree = self
    tree.folders.append(real)
    return tree
  }

  /// The folder that a path without links lies in: the tree's, or one that the command line names beyond it.
  func folder(holding path: String) -> String? {
    if path.begins(with: root) { return root }
    return folders.first { path.begins(with: $0) }
  }

  /// Whether a folder or a file lies in the tree, given by its absolute path without links; a folder's ends in a slash.
  func holds(_ path: String) -> Bool {
    folder(holding: path) != nil
  }

  /// Whether a folder lies in the tree, wherever links lead.
  func holds(folder path: String) -> Bool {
    realFolder(path.isEmpty ? "." : path).map { holds($0) } ?? true
  }

  /// What a path is called from the tree's folder, where git has that; what is written of folders counts, and not where
  /// links lead.
  func pathInWorkTree(_ path: String) -> String? {
    guard isThere(root + ".git"), let current else { return nil }
    let whole = resolvedPath(path, from: current) + (path.endsInSlash ? "/" : "")
    return whole.utf8.starts(with: root.utf8) ? whole.below(root) : nil
  }

  /// The git work tree that a folder lies in, both by absolute paths with a slash at their ends.
  static func workTree(holding folder: String) -> String? {
    var path = folder
    while true {
      if isThere(path + ".git") { return path }
      if path == "/" { return nil }
      path = path.withoutLastSlash.folderPath
    }
  }

  private static func workTreeOrFolder(_ folder: String) -> String {
    workTree(holding: folder) ?? folder
  }

  /// The paths from the current folder of the one that all that a run was given has in common, and of those above it, the
  /// nearest first; each with a slash at its end or empty.
  package var foldersAroundInputs: [String] {
    guard var folder = inputs ?? current else { return [""] }
    var paths = [pathFromHere(to: folder)]
    while folder != "/" {
      folder = folder.withoutLastSlash.folderPath
      paths.append(pathFromHere(to: folder))
    }
    return paths
  }

  /// Whether the command line names a file.
  func names(_ path: String) -> Bool {
    !files.isEmpty && files.contains(Discovery.normalised(path).exact)
  }

  /// Whether paths without links and `..` parts lead nowhere else.
  var holdsCurrentFolder: Bool {
    current.map { holds($0) } ?? false
  }

  /// Why what lies beyond the tree is not opened.
  var refusal: ReadFailure {
    .outside(tree: shownRoot)
  }

  /// The tree's folder from the current one where one holds the other, else its absolute path; with a slash at its end
  /// or empty.
  package var rootFromHere: String {
    Tree.path(of: root, from: current)
  }

  /// A folder's path from the current one, as the tree's is.
  func pathFromHere(to folder: String) -> String {
    Tree.path(of: folder, from: current)
  }

  private static func path(of root: String, from current: String?) -> String {
    guard let current else { return root }
    if root.utf8.starts(with: current.utf8) { return root.below(current) }
    guard current.utf8.starts(with: root.utf8) else { return root }
    return String(repeating: "../", count: current.below(root).utf8.count { $0 == UInt8(ascii: "/") })
  }

  private static func shown(_ root: String, from current: String?) -> String {
    let path = path(of: root, from: current)
    return path.isEmpty ? "." : path == "/" ? "/" : path.withoutLastSlash
  }
}

/// The paths of a command line, told apart.
private struct NamedPaths {
  var files: Set<ExactText> = []
  /// The folders, by their absolute paths without links.
  var folders: [String] = []
  /// Those that the files lie in, by what is written before their names; nothing for one that there is not.
  var homes: [ExactText: String?] = [:]

  init(_ paths: [String], standardInputName: String?) {
    for path in paths.isEmpty ? ["."] : paths {
      if path == StandardInput.argument {
        note(standardInputName ?? "")
      } else if isFolder(path) {
        if let folder = realFolder(path) { folders.append(folder) }
      } else {
        files.insert(Discovery.normalised(path).exact)
        note(path)
      }
    }
  }

  /// What the folders have in common, those of the files among them.
  var commonFolder: String? {
    let all = folders + homes.values.compactMap { $0 }
    return all.first.map { first in all.reduce(first, common) }
  }

  /// Notes the folder of a file.
  private mutating func note(_ file: String) {
    let folder = file.folderPath
    if homes[folder.exact] == nil { homes[folder.exact] = .some(realFolder(folder.isEmpty ? "." : folder)) }
  }
}

/// The part that two absolute paths of folders have in common, with a slash at its end.
private func common(_ a: String, _ b: String) -> String {
  let common = zip(a.utf8, b.utf8).prefix { $0 == $1 }.map(\.0)
  return String(decoding: common, as: UTF8.self).folderPath
}

/// The absolute path of a folder without links, with a slash at its end.
private func realFolder(_ path: String) -> String? {
  guard let resolved = realpath(path, nil) else { return nil }
  defer { free(resolved) }
  let real = String(cString: resolved)
  return real == "/" ? real : real + "/"
}

/// Whether something is at a path, be it a link that leads nowhere.
package func isThere(_ path: String) -> Bool {
  var status = stat()
  return lstat(path, &status) == 0
}
