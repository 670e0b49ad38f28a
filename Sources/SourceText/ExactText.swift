/// A text as a key, told from others by its bytes.
///
/// To Swift's `String`, texts that differ only in how Unicode composes their characters are equal and one key; to files,
/// hosts and everything that manifests name they are not.
package struct ExactText: Hashable, Comparable, Sendable {
  package let text: String

  package init(_ text: String) {
    self.text = text
  }

  package static func == (a: ExactText, b: ExactText) -> Bool {
    a.text.isExactly(b.text)
  }

  /// Orders by the bytes of UTF-8, which is the order of the code points.
  package static func < (a: ExactText, b: ExactText) -> Bool {
    let order = a.text.utf8.withContiguousStorageIfAvailable { a in
      b.text.utf8.withContiguousStorageIfAvailable { a.precedes($0) }
    }
    return order.flatMap(\.self) ?? a.text.utf8.lexicographicallyPrecedes(b.text.utf8)
  }

  package func hash(into hasher: inout Hasher) {
    let isHashed: Void? = text.utf8.withContiguousStorageIfAvailable {
      hasher.combine(bytes: UnsafeRawBufferPointer($0))
    }
    if isHashed == nil { for byte in text.utf8 { hasher.combine(byte) } }
    // So that one text does not run into the next.
    hasher.combine(0xFF as UInt8)
  }
}

extension ExactText: ExpressibleByStringLiteral, CustomStringConvertible {
  package init(stringLiteral text: String) {
    self.init(text)
  }

  package var description: String { text }
}

extension String {
  /// The text as a key.
  package var exact: ExactText { ExactText(self) }

  /// Whether another text is the same, byte by byte.
  package func isExactly(_ other: String) -> Bool {
    guard utf8.count == other.utf8.count else { return false }
    let isSame = utf8.withContiguousStorageIfAvailable { own in
      other.utf8.withContiguousStorageIfAvailable { own.holds($0, at: 0) }
    }
    return isSame.flatMap(\.self) ?? utf8.elementsEqual(other.utf8)
  }

  /// Whether the text begins with the bytes of another.
  package func begins(with other: String) -> Bool {
    let begins = utf8.withContiguousStorageIfAvailable { own in
      other.utf8.withContiguousStorageIfAvailable { own.holds($0, at: 0) }
    }
    return begins.flatMap(\.self) ?? utf8.starts(with: other.utf8)
  }
}
