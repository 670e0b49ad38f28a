import SourceText

/// Finds where parts of a scalar's text are written. Those that are asked for in their order cost one walk over the text.
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
    if record.isVerbatim {
      let start = Int(record.payload)
      return node.document.pointee.place(start + part.lowerBound, start + part.upperBound)
    }
    guard let found = find(part, in: record) else { return node.range }
    return node.document.pointee.place(found.lowerBound, found.upperBound)
  }

  private mutating func find(_ part: Range<Int>, in record: NodeRecord) -> Range<Int>? {
    let storage = node.document.pointee
    let text = UnsafeBufferPointer(start: storage.text(of: record), count: Int(record.count))
    let source = UnsafeBufferPointer(start: storage.source, count: Int(record.end))
    if inText == 0 || part.lowerBound < inText { (inText, inSource) = (0, record.startOfText(in: source)) }
    var found: Range<Int>?
    while inText < part.upperBound {
      if text[inText].isYAMLSpace {
        inText += 1
        continue
      }
      guard let character = WrittenCharacter(from: inSource, in: source, record.style),
        character.stands(in: text, at: inText)
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
}
