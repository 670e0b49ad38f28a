import PolicyEngine
import PortModel
import SourceText
import Testing
import Workspace

/// What has none of a manifest's words is passed over; however the words are written, nothing is lost.
@Suite struct SieveTests {
  private func rules(in contents: [UInt8], of path: String, _ origin: Candidate.Origin = .found) throws -> [String] {
    let files = WrittenFiles([path: contents])
    let workspace = Workspace(policy: try BuiltIn.policy(rules: BuiltIn.rules()), files: files, workers: 1)
    return workspace.lint([Candidate(path, origin)]).diagnostics.map(\.rule)
  }

  @Test(arguments: [
    ("a: [1", "a.yaml", []), ("a: [1", "compose.yml", ["yaml-syntax"]),
    ("a: [1", "docker-compose.a.yaml", ["yaml-syntax"]),
    ("a: [1", "kustomization.yaml", ["yaml-syntax"]), ("a: [1", "Chart.yaml", ["yaml-syntax"]),
    ("# services\na: [1", "a.yaml", ["yaml-syntax"]), ("apiVersion: [1", "a.yaml", ["yaml-syntax"]),
    ("portlint: [1", "a.yaml", ["yaml-syntax"]), ("service: [1, apiversion", "a.yaml", []),
    (#"{"\u0070ortlint": [1"#, "a.json", ["yaml-syntax"]), (#"{"api\x56ersion": [1"#, "a.yaml", ["yaml-syntax"]),
    (#"{"\U00000073ervices": [1"#, "a.yaml", ["yaml-syntax"]), (#"{"\u003cb\\u0073": [1"#, "a.json", []),
    (#"{"a": "\u00"#, "a.json", []), ("a: 1\na: 2", "a.yaml", []),
  ])
  func onlyWhatMayBeAManifestIsRead(_ text: String, _ path: String, _ said: [String]) throws {
    #expect(try rules(in: Array(text.utf8), of: path) == said)
    #expect(try rules(in: Array(text.utf8), of: path, .named) == said)
  }

  @Test(arguments: [true, false])
  func filesInUTF16AreSearchedToo(_ isBig: Bool) throws {
    let units = "\u{FEFF}services: {web: {image: web, ports: [\"804:80\"]}}".utf16
    let bytes = units.flatMap { isBig ? [UInt8($0 >> 8), UInt8($0 & 0xFF)] : [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    #expect(try rules(in: bytes, of: "a.yaml") == ["reserved-port"])
  }

  @Test func wideTextsWithoutAMarkAreNotPassedOver() throws {
    let bytes = "services: {}".utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    #expect(try rules(in: bytes, of: "a.yaml") == ["yaml-syntax"])
    #expect(try rules(in: [0] + bytes.dropLast(), of: "a.yaml", .named) == ["yaml-syntax"])
  }

  @Test func jsonWithEscapedKeysIsAManifest() throws {
    let text =
      #"{"\u0061piVersion": "v1", "kind": "Service", "metadata": {"name": "a"}, "spec": {"ports": [{"port": 0}]}}"#
    #expect(try rules(in: Array(text.utf8), of: "a.json") == ["invalid-port"])
  }
}
