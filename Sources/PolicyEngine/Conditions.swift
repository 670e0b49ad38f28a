import PortModel

/// What a rule's `when` asks of a subject: everything that is given must hold.
///
/// Unknown is a third answer: a condition that hangs on what cannot be known from the text does not fire, and neither
/// does its opposite.
package struct Condition<Facts: Sendable>: Sendable {
  package var owner = OwnerCondition()
  /// What only this kind of subject has.
  package var facts: Facts
  /// Of these, each must hold.
  package var all: [Condition] = []
  /// Of these, one must hold.
  package var any: [Condition]?
  /// Of these, none may hold.
  package var not: [Condition] = []

  package init(facts: Facts) {
    self.facts = facts
  }
}

/// A condition on single claims.
package typealias BindingCondition = Condition<BindingFacts>
/// A condition on single references.
package typealias ReferenceCondition = Condition<ReferenceFacts>

/// A condition on who claims or points.
package struct OwnerCondition: Sendable {
  package var formats: [Format]?
  /// Globs of an object's kind; `service` in Compose and plain manifests.
  package var kinds: Globs?
  /// Globs of a name, or of a namespace and a name: `web`, `shop/*`.
  package var names: Globs?
  package var namespaces: Globs?
  package var containers: Globs?
  /// Globs of the manifest's path, from the policy's folder.
  package var files: [PathGlob]?
  /// Globs of the values that the labels must have.
  package var labels: [(key: String, values: Globs)] = []
  /// Globs of the image.
  package var images: Globs?
  /// Whose network the owner is on.
  package var networks: [NetworkWord]?
  package var replicas: CountCondition?
  /// Whether the owner shows that it asks who is there.
  package var isAuthenticated: Bool?
  /// Whether the owner is one of the cluster's own components.
  package var isControlPlane: Bool?

  package init() {}

  /// The words for `Owner.Network`.
  package enum NetworkWord: String, CaseIterable, Sendable {
    case own
    case host
    case shared
    case none
  }
}

/// A condition on a number: both bounds are of it.
package struct CountCondition: Sendable {
  package var least = 0
  package var most = Int.max

  package init() {}

  init(least: Int, most: Int) {
    self.least = least
    self.most = most
  }
}

/// What a condition asks of a claim itself.
package struct BindingFacts: Sendable {
  package var roles: [Binding.Role]?
  package var scopes: [ScopeWord]?
  package var privileges: [PrivilegeWord]?
  /// Without one, the condition speaks of claims that take effect.
  package var effects: [EffectWord]?
  package var addresses: [AddressPattern]?
  package var protocols: [TransportProtocol]?
  /// Globs of the port's name.
  package var names: Globs?
  /// Whether the port has a name.
  package var isNamed: Bool?
  /// Globs of what is spoken on the port.
  package var applicationProtocols: Globs?
  /// Globs of the services that have the port the process listens on.
  package var services: Globs?
  package var ports: PortCondition?
  /// On the ports that the process itself listens on: the container's side of a published port.
  package var targets: PortCondition?

  package init() {}

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

  /// The words for `Scope.Kind`.
  package enum ScopeWord: String, CaseIterable, Sendable {
    case host
    case node
    case nodePorts = "node-ports"
    case networkNamespace = "network-namespace"
    case virtual
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

/// What a condition asks of a reference itself.
package struct ReferenceFacts: Sendable {
  package var fields: [Reference.Field]?
  package var wanted: [WantedWord]?
  /// Globs of the name that is pointed at.
  package var names: Globs?
  package var protocols: [TransportProtocol]?
  package var ports: PortCondition?

  package init() {}

  /// The words for `Reference.Wanted`.
  package enum WantedWord: String, CaseIterable, Sendable {
    case name
    case number
  }
}

/// A condition on ports: a set of them, and not a yes or no.
package struct PortCondition: Sendable {
  /// The ports must lie in one of these.
  package var included: [PortSource] = []
  /// The ports must lie in none of these.
  package var excluded: [PortSource] = []
  /// The ports must lie in one of these tables, but for another protocol than the claim's.
  package var otherProtocols: [String] = []

  package init() {}

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
