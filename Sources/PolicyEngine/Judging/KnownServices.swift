import PortModel
import SourceText

/// The table `known-services`: well-known services, the names the field gives their ports, and their default ports.
package struct KnownServices: Sendable {
  struct Service: Sendable {
    var name: String
    var ports: [UInt16]
    /// The services whose protocols this one speaks: a port of Elasticsearch may well be named `http`.
    var carriers: [String]
  }

  private var byName: [String: Int] = [:]
  private var byPort: [UInt16: [Int]] = [:]
  private var services: [Service] = []

  /// Reads the table: tab-separated columns name, aliases, ports, carriers and source, under a line of headings.
  package init(table: String) {
    for columns in tableRows(of: table, columns: 5) {
      let ports = listed(columns[2]).compactMap { UInt16($0) }
      let number = services.count
      let carriers = listed(columns[3]).map(String.init)
      services.append(Service(name: String(columns[0]), ports: ports, carriers: carriers))
      for name in [columns[0]] + listed(columns[1]) { byName[String(name)] = number }
      for port in ports { byPort[port, default: []].append(number) }
    }
  }

  /// The services whose default a port is.
  func names(at port: UInt16) -> [String] {
    (byPort[port] ?? []).map { services[$0].name }
  }

  /// The service that a port's name means, and the one whose default its number is, where they are two.
  func mismatch(name: String, port: UInt16) -> (named: String, defaults: [UInt16], owner: String)? {
    guard let number = byName[name.lowercased()] else { return nil }
    let named = services[number]
    guard !named.ports.contains(port), let others = byPort[port]?.map({ services[$0] }) else { return nil }
    let isCarried = others.contains { $0.carriers.contains(named.name) || named.carriers.contains($0.name) }
    guard !isCarried, let other = others.first else { return nil }
    return (named.name, named.ports, other.name)
  }
}

/// The relation `misnamed-service`: a port's name belongs to one well-known service and its number to another.
enum MisnamedService {
  static func matches(in inventory: Inventory, known: KnownServices) -> [Relation.Outcome: [Match]] {
    var matches: [Match] = []
    var seen: Set<SourceRange> = []
    // Hardly any name is wrong, so who else the owner names is gathered when the first one is.
    var named: [OwnerID: [Int]]?
    for binding in inventory.bindings where binding.effect == .takes && binding.scope.kind != .nodePorts {
      guard let name = binding.name.value, let ports = binding.listeningPorts, ports.value.isSingle else { continue }
      guard let mismatch = known.mismatch(name: name, port: ports.value.first) else { continue }
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
            .expected: mismatch.defaults.map(String.init).joined(separator: " or "),
          ],
          owner: binding.owner, ports: ports.value, transport: binding.transport, place: ports.place, related: related))
    }
    return [.holds: matches]
  }
}
