import PortModel
import SourceText

/// The relation `same-socket`: sees all claims, sorts and sweeps once, and reports a later claim once for each
/// outcome, against the earliest claim that it meets.
struct SameSocket {
  private let context: JudgingContext
  private let inventory: Inventory
  private let services: KnownServices
  private let work: JudgingWork
  private(set) var matches: OutcomeTable<[Match]> = [:]

  /// Finds the matches of each outcome. O(*n* log *n*) in the claims, but for those that overlap on common addresses
  /// without being alike: of them, at most so many pairs are compared as the work of the run allows.
  init(_ context: JudgingContext) {
    let inventory = context.inventory
    self.context = context
    self.inventory = inventory
    services = context.policy.knownServices
    work = context.work
    let shared = SameSocket.sharedHosts(in: inventory)
    let groups = Groups(context.claims.indices) { number -> GroupKey? in
      guard context.claims[number].ports != nil else { return nil }
      // Those in front of others have addresses of their own, but for what one of them makes of its port.
      if context.claims[number].role == .service, !inventory.bindings[number].scope.isOfOneAddress { return nil }
      return inventory.bindings[number].transport.map {
        GroupKey(inventory.bindings[number].scope, $0, shared: shared)
      }
    }
    for (key, claims) in groups.all where claims.count > 1 && !isStopped {
      judge(claims.compactMap { number in context.claims[number].ports.map { (number, $0) } }, model: key.scope.model)
    }
  }

  /// Judges the claims of one scope, each chain of those that overlap by itself: most often none is longer than one.
  private mutating func judge(_ claims: [(number: Int, ports: PortRange)], model: ConflictModel) {
    let claims = claims.sorted { ($0.ports, $0.number) < ($1.ports, $1.number) }
    var start = 0
    while start < claims.count {
      var last = claims[start].ports.last
      var end = start + 1
      while end < claims.count, claims[end].ports.first <= last {
        last = max(last, claims[end].ports.last)
        end += 1
      }
      if end - start > 1 { judge(chain: claims[start..<end].map(\.number), model: model) }
      if isStopped { break }
      start = end
    }
  }

  /// Whether more pairs were looked at than there may be.
  private var isStopped: Bool { work.pairs.larger > work.mostPairs }

  /// Says at which claim the comparing ended.
  private func stop(at place: SourceRange) {
    work.stop(.pairs(work.mostPairs), at: place)
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

  /// Claims alike in everything that decides whether they meet others.
  private struct Bundle {
    var trait: ClaimTrait
    /// The number of its earliest claim.
    var first: Int
    /// How many claims it is.
    var count = 0
  }

  /// Judges claims of which each overlaps another.
  private mutating func judge(chain numbers: [Int], model: ConflictModel) {
    var bundles: [Bundle] = []
    var claims: [Claim] = []
    var traits = Numbering<ClaimTrait>()
    let places = numbers.map { (standing: inventory.bindings[$0].standing, index: $0) }
    let repeats = numbers.contains { inventory.bindings[$0].effect == .superseded }
    var known = places.sorted(by: <).compactMap {
      standing, index -> (place: SourceRange, index: Int, trait: ClaimTrait)? in
      // Looked at in its place: an owner is large, and a copy of it costs more than the question.
      guard !inventory.owners[Int(inventory.bindings[index].owner.index)].isPartial else { return nil }
      return ClaimTrait(inventory.bindings[index], in: inventory, tellsTargets: repeats, services).map {
        (standing.place, index, $0)
      }
    }
    if repeats { standFirst(among: &known) }
    for (place, index, trait) in known {
      let owner = inventory.bindings[index].owner
      let bundle = traits.add(trait)
      if bundle == bundles.count { bundles.append(Bundle(trait: trait, first: claims.count)) }
      bundles[bundle].count += 1
      claims.append(Claim(index: index, place: place, owner: owner, bundle: bundle))
    }
    let neighbours = neighbours(of: bundles, claims, model: model)
    var gatherings = [Gathering](repeating: Gathering(), count: bundles.count)
    for (number, claim) in claims.enumerated() {
      // What its bundle meets was counted once; each further claim of it meets that again.
      if number != bundles[claim.bundle].first {
        work.pairs.judged += neighbours[claim.bundle].count { $0.bundle != claim.bundle }
      }
      if work.pairs.judged > work.mostPairs {
        stop(at: claim.place)
        break
      }
      // Claims may overlap on addresses that do not meet.
      if neighbours[claim.bundle].isEmpty { continue }
      judge(claim, neighbours[claim.bundle], claims, bundles, gatherings, model: model)
      gatherings[claim.bundle].add(claim, number, inventory)
    }
    if !isStopped { judgeUsedUpRanges(neighbours, claims, bundles, gatherings, model: model) }
  }

  /// Lets of entries of one owner that say the same the first stand for all: what meets them is said where it is
  /// written, and the later ones are the repetitions.
  private func standFirst(among claims: inout [(place: SourceRange, index: Int, trait: ClaimTrait)]) {
    var firsts: [Repetition: Int] = [:]
    for number in claims.indices {
      var trait = claims[number].trait
      trait.isSuperseded = false
      let owner = inventory.bindings[claims[number].index].owner
      let key = Repetition(
        owner: owner, origin: inventory.bindings[claims[number].index].fileExtended, trait: trait)
      guard let first = firsts[key] else {
        firsts[key] = number
        continue
      }
      guard claims[first].trait.isSuperseded, !claims[number].trait.isSuperseded else { continue }
      claims[first].trait.isSuperseded = false
      claims[number].trait.isSuperseded = true
    }
  }

  /// What entries have in common that say the same.
  private struct Repetition: Hashable {
    var owner: OwnerID
    /// The file of a service that the owner extends.
    var origin: FileID?
    var trait: ClaimTrait
  }

  /// A bundle whose claims meet those of another, or one another.
  private struct Neighbour {
    var bundle: Int
    var asOther: Relation.Outcome?
    var asSame: Relation.Outcome?
    var competes: Bool
  }

  /// For each bundle, those that its claims meet, itself included where they meet one another. Sorts by ports and sweeps;
  /// claims on addresses of their own are compared with those on the same address and on none.
  private func neighbours(of bundles: [Bundle], _ claims: [Claim], model: ConflictModel) -> [[Neighbour]] {
    var result = [[Neighbour]](repeating: [], count: bundles.count)
    // Apart from the traits, which cost much to copy.
    let ports = bundles.map(\.trait.ports)
    let sizes = bundles.map(\.trait.size)
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
      work.pairs.compared += near.reduce(0) { $0 + sizes[number].steps(with: sizes[$1]) }
      if work.pairs.compared > work.mostPairs {
        stop(at: claims[bundles[number].first].place)
        break
      }
      if let address { openOnAddress[address, default: []].append(number) } else { open.append(number) }
    }
    for number in bundles.indices where bundles[number].count > 1 {
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
    let directions = one == other ? [(one, other)] : [(one, other), (other, one)]
    let compete = directions.map { model.compete(bundles[$0].trait, bundles[$1].trait) }
    if asOther == nil, asSame == nil, !compete.contains(true) { return }
    for ((a, b), competes) in zip(directions, compete) {
      neighbours[a].append(Neighbour(bundle: b, asOther: asOther, asSame: asSame, competes: competes))
    }
  }

  private mutating func judge(
    _ claim: Claim, _ neighbours: [Neighbour], _ claims: [Claim], _ bundles: [Bundle], _ gatherings: [Gathering],
    model: ConflictModel
  ) {
    var met: OutcomeTable<Encounter> = [:]
    var rivals: Encounter?
    var copies = inventory.copiesClaiming(claim)
    func add(_ encounter: Encounter?, _ outcome: Relation.Outcome) {
      guard let encounter else { return }
      met[outcome] = met[outcome].map { $0 + encounter } ?? encounter
    }
    for neighbour in neighbours {
      guard let all = gatherings[neighbour.bundle].all else { continue }
      if neighbour.competes {
        rivals = rivals.map { $0 + all } ?? all
        copies += gatherings[neighbour.bundle].copies
      }
      if let outcome = neighbour.asSame { add(gatherings[neighbour.bundle].ofSameOwner(as: claim), outcome) }
      if let outcome = neighbour.asOther { add(gatherings[neighbour.bundle].ofOthers(than: claim, inventory), outcome) }
    }
    let ports = bundles[claim.bundle].trait.ports
    // More than there are ports to pick from.
    if met[.possible] == nil, let rivals, copies > ports.count { met[.possible] = rivals }
    // What is certain need not be said again as possible.
    if met[.certain] != nil { (met[.possible], met[.rivals]) = (nil, nil) }
    for (outcome, encounter) in met {
      let first = claims[encounter.first]
      let match = match(
        claim, bundles[claim.bundle].trait, first, bundles[first.bundle].trait, others: encounter.count - 1,
        outcome: outcome, model: model)
      matches[outcome, default: []].append(match)
    }
  }

  /// Finds the claims that pick from a range of which other entries of their owner leave nothing, each taking a part: Docker
  /// gives out what is fixed before it picks.
  private mutating func judgeUsedUpRanges(
    _ neighbours: [[Neighbour]], _ claims: [Claim], _ bundles: [Bundle], _ gatherings: [Gathering], model: ConflictModel
  ) {
    for (number, claim) in claims.enumerated() {
      let trait = bundles[claim.bundle].trait
      guard trait.pick == .any, trait.model == .docker, !trait.isSuperseded else { continue }
      let near = neighbours[claim.bundle].filter { neighbour in
        // Whoever takes all of it by itself has been found.
        let other = bundles[neighbour.bundle].trait
        return other.pick == .all && other.model == .docker && !other.isSuperseded && neighbour.asSame == nil
      }
      work.pairs.judged += near.count
      let parts = near.compactMap { gatherings[$0.bundle].ofSameOwner(as: claim)?.first }.sorted()
      guard parts.count > 1 else { continue }
      var left = PortSet(trait.ports)
      let lastPart = parts.first { part in
        left = left.subtracting(PortSet(bundles[claims[part].bundle].trait.ports))
        return left.isEmpty
      }
      guard let lastPart else { continue }
      // The later of both is at fault.
      let (later, earlier) = lastPart > number ? (lastPart, number) : (number, parts[0])
      let match = match(
        claims[later], bundles[claims[later].bundle].trait, claims[earlier], bundles[claims[earlier].bundle].trait,
        others: 0, outcome: .certain, model: model, usedUp: trait.ports)
      matches[.certain, default: []].append(match)
    }
  }

  private func match(
    _ claim: Claim, _ trait: ClaimTrait, _ first: Claim, _ theirs: ClaimTrait, others: Int,
    outcome: Relation.Outcome, model: ConflictModel, usedUp range: PortRange? = nil
  ) -> Match {
    let binding = inventory.bindings[claim.index]
    let other = inventory.bindings[first.index]
    let owner = inventory[binding.owner]
    let isSameOwner = claim.owner == first.owner
    let said = model.variant(trait, theirs, isSameOwner: isSameOwner, outcome: outcome)
    let variant: Variant? =
      range != nil ? .usedUpRange : SameSocket.areLayered(binding, other) ? said.betweenLayers(outcome) : said
    // One that picks has all of its range to pick from, whoever else picks from a part of it.
    let common = variant == .exhaustedRange || variant == .usedUpRange ? range : trait.ports.intersection(theirs.ports)
    let ports = common ?? trait.ports
    let more = others > 0 ? " (and \(others) more)" : ""
    let endpoint = endpointPhrase(ports, trait.transport) ?? ""
    let values: PlaceholderValues = [
      .owner: owner.phrase,
      .other: ownerPhrase(of: other, toldApartFrom: binding),
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
    let ways = binding.wayRelated
    let origins = other.originRelated.filter { origin in !ways.contains { $0.place == origin.place } }
    return Match(
      variant: variant?.rawValue, values: values, owner: binding.owner, ports: ports,
      transport: trait.transport, place: binding.findingPlace, related: [related] + origins + ways)
  }
}

extension SameSocket {
  /// How a message about a claim names the owner of another: where both are called the same, with a file that only the
  /// other's project has.
  private func ownerPhrase(of other: Binding, toldApartFrom claim: Binding) -> String {
    let owner = inventory[claim.owner]
    let name = owner.phrase(of: inventory[other.owner])
    guard claim.owner != other.owner, name == owner.phrase else { return name }
    let known = files(of: claim)
    guard let file = files(of: other).first(where: { !known.contains($0) }) else { return name }
    return "\(name) of \(context.path(of: file))"
  }

  /// The files that include a claim's owner, and the one that it stands in.
  private func files(of claim: Binding) -> [FileID] {
    claim.ways.filter { $0.kind == .include }.map(\.place.file) + [inventory[claim.owner].place.file]
  }

  /// Whether claims come from two layers of one project: what an owner says, or what one file says of all.
  private static func areLayered(_ a: Binding, _ b: Binding) -> Bool {
    guard a.layer != b.layer, a.scope.model == .docker, b.scope.model == .docker else { return false }
    // Several projects may share a host, and their layers have nothing to do with one another.
    if case .deployment = a.scope.unit { return a.owner == b.owner }
    return true
  }
}

extension SameSocket.Variant? {
  /// How it is said of claims from two layers of one project.
  fileprivate func betweenLayers(_ outcome: Relation.Outcome) -> SameSocket.Variant? {
    switch (self, outcome) {
    case (.sameOwner, _): .sameOwnerLayers
    case (nil, .certain), (.otherAddress, .certain): .otherLayer
    case (nil, .duplicate): .repeatedLayer
    default: self
    }
  }
}

extension ConflictModel {
  fileprivate var verb: String {
    switch self {
    case .docker, .swarm, .scheduler: "publishes"
    case .pod: "listens on"
    case .nodePorts: "takes node port"
    case .listeners, .proxies: "serves"
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
    case _ where outcome == .rivals: return nil
    case .pod where outcome == .duplicate:
      return a.outerPort == .none || b.outerPort == .none ? .declaredTwice : .publishedTwice
    case _ where outcome == .duplicate: return nil
    case .listeners, .proxies: return isSameOwner ? .listener : .otherListener
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
    /// Two layers of one project, such as a file and its override.
    case sameOwnerLayers = "same-owner-layers"
    case otherLayer = "other-layer"
    case repeatedLayer = "repeated-layer"
    case hostNetwork = "host-network"
    case stack
    case pickedFromRange = "picked-from-range"
    case exhaustedRange = "exhausted-range"
    case usedUpRange = "used-up-range"
    case bind
    case bindOtherAddress = "bind-other-address"
    case bindOtherUser = "bind-other-user"
    case bindTwice = "bind-twice"
    case bindTwiceOtherAddress = "bind-twice-other-address"
    case pod
    case declaredTwice = "declared-twice"
    case publishedTwice = "published-twice"
    case listener
    case otherListener = "other-listener"
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
      case .declaredTwice, .publishedTwice, .repeatedLayer: [.duplicate]
      case .listener, .otherListener: [.certain, .possible]
      case .usedUpRange, .sameOwner, .sameOwnerLayers, .otherLayer, .bind, .bindOtherAddress, .bindOtherUser,
        .bindTwice,
        .bindTwiceOtherAddress, .pod,
        .podHostPort, .hostPortTwice, .nodePort, .nodePortTwice:
        [.certain]
      }
    }
  }
}

extension Binding {
  /// The file that the claim is written in, where that is a service's that its owner extends from another file.
  fileprivate var fileExtended: FileID? {
    ways.contains { $0.kind == .extends && $0.place.file != place.file } ? place.file : nil
  }
}

extension Scope {
  /// Whether what stands in front of others in the scope is at one address: the listeners of a Gateway, or of a load
  /// balancer.
  fileprivate var isOfOneAddress: Bool {
    switch model {
    case .listeners, .proxies, .linux: true
    case .docker, .swarm, .scheduler, .pod, .nodePorts, .sharedHost: false
    }
  }

  /// Whether claims of the scope take a port of the machines' own interfaces.
  fileprivate var isOfInterfaces: Bool {
    kind == .host || kind == .node || kind == .nodePorts
  }
}
