import PortModel

/// What of a claim decides most conditions, without anything that costs to copy: every rule looks at every claim, and
/// most look no further.
struct ClaimOutline {
  let role: Binding.Role
  let scope: Predicate.ScopeWord
  let privilege: Predicate.PrivilegeWord
  let effect: Predicate.EffectWord
  /// The ports, where they are known and fixed.
  let ports: PortRange?
  /// The ports inside that the claim leads to, as far as the manifest says.
  let inner: PortRange?
  /// Whose network the owner is on; nothing where that cannot be known.
  let network: Predicate.NetworkWord?
}

extension Inventory {
  /// The bindings in outline, by their numbers.
  var outlines: [ClaimOutline] {
    // Field by field, each in its place: a binding and an owner are large.
    bindings.indices.map { number in
      let ports: PortRange? = if case .fixed(let ports, _) = bindings[number].port { ports } else { nil }
      return ClaimOutline(
        role: bindings[number].role,
        scope: Predicate.ScopeWord(bindings[number].scope.kind),
        privilege: Predicate.PrivilegeWord(bindings[number].privilege),
        effect: Predicate.EffectWord(bindings[number].effect),
        ports: ports,
        inner: bindings[number].target == nil ? ports : bindings[number].target?.ports,
        network: network(of: bindings[number].owner).word)
    }
  }
}

extension Owner.Network {
  /// The word for the network; nothing where it cannot be known.
  var word: Predicate.NetworkWord? {
    switch self {
    case .private, .isolated: .own
    case .host: .host
    case .shared, .sharedOutside: .shared
    case .none: Predicate.NetworkWord.none
    case .unknown: nil
    }
  }
}

/// What a condition asks of the outline of a claim: most claims are none of the condition's, and that costs least to see.
struct ClaimFilter {
  private var roles: [Binding.Role]?
  private var scopes: [Predicate.ScopeWord]?
  private var privileges: [Predicate.PrivilegeWord]?
  private var effects: [Predicate.EffectWord] = [.takes]
  private var networks: [Predicate.NetworkWord]?
  /// The ports outside of which it holds for none.
  private var ports: PortSet?
  private var inner: PortSet?

  init(_ condition: Condition, _ policy: Policy) {
    for predicate in condition.predicates {
      switch predicate {
      case .role(let words): roles = words
      case .scope(let words): scopes = words
      case .privilege(let words): privileges = words
      case .effect(let words): effects = words
      case .network(let words): networks = words
      case .port(let condition): ports = condition.reach(policy) ?? .all
      case .target(let condition): inner = condition.reach(policy)
      // Whatever else is asked, it leaves open.
      default: break
      }
    }
  }

  /// Whether the outline leaves open that the condition holds.
  func mayHold(for claim: ClaimOutline) -> Bool {
    if !effects.contains(claim.effect) { return false }
    if let roles, !roles.contains(claim.role) { return false }
    if let scopes, !scopes.contains(claim.scope) { return false }
    if let privileges, !privileges.contains(claim.privilege) { return false }
    if let networks, let network = claim.network, !networks.contains(network) { return false }
    if let ports {
      guard let claimed = claim.ports, ports.overlaps(claimed) else { return false }
    }
    if let inner {
      guard let claimed = claim.inner, inner.overlaps(claimed) else { return false }
    }
    return true
  }
}

extension Predicate.EffectWord {
  init(_ effect: Binding.Effect) {
    switch effect {
    case .takes: self = .takes
    case .ignored: self = .ignored
    case .refused: self = .refused
    case .superseded: self = .superseded
    }
  }
}

extension Predicate.ScopeWord {
  init(_ kind: Scope.Kind) {
    switch kind {
    case .host: self = .host
    case .node: self = .node
    case .nodePorts: self = .nodePorts
    case .networkNamespace: self = .networkNamespace
    case .virtual: self = .virtual
    case .job: self = .job
    }
  }
}

extension Predicate.PrivilegeWord {
  init(_ privilege: Binding.Privilege) {
    switch privilege {
    case .unneeded: self = .unneeded
    case .held: self = .held
    case .missing: self = .missing
    case .dependsOnRuntime: self = .dependsOnRuntime
    }
  }
}
