import SourceText
import SourceYAML

/// The text of a scalar with the defaults of its placeholders in their places, each character still known by where it
/// is written.
struct ReadText {
  let node: YAMLNode
  let bytes: [UInt8]
  /// Where each byte stands in what is written; nothing where that is the text itself.
  private let offsets: [Int]?

  /// A text as it is written.
  init(_ node: YAMLNode) {
    self.init(node, bytes: Array(node.bytes), offsets: nil)
  }

  private init(_ node: YAMLNode, bytes: [UInt8], offsets: [Int]?) {
    self.node = node
    self.bytes = bytes
    self.offsets = offsets
  }

  /// - Parameter marks: What encloses a name and a default.
  init(_ node: YAMLNode, defaultedBy marks: [DeclaredFormat.DefaultMark]) {
    guard !marks.isEmpty, node.isOpen else {
      self.init(node)
      return
    }
    var reader = DefaultedText(Array(node.bytes), marks)
    reader.read()
    self.init(node, bytes: reader.output, offsets: reader.offsets)
  }

  /// Whether the text is what stands there.
  var isAsWritten: Bool { offsets == nil }

  var text: String { text(bytes.indices) }

  /// Where all of it is written.
  var range: SourceRange { isAsWritten ? node.textRange : range(bytes.indices) }

  func text(_ part: Range<Int>) -> String {
    String(decoding: bytes[part], as: UTF8.self)
  }

  /// What is written in the place of a part, placeholders and all.
  func written(_ part: Range<Int>) -> String {
    guard let offsets, let first = part.first, let last = part.last else { return text(part) }
    return String(decoding: Array(node.bytes)[offsets[first]..<offsets[last] + 1], as: UTF8.self)
  }

  /// Where a part of it is written.
  func range(_ part: Range<Int>) -> SourceRange {
    guard let offsets else { return node.range(ofText: part) }
    guard let first = part.first, let last = part.last else { return node.textRange }
    return node.range(ofText: offsets[first]..<offsets[last] + 1)
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
