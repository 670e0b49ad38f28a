import SourceText

/// Whether a file may hold a manifest, by one search of its bytes: what has none of the words by which manifests are told,
/// nor a name by which they are found, holds none, and need not even be YAML.
///
/// - Parameter holdsPorts: Whether a declared format's documents count only where a port may stand in them.
package func mayBeManifest(_ file: SourceFile, _ formats: FormatTable = .none, holdsPorts: Bool = false) -> Bool {
  ComposeReader.hasComposeName(file.path) || ComposeReader.hasComposeName(file.path, before: "-")
    || Kustomization.isOne(file.path) || HelmChart.isOne(file.path)
    || formats.mayStand(in: file, withPlaces: holdsPorts) || file.mayBeWide
}

/// Whether a file that cannot be read is one of a declared format, as far as its lines tell: one begins with a word by
/// which the format is told, beside one that leads to a port.
func seemsDeclared(_ file: SourceFile, _ formats: FormatTable) -> Bool {
  formats.beginLine(of: file)
}

/// The words by which manifests are told.
struct ManifestWords: Sendable {
  /// Words that have a letter in common, by which they are looked for.
  private struct Group: Sendable {
    let letter: UInt8
    private(set) var words: [Word] = []
    /// The bytes that stand before and behind the letter in the words; all of them where a word begins or ends with it.
    /// They tell most places where no word stands, of which each was held against all: 6 % of a tree with config maps.
    private var before = [Bool](repeating: false, count: 256)
    private var behind = [Bool](repeating: false, count: 256)

    init(letter: UInt8) {
      self.letter = letter
    }

    mutating func add(_ word: Word) {
      words.append(word)
      note(word.text, at: word.text.place - 1, in: &before)
      note(word.text, at: word.text.place + 1, in: &behind)
    }

    private func note(_ text: Text, at place: Int, in bytes: inout [Bool]) {
      guard text.bytes.indices.contains(place) else {
        bytes = [Bool](repeating: true, count: 256)
        return
      }
      let byte = text.bytes[place]
      bytes[Int(byte)] = true
      if text.isAnyCase, byte.isASCIILetter { bytes[Int(byte & ~0x20)] = true }
    }

    /// Whether a word may stand around a letter of a text. Before its beginning and behind its end stands nothing.
    func mayStand(around letter: Int, in text: UnsafeBufferPointer<UInt8>) -> Bool {
      before[letter > 0 ? Int(text[letter - 1]) : 0] && behind[letter + 1 < text.count ? Int(text[letter + 1]) : 0]
    }
  }

  /// A text that is looked for by one of its letters.
  struct Text: Equatable, Sendable {
    let bytes: [UInt8]
    /// Where the letter stands in it.
    let place: Int
    let isAnyCase: Bool

    /// - Parameter letter: The one to look for, where the text has it; else, and without one, its rarest.
    init?(_ text: String, isAnyCase: Bool, by letter: UInt8? = nil) {
      var bytes = Array(text.utf8)
      if isAnyCase { for index in bytes.indices { bytes[index] = bytes[index].lowercasedASCII } }
      guard let place = letter.flatMap(bytes.firstIndex) ?? ManifestWords.placeOfRarest(in: bytes) else { return nil }
      (self.bytes, self.place, self.isAnyCase) = (bytes, place, isAnyCase)
    }
  }

  fileprivate struct Word: Equatable, Sendable {
    /// Its letter is the group's, in upper or in lower case.
    let text: Text
    /// Its first byte, a letter in lower case: it tells most places where the word does not stand.
    let first: UInt8
    /// Of these, one stands in whatever has a port; nothing where that is not known.
    let places: [Text]
    /// Whether a document begins a line with it.
    let beginsLine: Bool
    /// The files in which alone it says something; nothing where it does in any.
    let files: [PathGlob]
  }

  /// A word of a declared format.
  struct Telling {
    let word: String
    /// Words of which one stands where a port does.
    let places: [Text]
    let beginsLine: Bool
    let files: [PathGlob]
    /// Whether it and the others say as much in upper as in lower case.
    var isAnyCase = false
  }

  private var groups: [Group]
  /// Whether a word has characters that JSON's writers escape.
  private let hasOthersThanASCII: Bool

  /// - Parameter own: Whether the words of the formats that are code are among them.
  init(beside others: [Telling], withOwn own: Bool = true) {
    hasOthersThanASCII = others.contains { $0.hasOthersThanASCII }
    groups = []
    let letter = UInt8(ascii: "i")
    let own = (own ? ["services", "apiVersion", "portlint"] : []).map {
      Telling(word: $0, places: [], beginsLine: false, files: [])
    }
    for telling in own + others {
      guard let text = Text(telling.word, isAnyCase: telling.isAnyCase, by: letter) else { continue }
      let word = Word(
        text: text, first: text.bytes[0] | 0x20, places: telling.places, beginsLine: telling.beginsLine,
        files: telling.files)
      for letter in text.letters { add(word, to: letter) }
    }
  }

  private mutating func add(_ word: Word, to letter: UInt8) {
    let group = groups.firstIndex { $0.letter == letter } ?? groups.count
    if group == groups.count { groups.append(Group(letter: letter)) }
    // A format that is told in several ways has one word for them.
    if !groups[group].words.contains(word) { groups[group].add(word) }
  }

  /// Where the letter stands that is the rarest, as English has them.
  private static func placeOfRarest(in text: [UInt8]) -> Int? {
    text.indices.min { ranks[Int(text[$0].lowercasedASCII)] < ranks[Int(text[$1].lowercasedASCII)] }
  }

  private static let ranks: [UInt8] = {
    var ranks = [UInt8](repeating: .max, count: 256)
    for (rank, byte) in "zqjxkvbywgpfmucdlhrsnioate".utf8.enumerated() { ranks[Int(byte)] = UInt8(rank) }
    return ranks
  }()

  /// Whether one of the words stands in a text, or may be written there with escapes.
  ///
  /// - Parameter withPlaces: Whether a word counts only beside one that stands where ports do.
  func mayStand(in text: UnsafeBufferPointer<UInt8>, ofFileAt path: String, withPlaces: Bool) -> Bool {
    stand(in: text, ofFileAt: path, withPlaces) || text.mayEscapeLetters(ofWhichSomeAreNotASCII: hasOthersThanASCII)
  }

  /// Whether a line begins with one of the words that have others beside them where ports stand.
  func beginLine(of text: UnsafeBufferPointer<UInt8>) -> Bool {
    groups.lazy.flatMap(\.words).contains { word in
      guard word.beginsLine, word.files.isEmpty, !word.places.isEmpty, word.mayHavePorts(in: text) else { return false }
      return word.text.stands(in: text) { text.isFirstKey(at: $0) }
    }
  }

  /// Whether one of the words stands in a text: a pass of the C library's for each letter, the first of which mostly ends
  /// it.
  private func stand(in text: UnsafeBufferPointer<UInt8>, ofFileAt path: String, _ withPlaces: Bool) -> Bool {
    groups.contains { group in
      // Once for each word that stands there it is asked whether a port may stand beside it, and what the file is called.
      var words = group.words
      var from = 0
      while let hit = text.firstOffset(of: group.letter, from: from) {
        from = hit + 1
        guard group.mayStand(around: hit, in: text) else { continue }
        var number = 0
        while number < words.count {
          // Asked here, this copies no word, which cost 5 % of all instructions over a tree of 2,000 files.
          let start = hit - words[number].text.place
          guard start >= 0, text[start] | 0x20 == words[number].first, words[number].text.stands(in: text, at: start)
          else {
            number += 1
            continue
          }
          if !withPlaces || words[number].mayHavePorts(in: text), words[number].counts(inFileAt: path) { return true }
          words.remove(at: number)
        }
        if words.isEmpty { return false }
      }
      return false
    }
  }
}

extension ManifestWords.Telling {
  fileprivate var hasOthersThanASCII: Bool {
    !word.utf8.allSatisfy { $0 < 0x80 } || !places.allSatisfy { $0.bytes.allSatisfy { $0 < 0x80 } }
  }
}

extension ManifestWords.Word {
  fileprivate func counts(inFileAt path: String) -> Bool {
    files.isEmpty || files.contains { $0.matches(path) }
  }

  fileprivate func mayHavePorts(in source: UnsafeBufferPointer<UInt8>) -> Bool {
    places.isEmpty || places.contains { $0.stands(in: source) { _ in true } }
  }
}

extension ManifestWords.Text {
  /// What may stand in the place of the letter.
  fileprivate var letters: [UInt8] {
    let letter = bytes[place]
    return isAnyCase && letter.isASCIILetter ? [letter, letter & ~0x20] : [letter]
  }

  fileprivate func stands(in source: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
    bytes.withUnsafeBufferPointer { isAnyCase ? source.holds(inAnyCase: $0, at: start) : source.holds($0, at: start) }
  }

  /// Whether the text stands somewhere that counts: a pass of the C library's for the letter, and one for that in upper
  /// case where both are meant.
  fileprivate func stands(in source: UnsafeBufferPointer<UInt8>, where counts: (Int) -> Bool) -> Bool {
    guard isAnyCase else {
      return bytes.withUnsafeBufferPointer { bytes in
        var from = 0
        while let hit = source.firstOffset(of: bytes, from: from) {
          if counts(hit) { return true }
          from = hit + 1
        }
        return false
      }
    }
    return letters.contains { letter in
      var from = 0
      while let hit = source.firstOffset(of: letter, from: from) {
        if stands(in: source, at: hit - place), counts(hit - place) { return true }
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
  /// Whether nothing stands before an offset on its line; before a quoted key, as JSON has them, nothing but its indent.
  fileprivate func isFirstKey(at offset: Int) -> Bool {
    guard offset > 0, self[offset - 1] == UInt8(ascii: "\"") else { return endsLine(before: offset) }
    var at = offset - 1
    while at > 0, self[at - 1] == 0x20 || self[at - 1] == UInt8(ascii: "{") { at -= 1 }
    return endsLine(before: at)
  }

  private func endsLine(before offset: Int) -> Bool {
    offset == 0 || self[offset - 1] == 0x0A || self[offset - 1] == 0x0D
  }

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
