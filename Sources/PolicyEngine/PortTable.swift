import PortModel

/// A table of `rules/tables/`: ports with the services that have them.
///
/// Tab-separated columns service, port (or range), protocol (nothing for any), platform (nothing for any) and source,
/// under a line of headings.
package struct PortTable: Sendable {
  private struct Row: Sendable {
    var service: String
    var ports: PortRange
    var transport: TransportProtocol?
    var platform: Platform?
  }

  private var rows: [Row] = []
  /// The ports of all rows: most claims are of none.
  private var held = PortSet()

  /// Reads a table; a line that is none of it is passed over.
  package init(_ text: String) {
    for columns in tableRows(of: text, columns: 5) {
      let bounds = listed(columns[1], separator: "-").compactMap { UInt16($0) }
      guard let first = bounds.first, let last = bounds.last, let ports = PortRange(first, through: last) else {
        continue
      }
      rows.append(
        Row(
          service: String(columns[0]), ports: ports,
          transport: columns[2].isEmpty ? nil : TransportProtocol(name: columns[2]),
          platform: Platform(rawValue: String(columns[3]))))
    }
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
