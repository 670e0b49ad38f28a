/// The word of `candidates` that `word` most likely was meant to be, if one is near enough to suggest.
///
/// Near enough is an edit distance (insertions, deletions, substitutions, swaps of neighbours) of at most a third of
/// the longer word, rounded up. Of equally near words, the first wins.
package func nearestWord(to word: String, among candidates: some Sequence<String>) -> String? {
  var best: (word: String, distance: Int)?
  let wanted = Array(word.utf8)
  for candidate in candidates {
    let offered = Array(candidate.utf8)
    let limit = (max(wanted.count, offered.count) + 2) / 3
    guard abs(wanted.count - offered.count) <= limit else { continue }
    let distance = editDistance(wanted, offered)
    if distance <= limit, distance < best?.distance ?? Int.max {
      best = (candidate, distance)
    }
  }
  return best?.word
}

/// The number of edits between two words, neighbours' swaps counted once (optimal string alignment).
private func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
  var beforeLast: [Int] = []
  var last = Array(0...b.count)
  for i in 0..<a.count {
    var row = [i + 1]
    for j in 0..<b.count {
      var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i].lowercasedASCII == b[j].lowercasedASCII ? 0 : 1))
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
        cost = min(cost, beforeLast[j - 1] + 1)
      }
      row.append(cost)
    }
    beforeLast = last
    last = row
  }
  return last[b.count]
}

extension UInt8 {
  /// The byte with ASCII `A`–`Z` made lower-case.
  package var lowercasedASCII: UInt8 {
    self >= 0x41 && self <= 0x5A ? self | 0x20 : self
  }

  /// Whether the byte is an ASCII digit.
  package var isASCIIDigit: Bool {
    self >= 0x30 && self <= 0x39
  }
}
