import SourceText

/// Reads documents as nearly all manifests are written: block collections whose keys, scalars and flow collections each
/// stand on one line, and literal blocks; without anchors, tags, escapes and directives, in printable ASCII.
///
/// It says of such a document what libyaml does, and of any other nothing, so that libyaml reads that one. A byte takes it
/// some 10 instructions, and libyaml 100, which was two fifths of what a run takes.
struct PlainDocumentReader: ~Copyable {
  /// A block collection that is open.
  private struct Level: BitwiseCopyable {
    var column: Int
    var kind: Kind
  }

  private enum Kind: BitwiseCopyable {
    case mapping, sequence
    /// A sequence that stands as far left as the key that it is the value of.
    case sequenceAtKey
  }

  private let source: UnsafeBufferPointer<UInt8>
  private let limits: YAMLLimits
  private let mostItems: Int
  private var levels = Arena<Level>(capacity: 16)
  /// Where the part of the source ends that is read.
  private var end = 0
  /// The offset of what is read next.
  private var at = 0
  /// Behind the key or the dash whose value is still to come: there it stands if it is empty.
  private var awaited: Int?
  /// The text of a literal block.
  private var text: [UInt8] = []

  init(over source: UnsafeBufferPointer<UInt8>, limits: YAMLLimits) {
    self.source = source
    self.limits = limits
    mostItems = limits.items
  }

  /// Adds the document that a part of the source begins with to a builder.
  ///
  /// - Returns: Where it ends; nothing where libyaml is to read it.
  mutating func read(from part: Range<Int>, into builder: inout DocumentBuilder) -> Int? {
    (at, end) = (part.lowerBound, part.upperBound)
    levels.truncate(to: 0)
    awaited = at
    var hasMarker = false
    builder.reset()
    while let column = skipToContent() {
      if column == 0, holdsEndMarker { return nil }
      if column == 0, holdsMarker {
        if builder.nodes.count > 0 { break }
        if hasMarker { return nil }
        hasMarker = true
        at += 3
        guard endLine() else { return nil }
        continue
      }
      guard readLine(column, into: &builder), builder.depth < limits.depth else { return nil }
      if builder.size > mostItems,
        builder.size > limits.nodes << 20 || builder.longItems(beyond: mostItems, source) != nil
      {
        return nil
      }
    }
    guard builder.nodes.count > 0 else { return nil }
    endAwaited(&builder)
    while levels.popLast() != nil { builder.closeCollection(end: at, source: source) }
    return at
  }

  // MARK: - Lines

  /// Goes to what stands first on the next line that is neither blank nor a comment; answers its column.
  private mutating func skipToContent() -> Int? {
    while at < end {
      let line = at
      skipSpaces()
      if at == end { return nil }
      if source[at] == 0x0A {
        at += 1
      } else if source[at] == UInt8(ascii: "#") {
        skipLine()
      } else {
        return at - line
      }
    }
    return nil
  }

  private mutating func skipSpaces() {
    while at < end, source[at] == 0x20 { at += 1 }
  }

  private mutating func skipLine() {
    at = source.firstOffset(of: 0x0A, from: at).map { min($0 + 1, end) } ?? end
  }

  /// Goes to the next line, if nothing but a comment stands on this one.
  private mutating func endLine() -> Bool {
    let start = at
    skipSpaces()
    if at == end { return true }
    if source[at] == 0x0A {
      at += 1
      return true
    }
    guard source[at] == UInt8(ascii: "#"), at > start else { return false }
    skipLine()
    return true
  }

  private func isBlank(_ offset: Int) -> Bool {
    offset >= end || source[offset] == 0x20 || source[offset] == 0x0A
  }

  /// Whether `---` stands here for itself.
  private var holdsMarker: Bool {
    source[at] == UInt8(ascii: "-") && source.holds(("---" as StaticString).bytes, at: at) && isBlank(at + 3)
  }

  private var holdsEndMarker: Bool {
    source[at] == UInt8(ascii: ".") && source.holds(("..." as StaticString).bytes, at: at)
  }

  /// Whether a dash stands here that begins an entry of a sequence.
  private var holdsDash: Bool {
    source[at] == UInt8(ascii: "-") && isBlank(at + 1)
  }

  // MARK: - Block collections

  /// Reads a line that begins with a key or a dash.
  private mutating func readLine(_ column: Int, into builder: inout DocumentBuilder) -> Bool {
    if awaited != nil {
      let last = levels.count > 0 ? levels[levels.count - 1] : Level(column: -1, kind: .sequence)
      if column == last.column, last.kind == .mapping, holdsDash {
        open(Level(column: column, kind: .sequenceAtKey), &builder)
        return readEntries(column, into: &builder)
      }
      if column > last.column { return readEntries(column, into: &builder) }
      endAwaited(&builder)
    }
    while levels.count > 0 {
      let last = levels[levels.count - 1]
      guard last.column > column || last.column == column && last.kind == .sequenceAtKey && !holdsDash else { break }
      _ = levels.popLast()
      builder.closeCollection(end: at, source: source)
    }
    guard levels.count > 0 else { return false }
    let last = levels[levels.count - 1]
    guard last.column == column, (last.kind != .mapping) == holdsDash else { return false }
    return readEntries(column, into: &builder)
  }

  /// Reads the dashes of a line, and what stands behind them; a collection begins with each whose entry is awaited.
  private mutating func readEntries(_ column: Int, into builder: inout DocumentBuilder) -> Bool {
    let line = at - column
    var isBehindDash = false
    while holdsDash {
      if awaited != nil { open(Level(column: at - line, kind: .sequence), &builder) }
      at += 1
      awaited = at
      skipSpaces()
      if holdsNoMore() { return true }
      guard builder.depth < limits.depth else { return false }
      isBehindDash = true
    }
    if source[at].mayNotBeginPlain { return isBehindDash && readValue(into: &builder) }
    guard let key = scanScalar() else { return false }
    guard at < end, source[at] == UInt8(ascii: ":"), isBlank(at + 1) else {
      guard isBehindDash else { return false }
      awaited = nil
      add(key, to: &builder)
      return endLine()
    }
    // libyaml looks for a key's colon no farther than this.
    guard at - key.start < 1000 else { return false }
    if awaited != nil { open(Level(column: key.start - line, kind: .mapping), start: key.start, &builder) }
    add(key, to: &builder)
    at += 1
    awaited = at
    skipSpaces()
    return holdsNoMore() || readValue(into: &builder)
  }

  /// Whether nothing stands here, behind a blank, but a comment; then the next line is gone to.
  private mutating func holdsNoMore() -> Bool {
    guard at == end || source[at] == 0x0A || source[at] == UInt8(ascii: "#") else { return false }
    skipLine()
    return true
  }

  private mutating func open(_ level: Level, start: Int? = nil, _ builder: inout DocumentBuilder) {
    awaited = nil
    levels.append(level)
    builder.openCollection(level.kind == .mapping ? .mapping : .sequence, isBracketed: false, start: start ?? at)
  }

  /// Adds the value that is still awaited, which is empty.
  private mutating func endAwaited(_ builder: inout DocumentBuilder) {
    guard let place = awaited else { return }
    awaited = nil
    builder.appendScalar(
      UnsafeBufferPointer(rebasing: source[place..<place]), style: .plain, start: place, end: place, verbatimAt: place)
  }

  // MARK: - Values

  /// Reads the value that stands here, with the rest of its line.
  private mutating func readValue(into builder: inout DocumentBuilder) -> Bool {
    awaited = nil
    switch source[at] {
    case UInt8(ascii: "["), UInt8(ascii: "{"):
      return readFlow(into: &builder) && endLine()
    case UInt8(ascii: "|"):
      return readLiteral(into: &builder)
    default:
      guard let scalar = scanScalar() else { return false }
      add(scalar, to: &builder)
      return endLine()
    }
  }

  private struct Scalar {
    var style: YAMLScalarStyle
    var start: Int
    var end: Int
  }

  private func add(_ scalar: Scalar, to builder: inout DocumentBuilder) {
    let quote = scalar.style == .plain ? 0 : 1
    let text = UnsafeBufferPointer(rebasing: source[scalar.start + quote..<scalar.end - quote])
    builder.appendScalar(
      text, style: scalar.style, start: scalar.start, end: scalar.end, verbatimAt: scalar.start + quote)
  }

  /// Reads a scalar up to its end, or to the colon behind it; nothing where something else stands here.
  private mutating func scanScalar() -> Scalar? {
    switch source[at] {
    case UInt8(ascii: "'"): return scanQuoted(.singleQuoted)
    case UInt8(ascii: "\""): return scanQuoted(.doubleQuoted)
    case UInt8(ascii: "-"): if isBlank(at + 1) { return nil }
    case let byte where byte.mayNotBeginPlain: return nil
    default: break
    }
    let start = at
    var last = at
    while at < end {
      switch source[at] {
      case 0x0A:
        return Scalar(style: .plain, start: start, end: last)
      case 0x20:
        at += 1
        continue
      case UInt8(ascii: "#"):
        if source[at - 1] == 0x20 {
          at = last
          return Scalar(style: .plain, start: start, end: last)
        }
      case UInt8(ascii: ":"):
        if isBlank(at + 1) { return at == last ? Scalar(style: .plain, start: start, end: last) : nil }
      default: break
      }
      at += 1
      last = at
    }
    return Scalar(style: .plain, start: start, end: last)
  }

  private mutating func scanQuoted(_ style: YAMLScalarStyle) -> Scalar? {
    let start = at
    let quote = source[at]
    at += 1
    while at < end, source[at] != quote {
      if source[at] == 0x0A || source[at] == UInt8(ascii: "\\") && style == .doubleQuoted { return nil }
      at += 1
    }
    at += 1
    // Two of them stand for one.
    guard at <= end, at == end || source[at] != quote else { return nil }
    return Scalar(style: style, start: start, end: at)
  }

  // MARK: - Flow collections

  private mutating func readFlow(into builder: inout DocumentBuilder) -> Bool {
    guard builder.depth < limits.depth else { return false }
    let isMapping = source[at] == UInt8(ascii: "{")
    let bracket = isMapping ? UInt8(ascii: "}") : UInt8(ascii: "]")
    builder.openCollection(isMapping ? .mapping : .sequence, isBracketed: true, start: at)
    at += 1
    skipSpaces()
    var isFirst = true
    while at < end {
      if isFirst, source[at] == bracket { return close(&builder) }
      isFirst = false
      guard builder.size <= limits.nodes << 20 else { return false }
      if isMapping {
        guard let key = scanFlowScalar(), at < end, source[at] == UInt8(ascii: ":"), at - key.start < 1000 else {
          return false
        }
        add(key, to: &builder)
        at += 1
        guard at < end, source[at] == 0x20 else { return false }
        skipSpaces()
        guard at < end else { return false }
      }
      if source[at] == UInt8(ascii: "[") || source[at] == UInt8(ascii: "{") {
        guard readFlow(into: &builder) else { return false }
      } else {
        guard let scalar = scanFlowScalar() else { return false }
        add(scalar, to: &builder)
      }
      skipSpaces()
      guard at < end else { return false }
      if source[at] == bracket { return close(&builder) }
      guard source[at] == UInt8(ascii: ",") else { return false }
      at += 1
      skipSpaces()
    }
    return false
  }

  private mutating func close(_ builder: inout DocumentBuilder) -> Bool {
    at += 1
    builder.closeCollection(end: at, source: source)
    return true
  }

  private mutating func scanFlowScalar() -> Scalar? {
    switch source[at] {
    case UInt8(ascii: "'"): return scanQuoted(.singleQuoted)
    case UInt8(ascii: "\""): return scanQuoted(.doubleQuoted)
    default: break
    }
    let start = at
    var last = at
    while at < end {
      let byte = source[at]
      if byte == 0x20 {
        at += 1
        continue
      }
      let isInside = byte == UInt8(ascii: ":") && at + 1 < end && source[at + 1].isOfFlowWord && last > start
      guard byte.isOfFlowWord || isInside || byte == UInt8(ascii: "-") && last > start else { break }
      at += 1
      last = at
    }
    if last == start { return nil }
    at = last
    return Scalar(style: .plain, start: start, end: last)
  }

  // MARK: - Literal blocks

  /// Reads a literal block whose lines are all indented as far as its first.
  private mutating func readLiteral(into builder: inout DocumentBuilder) -> Bool {
    let start = at
    at += 1
    guard at < end else { return false }
    let chomping = source[at]
    if chomping == UInt8(ascii: "-") || chomping == UInt8(ascii: "+") { at += 1 }
    guard endLine() else { return false }
    text.removeAll(keepingCapacity: true)
    // The first line says how far all are indented.
    var indent: Int?
    var scalarEnd = at
    var lastText = 0
    while at < end {
      let line = at
      while at < end, source[at] == 0x20, at - line < indent ?? .max { at += 1 }
      guard at < end else { return false }
      if source[at] == 0x0A {
        // Blanks before the first line may be more than its indent.
        if indent == nil, at > line { return false }
      } else if at - line < indent ?? 0 {
        at = line
        break
      } else if indent == nil {
        let around = levels.count > 0 ? levels[levels.count - 1].column : -1
        guard at - line > max(around, 0) else { return false }
        indent = at - line
      }
      // A line without its end is the last, and what then becomes of the end is libyaml's to say.
      guard let lineEnd = source.firstOffset(of: 0x0A, from: at), lineEnd < end else { return false }
      text.append(contentsOf: source[at...lineEnd])
      if lineEnd > at { lastText = text.count }
      if source[at..<lineEnd].contains(where: { $0 != 0x20 }) { scalarEnd = lineEnd }
      at = lineEnd + 1
    }
    guard lastText > 0 else { return false }
    if chomping != UInt8(ascii: "+") {
      text.removeSubrange((chomping == UInt8(ascii: "-") ? lastText - 1 : lastText)...)
    }
    text.withUnsafeBufferPointer {
      builder.appendScalar($0, style: .literal, start: start, end: scalarEnd, verbatimAt: nil)
    }
    return true
  }
}

extension UInt8 {
  /// Whether a plain scalar may not begin with the byte, or only before some others.
  fileprivate var mayNotBeginPlain: Bool {
    switch self {
    case UInt8(ascii: "?"), UInt8(ascii: ":"), UInt8(ascii: ","), UInt8(ascii: "["), UInt8(ascii: "]"),
      UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "#"), UInt8(ascii: "&"), UInt8(ascii: "*"), UInt8(ascii: "!"),
      UInt8(ascii: "|"), UInt8(ascii: ">"), UInt8(ascii: "%"), UInt8(ascii: "@"), UInt8(ascii: "`"):
      true
    default: false
    }
  }

  /// Whether the byte is one of those that mean nothing in a flow collection, wherever they stand.
  fileprivate var isOfFlowWord: Bool {
    switch self {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "/"),
      UInt8(ascii: "+"), UInt8(ascii: "="), UInt8(ascii: "$"), UInt8(ascii: "~"), UInt8(ascii: "("), UInt8(ascii: ")"):
      true
    default: false
    }
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Whether all bytes of a part are printable ASCII or line feeds, 32 of them looked at together.
  func isPrintableASCII(in part: Range<Int>) -> Bool {
    let bytes = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(self)[part])
    var at = 0
    while at + 32 <= bytes.count {
      let few = bytes.loadUnaligned(fromByteOffset: at, as: SIMD4<UInt64>.self)
      let low = few & 0x7F7F_7F7F_7F7F_7F7F
      // Of each byte, the uppermost bit says so.
      let isNoControl = low &+ 0x6060_6060_6060_6060
      let isNoLineFeed = (low ^ 0x0A0A_0A0A_0A0A_0A0A) &+ 0x7F7F_7F7F_7F7F_7F7F
      let isDelete = low &+ 0x0101_0101_0101_0101
      let isOther = few | ~isNoControl & isNoLineFeed | isDelete
      if isOther & 0x8080_8080_8080_8080 != .zero { return false }
      at += 32
    }
    return bytes[at...].allSatisfy { (0x20...0x7E).contains($0) || $0 == 0x0A }
  }
}
