import SourceText

extension String {
  /// Whether the text matches one of several patterns.
  func matches(anyOf globs: Globs, _ work: WorkMeter) -> Bool {
    globs.match(self, work)
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

extension PathGlob {
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
}
