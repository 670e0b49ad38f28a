import SourceText
import SourceYAML

extension YAMLNode {
  /// The keys of a mapping that are one slip from some that it does not have, or differ from them in case only.
  ///
  /// - Parameter keys: None of them may be one slip from another key that stands in such a mapping.
  func misspeltKeys(among keys: [StaticString]) -> [(key: YAMLNode, meant: String)] {
    guard isMapping else { return [] }
    var misspelt: [(key: YAMLNode, meant: String)] = []
    for entry in entries {
      let key = entry.key
      let meant = key.bytes.withBytes { own in keys.first { own.isOneSlip(from: $0.bytes) } }
      guard let meant, key.isScalar, !key.isText(meant), !has(meant) else { continue }
      misspelt.append((key, "\(meant)"))
    }
    return misspelt
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Whether a word differs from another by at most one letter that is wrong, too many, lacking or swapped with the next,
  /// whatever their case. O(*n*), and for most words of one look.
  fileprivate func isOneSlip(from other: UnsafeBufferPointer<UInt8>) -> Bool {
    guard abs(count - other.count) <= 1, count > 1, other.count > 1 else { return false }
    // One slip leaves the letters at one end.
    guard isLetter(0, as: other, 0) || isLetter(count - 1, as: other, other.count - 1) else { return false }
    var shared = 0
    while shared < Swift.min(count, other.count), isLetter(shared, as: other, shared) { shared += 1 }
    if count > other.count { return isRest(from: shared + 1, as: other, shared) }
    if count < other.count { return isRest(from: shared, as: other, shared + 1) }
    if shared == count || isRest(from: shared + 1, as: other, shared + 1) { return true }
    return shared + 1 < count && isLetter(shared, as: other, shared + 1) && isLetter(shared + 1, as: other, shared)
      && isRest(from: shared + 2, as: other, shared + 2)
  }

  private func isLetter(_ place: Int, as other: UnsafeBufferPointer<UInt8>, _ theirs: Int) -> Bool {
    self[place].lowercasedASCII == other[theirs].lowercasedASCII
  }

  private func isRest(from start: Int, as other: UnsafeBufferPointer<UInt8>, _ theirs: Int) -> Bool {
    guard count - start == other.count - theirs else { return false }
    for step in 0..<Swift.max(count - start, 0) where !isLetter(start + step, as: other, theirs + step) { return false }
    return true
  }
}
