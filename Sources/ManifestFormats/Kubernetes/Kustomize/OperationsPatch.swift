import SourceText
import SourceYAML

/// Carries out the operations of a JSON patch on an object (RFC 6902).
struct OperationsPatch {
  let store: NodeStore

  /// What the operations leave of an object.
  ///
  /// - Parameter operations: The list of them.
  /// - Throws: Where one cannot be carried out.
  func apply(_ operations: YAMLNode, to object: YAMLNode) throws(StrategicMerge.NotKnown) -> YAMLNode {
    var object = object
    for operation in operations.items { object = try carryOut(operation, on: object) }
    return object
  }

  private func carryOut(_ operation: YAMLNode, on object: YAMLNode) throws(StrategicMerge.NotKnown) -> YAMLNode {
    let path = try steps(operation.value("path"))
    switch operation.value("op")?.text {
    case "add": return try change(object, path[...], try value(of: operation), .add)
    case "replace": return try change(object, path[...], try value(of: operation), .replace)
    case "remove": return try change(object, path[...], nil, .remove)
    case "test":
      guard let found = node(object, path[...]), found.says(try value(of: operation)) else { break }
      return object
    case "move":
      let from = try steps(operation.value("from"))
      guard let found = node(object, from[...]) else { break }
      return try change(try change(object, from[...], nil, .remove), path[...], found, .add)
    case "copy":
      guard let found = node(object, try steps(operation.value("from"))[...]) else { break }
      return try change(object, path[...], found, .add)
    default: break
    }
    throw StrategicMerge.NotKnown()
  }

  private func value(of operation: YAMLNode) throws(StrategicMerge.NotKnown) -> YAMLNode {
    guard let value = operation.value("value") else { throw StrategicMerge.NotKnown() }
    return value
  }

  /// A step on the way to a node.
  private struct Step {
    var text: String
    /// The path that it is a part of.
    var path: YAMLNode

    /// The place in a list of so many items.
    func index(in count: Int) -> Int? {
      if text == "-" { return count }
      guard text.utf8.allSatisfy(\.isASCIIDigit), let number = Int(text), number <= count else { return nil }
      return number
    }
  }

  private func steps(_ path: YAMLNode?) throws(StrategicMerge.NotKnown) -> [Step] {
    guard let path, path.isScalar, path.bytes.first == UInt8(ascii: "/") else { throw StrategicMerge.NotKnown() }
    return path.bytes.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map { part in
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
      return Step(text: String(decoding: text, as: UTF8.self), path: path)
    }
  }

  private func node(_ node: YAMLNode, _ path: ArraySlice<Step>) -> YAMLNode? {
    guard let step = path.first else { return node }
    let child: YAMLNode?
    if node.isSequence {
      let items = Array(node.items)
      child = step.index(in: items.count).flatMap { $0 < items.count ? items[$0] : nil }
    } else {
      child = node.entries.first { $0.key.isScalar && $0.key.text.isExactly(step.text) }?.value
    }
    return child.flatMap { self.node($0, path.dropFirst()) }
  }

  private enum Change {
    case add
    case replace
    case remove
  }

  private func change(
    _ node: YAMLNode, _ path: ArraySlice<Step>, _ value: YAMLNode?, _ change: Change
  ) throws(StrategicMerge.NotKnown) -> YAMLNode {
    guard let step = path.first else { throw StrategicMerge.NotKnown() }
    if node.isSequence { return try changeItem(of: node, step, path.dropFirst(), value, change) }
    guard node.isMapping else { throw StrategicMerge.NotKnown() }
    var entries = Array(node.entries)
    let number = entries.firstIndex { $0.key.isScalar && $0.key.text.isExactly(step.text) }
    if path.count > 1 {
      guard let number else { throw StrategicMerge.NotKnown() }
      let inner = try self.change(entries[number].value, path.dropFirst(), value, change)
      entries[number] = YAMLEntry(key: entries[number].key, value: inner)
    } else if let value {
      if let number {
        entries[number] = YAMLEntry(key: entries[number].key, value: value)
      } else if change == .add {
        entries.append(YAMLEntry(key: store.text(step.text, like: step.path), value: value))
      } else {
        throw StrategicMerge.NotKnown()
      }
    } else {
      guard let number else { throw StrategicMerge.NotKnown() }
      entries.remove(at: number)
    }
    return store.mapping(entries, like: node)
  }

  private func changeItem(
    of node: YAMLNode, _ step: Step, _ rest: ArraySlice<Step>, _ value: YAMLNode?, _ change: Change
  ) throws(StrategicMerge.NotKnown) -> YAMLNode {
    var items = Array(node.items)
    guard let number = step.index(in: items.count) else { throw StrategicMerge.NotKnown() }
    if rest.isEmpty, change == .add, let value {
      items.insert(value, at: number)
      return store.sequence(items, like: node)
    }
    guard number < items.count else { throw StrategicMerge.NotKnown() }
    if !rest.isEmpty {
      items[number] = try self.change(items[number], rest, value, change)
    } else if let value {
      items[number] = value
    } else {
      items.remove(at: number)
    }
    return store.sequence(items, like: node)
  }
}

extension YAMLNode {
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
