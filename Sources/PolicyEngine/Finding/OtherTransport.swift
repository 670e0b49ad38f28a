import PortModel

/// The relation `other-transport`: a service of the table `transports` that its owner opens on a transport that it does
/// not use, and not on its own.
///
/// What a container only declares opens nothing, so its transport is nobody's concern.
enum OtherTransport {
  static func matches(in context: JudgingContext) -> OutcomeTable<[Match]> {
    guard let table = context.policy.tables["transports"] else { return [:] }
    let inventory = context.inventory
    var found: [(number: Int, ports: PortSet)] = []
    for (number, claim) in context.claims.enumerated() where claim.effect == .takes && claim.role != .listen {
      guard let inner = claim.inner, table.mayHold(inner), let transport = inventory.bindings[number].transport else {
        continue
      }
      let ports = table.portsOfOtherProtocols(of: PortSet(inner), transport, on: context.policy.platform)
      if !ports.isEmpty { found.append((number, ports)) }
    }
    if found.isEmpty { return [:] }
    let owners = Set(found.map { inventory.bindings[$0.number].owner })
    let siblings = Groups(context.claims.indices) { number -> Int32? in
      let owner = inventory.bindings[number].owner
      return owners.contains(owner) ? owner.index : nil
    }
    // What an owner opens rightly is asked for once, however many of its claims are wrong.
    var right: [OwnerID: PortSet] = [:]
    for (owner, numbers) in siblings.all {
      let runs = numbers.flatMap {
        table.ports(ofOwnProtocol: context.claims[$0].inner, inventory.bindings[$0].transport, context.policy).runs
      }
      right[OwnerID(Int(owner))] = PortSet(runs)
    }
    return [
      .holds: found.compactMap { number, ports in
        let wrong = ports.subtracting(right[inventory.bindings[number].owner] ?? PortSet())
        return wrong.runs.first.flatMap { match(inventory, number, port: $0.first, table) }
      }
    ]
  }

  private static func match(_ inventory: Inventory, _ number: Int, port: UInt16, _ table: PortTable) -> Match? {
    guard let row = table.row(at: port), let expected = row.transport else { return nil }
    let binding = inventory.bindings[number]
    return Match(
      values: [
        .owner: inventory[binding.owner].phrase, .service: row.service, .protocol: binding.transport?.name ?? "",
        .expected: expected.name, .port: "\(port)",
        .endpoint: endpointPhrase(binding.fixedPorts, binding.transport) ?? binding.text,
      ],
      owner: binding.owner, ports: binding.fixedPorts, transport: binding.transport, place: binding.findingPlace,
      related: binding.wayRelated)
  }
}

extension PortTable {
  /// The ports of the table that a claim leads to, or may lead to, on the protocol that the table has for them.
  fileprivate func ports(
    ofOwnProtocol inner: PortRange?, _ transport: TransportProtocol?, _ policy: Policy
  ) -> PortSet {
    if let inner, !mayHold(inner) { return PortSet() }
    let reached = inner.map { ports.intersection(PortSet($0)) } ?? ports
    guard let transport else { return reached }
    return ports(of: reached, transport, on: policy.platform)
  }
}
