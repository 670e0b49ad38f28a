#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

extension String {
  /// Whether the text matches a shell's pattern, as libc's `fnmatch` does without flags.
  func matches(glob: String) -> Bool {
    fnmatch(glob, self, 0) == 0
  }

  /// Whether the text matches one of several patterns.
  func matches(anyOf globs: [String]) -> Bool {
    globs.contains { matches(glob: $0) }
  }
}

/// A shell's pattern for paths: `*` ends at a slash, `**` is any number of folders, and a pattern without a slash means
/// the file's name in whatever folder, as in `.gitignore`.
package struct PathGlob: Hashable, Sendable, CustomStringConvertible {
  /// The pattern as it is written.
  package let description: String
  private let parts: [String]

  /// Makes the pattern; `./` before it changes nothing.
  package init(_ text: String) {
    description = text
    var parts = text.split(separator: "/").map(String.init).filter { $0 != "." }
    if parts.count == 1, !text.hasPrefix("/"), !text.hasPrefix("./") { parts.insert("**", at: 0) }
    // What is said of a folder is said of all in it.
    if text.hasSuffix("/") { parts.append("**") }
    // Repeated stars add nothing but ways to try.
    self.parts = parts.indices.filter { $0 == 0 || parts[$0] != "**" || parts[$0 - 1] != "**" }.map { parts[$0] }
  }

  /// Whether all files that match lie in one folder, which the pattern names.
  package var namesOneFolder: Bool {
    !parts.contains("**") && !parts.dropLast().contains { $0.contains { "*?[".contains($0) } }
  }

  /// Whether what matches is only looked at where it is named: hidden folders and packages of Node are not walked.
  package var isOfUnwalkedFolders: Bool {
    parts.contains { $0 == "node_modules" || $0.hasPrefix(".") && $0 != ".." }
  }

  /// Whether a path matches.
  package func matches(_ path: String) -> Bool {
    matches(path.split(separator: "/").map(String.init)[...])
  }

  /// Whether a path matches, or lies in a folder that does.
  package func covers(_ path: String) -> Bool {
    let names = path.split(separator: "/").map(String.init)
    return (1...max(1, names.count)).contains { matches(names.prefix($0)) }
  }

  /// O(*parts* × *names*): of several `**`, only the last that was met has to be tried with more names.
  private func matches(_ names: ArraySlice<String>) -> Bool {
    var part = 0
    var name = names.startIndex
    var retry: (part: Int, name: Int)?
    while name < names.endIndex {
      if part < parts.count, parts[part] == "**" {
        part += 1
        if part == parts.count { return true }
        retry = (part, name)
      } else if part < parts.count, names[name].matches(glob: parts[part]) {
        part += 1
        name += 1
      } else if let last = retry {
        (part, name) = (last.part, last.name + 1)
        retry = (part, name)
      } else {
        return false
      }
    }
    return part == parts.count
  }
}
