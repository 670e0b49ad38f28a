import PortModel

/// A condition on single bindings: everything that is given must hold.
package struct BindingCondition: Sendable {
  package var roles: [Binding.Role]?
  package var scopes: [ScopeWord]?
  package var formats: [Format]?
  package var privileges: [PrivilegeWord]?
  /// Without one, the condition speaks of claims that take effect.
  package var effects: [EffectWord]?
  package var addresses: [AddressWord]?
  /// The names of the port, as globs (fnmatch).
  package var names: [String]?
  /// What is spoken on the port, as globs (fnmatch).
  package var applicationProtocols: [String]?
  /// Whose network the owner is on.
  package var networks: [NetworkWord]?
  /// Whether the owner shows that it asks who is there.
  package var isAuthenticated: Bool?
  /// Whether the owner is one of the cluster's own components.
  package var isControlPlane: Bool?
  package var ports: PortCondition?
  /// On the ports that the process itself listens on: the container's side of a published port.
  package var targets: PortCondition?
  /// Of these, one must hold.
  package var alternatives: [BindingCondition]?

  package init() {}

  /// The words for `Owner.Network`.
  package enum NetworkWord: String, CaseIterable, Sendable {
    case own
    case host
    case shared
    case none
  }

  /// The words for addresses.
  package enum AddressWord: String, CaseIterable, Sendable {
    /// None is written.
    case unnamed
    /// None is written, or one that stands for all.
    case wildcard
    case loopback
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
}

extension BindingCondition {
  /// The words for `Binding.Effect`.
  package enum EffectWord: String, CaseIterable, Sendable {
    case takes
    case ignored
    case refused
    case superseded

    init(_ effect: Binding.Effect) {
      switch effect {
      case .takes: self = .takes
      case .ignored: self = .ignored
      case .refused: self = .refused
      case .superseded: self = .superseded
      }
    }
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

  /// A set of ports, by its name or written out.
  package enum PortSource: Hashable, Sendable {
    /// Ports written out: `80`, `7000-7099`.
    case range(PortRange)
    /// A named range of the policy, or a table of ports.
    case named(String)
    /// What the services database knows for the protocol: `registered`.
    case registered
    /// What products made their own without registering it: `de-facto`.
    case deFacto
    /// The port inside that the claim leads to: `own-target`.
    case ownTarget
  }
}

/// What holds between several claims or references; the engine implements each.
package enum Relation: String, CaseIterable, Sendable {
  /// Claims of one scope that take the same socket.
  case sameSocket = "same-socket"
  /// Copies of an owner on one host that need more ports than it has.
  case scarcePorts = "scarce-ports"
  /// A service that needs both transports, published on one.
  case loneTransport = "lone-transport"
  /// A port's name belongs to one well-known service and its number to another.
  case misnamedService = "misnamed-service"
  /// A reference to a port that nothing in view offers.
  case unresolvedReference = "unresolved-reference"

  /// What a relation can come to; a rule asks for one.
  package enum Outcome: String, CaseIterable, Sendable {
    /// It holds, and there is nothing more to say of it.
    case holds
    /// The claims will meet.
    case certain
    /// The claims may meet.
    case possible
    /// One owner says the same twice.
    case duplicate
    /// A number that nobody declares, which somebody may still listen on.
    case undeclared
  }

  /// The outcomes that the relation has.
  package var outcomes: [Outcome] {
    switch self {
    case .sameSocket: [.certain, .possible, .duplicate]
    case .loneTransport, .misnamedService, .scarcePorts: [.holds]
    case .unresolvedReference: [.holds, .undeclared]
    }
  }

  /// What an outcome may give words of its own: the cases that a rule may have.
  package func variants(of outcome: Outcome) -> [String] {
    switch self {
    case .sameSocket: SameSocket.Variant.allCases.filter { $0.outcomes.contains(outcome) }.map(\.rawValue)
    case .loneTransport, .misnamedService, .scarcePorts: []
    case .unresolvedReference:
      UnresolvedReference.Variant.allCases.filter { $0.outcomes.contains(outcome) }.map(\.rawValue)
    }
  }

  /// The placeholders that the relation fills.
  package var placeholders: Set<Placeholder> {
    switch self {
    case .sameSocket: [.owner, .port, .protocol, .endpoint, .address, .other, .theirs, .more]
    case .loneTransport: [.owner, .port, .protocol, .endpoint, .service, .expected]
    case .scarcePorts: [.owner, .port, .protocol, .endpoint, .limit]
    case .misnamedService: [.owner, .name, .port, .protocol, .endpoint, .other, .expected]
    case .unresolvedReference: [.owner, .name, .field, .other, .protocol, .suggestion, .expected]
    }
  }
}
