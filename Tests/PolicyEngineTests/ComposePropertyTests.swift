import PolicyEngine
import PortModel
import TestSupport
import Testing
import Workspace

/// What must hold of Compose projects whatever they say: tried on seeded random ones.
@Suite struct ComposePropertyTests {
  private func report(_ files: [String: String]) throws -> Report {
    let policy = try BuiltIn.policy(rules: BuiltIn.rules())
    let workspace = Workspace(policy: policy, files: WrittenFiles(files.mapValues { Array($0.utf8) }), workers: 1)
    let paths = files.keys.filter { !$0.hasSuffix(".env") }.sorted()
    return workspace.lint(paths.map { Candidate($0, .found) })
  }

  /// A service that others may meet, call, and be alternatives of.
  private func service(_ number: Int, _ random: inout Seeded) -> String {
    let host = 8000 + random.below(6)
    let image = ["example/a", "mysql:5", "mysql:9", "nginx"][random.below(4)]
    let inner = [80, 3306, 8000 + random.below(6)][random.below(3)]
    let other = "s\(random.below(8))"
    return """
        s\(number):
          image: \(image)
          ports: ["\(host):\(inner)"\(random.below(3) == 0 ? ", \"\(host + 1):\(inner)\"" : "")]
          environment: {API_URL: "http://\(other):\(8000 + random.below(6))", DB_HOST: \(other), DB_PORT: \(host)}
          healthcheck: {test: curl http://localhost:\(8000 + random.below(6))/}
          labels: {traefik.http.services.s.loadbalancer.server.port: \(8000 + random.below(6))}

      """
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func anUnrelatedServiceChangesNoFinding(_ seed: UInt64) throws {
    var random = Seeded(seed)
    let services = "services:\n" + (0..<8).map { service($0, &random) }.joined()
    let unrelated = "  unrelated: {image: example/unrelated, ports: [\"127.0.0.1:9123:9124\"]}\n"
    let before = try report(["compose.yaml": services]).diagnostics
    let after = try report(["compose.yaml": services + unrelated]).diagnostics
    #expect(!before.isEmpty)
    #expect(before.map(\.rule) == after.map(\.rule))
    #expect(before.map(\.message) == after.map(\.message))
    #expect(before.map(\.place) == after.map(\.place))
  }

  @Test(arguments: 1...10 as ClosedRange<UInt64>)
  func whatANetworkDoesNotPublishNeverConflicts(_ seed: UInt64) throws {
    var random = Seeded(seed)
    let networks = ["lan", "vlan", "inside", "open"]
    let joined = (0..<10).map { _ in networks[random.below(4)] }
    let entries = ConflictPropertyTests.entries(seed, count: 10)
    let text =
      """
      networks:
        lan: {driver: macvlan}
        vlan: {driver: ipvlan}
        inside: {internal: true}
        open: {}
      services:

      """
      + zip(joined, entries).enumerated()
      .map { "  s\($0): {image: x, networks: [\($1.0)], ports: ['\($1.1)']}\n" }.joined()
    let conflicts = try report(["compose.yaml": text]).diagnostics.filter {
      ["port-conflict", "possible-conflict", "duplicate-port"].contains($0.rule)
    }
    for conflict in conflicts {
      let parties = conflict.message.split(separator: "'", omittingEmptySubsequences: false).enumerated()
        .filter { $0.offset % 2 == 1 }.compactMap { Int($0.element.dropFirst()) }
      #expect(parties.allSatisfy { joined[$0] == "open" }, "\(conflict.message)")
    }
    // Alone, those that are published meet as before.
    let alone =
      "services:\n"
      + zip(joined, entries).enumerated().filter { $1.0 == "open" }
      .map { "  s\($0): {image: x, ports: ['\($1.1)']}\n" }.joined()
    let rules = Set(conflicts.map(\.rule))
    #expect(
      conflicts.map(\.message)
        == (try report(["compose.yaml": alone])).diagnostics.filter { rules.contains($0.rule) }.map(\.message))
  }

  @Test(arguments: 1...10 as ClosedRange<UInt64>)
  func theLaterLayerIsAtFaultWhateverItIsCalled(_ seed: UInt64) throws {
    let entries = ConflictPropertyTests.entries(seed, count: 8)
    func layer(_ number: Int) -> String {
      "services:\n"
        + entries.enumerated().filter { $0.offset % 2 == number }
        .map { "  s\($0.offset / 4): {image: x, ports: ['\($0.element)']}\n" }.reduce(into: [String: [String]]()) {
          let parts = $1.split(separator: "'")
          $0[String(parts[0]), default: []].append(String(parts[1]))
        }
        .sorted { $0.key < $1.key }
        .map { "\($0.key)\($0.value.map { "'\($0)'" }.joined(separator: ", "))]}\n" }.joined()
    }
    func findings(first: String, second: String) throws -> [String] {
      let files = [first: layer(0), second: layer(1), ".env": "COMPOSE_FILE=\(first):\(second)\n"]
      let report = try report(files)
      // By the layer that is at fault, and where in it.
      return report.diagnostics.map { finding in
        let path = report.files[finding.place.file]?.path ?? ""
        return
          "\(path == first ? 0 : path == second ? 1 : 2) \(finding.place.offsets) \(finding.rule): \(finding.message)"
      }.sorted()
    }
    let named = try findings(first: "a.yaml", second: "z.yaml")
    #expect(!named.isEmpty)
    #expect(try findings(first: "z.yaml", second: "a.yaml") == named)
    #expect(try findings(first: "compose.override.yaml", second: "compose.yaml") == named)
  }
}
