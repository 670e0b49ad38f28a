import ManifestFormats
import PolicyEngine
import PortModel
import SourceText
import TestSupport
import Testing
import Workspace

/// Documents that can hold no port are not read, and nothing is found that differs but for their own syntax.
@Suite struct PassedOverTests {
  /// What is found, in full, but for what is said of YAML as such.
  private func findings(in files: [String: [UInt8]], readsAll: Bool) throws -> [String] {
    let workspace = Workspace(
      policy: try BuiltIn.policy(rules: BuiltIn.rules()), files: WrittenFiles(files), workers: 1)
    let candidates = files.keys.sorted().filter { !$0.hasPrefix(".") }.map { Candidate($0, .found) }
    let report = workspace.lint(candidates, sharing: ReadingCache(readsAll: readsAll))
    return report.diagnostics.filter { $0.rule != "yaml-syntax" && $0.rule != "duplicate-key" }.map {
      "\($0.rule) \($0.place): \($0.message) \($0.related.map(\.place))"
    } + ["\(report.rows.count) ports, \(report.summary.documents) documents, \(report.isComplete)"]
  }

  @Test(arguments: BuiltIn.ruleFiles)
  func noFindingDiffersInTheExamplesOfARule(_ name: String, _ text: String) throws {
    let source = SourceFile(id: FileID(0), path: "rules/\(name)", contents: Array(text.utf8))
    for example in decodeRuleExamples(source).examples {
      let files = Dictionary(example.files.map { ($0.path, Array($0.text.utf8)) }, uniquingKeysWith: { $1 })
      #expect(try findings(in: files, readsAll: false) == findings(in: files, readsAll: true))
    }
  }

  private static let documents = [
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata:\n  a: |\n    kind: Service\n    port: 99999\n",
    "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {type: NodePort, ports: [{port: 80, nodePort: 30080}]}\n",
    "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: r}\nrules:\n- resources: [services]\n",
    "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: x}\nspec:\n  scope: Cluster\n",
    "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: y}\nspec:\n  conversion:\n"
      + "    webhook: {clientConfig: {service: {name: web, namespace: default, port: 81}}}\n",
    "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nkind: Service\nspec: {ports: [{port: 0}]}\n",
    "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: n # portlint: ignore invalid-port\n",
    "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - {name: c, image: a, ports: [{containerPort: 0}]}\n",
    "# about\n", "services: {web: {image: a, ports: ['8080:80', '8080:81']}}\n", "apiVersion: v1\nkind: ConfigMap\n",
  ]

  @Test func noFindingDiffersInStreamsOfManyKinds() throws {
    var chance = Seeded(7)
    var (passed, found) = (0, 0)
    for _ in 0..<400 {
      var bytes: [UInt8] = []
      for _ in 0..<1 + chance.below(6) {
        bytes += Array(Self.documents[chance.below(Self.documents.count)].utf8) + Array("---\n".utf8)
      }
      let signs = Array("\n :-#'\"[]{}|&*%k\u{0}".utf8)
      for _ in 0..<chance.below(3) {
        let at = chance.below(bytes.count)
        if chance.below(2) == 0 { bytes.insert(signs[chance.below(signs.count)], at: at) } else { bytes.remove(at: at) }
      }
      let files = ["a.yaml": bytes]
      let some = try findings(in: files, readsAll: false)
      let all = try findings(in: files, readsAll: true)
      // What stands behind a broken document is judged too, so nothing is lost, and more may be found.
      let isBroken = try isBroken(files)
      if isBroken { passed += 1 } else { #expect(some == all, "\(String(decoding: bytes, as: UTF8.self))") }
      found += some.count
    }
    #expect(passed < 300 && found > 400)
  }

  private func isBroken(_ files: [String: [UInt8]]) throws -> Bool {
    let workspace = Workspace(
      policy: try BuiltIn.policy(rules: BuiltIn.rules()), files: WrittenFiles(files), workers: 1)
    let report = workspace.lint([Candidate("a.yaml", .found)], sharing: ReadingCache(readsAll: true))
    return report.diagnostics.contains { $0.rule == "yaml-syntax" || $0.rule == "limit-exceeded" }
  }
}
