import SourceText
import SourceYAML

extension YAMLNode {
  /// The keys of a mapping that are one slip from some that it does not have, or differ from them in case only.
  ///
  /// - Parameter keys: None of them may be one slip from another key that stands in such a mapping.
  func misspeltKeys(among keys: [StaticString]) -> [(key: YAMLNode, meant: String)] {
    guard isMapping else { return [] }
    var misspelt: [(key: YAMLNode, meant: String)] = []
    for entry in entries where entry.key.isScalar {
      let key = entry.key
      for meant in keys where key.bytes.withBytes({ $0.isOneSlip(from: meant.bytes) }) {
        if !key.isText(meant), !has(meant) { misspelt.append((key, "\(meant)")) }
      }
    }
    return misspelt
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Whether a word differs from another by at most one letter that is wrong, too many, lacking or swapped with the next,
  /// whatever their case. O(*n*), and for most words of one look.
  fileprivate func isOneSlip(from other: UnsafeBufferPointer<UInt8>) -> Bool {
    guard abs(count - other.count) <= 1 else { return false }
    let shared = zip(self, other).prefix { $0.lowercasedASCII == $1.lowercasedASCII }.count
    func isRest(from start: Int, of theirs: Int) -> Bool {
      start <= count && theirs <= other.count && count - start == other.count - theirs
        && zip(self[start...], other[theirs...]).allSatisfy { $0.lowercasedASCII == $1.lowercasedASCII }
    }
    if count != other.count {
      return count > other.count ? isRest(from: shared + 1, of: shared) : isRest(from: shared, of: shared + 1)
    }
    if isRest(from: shared, of: shared) || isRest(from: shared + 1, of: shared + 1) { return true }
    guard shared + 1 < count else { return false }
    return self[shared].lowercasedASCII == other[shared + 1].lowercasedASCII
      && self[shared + 1].lowercasedASCII == other[shared].lowercasedASCII && isRest(from: shared + 2, of: shared + 2)
  }
}
