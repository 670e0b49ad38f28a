import PortModel
import SourceText

/// The relation `update-deadlock`: an owner whose update starts a new copy before it ends the old one, on a node where the
/// old one holds a port that both claim.
enum UpdateDeadlock {
  /// What needs words of its own.
  enum Variant: String, CaseIterable {
    /// A pod that may run on one node only.
    case oneNode = "one-node"
    /// A pod on each node.
    case eachNode = "each-node"
  }

  static func matches(in context: JudgingContext) -> OutcomeTable<[Match]> {
    let inventory = context.inventory
    var found: [OwnerID: [Int]] = [:]
    for (number, claim) in context.claims.enumerated()
    where claim.role == .publish && claim.effect == .takes && claim.ports != nil {
      let owner = inventory.bindings[number].owner
      guard inventory.startsFirst(owner) else { continue }
      found[owner, default: []].append(number)
    }
    var matches: [Match] = []
    // A strategy that is written is wrong once, however many owners and ports it is for.
    var strategies: [SourceRange: [Binding]] = [:]
    for (id, numbers) in found.sorted(by: { $0.key.index < $1.key.index }) {
      let owner = inventory[id]
      // Elsewhere the new copy may find a node with the port free, and what something else completes may do otherwise.
      guard let strategy = owner.startsFirst, owner.placement.isOnEach || owner.placement.isOnOneNode,
        owner.replicas.value?.value != 0, !owner.isPartial
      else { continue }
      let claims = numbers.map { inventory.bindings[$0] }.filter { $0.nodes == nil }
      if owner.pod == nil || owner.placement.isOnEach {
        strategies[strategy, default: []] += claims
      } else {
        // One that goes without saying is no more than what the claims say.
        matches += claims.map { match(owner, $0, .oneNode, at: $0.findingPlace, others: 0) }
      }
    }
    for (place, claims) in strategies {
      guard let first = claims.first else { continue }
      let owner = inventory[first.owner]
      let others = Set(claims.map(\.findingPlace)).count - 1
      matches.append(match(owner, first, owner.pod == nil ? nil : .eachNode, at: place, others: others))
    }
    return [.holds: matches.sorted { $0.place < $1.place }]
  }

  private static func match(
    _ owner: Owner, _ claim: Binding, _ variant: Variant?, at place: SourceRange, others: Int
  ) -> Match {
    let there = place == claim.findingPlace ? owner.startsFirst : claim.findingPlace
    let what = place == claim.findingPlace ? "its updates are told here" : "the port is claimed here"
    return Match(
      variant: variant?.rawValue,
      values: [
        .owner: owner.phrase, .port: claim.fixedPorts?.description ?? claim.text,
        .protocol: claim.transport?.name ?? "",
        .endpoint: endpointPhrase(claim.fixedPorts, claim.transport) ?? claim.text,
        .more: others > 0 ? " (and \(others) more)" : "",
      ],
      owner: claim.owner, ports: claim.fixedPorts, transport: claim.transport, place: place,
      related: (there.map { [Related(what, at: $0)] } ?? []) + claim.wayRelated)
  }
}
