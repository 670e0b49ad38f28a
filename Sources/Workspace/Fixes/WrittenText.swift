import ManifestFormats
import PortModel
import SourceText
import SourceYAML

/// A scalar that a finding points into, as it is written.
struct WrittenText {
  let text: EditableText
  /// What leaves out the entry of the list that the scalar lies in; nothing where more than characters would be left
  /// to decide.
  let withoutEntry: Edit?
  /// What binds an entry of ports in the long form to the loopback address, where the scalar is its host's port.
  let onLoopback: Edit?

  /// The scalars of a file that places lie in, and the places that lie in texts in quotes which are more than one value:
  /// what would mend a file does not mend what is written in one.
  static func at(
    _ places: [SourceRange], in file: SourceFile
  ) -> (scalars: [SourceRange: WrittenText], placesInTexts: Set<SourceRange>) {
    var search = Search(file: file, places: places.sorted())
    _ = readYAML(file, keepingCommentsWith: "portlint:") { search.visit($0.root, in: nil) }
    return (search.found, search.placesInTexts)
  }

  /// What stands at a place in the text; nothing for one beyond it.
  func text(at place: SourceRange) -> String? {
    part(place).map { String(decoding: text.text.utf8.dropFirst($0.lowerBound).prefix($0.count), as: UTF8.self) }
  }

  /// Another text at a place in the text, or in the place of all of it.
  func replaced(_ place: SourceRange, by other: String) -> Edit? {
    if place == text.whole { return text.replaced(0..<text.text.utf8.count, by: other) }
    return part(place).flatMap { text.replaced($0, by: other) }
  }

  private func part(_ place: SourceRange) -> Range<Int>? {
    guard text.place.contains(place) else { return nil }
    return Int(place.start - text.place.start)..<Int(place.end - text.place.start)
  }
}

/// Walks documents in the order of their text, beside the places that are looked for.
private struct Search {
  let file: SourceFile
  /// Sorted.
  let places: [SourceRange]
  var found: [SourceRange: WrittenText] = [:]
  var placesInTexts: Set<SourceRange> = []
  private var next = 0

  init(file: SourceFile, places: [SourceRange]) {
    self.file = file
    self.places = places
  }

  /// An item of a list, between its neighbours.
  struct Item {
    let whole: SourceRange
    let before: SourceRange?
    let behind: SourceRange?
  }

  /// A mapping's key, whose value is looked at.
  struct Field {
    let key: YAMLNode
    let mapping: YAMLNode
  }

  /// - Parameters:
  ///   - item: The innermost item that the node lies in.
  ///   - field: The key that the node is the value of.
  mutating func visit(_ node: YAMLNode, in item: Item?, of field: Field? = nil) {
    if next == places.count { return }
    switch node.kind {
    case .scalar: take(node, in: item, of: field)
    case .mapping:
      for entry in node.ownEntries {
        take(entry.key, in: item)
        visit(entry.value, in: item, of: Field(key: entry.key, mapping: node))
      }
    case .sequence:
      let items = node.ownItems
      let isWhole = items.count == node.count
      for (number, inner) in items.enumerated() {
        let before = number > 0 ? items[number - 1].range : nil
        let behind = number + 1 < items.count ? items[number + 1].range : nil
        visit(inner, in: isWhole ? Item(whole: inner.range, before: before, behind: behind) : nil)
      }
    }
  }

  private mutating func take(_ node: YAMLNode, in item: Item?, of field: Field? = nil) {
    guard node.isScalar, next < places.count, places[next].start < node.range.end else { return }
    let isTextInQuotes = node.isTextInQuotes
    let written = EditableText(node).map { text in
      WrittenText(
        text: text, withoutEntry: item.flatMap { file.without($0) }, onLoopback: field.flatMap { file.onLoopback($0) })
    }
    while next < places.count, places[next].start < node.range.end {
      defer { next += 1 }
      guard node.range.contains(places[next]) else { continue }
      if isTextInQuotes { placesInTexts.insert(places[next]) }
      found[places[next]] = written
    }
  }
}

extension YAMLNode {
  /// Whether a scalar in quotes is more than one value: a mapping, or lines.
  fileprivate var isTextInQuotes: Bool {
    guard style == .singleQuoted || style == .doubleQuoted else { return false }
    return zip(bytes, bytes.dropFirst()).contains { $0 == UInt8(ascii: ":") && $1 == 0x20 } || bytes.contains(0x0A)
      || bytes.contains(UInt8(ascii: "{"))
  }
}

extension SourceFile {
  /// The file with the loopback address beside a `published` of the long form.
  fileprivate func onLoopback(_ field: Search.Field) -> Edit? {
    guard field.key.isText("published"), !field.mapping.isShared else { return nil }
    if let address = field.mapping.ownEntries.first(where: { $0.key.isText("host_ip") })?.value {
      return EditableText(address)?.replaced(by: "127.0.0.1")
    }
    let start = field.key.range.offsets.lowerBound
    let place = SourceRange(file: id, start: start, end: start)
    let isQuoted = bytes[start] == UInt8(ascii: "\"")
    let entry = isQuoted ? "\"host_ip\": \"127.0.0.1\"" : "host_ip: 127.0.0.1"
    if bytes[field.mapping.range.offsets].first == UInt8(ascii: "{") {
      // Nothing, such as an anchor, may stand before the key.
      let sign = bytes[..<start].last { !$0.isBlank && !$0.endsLine }
      guard sign == UInt8(ascii: "{") || sign == UInt8(ascii: ",") else { return nil }
      return Edit(place, replacement: entry + ", ")
    }
    let line = bytes[..<start].lastIndex { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "-") }.map { $0 + 1 } ?? 0
    guard line == 0 || bytes[line - 1].endsLine else { return nil }
    let isCRLF = bytes[start...].drop { !$0.endsLine }.starts(with: [0x0D, 0x0A])
    let indent = String(repeating: " ", count: start - line)
    return Edit(place, replacement: entry + (isCRLF ? "\r\n" : "\n") + indent)
  }

  /// Where the line begins on which nothing but the dash of a list stands before an item. Only blanks are looked at: a
  /// file may be one line.
  private func startOfLine(ofItemAt start: Int) -> Int? {
    guard let dash = bytes[..<start].lastIndex(where: { !$0.isBlank }), bytes[dash] == UInt8(ascii: "-") else {
      return nil
    }
    let line = bytes[..<dash].lastIndex { !$0.isBlank }.map { $0 + 1 } ?? 0
    return line == 0 || bytes[line - 1].endsLine ? line : nil
  }

  /// Where the line ends on which nothing but a comment stands behind an item.
  private func endOfLine(behindItemTo end: Int) -> Int? {
    guard let next = bytes[end...].firstIndex(where: { !$0.isBlank }) else { return bytes.count }
    guard bytes[next].endsLine || bytes[next] == UInt8(ascii: "#") else { return nil }
    return bytes[next...].firstIndex(where: \.endsLine) ?? bytes.count
  }

  /// The file without an item of a list that has others, where it stands on one line.
  fileprivate func without(_ item: Search.Item) -> Edit? {
    if item.before == nil, item.behind == nil { return nil }
    let whole = item.whole.offsets
    if bytes[whole].contains(where: \.endsLine) { return nil }
    if let line = startOfLine(ofItemAt: whole.lowerBound), let end = endOfLine(behindItemTo: whole.upperBound) {
      // The line with its end; the last one with the end of the line before it.
      if end < bytes.count {
        let next = end + (bytes[end...].starts(with: [0x0D, 0x0A]) ? 2 : 1)
        return Edit(SourceRange(file: id, start: line, end: next), replacement: "")
      }
      let start = line - (bytes[..<line].suffix(2).elementsEqual([0x0D, 0x0A]) ? 2 : 1)
      return Edit(SourceRange(file: id, start: max(0, start), end: end), replacement: "")
    }
    let between: Range<Int>
    let removed: Range<Int>
    if let before = item.before?.offsets {
      between = before.upperBound..<whole.lowerBound
      removed = before.upperBound..<whole.upperBound
    } else if let behind = item.behind?.offsets {
      between = whole.upperBound..<behind.lowerBound
      removed = whole.lowerBound..<behind.lowerBound
    } else {
      return nil
    }
    // A comma between brackets, and no comment, anchor or tag.
    let signs = bytes[between].filter { !$0.isBlank && !$0.endsLine }
    guard signs == [UInt8(ascii: ",")] else { return nil }
    return Edit(SourceRange(file: id, start: removed.lowerBound, end: removed.upperBound), replacement: "")
  }
}
