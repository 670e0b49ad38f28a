import PortModel

/// A condition on single bindings: everything that is given must hold.
package struct BindingCondition: Sendable {
  package var roles: [Binding.Role]?
  package var scopes: [ScopeWord]?
  package var formats: [Format]?
  package var privileges: [PrivilegeWord]?
  package var ports: PortCondition?

  package init() {}

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

/// A condition on ports: a set of them, and not a yes or no.
package struct PortCondition: Sendable {
  /// The ports must lie in one of these.
  package var included: [PortSource] = []
  /// The ports must lie in none of these.
  package var excluded: [PortSource] = []

  /// A set of ports, by its name or written out.
  package enum PortSource: Hashable, Sendable {
    /// Ports written out: `80`, `7000-7099`.
    case range(PortRange)
    /// A named range of the policy.
    case named(String)
    /// What the services database knows for the protocol: `registered`.
    case registered
    /// What products made their own without registering it: `de-facto`.
    case deFacto
  }
}

/// What holds between several claims or references; the engine implements each.
package enum Relation: String, CaseIterable, Sendable {
  /// Claims of one scope that take the same socket.
  case sameSocket = "same-socket"
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
    case .misnamedService: [.holds]
    case .unresolvedReference: [.holds, .undeclared]
    }
  }

  /// The placeholders that the relation fills.
  package var placeholders: Set<Placeholder> {
    switch self {
    case .sameSocket: [.owner, .port, .protocol, .endpoint, .address, .other, .theirs, .more]
    case .misnamedService: [.owner, .name, .port, .protocol, .endpoint, .other, .expected]
    case .unresolvedReference: [.owner, .name, .field, .other, .protocol, .suggestion, .expected]
    }
  }
}
