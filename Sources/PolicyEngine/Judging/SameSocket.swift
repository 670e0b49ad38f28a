import PortModel
import SourceText

/// The relation `same-socket`: sees all claims, sorts and sweeps once, and reports a later claim once for each
/// outcome, against the earliest claim that it meets.
struct SameSocket {
  private let inventory: Inventory
  private var matches: [Relation.Outcome: [Match]] = [:]

  private init(_ inventory: Inventory) {
    self.inventory = inventory
  }

  /// The matches of each outcome. O(*n* log *n*) in the claims, but for those that overlap without being alike.
  static func matches(in inventory: Inventory) -> [Relation.Outcome: [Match]] {
    var relation = SameSocket(inventory)
    var groups: [GroupKey: [Claim]] = [:]
    for (index, binding) in inventory.bindings.enumerated() where binding.role != .service {
      let owner = inventory[binding.owner]
      guard !owner.isPartial, let trait = ClaimTrait(binding, owner: owner) else { continue }
      let transport = binding.scope.model == .nodePorts ? nil : trait.transport
      let claim = Claim(index: index, place: binding.findingPlace, owner: binding.owner, trait: trait)
      groups[GroupKey(scope: binding.scope, transport: transport), default: []].append(claim)
    }
    // In the order of the inventory: a dictionary has another one in every process.
    let meetings = groups.filter { $0.value.count > 1 }.sorted { $0.value[0].index < $1.value[0].index }
    for (key, claims) in meetings {
      relation.judge(claims, model: key.scope.model)
    }
    return relation.matches
  }

  private struct GroupKey: Hashable {
    var scope: Scope
    var transport: TransportProtocol?
  }

  private struct Claim {
    var index: Int
    var place: SourceRange
    var owner: OwnerID
    var trait: ClaimTrait
  }

  /// Claims alike in everything that decides whether they meet others, earliest first.
  private struct Bundle {
    var trait: ClaimTrait
    var claims: [Claim]
  }

  private mutating func judge(_ claims: [Claim], model: ConflictModel) {
    let claims = claims.sorted { ($0.place, $0.index) < ($1.place, $1.index) }
    var bundles: [Bundle] = []
    var numbers: [ClaimTrait: Int] = [:]
    for claim in claims {
      if let number = numbers[claim.trait] {
        bundles[number].claims.append(claim)
      } else {
        numbers[claim.trait] = bundles.count
        bundles.append(Bundle(trait: claim.trait, claims: [claim]))
      }
    }
    bundles.sort { $0.trait.ports < $1.trait.ports }
    var open: [Int] = []
    var neighbours: [[Int]] = bundles.indices.map { [$0] }
    for number in bundles.indices {
      open.removeAll { bundles[$0].trait.ports.last < bundles[number].trait.ports.first }
      for other in open {
        neighbours[number].append(other)
        neighbours[other].append(number)
      }
      open.append(number)
    }
    for number in bundles.indices {
      let near = neighbours[number].map { bundles[$0] }
      // A claim that meets nobody is most of them: a bundle of one with no neighbour ends here.
      if near.count == 1, bundles[number].claims.count == 1 { continue }
      for claim in bundles[number].claims { judge(claim, among: near, model: model) }
    }
  }

  /// What a claim met first under one outcome, and how many more.
  private struct Encounter {
    var first: Claim
    var count = 1

    mutating func add(_ other: Claim) {
      count += 1
      if (other.place, other.index) < (first.place, first.index) { first = other }
    }
  }

  private mutating func judge(_ claim: Claim, among bundles: [Bundle], model: ConflictModel) {
    var met: [Relation.Outcome: Encounter] = [:]
    var rivals: Encounter?
    for bundle in bundles {
      if model.compete(claim.trait, bundle.trait) {
        for other in bundle.claims.prefix(while: { ($0.place, $0.index) < (claim.place, claim.index) }) {
          if rivals?.add(other) == nil { rivals = Encounter(first: other) }
        }
      }
      let asOther = model.meeting(of: claim.trait, and: bundle.trait, isSameOwner: false)
      let asSame = model.meeting(of: claim.trait, and: bundle.trait, isSameOwner: true)
      guard asOther != nil || asSame != nil else { continue }
      for other in bundle.claims {
        guard (other.place, other.index) < (claim.place, claim.index) else { break }
        let isSame = other.owner == claim.owner
        guard let outcome = isSame ? asSame : asOther, isSame || !isSameObject(claim, other) else { continue }
        if met[outcome]?.add(other) == nil { met[outcome] = Encounter(first: other) }
      }
    }
    // As many as there are ports to pick from, and then this one.
    if met[.possible] == nil, let rivals, rivals.count >= claim.trait.ports.count { met[.possible] = rivals }
    // What is certain need not be said again as possible.
    if met[.certain] != nil { met[.possible] = nil }
    for (outcome, encounter) in met {
      matches[outcome, default: []].append(match(claim, encounter, outcome: outcome, model: model))
    }
  }

  /// Whether both owners are one object that is written twice, as overlays do: the containers of one pod are not.
  private func isSameObject(_ a: Claim, _ b: Claim) -> Bool {
    let left = inventory[a.owner]
    let right = inventory[b.owner]
    guard let identity = left.identity, identity == right.identity else { return false }
    return left.pod == nil || left.pod != right.pod
  }

  private func match(
    _ claim: Claim, _ encounter: Encounter, outcome: Relation.Outcome, model: ConflictModel
  ) -> Match {
    let binding = inventory.bindings[claim.index]
    let other = inventory.bindings[encounter.first.index]
    let owner = inventory[binding.owner]
    let ports = claim.trait.ports.intersection(encounter.first.trait.ports) ?? claim.trait.ports
    let isSameOwner = claim.owner == encounter.first.owner
    let more = encounter.count > 1 ? " (and \(encounter.count - 1) more)" : ""
    let endpoint = endpointPhrase(ports, claim.trait.transport) ?? ""
    let values: [Placeholder: String] = [
      .owner: owner.phrase,
      .other: owner.phrase(of: inventory[other.owner]),
      .port: ports.description,
      .protocol: claim.trait.transport.name,
      .endpoint: endpoint,
      .address: binding.address.phrase,
      .theirs: other.address.phrase,
      .more: more,
    ]
    let verb = model.verb
    let there = endpointPhrase(encounter.first.trait.ports, encounter.first.trait.transport) ?? ""
    let who = owner.phrase(of: inventory[other.owner])
    let related = Related(
      "\(who) \(verb) \(there) here", at: other.findingPlace, owner: other.owner)
    let variant = model.variant(claim.trait, encounter.first.trait, isSameOwner: isSameOwner, outcome: outcome)
    return Match(
      variant: variant?.rawValue, values: values, owner: binding.owner, ports: ports,
      transport: claim.trait.transport, place: binding.findingPlace, related: [related] + binding.wayRelated)
  }
}

extension ConflictModel {
  fileprivate var verb: String {
    switch self {
    case .docker, .scheduler: "publishes"
    case .pod: "listens on"
    case .nodePorts: "takes node port"
    case .linux: "binds"
    }
  }

  /// Which of a rule's cases says it; nothing for the rule's own message.
  fileprivate func variant(
    _ a: ClaimTrait, _ b: ClaimTrait, isSameOwner: Bool, outcome: Relation.Outcome
  ) -> SameSocket.Variant? {
    switch self {
    case _ where outcome == .duplicate: return self == .pod ? .declaredTwice : nil
    case .docker where a.role != .publish || b.role != .publish: return .hostNetwork
    case .docker where isSameOwner: return .sameOwner
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

    /// What claims that meet in this way come to.
    var outcomes: [Relation.Outcome] {
      switch self {
      case .otherAddress, .hostPort: [.certain, .possible]
      case .hostNetwork, .pickedFromRange, .exhaustedRange, .podHostPortAmbiguous: [.possible]
      case .declaredTwice: [.duplicate]
      case .sameOwner, .bind, .bindOtherAddress, .bindOtherUser, .bindTwice, .bindTwiceOtherAddress, .pod,
        .podHostPort, .hostPortTwice, .nodePort, .nodePortTwice:
        [.certain]
      }
    }
  }
}
