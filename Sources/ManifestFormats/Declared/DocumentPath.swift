import SourceText
import SourceYAML

/// Places in a document: `jobs.{job}.services.*.ports[]`.
package struct DocumentPath: Hashable, Sendable {
  package let steps: [Step]

  package init(steps: [Step]) {
    self.steps = steps
  }

  package enum Step: Hashable, Sendable {
    /// The value of a key.
    case key(PreparedKey)
    /// The value of each of some keys that is there, in this order: `(ports|published_ports)`.
    case anyKey([PreparedKey])
    /// Each item of a list: `[]`.
    case items
    /// The value of each key of a mapping, `*`, or `{name}` where the key is wanted.
    case entries(String?)
    /// The node and all below it, `**`, or what of that lists and some keys alone lead to, `**(tasks|block)`.
    case descendants(through: [PreparedKey]?)
  }

  /// What the keys are called that a match captures, in their order; nothing for those that nobody wants.
  package var captures: [String?] {
    steps.compactMap { step in if case .entries(let name) = step { .some(name) } else { nil } }
  }

  /// The last of its keys, or all that may stand in its place; none where it has no key.
  var lastKeys: [String] {
    steps.reduce([]) { last, step in
      switch step {
      case .key(let key): [key.text]
      case .anyKey(let keys): keys.map(\.text)
      case .items, .entries, .descendants: last
      }
    }
  }

  /// Whether the path begins with all of another.
  package func begins(with other: DocumentPath) -> Bool {
    steps.starts(with: other.steps)
  }

  /// The path of a key of the root.
  package init(key: String) {
    steps = [.key(PreparedKey(key))]
  }

  /// The keys, where the path has nothing else: it then leads to one place at most.
  package var keys: [PreparedKey]? {
    var keys: [PreparedKey] = []
    for step in steps {
      guard case .key(let key) = step else { return nil }
      keys.append(key)
    }
    return keys
  }
}

// MARK: - As text

extension DocumentPath {
  /// Why a text is no path, and which part of it is at fault, in UTF-8 offsets.
  package struct Fault: Error {
    package var expected: String
    package var part: Range<Int>
  }

  /// Reads keys joined by dots, in quotes where they hold a dot or a sign themselves.
  ///
  /// - Parameter isAnyCase: Whether the keys are found in upper and in lower case.
  package init(_ text: String, anyCase isAnyCase: Bool = false) throws(Fault) {
    var reader = PathText(Array(text.utf8), anyCase: isAnyCase)
    steps = try reader.steps()
  }
}

extension DocumentPath: CustomStringConvertible {
  package var description: String { text(inFull: true) }

  /// The path for people: of several keys in one place the first, and `**` for whatever leads below.
  package var outline: String { text(inFull: false) }

  private func text(inFull: Bool) -> String {
    var text = ""
    for step in steps {
      let dot = text.isEmpty ? "" : "."
      switch step {
      case .items: text += "[]"
      case .key(let key): text += dot + key.inPath
      case .anyKey(let keys): text += dot + (inFull ? keys.inPath : keys.first?.inPath ?? "")
      case .entries(let name): text += dot + (name.map { "{\($0)}" } ?? "*")
      case .descendants(let keys): text += dot + "**" + (inFull ? keys?.inPath ?? "" : "")
      }
    }
    return text
  }
}

extension PreparedKey {
  /// The key as a path has it.
  fileprivate var inPath: String {
    let isPlain = !text.utf8.isEmpty && !text.utf8.contains { ".[]{}()|*\"".utf8.contains($0) }
    return isPlain ? text : "\"\(text)\""
  }
}

extension [PreparedKey] {
  fileprivate var inPath: String {
    "(\(map(\.inPath).joined(separator: "|")))"
  }
}

/// Takes the text of a path apart.
private struct PathText {
  private let text: [UInt8]
  private var at = 0
  private var found: [DocumentPath.Step] = []
  private let isAnyCase: Bool

  init(_ text: [UInt8], anyCase isAnyCase: Bool) {
    self.text = text
    self.isAnyCase = isAnyCase
  }

  mutating func steps() throws(DocumentPath.Fault) -> [DocumentPath.Step] {
    while at < text.count {
      if text[at] == UInt8(ascii: "[") {
        try readItems()
      } else {
        if !found.isEmpty { try readDot() }
        try readName()
      }
    }
    return found
  }

  /// A fault from a character up to what is read next, and of the whole of that character where nothing was.
  private func fault(_ expected: String, from start: Int) -> DocumentPath.Fault {
    var end = max(min(at, text.count), min(start + 1, text.count))
    while end < text.count, text[end].isUTF8Continuation { end += 1 }
    return DocumentPath.Fault(expected: expected, part: start..<end)
  }

  private mutating func readItems() throws(DocumentPath.Fault) {
    let start = at
    at += 1
    guard at < text.count, text[at] == UInt8(ascii: "]") else {
      throw fault("'[]', which is each item of a list", from: start)
    }
    at += 1
    found.append(.items)
  }

  private mutating func readDot() throws(DocumentPath.Fault) {
    guard text[at] == UInt8(ascii: ".") else { throw fault("a dot before the next key", from: at) }
    at += 1
  }

  private mutating func readName() throws(DocumentPath.Fault) {
    let start = at
    guard at < text.count else { throw fault("a key behind the last dot", from: max(start - 1, 0)) }
    switch text[at] {
    case UInt8(ascii: "("): found.append(.anyKey(try readKeys()))
    case UInt8(ascii: "{"):
      let name = try enclosed(by: UInt8(ascii: "}"), "a brace")
      guard !name.isEmpty else { throw fault("a name between the braces", from: start) }
      if found.contains(.entries(name)) { throw fault("another name: '\(name)' stands twice", from: start) }
      found.append(.entries(name))
    case UInt8(ascii: "*"): try readStars()
    default: found.append(.key(try readKey(before: ".[")))
    }
  }

  /// A key alone, up to one of some signs, or in quotes.
  private mutating func readKey(before ends: String) throws(DocumentPath.Fault) -> PreparedKey {
    let start = at
    if at < text.count, text[at] == UInt8(ascii: "\"") {
      return PreparedKey(try enclosed(by: UInt8(ascii: "\""), "a quote"), anyCase: isAnyCase)
    }
    while at < text.count, !ends.utf8.contains(text[at]) {
      guard !".[]{}()|*\"".utf8.contains(text[at]) else {
        throw fault("quotes around a key with such a sign", from: start)
      }
      at += 1
    }
    guard at > start else { throw fault("a key", from: start) }
    return PreparedKey(String(decoding: text[start..<at], as: UTF8.self), anyCase: isAnyCase)
  }

  /// `(a|b."c")`
  private mutating func readKeys() throws(DocumentPath.Fault) -> [PreparedKey] {
    let start = at
    var keys: [PreparedKey] = []
    repeat {
      at += 1
      keys.append(try readKey(before: "|)"))
    } while at < text.count && text[at] == UInt8(ascii: "|")
    guard at < text.count, text[at] == UInt8(ascii: ")") else { throw fault("a ')' that closes this", from: start) }
    at += 1
    return keys
  }

  private mutating func readStars() throws(DocumentPath.Fault) {
    let start = at
    while at < text.count, text[at] == UInt8(ascii: "*") { at += 1 }
    switch at - start {
    case 1: found.append(.entries(nil))
    // A second one would look at each node as often as the first one passes it.
    case 2 where found.contains(where: \.isDescendants): throw fault("'**' once in a path", from: start)
    case 2:
      let keys = at < text.count && text[at] == UInt8(ascii: "(") ? try readKeys() : nil
      found.append(.descendants(through: keys))
    default: throw fault("'*' or '**'", from: start)
    }
  }

  private mutating func enclosed(by sign: UInt8, _ name: String) throws(DocumentPath.Fault) -> String {
    let start = at
    guard let end = text[(at + 1)...].firstIndex(of: sign) else {
      at = text.count
      throw fault("\(name) that closes this", from: start)
    }
    at = end + 1
    return String(decoding: text[start + 1..<end], as: UTF8.self)
  }
}

extension DocumentPath.Step {
  package var isDescendants: Bool {
    if case .descendants = self { true } else { false }
  }
}

// MARK: - In a document

/// A place of a document that a path leads to, and the way there.
struct PathMatch {
  let node: YAMLNode
  fileprivate let levels: ArraySlice<PathMatches.Level>
  fileprivate let root: YAMLNode

  fileprivate init(_ node: YAMLNode, _ levels: ArraySlice<PathMatches.Level>, root: YAMLNode) {
    self.node = node
    self.levels = levels
    self.root = root
  }

  /// Whether it is one of several of which one counts.
  var isChosen: Bool {
    levels.contains(where: \.isChosen)
  }

  /// The keys that were met where the path leaves them open, in its order.
  var keys: [YAMLNode] {
    levels.compactMap(\.key)
  }

  /// The node that the first steps of the path lead to.
  func node(after steps: Int) -> YAMLNode {
    levels.last { $0.steps == steps }?.node ?? root
  }

  /// The nodes that lie on the way where the last of some steps is `**`, from the one where it begins to the one where it
  /// ends.
  func way(through steps: Int) -> [YAMLNode] {
    (steps == 1 ? [root] : []) + levels.lazy.filter { $0.steps == steps - 1 }.map(\.node)
  }

  /// Which of all that the first steps of the path lead to it is: numbers that are the same for the same place.
  func place(after steps: Int) -> [Int32] {
    let end = levels.lastIndex { $0.steps == steps }.map { $0 + 1 } ?? levels.startIndex
    return levels[..<end].map(\.number)
  }
}

/// The places of a document that a path leads to, in the order of the text. O(*n*): no node is looked at more than once
/// for each step of the path.
struct PathMatches: Sequence, IteratorProtocol {
  fileprivate struct Level {
    let node: YAMLNode
    let key: YAMLNode?
    /// How many steps of the path lead to the node.
    let steps: Int
    /// Which child of the node before it is.
    let number: Int32
    var isChosen = false
  }

  /// A node some of whose children lie on the path.
  private struct Frame {
    let node: YAMLNode
    let steps: Int
    var rest: Rest
    var number: Int32 = -1

    enum Rest {
      case keys(ArraySlice<PreparedKey>)
      case items(YAMLNode.Children)
      case entries(YAMLNode.Entries)
      /// The node itself, and what is below it.
      case descendants(through: [PreparedKey]?)
      case below(YAMLNode.Children, YAMLNode.Entries)
      /// What is below it by lists and these keys.
      case belowKeys(YAMLNode.Children, ArraySlice<PreparedKey>)
      /// What may stand in its place.
      case choices(YAMLNode.Children)
      case nothing
    }
  }

  private let path: DocumentPath
  private let root: YAMLNode
  private let choices: DeclaredFormat.Choices?
  private var frames: [Frame] = []
  private var levels: [Level] = []
  /// How many levels lead to where it begins.
  private let before: Int
  /// How many nodes were looked at.
  private(set) var visited = 0

  init(of path: DocumentPath, in root: YAMLNode, choices: DeclaredFormat.Choices? = nil) {
    self.path = path
    self.root = root
    self.choices = choices
    before = 0
    frames = [frame(of: root, steps: 0)]
  }

  /// - Parameter match: Where the first steps of the path lead to.
  fileprivate init(of path: DocumentPath, behind match: PathMatch, steps: Int, choices: DeclaredFormat.Choices?) {
    self.path = path
    root = match.root
    self.choices = choices
    levels = Array(match.levels)
    before = levels.count
    frames = [frame(of: match.node, steps: steps)]
  }

  mutating func next() -> PathMatch? {
    while let last = frames.indices.last {
      levels.removeSubrange((before + last)...)
      guard let level = advance(last) else {
        frames.removeLast()
        continue
      }
      visited += 1
      levels.append(level)
      if let choices = choices?.choices(at: level.node) {
        frames.append(Frame(node: level.node, steps: level.steps, rest: .choices(choices)))
        continue
      }
      if level.steps == path.steps.count {
        frames.append(Frame(node: level.node, steps: level.steps, rest: .nothing))
        return PathMatch(level.node, levels[...], root: root)
      }
      frames.append(frame(of: level.node, steps: level.steps))
    }
    return nil
  }

  private func frame(of node: YAMLNode, steps: Int) -> Frame {
    guard steps < path.steps.count else { return Frame(node: node, steps: steps, rest: .nothing) }
    let rest: Frame.Rest =
      switch path.steps[steps] {
      case .key(let key): .keys([key])
      case .anyKey(let keys): .keys(keys[...])
      case .items: .items(node.items)
      case .entries: .entries(node.entries)
      case .descendants(let keys): .descendants(through: keys)
      }
    return Frame(node: node, steps: steps, rest: rest)
  }

  private mutating func advance(_ index: Int) -> Level? {
    let (node, steps) = (frames[index].node, frames[index].steps)
    frames[index].number += 1
    let number = frames[index].number
    switch frames[index].rest {
    case .nothing: return nil
    case .keys(var keys):
      let child = nextValue(of: &keys, in: node)
      frames[index].rest = .keys(keys)
      return child.map { Level(node: $0, key: nil, steps: steps + 1, number: number) }
    case .items(var items):
      let item = items.next()
      frames[index].rest = .items(items)
      return item.map { Level(node: $0, key: nil, steps: steps + 1, number: number) }
    case .entries(var entries):
      let entry = nextEntry(of: &entries)
      frames[index].rest = .entries(entries)
      return entry.map { Level(node: $0.value, key: $0.key, steps: steps + 1, number: number) }
    case .descendants(let keys):
      frames[index].rest = keys.map { .belowKeys(node.items, $0[...]) } ?? .below(node.items, node.entries)
      return Level(node: node, key: nil, steps: steps + 1, number: 0)
    case .belowKeys(var items, var keys):
      let child = items.next() ?? nextValue(of: &keys, in: node)
      frames[index].rest = .belowKeys(items, keys)
      return child.map { Level(node: $0, key: nil, steps: steps, number: number) }
    case .choices(var items):
      let item = items.next()
      frames[index].rest = .choices(items)
      return item.map { Level(node: $0, key: nil, steps: steps, number: number, isChosen: true) }
    case .below(var items, var entries):
      let child = items.next() ?? nextEntry(of: &entries)?.value
      frames[index].rest = .below(items, entries)
      return child.map { Level(node: $0, key: nil, steps: steps, number: number) }
    }
  }

  /// The value of the next key that a node has.
  private func nextValue(of keys: inout ArraySlice<PreparedKey>, in node: YAMLNode) -> YAMLNode? {
    while let key = keys.popFirst() {
      if let value = node.value(key) { return value }
    }
    return nil
  }

  /// The next entry with a key that is text: `{{ x }}` without quotes is a mapping whose key is a mapping.
  private func nextEntry(of entries: inout YAMLNode.Entries) -> YAMLEntry? {
    while let entry = entries.next() {
      if entry.key.isScalar { return entry }
    }
    return nil
  }
}

extension DocumentPath {
  /// The key whose value a match is; nothing for an item of a list.
  func key(of match: PathMatch) -> YAMLNode? {
    switch steps.last {
    case .key(let key): match.node(after: steps.count - 1).entry(key)?.key
    case .anyKey(let keys):
      keys.lazy.compactMap { match.node(after: steps.count - 1).entry($0) }
        .first { $0.value.range == match.node.range }?.key
    case .entries: match.keys.last
    case .items, .descendants, nil: nil
    }
  }

  /// The places of a document that the path leads to.
  func matches(in root: YAMLNode, choices: DeclaredFormat.Choices? = nil) -> PathMatches {
    PathMatches(of: self, in: root, choices: choices)
  }

  /// The places that the rest of the path leads to from where its first steps do; nothing where the next one has none.
  func matches(behind match: PathMatch, steps count: Int, choices: DeclaredFormat.Choices? = nil) -> PathMatches? {
    let node = match.node
    let leadsOn =
      switch steps[count] {
      case .key(let key): node.value(key) != nil
      case .anyKey(let keys): keys.contains { node.value($0) != nil }
      case .items: node.isSequence
      case .entries: node.isMapping
      case .descendants: true
      }
    return leadsOn || choices != nil ? PathMatches(of: self, behind: match, steps: count, choices: choices) : nil
  }

  /// Whether there is such a place in a document.
  func leadsSomewhere(in root: YAMLNode) -> Bool {
    if let keys { return root.value(at: keys) != nil }
    var matches = matches(in: root)
    return matches.next() != nil
  }
}

extension DeclaredFormat.Choices {
  /// What may stand in a node's place, where it is one of the lists.
  func choices(at node: YAMLNode) -> YAMLNode.Children? {
    var list = node
    if node.isMapping {
      guard node.count == 1, let value = keys.lazy.compactMap({ node.value($0) }).first else { return nil }
      list = value
    } else {
      guard let tag = node.tag, tags.contains(tag) else { return nil }
    }
    guard list.isSequence else { return nil }
    var items = list.items
    _ = items.next()
    return items
  }
}

extension YAMLNode {
  /// The value that some keys lead to, one after the other.
  func value(at keys: [PreparedKey]) -> YAMLNode? {
    var node = self
    for key in keys {
      guard let value = node.value(key) else { return nil }
      node = value
    }
    return node
  }
}
