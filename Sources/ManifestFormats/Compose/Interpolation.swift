import SourceText
import SourceYAML

/// A text with its variables replaced, as Compose does it (compose-spec 12-interpolation.md).
///
/// A variable without a value stays open: its place in `bytes` is the byte `unknown`, which no UTF-8 text holds.
struct InterpolatedText {
  /// Stands for what a variable without value or default would say.
  static let unknown: UInt8 = 0xFF

  /// The text, in UTF-8 but for `unknown`.
  private(set) var bytes: [UInt8] = []
  /// The variables that stay open, in the order of the text.
  private(set) var openVariables: [OpenVariable] = []
  /// The variables whose values stand in the text, and where.
  private(set) var usedVariables: [(name: String, text: Range<Int>)] = []
  private var pieces: [Piece] = []
  /// The `${...}` of the source, in the order in which they begin.
  private var expressions: [Expression] = []
  /// The innermost that is being read.
  private var current: Int?
  /// How many bytes variables may put into one text: no port, name or path takes more, and a few letters could name as
  /// much again and again.
  static let mostReplaced = 4096
  private var replaced = 0

  /// Whether a variable stays open only because its value was too long.
  var isCut: Bool { replaced > InterpolatedText.mostReplaced }

  struct OpenVariable {
    var name: String
    /// Whether Compose makes nothing of it but a warning when it is unset, so that the text silently changes.
    var vanishesWhenUnset: Bool
  }

  /// A run of the text and where it comes from.
  private struct Piece {
    var text: Range<Int>
    var source: Range<Int>
    var origin: Origin
  }

  /// A `${...}` of the source, and the one that it stands in.
  private struct Expression {
    var place: Range<Int>
    let outer: Int?
  }

  /// Where a run of the text comes from.
  private enum Origin {
    /// Each byte of it is a byte of the source.
    case source
    /// It stands in the place of an expression of the source.
    case expression
    /// A file of variables, which stands in the place of an expression.
    case environment
  }

  /// A `${` that Compose rejects: its UTF-8 offsets in the source.
  struct Invalid: Error {
    var source: Range<Int>
  }

  /// Takes a text without variables as it is.
  init(verbatim text: [UInt8]) {
    bytes = text
    pieces = [Piece(text: 0..<text.count, source: 0..<text.count, origin: .source)]
  }

  /// Replaces the variables of `source`.
  ///
  /// - Parameters:
  ///   - environment: The values that are known, such as those of the project's `.env`.
  ///   - others: Those of the same file, which count where the others say nothing.
  ///   - isPort: Whether no name can stand there, such as `DB__HOST__NAME`, so that `__NAME__` is a placeholder.
  init(
    _ source: some Collection<UInt8>, environment: Variables, beside others: [ExactText: Variables.Setting] = [:],
    isPort: Bool = false
  ) throws(Invalid) {
    let source = Array(source)
    guard source.contains(where: { $0.mayBeginReplaced(isPort: isPort) }) else {
      self.init(verbatim: source)
      return
    }
    var parser = TemplateParser(source: source, environment: environment, others: others)
    parser.isPort = isPort
    try parser.parse(0..<source.count)
    self = parser.text
  }

  /// Replaces the variables of a text that is read on by others: what another template language replaces stands there as
  /// it is, and what stays open as a variable.
  ///
  /// - Parameter takes: Whether a value is taken, and not left open.
  init(
    contentOf source: [UInt8], environment: Variables, taking takes: @escaping (String) -> Bool
  ) throws(Invalid) {
    var parser = TemplateParser(source: source, environment: environment, others: [:])
    parser.takes = takes
    parser.isContent = true
    try parser.parse(0..<source.count)
    self = parser.text
  }

  fileprivate init() {}

  /// Adds a run of the source as it stands.
  fileprivate mutating func add(_ text: ArraySlice<UInt8>, from source: Range<Int>) {
    append(text, from: source, .source)
  }

  /// Adds what an expression of the source stands for.
  ///
  /// - Parameters:
  ///   - text: What is copied only where it is taken: a value may be long, and a few letters name it.
  ///   - name: The variable whose value it is, as a file of variables says.
  fileprivate mutating func add(
    replacing source: Range<Int>, by text: some Collection<UInt8>, of name: String? = nil
  ) {
    replaced += text.count
    if replaced > InterpolatedText.mostReplaced {
      leaveOpen(OpenVariable(name: "", vanishesWhenUnset: false), at: source)
    } else {
      if let name { usedVariables.append((name, bytes.count..<bytes.count + text.count)) }
      append(text, from: source, name == nil ? .expression : .environment)
    }
  }

  /// Adds a variable that has no value.
  fileprivate mutating func leaveOpen(
    _ variable: OpenVariable, at source: Range<Int>, as sign: [UInt8] = [InterpolatedText.unknown]
  ) {
    openVariables.append(variable)
    append(sign, from: source, .expression)
  }

  /// Notes that a `${...}` begins at an offset.
  fileprivate mutating func beginExpression(at start: Int) {
    expressions.append(Expression(place: start..<start, outer: current))
    current = expressions.count - 1
  }

  /// Notes that the one that began last, and is still open, ends before an offset.
  fileprivate mutating func endExpression(before end: Int) {
    guard let number = current else { return }
    expressions[number].place = expressions[number].place.lowerBound..<end
    current = expressions[number].outer
  }

  private mutating func append(_ text: some Collection<UInt8>, from source: Range<Int>, _ origin: Origin) {
    pieces.append(Piece(text: bytes.count..<bytes.count + text.count, source: source, origin: origin))
    bytes.append(contentsOf: text)
  }

  /// Whether a variable is left open anywhere in `part`.
  func isOpen(_ part: Range<Int>) -> Bool {
    bytes[part].contains(InterpolatedText.unknown)
  }

  /// Whether a file of variables has a say in `part`.
  func isFromEnvironment(_ part: Range<Int>) -> Bool {
    pieces.contains { $0.origin == .environment && $0.text.overlaps(part) }
  }

  /// The text as it is when every open variable is unset.
  var whenUnset: [UInt8] {
    openVariables.isEmpty ? bytes : bytes.filter { $0 != InterpolatedText.unknown }
  }

  /// Where a part of the text comes from: the very bytes where the source says it so, else the whole expressions.
  /// O(log *n*) and what the part and its neighbour are made of.
  func source(of part: Range<Int>) -> Range<Int> {
    var start = Int.max
    var end = 0
    for piece in pieces[pieces.indices.firstBehind { pieces[$0].text.upperBound <= part.lowerBound }...] {
      if piece.text.lowerBound > part.upperBound { break }
      let common = piece.text.clamped(to: part)
      let isInside = !common.isEmpty || (part.isEmpty && piece.text.contains(part.lowerBound))
      guard isInside else { continue }
      let isExact = piece.origin == .source
      let from = isExact ? piece.source.lowerBound + common.lowerBound - piece.text.lowerBound : piece.source.lowerBound
      let to = isExact ? piece.source.lowerBound + common.upperBound - piece.text.lowerBound : piece.source.upperBound
      start = min(start, from)
      end = max(end, to)
    }
    if start > end {
      let fallback = pieces.last?.source.upperBound ?? 0
      return fallback..<fallback
    }
    // A part that begins or ends inside an expression and not both, such as `8080` of `${A:-80}80`, takes it whole.
    for offset in start < end ? [start, end - 1] : [] {
      var next = innermostExpression(around: offset)
      while let number = next {
        let place = expressions[number].place
        if place.lowerBound >= start || end >= place.upperBound {
          start = min(start, place.lowerBound)
          end = max(end, place.upperBound)
        }
        next = expressions[number].outer
      }
    }
    return start..<end
  }
}

extension InterpolatedText {
  /// The innermost `${...}` around an offset of the source, of which at most as many lie in one another as may.
  private func innermostExpression(around offset: Int) -> Int? {
    var next: Int? = expressions.indices.firstBehind { expressions[$0].place.lowerBound <= offset } - 1
    while let number = next, number >= 0 {
      if expressions[number].place.contains(offset) { return number }
      next = expressions[number].outer
    }
    return nil
  }
}

/// Walks the template language: `$$`, `$NAME`, `${NAME}` and `${NAME` with one of `:-`, `-`, `:+`, `+`, `:?`, `?`.
private struct TemplateParser {
  let source: [UInt8]
  let environment: Variables
  let others: [ExactText: Variables.Setting]
  /// What has been read.
  private(set) var text = InterpolatedText()
  /// Whether a word is read that is not taken, for its mistakes only.
  private var isMuted = false
  /// Whether a value is taken, and not left open.
  var takes: (String) -> Bool = { _ in true }
  /// Whether others read on what comes out.
  var isContent = false
  /// Whether no name can stand there.
  var isPort = false

  /// How deep expressions may stand in one another's defaults.
  private static let deepest = 100

  init(source: [UInt8], environment: Variables, others: [ExactText: Variables.Setting]) {
    self.source = source
    self.environment = environment
    self.others = others
  }

  /// The value of a variable, where it is known.
  private func value(of name: String) -> String? {
    environment[name.exact] ?? others[name.exact]?.value
  }

  mutating func parse(_ range: Range<Int>, depth: Int = 0) throws(InterpolatedText.Invalid) {
    var at = range.lowerBound
    var plainStart = at
    // Where one template's expression has no end, those behind it have none either.
    var mayHoldExpression = true
    while at < range.upperBound {
      guard source[at].mayBeginReplaced(isPort: isPort) else {
        at += 1
        continue
      }
      if !isContent, mayHoldExpression, beginsTemplateExpression(at, to: range.upperBound) {
        guard let end = endOfTemplateExpression(from: at, to: range.upperBound) else {
          mayHoldExpression = false
          continue
        }
        // Ansible's or Helm's: what it will say cannot be known.
        take(plainStart..<at)
        leaveOpen(String(decoding: source[at..<end], as: UTF8.self), vanishesWhenUnset: false, at: at..<end)
        at = end
        plainStart = at
        continue
      }
      if !isContent, let end = endOfPlaceholder(at, to: range.upperBound) {
        take(plainStart..<at)
        leaveOpen(String(decoding: source[at..<end], as: UTF8.self), vanishesWhenUnset: false, at: at..<end)
        at = end
        plainStart = at
        continue
      }
      guard source[at] == UInt8(ascii: "$"), at + 1 < range.upperBound else {
        at += 1
        continue
      }
      let next = source[at + 1]
      if next == UInt8(ascii: "$") {
        take(plainStart..<at)
        if !isMuted { text.add(replacing: at..<at + 2, by: CollectionOfOne(next)) }
        at += 2
        plainStart = at
      } else if next.beginsVariable {
        let end = endOfName(from: at + 1, to: range.upperBound)
        take(plainStart..<at)
        substitute(String(decoding: source[at + 1..<end], as: UTF8.self), at..<end)
        at = end
        plainStart = at
      } else if next == UInt8(ascii: "{") {
        take(plainStart..<at)
        if !isMuted { text.beginExpression(at: at) }
        at = try parseBraced(from: at, to: range.upperBound, depth: depth)
        if !isMuted { text.endExpression(before: at) }
        plainStart = at
      } else {
        // `$` before anything else is text.
        at += 1
      }
    }
    take(plainStart..<range.upperBound)
  }

  /// Reads `${...}` from its `$` on and answers the offset behind it.
  private mutating func parseBraced(
    from start: Int, to end: Int, depth: Int
  ) throws(InterpolatedText.Invalid) -> Int {
    let nameStart = start + 2
    guard depth < TemplateParser.deepest, let brace = closingBrace(from: start + 1, to: end) else {
      throw InterpolatedText.Invalid(source: start..<end)
    }
    let whole = start..<brace + 1
    let nameEnd =
      nameStart < brace && source[nameStart].beginsVariable ? endOfName(from: nameStart, to: brace) : nameStart
    guard nameEnd > nameStart else {
      let first = source[nameStart...brace].firstIndex(of: UInt8(ascii: "}")) ?? brace
      throw InterpolatedText.Invalid(source: start..<first + 1)
    }
    let name = String(decoding: source[nameStart..<nameEnd], as: UTF8.self)
    if nameEnd == brace {
      substitute(name, whole)
      return brace + 1
    }
    var at = nameEnd
    let isStrict = source[at] == UInt8(ascii: ":")
    if isStrict { at += 1 }
    guard at < brace, "-+?".utf8.contains(source[at]) else { throw InterpolatedText.Invalid(source: whole) }
    let word = at + 1..<brace
    let value = self.value(of: name).flatMap { isStrict && $0.isEmpty ? nil : $0 }
    switch (source[at], value) {
    case (UInt8(ascii: "-"), nil), (UInt8(ascii: "+"), _?):
      try parse(word, depth: depth + 1)
    case (UInt8(ascii: "+"), nil):
      try check(word, depth: depth)
      if self.value(of: name) == nil { leaveOpen(name, vanishesWhenUnset: false, at: whole) }
    case (_, let value?):
      try check(word, depth: depth)
      put(value, in: whole, of: name)
    case (_, nil):
      try check(word, depth: depth)
      leaveOpen(name, vanishesWhenUnset: false, at: whole)
    }
    return brace + 1
  }

  /// Compose reads a word even where it takes another.
  private mutating func check(_ word: Range<Int>, depth: Int) throws(InterpolatedText.Invalid) {
    let wasMuted = isMuted
    isMuted = true
    try parse(word, depth: depth + 1)
    isMuted = wasMuted
  }

  private mutating func substitute(_ name: String, _ place: Range<Int>) {
    if let value = self.value(of: name) {
      put(value, in: place, of: name)
    } else {
      leaveOpen(name, vanishesWhenUnset: true, at: place)
    }
  }

  private mutating func take(_ part: Range<Int>) {
    if !isMuted, !part.isEmpty { text.add(source[part], from: part) }
  }

  private mutating func put(_ value: String, in place: Range<Int>, of name: String) {
    guard takes(value) else { return leaveOpen(name, vanishesWhenUnset: false, at: place) }
    if !isMuted { text.add(replacing: place, by: value.utf8, of: name) }
  }

  private mutating func leaveOpen(_ name: String, vanishesWhenUnset: Bool, at place: Range<Int>) {
    guard !isMuted else { return }
    let variable = InterpolatedText.OpenVariable(name: name, vanishesWhenUnset: vanishesWhenUnset)
    if isContent {
      text.leaveOpen(variable, at: place, as: Array("$\(name)".utf8))
    } else {
      text.leaveOpen(variable, at: place)
    }
  }

  private func beginsTemplateExpression(_ start: Int, to end: Int) -> Bool {
    start + 1 < end && source[start] == UInt8(ascii: "{") && source[start + 1] == UInt8(ascii: "{")
  }

  /// The offset behind a template's `{{...}}` that begins here, if it has an end.
  private func endOfTemplateExpression(from start: Int, to end: Int) -> Int? {
    let close = UInt8(ascii: "}")
    return (start + 2..<max(start + 2, end - 1)).first { source[$0] == close && source[$0 + 1] == close }.map { $0 + 2 }
  }

  /// The offset behind a placeholder of another template language that begins here.
  private func endOfPlaceholder(_ start: Int, to end: Int) -> Int? {
    guard "<%@".utf8.contains(source[start]) || isPort && source[start] == UInt8(ascii: "_") else { return nil }
    return source.withUnsafeBufferPointer { $0.endOfPlaceholder(at: start) }.flatMap { $0 <= end ? $0 : nil }
  }

  private func endOfName(from start: Int, to end: Int) -> Int {
    var at = start
    while at < end, source[at].beginsVariable || source[at].isASCIIDigit { at += 1 }
    return at
  }

  /// The brace that closes the one at `start`, on the same line. Compose counts every brace, passing over what stands
  /// right behind an opening one, and where that comes to no end takes the line's last (compose-go
  /// `template/template.go`).
  private func closingBrace(from start: Int, to end: Int) -> Int? {
    var depth = 0
    var at = start
    while at < end, source[at] != 0x0A {
      switch source[at] {
      case UInt8(ascii: "{"):
        depth += 1
        // What it passes over may end the line.
        if at + 1 < end, source[at + 1] != 0x0A { at += 1 }
      case UInt8(ascii: "}"):
        depth -= 1
        if depth == 0 { return at }
      default: break
      }
      at += 1
    }
    return source[start..<at].lastIndex(of: UInt8(ascii: "}"))
  }
}

extension YAMLNode {
  /// Whether a scalar may hold a variable, or what another template language replaces.
  var mayHoldVariable: Bool {
    bytes.withBytes { $0.contains { $0.mayBeginReplaced(isPort: false) } }
  }
}

extension UInt8 {
  /// Whether what stands for something else may begin with the byte.
  @inline(__always)
  fileprivate func mayBeginReplaced(isPort: Bool) -> Bool {
    switch self {
    case UInt8(ascii: "$"), UInt8(ascii: "{"), UInt8(ascii: "<"), UInt8(ascii: "%"), UInt8(ascii: "@"): true
    case UInt8(ascii: "_"): isPort
    default: false
    }
  }

  /// Whether a variable's name may begin with the byte: an ASCII letter or `_`.
  fileprivate var beginsVariable: Bool {
    self == UInt8(ascii: "_") || (lowercasedASCII >= UInt8(ascii: "a") && lowercasedASCII <= UInt8(ascii: "z"))
  }
}
