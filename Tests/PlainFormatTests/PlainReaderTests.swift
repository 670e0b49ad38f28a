import ManifestFormats
import PortModel
import SourceText
import Testing

/// What a plain manifest comes to: its claims, each with its place, and what is wrong with it.
@Suite struct PlainReaderTests {
  struct Case: CustomTestStringConvertible {
    var manifest: String
    var rows: [String]

    init(_ manifest: String, _ rows: [String]) {
      self.manifest = manifest
      self.rows = rows
    }

    var testDescription: String { manifest }
  }

  static let cases: [Case] = [
    Case("services:\n  - name: a\n    port: 53", ["4:11-13 'a' 53/tcp on every address, entry 3:5-4:13"]),
    Case(
      "services:\n  - port: 53\n    name: a\n    protocol: udp", ["3:11-13 'a' 53/udp on every address, entry 3:5-5:18"]
    ),
    Case(
      "services:\n  - name: a\n    ports:\n      - 53\n      - 7000-7009",
      [
        "5:9-11 'a' 53/tcp on every address, entry 5:9-11",
        "6:9-18 'a' 7000-7009/tcp on every address, entry 6:9-18",
      ]),
    // A service's fields hold for those of its ports that have none of their own.
    Case(
      "services:\n  - name: a\n    address: 10.0.0.1\n    protocol: [tcp, udp]\n    reuse: port\n    v6only: true\n"
        + "    ports:\n      - 53\n      - {port: 443, name: https, protocol: TCP, address: '::1', reuse: [], v6only: false}",
      [
        "9:9-11 'a' 53/tcp on 10.0.0.1, entry 9:9-11, reuse 6",
        "9:9-11 'a' 53/udp on 10.0.0.1, entry 9:9-11, reuse 6",
        "10:16-19 'a' 443/tcp on ::1, entry 10:9-90, name https at 10:27-32",
      ]),
    Case(
      "services:\n  - {name: a, port: 53, reuse: address}\n  - {name: b, port: 53, reuse: [port, address]}",
      [
        "3:21-23 'a' 53/tcp on every address, entry 3:5-40, reuse 1",
        "4:21-23 'b' 53/tcp on every address, entry 4:5-48, reuse 3",
      ]),
    // A quoted number is a port too; a number may be written in any of YAML's ways.
    Case("services:\n  - {name: a, port: \"53\"}", ["3:22-24 'a' 53/tcp on every address, entry 3:5-26"]),
    Case("services:\n  - {name: a, port: '7000-7001'}", ["3:22-31 'a' 7000-7001/tcp on every address, entry 3:5-33"]),
    Case(
      "services:\n  - {name: a, port: 0x1F90}", ["3:21-27 'a' 8080/tcp on every address, entry 3:5-28, text 0x1F90"]),
    Case("services:\n  - {name: a, port: 65535}", ["3:21-26 'a' 65535/tcp on every address, entry 3:5-27"]),
    Case("services:\n  - {name: a, port: 5-5}", ["3:21-24 'a' 5/tcp on every address, entry 3:5-25, text 5-5"]),
    // Who may bind a port below 1024.
    Case(
      "services:\n  - {name: a, port: 53, user: dns}\n  - {name: b, port: 53, user: root}\n"
        + "  - {name: c, port: 53, user: 0}\n  - {name: d, port: 1024, user: dns}\n  - {name: e, port: 1023-1030, user: 101}",
      [
        "3:21-23 'a' 53/tcp on every address, entry 3:5-35, user dns, privilege missing",
        "4:21-23 'b' 53/tcp on every address, entry 4:5-36, user root, privilege held",
        "5:21-23 'c' 53/tcp on every address, entry 5:5-33, user 0, privilege held",
        "6:21-25 'd' 1024/tcp on every address, entry 6:5-37, user dns",
        "7:21-30 'e' 1023-1030/tcp on every address, entry 7:5-42, user 101, privilege missing",
      ]),
    // Hosts are scopes; documents of one file share them.
    Case(
      "hosts:\n  x:\n    services: [{name: a, port: 1}]\n  y:\n    services: [{name: b, port: 2}]\n---\nportlint: 1\n"
        + "hosts: {y: {services: [{name: c, port: 3}]}}\n---\nportlint: 1\nservices: [{name: d, port: 4}]",
      [
        "4:32-33 'a' 1/tcp on every address, entry 4:16-34, part 0",
        "6:32-33 'b' 2/tcp on every address, entry 6:16-34, part 1",
        "9:40-41 'c' 3/tcp on every address, entry 9:24-42, part 1",
        "12:28-29 'd' 4/tcp on every address, entry 12:12-30, part 2",
      ]),
    Case("services: []", []),
    Case("hosts: {}", []),
    // What an alias brings is found at its use.
    Case(
      "services:\n  - {name: a, port: &p 53}\n  - {name: b, port: *p}",
      [
        "3:24-26 'a' 53/tcp on every address, entry 3:5-27",
        "3:24-26 'b' 53/tcp on every address, entry 4:5-24, alias 4:21-23",
      ]),
    Case(
      "services:\n  - &s {name: a, port: 53, protocol: udp}\n  - {<<: *s, name: b}",
      [
        "3:24-26 'a' 53/udp on every address, entry 3:8-42",
        "3:24-26 'b' 53/udp on every address, entry 4:5-22, alias 4:10-12",
      ]),
    // What a template will fill in cannot be known.
    Case(
      "services:\n  - {name: a, port: \"{{ port }}\", address: \"{{ ip }}\", protocol: \"{{ p }}\", user: \"{{ u }}\"}",
      ["3:22-32 'a' unresolved/? on {{ ip }}, entry 3:5-93, text {{ port }}"]),
  ]

  @Test(arguments: cases)
  func claims(_ example: Case) {
    let (file, reading) = read("portlint: 1\n\(example.manifest)\n")
    #expect(reading.inventory.problems.map(\.cause) == [])
    #expect(reading.inventory.rows(in: file) == example.rows)
    #expect(reading.formats == [.plain])
  }

  struct Mistake: CustomTestStringConvertible {
    var manifest: String
    var problems: [Found]
    /// The ports that are claimed all the same.
    var ports: [String]

    init(_ manifest: String, _ problems: [(String, Problem.Cause)], ports: [String] = []) {
      self.manifest = manifest
      self.problems = problems.map { Found(place: $0.0, cause: $0.1) }
      self.ports = ports
    }

    var testDescription: String { manifest }
  }

  struct Found: Equatable {
    var place: String
    var cause: Problem.Cause
  }

  @Test(arguments: mistakes)
  func reports(_ mistake: Mistake) {
    let (file, reading) = read(mistake.manifest + "\n")
    let found = reading.inventory.problems.sorted { $0.place < $1.place }
      .map { Found(place: file.placeText(of: $0.place), cause: $0.cause) }
    #expect(found == mistake.problems)
    #expect(reading.inventory.bindings.map(\.text) == mistake.ports)
  }

  @Test(arguments: ["services: []", "port: 53", "- portlint: 1", "portlint", "x: {portlint: 1}"])
  func leavesOtherFilesAlone(_ text: String) {
    let (_, reading) = read(text + "\n")
    #expect(!reading.formats.contains(.plain))
  }
}

private func read(_ text: String) -> (SourceFile, ManifestReading) {
  let file = SourceFile(id: FileID(0), path: "services.yaml", contents: Array(text.utf8))
  guard case .done(let reading) = readManifest(file, supplied: [:]) else { return (file, ManifestReading()) }
  return (file, reading)
}

extension SourceFile {
  /// A place as a person writes it: `7:10-14`, or `7:10-8:3` over several lines.
  fileprivate func placeText(of place: SourceRange) -> String {
    let lines = LineTable(of: bytes)
    let start = lines.position(of: Int(place.start))
    let end = lines.position(of: Int(place.end))
    let stop = end.line == start.line ? "\(end.column)" : "\(end.line):\(end.column)"
    return "\(start.line):\(start.column)-\(stop)"
  }
}

extension Inventory {
  /// A line for each claim; what is as usual is left out.
  fileprivate func rows(in file: SourceFile) -> [String] {
    bindings.map { binding in
      let ports = binding.fixedPorts?.description ?? "\(binding.port)"
      var row = "\(file.placeText(of: binding.place)) \(self[binding.owner].phrase) "
      row += "\(ports)/\(binding.transport?.name ?? "?") on \(binding.address.phrase)"
      row += ", entry \(file.placeText(of: binding.entry))"
      if binding.reuse != [] { row += ", reuse \(binding.reuse.rawValue)" }
      if case .known(let name, let place) = binding.name { row += ", name \(name) at \(file.placeText(of: place))" }
      if let user = binding.user.value { row += ", user \(user)" }
      if binding.privilege != .unneeded { row += ", privilege \(binding.privilege)" }
      if case .manifest(_, let part) = binding.scope.unit, file.text.contains("hosts") { row += ", part \(part)" }
      for way in binding.ways { row += ", alias \(file.placeText(of: way.place))" }
      if binding.text != ports { row += ", text \(binding.text)" }
      return row
    }
  }
}

extension SourceFile {
  fileprivate var text: String {
    String(decoding: bytes, as: UTF8.self)
  }
}
