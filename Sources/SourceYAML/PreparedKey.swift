import SourceText

/// A key that is asked for in many mappings, and is not known when portlint is built.
package struct PreparedKey: Hashable, Sendable {
  package let text: String
  /// The sum that tells its text from most others.
  let sum: UInt32
  /// Whether it is found in upper and in lower case.
  package let isAnyCase: Bool

  package init(_ text: String, anyCase isAnyCase: Bool = false) {
    var text = text
    sum = text.withUTF8 { NodeRecord.sum(of: $0) }
    self.text = text
    self.isAnyCase = isAnyCase
  }

  package static func == (a: PreparedKey, b: PreparedKey) -> Bool {
    a.sum == b.sum && a.isAnyCase == b.isAnyCase && a.text.isExactly(b.text)
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
    if key.mayStand(among: record.payload), let entry = ownEntry(key) { return entry }
    guard record.hasMerge else { return nil }
    for mapping in MergeOrder(of: self).dropFirst() where key.mayStand(among: mapping.record.payload) {
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
      if key.isAnyCase || nodes[Int(at)].sum == key.sum {
        let written = YAMLNode(resolving: at, in: document, arrival: -1)
        if written.isScalar, key.isAnyCase ? written.bytes.isTextInAnyCase(key.text) : written.bytes.isText(key.text) {
          found = YAMLEntry(key: written, value: YAMLNode(resolving: valueIndex, in: document, arrival: arrival))
        }
      }
      at = nodes[Int(valueIndex)].next
    }
    return found
  }
}

extension PreparedKey {
  /// Whether it may be one of a mapping's keys, by their bits.
  fileprivate func mayStand(among bits: UInt32) -> Bool {
    isAnyCase || bits & NodeRecord.bit(of: sum) != 0
  }
}

extension YAMLText {
  /// Whether the text is `text`, but for the case of ASCII's letters.
  fileprivate func isTextInAnyCase(_ text: String) -> Bool {
    count == text.utf8.count && zip(self, text.utf8).allSatisfy { $0.lowercasedASCII == $1.lowercasedASCII }
  }

  /// Whether the text is `text`, byte by byte.
  package func isText(_ text: String) -> Bool {
    guard count == text.utf8.count else { return false }
    let isSame = withBytes { own in text.utf8.withContiguousStorageIfAvailable { own.holds($0, at: 0) } }
    return isSame.flatMap(\.self) ?? elementsEqual(text.utf8)
  }
}
