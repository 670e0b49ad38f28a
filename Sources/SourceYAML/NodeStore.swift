import SourceText

/// Documents that are kept beside one another, and nodes that are put together of theirs.
///
/// All that it gives points into its memory, and none of it may outlive it.
package final class NodeStore {
  /// How many nodes it holds.
  package private(set) var count = 0
  private var storages: [UnsafeMutablePointer<DocumentStorage>] = []
  private var memory: [UnsafeMutableRawPointer] = []

  package init() {}

  deinit {
    for storage in storages {
      storage.deinitialize(count: 1)
      storage.deallocate()
    }
    for part in memory { part.deallocate() }
  }

  /// The bytes of a file, kept.
  package struct Source {
    fileprivate let bytes: UnsafeBufferPointer<UInt8>
  }

  /// Keeps the bytes of a file.
  package func keep(_ file: SourceFile) -> Source {
    Source(bytes: file.bytes.withUnsafeBufferPointer { copy($0) })
  }

  /// Keeps a document of a file, and gives its root.
  package func keep(_ document: YAMLDocument, of source: Source) -> YAMLNode {
    let storage = document.storage.pointee
    let nodes = UnsafeBufferPointer(start: storage.nodes, count: Int(storage.nodes.pointee.next))
    let texts = UnsafeBufferPointer(start: storage.texts, count: storage.textCount)
    return root(
      copy(nodes), source.bytes.baseAddress, copy(texts), tags: storage.tags, file: storage.file, shared: storage.shared
    )
  }

  /// Makes a mapping, which stands where another does.
  package func mapping(_ entries: [YAMLEntry], like original: YAMLNode) -> YAMLNode {
    var bits: UInt32 = 0
    for entry in entries { bits |= NodeRecord.bit(of: entry.key.sum) }
    return collection(.mapping, of: entries.flatMap { [$0.key, $0.value] }, payload: bits, like: original)
  }

  /// Makes a sequence, which stands where another node does.
  package func sequence(_ items: [YAMLNode], like original: YAMLNode) -> YAMLNode {
    collection(.sequence, of: items, payload: 0, like: original)
  }

  /// Makes a scalar that says what another does, and stands where a third node does.
  package func scalar(_ original: YAMLNode, at place: YAMLNode) -> YAMLNode {
    guard original.isScalar, original.tag == nil else { return original }
    return text(original.text, style: original.style.isPlain ? .plain : .doubleQuoted, like: place)
  }

  /// Makes a scalar of a text, which stands where another node does.
  package func text(_ text: String, style: YAMLScalarStyle = .doubleQuoted, like original: YAMLNode) -> YAMLNode {
    let bytes = Array(text.utf8).withUnsafeBufferPointer { copy($0) }
    let (place, storage) = (original.record, original.document.pointee)
    let record = NodeRecord(
      shape: .scalar, style: style, isVerbatim: false, hasMerge: false, start: place.start, end: place.end,
      next: 1, payload: 0, count: UInt32(truncatingIfNeeded: bytes.count), tag: -1, sum: 0)
    return root([record].withUnsafeBufferPointer { copy($0) }, storage.source, bytes, file: storage.file)
  }

  private func collection(
    _ shape: NodeRecord.Shape, of children: [YAMLNode], payload: UInt32, like original: YAMLNode
  ) -> YAMLNode {
    let (place, storage) = (original.record, original.document.pointee)
    let end = UInt32(truncatingIfNeeded: children.count + 1)
    var records = [
      NodeRecord(
        shape: shape, style: .plain, isVerbatim: false, hasMerge: false, start: place.start, end: place.end, next: end,
        payload: payload, count: end - 1, tag: -1, sum: 0)
    ]
    for (number, child) in children.enumerated() {
      let number = UInt32(truncatingIfNeeded: number)
      records.append(
        NodeRecord(
          shape: .link, style: .plain, isVerbatim: false, hasMerge: false, start: place.start, end: place.end,
          next: number + 2, payload: number, count: 0, tag: -1, sum: child.sum))
    }
    let links = children.map { NodeLink(document: $0.lent, index: $0.index, arrival: $0.arrival) }
    return root(
      records.withUnsafeBufferPointer { copy($0) }, storage.source, UnsafeBufferPointer(start: nil, count: 0),
      file: storage.file, links: links.withUnsafeBufferPointer { copy($0) }.baseAddress)
  }

  private func root(
    _ nodes: UnsafeBufferPointer<NodeRecord>, _ source: UnsafePointer<UInt8>?, _ texts: UnsafeBufferPointer<UInt8>,
    tags: [String] = [], file: FileID, shared: [Range<UInt32>] = [], links: UnsafePointer<NodeLink>? = nil
  ) -> YAMLNode {
    count += nodes.count
    let first = nodes.baseAddress.unsafelyUnwrapped
    // What is empty has no address, and is never read.
    let nothing = UnsafeRawPointer(first).assumingMemoryBound(to: UInt8.self)
    let storage = UnsafeMutablePointer<DocumentStorage>.allocate(capacity: 1)
    storage.initialize(
      to: DocumentStorage(
        nodes: first, source: source ?? nothing, texts: texts.baseAddress ?? nothing, textCount: texts.count,
        tags: tags,
        file: file, duplicates: [], shared: shared, comments: [], links: links))
    storages.append(storage)
    return YAMLNode(resolving: 0, in: storage, arrival: -1)
  }

  private func copy<Element: BitwiseCopyable>(_ elements: UnsafeBufferPointer<Element>) -> UnsafeBufferPointer<Element>
  {
    guard !elements.isEmpty else { return UnsafeBufferPointer(start: nil, count: 0) }
    let copy = UnsafeMutableBufferPointer<Element>.allocate(capacity: elements.count)
    _ = copy.initialize(fromContentsOf: elements)
    memory.append(UnsafeMutableRawPointer(copy.baseAddress.unsafelyUnwrapped))
    return UnsafeBufferPointer(copy)
  }
}

extension YAMLNode {
  /// The sum of a scalar's text, by which it is found as a key.
  fileprivate var sum: UInt32 {
    let record = record
    guard record.shape == .scalar else { return 0 }
    return NodeRecord.sum(of: UnsafeBufferPointer(start: document.pointee.text(of: record), count: Int(record.count)))
  }
}

// MARK: - Documents in scalars

extension NodeStore {
  /// Keeps the documents that a scalar's text is, each node and each failure at its place in the file.
  package func keepDocuments(in scalar: YAMLNode) -> (roots: [YAMLNode], outcome: YAMLOutcome) {
    let storage = scalar.document.pointee
    let places = TextPlaces(of: scalar)
    var roots: [YAMLNode] = []
    let text = SourceFile(id: storage.file, path: "", contents: Array(scalar.bytes))
    var outcome = readYAML(text, keepingCommentsWith: "portlint:") { document in
      roots.append(keep(document, of: scalar, at: places))
    }
    outcome.move { places.range(of: $0, in: scalar) }
    return (roots, outcome)
  }

  private func keep(_ document: YAMLDocument, of scalar: YAMLNode, at places: TextPlaces) -> YAMLNode {
    let (inner, outer) = (document.storage.pointee, scalar.document.pointee)
    var texts = Array(UnsafeBufferPointer(start: inner.texts, count: inner.textCount))
    var nodes = Array(UnsafeBufferPointer(start: inner.nodes, count: Int(inner.nodes.pointee.next)))
    for index in nodes.indices {
      let record = nodes[index]
      (nodes[index].start, nodes[index].end) = places.range(record.start, record.end)
      guard record.shape == .scalar, record.isVerbatim else { continue }
      let text = UnsafeBufferPointer(start: inner.source + Int(record.payload), count: Int(record.count))
      if let start = places.start(ofVerbatim: record.payload), (outer.source + Int(start)).holds(text) {
        nodes[index].payload = start
      } else {
        nodes[index].isVerbatim = false
        nodes[index].payload = UInt32(truncatingIfNeeded: texts.count)
        texts += text
      }
    }
    return root(
      nodes.withUnsafeBufferPointer { copy($0) }, outer.source, texts.withUnsafeBufferPointer { copy($0) },
      tags: inner.tags, file: outer.file, shared: inner.shared)
  }
}

extension UnsafePointer<UInt8> {
  fileprivate func holds(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    UnsafeBufferPointer(start: self, count: text.count).elementsEqual(text)
  }
}

/// Where the characters of a scalar's text stand in its file.
private struct TextPlaces {
  private struct Line {
    var inText: Int
    var inSource: Int
  }

  /// The whole scalar, where its characters have no places of their own.
  private let whole: (start: UInt32, end: UInt32)
  private var lines: [Line] = []

  init(of scalar: YAMLNode) {
    let record = scalar.record
    whole = (record.start, record.end)
    if record.isVerbatim {
      lines = [Line(inText: 0, inSource: Int(record.payload))]
    } else if record.style == .literal {
      lines = TextPlaces.linesOfBlock(scalar)
    }
  }

  /// The lines of a literal block: as many as its text has, each behind the indentation of all.
  private static func linesOfBlock(_ scalar: YAMLNode) -> [Line] {
    let record = scalar.record
    let source = UnsafeBufferPointer(start: scalar.document.pointee.source, count: Int(record.end))
    var lines: [Line] = []
    var indentation: Int?
    var at = TextPlaces.endOfLine(source, from: Int(record.start))
    var inText = 0
    for text in scalar.bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
      let start = at + 1
      guard start <= source.count else { break }
      at = TextPlaces.endOfLine(source, from: start)
      let isBehindReturn = at > start && source[at - 1] == 0x0D
      let length = at - start - (isBehindReturn ? 1 : 0)
      if indentation == nil, !text.isEmpty { indentation = length - text.count }
      lines.append(Line(inText: inText, inSource: start + max(0, min(indentation ?? length, length))))
      inText += text.count + 1
    }
    return lines
  }

  private static func endOfLine(_ source: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    source[start...].firstIndex(of: 0x0A) ?? source.count
  }

  /// Where an offset in the text stands.
  private func offset(_ offset: UInt32) -> UInt32? {
    let behind = lines.indices.firstBehind { lines[$0].inText <= Int(offset) }
    guard behind > 0 else { return nil }
    let line = lines[behind - 1]
    return UInt32(truncatingIfNeeded: line.inSource + Int(offset) - line.inText)
  }

  func range(_ start: UInt32, _ end: UInt32) -> (start: UInt32, end: UInt32) {
    guard let first = offset(start), let last = offset(end), first <= last, last <= whole.end else { return whole }
    return (first, last)
  }

  /// Where a part of the text stands; parts of what is quoted or folded are looked for.
  func range(of part: SourceRange, in scalar: YAMLNode) -> SourceRange {
    guard lines.isEmpty else {
      let (start, end) = range(part.start, part.end)
      return SourceRange(file: part.file, start: Int(start), end: Int(end))
    }
    let end = min(Int(part.end), scalar.bytes.count)
    return part.start < end ? scalar.range(ofText: Int(part.start)..<end) : scalar.range
  }

  func start(ofVerbatim start: UInt32) -> UInt32? {
    offset(start)
  }
}
