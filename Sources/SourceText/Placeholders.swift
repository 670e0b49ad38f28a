extension UnsafeBufferPointer<UInt8> {
  /// The offset behind the placeholder of a template that begins at `start`, if one does: `<% x %>`, `%{x}`, `%NAME%`,
  /// `@NAME@` or `__NAME__`, on one line. `{{ x }}` and `{% x %}`, which may hold all kinds of text, are for others to find.
  package func endOfPlaceholder(at start: Int) -> Int? {
    guard start + 2 < count else { return nil }
    let next = self[start + 1]
    switch self[start] {
    case UInt8(ascii: "<") where next == UInt8(ascii: "%"):
      return end(of: "%>", from: start + 2, before: "<%")
    case UInt8(ascii: "%") where next == UInt8(ascii: "{"):
      return end(of: "}", from: start + 2, before: "%{")
    case let sign where sign == UInt8(ascii: "%") || sign == UInt8(ascii: "@"):
      return endOfName(between: sign, from: start)
    case UInt8(ascii: "_") where next == UInt8(ascii: "_"): return endOfCapitals(from: start)
    default: return nil
    }
  }

  /// The offset behind `__NAME__`, for which a script puts something. In small letters, programs have names of their own so.
  private func endOfCapitals(from start: Int) -> Int? {
    let (mark, letters) = (UInt8(ascii: "_"), UInt8(ascii: "A")...UInt8(ascii: "Z"))
    var at = start + 2
    guard letters.contains(self[at]) else { return nil }
    while at + 1 < count, letters.contains(self[at]) || self[at].isASCIIDigit || self[at] == mark {
      if self[at] == mark, self[at + 1] == mark { return at + 2 }
      at += 1
    }
    return nil
  }

  /// The offset behind the closing mark of a placeholder; nothing where another one opens first, so that of many openings
  /// each is passed once.
  private func end(of mark: StaticString, from start: Int, before opening: StaticString) -> Int? {
    var at = start
    while at < count, self[at] != 0x0A, self[at] != 0x0D {
      if holds(mark.bytes, at: at) { return at + mark.utf8CodeUnitCount }
      if holds(opening.bytes, at: at) { return nil }
      at += 1
    }
    return nil
  }

  /// The offset behind a name with a sign, or two of them, on either side.
  private func endOfName(between sign: UInt8, from start: Int) -> Int? {
    var at = start + 1
    let isDoubled = self[at] == sign
    if isDoubled { at += 1 }
    guard at < count, self[at].isASCIILetter || self[at] == UInt8(ascii: "_") else { return nil }
    while at < count, self[at].isASCIILetter || self[at].isASCIIDigit || "_-.".utf8.contains(self[at]) { at += 1 }
    guard at < count, self[at] == sign else { return nil }
    guard isDoubled else { return at + 1 }
    return at + 1 < count && self[at + 1] == sign ? at + 2 : nil
  }
}
