/// How a file says its text; with a byte order mark, but for plain UTF-8.
package enum TextEncoding: Hashable, Sendable {
  case utf8
  /// With a byte order mark.
  case markedUTF8
  case utf16LittleEndian
  case utf16BigEndian

  /// How many bytes the byte order mark takes.
  package var markLength: Int {
    switch self {
    case .utf8: 0
    case .markedUTF8: 3
    case .utf16LittleEndian, .utf16BigEndian: 2
    }
  }

  /// A text as the file says it, without a mark.
  package func encoded(_ text: String) -> [UInt8] {
    switch self {
    case .utf8, .markedUTF8: Array(text.utf8)
    case .utf16LittleEndian: text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    case .utf16BigEndian: text.utf16.flatMap { [UInt8($0 >> 8), UInt8(truncatingIfNeeded: $0)] }
    }
  }

  /// How many bytes of the file, its mark among them, say the beginning of a text.
  fileprivate func length(of beginning: ArraySlice<UInt8>) -> Int {
    switch self {
    case .utf8, .markedUTF8: markLength + beginning.count
    case .utf16LittleEndian, .utf16BigEndian:
      // Of each code point the first byte is looked at: four bytes are a pair of surrogates.
      markLength + 2 * beginning.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : $1 >= 0xF0 ? 2 : 1) }
    }
  }
}

extension SourceFile {
  /// Where the file itself has a part of its text, in bytes from its beginning, mark and all; nothing for what lies
  /// outside the text, or begins or ends within a character.
  package func fileRange(of part: SourceRange) -> Range<Int>? {
    let offsets = part.offsets
    guard part.file == id, offsets.upperBound <= bytes.count else { return nil }
    let isWithinCharacter = { (offset: Int) in offset < self.bytes.count && self.bytes[offset] & 0xC0 == 0x80 }
    if isWithinCharacter(offsets.lowerBound) || isWithinCharacter(offsets.upperBound) { return nil }
    let start = encoding.length(of: bytes[..<offsets.lowerBound])
    return start..<encoding.length(of: bytes[..<offsets.upperBound])
  }
}
