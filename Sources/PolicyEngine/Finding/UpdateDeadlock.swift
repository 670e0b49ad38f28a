import PortModel

/// The relation `update-deadlock`: an owner whose update starts a new copy before it ends the old one, on a node where the
/// old one holds a port that both claim.
enum UpdateDeadlock {
  static func matches(in context: JudgingContext) -> OutcomeTable<[Match]> {
    let inventory = context.inventory
    var found: [OwnerID: [Int]] = [:]
    for (number, claim) in context.claims.enumerated()
    where claim.role == .publish && claim.effect == .takes && claim.ports != nil {
      let owner = inventory.bindings[number].owner
      guard inventory.startsFirst(owner) else { continue }
      found[owner, default: []].append(number)
    }
    let matches = found.compactMap { id, numbers in
      match(inventory[id], numbers.map { inventory.bindings[$0] }.filter { $0.nodes == nil })
    }
    return [.holds: matches.sorted { $0.place < $1.place }]
  }

  private static func match(_ owner: Owner, _ claims: [Binding]) -> Match? {
    // Elsewhere the new copy may find a node with the port free.
    guard let place = owner.startsFirst, owner.placement.isOnEach || owner.placement.isOnOneNode,
      owner.replicas.value?.value != 0, let first = claims.first
    else { return nil }
    return Match(
      values: [
        .owner: owner.phrase, .port: first.fixedPorts?.description ?? first.text,
        .protocol: first.transport?.name ?? "",
        .endpoint: endpointPhrase(first.fixedPorts, first.transport) ?? first.text,
        .more: claims.count > 1 ? " (and \(claims.count - 1) more)" : "",
      ],
      owner: first.owner, ports: first.fixedPorts, transport: first.transport, place: place,
      related: [Related("the port is claimed here", at: first.findingPlace)] + first.wayRelated)
  }
}
