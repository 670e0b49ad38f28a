import SourceText

/// The anchor of a node, and where it is written.
struct AnchorName {
  var name: String
  /// UTF-8 offsets in the source, from the `&` on.
  var place: Range<Int>
}

/// Gathers the nodes of one document, in the order of its text.
struct DocumentBuilder {
  private struct OpenCollection {
    var index: UInt32
    /// Where the mapping's keys begin among `keys`.
    var firstKey: Int
    var children: UInt32 = 0
    /// How many further nodes the aliases inside stand for.
    var aliased = 0
    /// Whether a bracket of its own closes it.
    var isBracketed: Bool
    var anchor: AnchorName?
  }

  private struct Anchor {
    var index: UInt32
    /// How many nodes an alias to it stands for; nothing while the node is open.
    var size: Int?
    var place: Range<Int>
  }

  private(set) var nodes: [NodeRecord] = []
  private(set) var texts: [UInt8] = []
  private(set) var tags: [String] = []
  private(set) var duplicates: [(first: UInt32, second: UInt32)] = []
  private var open: [OpenCollection] = []
  private var keys: [UInt32] = []
  private var anchors: [String: Anchor] = [:]
  /// How many nodes all aliases so far stand for.
  private(set) var aliased = 0

  /// How deep the node that comes next is nested.
  var depth: Int {
    open.count
  }

  /// Makes ready for the next document.
  mutating func reset() {
    let expected = nodes.count
    nodes = []
    nodes.reserveCapacity(min(expected, 4096))
    texts = []
    tags = []
    duplicates = []
    open.removeAll(keepingCapacity: true)
    keys.removeAll(keepingCapacity: true)
    anchors.removeAll(keepingCapacity: true)
    aliased = 0
  }

  /// Adds a scalar whose text stands in the source from `textStart` on.
  mutating func appendScalar(
    style: YAMLScalarStyle, start: Int, end: Int, verbatimAt textStart: Int, length: Int, tag: String?,
    anchor: AnchorName?
  ) {
    let index = beginNode(
      .scalar, style: style, start: start, end: end, payload: textStart, count: length, isVerbatim: true, tag: tag)
    define(anchor, at: index, size: 1)
  }

  /// Adds a scalar whose text is not a slice of the source.
  mutating func appendScalar(
    style: YAMLScalarStyle, start: Int, end: Int, text: UnsafeBufferPointer<UInt8>, tag: String?, anchor: AnchorName?
  ) {
    let index = beginNode(
      .scalar, style: style, start: start, end: end, payload: texts.count, count: text.count, isVerbatim: false,
      tag: tag)
    texts.append(contentsOf: text)
    define(anchor, at: index, size: 1)
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
    if !open.isEmpty { open[open.count - 1].aliased += size }
    return nil
  }

  /// Opens a collection; its children follow until `closeCollection`.
  mutating func openCollection(
    _ shape: NodeRecord.Shape, isBracketed: Bool, start: Int, tag: String?, anchor: AnchorName?
  ) {
    let index = beginNode(
      shape, style: .plain, start: start, end: start, payload: 0, count: 0, isVerbatim: false, tag: tag)
    define(anchor, at: index, size: nil)
    open.append(OpenCollection(index: index, firstKey: keys.count, isBracketed: isBracketed, anchor: anchor))
  }

  /// Closes the innermost collection, which ends at `end` if a bracket closes it, else with its last child.
  mutating func closeCollection(end: Int, source: UnsafeBufferPointer<UInt8>) {
    guard let closing = open.popLast() else { return }
    let index = Int(closing.index)
    nodes[index].next = UInt32(nodes.count)
    nodes[index].count = closing.children
    if closing.isBracketed { nodes[index].end = UInt32(end) }
    if nodes[index].shape == .mapping {
      findDuplicates(from: closing.firstKey, source: source)
      nodes[index].hasMerge = keys[closing.firstKey...].contains { isMergeKey($0, source: source) }
      keys.removeSubrange(closing.firstKey...)
    }
    // A node inside may have taken the name since: the later one counts.
    if let name = closing.anchor?.name, anchors[name]?.index == closing.index {
      anchors[name]?.size = nodes.count - index + closing.aliased
    }
    if let parent = open.indices.last {
      open[parent].aliased += closing.aliased
      extendParent(to: nodes[index].end)
    }
  }

  private mutating func beginNode(
    _ shape: NodeRecord.Shape, style: YAMLScalarStyle, start: Int, end: Int, payload: Int, count: Int,
    isVerbatim: Bool, tag: String?
  ) -> UInt32 {
    let index = UInt32(nodes.count)
    var tagIndex: Int32 = -1
    if let tag {
      tagIndex = Int32(tags.count)
      tags.append(tag)
    }
    nodes.append(
      NodeRecord(
        shape: shape, style: style, isVerbatim: isVerbatim, hasMerge: false, start: UInt32(start), end: UInt32(end),
        next: index + 1, payload: UInt32(payload), count: UInt32(count), tag: tagIndex))
    if let parent = open.indices.last {
      if nodes[Int(open[parent].index)].shape == .mapping, open[parent].children % 2 == 0 { keys.append(index) }
      open[parent].children += 1
      extendParent(to: UInt32(end))
    }
    return index
  }

  private mutating func extendParent(to end: UInt32) {
    guard let parent = open.last else { return }
    nodes[Int(parent.index)].end = max(nodes[Int(parent.index)].end, end)
  }

  private mutating func define(_ anchor: AnchorName?, at index: UInt32, size: Int?) {
    guard let anchor else { return }
    anchors[anchor.name] = Anchor(index: index, size: size, place: anchor.place)
  }
}

// MARK: - Keys

extension DocumentBuilder {
  private func isMergeKey(_ index: UInt32, source: UnsafeBufferPointer<UInt8>) -> Bool {
    let record = nodes[Int(index)]
    guard record.shape == .scalar, record.style == .plain, record.count == 2 else { return false }
    guard record.tag < 0 || tagsOfMergeKeys.contains(tags[Int(record.tag)]) else { return false }
    return text(of: record, source: source).allSatisfy { $0 == UInt8(ascii: "<") }
  }

  private func text(of record: NodeRecord, source: UnsafeBufferPointer<UInt8>) -> ArraySlice<UInt8> {
    let range = Int(record.payload)..<Int(record.payload) + Int(record.count)
    return record.isVerbatim ? ArraySlice(source[range]) : texts[range]
  }

  private func areEqual(_ a: NodeRecord, _ b: NodeRecord, source: UnsafeBufferPointer<UInt8>) -> Bool {
    guard a.count == b.count else { return false }
    for offset in 0..<Int(a.count) {
      let left = a.isVerbatim ? source[Int(a.payload) + offset] : texts[Int(a.payload) + offset]
      let right = b.isVerbatim ? source[Int(b.payload) + offset] : texts[Int(b.payload) + offset]
      if left != right { return false }
    }
    return true
  }

  /// Notes each key from `first` on that stands a second time; small mappings pairwise, large ones by hash.
  private mutating func findDuplicates(from first: Int, source: UnsafeBufferPointer<UInt8>) {
    let scalars = keys[first...].filter { nodes[Int($0)].shape == .scalar }
    if scalars.count <= 16 {
      for (position, later) in scalars.enumerated() {
        let record = nodes[Int(later)]
        let earlier = scalars[..<position].first { areEqual(nodes[Int($0)], record, source: source) }
        if let earlier { duplicates.append((earlier, later)) }
      }
    } else {
      var seen: [ArraySlice<UInt8>: UInt32] = [:]
      for key in scalars {
        let text = text(of: nodes[Int(key)], source: source)
        if let earlier = seen[text] { duplicates.append((earlier, key)) } else { seen[text] = key }
      }
    }
  }
}
