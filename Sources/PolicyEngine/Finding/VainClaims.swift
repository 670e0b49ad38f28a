import PortModel
import SourceText

/// The relations `ignored-claims` and `refused-claims`: what the network of an owner makes of its claims is told once, at
/// the first of them, for it is one mistake.
enum VainClaims {
  static func matches(in context: JudgingContext, effect: Predicate.EffectWord) -> OutcomeTable<[Match]> {
    let inventory = context.inventory
    var numbers: [OwnerID: Int] = [:]
    var found: [(first: Int, entries: Set<SourceRange>)] = []
    for (number, claim) in context.claims.enumerated() where claim.effect == effect {
      let owner = inventory.bindings[number].owner
      let entry = inventory.bindings[number].entry
      if let known = numbers[owner] {
        found[known].entries.insert(entry)
        if inventory.bindings[number].standing < inventory.bindings[found[known].first].standing {
          found[known].first = number
        }
      } else {
        numbers[owner] = found.count
        found.append((number, [entry]))
      }
    }
    return [.holds: found.map { match(inventory.bindings[$0.first], others: $0.entries.count - 1, in: inventory) }]
  }

  private static func match(_ binding: Binding, others: Int, in inventory: Inventory) -> Match {
    let owner = inventory[binding.owner]
    return Match(
      values: [
        .owner: owner.phrase, .port: binding.fixedPorts?.description ?? binding.text,
        .protocol: binding.transport?.name ?? "",
        .endpoint: endpointPhrase(binding.fixedPorts, binding.transport) ?? binding.text,
        .network: owner.network.phrase, .more: others > 0 ? " (and \(others) more)" : "",
      ],
      owner: binding.owner, ports: binding.fixedPorts, transport: binding.transport, place: binding.findingPlace,
      related: binding.wayRelated + (owner.networkPlace.map { [Related("the network is chosen here", at: $0)] } ?? []))
  }
}
