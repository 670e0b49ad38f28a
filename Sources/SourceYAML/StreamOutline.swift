import SourceText

/// Where the documents of a stream begin, found without parsing it.
///
/// YAML allows `---` at a line's start nowhere inside a scalar or a collection (YAML 1.2, 9.1.2), so a stream may be cut
/// there and each part read by itself. Streams with directives, with `...`, or with line ends that not every reader
/// knows are left whole.
struct StreamOutline {
  private let source: UnsafeBufferPointer<UInt8>
  /// The offset at which each document begins, in their order. What stands before the first `---` is the first document,
  /// and where that is nothing but comments, it is part of the document behind.
  private(set) var starts: [Int] = [0]

  /// Outlines a stream; nothing for one that must stay whole. O(*n*).
  init?(of source: UnsafeBufferPointer<UInt8>) {
    self.source = source
    guard source.hasUsualLineEnds else { return nil }
    var isPrefix = true
    var line = 0
    while line < source.count {
      switch source[line] {
      case UInt8(ascii: "-"):
        if source.holdsMarker(at: line) {
          if !isPrefix { starts.append(line) }
          isPrefix = false
        }
      case UInt8(ascii: "%"): return nil
      case UInt8(ascii: "."):
        if source.holds(("..." as StaticString).bytes, at: line) { return nil }
      case UInt8(ascii: "#"), UInt8(ascii: " "), 0x0A, 0x0D: break
      default: isPrefix = false
      }
      guard let end = source.firstOffset(of: 0x0A, from: line) else { break }
      line = end + 1
    }
  }

  /// Cuts a stream that cannot be read as a whole wherever libyaml sees a document begin: with the directives before it,
  /// and at whatever ends a line to libyaml. O(*n*).
  init(cutting source: UnsafeBufferPointer<UInt8>) {
    self.source = source
    var isPrefix = true
    var directives: Int?
    var line = 0
    while line < source.count {
      // A byte order mark before a document's marker is no part of it.
      let text = source.skippingByteOrderMark(at: line)
      if source.holdsMarker(at: text) {
        if !isPrefix { starts.append(directives ?? text) }
        (isPrefix, directives) = (false, nil)
      } else if text < source.count, source[text] == UInt8(ascii: "%") {
        directives = directives ?? text
      } else if !source.isBlankOrComment(lineAt: line) {
        (isPrefix, directives) = (false, nil)
      }
      guard let next = source.nextLine(after: line) else { break }
      line = next
    }
  }

  /// The bytes of a document.
  func range(of document: Int) -> Range<Int> {
    starts[document]..<(document + 1 < starts.count ? starts[document + 1] : source.count)
  }

  /// The documents that are to be read, as runs of such that follow one another, and how many are not.
  ///
  /// - Parameter passesOver: Whether a document need not be read, as its first lines show.
  func runs(passingOver passesOver: (YAMLHead) -> Bool) -> (runs: [Range<Int>], passedOver: Int) {
    var runs: [Range<Int>] = []
    var passedOver = 0
    for document in starts.indices {
      if head(of: document).map(passesOver) ?? false {
        passedOver += 1
      } else if let last = runs.last, last.upperBound == document {
        runs[runs.count - 1] = last.lowerBound..<document + 1
      } else {
        runs.append(document..<document + 1)
      }
    }
    return (runs, passedOver)
  }

  /// The bytes of documents that follow one another.
  func range(of documents: Range<Int>) -> Range<Int> {
    range(of: documents.lowerBound).lowerBound..<range(of: documents.upperBound - 1).upperBound
  }

  /// The head of a document, if it shows one.
  func head(of document: Int) -> YAMLHead? {
    let range = range(of: document)
    return YAMLHead(of: source, from: range.lowerBound, to: range.upperBound)
  }
}

/// What the first lines of a document say, before any of it is parsed: each is a comment or a plain `key: value`.
package struct YAMLHead {
  private let source: UnsafeBufferPointer<UInt8>
  /// The document's bytes.
  private let range: Range<Int>
  private var entries: [(key: Range<Int>, value: Range<Int>)] = []

  /// Reads the lines before the first that says more than a word about a word; nothing where that is the first.
  init?(of source: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int) {
    self.source = source
    range = start..<end
    var line = start
    var isBehindMarker = false
    while line < end {
      let lineEnd = source.firstOffset(of: 0x0A, from: line) ?? end
      if !isBehindMarker, source.holdsMarker(at: line) {
        guard source.isBlank(line + 3..<lineEnd) else { return nil }
        isBehindMarker = true
      } else if !source.isBlank(line..<lineEnd) {
        guard let entry = source.plainEntry(in: line..<lineEnd) else { break }
        entries.append(entry)
        isBehindMarker = true
        if entries.count == YAMLHead.mostEntries { break }
      }
      line = lineEnd + 1
    }
    if entries.isEmpty { return nil }
  }

  /// More lines than say what a document is.
  private static let mostEntries = 4

  /// The value that the head has for a key.
  package func value(_ key: StaticString) -> YAMLText? {
    guard let base = source.baseAddress, let entry = entries.first(where: { source.isText(key, $0.key) }) else {
      return nil
    }
    return YAMLText(base: base + entry.value.lowerBound, count: entry.value.count)
  }

  /// Whether no line behind the head may begin with one of its keys again, which would take the place of its value. O(*n*)
  /// in the length of the document.
  package var saysAllOnce: Bool {
    guard let last = entries.last else { return true }
    for (number, entry) in entries.enumerated() where entries[..<number].contains(where: { isSame($0.key, entry.key) })
    {
      return false
    }
    var line = last.value.upperBound
    while let end = source.firstOffset(of: 0x0A, from: line), end + 1 < range.upperBound {
      line = end + 1
      switch source[line] {
      case UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "#"), 0x0A, 0x0D: continue
      case let byte where byte.mayBeginKey: return false
      default:
        if entries.contains(where: { begins(line, with: $0.key) }) { return false }
      }
    }
    return true
  }

  private func begins(_ line: Int, with key: Range<Int>) -> Bool {
    source.holds(UnsafeBufferPointer(rebasing: source[key]), at: line)
  }

  private func isSame(_ a: Range<Int>, _ b: Range<Int>) -> Bool {
    a.count == b.count && begins(a.lowerBound, with: b)
  }

  /// Calls `body` with the document's bytes.
  package func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    body(UnsafeBufferPointer(rebasing: source[range]))
  }

  /// Whether the document holds a text. O(*n*).
  package func holds(_ text: StaticString) -> Bool {
    UnsafeBufferPointer(rebasing: source[range]).firstOffset(of: text, from: 0) != nil
  }
}

extension UInt8 {
  /// Whether a key may begin with the byte that is not written as a plain word.
  fileprivate var mayBeginKey: Bool {
    switch self {
    case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "?"), UInt8(ascii: "&"), UInt8(ascii: "*"),
      UInt8(ascii: "!"), UInt8(ascii: "{"), 0x09:
      true
    default: false
    }
  }

  /// Whether the byte may stand in a head's key or value: letters, digits and what names and versions have besides.
  fileprivate var isOfWord: Bool {
    isASCIIDigit || (0x61...0x7A).contains(lowercasedASCII) || self == UInt8(ascii: ".") || self == UInt8(ascii: "/")
      || self == UInt8(ascii: "-")
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Whether `---` begins a document at a line's start.
  fileprivate func holdsMarker(at line: Int) -> Bool {
    guard holds(("---" as StaticString).bytes, at: line) else { return false }
    return line + 3 == count || self[line + 3].isYAMLSpace || beginsLineEnd(line + 3)
  }

  /// Whether nothing stands in a part of a line but blanks and a comment.
  fileprivate func isBlank(_ part: Range<Int>) -> Bool {
    guard let first = part.first(where: { self[$0] != 0x20 && self[$0] != 0x0D }) else { return true }
    return self[first] == UInt8(ascii: "#") && (first == part.lowerBound || self[first - 1] == 0x20)
  }

  /// A line that is a word, a colon, a blank and another word, and nothing more than a comment.
  fileprivate func plainEntry(in line: Range<Int>) -> (key: Range<Int>, value: Range<Int>)? {
    var at = line.lowerBound
    func skip(while holds: (UInt8) -> Bool) -> Range<Int> {
      let start = at
      while at < line.upperBound, holds(self[at]) { at += 1 }
      return start..<at
    }
    let key = skip(while: \.isOfWord)
    guard !key.isEmpty, self[key.lowerBound] != UInt8(ascii: "-"), skip(while: { $0 == UInt8(ascii: ":") }).count == 1
    else { return nil }
    guard !skip(while: { $0 == 0x20 }).isEmpty else { return nil }
    let value = skip(while: \.isOfWord)
    guard !value.isEmpty, self[value.lowerBound] != UInt8(ascii: "-"), isBlank(at..<line.upperBound) else { return nil }
    return (key, value)
  }

  fileprivate func isText(_ text: StaticString, _ range: Range<Int>) -> Bool {
    range.count == text.utf8CodeUnitCount && holds(text.bytes, at: range.lowerBound)
  }

  /// Whether all lines end with LF or CRLF: not with CR alone, nor with NEL, LS or PS, which end lines to libyaml.
  fileprivate var hasUsualLineEnds: Bool {
    var from = 0
    while let cr = firstOffset(of: 0x0D, from: from) {
      guard cr + 1 < count, self[cr + 1] == 0x0A else { return false }
      from = cr + 2
    }
    if isASCII { return true }
    return firstOffset(of: "\u{85}", from: 0) == nil && firstOffset(of: "\u{2028}", from: 0) == nil
      && firstOffset(of: "\u{2029}", from: 0) == nil
  }
}
