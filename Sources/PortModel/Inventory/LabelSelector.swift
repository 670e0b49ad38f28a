import SourceText

/// What labels must be for an object, or for a node, to be picked: all requirements hold.
///
/// Source: apimachinery `labels.Requirement`; a selector without requirements picks everything.
package struct LabelSelector: Hashable, Sendable {
  /// Each once, in the order of their keys.
  package private(set) var requirements: [Requirement] = []

  /// A condition on the label of one key.
  package struct Requirement: Hashable, Sendable {
    package var key: ExactText
    package var test: Test

    package init(_ key: ExactText, _ test: Test) {
      self.key = key
      self.test = test
    }

    /// The same in the one way in which it can be said.
    fileprivate var simplified: Requirement {
      guard case .among(let values) = test, values.count == 1, let value = values.first else { return self }
      return Requirement(key, .equal(value))
    }
  }

  package enum Test: Hashable, Sendable {
    /// The label is there, with this value.
    case equal(ExactText)
    /// The label is there, with one of these values.
    case among(Set<ExactText>)
    /// The label has none of these values, or is not there.
    case notAmong(Set<ExactText>)
    case exists
    case absent
  }

  package init() {}

  /// Up to so many, to look at each is faster than a set.
  private static let few = 16

  /// The selector that asks for these very labels, whose values are known.
  package init(labels: Labels) {
    requirements = labels.all.map { Requirement($0.key.exact, .equal(($0.value ?? "").exact)) }
  }

  /// The selector that asks for all of these, in any order.
  package init(_ requirements: [Requirement]) {
    let sorted = requirements.map(\.simplified).sorted(by: { $0.key < $1.key })
    if sorted.count > LabelSelector.few {
      var known: Set<Requirement> = []
      self.requirements = sorted.filter { known.insert($0).inserted }
      return
    }
    for requirement in sorted where !holds(requirement) { self.requirements.append(requirement) }
  }

  /// Whether every object is picked.
  package var picksAll: Bool {
    requirements.isEmpty
  }

  /// Whether a label has to be there.
  package var asksForALabel: Bool {
    requirements.contains { requirement in
      switch requirement.test {
      case .equal, .among, .exists: true
      case .notAmong, .absent: false
      }
    }
  }

  /// Whether these labels are picked.
  package func picks(_ labels: Labels) -> Bool {
    requirements.allSatisfy { requirement in
      let label = labels[requirement.key.text]
      let value = label?.value?.exact
      switch requirement.test {
      case .equal(let wanted): return value == wanted
      case .among(let values): return value.map(values.contains) ?? false
      case .notAmong(let values): return value.map { !values.contains($0) } ?? true
      case .exists: return label != nil
      case .absent: return label == nil
      }
    }
  }

  /// Whether no labels at all are picked by both.
  package func excludes(_ other: LabelSelector) -> Bool {
    requirements.contains { own in
      other.requirements[other.range(of: own.key)].contains { LabelSelector.contradict(own.test, $0.test) }
    }
  }

  /// Whether whatever the other picks is picked, since it asks for no less.
  package func isPart(of other: LabelSelector) -> Bool {
    requirements.allSatisfy(other.holds)
  }

  private func holds(_ requirement: Requirement) -> Bool {
    requirements[range(of: requirement.key)].contains(requirement)
  }

  /// Where the requirements on a key stand, or would.
  private func range(of key: ExactText) -> Range<Int> {
    let start = requirements.indices.firstBehind { requirements[$0].key < key }
    return start..<(requirements[start...].firstIndex { $0.key != key } ?? requirements.count)
  }

  private static func contradict(_ a: Test, _ b: Test) -> Bool {
    switch (a, b) {
    case (.equal(let a), .equal(let b)): a != b
    case (.equal(let value), .among(let values)), (.among(let values), .equal(let value)): !values.contains(value)
    case (.equal(let value), .notAmong(let values)), (.notAmong(let values), .equal(let value)): values.contains(value)
    case (.among(let a), .among(let b)): a.isDisjoint(with: b)
    case (.among(let a), .notAmong(let b)), (.notAmong(let b), .among(let a)): a.isSubset(of: b)
    case (.absent, .equal), (.equal, .absent), (.absent, .among), (.among, .absent), (.absent, .exists),
      (.exists, .absent):
      true
    default: false
    }
  }
}
