import PortModel

/// What a rule's `when` asks of a claim or a reference: all of its predicates must hold.
///
/// Unknown is a third answer: a condition that hangs on what cannot be known from the text does not fire, and neither
/// does its opposite.
package struct Condition: Sendable {
  /// In the order in which they are asked.
  package var predicates: [Predicate]

  package init(predicates: [Predicate]) {
    self.predicates = predicates
  }
}

// MARK: - What stands behind the keys

extension Predicate {
  /// The words for addresses.
  package enum AddressPattern: Sendable {
    /// None is written.
    case unnamed
    /// None is written, or one that stands for all.
    case every
    case loopback
    /// RFC 1918 and RFC 4193.
    case `private`
    case network(IPNetwork)
  }

  /// A label, and globs of the values that it must have.
  package struct LabelPattern: Sendable {
    package var key: String
    package var values: Globs

    package init(key: String, values: Globs) {
      self.key = key
      self.values = values
    }
  }

  /// The words for `Owner.Network`.
  package enum NetworkWord: String, CaseIterable, Sendable {
    case own
    case host
    case shared
    case none
  }

  /// The words for `Reference.Wanted`.
  package enum WantedWord: String, CaseIterable, Sendable {
    case name
    case number

    func describes(_ wanted: Reference.Wanted) -> Bool {
      switch wanted {
      case .name: self == .name
      case .number: self == .number
      case .anything: false
      }
    }
  }

  /// The words for `Scope.Kind`.
  package enum ScopeWord: String, CaseIterable, Sendable {
    case host
    case node
    case nodePorts = "node-ports"
    case networkNamespace = "network-namespace"
    case virtual
    case job
  }

  /// The words for `Binding.Privilege`.
  package enum PrivilegeWord: String, CaseIterable, Sendable {
    case unneeded
    case held
    case missing
    case dependsOnRuntime = "depends-on-runtime"
  }

  /// The words for `Binding.Effect`.
  package enum EffectWord: String, CaseIterable, Sendable {
    case takes
    case ignored
    case refused
    case superseded
  }
}

/// A condition on a number: both bounds are of it.
package struct CountCondition: Sendable {
  package var least: Int
  package var most: Int

  package init(least: Int = 0, most: Int = .max) {
    self.least = least
    self.most = most
  }
}

/// A condition on ports: a set of them, and not a yes or no.
package struct PortCondition: Sendable {
  /// The ports must lie in one of these.
  package var included: [PortSource]
  /// The ports must lie in none of these.
  package var excluded: [PortSource]
  /// The ports must lie in one of these tables, but for another protocol than the claim's.
  package var otherProtocols: [String]

  package init(included: [PortSource] = [], excluded: [PortSource] = [], otherProtocols: [String] = []) {
    self.included = included
    self.excluded = excluded
    self.otherProtocols = otherProtocols
  }

  /// A set of ports, by its name or written out.
  package enum PortSource: Hashable, Sendable {
    /// Ports written out: `80`, `7000-7099`.
    case ports(PortSet)
    /// A named range of the policy, or a table of ports.
    case named(String)
    /// What the services database knows for the protocol: `registered`.
    case registered
    /// What products made their own without registering it: `de-facto`.
    case deFacto
    /// The port inside that the claim leads to: `own-target`.
    case ownTarget
    /// What the policy's allocations give to anyone: `allocated`.
    case allocated
    /// What the policy's allocations give to others than the owner: `foreign`.
    case foreign

    /// The words that stand for ports and are no names of ranges.
    package static let words = ["registered", "de-facto", "own-target", "allocated", "foreign"]
  }
}
