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
    let service = try line.service(0)
    guard let ports = PortRange(line.columns[1]) else {
      throw line.problem("'\(line.columns[1])' is neither a port nor a range such as 7000-7099")
    }
    let transport = line.columns[2].isEmpty ? nil : try line.transport(2)
    let platform = Platform(rawValue: line.columns[3])
    guard platform != nil || line.columns[3].isEmpty else {
      throw line.problem("'\(line.columns[3])' is no platform")
    }
    rows.append(PortTable.Row(service: service, ports: ports, transport: transport, platform: platform))
  }
  return PortTable(rows: rows)
}

/// Reads the table of well-known services: tab-separated columns name, aliases, ports (nobody else's), shared (ports
/// that many services use), carriers, images, opened (what the images listen on unasked, one image alone by `image=port`)
/// and source, under a line of headings; commas part what a column lists.
package func decodeKnownServices(_ text: String) throws(TableProblem) -> KnownServices {
  let lines = try tableLines(
    of: text, headings: ["name", "aliases", "ports", "shared", "carriers", "images", "opened", "source"])
  let own = lines.map(\.columns[0])
  var services: [KnownServices.Service] = []
  var names: [KnownServices.Name] = []
  var ports: [KnownServices.Port] = []
  for (number, line) in lines.enumerated() {
    let carriers = line.list(4)
    if let stranger = carriers.first(where: { !own.contains($0) }) {
      throw line.problem("'\(stranger)' is no service of the table")
    }
    let numbers = try line.ports(2)
    for name in [line.columns[0]] + line.list(1) {
      if names.contains(where: { $0.name == name }) { throw line.problem("the name '\(name)' stands twice") }
      names.append(KnownServices.Name(name: name, service: number))
    }
    ports += numbers.map { KnownServices.Port(port: $0, service: number) }
    services.append(
      KnownServices.Service(
        name: line.columns[0], ports: numbers, shared: try line.ports(3), carriers: carriers,
        images: line.list(5), opened: try line.openedPorts(6, of: line.list(5))))
  }
  return KnownServices(
    services: services, names: names.sorted { $0.name < $1.name },
    ports: ports.sorted { ($0.port, $0.service) < ($1.port, $1.service) })
}

/// Reads the table of services that let anyone in: tab-separated columns service, port, protocol, images, by-number,
/// official, asks, guarded, open, unguarded and source, under a line of headings; commas part what a column lists.
package func decodeExposedServices(_ text: String) throws(TableProblem) -> ExposedServices {
  let headings = [
    "service", "port", "protocol", "images", "by-number", "official", "asks", "guarded", "open", "unguarded", "source",
  ]
  var services: [ExposedServices.Service] = []
  for line in try tableLines(of: text, headings: headings) {
    let signs = { (column: Int) in line.list(column).map { ExposedServices.Sign($0[...]) } }
    guard ["yes", ""].contains(line.columns[4]) else {
      throw line.problem("'\(line.columns[4])' is neither 'yes' nor nothing")
    }
    let asking: ExposedServices.Asking
    switch line.columns[6] {
    case "never": asking = .never
    case "always": asking = .always
    case let text:
      guard let version = Int(text) else { throw line.problem("'\(text)' is no version, 'never' or 'always'") }
      asking = .from(version)
    }
    services.append(
      ExposedServices.Service(
        name: try line.service(0), port: try line.port(line.columns[1]), transport: try line.transport(2),
        images: line.list(3), isToldByPort: line.columns[4] == "yes", official: line.list(5), asking: asking,
        guarded: signs(7), open: signs(8), unguarded: signs(9)))
  }
  return ExposedServices(services: services)
}

private struct TableLine {
  var number: Int
  var columns: [String]

  /// What a column lists.
  func list(_ column: Int) -> [String] {
    columns[column].split(separator: ",").map(String.init)
  }

  /// The service that a column names.
  func service(_ column: Int) throws(TableProblem) -> String {
    guard !columns[column].isEmpty else { throw problem("the service is missing") }
    return columns[column]
  }

  /// The protocol that a column names.
  func transport(_ column: Int) throws(TableProblem) -> TransportProtocol {
    let transport = TransportProtocol(name: columns[column])
    if case .other(let name) = transport { throw problem("'\(name)' is none of tcp, udp and sctp") }
    return transport
  }

  /// The port that a text is.
  func port(_ text: String) throws(TableProblem) -> UInt16 {
    guard let port = UInt16(text) else { throw problem("'\(text)' is no port") }
    return port
  }

  /// The ports that a column lists.
  func ports(_ column: Int) throws(TableProblem) -> [UInt16] {
    try list(column).map(port)
  }

  /// The ports that a column lists for all of some images, or for one.
  func openedPorts(_ column: Int, of images: [String]) throws(TableProblem) -> [KnownServices.OpenedPort] {
    try list(column).map { text throws(TableProblem) in
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { return KnownServices.OpenedPort(port: try port(text)) }
      guard images.contains(parts[0]) else { throw problem("'\(parts[0])' is no image of the service") }
      return KnownServices.OpenedPort(port: try port(parts[1]), image: parts[0])
    }
  }

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
