import Foundation
import PolicyEngine
import PortModel
import SourceText
import Testing
import Workspace

/// A team's rules: their examples, and that the language is the one of the built-in rules.
@Suite struct RuleTestingTests {
  private static let folder = ExampleTests.folder.appending(path: "policies")

  private static func examplePolicy() throws -> LoadedPolicy {
    var files: [String: [UInt8]] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
      if let contents = try? Data(contentsOf: folder.appending(path: name)) { files[name] = Array(contents) }
    }
    return try PolicyLoader.load(PolicyRequest(), files: WrittenFiles(files))
  }

  @Test func theTwelveExamplesDoAsTheySay() throws {
    let policy = try Self.examplePolicy()
    #expect(policy.problems.map(\.cause) == [])
    #expect(policy.ruleFiles.count == 12)
    for file in policy.ruleFiles {
      let test = policy.test(file)
      #expect(test.problems == [], "\(file.path)")
      #expect(test.failures.map(\.place) == [], "\(file.path)")
      #expect(test.examples >= 2, "\(file.path)")
    }
  }

  private static func test(_ text: String) throws -> RuleTest {
    let policy = try PolicyLoader.load(PolicyRequest(), files: WrittenFiles([:]))
    return policy.test(SourceFile(id: FileID(0), path: "own.yaml", contents: Array(text.utf8)))
  }

  private static let rule = """
    id: own
    family: governance
    severity: off
    summary: web ports
    when: {role: publish, port: 8080}
    message: "{owner} publishes {port}"
    help: none
    passes:
      - manifest: "services: {a: {image: a, ports: ['8081:80']}}"
    fails:
      - manifest: "services: {a: {image: a, ports: ['8080:80']}}"
        findings: [{at: "1:35-39", message: "'a' publishes 8080"}]

    """

  @Test func anExampleThatHoldsSaysNothing() throws {
    let test = try Self.test(Self.rule)
    #expect(test.problems == [])
    #expect(test.examples == 2)
    #expect(test.failures.isEmpty)
  }

  @Test func anExampleThatFailsSaysHow() throws {
    let test = try Self.test(Self.rule.replacing("8081:80", with: "8080:80").replacing("1:35-39", with: "1:35-38"))
    #expect(test.failures.count == 2)
    guard case .differs(let missing, let unexpected)? = test.failures.last?.kind else {
      Issue.record("no difference")
      return
    }
    #expect(missing == ["1:35-38: 'a' publishes 8080"])
    #expect(unexpected == ["1:35-39: 'a' publishes 8080"])
  }

  @Test func aRuleWithoutExamplesFails() throws {
    let bare = Self.rule.components(separatedBy: "passes:")[0]
    let kinds = try Self.test(bare).failures.map { failure in
      if case .lacks(let kind) = failure.kind { kind } else { "?" }
    }
    #expect(kinds == ["passes", "fails"])
  }

  @Test func aRuleThatCannotBeReadRunsNothing() throws {
    let test = try Self.test(Self.rule.replacing("port: 8080}", with: "port: team}"))
    #expect(test.problems.map(\.message) == ["'team' is no named range or table"])
    #expect(test.examples == 0)
  }

  // MARK: - The built-in rules use no more than a team has

  static let copied = BuiltIn.ruleFiles.filter { !$0.text.contains("\nfrom: reading\n") }.map(\.name)

  @Test(arguments: copied)
  func aCopyBehavesLikeItsRule(_ name: String) throws {
    let text = try #require(BuiltIn.ruleFiles.first { $0.name == name }?.text)
    let copy = text.replacing("\nseverity: off\n", with: "\nseverity: warning\n")
      .replacing(/^id: .*\n/, with: "id: copied-rule\n")
    let (examples, _) = decodeRuleExamples(
      SourceFile(id: FileID(0), path: name, contents: Array(text.utf8)))
    for example in examples {
      var files = Dictionary(example.files.map { ($0.path, $0.text) }, uniquingKeysWith: { $1 })
      files[".portlint.yaml", default: ""] += "\nrule-files: [copied-rule.yaml]\n"
      files["copied-rule.yaml"] = copy
      let written = WrittenFiles(files.mapValues { Array($0.utf8) })
      let policy = try PolicyLoader.load(PolicyRequest(), files: written)
      #expect(policy.problems.map(\.cause) == [])
      let rule = try #require(policy.policy.rules.first { $0.rule.id == "copied-rule" }?.rule)
      #expect(example.findings(of: rule, in: policy, files: written) == example.findings, "\(name)")
    }
  }

  @Test func mostRulesAreCopied() {
    #expect(Self.copied.count >= 20)
  }
}
