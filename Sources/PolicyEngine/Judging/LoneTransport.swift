import PortModel

/// The relation `lone-transport`: a service of the table `both-transports` that its owner publishes on one only.
enum LoneTransport {
  private struct Key: Hashable {
    var owner: OwnerID
    var port: UInt16
  }

  static func matches(in context: JudgingContext) -> OutcomeTable<[Match]> {
    guard let table = context.policy.tables["both-transports"] else { return [:] }
    let inventory = context.inventory
    var claims: [Key: [Int]] = [:]
    var unknown: Set<OwnerID> = []
    for (number, claim) in context.claims.enumerated() where claim.role == .publish && claim.effect == .takes {
      let owner = inventory.bindings[number].owner
      guard let ports = claim.inner, inventory.bindings[number].transport != nil else {
        // What cannot be read may be the missing half.
        unknown.insert(owner)
        continue
      }
      guard ports.isSingle, table.row(at: ports.first) != nil else { continue }
      claims[Key(owner: owner, port: ports.first), default: []].append(number)
    }
    var matches: [Match] = []
    for (key, numbers) in claims where !unknown.contains(key.owner) {
      let transports = Set(numbers.compactMap { inventory.bindings[$0].transport })
      guard transports.count == 1, let number = numbers.min(), let service = table.row(at: key.port)?.service else {
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
    // A dictionary has no order, and several may stand at one place.
    matches.sort { ($0.place, $0.owner?.index ?? 0) < ($1.place, $1.owner?.index ?? 0) }
    return [.holds: matches]
  }
}
