import PortModel
import SourceText

/// The relation `same-socket`: sees all claims, sorts and sweeps once, and reports a later claim once for each
/// outcome, against the earliest claim that it meets.
struct SameSocket {
  private let inventory: Inventory
  private let mostPairs: Int
  private(set) var matches: OutcomeTable<[Match]> = [:]
  /// Where there was too much to compare.
  private(set) var problems: [Problem] = []

  /// Finds the matches of each outcome. O(*n* log *n*) in the claims, but for those that overlap on common addresses
  /// without being alike: of them, at most `mostPairs` pairs in a scope are compared.
  init(_ context: JudgingContext, mostPairs: Int) {
    let inventory = context.inventory
    self.inventory = inventory
    self.mostPairs = mostPairs
    let shared = SameSocket.sharedHosts(in: inventory)
    let groups = Groups(context.claims.indices) { number -> GroupKey? in
      guard context.claims[number].role != .service, context.claims[number].ports != nil else { return nil }
      return inventory.bindings[number].transport.map {
        GroupKey(inventory.bindings[number].scope, $0, shared: shared)
      }
    }
    for (key, claims) in groups.all where claims.count > 1 {
      judge(claims.compactMap { number in context.claims[number].ports.map { (number, $0) } }, model: key.scope.model)
    }
  }

  /// Judges the claims of one scope, cluster by cluster: what overlaps nothing, most often all, is left at that.
  private mutating func judge(_ claims: [(number: Int, ports: PortRange)], model: ConflictModel) {
    let claims = claims.sorted { ($0.ports, $0.number) < ($1.ports, $1.number) }
    var pairs = PairCount()
    var start = 0
    while start < claims.count {
      var last = claims[start].ports.last
      var end = start + 1
      while end < claims.count, claims[end].ports.first <= last {
        last = max(last, claims[end].ports.last)
        end += 1
      }
      if end - start > 1 { judge(cluster: claims[start..<end].map(\.number), model: model, &pairs) }
      if pairs.most > mostPairs { break }
      start = end
    }
  }

  /// How many pairs of a scope's claims were looked at.
  private struct PairCount {
    /// To see which bundles meet.
    var compared = 0
    /// To see what each claim meets.
    var judged = 0

    var most: Int { max(compared, judged) }
  }

  private struct GroupKey: Comparable {
    var scope: Scope
    /// Nothing where claims of several protocols may meet.
    var transport: TransportProtocol?

    init(_ scope: Scope, _ transport: TransportProtocol, shared: Set<Scope.Unit>) {
      let isShared = scope.isOfInterfaces && shared.contains(scope.unit)
      self.scope = isShared ? Scope(.host, scope.unit, .sharedHost) : scope
      self.transport = isShared || scope.model == .nodePorts ? nil : transport
    }

    static func < (a: GroupKey, b: GroupKey) -> Bool {
      // What tells most groups apart.
      guard a.scope.unit == b.scope.unit else { return a.scope.unit < b.scope.unit }
      let (ours, theirs) = (a.scope, b.scope)
      return (ours.kind.rawValue, ours.model.rawValue, a.transport?.name ?? "")
        < (theirs.kind.rawValue, theirs.model.rawValue, b.transport?.name ?? "")
    }
  }

  /// The deployments in which several runtimes share a host.
  private static func sharedHosts(in inventory: Inventory) -> Set<Scope.Unit> {
    var models: [Scope.Unit: Set<ConflictModel>] = [:]
    var hosts: Set<Scope.Unit> = []
    for binding in inventory.bindings {
      guard case .deployment = binding.scope.unit, binding.scope.isOfInterfaces else { continue }
      models[binding.scope.unit, default: []].insert(binding.scope.model)
      if binding.scope.kind == .host { hosts.insert(binding.scope.unit) }
    }
    return hosts.filter { models[$0, default: []].count > 1 }
  }

  /// A claim among those of its scope, which are numbered in the order of the text.
  private struct Claim {
    /// Its number in the inventory.
    var index: Int
    var place: SourceRange
    var owner: OwnerID
    /// The number of its bundle.
    var bundle: Int
  }

  /// Claims alike in everything that decides whether they meet others.
  private struct Bundle {
    var trait: ClaimTrait
    /// The number of its earliest claim.
    var first: Int
    /// How many claims it is.
    var count = 0
  }

  /// Judges claims of which each overlaps another.
  private mutating func judge(cluster numbers: [Int], model: ConflictModel, _ pairs: inout PairCount) {
    var bundles: [Bundle] = []
    var claims: [Claim] = []
    var traits = Numbering<ClaimTrait>()
    let places = numbers.map { (place: inventory.bindings[$0].findingPlace, index: $0) }
    for (place, index) in places.sorted(by: <) {
      let owner = inventory.bindings[index].owner
      // Looked at in its place: an owner is large, and a copy of it costs more than the question.
      guard !inventory.owners[Int(owner.index)].isPartial,
        let trait = ClaimTrait(inventory.bindings[index], in: inventory)
      else { continue }
      let bundle = traits.add(trait)
      if bundle == bundles.count { bundles.append(Bundle(trait: trait, first: claims.count)) }
      bundles[bundle].count += 1
      claims.append(Claim(index: index, place: place, owner: owner, bundle: bundle))
    }
    let neighbours = neighbours(of: bundles, claims, model: model, &pairs)
    var gatherings = [Gathering](repeating: Gathering(), count: bundles.count)
    for (number, claim) in claims.enumerated() {
      let bundle = bundles[claim.bundle]
      // What its bundle meets was counted once; each further claim of it meets that again.
      if number != bundle.first { pairs.judged += neighbours[claim.bundle].count { $0.bundle != claim.bundle } }
      if pairs.judged > mostPairs {
        problems.append(Problem(.limitExceeded(.pairs(mostPairs)), at: claim.place))
        break
      }
      // A claim that meets nobody is most of them: a bundle of one with no neighbour ends here.
      if neighbours[claim.bundle].isEmpty, bundle.count == 1 { continue }
      judge(claim, neighbours[claim.bundle], claims, bundles, gatherings, model: model)
      gatherings[claim.bundle].add(claim, number, inventory)
    }
  }

  /// Another bundle whose claims meet those of one.
  private struct Neighbour {
    var bundle: Int
    var asOther: Relation.Outcome?
    var asSame: Relation.Outcome?
    var competes: Bool
  }

  /// For each bundle, those that its claims meet, itself included where they meet one another. Sorts by ports and sweeps;
  /// claims on addresses of their own are compared with those on the same address and on none.
  private mutating func neighbours(
    of bundles: [Bundle], _ claims: [Claim], model: ConflictModel, _ pairs: inout PairCount
  ) -> [[Neighbour]] {
    var result = [[Neighbour]](repeating: [], count: bundles.count)
    // Apart from the traits, which cost much to copy.
    let ports = bundles.map(\.trait.ports)
    // Those that may overlap what is still to come, by their own address if they have one.
    var open: [Int] = []
    var openOnAddress: [IPAddress: [Int]] = [:]
    for number in ports.indices.sorted(by: { ports[$0] < ports[$1] }) {
      let start = ports[number].first
      let address = model.ownAddress(of: bundles[number].trait)
      open.removeAll { ports[$0].last < start }
      var near = open
      for key in address.map({ [$0] }) ?? Array(openOnAddress.keys) {
        let others = (openOnAddress[key] ?? []).filter { ports[$0].last >= start }
        openOnAddress[key] = others.isEmpty ? nil : others
        near += others
      }
      for other in near { SameSocket.meet(number, other, bundles, model, &result) }
      // Whose profiles part them takes time that grows with the profiles.
      pairs.compared += near.count * (1 + bundles[number].trait.profiles.count)
      if pairs.compared > mostPairs {
        problems.append(Problem(.limitExceeded(.pairs(mostPairs)), at: claims[bundles[number].first].place))
        break
      }
      if let address { openOnAddress[address, default: []].append(number) } else { open.append(number) }
    }
    for number in bundles.indices where bundles[number].count > 1 || !result[number].isEmpty {
      SameSocket.meet(number, number, bundles, model, &result)
    }
    return result
  }

  /// Makes two bundles with overlapping ports each other's neighbours if their claims meet or compete.
  private static func meet(
    _ one: Int, _ other: Int, _ bundles: [Bundle], _ model: ConflictModel, _ neighbours: inout [[Neighbour]]
  ) {
    let asOther = model.meeting(of: bundles[one].trait, and: bundles[other].trait, isSameOwner: false)
    let asSame = model.meeting(of: bundles[one].trait, and: bundles[other].trait, isSameOwner: true)
    for (a, b) in one == other ? [(one, other)] : [(one, other), (other, one)] {
      let competes = model.compete(bundles[a].trait, bundles[b].trait)
      if asOther == nil, asSame == nil, !competes { continue }
      neighbours[a].append(Neighbour(bundle: b, asOther: asOther, asSame: asSame, competes: competes))
    }
  }

  /// Some claims: the number of the first of them, and how many they are.
  private struct Encounter {
    var first: Int
    var count: Int

    /// The claims of both.
    static func + (a: Encounter, b: Encounter) -> Encounter {
      Encounter(first: min(a.first, b.first), count: a.count + b.count)
    }
  }

  /// The claims of one bundle that were met so far, counted so that a further one need not look at each.
  private struct Gathering {
    /// Claims that an object makes that may be written twice, or an owner that has no name.
    private enum Party: Hashable {
      case object(ObjectIdentity)
      case owner(OwnerID)
    }

    private struct Pod: Hashable {
      var object: ObjectIdentity
      var pod: Scope.Unit
    }

    /// Numbers of claims by who makes them, those who came first in front.
    private struct Tally<Key: Hashable> {
      private var places = Numbering<Key>()
      private var entries: [(key: Key, met: Encounter)] = []
      private(set) var count = 0

      subscript(key: Key) -> Encounter? {
        places[key].map { entries[$0].met }
      }

      mutating func add(_ number: Int, of key: Key) {
        count += 1
        let place = places.add(key)
        if place == entries.count { entries.append((key, Encounter(first: number, count: 0))) }
        entries[place].met.count += 1
      }

      /// The number of the first claim of anybody but one.
      func first(but key: Key) -> Int? {
        entries.first { $0.key != key }?.met.first
      }
    }

    private(set) var all: Encounter?
    private var owners = Tally<OwnerID>()
    private var parties = Tally<Party>()
    private var pods: [Pod: Tally<OwnerID>] = [:]

    mutating func add(_ claim: Claim, _ number: Int, _ inventory: Inventory) {
      all = Encounter(first: all?.first ?? number, count: (all?.count ?? 0) + 1)
      owners.add(number, of: claim.owner)
      guard let identity = inventory.owners[Int(claim.owner.index)].identity else {
        return parties.add(number, of: .owner(claim.owner))
      }
      parties.add(number, of: .object(identity))
      guard let pod = inventory.owners[Int(claim.owner.index)].pod else { return }
      pods[Pod(object: identity, pod: pod), default: Tally()].add(number, of: claim.owner)
    }

    /// The claims of the claim's own owner.
    func ofSameOwner(as claim: Claim) -> Encounter? {
      owners[claim.owner]
    }

    /// The claims of other owners, but for those of the same object: one that is written twice, as overlays do. The
    /// containers of one pod are not that.
    func ofOthers(than claim: Claim, _ inventory: Inventory) -> Encounter? {
      guard let all else { return nil }
      // Looked at in its place, as above.
      let owner = Int(claim.owner.index)
      let own = owners[claim.owner]?.count ?? 0
      guard let identity = inventory.owners[owner].identity else {
        return parties.first(but: .owner(claim.owner)).map { Encounter(first: $0, count: all.count - own) }
      }
      let party = Party.object(identity)
      let strangers = parties.first(but: party).map {
        Encounter(first: $0, count: all.count - (parties[party]?.count ?? 0))
      }
      guard let unit = inventory.owners[owner].pod, let pod = pods[Pod(object: identity, pod: unit)],
        let first = pod.first(but: claim.owner)
      else { return strangers }
      let beside = Encounter(first: first, count: pod.count - own)
      return strangers.map { $0 + beside } ?? beside
    }
  }

  private mutating func judge(
    _ claim: Claim, _ neighbours: [Neighbour], _ claims: [Claim], _ bundles: [Bundle], _ gatherings: [Gathering],
    model: ConflictModel
  ) {
    var met: OutcomeTable<Encounter> = [:]
    var rivals: Encounter?
    func add(_ encounter: Encounter?, _ outcome: Relation.Outcome) {
      guard let encounter else { return }
      met[outcome] = met[outcome].map { $0 + encounter } ?? encounter
    }
    for neighbour in neighbours {
      guard let all = gatherings[neighbour.bundle].all else { continue }
      if neighbour.competes { rivals = rivals.map { $0 + all } ?? all }
      if let outcome = neighbour.asSame { add(gatherings[neighbour.bundle].ofSameOwner(as: claim), outcome) }
      if let outcome = neighbour.asOther { add(gatherings[neighbour.bundle].ofOthers(than: claim, inventory), outcome) }
    }
    let ports = bundles[claim.bundle].trait.ports
    // As many as there are ports to pick from, and then this one.
    if met[.possible] == nil, let rivals, rivals.count >= ports.count { met[.possible] = rivals }
    // What is certain need not be said again as possible.
    if met[.certain] != nil { met[.possible] = nil }
    for (outcome, encounter) in met {
      let first = claims[encounter.first]
      let match = match(
        claim, bundles[claim.bundle].trait, first, bundles[first.bundle].trait, furthers: encounter.count - 1,
        outcome: outcome, model: model)
      matches[outcome, default: []].append(match)
    }
  }

  private func match(
    _ claim: Claim, _ trait: ClaimTrait, _ first: Claim, _ theirs: ClaimTrait, furthers: Int,
    outcome: Relation.Outcome, model: ConflictModel
  ) -> Match {
    let binding = inventory.bindings[claim.index]
    let other = inventory.bindings[first.index]
    let owner = inventory[binding.owner]
    let ports = trait.ports.intersection(theirs.ports) ?? trait.ports
    let isSameOwner = claim.owner == first.owner
    let more = furthers > 0 ? " (and \(furthers) more)" : ""
    let endpoint = endpointPhrase(ports, trait.transport) ?? ""
    let values: PlaceholderValues = [
      .owner: owner.phrase,
      .other: owner.phrase(of: inventory[other.owner]),
      .port: ports.description,
      .protocol: trait.transport.name,
      .endpoint: endpoint,
      .address: binding.address.phrase,
      .theirs: other.address.phrase,
      .more: more,
    ]
    let verb = (model == .sharedHost ? theirs.model : model).verb
    let there = endpointPhrase(theirs.ports, theirs.transport) ?? ""
    let who = owner.phrase(of: inventory[other.owner])
    let related = Related(
      "\(who) \(verb) \(there) here", at: other.findingPlace, owner: other.owner)
    let variant = model.variant(trait, theirs, isSameOwner: isSameOwner, outcome: outcome)
    return Match(
      variant: variant?.rawValue, values: values, owner: binding.owner, ports: ports,
      transport: trait.transport, place: binding.findingPlace, related: [related] + binding.wayRelated)
  }
}

extension ConflictModel {
  fileprivate var verb: String {
    switch self {
    case .docker, .swarm, .scheduler: "publishes"
    case .pod: "listens on"
    case .nodePorts: "takes node port"
    case .linux: "binds"
    case .sharedHost: "takes"
    }
  }

  /// Which of a rule's cases says it; nothing for the rule's own message.
  fileprivate func variant(
    _ a: ClaimTrait, _ b: ClaimTrait, isSameOwner: Bool, outcome: Relation.Outcome
  ) -> SameSocket.Variant? {
    switch self {
    case .sharedHost where a.model == b.model:
      return a.model.variant(a, b, isSameOwner: isSameOwner, outcome: outcome)
    case .sharedHost: return .otherRuntime
    case _ where outcome == .duplicate: return self == .pod ? .declaredTwice : nil
    case .docker where a.role != .publish || b.role != .publish: return .hostNetwork
    case .docker where isSameOwner, .swarm where isSameOwner: return .sameOwner
    case .swarm: return .stack
    case .docker where outcome == .possible && a.pick == .any && b.pick == .any: return .exhaustedRange
    case .docker where outcome == .possible && a.pick != b.pick: return .pickedFromRange
    case .docker: return a.address == b.address ? nil : .otherAddress
    case .linux where isSameOwner: return a.address == b.address ? .bindTwice : .bindTwiceOtherAddress
    // Both ask to share, so it is their users that keep them from it.
    case .linux where a.reuse.intersection(b.reuse).contains(.port): return .bindOtherUser
    case .linux: return a.address == b.address ? .bind : .bindOtherAddress
    case .pod: return .pod
    case .nodePorts: return isSameOwner ? .nodePortTwice : .nodePort
    case .scheduler where a.pod == b.pod && outcome == .possible: return .podHostPortAmbiguous
    case .scheduler where isSameOwner: return .hostPortTwice
    case .scheduler: return a.pod == b.pod ? .podHostPort : .hostPort
    }
  }
}

extension SameSocket {
  /// The ways in which claims meet that need words of their own.
  enum Variant: String, CaseIterable {
    case otherAddress = "other-address"
    case sameOwner = "same-owner"
    case hostNetwork = "host-network"
    case stack
    case pickedFromRange = "picked-from-range"
    case exhaustedRange = "exhausted-range"
    case bind
    case bindOtherAddress = "bind-other-address"
    case bindOtherUser = "bind-other-user"
    case bindTwice = "bind-twice"
    case bindTwiceOtherAddress = "bind-twice-other-address"
    case pod
    case declaredTwice = "declared-twice"
    case podHostPort = "pod-host-port"
    case podHostPortAmbiguous = "pod-host-port-ambiguous"
    case hostPortTwice = "host-port-twice"
    case hostPort = "host-port"
    case nodePort = "node-port"
    case nodePortTwice = "node-port-twice"
    case otherRuntime = "other-runtime"

    /// What claims that meet in this way come to.
    var outcomes: [Relation.Outcome] {
      switch self {
      case .otherAddress, .stack, .hostPort, .otherRuntime: [.certain, .possible]
      case .hostNetwork, .pickedFromRange, .exhaustedRange, .podHostPortAmbiguous: [.possible]
      case .declaredTwice: [.duplicate]
      case .sameOwner, .bind, .bindOtherAddress, .bindOtherUser, .bindTwice, .bindTwiceOtherAddress, .pod,
        .podHostPort, .hostPortTwice, .nodePort, .nodePortTwice:
        [.certain]
      }
    }
  }
}

extension Scope {
  /// Whether claims of the scope take a port of the machines' own interfaces.
  fileprivate var isOfInterfaces: Bool {
    kind == .host || kind == .node || kind == .nodePorts
  }
}
