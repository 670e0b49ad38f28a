import PortModel
import SourceText

extension BindingCondition {
  /// The placeholders that a match of a single claim fills.
  package static let placeholders: Set<Placeholder> = [
    .owner, .kind, .namespace, .container, .image, .port, .protocol, .endpoint, .address, .name, .range, .network,
    .service, .expected, .holder,
  ]

  /// What the condition finds among all claims.
  func matches(_ context: JudgingContext, of rule: Rule) -> [Match] {
    let reach = facts.ports?.reach(context.policy) ?? .all
    let targets = facts.targets?.reach(context.policy)
    let services = servicesAskedFor
    var matches: [Match] = []
    for (index, claim) in context.claims.enumerated() {
      // Most claims are none of the condition's: what costs least is asked first.
      guard facts.effects != nil || claim.effect == .takes, facts.mayHold(for: claim), owner.mayHold(for: claim) else {
        continue
      }
      if facts.ports != nil {
        guard let ports = claim.ports, reach.overlaps(ports) else { continue }
      }
      if let targets {
        guard let ports = claim.inner, targets.overlaps(ports) else { continue }
      }
      let match = match(context.inventory.bindings[index], claim, services, context)
      if context.isSpent(at: context.inventory.bindings[index].findingPlace) { break }
      guard let match else { continue }
      guard context.work.hasRoom(for: rule, after: matches.count, at: context.inventory.bindings[index].findingPlace)
      else { break }
      context.work.conditions.take(rule.stepsForEachMatch)
      matches.append(match)
    }
    return matches
  }

  /// What the condition makes of a claim; nothing where it does not hold, or cannot be known to.
  private func match(
    _ binding: Binding, _ claim: ClaimOutline, _ services: [Globs], _ context: JudgingContext
  ) -> Match? {
    let owner = context.inventory.owners[Int(binding.owner.index)]
    let verdict = verdict(context.work.conditions) { condition in
      condition.verdict(owner, at: binding.findingPlace.file, context)
    } facts: { facts in
      facts.truth(binding, claim, context.work.conditions)
    } ports: { facts in
      facts.verdict(binding, owner, context)
    }
    guard var fired = binding.firing(verdict) else { return nil }
    var allocated: [Related] = []
    if facts.ports?.included.contains(.foreign) == true, let run = fired.ports,
      let allocation = context.policy.allocation(of: run.first, binding.transport)
    {
      // The ports behind may be somebody else's again.
      fired.ports = allocation.ports.intersection(PortSet(run)).runs.first
      allocated = [Related("allocated here", at: allocation.place)]
    }
    return Match(
      variant: variant(of: binding), values: values(binding, owner, fired.ports, services, context),
      owner: binding.owner,
      ports: fired.ports, transport: binding.transport, place: binding.findingPlace,
      related: allocated + binding.wayRelated(withTarget: facts.targets != nil) + networkRelated(of: owner))
  }

  private func values(
    _ binding: Binding, _ owner: Owner, _ ports: PortRange?, _ services: [Globs], _ context: JudgingContext
  ) -> PlaceholderValues {
    let policy = context.policy
    var inner = binding.innerPorts
    if let targets = facts.targets, let behind = inner {
      if case .ports(let yes, _) = targets.verdict(
        of: behind, binding.transport, policy, context.work.conditions, owner: owner)
      {
        inner = yes.runs.first ?? behind
      }
    }
    let row =
      inner.flatMap { facts.targets?.row(at: $0.first, policy) }
      ?? ports.flatMap { facts.ports?.row(at: $0.first, policy) }
    let holder = ports.flatMap { policy.allocation(of: $0.first, binding.transport) }
    return [
      .owner: owner.phrase,
      .kind: owner.kind,
      .namespace: owner.namespace ?? "",
      .container: owner.container ?? "",
      .image: owner.image.value?.shown ?? "",
      .address: binding.address.phrase,
      .port: ports?.description ?? binding.text,
      .protocol: binding.transport?.name ?? "",
      .endpoint: endpointPhrase(ports, binding.transport) ?? binding.text,
      .name: binding.name.value ?? "",
      .network: owner.network.phrase,
      .range: facts.ports?.namedRange(of: policy)?.phrase ?? "",
      .service: row?.service ?? binding.service(of: owner, namedByAnyOf: services, context) ?? "",
      .expected: row?.transport?.name ?? binding.target?.ports?.description ?? "",
      .holder: holder?.holder ?? "",
    ]
  }

  /// The globs of services that the condition speaks of, wherever it does.
  private var servicesAskedFor: [Globs] {
    (facts.services.map { [$0] } ?? []) + (all + (any ?? [])).flatMap(\.servicesAskedFor)
  }

  /// Where a network is chosen that leaves a claim without effect.
  private func networkRelated(of owner: Owner) -> [Related] {
    guard facts.effects != nil, let place = owner.networkPlace else { return [] }
    return [Related("the network is chosen here", at: place)]
  }

  /// Which of the rule's cases says it: of several privileges, the first has the rule's own message.
  private func variant(of binding: Binding) -> String? {
    guard let first = facts.privileges?.first else { return nil }
    let privilege = BindingFacts.PrivilegeWord(binding.privilege)
    return privilege == first ? nil : privilege.rawValue
  }

  /// The cases that a rule with this condition may have.
  package var variants: [String] {
    (facts.privileges ?? []).dropFirst().map(\.rawValue)
  }
}

/// That a condition holds, and for which ports where they are known.
private struct Firing {
  var ports: PortRange?
}

extension Binding {
  /// For which run of the claim's ports a verdict fires, if it does; nothing known of the ports is no obstacle to a
  /// verdict on the whole.
  ///
  /// Of a range from which one port will be picked, the verdict must hold for every one.
  fileprivate func firing(_ verdict: Verdict) -> Firing? {
    switch verdict {
    case .whole(.yes): return Firing(ports: fixedPorts)
    case .whole: return nil
    case .ports(let yes, _):
      guard let run = yes.runs.first else { return nil }
      if case .fixed(let ports, .any) = port, yes != PortSet(ports) { return nil }
      return Firing(ports: run)
    }
  }
}

extension BindingFacts {
  /// Whether what the claim says of itself holds, but for its ports.
  fileprivate func truth(_ binding: Binding, _ claim: ClaimOutline, _ work: WorkMeter) -> Truth {
    guard mayHold(for: claim) else { return .no }
    var truth = Truth.yes
    work.take(((addresses?.count ?? 0) + (protocols?.count ?? 0)) / 8)
    if let addresses { truth = truth && addresses.reduce(.no) { $0 || $1.verdict(binding.address) } }
    if let protocols { truth = truth && (binding.transport.map { Truth(protocols.contains($0)) } ?? .unknown) }
    if let names { truth = truth && binding.name.truth { $0.matches(anyOf: names, work) } }
    if let isNamed {
      let named = binding.name.truth { _ in true }
      truth = truth && (isNamed ? named : !named)
    }
    if let applicationProtocols {
      truth = truth && binding.applicationProtocol.truth { $0.matches(anyOf: applicationProtocols, work) }
    }
    return truth
  }

  /// For which of a claim's ports the condition holds.
  fileprivate func verdict(_ binding: Binding, _ owner: Owner, _ context: JudgingContext) -> Verdict {
    var truth = Truth.yes
    if let services { truth = binding.serves(anyOf: services, owner, context) }
    if let targets { truth = truth && binding.leads(to: targets, owner, context) }
    guard let ports, truth != .no else { return .whole(truth) }
    guard let claimed = binding.fixedPorts else { return .whole(truth && .unknown) }
    let verdict = ports.verdict(
      of: claimed, binding.transport, context.policy, context.work.conditions, owner: owner,
      target: binding.target?.ports)
    return .whole(truth).and(verdict)
  }
}

extension Binding {
  /// Whether one of the ports behind the claim is of a condition.
  fileprivate func leads(to condition: PortCondition, _ owner: Owner, _ context: JudgingContext) -> Truth {
    guard let inner = innerPorts else { return .unknown }
    switch condition.verdict(of: inner, transport, context.policy, context.work.conditions, owner: owner) {
    case .whole(let truth): return truth
    case .ports(let yes, let no): return yes.isEmpty ? (no == PortSet(inner) ? .no : .unknown) : .yes
    }
  }

  /// Whether a service that has the first of the ports behind the claim is called by one of the globs.
  fileprivate func serves(anyOf globs: Globs, _ owner: Owner, _ context: JudgingContext) -> Truth {
    guard listeningPorts != nil, transport != nil else { return .unknown }
    return Truth(service(of: owner, namedByAnyOf: [globs], context) != nil)
  }

  /// The service that has the first of the ports behind the claim and is called by one of the globs: the one that the
  /// image names, if it is one that has the port. Of several products that have it, a pattern means all or none.
  fileprivate func service(of owner: Owner, namedByAnyOf globs: [Globs], _ context: JudgingContext) -> String? {
    guard !globs.isEmpty, let port = listeningPorts?.value.first, let transport else { return nil }
    let (policy, work) = (context.policy, context.work.conditions)
    let entries = policy.services.entries(at: port, transport)
    let names = entries.map(\.name) + policy.knownServices.names(at: port)
    let isCalled = { (name: String, globs: [Globs]) in globs.contains { name.matches(anyOf: $0, work) } }
    guard names.contains(where: { isCalled($0, globs) }) else { return nil }
    let products = entries.filter { $0.origin == .deFacto }.map(\.name)
    let image = owner.image.value.map { ImageName($0.value) }
    if let image, products.contains(where: image.names) {
      return names.first { (image.names($0) || !products.contains($0)) && isCalled($0, globs) }
    }
    if let other = names.first(where: { !products.contains($0) && isCalled($0, globs) }) { return other }
    if products.count == 1 { return products.first { isCalled($0, globs) } }
    // Patterns are told from names by what they match: a name is one of the products'.
    let meant = globs.flatMap(\.patterns).filter { glob in
      products.contains(glob) || products.allSatisfy { $0.matches(anyOf: Globs([glob]), work) }
    }
    return products.first { $0.matches(anyOf: Globs(meant), work) }
  }
}

extension BindingFacts.AddressPattern {
  fileprivate func verdict(_ address: HostAddress) -> Truth {
    switch (self, address) {
    case (.unnamed, .every), (.every, .every): .yes
    case (.unnamed, _), (_, .every): .no
    case (_, .unresolved), (_, .literal(_, nil)): .unknown
    case (.every, .literal(_, let literal?)): Truth(literal.isUnspecified)
    case (.loopback, .literal(_, let literal?)): Truth(literal.isLoopback)
    case (.private, .literal(_, let literal?)): Truth(IPNetwork.private.contains { $0.contains(literal) })
    case (.network(let network), .literal(_, let literal?)): Truth(network.contains(literal))
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

extension PortSet {
  /// `7000-7099, 7200`
  var phrase: String {
    listed(runs.lazy.map(\.description))
  }
}

/// `8080/tcp`, as far as both are known.
func endpointPhrase(_ ports: PortRange?, _ transport: TransportProtocol?) -> String? {
  ports.map { ports in transport.map { "\(ports)/\($0.name)" } ?? "\(ports)" }
}

extension Binding {
  /// Where the text of a claim stands that is used elsewhere, and how it came in from another file.
  var wayRelated: [Related] {
    wayRelated(withTarget: false)
  }

  /// - Parameter withTarget: Whether what the claim leads to is spoken of too.
  func wayRelated(withTarget: Bool) -> [Related] {
    let written = findingPlace == place ? [] : [Related("the port is written here", at: place)]
    return written
      + ways.filter { !isUse($0) }.compactMap { way in
        switch way.kind {
        case .include: Related("included here", at: way.place)
        case .alias, .extends, .override: Related("extended here", at: way.place)
        case .variable(let setting, let isTarget): isTarget && !withTarget ? nil : Related(setting, at: way.place)
        }
      }
  }

  /// Where the values of variables come from that say the claim.
  var originRelated: [Related] {
    wayRelated.filter(\.isOrigin)
  }
}
