import SourceText

/// On which nodes of its cluster an owner runs.
package struct Placement: Hashable, Sendable {
  /// Whether it runs on each node that its selection leaves, and not on some of the scheduler's choice.
  package var isOnEach = false
  /// The nodes that it may run on: those that one of these picks.
  package var nodes = Placement.anyNode
  /// Whether something that cannot be read narrows the nodes further.
  package var isNarrowed = false
  /// The taints that it tolerates, as texts to compare.
  package var tolerations: Set<ExactText> = []
  /// Whether no taint keeps it away: it tolerates all, or names its node itself.
  package var toleratesAll = false

  private static let anyNode = [LabelSelector()]

  package init() {}

  /// Any nodes, as the scheduler likes.
  package static let some = Placement()

  /// Every node, whatever keeps others away.
  package static let everywhere: Placement = {
    var placement = Placement()
    placement.isOnEach = true
    placement.toleratesAll = true
    return placement
  }()

  /// Whether there is but one node that it may run on, by the name that the node has.
  package var isOnOneNode: Bool {
    let names = nodes.map(\.nameOfNode)
    return !names.isEmpty && names.allSatisfy { $0 != nil && $0 == names[0] }
  }

  /// Whether no node can be picked for both.
  package func excludes(_ other: Placement) -> Bool {
    nodes.allSatisfy { own in other.nodes.allSatisfy { own.excludes($0) } }
  }

  /// Whether a node that runs one of both is bound to run the other too.
  package func meets(_ other: Placement) -> Bool {
    if covers(other) || other.covers(self) { return true }
    // On a node without taints, and there is one, both run.
    return isOnEveryNode && other.isOnEveryNode
  }

  private var isOnEveryNode: Bool {
    isOnEach && !isNarrowed && nodes.contains { $0.picksAll }
  }

  /// Whether it runs on every node where the other may run.
  private func covers(_ other: Placement) -> Bool {
    guard isOnEach, !isNarrowed else { return false }
    guard toleratesAll || (!other.toleratesAll && other.tolerations.isSubset(of: tolerations)) else { return false }
    return other.nodes.allSatisfy { theirs in
      nodes.contains { $0.isPart(of: theirs) }
    }
  }
}

extension Placement {
  /// How much of it is held against another.
  package struct Size: Sendable {
    /// How many selections of nodes there are.
    package var selections: Int
    /// What all of them ask for, and what is tolerated.
    package var terms: Int

    /// How many terms two placements make one look at.
    package func steps(with other: Size) -> Int {
      terms * max(1, other.selections) + other.terms * max(1, selections)
    }
  }

  /// O(*n*) in what it asks for.
  package var size: Size {
    let asked = nodes.reduce(0) { $0 + $1.requirements.reduce(0) { $0 + $1.test.size } }
    return Size(selections: nodes.count, terms: asked + tolerations.count)
  }
}

extension LabelSelector {
  /// What Swarm and Kubernetes call the name of a node.
  private static let keysOfNames: Set<ExactText> = ["", "node.hostname", "node.id", "kubernetes.io/hostname"]

  /// The node that is asked for by its name.
  fileprivate var nameOfNode: Requirement? {
    requirements.first {
      if case .equal = $0.test { LabelSelector.keysOfNames.contains($0.key) } else { false }
    }
  }
}

extension LabelSelector.Test {
  /// How many values are looked at.
  fileprivate var size: Int {
    switch self {
    case .equal, .exists, .absent: 1
    case .among(let values), .notAmong(let values): 1 + values.count
    }
  }
}
