import SourceText

/// A key that is asked for in many mappings, and is not known when portlint is built.
package struct PreparedKey: Hashable, Sendable {
  package let text: String
  /// The sum that tells its text from most others.
  let sum: UInt32

  package init(_ text: String) {
    var text = text
    sum = text.withUTF8 { NodeRecord.sum(of: $0) }
    self.text = text
  }

  package static func == (a: PreparedKey, b: PreparedKey) -> Bool {
    a.sum == b.sum && a.text.isExactly(b.text)
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(sum)
  }
}

extension YAMLNode {
  /// The value of `key` in a mapping: its own, else that of the first mapping it merges that has one.
  package func value(_ key: PreparedKey) -> YAMLNode? {
    entry(key)?.value
  }

  /// The entry of `key` in a mapping, likewise.
  package func entry(_ key: PreparedKey) -> YAMLEntry? {
    let record = record
    guard record.shape == .mapping else { return nil }
    let mayHold = record.payload & NodeRecord.bit(of: key.sum) != 0
    if mayHold, let entry = ownEntry(key) { return entry }
    guard record.hasMerge else { return nil }
    for mapping in MergeOrder(of: self).dropFirst() where mapping.record.payload & NodeRecord.bit(of: key.sum) != 0 {
      if let entry = mapping.ownEntry(key) { return entry }
    }
    return nil
  }

  /// The last entry that a mapping itself has for a key.
  private func ownEntry(_ key: PreparedKey) -> YAMLEntry? {
    let nodes = document.pointee.nodes
    let end = nodes[Int(index)].next
    var at = index + 1
    var found: YAMLEntry?
    while at < end {
      let valueIndex = nodes[Int(at)].next
      if nodes[Int(at)].sum == key.sum {
        let written = YAMLNode(resolving: at, in: document, arrival: -1)
        if written.isScalar, written.bytes.isText(key.text) {
          found = YAMLEntry(key: written, value: YAMLNode(resolving: valueIndex, in: document, arrival: arrival))
        }
      }
      at = nodes[Int(valueIndex)].next
    }
    return found
  }
}

extension YAMLText {
  /// Whether the text is `text`, byte by byte.
  package func isText(_ text: String) -> Bool {
    guard count == text.utf8.count else { return false }
    let isSame = withBytes { own in text.utf8.withContiguousStorageIfAvailable { own.holds($0, at: 0) } }
    return isSame.flatMap(\.self) ?? elementsEqual(text.utf8)
  }
}
