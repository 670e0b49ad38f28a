import SourceText

/// Whether a file may hold a manifest, by one search of its bytes: what has none of the words by which manifests are told,
/// nor a name by which they are found, holds none, and need not even be YAML.
package func mayBeManifest(_ file: SourceFile, _ formats: FormatTable = .none) -> Bool {
  ComposeReader.hasComposeName(file.path) || ComposeReader.hasComposeName(file.path, before: "-")
    || Kustomization.isOne(file.path) || HelmChart.isOne(file.path)
    || file.bytes.withUnsafeBufferPointer { formats.words.mayStand(in: $0) } || file.mayBeWide
}

/// The words by which manifests are told.
struct ManifestWords: Sendable {
  /// Words that have a letter in common, by which they are looked for.
  private struct Group: Sendable {
    let letter: UInt8
    /// Each with where the letter stands.
    var words: [(text: [UInt8], place: Int)] = []
  }

  private var groups: [Group]
  /// Whether a word has characters that JSON's writers escape.
  private let hasOthersThanASCII: Bool

  /// - Parameter others: The words of declared formats.
  init(beside others: [String]) {
    hasOthersThanASCII = others.contains { word in !word.utf8.allSatisfy { $0 < 0x80 } }
    let letter = UInt8(ascii: "i")
    groups = [Group(letter: letter)]
    for word in (["services", "apiVersion", "portlint"] + others).lazy.map({ Array($0.utf8) }) {
      if let place = word.firstIndex(of: letter) {
        groups[0].words.append((word, place))
      } else if let place = word.indices.min(by: { ManifestWords.rank(of: word[$0]) < ManifestWords.rank(of: word[$1]) }
      ) {
        add((word, place), to: word[place])
      }
    }
  }

  private mutating func add(_ word: (text: [UInt8], place: Int), to letter: UInt8) {
    let group = groups.firstIndex { $0.letter == letter } ?? groups.count
    if group == groups.count { groups.append(Group(letter: letter)) }
    groups[group].words.append(word)
  }

  /// Letters are looked for by the rarest, as English has them.
  private static func rank(of byte: UInt8) -> Int {
    "zqjxkvbywgpfmucdlhrsnioate".utf8.enumerated().first { $0.element == byte.lowercasedASCII }?.offset ?? .max
  }

  /// Whether one of the words stands in a text, or may be written there with escapes.
  fileprivate func mayStand(in text: UnsafeBufferPointer<UInt8>) -> Bool {
    stand(in: text) || text.mayEscapeLetters(ofWhichSomeAreNotASCII: hasOthersThanASCII)
  }

  /// Whether one of the words stands in a text: a pass of the C library's for each letter, the first of which mostly ends
  /// it.
  private func stand(in text: UnsafeBufferPointer<UInt8>) -> Bool {
    groups.contains { group in
      var from = 0
      while let hit = text.firstOffset(of: group.letter, from: from) {
        if group.words.contains(where: { word in
          let start = hit - word.place
          return start >= 0 && text[start] == word.text[0]
            && word.text.withUnsafeBufferPointer { text.holds($0, at: start) }
        }) {
          return true
        }
        from = hit + 1
      }
      return false
    }
  }
}

extension SourceFile {
  /// Whether the text seems to be in UTF-16 or UTF-32 without the mark that says so: its words do not stand there in UTF-8.
  fileprivate var mayBeWide: Bool {
    bytes.prefix(4).contains(0)
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Whether a letter may stand as an escape in quotes, as `\u0073` does: then no word need stand as it reads.
  fileprivate func mayEscapeLetters(ofWhichSomeAreNotASCII others: Bool) -> Bool {
    var from = 0
    while let hit = firstOffset(of: UInt8(ascii: "\\"), from: from), hit + 1 < count {
      let digits = hit + 2
      switch self[hit + 1] {
      case UInt8(ascii: "x"): if isLetter(hex: digits..<digits + 2, others) { return true }
      case UInt8(ascii: "u"): if isLetter(hex: digits..<digits + 4, others) { return true }
      case UInt8(ascii: "U"): if isLetter(hex: digits..<digits + 8, others) { return true }
      default: break
      }
      // The second of two backslashes begins nothing.
      from = hit + 2
    }
    return false
  }

  private func isLetter(hex digits: Range<Int>, _ others: Bool) -> Bool {
    guard digits.upperBound <= count else { return false }
    let number = UInt32(String(decoding: self[digits], as: UTF8.self), radix: 16)
    guard let number, let byte = UInt8(exactly: number), byte < 0x80 else { return others && number != nil }
    return byte.isASCIILetter
  }
}
