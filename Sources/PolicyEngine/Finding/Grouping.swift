import SourceText

/// Numbers by a key that several share.
///
/// Sorted and not hashed: what shares a key mostly stands together, so that there is little to sort. The first dictionary
/// whose keys are of some type makes the runtime look through every conformance in the binary for how that type is hashed.
struct Groups<Key> {
  /// The keys in rising order, and the numbers of each in the order in which they came.
  let all: [(key: Key, numbers: ArraySlice<Int>)]
}

extension Groups where Key: Comparable {
  /// Groups the numbers that have a key.
  init(_ numbers: some Sequence<Int>, by key: (Int) -> Key?) {
    var pairs = numbers.compactMap { number in key(number).map { (key: $0, number: number) } }
    pairs.sort { $0.key < $1.key }
    let numbers = pairs.map(\.number)
    var groups: [(key: Key, numbers: ArraySlice<Int>)] = []
    var start = 0
    for end in 1..<pairs.count + 1 where end == pairs.count || pairs[end].key != pairs[start].key {
      groups.append((pairs[start].key, numbers[start..<end]))
      start = end
    }
    all = groups
  }

  /// The numbers of a key. O(log *n*).
  subscript(key: Key) -> ArraySlice<Int> {
    let place = all.indices.firstBehind { all[$0].key < key }
    return place < all.count && all[place].key == key ? all[place].numbers : []
  }
}

/// Keys with numbers in the order in which they come.
///
/// A few keys are found by looking at each, as long as a dictionary costs more: see `Groups`.
struct Numbering<Key: Hashable> {
  private static var few: Int { 8 }

  private var keys: [Key] = []
  /// Nothing as long as there are few.
  private var numbers: [Key: Int] = [:]

  /// The number of a key; nothing if it has not come yet.
  subscript(key: Key) -> Int? {
    keys.count <= Numbering.few ? keys.firstIndex(of: key) : numbers[key]
  }

  /// The number of a key, which is the next one if it has not come yet.
  mutating func add(_ key: Key) -> Int {
    if let number = self[key] { return number }
    keys.append(key)
    if keys.count > Numbering.few {
      for number in numbers.count..<keys.count { numbers[keys[number]] = number }
    }
    return keys.count - 1
  }
}

extension [Int] {
  /// The numbers in rising order, each once.
  var sortedUnique: [Int] {
    let sorted = sorted()
    return sorted.indices.filter { $0 == 0 || sorted[$0] != sorted[$0 - 1] }.map { sorted[$0] }
  }
}
