import PortModel

/// The relation `lone-transport`: a service of the table `both-transports` that its owner publishes on one only.
enum LoneTransport {
  private struct Key: Hashable {
    var owner: OwnerID
    var port: UInt16
  }

  static func matches(in inventory: Inventory, policy: Policy) -> OutcomeTable<[Match]> {
    guard let table = policy.tables["both-transports"] else { return [:] }
    var claims: [Key: [Int]] = [:]
    var unknown: Set<OwnerID> = []
    for (number, binding) in inventory.bindings.enumerated() where binding.role == .publish && binding.effect == .takes
    {
      guard let ports = binding.listeningPorts?.value, binding.transport != nil else {
        // What cannot be read may be the missing half.
        unknown.insert(binding.owner)
        continue
      }
      guard ports.isSingle, table.row(at: ports.first) != nil else { continue }
      claims[Key(owner: binding.owner, port: ports.first), default: []].append(number)
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
    return [.holds: matches]
  }
}
