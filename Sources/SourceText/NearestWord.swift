/// The word of `candidates` that `word` most likely was meant to be, if one is near enough to suggest.
///
/// Near enough is an edit distance (insertions, deletions, substitutions, swaps of neighbours) of at most one for each
/// `lettersASlip` letters of the longer word, or part of as many. Of equally near words, the one wins that begins like the word for longest, for few slip at
/// once; then the first. What is longer than `longestWord` is nobody's slip, and near to nothing.
package func nearestWord(to word: String, among candidates: some Sequence<String>, lettersASlip: Int = 3) -> String? {
  guard word.utf8.count <= longestWord else { return nil }
  var best: (word: String, distance: Int, shared: Int)?
  let wanted = Array(word.utf8)
  var table = DistanceTable(width: wanted.count)
  for candidate in candidates {
    let length = candidate.utf8.count
    let limit = min((max(wanted.count, length) + lettersASlip - 1) / lettersASlip, best?.distance ?? Int.max)
    guard length <= longestWord, abs(wanted.count - length) <= limit else { continue }
    guard let distance = table.distance(from: Array(candidate.utf8), to: wanted, within: limit) else { continue }
    let shared = zip(candidate.utf8, wanted).prefix { $0.lowercasedASCII == $1.lowercasedASCII }.count
    if let best, best.distance == distance, best.shared >= shared { continue }
    best = (candidate, distance, shared)
  }
  return best?.word
}

/// In bytes.
private let longestWord = 100

/// The rows of the table by which the number of edits between two words is found.
private struct DistanceTable {
  private var beforeLast: [Int]
  private var last: [Int]
  private var row: [Int]

  init(width: Int) {
    row = [Int](repeating: 0, count: width + 1)
    (beforeLast, last) = (row, row)
  }

  /// The number of edits between two words, neighbours' swaps counted once (optimal string alignment); nothing where it
  /// is above the limit.
  mutating func distance(from a: [UInt8], to b: [UInt8], within limit: Int) -> Int? {
    for j in last.indices { last[j] = j }
    var leastOfLast = 0
    for i in a.indices {
      row[0] = i + 1
      var least = i + 1
      for j in b.indices {
        var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i].lowercasedASCII == b[j].lowercasedASCII ? 0 : 1))
        if i > 0, j > 0, a[i].lowercasedASCII == b[j - 1].lowercasedASCII,
          a[i - 1].lowercasedASCII == b[j].lowercasedASCII
        {
          cost = min(cost, beforeLast[j - 1] + 1)
        }
        row[j + 1] = cost
        least = min(least, cost)
      }
      // Whatever follows builds on these two rows.
      if min(least, leastOfLast + 1) > limit { return nil }
      leastOfLast = least
      swap(&beforeLast, &last)
      swap(&last, &row)
    }
    return last[b.count] <= limit ? last[b.count] : nil
  }
}
