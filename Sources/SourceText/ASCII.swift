extension UInt8 {
  /// The byte with ASCII `A`–`Z` made lower-case.
  @inlinable
  public var lowercasedASCII: UInt8 {
    self >= 0x41 && self <= 0x5A ? self | 0x20 : self
  }

  /// Whether the byte is an ASCII letter.
  @inlinable
  public var isASCIILetter: Bool {
    (0x61...0x7A).contains(self | 0x20)
  }

  /// Whether the byte is an ASCII digit.
  @inlinable
  public var isASCIIDigit: Bool {
    self >= 0x30 && self <= 0x39
  }

  /// Whether the byte is a space or a tab.
  @inlinable
  public var isBlank: Bool {
    self == 0x20 || self == 0x09
  }

  /// Whether the byte is a line feed or a carriage return.
  @inlinable
  public var endsLine: Bool {
    self == 0x0A || self == 0x0D
  }
}

/// Some ASCII characters, to ask of each byte of a text whether it is one of them: a shift and a mask, where a search
/// through a text's UTF-8 takes a loop.
package struct ASCIISet: Sendable {
  private var low: UInt64 = 0
  private var high: UInt64 = 0

  /// - Parameter characters: Others than ASCII are left out.
  package init(_ characters: StaticString) {
    characters.withUTF8Buffer { bytes in
      for byte in bytes { insert(byte) }
    }
  }

  private init() {}

  /// ASCII's digits.
  package static let digits = ASCIISet("0123456789")
  /// ASCII's letters.
  package static let letters = ASCIISet("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")

  package func union(_ other: ASCIISet) -> ASCIISet {
    var result = self
    result.low |= other.low
    result.high |= other.high
    return result
  }

  package func contains(_ byte: UInt8) -> Bool {
    byte < 64 ? low >> byte & 1 == 1 : byte < 128 && high >> (byte - 64) & 1 == 1
  }

  private mutating func insert(_ byte: UInt8) {
    if byte < 64 { low |= 1 << byte } else if byte < 128 { high |= 1 << (byte - 64) }
  }
}
