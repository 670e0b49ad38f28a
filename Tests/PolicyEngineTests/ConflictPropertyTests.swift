import PolicyEngine
import PortModel
import TestSupport
import Testing
import Workspace

/// What must hold of conflicts whatever the manifests: tried on seeded random ones.
@Suite struct ConflictPropertyTests {
  /// Services with one entry each, few enough ports and addresses for many of them to meet.
  static func entries(_ seed: UInt64, count: Int = 12) -> [String] {
    var random = Seeded(seed)
    return (0..<count).map { _ in
      let address = ["", "", "0.0.0.0:", "127.0.0.1:", "[::1]:", "[::]:"].randomElement(using: &random) ?? ""
      let first = Int.random(in: 8000...8006, using: &random)
      let length = Int.random(in: 0...2, using: &random)
      let transport = ["", "", "/udp"].randomElement(using: &random) ?? ""
      let isChoice = length > 0 && Bool.random(using: &random)
      let host = length == 0 ? "\(first)" : "\(first)-\(first + length)"
      let container = length == 0 || isChoice ? "80" : "80-\(80 + length)"
      return "\(address)\(host):\(container)\(transport)"
    }
  }

  private func report(_ services: [(name: String, entry: String)]) throws -> Report {
    let lines = services.map { "  \($0.name): {image: x, ports: ['\($0.entry)']}\n" }
    let text = "services:\n" + lines.joined()
    let policy = try BuiltIn.policy(rules: BuiltIn.rules())
    let files = WrittenFiles(["compose.yaml": Array(text.utf8)])
    return Workspace(policy: policy, files: files, workers: 1).lint([Candidate("compose.yaml", .found)])
  }

  private func conflicts(_ report: Report) -> [Diagnostic] {
    report.diagnostics.filter { $0.rule == "port-conflict" }
  }

  /// The services that take part in a conflict, as the later party or the earliest.
  private func parties(_ report: Report) -> Set<String> {
    Set(
      conflicts(report).flatMap { diagnostic in
        diagnostic.message.split(separator: "'", omittingEmptySubsequences: false).enumerated()
          .filter { $0.offset % 2 == 1 }.map { String($0.element) }
      })
  }

  /// Each pair of services alone: whether the two conflict.
  private func conflictingPairs(_ entries: [String], isReversed: Bool = false) throws -> Set<Set<String>> {
    var pairs: Set<Set<String>> = []
    for i in entries.indices {
      for j in entries.indices where j > i {
        let pair = [(name: "s\(i)", entry: entries[i]), (name: "s\(j)", entry: entries[j])]
        let alone = try report(isReversed ? pair.reversed() : pair)
        if !conflicts(alone).isEmpty { pairs.insert(["s\(i)", "s\(j)"]) }
      }
    }
    return pairs
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func theOrderOfServicesChangesNothing(_ seed: UInt64) throws {
    let entries = Self.entries(seed, count: 8)
    #expect(try conflictingPairs(entries) == conflictingPairs(entries, isReversed: true))
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func whoMeetsIsWhoMeetsInPairs(_ seed: UInt64) throws {
    let entries = Self.entries(seed, count: 7)
    let pairs = try conflictingPairs(entries)
    let whole = try report(entries.enumerated().map { ("s\($0.offset)", $0.element) })
    #expect(parties(whole) == pairs.reduce(into: Set()) { $0.formUnion($1) })
    // Each later party once: of a pair, one that is not the first service of all its pairs.
    let later = Set(entries.indices.filter { j in (0..<j).contains { pairs.contains(["s\($0)", "s\(j)"]) } })
    #expect(conflicts(whole).count == later.count)
    for diagnostic in conflicts(whole) {
      let owner = diagnostic.owner.flatMap { whole.inventory[$0].name } ?? ""
      let earliest = entries.indices.first { pairs.contains(["s\($0)", owner]) }
      #expect(diagnostic.related.first?.message.contains("'s\(earliest ?? -1)'") == true)
    }
  }

  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func aFreePortAddsNoConflict(_ seed: UInt64) throws {
    let services = Self.entries(seed).enumerated().map { (name: "s\($0.offset)", entry: $0.element) }
    let before = try report(services)
    let after = try report(services + [("free", "9123:80")])
    #expect(conflicts(before).map(\.message) == conflicts(after).map(\.message))
  }
}
