import SourceText

/// Whether a file may hold a manifest, by one search of its bytes: what has none of the words by which manifests are told,
/// nor a name by which they are found, holds none, and need not even be YAML.
package func mayBeManifest(_ file: SourceFile) -> Bool {
  ComposeReader.hasComposeName(file.path) || Kustomization.isOne(file.path) || HelmChart.isOne(file.path)
    || file.bytes.withUnsafeBufferPointer { $0.holdsWordOfManifests } || file.mayBeWide
}

extension SourceFile {
  /// Whether the text seems to be in UTF-16 or UTF-32 without the mark that says so: its words do not stand there in UTF-8.
  fileprivate var mayBeWide: Bool {
    bytes.prefix(4).contains(0)
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// The words, each with where its `i` stands.
  private static var words: [(word: StaticString, place: Int)] {
    [("services", 4), ("apiVersion", 2), ("portlint", 5)]
  }

  fileprivate var holdsWordOfManifests: Bool {
    var from = 0
    while let hit = firstOffset(of: UInt8(ascii: "i"), from: from) {
      if Self.words.contains(where: { holds($0.word.bytes, at: hit - $0.place) }) { return true }
      from = hit + 1
    }
    return mayEscapeLetters
  }

  /// Whether a letter may stand as an escape in quotes, as `\u0073` does: then no word need stand as it reads.
  private var mayEscapeLetters: Bool {
    var from = 0
    while let hit = firstOffset(of: UInt8(ascii: "\\"), from: from), hit + 1 < count {
      let digits = hit + 2
      switch self[hit + 1] {
      case UInt8(ascii: "x"): if isLetter(hex: digits..<digits + 2) { return true }
      case UInt8(ascii: "u"): if isLetter(hex: digits..<digits + 4) { return true }
      case UInt8(ascii: "U"): if isLetter(hex: digits..<digits + 8) { return true }
      default: break
      }
      // The second of two backslashes begins nothing.
      from = hit + 2
    }
    return false
  }

  private func isLetter(hex digits: Range<Int>) -> Bool {
    guard digits.upperBound <= count else { return false }
    let number = UInt32(String(decoding: self[digits], as: UTF8.self), radix: 16)
    return number.flatMap(UInt8.init(exactly:))?.isASCIILetter ?? false
  }
}
