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
    for (file, test) in zip(policy.ruleFiles, policy.tests(of: policy.ruleFiles)) {
      #expect(test.problems == [], "\(file.path)")
      #expect(test.failures.map(\.place) == [], "\(file.path)")
      #expect(test.examples >= 2, "\(file.path)")
    }
  }

  private static func test(_ text: String, under policy: String = "") throws -> RuleTest {
    try #require(tests([text], under: policy).first)
  }

  private static func tests(_ texts: [String], under policy: String = "") throws -> [RuleTest] {
    let files = WrittenFiles([".portlint.yaml": Array(policy.utf8)])
    return try PolicyLoader.load(PolicyRequest(), files: files).tests(
      of: texts.enumerated().map { number, text in
        SourceFile(id: FileID(number), path: "own-\(number).yaml", contents: Array(text.utf8))
      })
  }

  /// How each failing example differs from what is said of it.
  private static func differences(_ test: RuleTest) -> [[String]] {
    test.failures.map { failure in
      if case .differs(let lines) = failure.kind { lines.map(\.description) } else { ["\(failure.kind)"] }
    }
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
    #expect(
      Self.differences(test) == [
        ["+ 1:35-39: 'a' publishes 8080"], ["- 1:35-38: 'a' publishes 8080", "+ 1:35-39: 'a' publishes 8080"],
      ])
  }

  @Test func aFindingTooManyStandsAmongTheExpected() throws {
    let twice = Self.rule.replacing("ports: ['8080:80']}}\"", with: "ports: ['127.0.0.1:8080:80', '[::1]:8080:80']}}\"")
      .replacing("1:35-39", with: "1:45-49")
    #expect(
      Self.differences(try Self.test(twice)) == [
        ["  1:45-49: 'a' publishes 8080", "+ 1:62-66: 'a' publishes 8080"]
      ])
  }

  @Test func anExampleThatIsNotJudgedFails() throws {
    let broken = Self.rule.replacing("['8081:80']}}\"", with: "['8081:80'}}\"")
    #expect(Self.differences(try Self.test(broken)).first?.first?.contains("[yaml-syntax]") == true)
    let other = Self.rule.replacing("\"services: {a: {image: a, ports: ['8081:80']}}\"", with: "\"a: 1\"")
    #expect(Self.differences(try Self.test(other)) == [["holdsNoManifest"]])
    let policy = Self.rule.replacing(
      "- manifest: \"services: {a: {image: a, ports: ['8081:80']}}\"",
      with: "- files: {.portlint.yaml: 'extend: strict', a.yaml: \"services: {a: {image: a, ports: ['80:80']}}\"}")
    #expect(
      Self.differences(try Self.test(policy)) == [
        ["+ .portlint.yaml:1:1-7: unknown key 'extend', did you mean 'extends'? [policy]"]
      ])
  }

  @Test func anExamplesOwnPolicyBuildsOnTheTeams() throws {
    let rule = Self.rule.replacing("port: 8080}", with: "port: {in: team}}").replacing(
      "- manifest: \"services: {a: {image: a, ports: ['8081:80']}}\"",
      with: """
        - files:
              .portlint.yaml: "rules: {own: {severity: error, except: [{owner: a, reason: known}]}}"
              a.yaml: "services: {a: {image: a, ports: ['8080:80']}}"
        """)
    #expect(Self.differences(try Self.test(rule, under: "ranges: {team: 8080}")) == [])
    let fails = rule.replacing("except: [{owner: a", with: "except: [{owner: b")
    #expect(
      Self.differences(try Self.test(fails, under: "ranges: {team: 8080}")).first?.contains(
        "+ 1:35-39: 'a' publishes 8080") == true)
  }

  @Test func anIdIsHadOnce() throws {
    let clash = try Self.test(Self.rule.replacing("id: own", with: "id: port-conflict"))
    #expect(clash.problems.map(\.message) == ["there is a rule 'port-conflict' already"])
    let tests = try Self.tests([Self.rule, Self.rule])
    #expect(tests.map { $0.problems.map(\.message) } == [[], ["there is a rule 'own' already"]])
  }

  @Test(arguments: [
    ("passes: none", "8:9 expected a list"), ("passes:\n  - {}", "9:5 expected 'manifest' or 'files'"),
    ("passes:\n  - {files: [a]}", "9:13 expected a mapping of paths to texts"),
    ("passes:\n  - {files: {a.yaml: {b: c}}}", "9:22 expected text"),
    ("passes:\n  - {manifest: a, findings: b}", "9:29 expected a list"),
    ("passes:\n  - {manifst: a}", "9:6 unknown key 'manifst', did you mean 'manifest'?"),
    ("fails:\n  - {manifest: a}", "9:5 expected findings"),
  ])
  func anExampleIsReadStrictly(_ text: String, _ problem: String) throws {
    let test = try Self.test(Self.rule.components(separatedBy: "passes:")[0] + text + "\n")
    let lines = LineTable(of: test.file.bytes)
    let said = test.problems.map { problem in
      let position = lines.position(of: Int(problem.place.start))
      return "\(position.line):\(position.column) \(problem.message)"
    }
    #expect(said.first == problem)
    #expect(test.examples == 0)
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
