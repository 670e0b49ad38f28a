import SourceText

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
  func matches(anyOf globs: Globs, _ work: WorkMeter) -> Bool {
    globs.match(self, work)
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

/// A shell's patterns, of which one has to match.
package struct Globs: Hashable, Sendable {
  /// The patterns as they are written.
  package let patterns: [String]
  private let compiled: [Pattern]
  /// Nothing where trying each is faster.
  private let index: [Start: [Pattern]]
  /// The lengths of the starts, in bytes.
  private let lengths: [Int]

  /// Up to this many patterns, trying each is faster.
  private static let few = 64

  /// What all texts begin with that a pattern matches, byte for byte.
  private struct Start: Hashable {
    var bytes: ArraySlice<UInt8>
    /// Whether it is the whole pattern, and so the whole text.
    var isAll: Bool
  }

  /// A pattern, with the bytes that each text begins and ends with that it matches, where they are told literally: most
  /// texts have others.
  private struct Pattern: Hashable {
    let text: String
    let first: UInt8?
    let last: UInt8?

    init(_ text: String) {
      self.text = text
      first = text.utf8.first.flatMap { $0.isGlobSign ? nil : $0 }
      // A bracket may take what stands behind it in, and a backslash means nothing of itself.
      let isOfStars = !text.utf8.contains { $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "\\") }
      last = isOfStars ? text.utf8.last.flatMap { $0.isGlobSign ? nil : $0 } : nil
    }

    func matches(_ other: String) -> Bool {
      if let first, other.utf8.first != first { return false }
      if let last, other.utf8.last != last { return false }
      return other.matches(glob: text)
    }
  }

  package init(_ patterns: [String]) {
    self.patterns = patterns
    compiled = patterns.map { Pattern($0) }
    var index: [Start: [Pattern]] = [:]
    var lengths: Set<Int> = []
    if patterns.count > Globs.few {
      for pattern in compiled {
        let literal = Array(pattern.text.utf8).prefix { !$0.isGlobSign }
        let isAll = literal.count == pattern.text.utf8.count
        index[Start(bytes: literal, isAll: isAll), default: []].append(pattern)
        if !isAll { lengths.insert(literal.count) }
      }
    }
    self.index = index
    self.lengths = lengths.sorted()
  }

  package var isEmpty: Bool { patterns.isEmpty }

  /// The texts that match, byte for byte; nothing where a pattern matches more than itself.
  var literals: [[UInt8]]? {
    let texts = patterns.map { Array($0.utf8) }
    return texts.contains { $0.contains(where: \.isGlobSign) } ? nil : texts
  }

  /// Whether a pattern matches: those that begin as the text does are tried.
  func match(_ text: String, _ work: WorkMeter) -> Bool {
    guard !index.isEmpty else { return match(text, compiled, work) }
    let bytes = Array(text.utf8)[...]
    if index[Start(bytes: bytes, isAll: true)] != nil { return true }
    work.take(1 + bytes.count / 64)
    return lengths.prefix { $0 <= bytes.count }.contains { length in
      index[Start(bytes: bytes.prefix(length), isAll: false)].map { match(text, $0, work) } ?? false
    }
  }

  private func match(_ text: String, _ patterns: [Pattern], _ work: WorkMeter) -> Bool {
    let length = text.utf8.count
    work.take(patterns.count / 4)
    return patterns.contains { pattern in
      if work.isSpent { return false }
      // A pattern may be tried anew at each character.
      work.take(length * pattern.text.utf8.count / 4096)
      return pattern.matches(text)
    }
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
    var parts = text.pathParts.filter { $0 != "." }
    if parts.count == 1, !text.isAbsolutePath, !text.hasPrefix("./") { parts.insert("**", at: 0) }
    // What is said of a folder is said of all in it.
    if text.endsInSlash { parts.append("**") }
    // Repeated stars add nothing but ways to try.
    self.parts = parts.indices.filter { $0 == 0 || parts[$0] != "**" || parts[$0 - 1] != "**" }.map { parts[$0] }
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
    matches(path.pathParts[...])
  }

  /// Whether a path matches, as a step of some work; of work that is done with, nothing does.
  func matches(_ path: String, _ work: WorkMeter) -> Bool {
    if work.isSpent { return false }
    work.take(4 + path.utf8.count * description.utf8.count / 4096)
    return matches(path)
  }

  /// What a path must begin or end with for the pattern to match it; nothing where that is not said literally.
  var mark: PathGlobIndex.Mark? {
    let isLiteral = { (part: String) in !part.utf8.contains(where: \.isGlobSign) }
    guard let first = parts.first, let last = parts.last else { return nil }
    if isLiteral(first) { return .first(first.exact) }
    return isLiteral(last) ? .last(last.exact) : nil
  }

  /// O(*parts* × *names*): of several `**`, only the last that was met has to be tried with more names.
  func matches(_ names: ArraySlice<String>) -> Bool {
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
