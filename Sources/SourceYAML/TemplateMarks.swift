/// Tells a template that was not rendered from YAML that is broken.
struct TemplateMarks {
  let source: UnsafeBufferPointer<UInt8>

  /// The first expression, `{{...}}` or `{%...%}`, that begins at or before `offset` or further on its line, outside
  /// comments, quotes and block scalars: its UTF-8 offsets, up to its end or that of its line.
  ///
  /// - Parameter nodes: The nodes that libyaml had read when it gave up; what lies behind them is judged line by line.
  func firstExpression(upTo offset: Int, outside nodes: [NodeRecord]) -> Range<Int>? {
    var end = min(offset, source.count)
    while end < source.count, source[end] != 0x0A, source[end] != 0x0D { end += 1 }
    var at = 0
    var next = 0
    var lineStart = 0
    while at + 1 < end {
      while next < nodes.count, Int(nodes[next].start) < at || !nodes[next].hidesMarks { next += 1 }
      if next < nodes.count, Int(nodes[next].start) == at {
        at = max(at + 1, Int(nodes[next].end))
        next += 1
        continue
      }
      switch source[at] {
      case 0x0A, 0x0D:
        lineStart = at + 1
      case UInt8(ascii: "#") where at == lineStart || source[at - 1].isYAMLSpace:
        while at < end, source[at] != 0x0A, source[at] != 0x0D { at += 1 }
        continue
      case UInt8(ascii: "{") where source[at + 1] == UInt8(ascii: "{") || source[at + 1] == UInt8(ascii: "%"):
        return at..<endOfExpression(from: at)
      default:
        break
      }
      at += 1
    }
    return nil
  }

  /// The offset behind the `}}` or `%}` that closes the expression at `start`, or that of the end of its line.
  private func endOfExpression(from start: Int) -> Int {
    let first = source[start + 1] == UInt8(ascii: "{") ? UInt8(ascii: "}") : UInt8(ascii: "%")
    var at = start + 2
    while at < source.count, source[at] != 0x0A, source[at] != 0x0D {
      if source[at] == first, at + 1 < source.count, source[at + 1] == UInt8(ascii: "}") { return at + 2 }
      at += 1
    }
    return at
  }
}

extension NodeRecord {
  /// Whether a template's marks inside the node are only text.
  fileprivate var hidesMarks: Bool {
    shape == .scalar && style != .plain
  }
}
