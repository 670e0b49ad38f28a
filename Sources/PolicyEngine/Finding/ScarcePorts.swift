import PortModel
import SourceText

/// The relation `scarce-ports`: copies of an owner that must run on one host and need more ports than an entry has.
enum ScarcePorts {
  /// What needs words of its own.
  enum Variant: String, CaseIterable {
    /// A pod that may run on one node only.
    case oneNode = "one-node"
  }

  static func matches(in context: JudgingContext) -> OutcomeTable<[Match]> {
    let inventory = context.inventory
    var matches: [Match] = []
    for (number, claim) in context.claims.enumerated() where claim.role == .publish && claim.effect == .takes {
      // Hardly any owner runs in several copies on one host.
      guard case .known(let copies, let place) = inventory.copies(of: inventory.bindings[number].owner),
        copies.value > 1
      else {
        continue
      }
      let binding = inventory.bindings[number]
      let owner = inventory[binding.owner]
      // What something else completes may run elsewhere, and what ends makes room.
      if owner.isPartial || owner.isTransient { continue }
      guard case .fixed(let ports, let pick) = binding.port else { continue }
      // Of a range that each copy takes whole, there is one; of a range to pick from, there are as many as it has ports.
      let supply = pick == .any ? ports.count : 1
      guard supply < copies.value else { continue }
      matches.append(
        Match(
          variant: binding.scope.kind == .node ? Variant.oneNode.rawValue : nil,
          values: [
            .owner: owner.phrase, .port: ports.description, .protocol: binding.transport?.name ?? "",
            .endpoint: endpointPhrase(ports, binding.transport) ?? binding.text, .limit: copies.shown,
          ],
          owner: binding.owner, ports: ports, transport: binding.transport, place: binding.findingPlace,
          related: [Related("\(copies.shown) copies are asked for here", at: place)] + binding.wayRelated))
    }
    return [.holds: matches]
  }
}
