import PortModel
import SourceText

/// The relation `unresolved-reference`: a port that nobody offers, where those who should are in view.
///
/// A port's name, or a Service's port, that is not there fails when the cluster runs (`holds`); a container's number
/// that nobody declares may still be listened on (`undeclared`).
enum UnresolvedReference {
  /// The references that need words of their own.
  enum Variant: String, CaseIterable {
    /// To a port of the container that holds the reference.
    case ownContainer = "own-container"
    /// The name is there, but for another protocol.
    case otherProtocol = "other-protocol"
    /// A name among the ports of pods, from what is no Service.
    case selectedPods = "selected-pods"
    /// A Service's port by its number.
    case servicePort = "service-port"
    /// A Service's port by its name.
    case servicePortName = "service-port-name"
    /// A Service's port by a name, where none of its ports has one.
    case namelessPort = "nameless-port"
    /// A Service's port that stands nowhere.
    case defaultPort = "default-port"
    /// What a monitor looks up among declared ports.
    case declaredPort = "declared-port"
    /// A listener of a Gateway, by its number or its name.
    case gatewayPort = "gateway-port"
    case gatewaySection = "gateway-section"
    /// A listener of a Gateway by its number, which another has than the one of the name.
    case gatewayListener = "gateway-listener"
    /// An endpoint of a Service whose port has another name, or one that has none.
    case endpoint
    case namelessEndpoint = "nameless-endpoint"
    /// An endpoint within the entry that has the ports.
    case entryEndpoint = "entry-endpoint"
    /// The node's port of the containers that are meant.
    case hostPort = "host-port"
    /// From within a container: its own port on the node, or that of a Service in front of it.
    case probe
    /// A name that several containers of a pod give a port.
    case severalContainers = "several-containers"
    /// From within a Compose project: a check, a variable, what a proxy is told.
    case healthcheck
    case environment
    case proxy

    /// What the reference may come to.
    var outcomes: [Relation.Outcome] {
      switch self {
      case .ownContainer: [.holds, .undeclared]
      case .hostPort, .probe, .healthcheck, .environment, .proxy: [.outer]
      case .severalContainers: [.ambiguous]
      default: [.holds]
      }
    }
  }

  static func matches(in context: JudgingContext) -> OutcomeTable<[Match]> {
    let (inventory, work) = (context.inventory, context.work)
    guard !inventory.references.isEmpty else { return [:] }
    var index = ReferenceIndex(inventory, work.selections)
    let callees = Callees(context)
    var matches: OutcomeTable<[Match]> = [:]
    var list = ReferenceList()
    for (number, reference) in inventory.references.enumerated()
    where !inventory.owners[Int(reference.owner.index)].isPartial {
      let offer = index.offer(for: reference)
      if work.selections.isSpent {
        work.stop(.selections(work.selections.most), at: reference.place)
        break
      }
      // Who is a fragment, or has ports that cannot be read, may offer anything.
      guard offer.isKnown else { continue }
      if let several = SeveralPorts(reference, offer, inventory) {
        matches[.ambiguous, default: []].append(several.match)
        continue
      }
      if offer.answers(reference) { continue }
      if case .owner = reference.toward {
        guard !isDeclared(reference, offer), let called = CalledService(reference, offer, callees, context) else {
          continue
        }
        if let outer = called.outerPort {
          let match = OuterMatch(reference: reference, offer: offer, claim: outer.claim, inner: outer.inner, inventory)
          matches[.outer, default: []].append(match.match)
        } else if let match = called.mislabelled {
          matches[.mislabelled, default: []].append(match)
        }
        continue
      }
      if !isDeclared(reference, offer), let outer = index.outerPort(of: reference, offer),
        !callees.answers(reference, offer)
      {
        // Whoever says both means both.
        list.take(number, among: inventory.references)
        if list.leads(to: outer.inner, by: offer, work.selections) { continue }
        let match = OuterMatch(reference: reference, offer: offer, claim: outer.claim, inner: outer.inner, inventory)
        matches[.outer, default: []].append(match.match)
        continue
      }
      let match = UnresolvedMatch(reference: reference, offer: offer, inventory: inventory)
      if let outcome = match.outcome { matches[outcome, default: []].append(match.match) }
    }
    for outcome in Relation.Outcome.allCases {
      if let found = matches[outcome] { matches[outcome] = sayingOnce(found) }
    }
    return matches
  }

  /// Leaves the first of those matches that say the same of one place, which several owners have through an anchor or
  /// from a service that they extend.
  private static func sayingOnce(_ matches: [Match]) -> [Match] {
    if areApart(matches.map(\.place)) { return matches }
    var said: Set<Saying> = []
    return matches.filter { match in
      let values = match.values.without([.owner, .other])
      return said.insert(Saying(place: match.place, variant: match.variant, values: values)).inserted
    }
  }

  private struct Saying: Hashable {
    var place: SourceRange
    var variant: String?
    var values: PlaceholderValues
  }

  /// Whether somebody declares the number, for whatever protocol.
  private static func isDeclared(_ reference: Reference, _ offer: Offer) -> Bool {
    var any = reference
    any.transport = nil
    return offer.answers(any)
  }
}

/// A reference that nobody in view answers, in words.
private struct UnresolvedMatch {
  let reference: Reference
  let offer: Offer
  let inventory: Inventory

  /// What it comes to; nothing where the number may be right all the same, and nobody asks.
  var outcome: Relation.Outcome? {
    switch (reference.wanted, reference.toward) {
    case (.anything, _): nil
    case (.name, _): .holds
    case (.number, .itself): .undeclared
    case (.number, .owner): nil
    case (.number, .pods):
      switch reference.field {
      case .monitor: .holds
      case .networkPolicy, .peerAuthentication: nil
      default: .undeclared
      }
    case (.number, .service), (.number, .services), (.number, .podsBehind), (.number, .gateway): .holds
    }
  }

  var match: Match {
    var related: [Related] = []
    let sameName = sameName
    let nearest = nearest
    let shown = sameName ?? nearest.flatMap(offer.port(named:))
    if let shown, let transport = shown.transport, let place = shown.name.place {
      related.append(
        Related("'\(shown.name.value ?? "")' is \(shown.text)/\(transport.name) here", at: place, owner: shown.owner))
    } else if let candidate = offer.first, candidate != reference.owner, !isOwn {
      let owner = inventory[candidate]
      let how =
        switch reference.toward {
        case .service, .gateway: "is here"
        default: "is selected here"
        }
      related.append(Related("\(owner.objectPhrase) \(how)", at: owner.place, owner: candidate))
    }
    let values: PlaceholderValues = [
      .owner: inventory[reference.owner].phrase,
      .name: wanted,
      .field: reference.field.rawValue,
      .other: offer.first.map { inventory[$0].objectPhrase } ?? "",
      .protocol: reference.transport?.name.uppercased() ?? "",
      .suggestion: sameName == nil ? nearest.map { " (did you mean '\($0)'?)" } ?? "" : "",
      .theirs: listener?.name.value ?? "",
      .expected: isOfNames ? offer.names : listener?.text ?? offer.numbers,
    ]
    var match = Match(
      variant: variant?.rawValue, values: values, owner: reference.owner, transport: reference.transport,
      place: reference.place, related: related)
    // Of several names, any may be meant; a name that is like none may be of a port that is to come.
    if sameName == nil, let nearest, offer.onlyName == nearest { match.remedy = .write(nearest) }
    return match
  }

  private var variant: UnresolvedReference.Variant? {
    switch (reference.wanted, reference.toward) {
    case (.anything, _): nil
    case (.name(let name), _) where reference.field == .endpoint:
      isOwn ? .entryEndpoint : name.isEmpty ? .namelessEndpoint : .endpoint
    case (.number, .service), (.number, .services): reference.isDefault ? .defaultPort : .servicePort
    case (.name, .service), (.name, .services): offer.isNameless ? .namelessPort : .servicePortName
    case (_, .itself): .ownContainer
    case (_, .owner): nil
    case (.number, .gateway): listener == nil ? .gatewayPort : .gatewayListener
    case (.name, .gateway): .gatewaySection
    case (.number, .pods) where reference.field == .monitor: .declaredPort
    case (_, .podsBehind): .declaredPort
    case (.number, .pods): nil
    case (.name, .pods) where reference.field == .targetPort: sameName == nil ? nil : .otherProtocol
    case (.name, .pods): .selectedPods
    }
  }

  /// The listener of the name that is wanted, where another has the number.
  private var listener: Binding? {
    var unnamed = reference
    unnamed.listener = nil
    return offer.answers(unnamed) ? reference.listener.flatMap(offer.port(named:)) : nil
  }

  private var isOwn: Bool {
    if case .itself = reference.toward { true } else { false }
  }

  /// Whether names are what is looked up.
  private var isOfNames: Bool {
    reference.field == .endpoint
  }

  private var wanted: String { reference.wanted.phrase }

  /// A port of that name, for another protocol.
  private var sameName: Binding? {
    guard case .name(let name) = reference.wanted else { return nil }
    return offer.port(named: name)
  }

  private var nearest: String? {
    guard case .name(let name) = reference.wanted else { return nil }
    return offer.name(nearest: name)
  }
}

extension Reference.Wanted {
  /// The name or the number.
  fileprivate var phrase: String {
    switch self {
    case .name(let name): name
    case .number(let number): "\(number)"
    case .anything: ""
    }
  }
}

/// What a list says of which one is enough.
private struct ReferenceList {
  private var place: SourceRange?
  private var numbers: Set<UInt16> = []
  private var names: Set<ExactText> = []

  /// Takes the list that a reference stands in: whoever reads a list adds them one after the other.
  mutating func take(_ number: Int, among references: [Reference]) {
    guard let list = references[number].list else {
      self = ReferenceList()
      return
    }
    if place == list { return }
    self = ReferenceList()
    place = list
    let first = references[..<number].lastIndex { $0.list != list }.map { $0 + 1 } ?? 0
    for at in first..<references.count {
      guard references[at].list == list else { break }
      switch references[at].wanted {
      case .number(let number): numbers.insert(number)
      case .name(let name): names.insert(name.exact)
      case .anything: break
      }
    }
  }

  /// Whether one of the list means a number, by itself or by a name.
  func leads(to number: UInt16, by offer: Offer, _ work: WorkMeter) -> Bool {
    if numbers.contains(number) { return true }
    work.take(names.count)
    return names.contains { offer.port(named: $0.text)?.listeningPorts?.value == PortRange(number) }
  }
}

/// A number of the outside where the inside is meant, in words.
private struct OuterMatch {
  let reference: Reference
  let offer: Offer
  let claim: Binding
  let inner: UInt16
  let inventory: Inventory

  init(reference: Reference, offer: Offer, claim: Binding, inner: UInt16, _ inventory: Inventory) {
    self.reference = reference
    self.offer = offer
    self.claim = claim
    self.inner = inner
    self.inventory = inventory
  }

  private var variant: UnresolvedReference.Variant? {
    switch reference.field {
    case .targetPort: .hostPort
    case .probe, .lifecycle: .probe
    case .healthcheck: .healthcheck
    case .environment: .environment
    case .proxy: .proxy
    default: nil
    }
  }

  var match: Match {
    // What a probe asks of its own container's outside is the node's.
    let isNodes = variant == .probe && claim.owner == reference.owner
    let other = isNodes ? "the node" : inventory[claim.owner].phrase
    var match = Match(
      variant: variant?.rawValue,
      values: [
        .owner: inventory[reference.owner].phrase, .name: reference.wanted.phrase, .field: reference.field.rawValue,
        .other: other, .theirs: "", .protocol: reference.transport?.name.uppercased() ?? "", .suggestion: "",
        .expected: "\(inner)",
      ],
      owner: reference.owner, transport: reference.transport, place: reference.place,
      related: [
        Related("\(other) leads from \(claim.text) to \(inner) here", at: claim.findingPlace, owner: claim.owner)
      ])
    match.remedy = .write("\(inner)")
    return match
  }
}

/// Several ports where one is meant, in words.
private struct SeveralPorts {
  let match: Match

  /// Nothing where it is clear which is meant.
  init?(_ reference: Reference, _ offer: Offer, _ inventory: Inventory) {
    let ports: [Binding]
    var variant: UnresolvedReference.Variant?
    switch (reference.wanted, reference.toward) {
    case (.anything, _):
      guard offer.owners.count == 1, offer.count > 1 else { return nil }
      ports = []
    case (.name(let name), .pods) where reference.field == .targetPort:
      ports = offer.portsOfSeveralContainers(named: name, reference.transport) { inventory[$0].pod }
      variant = .severalContainers
      if ports.isEmpty { return nil }
    default: return nil
    }
    guard let first = offer.first else { return nil }
    let related =
      ports.isEmpty
      ? [Related("\(inventory[first].objectPhrase) is here", at: inventory[first].place, owner: first)]
      : ports.prefix(2).map { port in
        let owner = inventory[port.owner]
        return Related("\(owner.phrase) has \(port.text) of that name here", at: port.findingPlace, owner: port.owner)
      }
    match = Match(
      variant: variant?.rawValue,
      values: [
        .owner: inventory[reference.owner].phrase, .name: reference.wanted.phrase, .field: reference.field.rawValue,
        .other: inventory[first].objectPhrase, .theirs: "", .protocol: reference.transport?.name.uppercased() ?? "",
        .suggestion: "", .expected: offer.numbers,
      ],
      owner: reference.owner, transport: reference.transport, place: reference.place, related: related)
  }
}

extension Owner {
  /// The object, without the container.
  fileprivate var objectPhrase: String {
    var object = self
    object.container = nil
    return object.phrase
  }
}
