import PortModel
import SourceText
import SourceYAML

/// The literal blocks of a file that may be documents of declared formats: the files that a ConfigMap or a Compose file
/// holds.
struct EmbeddedDocuments {
  private let file: SourceFile
  private var blocks: [Block] = []

  private struct Block {
    /// What the block is the content of.
    let name: String
    /// From the sign that opens the block to its end.
    let range: SourceRange
  }

  init(file: SourceFile) {
    self.file = file
  }

  var isEmpty: Bool { blocks.isEmpty }

  /// Looks for blocks in one of Kubernetes' objects.
  mutating func look(intoObject root: YAMLNode, _ formats: FormatTable) {
    if root.value("kind")?.isText("ConfigMap") == true {
      for entry in root.entries(of: "data") where entry.key.text.mayNameYAML {
        add(entry.value, named: entry.key.text, formats)
      }
    }
  }

  /// Looks for blocks in a Compose file.
  mutating func look(intoConfigsOf root: YAMLNode, _ formats: FormatTable) {
    for entry in root.entries(of: "configs") {
      if let content = entry.value.value("content") { add(content, named: entry.key.text, formats) }
    }
  }

  private mutating func add(_ node: YAMLNode, named name: String, _ formats: FormatTable) {
    // What is quoted or folded has other lines than it is written in; an alias leads to what is read where it stands.
    guard node.isScalar, node.style == .literal, node.alias == nil, node.range.file == file.id else { return }
    let bytes = file.bytes[Int(node.range.start)..<Int(node.range.end)]
    guard bytes.withUnsafeBufferPointer({ formats.mayBeEmbedded(in: $0, named: name) }) else { return }
    blocks.append(Block(name: name, range: node.range))
  }

  /// Lends each document of the blocks with the name of its block; what is no YAML is passed over.
  func lend(to body: (YAMLDocument, String) -> Void) {
    if blocks.isEmpty { return }
    let blocks = blocks.sorted { $0.range.start < $1.range.start }
    var next = 0
    _ = readYAML(stream(of: blocks), keepingCommentsWith: "portlint:", passingOver: { _ in false }) { document in
      let start = document.root.range.start
      while next + 1 < blocks.count, blocks[next + 1].range.start <= start { next += 1 }
      body(document, blocks[next].name)
    }
  }

  /// The blocks as one stream of documents, each character in its place, and spaces for all others.
  private func stream(of blocks: [Block]) -> SourceFile {
    var text = file.bytes.map { $0.isLineEnd ? $0 : 0x20 }
    for block in blocks {
      let (start, end) = (Int(block.range.start), Int(block.range.end))
      writeMarker(at: file.bytes[..<start].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0, in: &text)
      let lines = file.lines(of: start..<end)
      let indentation = lines.compactMap { file.indentation(of: $0) }.min() ?? 0
      for line in lines where line.count >= indentation {
        let content = line.lowerBound + indentation..<line.upperBound
        if file.isMarker("---", content) {
          writeMarker(at: line.lowerBound, in: &text)
          text.replaceSubrange(content.dropFirst(3).clamped(to: content), with: file.bytes[content.dropFirst(3)])
        } else if !file.isMarker("...", content), file.bytes[content].first != UInt8(ascii: "%") {
          text.replaceSubrange(content, with: file.bytes[content])
        }
      }
    }
    return SourceFile(id: file.id, path: file.path, shownAs: file.shownPath, contents: text)
  }

  private func writeMarker(at start: Int, in text: inout [UInt8]) {
    for offset in start..<min(start + 3, text.count) { text[offset] = UInt8(ascii: "-") }
  }
}

extension String {
  /// Whether a file of that name may be YAML: it has that ending, or none.
  fileprivate var mayNameYAML: Bool {
    guard let dot = lastIndex(of: ".") else { return true }
    return ["yml", "yaml"].contains(self[index(after: dot)...].lowercased())
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Whether a literal block opens in a text under a key that a file of YAML may be called. O(*n*).
  var holdsBlockOfYAML: Bool {
    var from = 0
    while let hit = firstOffset(of: UInt8(ascii: "|"), from: from) {
      from = hit + 1
      guard hit > 2, self[hit - 1] == 0x20, self[hit - 2] == UInt8(ascii: ":") else { continue }
      var start = hit - 2
      while start > 0, !self[start - 1].isLineEnd, self[start - 1] != 0x20 { start -= 1 }
      let key = self[start..<hit - 2].filter { $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "'") }
      if String(decoding: key, as: UTF8.self).mayNameYAML { return true }
    }
    return false
  }
}

extension SourceFile {
  /// The lines behind the one that a block opens in, without what ends them.
  fileprivate func lines(of block: Range<Int>) -> [Range<Int>] {
    var lines: [Range<Int>] = []
    var at = bytes[block].firstIndex(of: 0x0A).map { $0 + 1 } ?? block.upperBound
    while at < block.upperBound {
      let end = bytes[at..<block.upperBound].firstIndex(of: 0x0A) ?? block.upperBound
      lines.append(at..<(end > at && bytes[end - 1] == 0x0D ? end - 1 : end))
      at = end + 1
    }
    return lines
  }

  /// How far a line is indented; nothing for an empty one.
  fileprivate func indentation(of line: Range<Int>) -> Int? {
    bytes[line].firstIndex { $0 != 0x20 }.map { $0 - line.lowerBound }
  }

  /// Whether a line is one that begins or ends a document.
  fileprivate func isMarker(_ marker: String, _ line: Range<Int>) -> Bool {
    let text = bytes[line]
    return text.starts(with: marker.utf8) && text.dropFirst(3).first.map { $0 == 0x20 || $0 == 0x09 } ?? true
  }
}

extension UInt8 {
  fileprivate var isLineEnd: Bool { self == 0x0A || self == 0x0D }
}
