import SourceText

/// The anchor of a node, and where it is written.
struct AnchorName {
  var name: String
  /// UTF-8 offsets in the source, from the `&` on.
  var place: Range<Int>
}

/// Gathers the nodes of one document, in the order of its text.
struct DocumentBuilder: ~Copyable {
  struct OpenCollection {
    var index: UInt32
    var isMapping: Bool
    /// Where the mapping's keys begin among `keys`.
    var firstKey: Int
    var children: UInt32 = 0
    /// How many further nodes the aliases inside stand for.
    var aliased = 0
    /// Whether a bracket of its own closes it.
    var isBracketed: Bool
    /// Whether its anchor's name is the last of those that are open.
    var hasAnchor: Bool

    static let document = OpenCollection(
      index: .max, isMapping: false, firstKey: 0, isBracketed: false, hasAnchor: false)
  }

  struct Anchor {
    var index: UInt32
    /// How many nodes an alias to it stands for; nothing while the node is open.
    var size: Int?
    var place: Range<Int>
  }

  /// A mapping's scalar key, with a sum over its text that tells most keys apart.
  struct Key {
    var index: UInt32
    var sum: UInt32
  }

  private(set) var nodes: Arena<NodeRecord>
  private(set) var texts: [UInt8] = []
  private(set) var tags: [String] = []
  private(set) var duplicates: [(first: UInt32, second: UInt32)] = []
  /// The innermost collection that is open; one without a node stands for the document.
  private var innermost = OpenCollection.document
  /// The collections around it, the document's own first.
  private var outer = Arena<OpenCollection>(capacity: 16)
  private var keys = Arena<Key>(capacity: 64)
  /// The greatest end among the nodes so far of the innermost collection: where that one ends without a bracket.
  private var reached: UInt32 = 0
  private var anchors: [String: Anchor] = [:]
  /// The names of the open collections' anchors: apart, since hardly any has one.
  private var openAnchors: [String] = []
  /// How many nodes all aliases so far stand for.
  private(set) var aliased = 0

  /// How many bytes all tags so far take.
  private var tagged = 0

  /// How many bytes the nodes and their tags take.
  var size: Int {
    nodes.count * MemoryLayout<NodeRecord>.stride + tagged
  }

  /// How deep the node that comes next is nested.
  var depth: Int {
    outer.count
  }

  /// - Parameter nodes: For how many nodes there is room at first.
  init(nodes: Int) {
    self.nodes = Arena(capacity: nodes)
  }

  /// Makes ready for the next document.
  mutating func reset() {
    // The document before this one is gone by now, and its storage serves again.
    nodes.truncate(to: 0)
    texts.removeAll(keepingCapacity: true)
    if !tags.isEmpty { tags.removeAll(keepingCapacity: true) }
    if !duplicates.isEmpty { duplicates.removeAll(keepingCapacity: true) }
    outer.truncate(to: 0)
    innermost = .document
    keys.truncate(to: 0)
    if !anchors.isEmpty { anchors.removeAll(keepingCapacity: true) }
    if !openAnchors.isEmpty { openAnchors = [] }
    aliased = 0
    tagged = 0
    reached = 0
  }

  /// Adds a scalar.
  ///
  /// - Parameter place: The offset in the source at which the text stands as it is; nothing where it does not.
  mutating func appendScalar(
    _ text: UnsafeBufferPointer<UInt8>, style: YAMLScalarStyle, start: Int, end: Int, verbatimAt place: Int?
  ) {
    if innermost.isMapping, innermost.children & 1 == 0 {
      keys.append(Key(index: UInt32(nodes.count), sum: DocumentBuilder.sum(of: text)))
    }
    innermost.children += 1
    reached = max(reached, UInt32(end))
    nodes.append(
      NodeRecord(
        shape: .scalar, style: style, isVerbatim: place != nil, hasMerge: false, start: UInt32(start),
        end: UInt32(end), next: UInt32(nodes.count) + 1, payload: UInt32(place ?? texts.count),
        count: UInt32(text.count), tag: -1))
    if place == nil { texts.append(contentsOf: text) }
  }

  /// Gives the scalar that was added last a tag and an anchor.
  mutating func describeLastScalar(tag: String?, anchor: AnchorName?) {
    if let tag {
      nodes[nodes.count - 1].tag = Int32(tags.count)
      add(tag)
    }
    if let anchor { define(anchor, at: UInt32(nodes.count - 1), size: 1) }
  }

  /// Adds an alias; answers why it cannot be one, if so.
  mutating func appendAlias(
    to name: String, start: Int, end: Int, limits: YAMLLimits, file: FileID
  ) -> YAMLFailure.Reason? {
    guard let anchor = anchors[name] else { return .undefinedAlias(name) }
    guard let size = anchor.size else {
      let place = SourceRange(file: file, start: anchor.place.lowerBound, end: anchor.place.upperBound)
      return .recursiveAlias(name, anchor: place)
    }
    aliased += size
    if aliased > limits.aliasedNodes { return .tooManyAliasedNodes(limit: limits.aliasedNodes) }
    _ = beginNode(
      .alias, style: .plain, start: start, end: end, payload: Int(anchor.index), count: 0, isVerbatim: false, tag: nil)
    innermost.aliased += size
    return nil
  }

  /// Opens a collection; its children follow until `closeCollection`.
  mutating func openCollection(
    _ shape: NodeRecord.Shape, isBracketed: Bool, start: Int, tag: String?, anchor: AnchorName?
  ) {
    let index = beginNode(
      shape, style: .plain, start: start, end: start, payload: 0, count: 0, isVerbatim: false, tag: tag)
    if let anchor {
      define(anchor, at: index, size: nil)
      openAnchors.append(anchor.name)
    }
    outer.append(innermost)
    innermost = OpenCollection(
      index: index, isMapping: shape == .mapping, firstKey: keys.count, isBracketed: isBracketed,
      hasAnchor: anchor != nil)
    reached = UInt32(start)
  }

  /// Closes the innermost collection, which ends at `end` if a bracket closes it, else with its last child.
  mutating func closeCollection(end: Int, source: UnsafeBufferPointer<UInt8>) {
    guard let around = outer.popLast() else { return }
    let closing = innermost
    innermost = around
    let index = Int(closing.index)
    let reached = closing.isBracketed ? UInt32(end) : reached
    nodes[index].next = UInt32(nodes.count)
    nodes[index].count = closing.children
    nodes[index].end = reached
    self.reached = max(self.reached, reached)
    if closing.isMapping, keys.count > closing.firstKey {
      nodes[index].hasMerge = findDuplicates(from: closing.firstKey, source: source)
      keys.truncate(to: closing.firstKey)
    }
    // A node inside may have taken the name since: the later one counts.
    if closing.hasAnchor, let name = openAnchors.popLast(), anchors[name]?.index == closing.index {
      anchors[name]?.size = nodes.count - index + closing.aliased
    }
    innermost.aliased += closing.aliased
  }

  private mutating func beginNode(
    _ shape: NodeRecord.Shape, style: YAMLScalarStyle, start: Int, end: Int, payload: Int, count: Int,
    isVerbatim: Bool, tag: String?
  ) -> UInt32 {
    let index = UInt32(nodes.count)
    var tagIndex: Int32 = -1
    if let tag {
      tagIndex = Int32(tags.count)
      add(tag)
    }
    nodes.append(
      NodeRecord(
        shape: shape, style: style, isVerbatim: isVerbatim, hasMerge: false, start: UInt32(start), end: UInt32(end),
        next: index + 1, payload: UInt32(payload), count: UInt32(count), tag: tagIndex))
    innermost.children += 1
    reached = max(reached, UInt32(end))
    return index
  }

  private mutating func add(_ tag: String) {
    tags.append(tag)
    tagged += tag.utf8.count
  }

  private mutating func define(_ anchor: AnchorName, at index: UInt32, size: Int?) {
    anchors[anchor.name] = Anchor(index: index, size: size, place: anchor.place)
  }
}

// MARK: - Keys

extension DocumentBuilder {
  /// FNV-1a in 32 bits: unequal sums are unequal texts.
  private static func sum(of text: UnsafeBufferPointer<UInt8>) -> UInt32 {
    var sum: UInt32 = 0x811C_9DC5
    guard let start = text.baseAddress else { return sum }
    for offset in 0..<text.count { sum = (sum ^ UInt32(start[offset])) &* 0x0100_0193 }
    return sum
  }

  private static let mergeSum: UInt32 = {
    let text: StaticString = "<<"
    return text.withUTF8Buffer { sum(of: $0) }
  }()

  private func isMergeKey(_ index: UInt32, source: UnsafeBufferPointer<UInt8>) -> Bool {
    let record = nodes[Int(index)]
    guard record.style == .plain, record.count == 2 else { return false }
    guard record.tag < 0 || tagsOfMergeKeys.contains(tags[Int(record.tag)]) else { return false }
    return text(of: record, source: source).allSatisfy { $0 == UInt8(ascii: "<") }
  }

  private func text(of record: NodeRecord, source: UnsafeBufferPointer<UInt8>) -> ArraySlice<UInt8> {
    let range = Int(record.payload)..<Int(record.payload) + Int(record.count)
    return record.isVerbatim ? ArraySlice(source[range]) : texts[range]
  }

  private func areEqual(_ a: UInt32, _ b: UInt32, source: UnsafeBufferPointer<UInt8>) -> Bool {
    let a = nodes[Int(a)]
    let b = nodes[Int(b)]
    guard a.count == b.count else { return false }
    for offset in 0..<Int(a.count) {
      let left = a.isVerbatim ? source[Int(a.payload) + offset] : texts[Int(a.payload) + offset]
      let right = b.isVerbatim ? source[Int(b.payload) + offset] : texts[Int(b.payload) + offset]
      if left != right { return false }
    }
    return true
  }

  /// Notes each key from `first` on that stands a second time; small mappings pairwise, large ones by hash.
  ///
  /// - Returns: Whether one of the keys merges.
  private mutating func findDuplicates(from first: Int, source: UnsafeBufferPointer<UInt8>) -> Bool {
    let isLarge = keys.count - first > 16
    var seen: [ArraySlice<UInt8>: UInt32] = [:]
    var hasMerge = false
    for later in first..<keys.count {
      let key = keys[later]
      if key.sum == DocumentBuilder.mergeSum, isMergeKey(key.index, source: source) { hasMerge = true }
      if isLarge {
        let text = text(of: nodes[Int(key.index)], source: source)
        if let earlier = seen[text] { duplicates.append((earlier, key.index)) } else { seen[text] = key.index }
        continue
      }
      for earlier in first..<later
      where keys[earlier].sum == key.sum && areEqual(keys[earlier].index, key.index, source: source) {
        duplicates.append((keys[earlier].index, key.index))
        break
      }
    }
    return hasMerge
  }
}
