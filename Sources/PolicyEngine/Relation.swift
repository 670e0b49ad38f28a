import PortModel

/// What holds between several claims or references; the engine implements each.
package enum Relation: String, CaseIterable, Sendable {
  /// Claims of one scope that take the same socket.
  case sameSocket = "same-socket"
  /// Copies of an owner on one host that need more ports than it has.
  case scarcePorts = "scarce-ports"
  /// A service that needs both transports, published on one.
  case loneTransport = "lone-transport"
  /// What a later layer of a project publishes beside an earlier one.
  case appendedMapping = "appended-mapping"
  /// Claims of an owner whose network makes nothing of them.
  case ignoredClaims = "ignored-claims"
  /// Claims of an owner that are refused on its network.
  case refusedClaims = "refused-claims"
  /// An update whose new copies wait for ports of the old ones.
  case updateDeadlock = "update-deadlock"
  /// A container's port that is not that of the image's service, as the host's is.
  case misspeltTarget = "misspelt-target"
  /// A service that lets anyone in, where everybody reaches it.
  case openService = "open-service"
  /// A service on a transport that it does not use, and not on its own.
  case otherTransport = "other-transport"
  /// A port's name belongs to one well-known service and its number to another.
  case misnamedService = "misnamed-service"
  /// A port that nothing maps, and that leads to another number.
  case headlessRemap = "headless-remap"
  /// A reference to a port that nothing in view offers, or several do.
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
    /// The claims will meet if both owners run, which are alternatives of each other.
    case rivals
    /// A number that nobody declares, which somebody may still listen on.
    case undeclared
    /// A number of the outside, where the inside is meant.
    case outer
    /// What a proxy is told, which the service that says what it has does not have.
    case mislabelled
    /// Several ports are meant by what says one.
    case ambiguous
  }

  /// The outcomes that the relation has.
  package var outcomes: [Outcome] {
    switch self {
    case .sameSocket: [.certain, .possible, .duplicate, .rivals]
    case .appendedMapping, .headlessRemap, .ignoredClaims, .loneTransport, .misnamedService, .misspeltTarget,
      .openService, .otherTransport, .refusedClaims, .scarcePorts, .updateDeadlock:
      [.holds]
    case .unresolvedReference: [.holds, .undeclared, .outer, .mislabelled, .ambiguous]
    }
  }

  /// What an outcome may give words of its own: the cases that a rule may have.
  package func variants(of outcome: Outcome) -> [String] {
    switch self {
    case .sameSocket: SameSocket.Variant.allCases.filter { $0.outcomes.contains(outcome) }.map(\.rawValue)
    case .appendedMapping, .headlessRemap, .ignoredClaims, .loneTransport, .misnamedService, .misspeltTarget,
      .otherTransport, .refusedClaims:
      []
    case .scarcePorts: ScarcePorts.Variant.allCases.map(\.rawValue)
    case .updateDeadlock: UpdateDeadlock.Variant.allCases.map(\.rawValue)
    case .openService: OpenService.Variant.allCases.map(\.rawValue)
    case .unresolvedReference:
      UnresolvedReference.Variant.allCases.filter { $0.outcomes.contains(outcome) }.map(\.rawValue)
    }
  }

  /// The placeholders that the relation fills.
  package var placeholders: Set<Placeholder> {
    switch self {
    case .sameSocket: [.owner, .port, .protocol, .endpoint, .address, .other, .theirs, .more]
    case .loneTransport, .otherTransport: [.owner, .port, .protocol, .endpoint, .service, .expected]
    case .openService: [.owner, .image, .port, .protocol, .endpoint, .address, .service]
    case .scarcePorts: [.owner, .port, .protocol, .endpoint, .limit]
    case .appendedMapping: [.owner, .port, .protocol, .endpoint, .expected, .theirs]
    case .ignoredClaims, .refusedClaims: [.owner, .port, .protocol, .endpoint, .network, .more]
    case .misspeltTarget: [.owner, .image, .service, .port, .protocol, .endpoint, .expected]
    case .updateDeadlock: [.owner, .port, .protocol, .endpoint, .more]
    case .headlessRemap: [.owner, .port, .protocol, .endpoint, .expected]
    case .misnamedService: [.owner, .name, .port, .protocol, .endpoint, .other, .expected]
    case .unresolvedReference: [.owner, .name, .field, .other, .theirs, .protocol, .suggestion, .expected]
    }
  }
}
