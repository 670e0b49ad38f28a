import Foundation
import Testing

@testable import PortModel

private let embedded = ServicesDatabase.embedded

/// The rows of a table in the repository, as columns.
private func rows(of path: String) throws -> [[String]] {
  let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  let text = try String(contentsOf: root.appending(path: path), encoding: .utf8)
  try #require(text.hasSuffix("\n") && !text.contains("\r"))
  return text.dropLast().split(separator: "\n", omittingEmptySubsequences: false).map { line in
    line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
  }
}

private func rowsByPort() throws -> [[String]] { try rows(of: "Sources/ServicesData/services-by-port.tsv") }
private func rowsByName() throws -> [[String]] { try rows(of: "Sources/ServicesData/services-by-name.tsv") }

/// Reads `80` or `6000-6063`, with leading zeros or without.
private func range(_ text: String) throws -> PortRange {
  let ends = try text.split(separator: "-").map { try #require(UInt16($0)) }
  let (first, last) = (try #require(ends.first), try #require(ends.last))
  return try #require(PortRange(first, through: last))
}

private func ports(_ text: String) throws -> PortSet {
  PortSet(try text.split(separator: " ").map { try range(String($0)) })
}

@Suite struct EmbeddedServicesTests {
  @Test(
    arguments: [
      (80, .tcp, ["http", "www", "www-http"]),
      (22, .tcp, ["ssh"]),
      (22, .sctp, ["ssh"]),
      (513, .tcp, ["login"]),
      (513, .udp, ["who"]),
      (514, .tcp, ["shell"]),
      (514, .udp, ["syslog"]),
      (3306, .tcp, ["mysql"]),
      (6000, .tcp, ["x11"]),
      (6041, .tcp, ["x11"]),
      (6063, .udp, ["x11"]),
      (6064, .tcp, ["ndl-ahp-svc"]),
      (51820, .udp, ["wireguard"]),
      (51820, .tcp, []),
      (81, .tcp, ["nginx-proxy-mgr"]),
      (1, .tcp, ["tcpmux"]),
      (0, .tcp, []),
      (0, .udp, []),
      (65535, .tcp, []),
      (65535, .sctp, []),
      (47808, .udp, ["bacnet"]),
      (80, .other("TCP"), []),
      (80, .other(""), []),
      (80, .other("tcp\thttp"), []),
    ] as [(UInt16, TransportProtocol, [String])])
  func namesAPort(_ port: UInt16, _ transport: TransportProtocol, _ names: [String]) {
    let entries = embedded.entries(at: port, transport)
    #expect(entries.map(\.name) == names)
    #expect(entries.allSatisfy { $0.transport == transport && $0.ports.overlaps(PortRange(port)) })
    #expect(embedded.isRegistered(port, transport) == !names.isEmpty)
    #expect(embedded.registered(in: PortSet(PortRange(port)), transport).isEmpty == names.isEmpty)
  }

  @Test(arguments: [
    ("ssh", ["22/sctp", "22/tcp", "22/udp"]),
    ("HTTP", ["80/sctp", "80/tcp", "80/udp"]),
    ("Www-Http", ["80/tcp", "80/udp"]),
    ("xmlipcregsvc", ["9092/tcp", "9092/udp"]),
    ("X11", ["6000-6063/tcp", "6000-6063/udp"]),
    ("wireguard", ["51820/udp"]),
    ("Transmission", ["9091/tcp", "51413/tcp", "51413/udp"]),
    ("htt", []),
    ("http ", []),
    ("http\t00080", []),
    ("ſsh", []),
    ("80", []),
    ("", []),
    ("zzzzzzzzzzzzzzzz", []),
  ])
  func findsAName(_ name: String, _ places: [String]) {
    let entries = embedded.entries(named: name)
    #expect(entries.map { "\($0.ports)/\($0.transport.name)" } == places)
    #expect(entries.allSatisfy { $0.name.lowercased() == name.lowercased() })
  }

  @Test func keepsTheRegistrysSpelling() {
    #expect(embedded.entries(named: "xmlipcregsvc").first?.name == "XmlIpcRegSvc")
  }

  @Test(
    arguments: [
      (22, .tcp, ["iana"]), (51820, .udp, ["de-facto"]), (4317, .tcp, ["iana"]), (4318, .tcp, ["de-facto"]),
      (9092, .tcp, ["iana", "de-facto"]), (3000, .tcp, ["iana", "iana", "de-facto", "de-facto"]),
    ] as [(UInt16, TransportProtocol, [String])])
  func saysWhoSaysSo(_ port: UInt16, _ transport: TransportProtocol, _ origins: [String]) {
    #expect(embedded.entries(at: port, transport).map(\.origin.rawValue) == origins)
  }

  @Test func describesAService() throws {
    let entry = try #require(embedded.entries(at: 6010, .tcp).first)
    #expect(entry.description == "X Window System")
    #expect(entry.ports == PortRange(6000, through: 6063))
    #expect(embedded.entries(at: 514, .udp).first?.description == "")
  }

  @Test(
    arguments: [
      ("80", .tcp, "80", ""),
      ("", .tcp, "", ""),
      ("0", .tcp, "", ""),
      ("65535", .udp, "", ""),
      ("78-83", .tcp, "78-83", "81"),
      ("4222 4223 4317-4319", .tcp, "4222 4317-4319", "4222 4318"),
      ("5990-6070", .tcp, "5990-5994 5999-6066 6068-6070", "6006 6032-6033 6052"),
      ("51810-51830", .udp, "51820", "51820-51821 51826"),
      ("51810-51830", .tcp, "51821 51826", "51820-51821 51826"),
      ("51810-51830", .sctp, "", "51820-51821 51826"),
      ("20-22 80", .sctp, "20-22 80", ""),
      ("2456-2458", .udp, "2456-2458", "2456-2458"),
      ("6880-6890", .tcp, "6881-6889", "6881-6889"),
      ("65000-65535", .tcp, "", ""),
    ] as [(String, TransportProtocol, String, String)])
  func selectsFromRanges(
    _ given: String, _ transport: TransportProtocol, _ registered: String, _ deFacto: String
  ) throws {
    let (given, registered, deFacto) = (try ports(given), try ports(registered), try ports(deFacto))
    #expect(embedded.registered(in: given, transport) == registered)
    #expect(embedded.deFacto(in: given) == deFacto)
  }

  @Test(arguments: [TransportProtocol.tcp, .udp, .sctp, .other("dccp")])
  func selectsFromEveryPort(_ transport: TransportProtocol) throws {
    let rows = try rowsByPort().filter { $0[1] == transport.name }
    let all = try ports(rows.map { $0[0] }.joined(separator: " "))
    #expect(embedded.registered(in: .all, transport) == all)
    #expect(embedded.registered(in: PortSet.all.subtracting(all), transport).isEmpty)
  }
}

extension EmbeddedServicesTests {
  @Test func aProductHasItsPortOnEveryTransport() throws {
    let rows = try rowsByPort().filter { $0[3] == "de-facto" }
    #expect(embedded.deFacto(in: .all) == (try ports(rows.map { $0[0] }.joined(separator: " "))))
  }
}

@Suite struct ServicesTableTests {
  @Test func rowsByPortAreWellFormed() throws {
    let line = /[0-9]{5}\t(tcp|udp|sctp|dccp)\t[!-~]+\t(iana|de-facto)\t([0-9]{5}-[0-9]{5})?\t[^\t]*/
    for row in try rowsByPort() where row.joined(separator: "\t").wholeMatch(of: line) == nil {
      Issue.record("\(row)")
    }
    for row in try rowsByPort() where !row[4].isEmpty {
      let (ports, port) = (try range(row[4]), try range(row[0]))
      #expect(!ports.isSingle && ports.overlaps(port), "\(row)")
    }
  }

  @Test func rowsByNameAreWellFormed() throws {
    let line = /[!-@\[-~]+\t([0-9]{5})\t([0-9]{5})\t(tcp|udp|sctp|dccp)\t(iana|de-facto)/
    for row in try rowsByName() {
      guard let match = row.joined(separator: "\t").wholeMatch(of: line), match.1 <= match.2 else {
        Issue.record("\(row)")
        continue
      }
    }
  }

  @Test func rowsRise() throws {
    let byPort = try rowsByPort().map { "\($0[0])\t\($0[1])" }
    #expect(byPort == byPort.sorted())
    // Swift compares ASCII strings by their bytes.
    let byName = try rowsByName().map { $0.joined(separator: "\t") }
    #expect(byName == byName.sorted())
    #expect(Set(byName).count == byName.count)
  }

  @Test func bothTablesHaveTheSameServices() throws {
    let byPort = Set(
      try rowsByPort().map { row in
        let ends = row[4].isEmpty ? [row[0], row[0]] : row[4].split(separator: "-").map(String.init)
        return [row[2].lowercased(), ends[0], ends[1], row[1], row[3]]
      }
    )
    #expect(byPort == Set(try rowsByName()))
  }

  @Test func everyRowIsFoundByItsPort() throws {
    var expected: [String: [String]] = [:]
    for row in try rowsByPort() { expected["\(row[0])\t\(row[1])", default: []].append(row[2]) }
    for (key, names) in expected {
      let port = try #require(UInt16(key.prefix(5)))
      let transport = TransportProtocol(name: key.dropFirst(6))
      if embedded.entries(at: port, transport).map(\.name) != names { Issue.record("\(key)") }
    }
  }

  @Test func everyRowIsFoundByItsName() throws {
    var expected: [String: [String]] = [:]
    for row in try rowsByName() {
      expected[row[0], default: []].append("\(try range("\(row[1])-\(row[2])"))/\(row[3])")
    }
    for (name, places) in expected {
      let found = embedded.entries(named: name.uppercased()).map { "\($0.ports)/\($0.transport.name)" }
      if found != places { Issue.record("\(name): \(found)") }
    }
  }

  @Test func deFactoRowsAreThoseOfTheRulesTable() throws {
    let table = try rows(of: "rules/tables/de-facto.tsv")
    #expect(table.first == ["name", "port", "protocol", "description", "source"])
    var wanted: [ServicesDatabase.Entry] = []
    for row in table.dropFirst() {
      try #require(row.count == 5 && row.allSatisfy { !$0.isEmpty }, "\(row)")
      wanted.append(
        ServicesDatabase.Entry(
          name: row[0], ports: try range(row[1]), transport: TransportProtocol(name: row[2]), description: row[3],
          origin: .deFacto)
      )
    }
    let rows = try rowsByPort().filter { $0[3] == "de-facto" }
    let embeddedRows = try rows.flatMap { row in
      embedded.entries(at: try #require(UInt16(row[0])), TransportProtocol(name: row[1]))
    }
    #expect(Set(embeddedRows.filter { $0.origin == .deFacto }) == Set(wanted))
    #expect(Set(wanted).count == wanted.count)
    #expect(rows.count == wanted.reduce(0) { $0 + $1.ports.count })
  }

  @Test func deFactoNamesAreServiceNames() throws {
    // RFC 6335 §5.1.
    let name = /(?=.*[A-Za-z])(?!.*--)[A-Za-z0-9]([A-Za-z0-9-]{0,13}[A-Za-z0-9])?/
    for row in try rows(of: "rules/tables/de-facto.tsv").dropFirst() {
      #expect(row[0].wholeMatch(of: name) != nil, "\(row[0])")
    }
  }

  @Test func deFactoServicesAreNotRegisteredUnderTheirOwnName() throws {
    for row in try rows(of: "rules/tables/de-facto.tsv").dropFirst() {
      for entry in embedded.entries(named: row[0]) { #expect(entry.origin == .deFacto, "\(row[0])") }
    }
  }
}

@Suite(.enabled(if: FileManager.default.fileExists(atPath: "/etc/services")))
struct SystemServicesTests {
  private let system = ServicesDatabase.system

  @Test func findsAName() {
    let ssh = system.entries(named: "ssh").filter { $0.transport == .tcp }
    #expect(ssh.map(\.ports) == [PortRange(22)])
    #expect(ssh.map(\.name) == ["ssh"])
    #expect(ssh.map(\.origin) == [.system])
  }

  @Test(arguments: ["", "no-such-service", "22", "ssh\0", "ssh tcp"])
  func doesNotFind(_ name: String) {
    #expect(system.entries(named: name).isEmpty)
  }

  @Test func namesAPort() {
    #expect(system.entries(at: 22, .tcp).first?.name == "ssh")
    #expect(system.entries(at: 22, .tcp).first?.ports == PortRange(22))
    #expect(system.isRegistered(22, .tcp))
    #expect(system.entries(at: 22, .other("no-such-protocol")).isEmpty)
    #expect(!system.isRegistered(22, .other("no-such-protocol")))
    #expect(system.entries(at: 65535, .tcp).isEmpty)
  }

  @Test func everyNameOfAPortLeadsBackToIt() {
    for port in [UInt16(25), 80, 514] {
      for name in system.entries(at: port, .tcp).map(\.name) {
        #expect(system.entries(named: name).contains { $0.ports == PortRange(port) && $0.transport == .tcp })
      }
    }
  }

  @Test func selectsFromRanges() throws {
    let found = system.registered(in: try ports("0 22 65530-65535"), .tcp)
    #expect(found == PortSet(PortRange(22)))
    #expect(system.deFacto(in: .all).isEmpty)
  }

  @Test func answersDoNotMixAcrossTasks() async {
    await withTaskGroup(of: Bool.self) { group in
      for index in 0..<200 {
        let (port, name) = index.isMultiple(of: 2) ? (UInt16(22), "ssh") : (UInt16(80), "http")
        group.addTask { ServicesDatabase.system.entries(at: port, .tcp).first?.name == name }
      }
      for await isRight in group { #expect(isRight) }
    }
  }
}
