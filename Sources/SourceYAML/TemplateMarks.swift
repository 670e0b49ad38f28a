import SourceText

/// Tells a template that was not rendered from YAML that is broken: whether `{{`, `{%` or `<%` stands outside comments,
/// quotes and block scalars, or another placeholder where the reading failed.
struct TemplateMarks {
  private let source: UnsafeBufferPointer<UInt8>
  /// Where the document at hand begins.
  private var start = 0
  /// Whether the file holds the marks at all; nothing until that was asked.
  private var isPossible: Bool?

  init(source: UnsafeBufferPointer<UInt8>) {
    self.source = source
  }

  /// Makes ready for a document that begins at an offset.
  mutating func begin(at start: Int) {
    self.start = start
  }

  /// The first expression of the document in which reading failed, up to the end of the line with `offset`: its UTF-8
  /// offsets, up to its end or that of its line.
  ///
  /// - Parameters:
  ///   - hidden: Where a quote opens that nothing closes.
  ///   - nodes: The nodes that had been read by then; what lies behind them is judged by its quotes.
  mutating func expression(
    before offset: Int, hiddenFrom hidden: Int?, outside nodes: UnsafeBufferPointer<NodeRecord>
  ) -> Range<Int>? {
    var end = hidden ?? min(offset, source.count)
    if hidden == nil {
      while end < source.count, source[end] != 0x0A, source[end] != 0x0D { end += 1 }
    }
    let isPossible = isPossible ?? holdsMarks
    self.isPossible = isPossible
    if isPossible, let found = firstExpression(in: start..<max(start, end), outside: nodes) { return found }
    return hidden == nil ? placeholder(around: min(offset, source.count)) : nil
  }

  /// A placeholder such as `@NAME@` that the reading failed at or in: where it does no harm it is text like any other.
  private func placeholder(around offset: Int) -> Range<Int>? {
    var start = offset
    while true {
      if let end = source.endOfPlaceholder(at: start), end >= offset { return start..<end }
      guard start > 0, source[start - 1] != 0x0A, source[start - 1] != 0x0D else { return nil }
      start -= 1
    }
  }

  private var holdsMarks: Bool {
    (["{{", "{%", "<%"] as [StaticString]).contains { source.firstOffset(of: $0, from: 0) != nil }
  }

  private func firstExpression(in range: Range<Int>, outside nodes: UnsafeBufferPointer<NodeRecord>) -> Range<Int>? {
    let readEnd = nodes.last.map { Int($0.end) } ?? range.lowerBound
    var at = range.lowerBound
    var next = 0
    while at + 1 < range.upperBound {
      while next < nodes.count, Int(nodes[next].start) < at || !nodes[next].hidesMarks { next += 1 }
      if next < nodes.count, Int(nodes[next].start) == at {
        let end = max(at + 1, Int(nodes[next].end))
        // `"{{ include "name" . }}"` is two quoted texts to YAML, and the first of them breaks off.
        if nodes[next].isQuoted, let mark = markThatBreaksOff(in: at..<end) { return expression(from: mark) }
        at = end
        next += 1
        continue
      }
      switch source[at] {
      case UInt8(ascii: "#") where beginsWord(at):
        while at < range.upperBound, source[at] != 0x0A, source[at] != 0x0D { at += 1 }
        continue
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        // A quoted text that libyaml had not handed over yet.
        if at >= readEnd, opensQuote(at), let close = source[at + 1..<range.upperBound].firstIndex(of: source[at]) {
          if let mark = markThatBreaksOff(in: at..<close) { return expression(from: mark) }
          at = close
        }
      case UInt8(ascii: "{"), UInt8(ascii: "<"):
        guard beginsMark(at) else { break }
        return expression(from: at)
      default:
        break
      }
      at += 1
    }
    return nil
  }

  /// The expression that a mark begins, up to what closes it, or to the end of its line.
  private func expression(from start: Int) -> Range<Int> {
    let close = closing(of: start)
    var at = start + 2
    while at < source.count, source[at] != 0x0A, source[at] != 0x0D {
      if source.holds(close.bytes, at: at) { return start..<at + 2 }
      at += 1
    }
    return start..<at
  }

  private func beginsMark(_ offset: Int) -> Bool {
    switch source[offset] {
    case UInt8(ascii: "{"): source[offset + 1] == UInt8(ascii: "{") || source[offset + 1] == UInt8(ascii: "%")
    case UInt8(ascii: "<"): source[offset + 1] == UInt8(ascii: "%")
    default: false
    }
  }

  /// What closes the expression that the mark at an offset begins.
  private func closing(of mark: Int) -> StaticString {
    if source[mark] == UInt8(ascii: "<") { return "%>" }
    return source[mark + 1] == UInt8(ascii: "{") ? "}}" : "%}"
  }

  private func beginsWord(_ offset: Int) -> Bool {
    offset == 0 || source[offset - 1].isYAMLSpace
  }

  private func opensQuote(_ offset: Int) -> Bool {
    beginsWord(offset) || "[{,".utf8.contains(source[offset - 1])
  }

  /// The last mark of a part, if nothing in the part closes it.
  private func markThatBreaksOff(in part: Range<Int>) -> Int? {
    guard let mark = part.dropLast().last(where: beginsMark) else { return nil }
    let close = closing(of: mark).bytes
    let isClosed = (mark + 2..<max(mark + 2, part.upperBound - 1)).contains { source.holds(close, at: $0) }
    return isClosed ? nil : mark
  }
}

extension NodeRecord {
  /// Whether a template's marks inside the node are only text.
  fileprivate var hidesMarks: Bool {
    shape == .scalar && style != .plain
  }

  fileprivate var isQuoted: Bool {
    style == .singleQuoted || style == .doubleQuoted
  }
}
