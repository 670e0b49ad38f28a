import PolicyEngine
import PortModel
import SourceText
import Testing
import Workspace

/// What a report says of the rules that ran.
@Suite struct RuleInfoTests {
  private static let own = """
    id: payments-ports
    family: governance
    severity: warning
    summary: ports of payments
    when: {port: 7000-7099}
    message: "{owner} publishes {port}"
    help: ask payments
    why: |
      They are given away.
    references: [https://example.org/ports]

    """

  private static func report(_ policy: String, together more: [String: String] = [:]) throws -> Report {
    let texts = [".portlint.yaml": policy, "own.yaml": own].merging(more) { $1 }
    let files = WrittenFiles(texts.mapValues { Array($0.utf8) })
    let loaded = try PolicyLoader.load(PolicyRequest(), files: files)
    return Workspace(loaded, files: files, workers: 1).lint(more.keys.sorted().map { Candidate($0, .found) })
  }

  @Test func thoseThatAreOffAreLeftOut() throws {
    let report = try Self.report("rules: {port-conflict: off, every-address: warning}")
    let ids = report.rules.map(\.id)
    #expect(!ids.contains("port-conflict"))
    #expect(ids.contains("every-address"))
    #expect(Set(ids).count == ids.count)
    let rule = try #require(report.rules.first { $0.id == "every-address" })
    // The severity without a policy, and not the one of the run.
    #expect(rule.defaultSeverity == BuiltIn.rules().first { $0.id == "every-address" }?.severity)
  }

  @Test func oneOfPortlintsOwnSaysWhy() throws {
    let report = try Self.report("rules: {}")
    let rule = try #require(report.rules.first { $0.id == "exposed-service" })
    #expect(rule.family == .services)
    #expect(rule.summary == "a service that lets anyone in, published on every address")
    #expect(rule.explanation.why.hasPrefix("These services let anyone in as they come"))
    #expect(rule.explanation.references.count == 3)
    // Each has its reason, and no other's.
    #expect(Set(report.rules.map(\.explanation.why)).count == report.rules.count)
  }

  @Test func aTeamsOwnIsAmongThem() throws {
    let report = try Self.report("rule-files: [own.yaml]")
    let rule = try #require(report.rules.first { $0.id == "payments-ports" })
    #expect(rule.family == .governance)
    #expect(rule.defaultSeverity == .warning)
    #expect(rule.explanation.why == "They are given away.\n")
    #expect(rule.explanation.references == ["https://example.org/ports"])
  }

  /// Every finding's rule is one of the report's, also where the policy is what is wrong.
  @Test(arguments: ["rule-files: [own.yaml]", "rules: {no-such-rule: off}", "rule-files: [missing.yaml]"])
  func eachFindingKnowsItsRule(_ policy: String) throws {
    let manifest = "services: {a: {image: redis, ports: ['6379:6379', '7001:80', '7001:81']}}"
    let report = try Self.report(policy, together: ["compose.yaml": manifest])
    #expect(!report.diagnostics.isEmpty)
    #expect(Set(report.diagnostics.map(\.rule)).subtracting(report.rules.map(\.id)) == [])
  }
}
