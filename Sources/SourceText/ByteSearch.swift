extension [UInt8] {
  /// Whether the bytes hold a text. O(*n*), a pass over the bytes that stops at the first hit.
  package func contains(text: StaticString) -> Bool {
    let wanted = text.withUTF8Buffer { Array($0) }
    guard let first = wanted.first else { return true }
    return withUnsafeBufferPointer { bytes in
      var at = 0
      while at + wanted.count <= bytes.count {
        if bytes[at] == first, (1..<wanted.count).allSatisfy({ bytes[at + $0] == wanted[$0] }) { return true }
        at += 1
      }
      return false
    }
  }
}
