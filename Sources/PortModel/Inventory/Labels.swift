import SourceText

/// The labels of an object, each key once, in the order of their keys.
package struct Labels: Hashable, Sendable {
  package private(set) var all: [Label] = []

  package struct Label: Hashable, Sendable {
    package var key: String
    /// The value; nothing where a variable stands for it.
    package var value: String?

    package init(key: String, value: String?) {
      self.key = key
      self.value = value
    }
  }

  package init() {}

  /// The labels of a text, in any order; of a key written twice, the last counts.
  package init(_ labels: consuming [Label]) {
    labels.sort { $0.key.exact < $1.key.exact }
    let isTwice = labels.indices.dropFirst().contains { labels[$0].key.isExactly(labels[$0 - 1].key) }
    guard isTwice else {
      all = labels
      return
    }
    for label in labels {
      if all.last?.key.isExactly(label.key) ?? false { all.removeLast() }
      all.append(label)
    }
  }

  package var isEmpty: Bool { all.isEmpty }

  /// The label of that key. O(log *n*).
  package subscript(key: String) -> Label? {
    let index = all.indices.firstBehind { all[$0].key.exact < key.exact }
    return index < all.count && all[index].key.isExactly(key) ? all[index] : nil
  }
}

extension Labels.Label {
  package static func == (a: Labels.Label, b: Labels.Label) -> Bool {
    a.key.isExactly(b.key) && a.value?.exact == b.value?.exact
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(key.exact)
    hasher.combine(value?.exact)
  }
}
