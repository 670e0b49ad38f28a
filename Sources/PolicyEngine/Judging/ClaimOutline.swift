import PortModel

/// What of a claim decides most conditions, without anything that costs to copy: every rule looks at every claim, and
/// most look no further.
struct ClaimOutline {
  let role: Binding.Role
  let scope: BindingFacts.ScopeWord
  let privilege: BindingFacts.PrivilegeWord
  let effect: BindingFacts.EffectWord
  /// The ports, where they are known and fixed.
  let ports: PortRange?
  /// The ports inside that the claim leads to, as far as the manifest says.
  let inner: PortRange?
  /// Whose network the owner is on; nothing where that cannot be known.
  let network: OwnerCondition.NetworkWord?

  init(_ binding: Binding, on network: Owner.Network) {
    role = binding.role
    scope = BindingFacts.ScopeWord(binding.scope.kind)
    privilege = BindingFacts.PrivilegeWord(binding.privilege)
    effect = BindingFacts.EffectWord(binding.effect)
    ports = binding.fixedPorts
    inner = binding.innerPorts
    self.network = OwnerCondition.NetworkWord(network)
  }
}

extension OwnerCondition {
  /// Whether what costs nothing to look at leaves the condition open.
  func mayHold(for claim: ClaimOutline) -> Bool {
    guard let networks, let network = claim.network else { return true }
    return networks.contains(network)
  }
}

extension OwnerCondition.NetworkWord {
  /// The word for a network; nothing where it cannot be known.
  init?(_ network: Owner.Network) {
    switch network {
    case .private: self = .own
    case .host: self = .host
    case .shared, .sharedOutside: self = .shared
    case .none: self = .none
    case .unknown: return nil
    }
  }
}

extension BindingFacts {
  /// Whether what costs nothing to look at leaves the condition open.
  func mayHold(for claim: ClaimOutline) -> Bool {
    if let roles, !roles.contains(claim.role) { return false }
    if let scopes, !scopes.contains(claim.scope) { return false }
    if let privileges, !privileges.contains(claim.privilege) { return false }
    if let effects, !effects.contains(claim.effect) { return false }
    return true
  }
}

extension BindingFacts.EffectWord {
  init(_ effect: Binding.Effect) {
    switch effect {
    case .takes: self = .takes
    case .ignored: self = .ignored
    case .refused: self = .refused
    case .superseded: self = .superseded
    }
  }
}

extension BindingFacts.ScopeWord {
  init(_ kind: Scope.Kind) {
    switch kind {
    case .host: self = .host
    case .node: self = .node
    case .nodePorts: self = .nodePorts
    case .networkNamespace: self = .networkNamespace
    case .virtual: self = .virtual
    }
  }
}

extension BindingFacts.PrivilegeWord {
  init(_ privilege: Binding.Privilege) {
    switch privilege {
    case .unneeded: self = .unneeded
    case .held: self = .held
    case .missing: self = .missing
    case .dependsOnRuntime: self = .dependsOnRuntime
    }
  }
}
