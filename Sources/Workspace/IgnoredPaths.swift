import SourceText

/// What git leaves alone in a work tree: by `.gitignore` in its folders, and by `.git/info/exclude` (gitignore(5)).
///
/// What such a path names and what is not there, something else brings, such as a script that fetches it.
struct IgnoredPaths {
  /// The contents of the file at a path from the tree's folder, where there is one.
  let read: (String) -> [UInt8]?

  /// Whether git ignores a path from the tree's folder; that of a folder ends in a slash.
  func holds(_ path: String) -> Bool {
    let names = path.pathParts.filter { $0 != "." }
    guard !names.isEmpty, !path.isAbsolutePath, !names.contains("..") else { return false }
    var lists = [list(at: ".git/info/exclude", depth: 0)]
    for count in 1...names.count {
      let folder = names.prefix(count - 1).map { $0 + "/" }.joined()
      lists.append(list(at: folder + ".gitignore", depth: count - 1))
      let isFolder = count < names.count || path.endsInSlash
      // What lies in an ignored folder cannot be taken back.
      if isIgnored(names[..<count], isFolder: isFolder, by: lists) { return true }
    }
    return false
  }

  /// The lines of a file, which speak of what lies below its folder.
  private struct List {
    var depth: Int
    var lines: [Line]
  }

  private struct Line {
    var glob: PathGlob
    var isForFolders: Bool
    var takesBack: Bool

    init?(_ text: Substring) {
      var text = String(text)
      if text.last == "\r" { text.removeLast() }
      while text.hasSuffix(" "), !text.hasSuffix("\\ ") { text.removeLast() }
      guard !text.hasPrefix("#") else { return nil }
      takesBack = text.hasPrefix("!")
      if takesBack { text.removeFirst() }
      isForFolders = text.endsInSlash
      if isForFolders { text = text.withoutLastSlash }
      guard !text.isEmpty else { return nil }
      glob = PathGlob(text)
    }
  }

  private func list(at path: String, depth: Int) -> List {
    guard let bytes = read(path) else { return List(depth: depth, lines: []) }
    let text = String(decoding: bytes, as: UTF8.self)
    return List(depth: depth, lines: text.split { $0 == "\n" || $0 == "\r\n" }.compactMap(Line.init))
  }

  /// The last line that matches decides, of the deepest file that has one.
  private func isIgnored(_ names: ArraySlice<String>, isFolder: Bool, by lists: [List]) -> Bool {
    for list in lists.reversed() {
      let line = list.lines.last { line in
        (isFolder || !line.isForFolders) && line.glob.matches(names[list.depth...])
      }
      if let line { return !line.takesBack }
    }
    return false
  }
}
