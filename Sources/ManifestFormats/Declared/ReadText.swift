import SourceText
import SourceYAML

/// The text of a scalar with the defaults of its placeholders in their places, each character still known by where it
/// is written; or the text that something else stands for.
struct ReadText {
  let node: YAMLNode
  let bytes: [UInt8]
  private let origin: Origin

  private enum Origin {
    case asWritten
    /// Where each byte stands in what is written.
    case withDefaults([Int])
    /// The node names it.
    case elsewhere
  }

  /// A text that something else written there stands for.
  init(_ node: YAMLNode, standingFor text: [UInt8]) {
    (self.node, bytes, origin) = (node, text, .elsewhere)
  }

  /// - Parameter marks: What encloses a name and a default.
  init(_ node: YAMLNode, defaultedBy marks: [DeclaredFormat.DefaultMark]) {
    let text = Array(node.bytes)
    if text.holds(anyOf: marks) {
      var reader = DefaultedText(text, marks)
      reader.read()
      (self.node, bytes, origin) = (node, reader.output, .withDefaults(reader.offsets))
    } else {
      (self.node, bytes, origin) = (node, text, .asWritten)
    }
  }

  private init(_ node: YAMLNode, _ bytes: [UInt8], _ origin: Origin) {
    (self.node, self.bytes, self.origin) = (node, bytes, origin)
  }

  /// A part of the text, as a text of its own.
  func part(_ part: Range<Int>) -> ReadText {
    switch origin {
    case .asWritten: ReadText(node, Array(bytes[part]), .withDefaults(Array(part)))
    case .elsewhere: ReadText(node, Array(bytes[part]), .elsewhere)
    case .withDefaults(let offsets): ReadText(node, Array(bytes[part]), .withDefaults(Array(offsets[part])))
    }
  }

  /// The parts between separators, without the spaces around them.
  func parts(between separator: String) -> [ReadText] {
    var parts: [ReadText] = []
    var start = 0
    for end in bytes.offsets(of: Array(separator.utf8)) + [bytes.count] {
      var part = start..<max(start, end)
      while let first = part.first, bytes[first] == 0x20 { part = first + 1..<part.upperBound }
      while let last = part.last, bytes[last] == 0x20 { part = part.lowerBound..<last }
      if !part.isEmpty { parts.append(self.part(part)) }
      start = end + separator.utf8.count
    }
    return parts
  }

  /// What stands behind the last of some signs; all of it without any, and nothing where they do not stand there.
  func behind(_ signs: String?) -> ReadText? {
    guard let signs else { return self }
    return bytes.offsets(of: Array(signs.utf8)).last.map { part($0 + signs.utf8.count..<bytes.count) }
  }

  /// What stands before the first of some signs; all of it where they do not stand there.
  func before(_ signs: String?) -> ReadText {
    signs.flatMap { bytes.offsets(of: Array($0.utf8)).first }.map { part(0..<$0) } ?? self
  }

  /// The value of a key of arguments, `name=web ports="80:80"`, without the quotes around it. O(*n*).
  func argument(_ key: String) -> ReadText? {
    var at = 0
    while at < bytes.count {
      let start = at
      var (quote, depth): (UInt8?, Int) = (nil, 0)
      while at < bytes.count, quote != nil || depth > 0 || !bytes[at].partsArguments {
        switch bytes[at] {
        case let sign where sign == quote: quote = nil
        case UInt8(ascii: "\""), UInt8(ascii: "'"): if quote == nil { quote = bytes[at] }
        // Spaces of an expression part nothing.
        case UInt8(ascii: "{"): depth += 1
        case UInt8(ascii: "}"): depth = max(0, depth - 1)
        default: break
        }
        at += 1
      }
      if let sign = bytes[start..<at].firstIndex(of: UInt8(ascii: "=")),
        String(decoding: bytes[start..<sign], as: UTF8.self).isExactly(key)
      {
        return part(unquoted(sign + 1..<at))
      }
      at += 1
    }
    return nil
  }

  private func unquoted(_ part: Range<Int>) -> Range<Int> {
    guard part.count > 1, let first = bytes[part].first, first == bytes[part].last else { return part }
    return first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") ? part.lowerBound + 1..<part.upperBound - 1 : part
  }

  /// The text with two bytes that no text has (`InterpolatedText.unknown`) in the place of each placeholder; nothing where
  /// what opens one may close elsewhere than it seems. O(*n*).
  func withUnknowns(_ marks: [DeclaredFormat.PlaceholderMark]) -> ReadText? {
    var (known, offsets): ([UInt8], [Int]) = ([], [])
    bytes.withUnsafeBufferPointer { text in
      var (at, marks) = (0, marks)
      while at < text.count {
        if let end = text.endOfExpression(at: at) ?? text.end(of: &marks, at: at) {
          known += [InterpolatedText.unknown, InterpolatedText.unknown]
          offsets += [at, end - 1]
          at = end
        } else {
          known.append(text[at])
          offsets.append(at)
          at += 1
        }
      }
    }
    if known.contains(where: { "{}$%'\"|".utf8.contains($0) }) { return nil }
    switch origin {
    case .asWritten: return ReadText(node, known, .withDefaults(offsets))
    case .elsewhere: return self
    case .withDefaults(let written): return ReadText(node, known, .withDefaults(offsets.map { written[$0] }))
    }
  }

  /// Whether it has placeholders that are told from the rest, and there is some.
  var isKnownInPart: Bool {
    bytes.contains(InterpolatedText.unknown) && bytes.contains { $0 != InterpolatedText.unknown && $0 != 0x20 }
  }

  /// Whether its placeholders may stand for what makes another text of it.
  func mayBe(_ other: String) -> Bool {
    let (other, unknown) = (Array(other.utf8), InterpolatedText.unknown)
    guard let first = bytes.firstIndex(of: unknown), let last = bytes.lastIndex(of: unknown) else { return true }
    return other.count >= first + bytes.count - last - 1 && other.starts(with: bytes[..<first])
      && other.reversed().starts(with: bytes[(last + 1)...].reversed())
  }

  /// Whether the text is what stands there.
  var isAsWritten: Bool {
    if case .asWritten = origin { true } else { false }
  }

  /// Whether something else stands for it.
  var isElsewhere: Bool {
    if case .elsewhere = origin { true } else { false }
  }

  var text: String { text(bytes.indices) }

  /// Where all of it is written.
  var range: SourceRange { isAsWritten ? node.textRange : range(bytes.indices) }

  func text(_ part: Range<Int>) -> String {
    String(decoding: bytes[part], as: UTF8.self)
  }

  /// What is written in the place of a part, placeholders and all.
  func written(_ part: Range<Int>) -> String {
    switch origin {
    case .asWritten: return text(part)
    case .elsewhere: return node.sourceText
    case .withDefaults(let offsets):
      guard let first = part.first, let last = part.last else { return "" }
      return String(decoding: Array(node.bytes)[offsets[first]..<offsets[last] + 1], as: UTF8.self)
    }
  }

  /// Where a part of it is written.
  func range(_ part: Range<Int>) -> SourceRange {
    switch origin {
    case .asWritten: return node.range(ofText: part)
    case .elsewhere: return node.isScalar ? node.textRange : node.range
    case .withDefaults(let offsets):
      guard let first = part.first, let last = part.last else { return node.textRange }
      return node.range(ofText: offsets[first]..<offsets[last] + 1)
    }
  }
}

extension UInt8 {
  fileprivate var partsArguments: Bool { self == 0x20 || self == 0x09 || self == 0x0A || self == 0x0D }
}

extension [UInt8] {
  /// Where a text begins in this one, each time.
  fileprivate func offsets(of text: [UInt8]) -> [Int] {
    withUnsafeBufferPointer { bytes in
      text.withUnsafeBufferPointer { wanted in
        var (found, from): ([Int], Int) = ([], 0)
        while let hit = bytes.firstOffset(of: wanted, from: from) {
          found.append(hit)
          from = hit + wanted.count
        }
        return found
      }
    }
  }

  /// Whether one of the marks opens.
  fileprivate func holds(anyOf marks: [DeclaredFormat.DefaultMark]) -> Bool {
    !marks.isEmpty
      && withUnsafeBufferPointer { text in
        marks.contains { mark in
          mark.opening.withUnsafeBufferPointer { text.firstOffset(of: $0, from: 0) != nil }
        }
      }
  }
}

/// Puts defaults in the places of placeholders, which may nest: `${A:${B:8080}}`. O(*n*).
private struct DefaultedText {
  private let text: [UInt8]
  private let marks: [DeclaredFormat.DefaultMark]
  private(set) var output: [UInt8] = []
  private(set) var offsets: [Int] = []
  /// The placeholders that are open.
  private var open: [Placeholder] = []

  private struct Placeholder {
    let mark: DeclaredFormat.DefaultMark
    let start: Int
    let outputStart: Int
    var isInDefault = false
  }

  init(_ text: [UInt8], _ marks: [DeclaredFormat.DefaultMark]) {
    self.text = text
    self.marks = marks
  }

  mutating func read() {
    var at = 0
    while at < text.count { at = step(at) }
    // What nothing closes is no placeholder, and nothing that could be read.
    if let first = open.first { writeUnknown(first, to: text.count) }
  }

  private mutating func step(_ at: Int) -> Int {
    if let last = open.last {
      if !last.isInDefault, holds(last.mark.separator, at: at) {
        truncate(to: last.outputStart)
        open[open.count - 1].isInDefault = true
        return at + last.mark.separator.count
      }
      if holds(last.mark.closing, at: at) {
        open.removeLast()
        let end = at + last.mark.closing.count
        if !last.isInDefault { writeUnknown(last, to: end) }
        return end
      }
    }
    if let mark = marks.first(where: { holds($0.opening, at: at) }) {
      open.append(Placeholder(mark: mark, start: at, outputStart: output.count))
      return at + mark.opening.count
    }
    output.append(text[at])
    offsets.append(at)
    return at + 1
  }

  /// Writes what every reader takes for a variable in the place of a placeholder without a default.
  private mutating func writeUnknown(_ placeholder: Placeholder, to end: Int) {
    truncate(to: placeholder.outputStart)
    output += Array("${}".utf8)
    offsets += [placeholder.start, placeholder.start, end - 1]
  }

  private mutating func truncate(to count: Int) {
    output.removeSubrange(count...)
    offsets.removeSubrange(count...)
  }

  private func holds(_ part: [UInt8], at start: Int) -> Bool {
    text[start...].starts(with: part)
  }
}

/// What the names that stand for values stand for, in one document.
struct ParameterValues {
  private var kinds: [(names: DeclaredFormat.Parameters, values: [ExactText: [UInt8]])] = []

  init(_ format: DeclaredFormat, in root: YAMLNode) {
    for names in format.parameters {
      var values: [ExactText: [UInt8]] = [:]
      for match in names.values.matches(in: root) where match.node.isScalar && !match.node.isNull {
        guard let name = match.keys.first else { continue }
        if let value = value(of: match.node) {
          values[name.text.exact] = value
        } else if !match.node.isOpen(beside: format.unresolved) {
          values[name.text.exact] = Array(match.node.bytes)
        }
      }
      kinds.append((names, values))
    }
  }

  /// The value that stands behind a node, if that names one; a value may name one of a kind before its own.
  func value(of node: YAMLNode) -> [UInt8]? {
    for (names, values) in kinds {
      if let name = name(in: node, names) { return values[name.exact] }
    }
    return nil
  }

  private func name(in node: YAMLNode, _ names: DeclaredFormat.Parameters) -> String? {
    if node.isScalar {
      if let tag = node.tag, names.tags.contains(tag) { return node.text }
      return names.texts.lazy.compactMap { node.text(inside: $0) }.first
    }
    guard node.isMapping, node.count == 1 else { return nil }
    let named = names.keys.lazy.compactMap { node.value($0) }.first
    return named.flatMap { $0.isScalar ? $0.text : nil }
  }
}

extension YAMLNode {
  /// What stands inside a mark, where the text is nothing else.
  fileprivate func text(inside mark: DeclaredFormat.PlaceholderMark) -> String? {
    let bytes = Array(bytes)
    let (start, end) = (mark.opening.count, bytes.count - mark.closing.count)
    guard start < end, bytes.starts(with: mark.opening), bytes[end...].elementsEqual(mark.closing) else { return nil }
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }
}

extension YAMLNode {
  /// Whether the node is a mapping whose one key stands for a value.
  func isCall(_ patterns: [String]) -> Bool {
    guard !patterns.isEmpty, isMapping, count == 1, let key = entries.first?.key, key.isScalar else { return false }
    return patterns.contains { key.text.matches(glob: $0) }
  }
}
