import SourceText

/// A character of a scalar's text that is no blank, as it is written.
///
/// Whatever is written otherwise than it reads, blanks and line breaks are all that folding and indentation change: the
/// other characters stand there in their order, but for escapes and doubled quotes.
struct WrittenCharacter {
  let place: Range<Int>
  /// The scalar that it stands for, where an escape says so; nothing for a byte that stands for itself.
  private let escaped: Unicode.Scalar?
  private let byte: UInt8

  /// The first one at or behind an offset of the source; nothing where none is left.
  init?(from start: Int, in source: UnsafeBufferPointer<UInt8>, _ style: YAMLScalarStyle) {
    var at = start
    while at < source.count {
      let byte = source[at]
      if byte.isYAMLSpace {
        at += 1
      } else if style == .doubleQuoted, byte == UInt8(ascii: "\\") {
        guard let escape = WrittenEscape(source[(at + 1)...]) else { return nil }
        let end = at + 1 + escape.count
        guard let scalar = escape.scalar, !scalar.isBlank else {
          at = end
          continue
        }
        (place, escaped, self.byte) = (at..<end, scalar, byte)
        return
      } else {
        let isDoubled = style == .singleQuoted && byte == UInt8(ascii: "'")
        (place, escaped, self.byte) = (at..<at + (isDoubled ? 2 : 1), nil, byte)
        return
      }
    }
    return nil
  }

  /// How many bytes of the text it is.
  var count: Int { escaped.map { UTF8.width($0) } ?? 1 }

  /// Whether the text goes on with it at an offset.
  func stands(in text: UnsafeBufferPointer<UInt8>, at offset: Int) -> Bool {
    guard let escaped else { return text[offset] == byte }
    return UTF8.encode(escaped).map { text[offset...].prefix(count).elementsEqual($0) } ?? false
  }
}

/// What stands behind a backslash between double quotes.
struct WrittenEscape {
  /// How many bytes it takes.
  let count: Int
  /// Nothing for the end of a line.
  let scalar: Unicode.Scalar?

  init?(_ source: Slice<UnsafeBufferPointer<UInt8>>) {
    guard let sign = source.first else { return nil }
    let digits: Int
    switch sign {
    case UInt8(ascii: "x"): digits = 2
    case UInt8(ascii: "u"): digits = 4
    case UInt8(ascii: "U"): digits = 8
    case 0x0A, 0x0D:
      (count, scalar) = (1, nil)
      return
    default:
      count = 1
      scalar = WrittenEscape.scalars[sign] ?? Unicode.Scalar(sign)
      return
    }
    let text = String(decoding: source.dropFirst().prefix(digits), as: UTF8.self)
    guard let value = UInt32(text, radix: 16), let scalar = Unicode.Scalar(value) else { return nil }
    count = 1 + digits
    self.scalar = scalar
  }

  /// Source: YAML 1.1, "Escape Sequences"; a sign that is not there stands for itself.
  private static let scalars: [UInt8: Unicode.Scalar] = [
    UInt8(ascii: "0"): "\0", UInt8(ascii: "a"): "\u{7}", UInt8(ascii: "b"): "\u{8}", UInt8(ascii: "t"): "\t",
    UInt8(ascii: "n"): "\n", UInt8(ascii: "v"): "\u{B}", UInt8(ascii: "f"): "\u{C}", UInt8(ascii: "r"): "\r",
    UInt8(ascii: "e"): "\u{1B}", UInt8(ascii: "N"): "\u{85}", UInt8(ascii: "_"): "\u{A0}",
    UInt8(ascii: "L"): "\u{2028}", UInt8(ascii: "P"): "\u{2029}",
  ]
}

extension Unicode.Scalar {
  fileprivate var isBlank: Bool {
    isASCII && UInt8(value).isYAMLSpace
  }
}

extension NodeRecord {
  /// Where a scalar's text begins in the source: behind the quote, or behind the line of a block's mark.
  func startOfText(in source: UnsafeBufferPointer<UInt8>) -> Int {
    let start = Int(start)
    switch style {
    case .literal, .folded:
      let end = source[start...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? source.count
      let isPair = end + 1 < source.count && source[end] == 0x0D && source[end + 1] == 0x0A
      return min(source.count, end + (isPair ? 2 : 1))
    case .singleQuoted, .doubleQuoted: return start + 1
    case .plain: return start
    }
  }
}
