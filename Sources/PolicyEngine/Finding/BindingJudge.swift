import PortModel
import SourceText

/// Holds one condition against all claims.
struct BindingJudge {
  /// The placeholders that a match of a single claim fills.
  static let placeholders: Set<Placeholder> = [
    .owner, .kind, .namespace, .container, .image, .port, .protocol, .endpoint, .address, .name, .range, .network,
    .service, .expected, .holder,
  ]

  private let condition: Condition
  private let context: JudgingContext
  private let filter: ClaimFilter
  /// What the condition itself asks, and not the conditions within, of which messages speak.
  private let ports: PortCondition?
  private let targets: PortCondition?
  private let asksForEffects: Bool
  /// The globs of services that the condition speaks of, wherever it does.
  private let services: [Globs]

  init(_ condition: Condition, _ context: JudgingContext) {
    self.condition = condition
    self.context = context
    filter = ClaimFilter(condition, context.policy)
    ports = condition.first { if case .port(let ports) = $0 { ports } else { nil } }
    targets = condition.first { if case .target(let ports) = $0 { ports } else { nil } }
    asksForEffects = condition.first { if case .effect = $0 { true } else { nil } } ?? false
    services = condition.servicesAskedFor
  }

  /// What the condition finds.
  func matches(of rule: Rule) -> [Match] {
    var matches: [Match] = []
    for (number, claim) in context.claims.enumerated() where filter.mayHold(for: claim) {
      let match = match(number, claim)
      if context.isSpent(at: context.inventory.bindings[number].findingPlace) { break }
      guard let match, context.work.isShown(match) else { continue }
      guard context.work.hasRoom(for: rule, after: matches.count, at: context.inventory.bindings[number].findingPlace)
      else { break }
      context.work.conditions.take(rule.stepsForEachMatch)
      matches.append(match)
    }
    return matches
  }

  /// What the condition makes of a claim; nothing where it does not hold, or cannot be known to.
  private func match(_ number: Int, _ claim: ClaimOutline) -> Match? {
    let subject = ConditionSubject(
      kind: .claim(claim), number: number, owner: Int(context.inventory.bindings[number].owner.index))
    let verdict = condition.verdict(of: subject, context)
    // Most often it does not, and a claim is large.
    if verdict.isNeverYes { return nil }
    let binding = context.inventory.bindings[number]
    let owner = context.inventory.owners[subject.owner]
    guard var fired = binding.firing(verdict) else { return nil }
    var allocated: [Related] = []
    if ports?.included.contains(.foreign) == true, let run = fired.ports,
      let allocation = context.policy.allocation(of: run.first, binding.transport)
    {
      // The ports behind may be somebody else's again.
      fired.ports = allocation.ports.intersection(PortSet(run)).runs.first
      allocated = [Related("allocated here", at: allocation.place)]
    }
    return Match(
      variant: condition.variant(of: binding), values: values(binding, owner, fired.ports),
      owner: binding.owner,
      ports: fired.ports, transport: binding.transport, place: binding.findingPlace,
      related: allocated + binding.wayRelated(withTarget: targets != nil) + networkRelated(of: owner))
  }

  private func values(_ binding: Binding, _ owner: Owner, _ fired: PortRange?) -> PlaceholderValues {
    let policy = context.policy
    var inner = binding.innerPorts
    if let targets = targets, let behind = inner {
      if case .ports(let yes, _) = targets.verdict(
        of: behind, binding.transport, policy, context.work.conditions, owner: owner)
      {
        inner = yes.runs.first ?? behind
      }
    }
    let row =
      inner.flatMap { targets?.row(at: $0.first, policy) }
      ?? fired.flatMap { ports?.row(at: $0.first, policy) }
    let holder = fired.flatMap { policy.allocation(of: $0.first, binding.transport) }
    return [
      .owner: owner.phrase,
      .kind: owner.kind,
      .namespace: owner.namespace ?? "",
      .container: owner.container ?? "",
      .image: owner.image.value?.shown ?? "",
      .address: binding.address.phrase,
      .port: fired?.description ?? binding.text,
      .protocol: binding.transport?.name ?? "",
      .endpoint: endpointPhrase(fired, binding.transport) ?? binding.text,
      .name: binding.name.value ?? "",
      .network: owner.network.phrase,
      .range: ports?.namedRange(of: policy)?.phrase ?? "",
      .service: row?.service ?? binding.service(of: owner, namedByAnyOf: services, context) ?? "",
      .expected: row?.transport?.name ?? binding.target?.ports?.description ?? "",
      .holder: holder?.holder ?? "",
    ]
  }

  /// Where a network is chosen that leaves a claim without effect.
  private func networkRelated(of owner: Owner) -> [Related] {
    guard asksForEffects, let place = owner.networkPlace else { return [] }
    return [Related("the network is chosen here", at: place)]
  }
}

extension Condition {
  /// What is made of the first predicate of which something is.
  fileprivate func first<Value>(_ value: (Predicate) -> Value?) -> Value? {
    predicates.lazy.compactMap(value).first
  }

  /// The globs of services that the condition speaks of, wherever it does; but for those of which none may be.
  fileprivate var servicesAskedFor: [Globs] {
    predicates.flatMap { predicate -> [Globs] in
      switch predicate {
      case .service(let globs): [globs]
      case .all(let conditions), .any(let conditions): conditions.flatMap(\.servicesAskedFor)
      default: []
      }
    }
  }

  private var privileges: [Predicate.PrivilegeWord] {
    first { if case .privilege(let words) = $0 { words } else { nil } } ?? []
  }

  /// Which of the rule's cases says it: of several privileges, the first has the rule's own message.
  fileprivate func variant(of binding: Binding) -> String? {
    guard let first = privileges.first else { return nil }
    let privilege = Predicate.PrivilegeWord(binding.privilege)
    if privilege == .missing, binding.scope.isOfPod { return Condition.missingInPod }
    return privilege == first ? nil : privilege.rawValue
  }

  /// The case of a process that Kubernetes gives a capability in vain.
  private static let missingInPod = "missing-in-pod"

  /// The cases that a rule with this condition on claims may have.
  package var variants: [String] {
    privileges.dropFirst().map(\.rawValue) + (privileges.contains(.missing) ? [Condition.missingInPod] : [])
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

extension Binding {
  /// Whether one of the ports behind the claim is of a condition.
  func leads(to condition: PortCondition, _ context: JudgingContext) -> Truth {
    guard let inner = innerPorts else { return .unknown }
    let verdict = condition.verdict(
      of: inner, transport, context.policy, context.work.conditions, owner: context.inventory[owner])
    switch verdict {
    case .whole(let truth): return truth
    case .ports(let yes, let no): return yes.isEmpty ? (no == PortSet(inner) ? .no : .unknown) : .yes
    }
  }

  /// Whether a service that has the first of the ports behind the claim is called by one of the globs.
  func serves(anyOf globs: Globs, _ context: JudgingContext) -> Truth {
    guard listeningPorts != nil, transport != nil else { return .unknown }
    return Truth(service(of: context.inventory[owner], namedByAnyOf: [globs], context) != nil)
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

extension Predicate.AddressPattern {
  func verdict(_ address: HostAddress) -> Truth {
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
  var phrase: String {
    switch self {
    case .private: "a network of its own"
    case .host: "the host's network"
    case .shared(let other), .sharedOutside(let other): "the network of '\(other)'"
    case .none: "no network"
    case .isolated: "networks that publish no ports"
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

extension Scope {
  /// Whether claims of it are those of a pod's containers.
  fileprivate var isOfPod: Bool {
    model == .pod || model == .scheduler
  }
}
