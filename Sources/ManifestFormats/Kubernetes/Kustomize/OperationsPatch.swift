import SourceText
import SourceYAML

/// Carries out the operations of a JSON patch on an object (RFC 6902), as kustomize does: `replace` makes a key too, and
/// negative numbers count from a list's end. What is moved or copied stands where the patch says so.
///
/// Source: evanphx/json-patch v4, `patch.go`.
struct OperationsPatch {
  let store: NodeStore

  /// Why nobody knows what operations leave of an object.
  enum Failure: Error {
    case refused(Refusal, at: SourceRange)
    case notKnown
  }

  /// Why kustomize refuses an operation.
  enum Refusal {
    /// The object has nothing at a path.
    case missingPath(String)
    /// A test finds something else at a path.
    case failedTest(String)
    /// There is no operation of that name.
    case unknownOperation(String)
  }

  /// What the operations leave of an object.
  ///
  /// - Parameter operations: The list of them.
  func apply(_ operations: YAMLNode, to object: YAMLNode) throws(Failure) -> YAMLNode {
    var object = object
    for operation in operations.items {
      // The whole build stops then.
      if store.count >= KustomizeSources.mostNodes { throw .notKnown }
      object = try carryOut(operation, on: object)
    }
    return object
  }

  private func carryOut(_ operation: YAMLNode, on object: YAMLNode) throws(Failure) -> YAMLNode {
    let path = try Path(operation.value("path"))
    switch operation.value("op")?.text {
    case "add": return try change(object, path, try value(of: operation), .add)
    case "replace": return try change(object, path, try value(of: operation), .replace)
    case "remove": return try change(object, path, nil, .remove)
    case "test":
      try test(object, path, try value(of: operation))
      return object
    case "move":
      let from = try Path(operation.value("from"))
      guard let found = try node(object, from.steps[...]) else { throw failure(at: from) }
      return try change(try change(object, from, nil, .remove), path, store.scalar(found, at: path.node), .add)
    case "copy":
      // What is not there is copied as nothing, where its mapping is.
      guard let found = try node(object, try Path(operation.value("from")).steps[...]) else { throw .notKnown }
      return try change(object, path, store.scalar(found, at: path.node), .add)
    default: throw failure(ofUnknown: operation)
    }
  }

  private func failure(ofUnknown operation: YAMLNode) -> Failure {
    guard let name = operation.value("op"), name.isScalar, !name.isOpen else { return .notKnown }
    return .refused(.unknownOperation(name.text), at: name.textRange)
  }

  private func value(of operation: YAMLNode) throws(Failure) -> YAMLNode {
    guard let value = operation.value("value") else { throw .notKnown }
    return value
  }

  /// Sees whether an object has a value at a path.
  private func test(_ object: YAMLNode, _ path: Path, _ value: YAMLNode) throws(Failure) {
    let found = try node(object, path.steps[...])
    if found?.isNull ?? true, value.isNull { return }
    guard let found else { throw failure(at: path, isTest: true) }
    if found.says(value) { return }
    throw found.saysOther(than: value) ? failure(at: path, isTest: true) : .notKnown
  }

  /// A failure at a path, unless other changes that are not followed may have made it.
  private func failure(at path: Path, isTest: Bool = false) -> Failure {
    if path.steps.first?.isExactly("metadata") == true { return .notKnown }
    let text = path.node.text
    return .refused(isTest ? .failedTest(text) : .missingPath(text), at: path.node.textRange)
  }

  /// The way to a node.
  private struct Path {
    /// What says it.
    var node: YAMLNode
    var steps: [String]

    init(_ node: YAMLNode?) throws(Failure) {
      guard let node, node.isScalar, !node.isOpen, node.bytes.first == UInt8(ascii: "/") else { throw .notKnown }
      self.node = node
      steps = node.bytes.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map { part in
        var text: [UInt8] = []
        var isEscaped = false
        for byte in part {
          if isEscaped {
            text[text.count - 1] = byte == UInt8(ascii: "1") ? UInt8(ascii: "/") : UInt8(ascii: "~")
            isEscaped = false
          } else {
            text.append(byte)
            isEscaped = byte == UInt8(ascii: "~")
          }
        }
        return String(decoding: text, as: UTF8.self)
      }
    }
  }

  /// The place of a step in a list of so many items, from its start or, below zero, its end.
  private func index(_ step: String, in count: Int) -> Int? {
    let digits = step.utf8.first == UInt8(ascii: "-") ? step.utf8.dropFirst() : step.utf8[...]
    guard !digits.isEmpty, digits.allSatisfy(\.isASCIIDigit), let number = Int(step) else { return nil }
    let place = number < 0 ? number + count : number
    return (0..<count).contains(place) ? place : nil
  }

  private func node(_ node: YAMLNode, _ path: ArraySlice<String>) throws(Failure) -> YAMLNode? {
    guard let step = path.first else { return node }
    if node.isOpen { throw .notKnown }
    let child: YAMLNode?
    if node.isSequence {
      let items = Array(node.items)
      child = index(step, in: items.count).map { items[$0] }
    } else {
      child = node.entries.first { $0.key.isScalar && $0.key.text.isExactly(step) }?.value
    }
    guard let child else { return nil }
    return try self.node(child, path.dropFirst())
  }

  private enum Change {
    case add
    case replace
    case remove
  }

  private func change(
    _ object: YAMLNode, _ path: Path, _ value: YAMLNode?, _ change: Change
  ) throws(Failure) -> YAMLNode {
    try self.change(object, path.steps[...], of: path, value, change)
  }

  private func change(
    _ node: YAMLNode, _ rest: ArraySlice<String>, of path: Path, _ value: YAMLNode?, _ change: Change
  ) throws(Failure) -> YAMLNode {
    guard let step = rest.first, !node.isOpen else { throw .notKnown }
    if node.isSequence { return try changeItem(of: node, step, rest.dropFirst(), of: path, value, change) }
    guard node.isMapping else { throw failure(at: path) }
    var entries = Array(node.entries)
    let number = entries.firstIndex { $0.key.isScalar && $0.key.text.isExactly(step) }
    if rest.count > 1 {
      guard let number else { throw failure(at: path) }
      let inner = try self.change(entries[number].value, rest.dropFirst(), of: path, value, change)
      entries[number] = YAMLEntry(key: entries[number].key, value: inner)
    } else if let value {
      if let number {
        entries[number] = YAMLEntry(key: entries[number].key, value: value)
      } else {
        entries.append(YAMLEntry(key: store.text(step, like: path.node), value: value))
      }
    } else {
      guard let number else { throw failure(at: path) }
      entries.remove(at: number)
    }
    return store.mapping(entries, like: node)
  }

  private func changeItem(
    of node: YAMLNode, _ step: String, _ rest: ArraySlice<String>, of path: Path, _ value: YAMLNode?, _ change: Change
  ) throws(Failure) -> YAMLNode {
    var items = Array(node.items)
    if rest.isEmpty, change == .add, let value {
      // There is one more place for what is added.
      guard let number = step == "-" ? items.count : index(step, in: items.count + 1) else { throw failure(at: path) }
      items.insert(value, at: number)
      return store.sequence(items, like: node)
    }
    guard let number = index(step, in: items.count) else { throw failure(at: path) }
    if !rest.isEmpty {
      items[number] = try self.change(items[number], rest, of: path, value, change)
    } else if let value {
      items[number] = value
    } else {
      items.remove(at: number)
    }
    return store.sequence(items, like: node)
  }
}

extension YAMLNode {
  /// Whether both are scalars that no reader takes for the same.
  fileprivate func saysOther(than other: YAMLNode) -> Bool {
    guard isScalar, other.isScalar, !isOpen, !other.isOpen else { return false }
    switch (ScalarValue(self), ScalarValue(other)) {
    case (.int(let own), .int(let theirs)): return own != theirs
    case (.string, .string), (.string, .int), (.int, .string), (.null, .string), (.null, .int): return true
    default: return false
    }
  }

  /// Whether both say the same, as far as YAML goes.
  fileprivate func says(_ other: YAMLNode) -> Bool {
    switch (kind, other.kind) {
    case (.scalar, .scalar): ScalarValue(self) == ScalarValue(other) && bytes.elementsEqual(other.bytes)
    case (.sequence, .sequence):
      count == other.count && zip(items, other.items).allSatisfy { $0.says($1) }
    case (.mapping, .mapping):
      count == other.count
        && entries.allSatisfy { entry in
          other.entries.contains { $0.key.says(entry.key) && $0.value.says(entry.value) }
        }
    default: false
    }
  }
}
