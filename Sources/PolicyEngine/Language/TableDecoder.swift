import PortModel

/// What is wrong with a line of a table.
package struct TableProblem: Error, Hashable, Sendable {
  /// 1-based.
  package var line: Int
  package var message: String
}

/// Reads a table of ports: tab-separated columns service, port (or range), protocol (nothing for any), platform (nothing
/// for any) and source, under a line of headings.
package func decodePortTable(_ text: String) throws(TableProblem) -> PortTable {
  let lines = try tableLines(of: text, headings: ["service", "port", "protocol", "platform", "source"])
  var rows: [PortTable.Row] = []
  for line in lines {
    guard !line.columns[0].isEmpty else { throw line.problem("the service is missing") }
    guard let ports = PortRange(line.columns[1]) else {
      throw line.problem("'\(line.columns[1])' is neither a port nor a range such as 7000-7099")
    }
    let transport = line.columns[2].isEmpty ? nil : TransportProtocol(name: line.columns[2])
    if case .other(let name) = transport { throw line.problem("'\(name)' is none of tcp, udp and sctp") }
    let platform = Platform(rawValue: line.columns[3])
    guard platform != nil || line.columns[3].isEmpty else {
      throw line.problem("'\(line.columns[3])' is no platform")
    }
    rows.append(PortTable.Row(service: line.columns[0], ports: ports, transport: transport, platform: platform))
  }
  return PortTable(rows: rows)
}

/// Reads the table of well-known services: tab-separated columns name, aliases, ports, carriers and source, under a line
/// of headings; commas part what a column lists.
package func decodeKnownServices(_ text: String) throws(TableProblem) -> KnownServices {
  let lines = try tableLines(of: text, headings: ["name", "aliases", "ports", "carriers", "source"])
  let listed = { (column: String) in column.split(separator: ",").map(String.init) }
  let own = lines.map(\.columns[0])
  var services: [KnownServices.Service] = []
  var names: [KnownServices.Name] = []
  var ports: [KnownServices.Port] = []
  for (number, line) in lines.enumerated() {
    let carriers = listed(line.columns[3])
    if let stranger = carriers.first(where: { !own.contains($0) }) {
      throw line.problem("'\(stranger)' is no service of the table")
    }
    var numbers: [UInt16] = []
    for port in listed(line.columns[2]) {
      guard let port = UInt16(port) else { throw line.problem("'\(port)' is no port") }
      numbers.append(port)
    }
    for name in [line.columns[0]] + listed(line.columns[1]) {
      if names.contains(where: { $0.name == name }) { throw line.problem("the name '\(name)' stands twice") }
      names.append(KnownServices.Name(name: name, service: number))
    }
    ports += numbers.map { KnownServices.Port(port: $0, service: number) }
    services.append(KnownServices.Service(name: line.columns[0], ports: numbers, carriers: carriers))
  }
  return KnownServices(
    services: services, names: names.sorted { $0.name < $1.name },
    ports: ports.sorted { ($0.port, $0.service) < ($1.port, $1.service) })
}

private struct TableLine {
  var number: Int
  var columns: [String]

  func problem(_ message: String) -> TableProblem {
    TableProblem(line: number, message: message)
  }
}

/// The lines under the headings, split into columns; empty lines are left out.
private func tableLines(of text: String, headings: [String]) throws(TableProblem) -> [TableLine] {
  let lines = text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map { number, line in
    TableLine(
      number: number + 1, columns: line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init))
  }
  guard let first = lines.first, first.columns == headings else {
    throw TableProblem(line: 1, message: "expected the headings \(headings.joined(separator: ", "))")
  }
  let rows = lines.dropFirst().filter { $0.columns != [""] }
  if let bad = rows.first(where: { $0.columns.count != headings.count }) {
    throw bad.problem("expected \(headings.count) columns, not \(bad.columns.count)")
  }
  return rows
}
