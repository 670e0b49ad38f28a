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
  private let held: PortSet

  package init(rows: [Row]) {
    self.rows = rows
    held = PortSet(rows.map(\.ports))
  }

  /// The ports of all rows.
  var ports: PortSet {
    held
  }

  /// The services of the table.
  package var services: Set<String> {
    Set(rows.map(\.service))
  }

  /// Whether a row has one of the ports, for whatever protocol and platform.
  func mayHold(_ ports: PortRange) -> Bool {
    held.overlaps(ports)
  }

  /// Those of `ports` that the table has for the protocol on the platform.
  func ports(of ports: PortSet, _ transport: TransportProtocol, on platform: Platform) -> PortSet {
    let ports = ports.intersection(held)
    guard !ports.isEmpty else { return ports }
    let fitting = rows.filter { $0.transport == nil || $0.transport == transport }
      .filter { $0.platform == nil || $0.platform == platform }
    return ports.intersection(PortSet(fitting.map(\.ports)))
  }

  /// Those of `ports` that the table has for another protocol than this one only.
  func portsOfOtherProtocols(of ports: PortSet, _ transport: TransportProtocol, on platform: Platform) -> PortSet {
    let all = ports.intersection(held)
    return all.subtracting(self.ports(of: all, transport, on: platform))
  }

  /// The service of the first row that has the port, and its protocol.
  func row(at port: UInt16) -> (service: String, transport: TransportProtocol?)? {
    guard held.contains(port) else { return nil }
    return rows.first { $0.ports.overlaps(PortRange(port)) }.map { ($0.service, $0.transport) }
  }
}
