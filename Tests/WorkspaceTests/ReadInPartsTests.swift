import ManifestFormats
import PolicyEngine
import PortModel
import SourceText
import SourceYAML
import TestSupport
import Testing
import Workspace

/// A large file is read in parts, side by side, to the same effect as in one piece.
@Suite struct ReadInPartsTests {
  /// What is found, in full, and how many streams were parsed for it.
  private func findings(in bytes: [UInt8], partsOf size: Int) throws -> (said: [String], parses: Int) {
    let workspace = Workspace(
      policy: try BuiltIn.policy(rules: BuiltIn.rules()), files: WrittenFiles(["a.yaml": bytes]), workers: 3)
    let cache = ReadingCache(partSize: size)
    let report = workspace.lint([Candidate("a.yaml", .found)], sharing: cache)
    let said = report.diagnostics.map { "\($0.rule) \($0.place): \($0.message) \($0.related.map(\.place))" }
    let rows = report.rows.map { "\(report.inventory.bindings[$0].place)" }
    return (said + rows + ["\(report.summary.documents) documents, \(report.isComplete)"], cache.parses)
  }

  private func objects(_ count: Int) -> [UInt8] {
    Array(
      (0..<count).map { number in
        """
        apiVersion: v1
        kind: \(["Service", "ConfigMap"][number % 2])
        metadata: {name: s\(number)}
        spec: {type: NodePort, ports: [{port: \(number % 7 * 20_000), nodePort: \(30_000 + number % 5)}]}
        ---

        """
      }.joined().utf8)
  }

  private func count(_ bytes: [UInt8], ofSize size: Int) -> Int? {
    let file = SourceFile(id: FileID(0), path: "a.yaml", contents: bytes)
    return StreamParts(of: file, eachOf: size, keepingCommentsWith: "portlint:") { _ in false }?.count
  }

  @Test func partsAreReadOnceAndInTheirOrder() throws {
    let bytes = objects(200)
    let whole = try findings(in: bytes, partsOf: bytes.count)
    let parts = try findings(in: bytes, partsOf: 1000)
    #expect(count(bytes, ofSize: bytes.count) == nil)
    #expect(try #require(count(bytes, ofSize: 1000)) > 10)
    #expect(whole.said.contains { $0.hasPrefix("port-conflict") })
    #expect(whole.said.contains { $0.hasPrefix("invalid-port") })
    #expect(parts.said == whole.said)
    #expect(parts.parses == 1)
  }

  @Test(arguments: [
    "services: {web: {image: a, ports: ['8080:80']}}\n", "\"portlint\": 1\nservices: [{name: a, ports: [80]}]\n",
    "a: [\n",
    "a: {{ b }} c\n",
  ])
  func whatBearsOnOtherDocumentsIsReadWhole(_ document: String) throws {
    let bytes = objects(40) + Array(document.utf8) + Array("---\n".utf8) + objects(40)
    let parts = try findings(in: bytes, partsOf: 1000)
    #expect(parts.said == (try findings(in: bytes, partsOf: bytes.count)).said)
    // Some parts were read in vain.
    #expect(parts.parses > 1)
  }

  @Test(arguments: ["# portlint: ignore invalid-port\n", "%YAML 1.1\n---\n", "...\n"])
  func aStreamThatCannotBePartedIsReadWhole(_ text: String) throws {
    let bytes = objects(40) + Array(text.utf8) + objects(40)
    #expect(count(bytes, ofSize: 1000) == nil)
    let parts = try findings(in: bytes, partsOf: 1000)
    #expect(parts.said == (try findings(in: bytes, partsOf: bytes.count)).said)
  }

  @Test func nothingDiffersInMutatedStreams() throws {
    var chance = Seeded(11)
    var inParts = 0
    for _ in 0..<300 {
      var bytes = objects(4 + chance.below(12))
      let signs = Array("\n :-#'\"[]{}|&*%k\u{0}".utf8)
      for _ in 0..<chance.below(4) {
        let at = chance.below(bytes.count)
        if chance.below(2) == 0 { bytes.insert(signs[chance.below(signs.count)], at: at) } else { bytes.remove(at: at) }
      }
      let parts = try findings(in: bytes, partsOf: 200)
      #expect(parts.said == (try findings(in: bytes, partsOf: bytes.count)).said)
      inParts += parts.parses == 1 ? 1 : 0
    }
    #expect((100...290).contains(inParts))
  }
}
