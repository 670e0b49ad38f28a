import PortModel

extension BindingCondition {
  /// The placeholders that a match of a single binding fills.
  package static let placeholders: Set<Placeholder> = [
    .owner, .port, .protocol, .endpoint, .address, .name, .range, .network,
  ]

  /// What the condition makes of a binding; nothing where it does not hold, or cannot be known to.
  func match(_ binding: Binding, in inventory: Inventory, policy: Policy) -> Match? {
    guard (effects ?? [.takes]).contains(EffectWord(binding.effect)),
      allows(binding, format: inventory[binding.owner].format)
    else { return nil }
    var hit = binding.fixedPorts
    if let ports {
      guard let run = ports.firstRun(of: binding, policy: policy) else { return nil }
      hit = run
    }
    var values: [Placeholder: String] = [
      .owner: inventory[binding.owner].phrase,
      .address: binding.address.phrase,
      .port: hit?.description ?? binding.text,
      .protocol: binding.transport?.name ?? "",
      .endpoint: endpointPhrase(hit, binding.transport) ?? binding.text,
      .name: binding.name.value ?? "",
    ]
    let owner = inventory[binding.owner]
    values[.network] = owner.network.phrase
    values[.range] = ports?.namedRanges(of: policy).first.map(\.description) ?? ""
    return Match(
      variant: variant(of: binding), values: values, owner: binding.owner, ports: hit, transport: binding.transport,
      place: binding.findingPlace, related: binding.wayRelated + networkRelated(of: owner))
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

  private func allows(_ binding: Binding, format: Format) -> Bool {
    if let roles, !roles.contains(binding.role) { return false }
    if let formats, !formats.contains(format) { return false }
    if let scopes, !scopes.contains(ScopeWord(binding.scope.kind)) { return false }
    if let privileges, !privileges.contains(PrivilegeWord(binding.privilege)) { return false }
    return true
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
  /// The first run of a binding's ports for which the condition holds.
  ///
  /// Of a range from which one port will be picked, it holds only if it does for every one.
  fileprivate func firstRun(of binding: Binding, policy: Policy) -> PortRange? {
    guard case .fixed(let ports, let pick) = binding.port else { return nil }
    var held = PortSet(ports)
    if !included.isEmpty {
      guard let sets = resolve(included, within: held, binding, policy) else { return nil }
      held = sets
    }
    if !held.isEmpty, !excluded.isEmpty {
      guard let sets = resolve(excluded, within: held, binding, policy) else { return nil }
      held = held.subtracting(sets)
    }
    if pick == .any, held != PortSet(ports) { return nil }
    return held.runs.first
  }

  /// The ports of `set` that lie in one of the sources; nothing where that cannot be known.
  private func resolve(_ sources: [PortSource], within set: PortSet, _ binding: Binding, _ policy: Policy) -> PortSet? {
    var result = PortSet()
    for source in sources {
      switch source {
      case .range(let range): result = result.union(set.intersection(PortSet(range)))
      case .named(let name):
        guard let range = policy.ranges[name] else { return nil }
        result = result.union(set.intersection(PortSet(range)))
      case .registered, .deFacto:
        guard let transport = binding.transport else { return nil }
        let services = policy.services
        result = result.union(
          source == .registered ? services.registered(in: set, transport) : services.deFacto(in: set, transport))
      }
    }
    return result
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
