import PortModel
import SourceText
import SourceYAML

/// A scalar of a Compose file as Compose sees it: resolved, its variables replaced, every part with its place.
struct ComposeText {
  let node: YAMLNode
  let text: InterpolatedText
  /// Whether offsets in the text are offsets in the scalar.
  private let isMapped: Bool

  /// The scalar was resolved to a number and stands for its decimal digits.
  init(_ node: YAMLNode, number: Int) {
    self.node = node
    let digits = Array("\(number)".utf8)
    isMapped = node.bytes.elementsEqual(digits)
    text = InterpolatedText(verbatim: digits)
  }

  /// The scalar is text.
  init(_ node: YAMLNode, environment: Variables, isPort: Bool = false) throws(InterpolatedText.Invalid) {
    self.node = node
    isMapped = true
    text = try InterpolatedText(node.bytes, environment: environment, isPort: isPort)
  }

  var bytes: [UInt8] {
    text.bytes
  }

  /// What the text says; an open variable says nothing.
  var value: ManifestText {
    let whole = 0..<bytes.count
    let value = String(decoding: text.whenUnset, as: UTF8.self)
    return ManifestText(value, written: text.isFromEnvironment(whole) ? written(whole) : nil)
  }

  /// What people are shown of a part: an open variable shows as nothing, and what a file of variables says as it is
  /// written.
  func shown(_ part: Range<Int>) -> String {
    if text.isFromEnvironment(part) { return written(part) }
    return String(decoding: bytes[part].filter { $0 != InterpolatedText.unknown }, as: UTF8.self)
  }

  /// Whether the text is a word, whoever says it.
  func isWord(_ word: StaticString) -> Bool {
    value.value == "\(word)"
  }

  /// Whether all of the text is known.
  var isKnown: Bool {
    text.openVariables.isEmpty
  }

  /// Whether the text is the scalar's own, byte for byte.
  var isWrittenAsItReads: Bool {
    isKnown && bytes.elementsEqual(node.bytes)
  }

  /// What tells the text from others of its kind, known or not. No message may hold it.
  var keyText: String {
    isKnown ? value.value : written
  }

  /// Where the text is written.
  var place: SourceRange {
    place(of: 0..<bytes.count)
  }

  /// The text as it is written, variables and all.
  var written: String {
    written(0..<bytes.count)
  }

  /// Where a part is written.
  func place(of part: Range<Int>) -> SourceRange {
    var finder = PartFinder(node)
    return place(of: part, &finder)
  }

  /// Where a part is written.
  ///
  /// - Parameter finder: What has found the parts before it.
  func place(of part: Range<Int>, _ finder: inout PartFinder) -> SourceRange {
    guard isMapped else { return node.range }
    if part.isEmpty, bytes.isEmpty { return node.range }
    return finder.range(of: text.source(of: part))
  }

  /// A part as it is written, variables and all.
  func written(_ part: Range<Int>) -> String {
    guard isMapped else { return node.text }
    let source = text.source(of: part)
    let start = node.bytes.startIndex
    return String(decoding: node.bytes[start + source.lowerBound..<start + source.upperBound], as: UTF8.self)
  }
}
