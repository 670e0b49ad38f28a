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
}

extension Inventory {
  /// The bindings in outline, by their numbers.
  var outlines: [ClaimOutline] {
    // Field by field, each in its place: a binding and an owner are large.
    bindings.indices.map { number in
      let ports: PortRange? = if case .fixed(let ports, _) = bindings[number].port { ports } else { nil }
      return ClaimOutline(
        role: bindings[number].role,
        scope: BindingFacts.ScopeWord(bindings[number].scope.kind),
        privilege: BindingFacts.PrivilegeWord(bindings[number].privilege),
        effect: BindingFacts.EffectWord(bindings[number].effect),
        ports: ports,
        inner: bindings[number].target == nil ? ports : bindings[number].target?.ports,
        network: network(of: bindings[number].owner).word)
    }
  }
}

extension OwnerCondition {
  /// Whether what costs nothing to look at leaves the condition open.
  func mayHold(for claim: ClaimOutline) -> Bool {
    guard let networks, let network = claim.network else { return true }
    return networks.contains(network)
  }
}

extension Owner.Network {
  /// The word for the network; nothing where it cannot be known.
  var word: OwnerCondition.NetworkWord? {
    switch self {
    case .private: .own
    case .host: .host
    case .shared, .sharedOutside: .shared
    case .none: OwnerCondition.NetworkWord.none
    case .unknown: nil
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
