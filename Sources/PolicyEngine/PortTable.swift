import PortModel

/// A table of `rules/tables/`: ports with the services that have them.
package struct PortTable: Sendable {
  /// A service, and the ports that are its own.
  package struct Row: Sendable {
    package var service: String
    package var ports: PortRange
    /// Nothing for any.
    package var transport: TransportProtocol?
    /// Nothing for any.
    package var platform: Platform?

    package init(service: String, ports: PortRange, transport: TransportProtocol? = nil, platform: Platform? = nil) {
      self.service = service
      self.ports = ports
      self.transport = transport
      self.platform = platform
    }
  }

  package let rows: [Row]
  /// The ports of all rows: most claims are of none.
  let ports: PortSet
  private let groups: [Group]

  /// The ports of the rows for one protocol on one platform.
  private struct Group {
    var transport: TransportProtocol?
    var platform: Platform?
    var ports: PortSet
  }

  package init(rows: [Row]) {
    self.rows = rows
    ports = PortSet(rows.map(\.ports))
    var groups: [(transport: TransportProtocol?, platform: Platform?, ports: [PortRange])] = []
    for row in rows {
      if let number = groups.firstIndex(where: { $0.transport == row.transport && $0.platform == row.platform }) {
        groups[number].ports.append(row.ports)
      } else {
        groups.append((row.transport, row.platform, [row.ports]))
      }
    }
    self.groups = groups.map { Group(transport: $0.transport, platform: $0.platform, ports: PortSet($0.ports)) }
  }

  /// The services of the table.
  package var services: Set<String> {
    Set(rows.map(\.service))
  }

  /// Whether a row has one of the ports, for whatever protocol and platform.
  func mayHold(_ ports: PortRange) -> Bool {
    self.ports.overlaps(ports)
  }

  /// Those of `ports` that the table has for the protocol on the platform.
  func ports(of ports: PortSet, _ transport: TransportProtocol, on platform: Platform) -> PortSet {
    groups.filter {
      ($0.transport == nil || $0.transport == transport) && ($0.platform == nil || $0.platform == platform)
    }.reduce(PortSet()) { $0.union(ports.intersection($1.ports)) }
  }

  /// Those of `ports` that the table has for another protocol than this one only.
  func portsOfOtherProtocols(of ports: PortSet, _ transport: TransportProtocol, on platform: Platform) -> PortSet {
    let all = ports.intersection(self.ports)
    return all.subtracting(self.ports(of: all, transport, on: platform))
  }

  /// The service of the first row that has the port, and its protocol.
  func row(at port: UInt16) -> (service: String, transport: TransportProtocol?)? {
    guard ports.contains(port) else { return nil }
    return rows.first { $0.ports.overlaps(PortRange(port)) }.map { ($0.service, $0.transport) }
  }
}
