import SourceText

/// A node of a document, and the way it was reached.
///
/// Aliases never show as nodes: whoever asks for a child that is an alias gets its target, which remembers the alias
/// it was reached through.
@frozen
public struct YAMLNode {
  @usableFromInline let lent: LentPointer<DocumentStorage>
  @usableFromInline let index: UInt32
  /// The index of the outermost alias on the way here, or -1.
  @usableFromInline let arrival: Int32

  @inlinable
  init(resolving index: UInt32, in document: UnsafePointer<DocumentStorage>, arrival: Int32) {
    var index = index
    var arrival = arrival
    let nodes = document.pointee.nodes
    while nodes[Int(index)].shape == .alias {
      if arrival < 0 { arrival = Int32(bitPattern: index) }
      index = nodes[Int(index)].payload
    }
    if nodes[Int(index)].shape == .link, let links = document.pointee.links {
      let link = links[Int(nodes[Int(index)].payload)]
      lent = link.document
      self.index = link.index
      self.arrival = link.arrival
      return
    }
    lent = LentPointer(document)
    self.index = index
    self.arrival = arrival
  }

  @inlinable
  var document: UnsafePointer<DocumentStorage> { lent.pointer }

  @inlinable
  var record: NodeRecord {
    document.pointee.nodes[Int(index)]
  }

  /// What the node is.
  @inlinable
  public var kind: YAMLKind {
    switch record.shape {
    case .sequence: .sequence
    case .mapping: .mapping
    case .scalar, .alias, .link: .scalar
    }
  }

  /// Whether the node is a scalar.
  @inlinable
  public var isScalar: Bool { kind == .scalar }
  /// Whether the node is a sequence.
  @inlinable
  public var isSequence: Bool { kind == .sequence }
  /// Whether the node is a mapping.
  @inlinable
  public var isMapping: Bool { kind == .mapping }

  /// Where the node is written: a scalar with its quotes, a collection up to its last child.
  @inlinable
  public var range: SourceRange {
    let record = record
    return document.pointee.place(Int(record.start), Int(record.end))
  }

  /// The alias through which the node was reached, the outermost if there were several.
  @inlinable
  public var alias: SourceRange? {
    guard arrival >= 0 else { return nil }
    let record = document.pointee.nodes[Int(arrival)]
    return document.pointee.place(Int(record.start), Int(record.end))
  }

  /// The tag as libyaml expands it (`!!str` is `tag:yaml.org,2002:str`), if one is written.
  @inlinable
  public var tag: String? {
    let tag = record.tag
    return tag < 0 ? nil : document.pointee.tags[Int(tag)]
  }

  /// Whether a tag is written.
  @inlinable
  public var hasTag: Bool { record.tag >= 0 }

  /// Whether both are the same node of the document, however they were reached.
  package func isSameNode(as other: YAMLNode) -> Bool {
    document == other.document && index == other.index
  }
}

// MARK: - Scalars

extension YAMLNode {
  /// How a scalar was written; `plain` for collections.
  @inlinable
  public var style: YAMLScalarStyle {
    record.style
  }

  /// A scalar's text, quotes and escapes resolved; empty for collections. Its indices count from 0.
  @inlinable
  public var bytes: YAMLText {
    let record = record
    guard record.shape == .scalar else { return YAMLText(base: document.pointee.source, count: 0) }
    return YAMLText(base: document.pointee.text(of: record), count: Int(record.count))
  }

  /// A scalar's text; empty for collections.
  package var text: String {
    let record = record
    guard record.shape == .scalar else { return "" }
    let text = UnsafeBufferPointer(start: document.pointee.text(of: record), count: Int(record.count))
    return String(decoding: text, as: UTF8.self)
  }

  /// Whether the node is a scalar of exactly this text.
  @inlinable
  public func isText(_ text: StaticString) -> Bool {
    let record = record
    return record.shape == .scalar && document.pointee.holds(text, record)
  }

  /// Where a part of a scalar's text is written: the very characters, up to the end of the line where the text goes on
  /// on the next.
  ///
  /// - Parameter part: UTF-8 offsets in `bytes`, counted from 0.
  package func range(ofText part: Range<Int>) -> SourceRange {
    var finder = PartFinder(self)
    return finder.range(of: part)
  }

  /// Where a scalar's text is written, without its quotes; the whole scalar where quoting changed the text.
  package var textRange: SourceRange {
    let record = record
    guard record.shape == .scalar, record.isVerbatim, record.count > 0 else { return range }
    return range(ofText: 0..<Int(record.count))
  }
}

extension YAMLNode {
  /// Whether the document has the node in several places: an alias stands for it, or for what it lies in.
  package var isShared: Bool {
    let shared = document.pointee.shared
    let behind = shared.indices.firstBehind { shared[$0].upperBound <= index }
    return arrival >= 0 || behind < shared.count && shared[behind].contains(index)
  }

  /// Whether a scalar's text stands in the file as it is, so that each of its characters has a place.
  package var isVerbatim: Bool {
    let record = record
    return record.shape == .scalar && record.isVerbatim
  }
}

// MARK: - Collections

extension YAMLNode {
  /// The number of a sequence's items or of a mapping's own entries.
  @inlinable
  public var count: Int {
    let record = record
    switch record.shape {
    case .sequence: return Int(record.count)
    case .mapping: return Int(record.count) / 2
    case .scalar, .alias, .link: return 0
    }
  }

  /// A sequence's items, or a mapping's keys and values in turn; nothing for scalars.
  @inlinable
  var children: Children {
    Children(parent: self, isEmpty: record.shape == .scalar)
  }

  /// A sequence's items; nothing for other nodes.
  @inlinable
  public var items: Children {
    Children(parent: self, isEmpty: record.shape != .sequence)
  }

  /// The items of the sequence that a mapping has for `key`; nothing where it has none.
  @inlinable
  public func items(of key: StaticString) -> Children {
    guard let value = value(key) else { return Children(parent: self, isEmpty: true) }
    return value.items
  }

  /// The children of one collection, in the order of the text.
  @frozen
  public struct Children: Sequence, IteratorProtocol {
    @usableFromInline let lent: LentPointer<DocumentStorage>
    @usableFromInline let arrival: Int32
    @usableFromInline var index: UInt32
    @usableFromInline let end: UInt32

    @inlinable
    init(parent: YAMLNode, isEmpty: Bool) {
      lent = parent.lent
      arrival = parent.arrival
      index = parent.index + 1
      end = isEmpty ? parent.index + 1 : parent.record.next
    }

    /// Whether no child is left.
    @inlinable
    public var isEmpty: Bool { index >= end }

    /// The next child, an alias already followed. O(1).
    @inlinable
    public mutating func next() -> YAMLNode? {
      guard index < end else { return nil }
      let child = index
      let document = lent.pointer
      index = document.pointee.nodes[Int(child)].next
      return YAMLNode(resolving: child, in: document, arrival: arrival)
    }
  }
}

// MARK: - Mappings

/// A key of a mapping with its value.
@frozen
public struct YAMLEntry {
  /// The key, which may be any node.
  public let key: YAMLNode
  /// The value.
  public let value: YAMLNode

  /// Pairs a key with a value.
  @inlinable
  public init(key: YAMLNode, value: YAMLNode) {
    self.key = key
    self.value = value
  }
}

extension YAMLNode {
  /// The value of `key` in a mapping: its own, else that of the first mapping it merges that has one.
  ///
  /// Of a key written twice, the last counts, as in every reader that accepts it.
  @inlinable @inline(__always)
  public func value(_ key: StaticString) -> YAMLNode? {
    let sum = NodeRecord.sum(of: key)
    // Most keys that are asked for are not there.
    let nodes = document.pointee.nodes
    guard nodes[Int(index)].payload & NodeRecord.bit(of: sum) != 0 || nodes[Int(index)].hasMerge else { return nil }
    return value(key, sum: sum)
  }

  @inlinable
  func value(_ key: StaticString, sum: UInt32) -> YAMLNode? {
    let nodes = document.pointee.nodes
    guard nodes[Int(index)].shape == .mapping else { return nil }
    if let value = ownValue(key, sum: sum) { return value }
    return nodes[Int(index)].hasMerge ? mergedValue(key, sum: sum) : nil
  }

  /// The value that a mapping itself has for a key.
  @inlinable @inline(__always)
  func ownValue(_ key: StaticString, sum: UInt32) -> YAMLNode? {
    let nodes = document.pointee.nodes
    let end = nodes[Int(index)].next
    var at = index + 1
    var found: UInt32?
    while at < end {
      let valueIndex = nodes[Int(at)].next
      if nodes[Int(at)].sum == sum, YAMLNode(resolving: at, in: document, arrival: -1).isText(key) {
        found = valueIndex
      }
      at = nodes[Int(valueIndex)].next
    }
    return found.map { YAMLNode(resolving: $0, in: document, arrival: arrival) }
  }

  /// The value of a key that the mapping itself lacks: that of the first mapping it merges that has one.
  @usableFromInline
  func mergedValue(_ key: StaticString, sum: UInt32) -> YAMLNode? {
    for mapping in MergeOrder(of: self).dropFirst() where mapping.record.payload & NodeRecord.bit(of: sum) != 0 {
      if let value = mapping.ownValue(key, sum: sum) { return value }
    }
    return nil
  }

  /// Whether a mapping has a value for `key`, of its own or merged.
  @inlinable @inline(__always)
  public func has(_ key: StaticString) -> Bool {
    value(key) != nil
  }

  /// The values of a key in the mapping and in those that it merges, the one that wins first.
  package func values(of key: StaticString) -> some Sequence<YAMLNode> {
    let sum = NodeRecord.sum(of: key)
    return MergeOrder(of: self).lazy.compactMap { $0.ownValue(key, sum: sum) }
  }

  /// The entries of a mapping as a reader sees them: its own, then those merged through `<<` that it lacks; nothing for
  /// other nodes.
  @inlinable
  public var entries: Entries {
    let record = record
    let isMapping = record.shape == .mapping
    return Entries(
      own: Children(parent: self, isEmpty: !isMapping),
      gathered: isMapping && record.hasMerge ? mergedEntries.makeIterator() : nil)
  }

  /// The entries of the mapping that a mapping has for `key`; nothing where it has none.
  @inlinable
  public func entries(of key: StaticString) -> Entries {
    guard let value = value(key) else { return Entries(own: Children(parent: self, isEmpty: true), gathered: nil) }
    return value.entries
  }

  /// The entries of one mapping, in the order of the text.
  @frozen
  public struct Entries: Sequence, IteratorProtocol {
    @usableFromInline var own: Children
    /// All of the entries, where some are merged.
    @usableFromInline var gathered: IndexingIterator<[YAMLEntry]>?

    @inlinable
    init(own: Children, gathered: IndexingIterator<[YAMLEntry]>?) {
      self.own = own
      self.gathered = gathered
    }

    /// The first entry, if there is any.
    package var first: YAMLEntry? {
      var rest = self
      return rest.next()
    }

    /// The next entry. O(1).
    @inlinable
    public mutating func next() -> YAMLEntry? {
      if gathered != nil { return gathered?.next() }
      guard let key = own.next(), let value = own.next() else { return nil }
      return YAMLEntry(key: key, value: value)
    }
  }

  @usableFromInline
  var mergedEntries: [YAMLEntry] {
    var result: [YAMLEntry] = []
    var seen: Set<ExactText> = []
    for mapping in MergeOrder(of: self) {
      // Of its own, a mapping keeps a key that stands twice, which its reader may want to know.
      let isOwn = mapping.index == index
      var children = mapping.children
      while let key = children.next(), let value = children.next() {
        if key.isMergeKey { continue }
        let isNew = !key.isScalar || seen.insert(key.text.exact).inserted
        if isNew || isOwn { result.append(YAMLEntry(key: key, value: value)) }
      }
    }
    return result
  }

  /// Whether the node is a key that merges: a plain `<<` without a tag that makes it text.
  var isMergeKey: Bool {
    record.style == .plain && isText("<<") && tag.map(tagsOfMergeKeys.contains) ?? true
  }
}

/// A mapping and those that it merges, each before what it merges itself: in the order in which their entries win.
///
/// Each is visited once, however deep they nest: O(*n*) in the nodes below the first.
struct MergeOrder: Sequence, IteratorProtocol {
  /// The mapping that comes first, until it has been given.
  private var first: YAMLNode?
  /// What is left of the mappings, and of the lists of merged ones, on the way to the last that was given.
  private var open: [(children: YAMLNode.Children, isMapping: Bool)] = []

  init(of mapping: YAMLNode) {
    first = mapping
  }

  mutating func next() -> YAMLNode? {
    if let first {
      self.first = nil
      open.append((first.children, first.isMapping))
      return first
    }
    while let last = open.indices.last {
      guard let merged = nextMerged(at: last) else {
        open.removeLast()
        continue
      }
      open.append((merged.children, merged.isMapping))
      if merged.isMapping { return merged }
    }
    return nil
  }

  /// What comes next of an open mapping's merged values, or of an open list's mappings.
  private mutating func nextMerged(at level: Int) -> YAMLNode? {
    while let child = open[level].children.next() {
      guard open[level].isMapping else {
        if child.isMapping { return child }
        continue
      }
      guard let value = open[level].children.next() else { return nil }
      if child.isMergeKey, !value.isScalar { return value }
    }
    return nil
  }
}

extension YAMLNode {
  /// The node as it is written: a scalar's text, a collection's characters.
  package var sourceText: String {
    if isScalar { return text }
    let source = document.pointee.source + Int(record.start)
    return String(decoding: UnsafeBufferPointer(start: source, count: Int(record.end - record.start)), as: UTF8.self)
  }
}

extension YAMLNode {
  /// A sequence's items that are written where they stand; nothing for other nodes.
  package var ownItems: [YAMLNode] {
    isSequence ? items.filter { !$0.isBehindAlias(of: self) } : []
  }

  /// A mapping's entries whose values are written where they stand, none of them merged; nothing for other nodes.
  package var ownEntries: [YAMLEntry] {
    guard isMapping else { return [] }
    var entries: [YAMLEntry] = []
    var children = children
    while let key = children.next(), let value = children.next() {
      if !value.isBehindAlias(of: self) { entries.append(YAMLEntry(key: key, value: value)) }
    }
    return entries
  }

  /// Whether the node was reached through an alias that its parent was not reached through.
  private func isBehindAlias(of parent: YAMLNode) -> Bool {
    arrival >= 0 && parent.arrival < 0
  }

  /// The scalars below the node that are no keys, each once where it is written; aliases are not followed.
  package var scalarValues: [YAMLNode] {
    var result: [YAMLNode] = []
    var index = self.index
    let end = record.next
    // A mapping's children are keys and values in turn; whose turn it is has to be kept for each open collection.
    var open: [(end: UInt32, isMapping: Bool, isKeyNext: Bool)] = []
    while index < end {
      while let last = open.last, index >= last.end { open.removeLast() }
      let record = document.pointee.nodes[Int(index)]
      let isKey = open.last.map { $0.isMapping && $0.isKeyNext } ?? false
      if !open.isEmpty { open[open.count - 1].isKeyNext.toggle() }
      switch record.shape {
      case .scalar:
        if !isKey { result.append(YAMLNode(resolving: index, in: document, arrival: -1)) }
      case .sequence, .mapping:
        open.append((record.next, record.shape == .mapping, true))
      case .alias, .link: break
      }
      index += 1
    }
    return result
  }
}
/// The tags that leave a plain `<<` a merge key: the one of its own, and the one that says nothing.
let tagsOfMergeKeys = ["tag:yaml.org,2002:merge", "!"]

extension DocumentStorage {
  /// Where a scalar's text lies.
  @inlinable
  func text(of record: NodeRecord) -> UnsafePointer<UInt8> {
    (record.isVerbatim ? source : texts) + Int(record.payload)
  }

  /// Whether a scalar's text is `text`.
  @inlinable
  func holds(_ text: StaticString, _ record: NodeRecord) -> Bool {
    let count = text.utf8CodeUnitCount
    guard Int(record.count) == count else { return false }
    let own = UnsafeRawPointer(self.text(of: record))
    let other = UnsafeRawPointer(text.utf8Start)
    // Eight bytes at a time, the last of which may have been looked at before.
    if count >= 8 {
      var offset = 0
      while offset < count {
        let start = min(offset, count - 8)
        let isEqual =
          own.loadUnaligned(fromByteOffset: start, as: UInt64.self)
          == other.loadUnaligned(fromByteOffset: start, as: UInt64.self)
        if !isEqual { return false }
        offset += 8
      }
      return true
    }
    var offset = 0
    while offset < count, own.load(fromByteOffset: offset, as: UInt8.self) == text.utf8Start[offset] { offset += 1 }
    return offset == count
  }
}
