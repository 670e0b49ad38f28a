import SourceText

/// What the ignore files of a folder and of those above it leave out, as git does: `.gitignore` and `.git/info/exclude` in
/// a work tree of git, and `.ignore` anywhere, which counts as further lines of the `.gitignore` beside it.
///
/// All paths are those from one folder above, in UTF-8.
struct IgnoredPaths: Sendable {
  /// The nearest file last.
  private var lists: [IgnoreList] = []
  /// Whether git has the folder, and so its files count.
  private(set) var isInWorkTree: Bool

  init(inWorkTree: Bool = false) {
    isInWorkTree = inWorkTree
  }

  /// Whether nothing is left out.
  var isEmpty: Bool { lists.isEmpty }

  /// Adds a file of the folder.
  mutating func add(_ list: IgnoreList) {
    if !list.isEmpty { lists.append(list) }
  }

  /// Enters a folder that is a work tree of its own: what git ignores around it does not count there.
  mutating func enterWorkTree() {
    isInWorkTree = true
    lists.removeAll { $0.isOfGit }
  }

  /// The line that leaves a path out; nothing where it is not, or is taken back.
  ///
  /// The last line that matches decides, of the deepest file that has one.
  func line(leavingOut path: [UInt8], isFolder: Bool, steps: inout Int) -> IgnoreLine? {
    for list in lists.reversed() {
      guard let pattern = list.last(matching: path, isFolder: isFolder, steps: &steps) else { continue }
      return pattern.takesBack ? nil : IgnoreLine(file: list.path, number: pattern.line)
    }
    return nil
  }
}

/// Where it is said that a path is left out.
package struct IgnoreLine: Hashable, Sendable {
  package var file: String
  package var number: Int
}

/// An ignore file, which speaks of what lies below its folder.
struct IgnoreList: Sendable {
  /// What a folder's files are called.
  static let (gitName, ownName) = (".gitignore", ".ignore")
  /// Where git keeps what is ignored in one checkout only, from the work tree's folder.
  static let exclude = ".git/info/exclude"
  /// The most that a file may hold, in MiB: far more than anybody writes.
  static let sizeLimit = 1

  /// The path by which it was read.
  let path: String
  /// Whether git heeds it too.
  let isOfGit: Bool
  /// The length of its folder's path, with the slash at its end.
  private let depth: Int
  private var patterns: [IgnorePattern] = []
  /// The last lines that say just a name or a path, by what they say.
  private var literals: [Literal: Int] = [:]
  /// The numbers of the other lines.
  private var others: [Int] = []

  private struct Literal: Hashable {
    var text: ArraySlice<UInt8>
    var isOfNames: Bool
    var isForFolders: Bool
  }

  init(_ bytes: [UInt8], path: String, depth: Int, isOfGit: Bool) {
    self.path = path
    self.depth = depth
    self.isOfGit = isOfGit
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let text = bytes.starts(with: mark) ? bytes.dropFirst(mark.count) : bytes[...]
    for (number, line) in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
      let end = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
      guard let pattern = IgnorePattern(end, line: number + 1) else { continue }
      if case .literal(let text) = pattern.shape {
        let key = Literal(text: text[...], isOfNames: pattern.isOfNames, isForFolders: pattern.isForFolders)
        literals[key] = patterns.count
      } else {
        others.append(patterns.count)
      }
      patterns.append(pattern)
    }
  }

  var isEmpty: Bool { patterns.isEmpty }

  /// The last line that matches a path.
  func last(matching path: [UInt8], isFolder: Bool, steps: inout Int) -> IgnorePattern? {
    let name = path.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
    var last = -1
    if !literals.isEmpty {
      for (isOfNames, start) in [(true, name), (false, depth)] {
        for isForFolders in isFolder ? [false, true] : [false] {
          let key = Literal(text: path[start...], isOfNames: isOfNames, isForFolders: isForFolders)
          last = max(last, literals[key] ?? -1)
        }
      }
      steps += path.count
    }
    for number in others.reversed() where number > last {
      let pattern = patterns[number]
      guard isFolder || !pattern.isForFolders else { continue }
      if pattern.matches(path, from: pattern.isOfNames ? name : depth, steps: &steps) { return pattern }
    }
    return last < 0 ? nil : patterns[last]
  }
}

// MARK: - Paths that are asked for

/// The ignore files of a work tree, each read once, for questions about single paths.
///
/// What git ignores and what is not there, something else brings, such as a script that fetches it.
final class IgnoreFiles: Sendable {
  private let lists = OnceTable<ExactText, IgnoreList?>()
  private let work: IgnoreWork

  init(mostSteps: Int = IgnoreWork.most) {
    work = IgnoreWork(most: mostSteps)
  }

  /// Whether telling took more than is allowed: then nothing is said to be left out any more.
  var isSpent: Bool { work.isSpent }

  /// The line by which git, or an `.ignore`, leaves out a path from the work tree's folder; that of a folder ends in a slash.
  ///
  /// - Parameters:
  ///   - onlyOfGit: Whether what git does alone counts.
  ///   - isFolder: Whether there is a folder at a path from the work tree's: in one that is not there, no file is looked for.
  ///   - read: The contents of the file at a path from the work tree's folder, where there is one.
  func line(
    leavingOut path: String, onlyOfGit: Bool, isFolder isThere: (String) -> Bool = { _ in true },
    read: (String) -> [UInt8]?
  ) -> IgnoreLine? {
    let names = path.pathParts.filter { $0 != "." }
    guard !names.isEmpty, !path.isAbsolutePath, !names.contains("..") else { return nil }
    var ignored = IgnoredPaths(inWorkTree: true)
    var folder = ""
    var hasFolder = true
    for (number, name) in names.enumerated() {
      if number == 0 { add(IgnoreList.exclude, of: folder, isOfGit: true, to: &ignored, read) }
      if hasFolder {
        add(folder + IgnoreList.gitName, of: folder, isOfGit: true, to: &ignored, read)
        if !onlyOfGit { add(folder + IgnoreList.ownName, of: folder, isOfGit: false, to: &ignored, read) }
      } else if ignored.isEmpty {
        return nil
      }
      if work.isSpent { return nil }
      let isFolder = number + 1 < names.count || path.endsInSlash
      // What lies in an ignored folder cannot be taken back.
      let path = Array((folder + name).utf8)
      var steps = 0
      defer { work.take(steps) }
      if let line = ignored.line(leavingOut: path, isFolder: isFolder, steps: &steps) { return line }
      folder += name + "/"
      hasFolder = hasFolder && isThere(folder)
    }
    return nil
  }

  private func add(
    _ path: String, of folder: String, isOfGit: Bool, to ignored: inout IgnoredPaths, _ read: (String) -> [UInt8]?
  ) {
    let list = lists.value(for: path.exact) {
      guard let bytes = read(path), bytes.count <= IgnoreList.sizeLimit << 20 else { return nil }
      return IgnoreList(bytes, path: path, depth: folder.utf8.count, isOfGit: isOfGit)
    }
    if let list { ignored.add(list) }
  }
}
