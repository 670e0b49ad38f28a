/// What labels must be for an object, or for a node, to be picked: all requirements hold.
///
/// Source: apimachinery `labels.Requirement`; a selector without requirements picks everything.
package struct LabelSelector: Hashable, Sendable {
  package var requirements: Set<Requirement> = []

  /// A condition on the label of one key.
  package struct Requirement: Hashable, Sendable {
    package var key: String
    package var test: Test

    package init(_ key: String, _ test: Test) {
      self.key = key
      self.test = test
    }
  }

  package enum Test: Hashable, Sendable {
    /// The label is there, with one of these values.
    case among(Set<String>)
    /// The label has none of these values, or is not there.
    case notAmong(Set<String>)
    case exists
    case absent
  }

  package init() {}

  /// The selector that asks for these very labels.
  package init(labels: [String: String]) {
    requirements = Set(labels.map { Requirement($0.key, .among([$0.value])) })
  }

  /// Whether every object is picked.
  package var picksAll: Bool {
    requirements.isEmpty
  }

  /// Whether a label has to be there.
  package var asksForALabel: Bool {
    requirements.contains { requirement in
      switch requirement.test {
      case .among, .exists: true
      case .notAmong, .absent: false
      }
    }
  }

  /// Whether these labels are picked.
  package func picks(_ labels: [String: String]) -> Bool {
    requirements.allSatisfy { requirement in
      let value = labels[requirement.key]
      switch requirement.test {
      case .among(let values): return value.map(values.contains) ?? false
      case .notAmong(let values): return value.map { !values.contains($0) } ?? true
      case .exists: return value != nil
      case .absent: return value == nil
      }
    }
  }

  /// Whether no labels at all are picked by both.
  package func excludes(_ other: LabelSelector) -> Bool {
    requirements.contains { a in
      other.requirements.contains { b in a.key == b.key && LabelSelector.contradict(a.test, b.test) }
    }
  }

  private static func contradict(_ a: Test, _ b: Test) -> Bool {
    switch (a, b) {
    case (.among(let a), .among(let b)): a.isDisjoint(with: b)
    case (.among(let a), .notAmong(let b)), (.notAmong(let b), .among(let a)): a.isSubset(of: b)
    case (.absent, .among), (.among, .absent), (.absent, .exists), (.exists, .absent): true
    default: false
    }
  }
}
