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

  /// The ports of both sets. O(*n* + *m*).
  package func intersection(_ other: PortSet) -> PortSet {
    var result = PortSet()
    var i = 0
    var j = 0
    while i < runs.count, j < other.runs.count {
      if let common = runs[i].intersection(other.runs[j]) { result.runs.append(common) }
      if runs[i].last < other.runs[j].last { i += 1 } else { j += 1 }
    }
    return result
  }

  /// The ports of this set that are not in `other`. O(*n* + *m*).
  package func subtracting(_ other: PortSet) -> PortSet {
    intersection(other.complement)
  }

  /// The ports of either set.
  package func union(_ other: PortSet) -> PortSet {
    PortSet(runs + other.runs)
  }

  private var complement: PortSet {
    var result = PortSet()
    var next = 0
    for run in runs {
      if Int(run.first) > next { result.runs.append(PortRange(unchecked: UInt16(next), run.first - 1)) }
      next = Int(run.last) + 1
    }
    if next <= 65535 { result.runs.append(PortRange(unchecked: UInt16(next), 65535)) }
    return result
  }
}
