#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

extension String {
  /// Whether the text matches a shell's pattern, as libc's `fnmatch` does without flags.
  package func matches(glob: String) -> Bool {
    // What Swift makes of a text for C by itself is a copy.
    glob.withCString { glob in withCString { fnmatch(glob, $0, 0) == 0 } }
  }
}

extension UInt8 {
  /// Whether the byte stands for something else than itself in a shell's pattern.
  package var isGlobSign: Bool {
    switch self {
    case UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "["), UInt8(ascii: "\\"): true
    default: false
    }
  }
}

/// A shell's pattern for paths: `*` ends at a slash, `**` is any number of folders, and a pattern without a slash means
/// the file's name in whatever folder, as in `.gitignore`.
package struct PathGlob: Hashable, Sendable, CustomStringConvertible {
  /// The pattern as it is written.
  package let description: String
  /// What stands between its slashes.
  package let parts: [String]
  /// How the file's name begins and ends; nothing where files of any name match.
  private let name: (beginning: String, ending: String, isWhole: Bool)?

  /// Makes the pattern; `./` before it changes nothing.
  package init(_ text: String) {
    description = text
    var parts = text.pathParts.filter { $0 != "." }
    if parts.count == 1, !text.isAbsolutePath, !text.hasPrefix("./") { parts.insert("**", at: 0) }
    // What is said of a folder is said of all in it.
    if text.endsInSlash { parts.append("**") }
    // Repeated stars add nothing but ways to try.
    self.parts = parts.indices.filter { $0 == 0 || parts[$0] != "**" || parts[$0 - 1] != "**" }.map { parts[$0] }
    name = parts.last.flatMap { last in
      if last == "**" { return nil }
      let beginning = last.utf8.prefix { !$0.isGlobSign }
      let isWhole = beginning.count == last.utf8.count
      // Behind a bracket, and a backslash, signs may stand for themselves.
      let isPlain = !last.utf8.contains { $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "\\") }
      let ending = isPlain ? last.utf8.reversed().prefix { !$0.isGlobSign }.reversed() : []
      return (String(decoding: beginning, as: UTF8.self), String(decoding: ending, as: UTF8.self), isWhole)
    }
  }

  /// Whether all files that match lie in one folder, which the pattern names.
  package var namesOneFolder: Bool {
    !parts.contains("**") && !parts.dropLast().contains { $0.utf8.contains(where: \.isGlobSign) }
  }

  /// Whether what matches is only looked at where it is named: hidden folders and packages of Node are not walked.
  package var isOfUnwalkedFolders: Bool {
    parts.contains { $0 == "node_modules" || $0.hasPrefix(".") && $0 != ".." }
  }

  /// Whether a path matches.
  package func matches(_ path: String) -> Bool {
    // Most are told by the file's name, for which nothing need be cut.
    if let name, !path.endsInSlash {
      let mayMatch =
        name.isWhole
        ? path.isPath(toFile: name.beginning) : path.isPath(toFileBeginning: name.beginning, ending: name.ending)
      if !mayMatch { return false }
    }
    return matches(path.pathParts[...])
  }

  /// O(*parts* × *names*): of several `**`, only the last that was met has to be tried with more names.
  package func matches(_ names: ArraySlice<String>) -> Bool {
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

extension PathGlob {
  package static func == (a: PathGlob, b: PathGlob) -> Bool {
    a.description.isExactly(b.description)
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(description.exact)
  }
}
