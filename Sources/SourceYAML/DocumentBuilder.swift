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
    /// The bits of the mapping's scalar keys.
    var keyBits: UInt32 = 0
    /// How many further nodes the aliases inside stand for.
    var aliased = 0
    /// Whether a bracket of its own closes it.
    var isBracketed: Bool
    /// Whether its anchor's name is the last of those that are open.
    var hasAnchor = false

    /// Whether the next child is a mapping's key.
    var isKeyNext: Bool { isMapping && children & 1 == 0 }

    static let document = OpenCollection(index: .max, isMapping: false, firstKey: 0, isBracketed: false)
  }

  struct Anchor {
    var index: UInt32
    /// How many nodes an alias to it stands for; nothing while the node is open.
    var size: Int?
    var place: Range<Int>
  }

  private(set) var nodes: Arena<NodeRecord>
  private(set) var texts: [UInt8] = []
  private(set) var tags: [String] = []
  private(set) var duplicates: [(first: UInt32, second: UInt32)] = []
  /// The innermost collection that is open; one without a node stands for the document.
  private var innermost = OpenCollection.document
  /// The collections around it, the document's own first.
  private var outer = Arena<OpenCollection>(capacity: 16)
  /// The indices of the open mappings' scalar keys, the innermost mapping's last.
  private var keys = Arena<UInt32>(capacity: 64)
  /// The greatest end among the nodes so far of the innermost collection: where that one ends without a bracket.
  private var reached: UInt32 = 0
  private var anchors: [ExactText: Anchor] = [:]
  /// The nodes that aliases stand for, each once or more often.
  private var aliasedNodes: [UInt32] = []
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

  /// The nodes that aliases stand for, each with all below it: apart from one another, and in order.
  var shared: [Range<UInt32>] {
    var shared: [Range<UInt32>] = []
    // Of two that meet, one holds the other.
    for index in aliasedNodes.sorted() where shared.last.map({ index >= $0.upperBound }) ?? true {
      shared.append(index..<nodes[Int(index)].next)
    }
    return shared
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
    if !aliasedNodes.isEmpty { aliasedNodes.removeAll(keepingCapacity: true) }
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
    let index = UInt32(truncatingIfNeeded: nodes.count)
    var sum: UInt32 = 0
    if innermost.isKeyNext {
      keys.append(index)
      sum = NodeRecord.sum(of: text)
      innermost.keyBits |= NodeRecord.bit(of: sum)
    }
    add(
      NodeRecord(
        shape: .scalar, style: style, isVerbatim: place != nil, hasMerge: false,
        start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: end), next: index &+ 1,
        payload: UInt32(truncatingIfNeeded: place ?? texts.count), count: UInt32(truncatingIfNeeded: text.count),
        tag: -1, sum: sum))
    if place == nil { texts.append(contentsOf: text) }
  }

  /// Gives the scalar that was added last a tag and an anchor.
  mutating func describeLastScalar(_ text: UnsafeBufferPointer<UInt8>, tag: String?, anchor: AnchorName?) {
    let index = nodes.count - 1
    if let tag { add(tag) }
    if let anchor {
      // An alias may be a key.
      nodes[index].sum = NodeRecord.sum(of: text)
      define(anchor, at: UInt32(index), size: 1)
    }
  }

  /// Adds an alias; answers why it cannot be one, if so.
  mutating func appendAlias(
    to name: String, start: Int, end: Int, limits: YAMLLimits, file: FileID
  ) -> YAMLFailure.Reason? {
    guard let anchor = anchors[name.exact] else { return .undefinedAlias(name) }
    guard let size = anchor.size else {
      let place = SourceRange(file: file, start: anchor.place.lowerBound, end: anchor.place.upperBound)
      return .recursiveAlias(name, anchor: place)
    }
    aliased += size
    if aliased > limits.aliasedNodes { return .tooManyAliasedNodes(limit: limits.aliasedNodes) }
    if aliasedNodes.last != anchor.index { aliasedNodes.append(anchor.index) }
    let sum = nodes[Int(anchor.index)].sum
    if innermost.isKeyNext { innermost.keyBits |= NodeRecord.bit(of: sum) }
    _ = beginNode(.alias, start: start, end: end, payload: anchor.index, sum: sum)
    innermost.aliased += size
    return nil
  }

  /// Opens a collection; its children follow until `closeCollection`.
  mutating func openCollection(_ shape: NodeRecord.Shape, isBracketed: Bool, start: Int) {
    let index = beginNode(shape, start: start, end: start, payload: 0, sum: 0)
    outer.append(innermost)
    innermost = OpenCollection(
      index: index, isMapping: shape == .mapping, firstKey: keys.count, isBracketed: isBracketed)
    reached = UInt32(truncatingIfNeeded: start)
  }

  /// Gives the collection that was opened last a tag and an anchor.
  mutating func describeCollection(tag: String?, anchor: AnchorName?) {
    if let tag { add(tag) }
    if let anchor {
      define(anchor, at: innermost.index, size: nil)
      openAnchors.append(anchor.name)
      innermost.hasAnchor = true
    }
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
    nodes[index].payload = closing.keyBits
    nodes[index].end = reached
    self.reached = max(self.reached, reached)
    if closing.isMapping, keys.count > closing.firstKey {
      nodes[index].hasMerge = findDuplicates(from: closing.firstKey, source: source)
      keys.truncate(to: closing.firstKey)
    }
    // A node inside may have taken the name since: the later one counts.
    if closing.hasAnchor, let name = openAnchors.popLast(), anchors[name.exact]?.index == closing.index {
      anchors[name.exact]?.size = nodes.count - index + closing.aliased
    }
    innermost.aliased += closing.aliased
  }

  private mutating func beginNode(
    _ shape: NodeRecord.Shape, start: Int, end: Int, payload: UInt32, sum: UInt32
  ) -> UInt32 {
    let index = UInt32(truncatingIfNeeded: nodes.count)
    add(
      NodeRecord(
        shape: shape, style: .plain, isVerbatim: false, hasMerge: false, start: UInt32(truncatingIfNeeded: start),
        end: UInt32(truncatingIfNeeded: end), next: index &+ 1, payload: payload, count: 0, tag: -1, sum: sum))
    return index
  }

  /// Adds a node to the innermost collection. Offsets and numbers of nodes fit into 32 bits, as those of `SourceRange`.
  @inline(__always)
  private mutating func add(_ node: NodeRecord) {
    nodes.append(node)
    innermost.children &+= 1
    reached = max(reached, node.end)
  }

  /// Gives the node that was added last a tag.
  private mutating func add(_ tag: String) {
    nodes[nodes.count - 1].tag = Int32(tags.count)
    tags.append(tag)
    tagged += tag.utf8.count
  }

  private mutating func define(_ anchor: AnchorName, at index: UInt32, size: Int?) {
    anchors[anchor.name.exact] = Anchor(index: index, size: size, place: anchor.place)
  }
}

// MARK: - Long lists

/// A list of objects without its items.
struct ListEnvelope {
  let root: NodeRecord
  /// The index of the sequence of the items.
  let items: Int
  /// What stands behind the items, from the index on that it had.
  let tail: ArraySlice<NodeRecord>
  let texts: [UInt8]
}

extension DocumentBuilder {
  /// The items at the document's root that are open, if they are no part of a larger item.
  private func openItems(_ source: UnsafeBufferPointer<UInt8>) -> OpenCollection? {
    guard outer.count >= 2, outer[1].isMapping, outer[1].children & 1 == 0 else { return nil }
    let items = outer.count == 2 ? innermost : outer[2]
    let key = nodes[Int(items.index) - 1]
    guard !items.isMapping, key.shape == .scalar, text(of: key, source: source).elementsEqual("items".utf8) else {
      return nil
    }
    return items
  }

  /// The index of the items at the document's root, where more than a number of bytes of nodes stand in them, and less
  /// stands before them.
  func longItems(beyond size: Int, _ source: UnsafeBufferPointer<UInt8>) -> Int? {
    guard let items = openItems(source).map({ Int($0.index) }) else { return nil }
    let stride = MemoryLayout<NodeRecord>.stride
    return items * stride < size && (nodes.count - items) * stride > size ? items : nil
  }

  /// Whether an item has just ended, or none begun.
  var isBetweenItems: Bool { outer.count == 2 }

  /// What the document is without its items, at its end; nothing where it is more than a list of objects that stand for
  /// themselves.
  func envelope(of items: Int, _ source: UnsafeBufferPointer<UInt8>) -> ListEnvelope? {
    guard tags.isEmpty, anchors.isEmpty, outer.count == 0, items < nodes.count else { return nil }
    // Those items that came last may be there.
    let last = UInt32(items)..<nodes[items].next
    guard duplicates.allSatisfy({ last.contains($0.first) && last.contains($0.second) }) else { return nil }
    var kind: ArraySlice<UInt8> = []
    var version: ArraySlice<UInt8> = []
    var key = 1
    while key < nodes.count {
      let value = Int(nodes[key].next)
      guard nodes[key].shape == .scalar, value < nodes.count else { return nil }
      let name = text(of: nodes[key], source: source)
      if nodes[value].shape == .scalar {
        if name.elementsEqual("kind".utf8) { kind = text(of: nodes[value], source: source) }
        if name.elementsEqual("apiVersion".utf8) { version = text(of: nodes[value], source: source) }
      }
      key = Int(nodes[value].next)
    }
    guard !version.isEmpty, kind.suffix(4).elementsEqual("List".utf8) else { return nil }
    let tail = Array(nodes.all)[Int(last.upperBound)...]
    return ListEnvelope(root: nodes[0], items: items, tail: tail, texts: texts)
  }

  /// Ends the document behind the items that are complete, with what stands behind all of them.
  mutating func endList(of envelope: ListEnvelope) {
    let items = envelope.items
    nodes[items].next = UInt32(nodes.count)
    nodes[items].count = innermost.children
    nodes[items].end = reached
    let (tail, start) = (UInt32(envelope.tail.startIndex), UInt32(nodes.count))
    let firstText = UInt32(texts.count)
    texts += envelope.texts
    for var record in envelope.tail {
      record.next = record.next - tail + start
      if record.shape == .scalar, !record.isVerbatim { record.payload += firstText }
      nodes.append(record)
    }
    nodes[0] = envelope.root
    nodes[0].next = UInt32(nodes.count)
  }

  /// Leaves out the items so far.
  mutating func dropItems(behind items: Int) {
    let text = nodes.all[...items].last { $0.shape == .scalar && !$0.isVerbatim }
    texts.removeSubrange((text.map { Int($0.payload + $0.count) } ?? 0)...)
    nodes.truncate(to: items + 1)
    if !duplicates.isEmpty { duplicates.removeAll(keepingCapacity: true) }
    innermost.children = 0
    reached = nodes[items].start
  }
}

// MARK: - Keys

extension DocumentBuilder {
  private static let mergeSum = NodeRecord.sum(of: "<<")

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
    let (nodes, keys) = (self.nodes.all, self.keys.all)
    if keys.count - first > 16 { return findDuplicatesByHash(among: keys[first...], source: source) }
    var hasMerge = false
    for later in first..<keys.count {
      let sum = nodes[Int(keys[later])].sum
      if sum == DocumentBuilder.mergeSum, isMergeKey(keys[later], source: source) { hasMerge = true }
      for earlier in first..<later
      where nodes[Int(keys[earlier])].sum == sum && areEqual(keys[earlier], keys[later], source: source) {
        duplicates.append((keys[earlier], keys[later]))
        break
      }
    }
    return hasMerge
  }

  private mutating func findDuplicatesByHash(
    among keys: Slice<UnsafeBufferPointer<UInt32>>, source: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    var seen: [ArraySlice<UInt8>: UInt32] = [:]
    var hasMerge = false
    for key in keys {
      if isMergeKey(key, source: source) { hasMerge = true }
      let text = text(of: nodes[Int(key)], source: source)
      if let earlier = seen[text] { duplicates.append((earlier, key)) } else { seen[text] = key }
    }
    return hasMerge
  }
}
