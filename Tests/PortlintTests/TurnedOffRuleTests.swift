import Foundation
import Testing

/// Which rules may be turned off, in each of the ways to do it.
@Suite struct TurnedOffRuleTests {
  private static let required: Set = ["limit-exceeded", "policy", "unreadable-file", "yaml-syntax"]

  /// The severity that each rule has in a run, as the program lists it.
  private static func severities(_ arguments: [String] = [], policy: String? = nil) throws -> [String: String] {
    let run = try Run(["rules"] + arguments, files: policy.map { [".portlint.yaml": $0] } ?? [:])
    #expect(run.status == 0, "\(run.output)\(run.errors)")
    // Before the rows stand the policy, the preset and the headings.
    let rows = run.output.split(separator: "\n").dropFirst(3).map { $0.split(separator: " ") }
    return Dictionary(rows.map { (String($0[0]), String($0[1])) }, uniquingKeysWith: { $1 })
  }

  private static let ids = (try? severities().keys.sorted()) ?? []

  @Test func allRulesAreListed() {
    #expect(Self.ids.count > 40)
    #expect(Self.required.isSubset(of: Self.ids))
  }

  @Test(arguments: ids)
  func anOptionTurnsARuleOff(_ id: String) throws {
    if Self.required.contains(id) {
      let run = try Run(["rules", "--rule", "\(id)=off"])
      #expect(run.status == 2)
      #expect(run.errors == "portlint: --rule: '\(id)' cannot be turned off\n")
    } else {
      var severities = try Self.severities(["--rule", "\(id)=error"])
      #expect(severities.updateValue("off", forKey: id) == "error")
      #expect(try Self.severities(["--rule", "\(id)=off"]) == severities)
    }
  }

  @Test(arguments: ids)
  func aPolicyTurnsARuleOff(_ id: String) throws {
    if Self.required.contains(id) {
      let run = try Run(["rules"], files: [".portlint.yaml": "rules: {\(id): off}\n"])
      #expect(run.status == 2)
      #expect(
        run.errors.hasPrefix(".portlint.yaml:1:9: error: expected a rule that may be turned off [policy]\n"))
    } else {
      var severities = try Self.severities(policy: "rules: {\(id): error}\n")
      #expect(severities.updateValue("off", forKey: id) == "error")
      #expect(try Self.severities(policy: "rules: {\(id): off}\n") == severities)
    }
  }

  @Test(arguments: [
    (["--preset", "none"], "rules: {host-port: error}\n"),
    (["--rule", "*=off"], "rules: {host-port: error}\n"),
    ([], "extends: none\n"),
    ([], "rules: {'*': off}\n"),
  ])
  func allOthersAreTurnedOffAtOnce(_ arguments: [String], _ policy: String) throws {
    let severities = try Self.severities(arguments, policy: policy)
    #expect(Set(severities.filter { $0.value != "off" }.keys) == Self.required)
    // What cannot be judged is still said, and nothing else.
    let files = [
      ".portlint.yaml": policy, "broken.yaml": "services: [\n",
      "compose.yaml": "services: {a: {image: a, ports: ['80:80']}, b: {image: b, ports: ['80:80']}}\n",
    ]
    let run = try Run(["--format", "compact", "--quiet"] + arguments, files: files)
    let said = run.output.split(separator: "\n")
    #expect(said.count == 1 && said.allSatisfy { $0.hasPrefix("broken.yaml:") && $0.hasSuffix(" [yaml-syntax]") })
  }

  @Test func aRuleOfOnesOwnIsTurnedOff() throws {
    let own = """
      id: own
      family: governance
      severity: error
      summary: no port at all
      when: {role: publish}
      message: "{owner} publishes {endpoint}"
      help: none

      """
    let files = [
      ".portlint.yaml": "rule-files: [own.yaml]\n", "own.yaml": own,
      "compose.yaml": "services: {a: {image: a, ports: ['8080:80']}}\n",
    ]
    let on = try Run(["--format", "compact", "--quiet"], files: files)
    #expect(on.status == 1)
    #expect(on.output == "compose.yaml:1:35: error: 'a' publishes 8080/tcp [own]\n")
    let off = try Run(["--format", "compact", "--quiet", "--rule", "own=off"], files: files)
    #expect(off.status == 0)
    #expect(off.output == "")
    let policies = ["rules: {own: off}", "rules: {own: {except: [{owner: a, reason: it may}]}}"]
    for policy in policies {
      let files = files.merging([".portlint.yaml": "rule-files: [own.yaml]\n\(policy)\n"]) { $1 }
      #expect(try Run(["--format", "compact", "--quiet"], files: files).output == "", "\(policy)")
    }
  }
}
