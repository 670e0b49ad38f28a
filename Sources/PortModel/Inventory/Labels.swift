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
    labels.sort { $0.key < $1.key }
    let isTwice = labels.indices.dropFirst().contains { labels[$0].key == labels[$0 - 1].key }
    guard isTwice else {
      all = labels
      return
    }
    for label in labels {
      if all.last?.key == label.key { all.removeLast() }
      all.append(label)
    }
  }

  package var isEmpty: Bool { all.isEmpty }

  /// The label of that key. O(log *n*).
  package subscript(key: String) -> Label? {
    let index = all.firstIndex(ofSorted: key) { $0.key }
    return index < all.count && all[index].key == key ? all[index] : nil
  }
}

extension Array {
  /// Where the first element stands whose key is not below `key`, in an array in the order of its keys. O(log *n*).
  func firstIndex(ofSorted key: String, by keyOf: (Element) -> String) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if keyOf(self[middle]) < key { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
