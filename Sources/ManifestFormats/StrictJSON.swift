import SourceText

/// Whether a text is JSON as Go reads it (RFC 8259), and where it stops being so.
struct StrictJSON {
  private let text: [UInt8]
  private var at = 0

  /// How deep lists and mappings may stand in one another (Go `encoding/json`, `scanner.go`).
  private static let deepest = 10_000

  /// - Returns: The offset of the first byte at which the text is no JSON; nothing where all is.
  static func fault(in text: some Collection<UInt8>) -> Int? {
    var reader = StrictJSON(text: Array(text))
    return reader.read() ? nil : reader.at
  }

  private init(text: [UInt8]) {
    self.text = text
  }

  private var byte: UInt8? { at < text.count ? text[at] : nil }

  private mutating func skipBlanks() {
    while let byte, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { at += 1 }
  }

  private mutating func take(_ sign: Unicode.Scalar) -> Bool {
    guard byte == UInt8(ascii: sign) else { return false }
    at += 1
    return true
  }

  /// Whether all is one value; if not, `at` is where it is none.
  private mutating func read() -> Bool {
    /// The signs that end the lists and mappings around a place.
    var ends: [Unicode.Scalar] = []
    repeat {
      skipBlanks()
      if ends.last == "}", !readKey() { return false }
      skipBlanks()
      if take("[") {
        ends.append("]")
      } else if take("{") {
        ends.append("}")
      } else {
        guard readScalar() else { return false }
      }
      if ends.count > StrictJSON.deepest { return false }
      let isOpened = at > 0 && (text[at - 1] == UInt8(ascii: "[") || text[at - 1] == UInt8(ascii: "{"))
      skipBlanks()
      if isOpened, let end = ends.last, byte != UInt8(ascii: end) { continue }
      while let end = ends.last, take(end) {
        ends.removeLast()
        skipBlanks()
      }
      if ends.isEmpty { return at == text.count }
      guard take(",") else { return false }
    } while true
  }

  private mutating func readKey() -> Bool {
    guard readString() else { return false }
    skipBlanks()
    return take(":")
  }

  private mutating func readScalar() -> Bool {
    switch byte {
    case UInt8(ascii: "\""): return readString()
    case UInt8(ascii: "t"): return read(word: "true")
    case UInt8(ascii: "f"): return read(word: "false")
    case UInt8(ascii: "n"): return read(word: "null")
    default: return readNumber()
    }
  }

  private mutating func read(word: StaticString) -> Bool {
    let count = word.utf8CodeUnitCount
    guard text[at...].starts(with: UnsafeBufferPointer(start: word.utf8Start, count: count)) else { return false }
    at += count
    return true
  }

  private mutating func readDigits() -> Bool {
    let start = at
    while let byte, byte.isASCIIDigit { at += 1 }
    return at > start
  }

  private mutating func readNumber() -> Bool {
    let start = at
    _ = take("-")
    // No digit follows a zero.
    guard take("0") ? byte?.isASCIIDigit != true : readDigits() else {
      at = start
      return false
    }
    if take("."), !readDigits() { return false }
    if take("e") || take("E") {
      _ = take("+") || take("-")
      return readDigits()
    }
    return true
  }

  private mutating func readString() -> Bool {
    let start = at
    guard take("\"") else { return false }
    while let byte, byte >= 0x20 {
      at += 1
      if byte == UInt8(ascii: "\"") { return true }
      guard byte == UInt8(ascii: "\\") else { continue }
      guard let escaped = self.byte else { break }
      if escaped == UInt8(ascii: "u") {
        let digits = text[(at + 1)...].prefix(4)
        guard digits.count == 4, digits.allSatisfy(\.isHexDigit) else { return false }
        at += 5
      } else {
        guard #""\/bfnrt"#.utf8.contains(escaped) else { return false }
        at += 1
      }
    }
    at = start
    return false
  }
}

extension UInt8 {
  fileprivate var isHexDigit: Bool {
    isASCIIDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self | 0x20)
  }
}
