extension String {
  /// The text, or its first 512 code points and `...` where it is longer: what a manifest says may be as long as a file,
  /// and is said again in each finding. No name that a system takes is longer than 253.
  package var shortened: String {
    let most = 512
    if utf8.count <= most { return self }
    guard let end = unicodeScalars.index(startIndex, offsetBy: most, limitedBy: endIndex), end < endIndex else {
      return self
    }
    return String(unicodeScalars[..<end]) + "..."
  }
}
