extension String {
  /// The text, or its first 512 code points and `...` where it is longer: what a manifest says may be as long as a file,
  /// and is said again in each finding. No name that a system takes is longer than 253.
  package var shortened: String {
    shortened(to: 515)
  }

  /// The text, or where it has more code points than `most`, so many with `...` as the last three.
  package func shortened(to most: Int) -> String {
    if utf8.count <= most { return self }
    let scalars = unicodeScalars
    guard let end = scalars.index(startIndex, offsetBy: most, limitedBy: endIndex), end < endIndex else { return self }
    return String(scalars.prefix(most - 3)) + "..."
  }
}
