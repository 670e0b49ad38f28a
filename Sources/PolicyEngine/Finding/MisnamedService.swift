import PortModel
import SourceText

/// The relation `misnamed-service`: a port's name belongs to one well-known service and its number to another.
enum MisnamedService {
  static func matches(in context: JudgingContext) -> OutcomeTable<[Match]> {
    let (inventory, known) = (context.inventory, context.policy.knownServices)
    var matches: [Match] = []
    var seen: Set<SourceRange> = []
    // Who else the owner names is gathered when the first name is wrong.
    var named: [OwnerID: [Int]]?
    for (number, claim) in context.claims.enumerated() where claim.effect == .takes && claim.scope != .nodePorts {
      guard let port = claim.role == .service ? claim.ports : claim.inner, port.isSingle,
        // Looked at in its place: a binding is large, and hardly any name is wrong.
        case .known(let name, _) = inventory.bindings[number].name,
        let mismatch = known.mismatch(name: name, port: port.first)
      else { continue }
      let binding = inventory.bindings[number]
      guard let ports = binding.listeningPorts else { continue }
      // A sibling that names the number rightly shows that the owner knows what it does.
      if named == nil {
        named = Dictionary(grouping: inventory.bindings.indices) { inventory.bindings[$0].owner }
      }
      let siblings = named?[binding.owner] ?? []
      let isExplained = siblings.contains { number in
        let sibling = inventory.bindings[number]
        guard sibling.effect == .takes else { return false }
        guard let other = sibling.name.value, other != name, sibling.listeningPorts?.value == ports.value else {
          return false
        }
        return known.mismatch(name: other, port: ports.value.first) == nil
      }
      guard !isExplained, seen.insert(ports.place).inserted else { continue }
      let related = binding.name.place.map { [Related("the name stands here", at: $0)] } ?? []
      matches.append(
        Match(
          values: [
            .owner: inventory[binding.owner].phrase,
            .name: name,
            .port: ports.value.description,
            .protocol: binding.transport?.name ?? "",
            .endpoint: endpointPhrase(ports.value, binding.transport) ?? "",
            .other: mismatch.owner,
            .expected: mismatch.usual.map(String.init).joined(separator: " or "),
          ],
          owner: binding.owner, ports: ports.value, transport: binding.transport, place: ports.place, related: related))
    }
    return [.holds: matches]
  }
}
