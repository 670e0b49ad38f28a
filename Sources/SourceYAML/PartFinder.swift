import SourceText

/// Finds where parts of a scalar's text are written. Those that are asked for in their order cost one walk over the text.
///
/// Whatever is written otherwise than it reads, blanks and line breaks are all that folding and indentation change: the
/// other characters stand there in their order, but for escapes and doubled quotes.
package struct PartFinder {
  private let node: YAMLNode
  /// The offset in the text up to which it has been walked.
  private var inText = 0
  /// The offset in the source behind what stands for that much.
  private var inSource: Int

  package init(_ node: YAMLNode) {
    self.node = node
    inSource = Int(node.record.start)
  }

  /// Where a part is written; the whole scalar where that cannot be told.
  ///
  /// - Parameter part: UTF-8 offsets in the text, counted from 0.
  package mutating func range(of part: Range<Int>) -> SourceRange {
    let record = node.record
    guard record.shape == .scalar, part.upperBound <= Int(record.count) else { return node.range }
    let file = node.document.pointee.file
    if record.isVerbatim {
      let start = Int(record.payload)
      return SourceRange(file: file, start: start + part.lowerBound, end: start + part.upperBound)
    }
    guard let found = find(part, in: record) else { return node.range }
    return SourceRange(file: file, start: found.lowerBound, end: found.upperBound)
  }

  private mutating func find(_ part: Range<Int>, in record: NodeRecord) -> Range<Int>? {
    let storage = node.document.pointee
    let text = UnsafeBufferPointer(start: storage.text(of: record), count: Int(record.count))
    let source = UnsafeBufferPointer(start: storage.source, count: Int(record.end))
    if inText == 0 || part.lowerBound < inText { (inText, inSource) = (0, start(of: record, in: source)) }
    var found: Range<Int>?
    while inText < part.upperBound {
      if text[inText].isYAMLSpace {
        inText += 1
        continue
      }
      guard let character = character(in: source, record.style),
        character.isText(text[inText...].prefix(character.count))
      else { return nil }
      // A part begins and ends between characters.
      if inText < part.lowerBound, inText + character.count > part.lowerBound { return nil }
      if inText >= part.lowerBound {
        if let known = found, source[known.upperBound..<character.place.lowerBound].contains(0x0A) { return known }
        found = (found?.lowerBound ?? character.place.lowerBound)..<character.place.upperBound
      }
      inText += character.count
      inSource = character.place.upperBound
    }
    return found
  }

  /// Where a scalar's text begins: behind the quote, or behind the line of a block's mark.
  private func start(of record: NodeRecord, in source: UnsafeBufferPointer<UInt8>) -> Int {
    let start = Int(record.start)
    switch record.style {
    case .literal, .folded: return source[start...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? source.count
    case .singleQuoted, .doubleQuoted: return start + 1
    default: return start
    }
  }

  /// A character that is no blank, as it is written.
  private struct Character {
    var place: Range<Int>
    /// The scalar that it stands for, where an escape says so; nothing for a byte that stands for itself.
    var escaped: Unicode.Scalar?
    var byte: UInt8

    /// How many bytes of the text it is.
    var count: Int { escaped.map { UTF8.width($0) } ?? 1 }

    func isText(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
      if let escaped { return UTF8.encode(escaped).map { text.elementsEqual($0) } ?? false }
      return text.elementsEqual([byte])
    }
  }

  /// The next character of the source that is no blank.
  private func character(in source: UnsafeBufferPointer<UInt8>, _ style: YAMLScalarStyle) -> Character? {
    var at = inSource
    while at < source.count {
      let byte = source[at]
      if byte.isYAMLSpace {
        at += 1
      } else if style == .doubleQuoted, byte == UInt8(ascii: "\\") {
        guard let escape = Escape(source[(at + 1)...]) else { return nil }
        let end = at + 1 + escape.count
        guard let scalar = escape.scalar, !scalar.isBlank else {
          at = end
          continue
        }
        return Character(place: at..<end, escaped: scalar, byte: byte)
      } else {
        let isDoubled = style == .singleQuoted && byte == UInt8(ascii: "'")
        return Character(place: at..<at + (isDoubled ? 2 : 1), escaped: nil, byte: byte)
      }
    }
    return nil
  }

  /// What stands behind a backslash between double quotes.
  private struct Escape {
    /// How many bytes it takes.
    var count: Int
    /// Nothing for the end of a line.
    var scalar: Unicode.Scalar?

    init?(_ source: Slice<UnsafeBufferPointer<UInt8>>) {
      guard let sign = source.first else { return nil }
      let digits: Int
      switch sign {
      case UInt8(ascii: "x"): digits = 2
      case UInt8(ascii: "u"): digits = 4
      case UInt8(ascii: "U"): digits = 8
      default:
        count = 1
        scalar = Escape.scalars[sign] ?? Unicode.Scalar(sign)
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
}

extension Unicode.Scalar {
  fileprivate var isBlank: Bool {
    isASCII && UInt8(value).isYAMLSpace
  }
}
