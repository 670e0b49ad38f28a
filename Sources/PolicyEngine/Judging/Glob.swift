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
    self.parts = parts
  }

  /// Whether a path matches.
  package func matches(_ path: String) -> Bool {
    PathGlob.matches(parts[...], path.split(separator: "/").map(String.init)[...])
  }

  /// Whether a path matches, or lies in a folder that does.
  package func covers(_ path: String) -> Bool {
    let names = path.split(separator: "/").map(String.init)
    return (1...max(1, names.count)).contains { PathGlob.matches(parts[...], names.prefix($0)) }
  }

  private static func matches(_ parts: ArraySlice<String>, _ names: ArraySlice<String>) -> Bool {
    guard let part = parts.first else { return names.isEmpty }
    if part == "**" {
      // Repeated stars add nothing but ways to try.
      let rest = parts.drop { $0 == "**" }
      if rest.isEmpty { return !names.isEmpty }
      return (names.startIndex...names.endIndex).contains { matches(rest, names[$0...]) }
    }
    guard let name = names.first, name.matches(glob: part) else { return false }
    return matches(parts.dropFirst(), names.dropFirst())
  }
}
