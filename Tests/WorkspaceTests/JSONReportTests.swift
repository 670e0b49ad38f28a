import Foundation
import PolicyEngine
import PortModel
import Reporters
import Testing
import Workspace

/// What JSON says beside the findings and the claims themselves.
@Suite struct JSONReportTests {
  private static func report(on files: [String: String], together: Bool = false) throws -> Report {
    let written = WrittenFiles(files.mapValues { Array($0.utf8) })
    var workspace = Workspace(try PolicyLoader.load(PolicyRequest(), files: written), files: written, workers: 1)
    workspace.isTogether = together
    return workspace.lint(files.keys.filter { !$0.hasPrefix(".") }.sorted().map { Candidate($0, .found) })
  }

  private static func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  private static func ports(of report: Report) throws -> [[String: Any]] {
    var text = ""
    writeInventory(report, as: .json, options: ReportOptions(version: "test"), to: &text)
    return try #require(try object(text)["ports"] as? [[String: Any]])
  }

  private static func findings(of report: Report) throws -> [String: Any] {
    try object(write(report, as: .json, options: ReportOptions(version: "test")))
  }

  /// `deployment edge -`
  private static func phrase(_ scope: Any?) -> String {
    let scope = scope as? [String: Any] ?? [:]
    return ["kind", "name", "path"].map { scope[$0] as? String ?? "-" }.joined(separator: " ")
  }

  private static let service = "services: {web: {image: web, ports: ['8080:80'], expose: [90]}}\n"
  private static let object = """
    apiVersion: v1
    kind: Service
    metadata: {name: shop}
    spec: {selector: {app: shop}, ports: [{port: 80}]}

    """
  private static let hosts =
    "portlint: 1\nhosts: {a: {services: [{name: x, port: 80}]}, b: {services: [{name: y, port: 80}]}}\n"

  @Test(
    arguments: [
      (["a/compose.yaml": service], false, ["project - a/compose.yaml", "project - a/compose.yaml"]),
      (["a/compose.yaml": service], true, ["deployment - -", "deployment - -"]),
      (["a/s.yaml": object], false, ["cluster - a"]), (["s.yaml": object], false, ["cluster - ."]),
      (["s.yaml": object], true, ["deployment - -"]),
      (["s.yaml": object, "t.yaml": object], false, ["cluster - s.yaml", "cluster - t.yaml"]),
      (["h.yaml": hosts], false, ["host a h.yaml", "host b h.yaml"]),
      (
        [
          "a/compose.yaml": service, "b/s.yaml": object, "c/s.yaml": object,
          ".portlint.yaml": "deployments: [{name: edge, files: ['a/**', 'b/**']}, {files: ['none/**']}]\n",
        ], false, ["deployment edge -", "deployment edge -", "deployment edge -", "cluster - c"]
      ),
    ] as [([String: String], Bool, [String])])
  func aRowSaysWhereItCollides(_ files: [String: String], _ together: Bool, _ scopes: [String]) throws {
    let rows = try Self.ports(of: Self.report(on: files, together: together))
    #expect(rows.map { Self.phrase($0["scope"]) } == scopes)
    #expect(rows.map { Self.phrase(($0["owner"] as? [String: Any])?["scope"]) } == scopes)
  }

  @Test func anOwnerWithoutAClaimHasAScopeToo() throws {
    let files = ["a/compose.yaml": "services: {web: {image: web, ports: ['99999:80']}}\n"]
    let finding = try #require(
      try (Self.findings(of: Self.report(on: files))["diagnostics"] as? [[String: Any]])?.first)
    #expect(Self.phrase((finding["owner"] as? [String: Any])?["scope"]) == "project - a/compose.yaml")
    let policy = [".portlint.yaml": "deployments: [{name: edge, files: ['a/**']}]\n"]
    let report = try Self.report(on: files.merging(policy) { $1 })
    let other = try #require(try (Self.findings(of: report)["diagnostics"] as? [[String: Any]])?.first)
    #expect(Self.phrase((other["owner"] as? [String: Any])?["scope"]) == "deployment edge -")
  }

  /// `WEB=8080 at .env:1:1`
  private static func phrases(_ source: Any?) -> [String] {
    (source as? [[String: Any]] ?? []).map { source in
      let location = source["location"] as? [String: Any] ?? [:]
      let start = location["start"] as? [String: Int] ?? [:]
      return
        "\(source["name"] ?? "")=\(source["value"] as? String ?? "-") at \(location["file"] ?? ""):\(start["line"] ?? 0)"
        + ":\(start["column"] ?? 0)"
    }
  }

  @Test func aValueSaysWhichVariableBroughtIt() throws {
    let files = [
      "compose.yaml":
        "services: {a: {image: a, ports: ['${A}:${T}']}, b: {image: b, ports: ['8080:80']}, c: {image: '$I'}}\n",
      ".env": "# Ports.\nA=8080\nT=3000\nI=secret\n",
    ]
    let report = try Self.report(on: files)
    let rows = try Self.ports(of: report)
    #expect(rows.map { Self.phrases($0["source"]) } == [["A=8080 at .env:2:1"], []])
    #expect(
      rows.map { Self.phrases(($0["target"] as? [String: Any])?["source"]) } == [["T=3000 at .env:3:1"], []])
    let findings = try Self.findings(of: report)["diagnostics"] as? [[String: Any]] ?? []
    #expect(findings.map { $0["rule"] as? String } == ["port-conflict"])
    #expect(findings.map { Self.phrases($0["source"]) } == [["A=8080 at .env:2:1"]])
  }

  @Test func rulesAreThoseOfTheFindings() throws {
    let files = ["compose.yaml": "services: {a: {image: a, ports: ['80:80', '80:81', '99999:80']}}\n"]
    let report = try Self.report(on: files)
    let rules = try #require(try Self.findings(of: report)["rules"] as? [[String: Any]])
    #expect(rules.map { $0["id"] as? String } == ["invalid-port", "port-conflict"])
    #expect(rules.map { $0["family"] as? String } == ["reading", "claims"])
    #expect(rules.allSatisfy { $0["severity"] as? String == "error" && $0["url"] is NSNull })
    #expect(rules.allSatisfy { ($0["summary"] as? String)?.isEmpty == false })
    let lines = write(report, as: .jsonl, options: ReportOptions(version: "test")).split(separator: "\n")
    let head = try Self.object(String(try #require(lines.first)))["report"] as? [String: Any]
    #expect((head?["rules"] as? [[String: Any]])?.map { $0["id"] as? String } == ["invalid-port", "port-conflict"])
  }

  @Test func theSchemaRefusesWhatIsNotPromised() throws {
    let schema = encoded(reportSchema)
    let files = ["compose.yaml": "services: {a: {image: a, ports: ['80:80', '80:81']}}\n"]
    let text = write(try Self.report(on: files), as: .json, options: ReportOptions(version: "test"))
    #expect(try SchemaCheck.faults(of: text, under: schema) == [])
    for (old, new) in [
      ("\"severity\":\"error\"", "\"severity\":\"fatal\""), ("\"version\":1", "\"version\":2"),
      ("\"complete\":true", "\"complete\":1.5"), ("\"start\":80", "\"start\":70000"), ("\"rules\":", "\"role\":"),
      ("\"kind\":\"project\"", "\"kind\":\"planet\""),
    ] {
      #expect(text.contains(old))
      #expect(try !SchemaCheck.faults(of: text.replacing(old, with: new), under: schema).isEmpty, "\(new)")
    }
  }
}
