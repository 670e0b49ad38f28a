import SourceText

/// A set of ports, as disjoint runs in rising order.
///
/// Conditions on ports are sets and not yes-or-no answers: a condition on a range of ports says *which* of them it
/// holds for, and a rule fires on what is left.
package struct PortSet: Hashable, Sendable {
  /// The runs, disjoint, not adjacent, in rising order.
  package private(set) var runs: [PortRange]

  /// Makes the empty set.
  package init() {
    runs = []
  }

  /// Makes the set of one range.
  package init(_ range: PortRange) {
    runs = [range]
  }

  /// Makes the union of `ranges`, which may overlap and come in any order. O(*n* log *n*), and O(*n*) in rising order.
  package init(_ ranges: [PortRange]) {
    runs = []
    // Tables and unions of sets often are in order as they come.
    let isSorted = ranges.indices.dropFirst().allSatisfy { ranges[$0 - 1] <= ranges[$0] }
    for range in isSorted ? ranges : ranges.sorted() {
      guard let last = runs.last, Int(range.first) <= Int(last.last) + 1 else {
        runs.append(range)
        continue
      }
      runs[runs.count - 1] = PortRange(unchecked: last.first, max(last.last, range.last))
    }
  }

  /// Every port.
  package static let all = PortSet(.all)

  /// Whether no port is in the set.
  package var isEmpty: Bool {
    runs.isEmpty
  }

  /// Whether `port` is in the set.
  package func contains(_ port: UInt16) -> Bool {
    overlaps(PortRange(port))
  }

  /// Whether a port of `range` is in the set. O(log *n*).
  package func overlaps(_ range: PortRange) -> Bool {
    let run = runs.indices.firstBehind { runs[$0].last < range.first }
    return run < runs.count && runs[run].first <= range.last
  }

  /// The lowest port of the set that is not below another. O(log *n*).
  package func first(from port: UInt16) -> UInt16? {
    let run = runs.indices.firstBehind { runs[$0].last < port }
    return run < runs.count ? max(runs[run].first, port) : nil
  }

  /// Takes a port out of the set.
  package mutating func remove(_ port: UInt16) {
    let run = runs.indices.firstBehind { runs[$0].last < port }
    guard run < runs.count, runs[run].first <= port else { return }
    let rest = PortSet(runs[run]).subtracting(PortSet(PortRange(port)))
    runs.replaceSubrange(run...run, with: rest.runs)
  }

  /// The ports of both sets. O(log *n* + log *m*), and what they have in common.
  package func intersection(_ other: PortSet) -> PortSet {
    var result = PortSet()
    guard let first = runs.first?.first, let theirFirst = other.runs.first?.first else { return result }
    var i = runs.indices.firstBehind { runs[$0].last < theirFirst }
    var j = other.runs.indices.firstBehind { other.runs[$0].last < first }
    while i < runs.count, j < other.runs.count {
      if let common = runs[i].intersection(other.runs[j]) { result.runs.append(common) }
      if runs[i].last < other.runs[j].last { i += 1 } else { j += 1 }
    }
    return result
  }

  /// The ports of this set that are not in `other`. O(*n* + *m*).
  package func subtracting(_ other: PortSet) -> PortSet {
    if other.isEmpty { return self }
    var result = PortSet()
    var j = 0
    for run in runs {
      // What is left of the run; past the last port where nothing is.
      var next = Int(run.first)
      while j < other.runs.count, other.runs[j].first <= run.last {
        let taken = other.runs[j]
        if Int(taken.first) > next { result.runs.append(PortRange(unchecked: UInt16(next), taken.first - 1)) }
        next = max(next, Int(taken.last) + 1)
        // It may reach into the next run.
        if taken.last > run.last { break }
        j += 1
      }
      if next <= run.last { result.runs.append(PortRange(unchecked: UInt16(next), run.last)) }
    }
    return result
  }

  /// The ports of either set.
  package func union(_ other: PortSet) -> PortSet {
    if isEmpty || other.isEmpty { return isEmpty ? other : self }
    return PortSet(runs + other.runs)
  }
}
