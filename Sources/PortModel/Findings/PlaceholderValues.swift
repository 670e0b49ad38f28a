import SourceText

/// What the placeholders of a message stand for: a handful, so that looking at each costs less than a dictionary.
package struct PlaceholderValues: Hashable, Sendable {
  private struct Entry: Hashable, Sendable {
    var key: Placeholder
    var value: ExactText
  }

  private var entries: [Entry]

  /// What a placeholder stands for, if it stands for something.
  package subscript(key: Placeholder) -> String? {
    get { entries.first { $0.key == key }?.value.text }
    set {
      entries.removeAll { $0.key == key }
      if let newValue { entries.append(Entry(key: key, value: newValue.exact)) }
    }
  }

  /// The placeholders that stand for something.
  package var keys: [Placeholder] {
    entries.map(\.key)
  }

  /// The values without those of some placeholders.
  package func without(_ keys: [Placeholder]) -> PlaceholderValues {
    var values = self
    values.entries.removeAll { keys.contains($0.key) }
    return values
  }
}

extension PlaceholderValues: ExpressibleByDictionaryLiteral {
  package init(dictionaryLiteral elements: (Placeholder, String)...) {
    entries = elements.map { Entry(key: $0, value: $1.exact) }
  }
}
