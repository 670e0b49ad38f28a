import PortModel

extension BindingCondition {
  /// The placeholders that a match of a single binding fills.
  package static let placeholders: Set<Placeholder> = [
    .owner, .port, .protocol, .endpoint, .address, .name, .range, .network, .service, .expected,
  ]

  /// What the condition makes of a binding; nothing where it does not hold, or cannot be known to.
  func match(_ binding: Binding, in inventory: Inventory, policy: Policy) -> Match? {
    // Most bindings are none of the condition's: what costs least is asked first.
    if let effects { guard effects.contains(EffectWord(binding.effect)) else { return nil } }
    if effects == nil { guard binding.effect == .takes else { return nil } }
    guard allows(binding), mayHold(for: binding, policy) else { return nil }
    guard let hit = hit(binding, inventory.owners[Int(binding.owner.index)], policy) else { return nil }
    let owner = inventory[binding.owner]
    let ports = hit.ports ?? binding.fixedPorts
    let listening = hit.targets ?? binding.listeningPorts?.value
    let row =
      listening.flatMap { targets?.row(at: $0.first, policy) }
      ?? ports.flatMap { self.ports?.row(at: $0.first, policy) }
    let values: [Placeholder: String] = [
      .owner: owner.phrase,
      .address: binding.address.phrase,
      .port: ports?.description ?? binding.text,
      .protocol: binding.transport?.name ?? "",
      .endpoint: endpointPhrase(ports, binding.transport) ?? binding.text,
      .name: binding.name.value ?? "",
      .network: owner.network.phrase,
      .range: self.ports?.namedRanges(of: policy).first.map(\.description) ?? "",
      .service: row?.service ?? "",
      .expected: row?.transport?.name ?? binding.target?.ports?.description ?? "",
    ]
    return Match(
      variant: variant(of: binding), values: values, owner: binding.owner, ports: ports, transport: binding.transport,
      place: binding.findingPlace, related: binding.wayRelated + networkRelated(of: owner))
  }

  /// The first runs of ports, of the claim's own and of those behind it, for which the condition holds.
  private struct Hit {
    var ports: PortRange?
    var targets: PortRange?
  }

  private func hit(_ binding: Binding, _ owner: Owner, _ policy: Policy) -> Hit? {
    guard allows(binding), allows(owner, policy) else { return nil }
    var hit = Hit()
    if let ports {
      guard case .fixed(let claimed, let pick) = binding.port else { return nil }
      let own = binding.target?.ports
      guard let run = ports.firstRun(of: claimed, pick, binding.transport, policy, own: own) else { return nil }
      hit.ports = run
    }
    if let targets {
      guard let listening = binding.listeningPorts?.value else { return nil }
      guard let run = targets.firstRun(of: listening, .all, binding.transport, policy) else { return nil }
      hit.targets = run
    }
    if let alternatives {
      guard alternatives.contains(where: { $0.hit(binding, owner, policy) != nil }) else { return nil }
    }
    return hit
  }

  /// Where a network is chosen that leaves a claim without effect.
  private func networkRelated(of owner: Owner) -> [Related] {
    guard effects != nil, let place = owner.networkPlace else { return [] }
    return [Related("the network is chosen here", at: place)]
  }

  /// Which of the rule's cases says it: of several privileges, the first has the rule's own message.
  private func variant(of binding: Binding) -> String? {
    guard let first = privileges?.first else { return nil }
    let privilege = PrivilegeWord(binding.privilege)
    return privilege == first ? nil : privilege.rawValue
  }

  /// The cases that a rule with this condition may have.
  package var variants: [String] {
    (privileges ?? []).dropFirst().map(\.rawValue)
  }

  /// Whether the ports leave the condition open, as far as can be said without a set of them.
  private func mayHold(for binding: Binding, _ policy: Policy) -> Bool {
    if let ports {
      guard case .fixed(let claimed, _) = binding.port else { return false }
      guard ports.mayHold(for: claimed, policy) else { return false }
    }
    if let targets {
      guard let listening = binding.listeningPorts?.value else { return false }
      guard targets.mayHold(for: listening, policy) else { return false }
    }
    return true
  }

  /// What the condition says of the binding itself.
  private func allows(_ binding: Binding) -> Bool {
    if let roles, !roles.contains(binding.role) { return false }
    if let scopes, !scopes.contains(ScopeWord(binding.scope.kind)) { return false }
    if let privileges, !privileges.contains(PrivilegeWord(binding.privilege)) { return false }
    if let addresses, !addresses.contains(where: { $0.matches(binding.address) }) { return false }
    if let names, !names.contains(where: { binding.name.value?.matches(glob: $0) == true }) { return false }
    if let applicationProtocols {
      let spoken = binding.applicationProtocol.value
      if !applicationProtocols.contains(where: { spoken?.matches(glob: $0) == true }) { return false }
    }
    return true
  }

  /// What the condition says of whoever claims.
  private func allows(_ owner: Owner, _ policy: Policy) -> Bool {
    if let formats, !formats.contains(owner.format) { return false }
    if let networks, !networks.contains(where: { $0.matches(owner.network) }) { return false }
    if let isAuthenticated, owner.isAuthenticated != Truth(isAuthenticated) { return false }
    if let isControlPlane, owner.isControlPlane(policy) != isControlPlane { return false }
    return true
  }
}

extension BindingCondition.NetworkWord {
  fileprivate func matches(_ network: Owner.Network) -> Bool {
    switch (self, network) {
    case (.own, .private), (.host, .host), (.shared, .shared), (.shared, .sharedOutside), (.none, .none): true
    default: false
    }
  }
}

extension BindingCondition.AddressWord {
  fileprivate func matches(_ address: HostAddress) -> Bool {
    switch (self, address) {
    case (.unnamed, .every), (.wildcard, .every): true
    case (.wildcard, .literal(_, let literal?)): literal.isUnspecified
    case (.loopback, .literal(_, let literal?)): literal.isLoopback
    default: false
    }
  }
}

extension Owner {
  /// Whether the owner is one of the components that the table `control-plane` names, by its image.
  fileprivate func isControlPlane(_ policy: Policy) -> Bool {
    guard namespace == "kube-system", let image = image.value, let table = policy.tables["control-plane"] else {
      return false
    }
    let name = image.split(separator: "/").last?.prefix { $0 != ":" && $0 != "@" } ?? ""
    return table.services.contains { name == $0 || name.hasPrefix("\($0)-") }
  }
}

extension BindingCondition.ScopeWord {
  fileprivate init(_ kind: Scope.Kind) {
    switch kind {
    case .host: self = .host
    case .node: self = .node
    case .nodePorts: self = .nodePorts
    case .networkNamespace: self = .networkNamespace
    case .virtual: self = .virtual
    }
  }
}

extension BindingCondition.PrivilegeWord {
  fileprivate init(_ privilege: Binding.Privilege) {
    switch privilege {
    case .unneeded: self = .unneeded
    case .held: self = .held
    case .missing: self = .missing
    case .dependsOnRuntime: self = .dependsOnRuntime
    }
  }
}

extension PortCondition {
  /// Whether one of the sources that can be looked at without a search has a port of the range.
  fileprivate func mayHold(for ports: PortRange, _ policy: Policy) -> Bool {
    included.isEmpty
      || included.contains { source in
        switch source {
        case .range(let range): range.overlaps(ports)
        case .named(let name):
          policy.ranges[name]?.overlaps(ports) ?? policy.tables[name]?.mayHold(ports) ?? true
        case .registered, .deFacto, .ownTarget: true
        }
      }
  }

  /// The first run of a binding's ports for which the condition holds.
  ///
  /// Of a range from which one port will be picked, it holds only if it does for every one.
  fileprivate func firstRun(
    of ports: PortRange, _ pick: Binding.Pick, _ transport: TransportProtocol?, _ policy: Policy,
    own target: PortRange? = nil
  ) -> PortRange? {
    var held = PortSet(ports)
    if !included.isEmpty {
      guard let sets = resolve(included, within: held, transport, policy, own: target) else { return nil }
      held = sets
    }
    if !held.isEmpty, !excluded.isEmpty {
      guard let sets = resolve(excluded, within: held, transport, policy, own: target) else { return nil }
      held = held.subtracting(sets)
    }
    if !otherProtocols.isEmpty {
      guard let transport else { return nil }
      let sets = otherProtocols.compactMap { policy.tables[$0] }
        .map { $0.portsOfOtherProtocols(of: held, transport, on: policy.platform) }
      held = sets.reduce(PortSet()) { $0.union($1) }
    }
    if pick == .any, held != PortSet(ports) { return nil }
    return held.runs.first
  }

  /// The ports of `set` that lie in one of the sources; nothing where that cannot be known.
  private func resolve(
    _ sources: [PortSource], within set: PortSet, _ transport: TransportProtocol?, _ policy: Policy,
    own target: PortRange?
  ) -> PortSet? {
    var result = PortSet()
    for source in sources {
      switch source {
      case .range(let range): result = result.union(set.intersection(PortSet(range)))
      case .named(let name):
        if let range = policy.ranges[name] {
          result = result.union(set.intersection(PortSet(range)))
        } else if let table = policy.tables[name], let transport {
          result = result.union(table.ports(of: set, transport, on: policy.platform))
        } else {
          return nil
        }
      case .ownTarget:
        guard let target else { return nil }
        result = result.union(set.intersection(PortSet(target)))
      case .registered, .deFacto:
        guard let transport else { return nil }
        let services = policy.services
        result = result.union(
          source == .registered ? services.registered(in: set, transport) : services.deFacto(in: set, transport))
      }
    }
    return result
  }

  /// The row of the first of the condition's tables that has the port.
  fileprivate func row(at port: UInt16, _ policy: Policy) -> (service: String, transport: TransportProtocol?)? {
    let named = included.compactMap { source in if case .named(let name) = source { name } else { nil } }
    return (named + otherProtocols).lazy.compactMap { policy.tables[$0]?.row(at: port) }.first
  }

  /// The named ranges that the condition speaks of.
  fileprivate func namedRanges(of policy: Policy) -> [PortRange] {
    (included + excluded).compactMap { source in
      if case .named(let name) = source { policy.ranges[name] } else { nil }
    }
  }
}

extension Owner.Network {
  /// How a message names the network.
  fileprivate var phrase: String {
    switch self {
    case .private: "a network of its own"
    case .host: "the host's network"
    case .shared(let other), .sharedOutside(let other): "the network of '\(other)'"
    case .none: "no network"
    case .unknown: "a network that is not known"
    }
  }
}

/// `8080/tcp`, as far as both are known.
func endpointPhrase(_ ports: PortRange?, _ transport: TransportProtocol?) -> String? {
  ports.map { ports in transport.map { "\(ports)/\($0.name)" } ?? "\(ports)" }
}

extension Binding {
  /// Where the text of a claim stands that is used elsewhere, and how it came in from another file.
  var wayRelated: [Related] {
    let written = findingPlace == place ? [] : [Related("the port is written here", at: place)]
    return written
      + ways.filter { !isUse($0) }.map { way in
        switch way.kind {
        case .include: Related("included here", at: way.place)
        case .alias, .extends, .override: Related("extended here", at: way.place)
        }
      }
  }
}
