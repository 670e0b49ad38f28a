import PortModel

/// The relation `lone-transport`: a service of the table `both-transports` that its owner publishes on one only.
enum LoneTransport {
  private struct Key: Comparable {
    var owner: OwnerID
    var port: UInt16

    static func < (a: Key, b: Key) -> Bool {
      (a.owner.index, a.port) < (b.owner.index, b.port)
    }
  }

  static func matches(in context: JudgingContext) -> OutcomeTable<[Match]> {
    guard let table = context.policy.tables["both-transports"] else { return [:] }
    let inventory = context.inventory
    var unknown: Set<OwnerID> = []
    let claims = Groups(context.claims.indices) { number -> Key? in
      let claim = context.claims[number]
      guard claim.role == .publish, claim.effect == .takes else { return nil }
      let owner = inventory.bindings[number].owner
      guard let ports = claim.inner, inventory.bindings[number].transport != nil else {
        // What cannot be read may be the missing half.
        unknown.insert(owner)
        return nil
      }
      return ports.isSingle && table.row(at: ports.first) != nil ? Key(owner: owner, port: ports.first) : nil
    }
    var matches: [Match] = []
    for (key, numbers) in claims.all where !unknown.contains(key.owner) {
      let transports = Set(numbers.compactMap { inventory.bindings[$0].transport })
      guard transports.count == 1, let number = numbers.first, let service = table.row(at: key.port)?.service else {
        continue
      }
      let binding = inventory.bindings[number]
      let other: TransportProtocol = binding.transport == .tcp ? .udp : .tcp
      matches.append(
        Match(
          values: [
            .owner: inventory[key.owner].phrase, .service: service, .protocol: binding.transport?.name ?? "",
            .expected: other.name, .port: "\(key.port)",
            .endpoint: endpointPhrase(binding.fixedPorts, binding.transport) ?? binding.text,
          ],
          owner: key.owner, ports: binding.fixedPorts, transport: binding.transport, place: binding.findingPlace,
          related: binding.wayRelated))
    }
    return [.holds: matches]
  }
}
