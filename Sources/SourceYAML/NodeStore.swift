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
      copy(nodes), source.bytes.baseAddress, copy(texts), like: storage, tags: storage.tags, shared: storage.shared)
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
    return root([record].withUnsafeBufferPointer { copy($0) }, storage.source, bytes, like: storage)
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
      like: storage, links: links.withUnsafeBufferPointer { copy($0) }.baseAddress)
  }

  private func root(
    _ nodes: UnsafeBufferPointer<NodeRecord>, _ source: UnsafePointer<UInt8>?, _ texts: UnsafeBufferPointer<UInt8>,
    like original: DocumentStorage, tags: [String] = [], shared: [Range<UInt32>] = [],
    links: UnsafePointer<NodeLink>? = nil
  ) -> YAMLNode {
    count += nodes.count
    let first = nodes.baseAddress.unsafelyUnwrapped
    // What is empty has no address, and is never read.
    let nothing = UnsafeRawPointer(first).assumingMemoryBound(to: UInt8.self)
    let storage = UnsafeMutablePointer<DocumentStorage>.allocate(capacity: 1)
    storage.initialize(
      to: DocumentStorage(
        nodes: first, source: source ?? nothing, texts: texts.baseAddress ?? nothing, textCount: texts.count,
        tags: tags, file: original.file, duplicates: [], shared: shared, comments: [], isContinued: false,
        places: original.places,
        links: links))
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
    let places = TextPlaces(of: scalar)
    let text = EmbeddedText(Array(scalar.bytes), in: scalar.document.pointee.file) { places.range(of: $0) }
    let source = keep(text.file)
    var roots: [YAMLNode] = []
    let outcome = text.read(keepingCommentsWith: "portlint:") { roots.append(keep($0, of: source)) }
    return (roots, outcome)
  }
}
