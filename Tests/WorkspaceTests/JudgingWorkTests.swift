import Foundation
import PolicyEngine
import PortModel
import Reporters
import SourceText
import Testing
import Workspace

/// What grows with a product, of a policy's rules and claims or of selectors and pods, is counted, and ends where it is too
/// much; what can be looked up is not part of that.
@Suite struct JudgingWorkTests {
  /// What is said of files under the policy among them, when no more steps may be taken than grow with the files.
  private func report(
    _ files: [String: String], selections: Int = 0, conditions: Int = 0, findings: Int = JudgingLimits().findings
  ) throws
    -> Report
  {
    let written = WrittenFiles(files.mapValues { Array($0.utf8) })
    let loaded = try PolicyLoader.load(PolicyRequest(), files: written)
    #expect(loaded.problems.map(\.cause) == [])
    var workspace = Workspace(loaded, files: written, workers: 1)
    workspace.limits.selections = selections
    workspace.limits.conditions = conditions
    workspace.limits.findings = findings
    let names = files.keys.filter { !$0.hasPrefix(".") && !$0.hasSuffix(".yml") }.sorted()
    return workspace.lint(names.map { Candidate($0, .found) })
  }

  /// Where a limit stopped, and what it says.
  private func ends(_ report: Report) -> [String] {
    var options = ReportOptions(version: "0")
    options.showsSummary = false
    return write(report, as: .compact, options: options).split(separator: "\n").map(String.init)
      .filter { $0.hasSuffix("[limit-exceeded]") }
  }

  private func rule(_ when: String, message: String = "{owner}") -> [String: String] {
    [
      ".portlint.yaml": "rule-files: ['*.yml']\n",
      "own.yml": """
      id: own
      family: claims
      severity: warning
      summary: s
      when: {\(when)}
      message: "\(message)"
      help: h

      """,
    ]
  }

  /// Services, each with an image and a port of its own.
  private func services(_ count: Int, from first: Int = 10_000) -> String {
    "services:\n" + (0..<count).map { "  s\($0): {image: i\($0), ports: ['\(first + $0):80']}\n" }.joined()
  }

  private func listed(_ count: Int, _ text: (Int) -> String) -> String {
    (0..<count).map(text).joined(separator: ", ")
  }

  // MARK: - Findings

  @Test func findingsOfOneRuleHaveAnEndAndLeaveTheOthersTheirs() throws {
    let listed = services(8)
    let rules = rule("port: {in: 10000-10007}")
    func places(_ report: Report, of rule: String) -> [SourceRange] {
      report.diagnostics.filter { $0.rule == rule }.map(\.place)
    }
    let files = rules.merging(["compose.yaml": listed]) { $1 }
    let whole = try report(files, findings: 8)
    #expect(places(whole, of: "own").count == 8)
    #expect(ends(whole) == [])
    #expect(whole.isComplete)
    let cut = try report(files, findings: 3)
    #expect(places(cut, of: "own") == Array(places(whole, of: "own").prefix(3)))
    #expect(
      ends(cut).filter { $0.contains("'own'") } == [
        "compose.yaml:5:28: error: 'own' has found 3 things before this one; no further ones are named [limit-exceeded]"
      ])
    #expect(!cut.isComplete)
    #expect(places(cut, of: "unallocated-port") == places(whole, of: "unallocated-port"))
  }

  /// Of problems, of conditions on claims, and of relations.
  @Test(arguments: [
    ("invalid-port", "spec: {ports: [{port: 0}]}"),
    ("node-port-range", "spec: {type: NodePort, ports: [{port: 80, nodePort: 2000N}]}"),
    (
      "port-conflict",
      "spec: {type: NodePort, ports: [{name: a, port: 80, nodePort: 3010N}, {name: b, port: 81, nodePort: 3010N}]}"
    ),
  ])
  func findingsInFilesThatAreNotShownTakeNoRoom(_ rule: String, _ spec: String) throws {
    func services(_ numbers: Range<Int>) -> String {
      numbers.map { number in
        "apiVersion: v1\nkind: Service\nmetadata: {name: s\(number)}\n\(spec)\n---\n".replacing(
          "N}", with: "\(number)}")
      }.joined()
    }
    let files = ["k/a.yaml": services(0..<9), "k/b.yaml": services(9..<10)]
    let written = WrittenFiles(files.mapValues { Array($0.utf8) })
    var workspace = Workspace(LoadedPolicy.recommended(), files: written, workers: 1)
    workspace.limits.findings = 3
    let beside = workspace.lint([Candidate("k/a.yaml", .context), Candidate("k/b.yaml", .named)])
    #expect(Set(beside.diagnostics.map(\.rule)) == [rule])
    #expect(beside.isComplete)
    #expect(ends(workspace.lint([Candidate("k/a.yaml", .named)])).count == 1)
  }

  // MARK: - Selectors

  private func podsAndPolicies(_ count: Int, labels: (Int) -> String = { _ in "app: a" }) -> String {
    (0..<count).map { number in
      """
      ---
      {apiVersion: v1, kind: Pod, metadata: {name: p\(number), labels: {\(labels(number))}}, spec: {containers: [
        {name: c, image: i, ports: [{containerPort: 80, name: http}]}]}}
      ---
      {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: n\(number)}, spec: {
        podSelector: {matchExpressions: [{key: app, operator: In, values: [a, z\(number)]}]},
        ingress: [{ports: [{port: htp}]}]}}

      """
    }.joined()
  }

  @Test func podsWithTheSameLabelsAreSelectedTogether() throws {
    let report = try report(["k.yaml": podsAndPolicies(200)])
    #expect(report.diagnostics.count { $0.rule == "dangling-port-reference" } == 200)
    #expect(report.isComplete)
  }

  @Test func selectorsOverPodsHaveAnEnd() throws {
    let manifest = podsAndPolicies(200) { "app: a, id: i\($0)" }
    #expect(try report(["k.yaml": manifest], selections: 200_000).isComplete)
    let cut = try report(["k.yaml": manifest])
    #expect(
      ends(cut).map { $0.replacing(#/^k.yaml:\d+:\d+/#, with: "k.yaml") } == [
        "k.yaml: error: telling whom selectors pick takes more than 60000 steps by the time this is looked up; nothing "
          + "further is [limit-exceeded]"
      ])
    #expect(!cut.isComplete)
  }

  @Test(arguments: ["name: htp", "number: 65535"])
  func thePortsOfAServiceAreListedOnce(_ wanted: String) throws {
    let ports = listed(300) { "{name: http\($0), port: \($0 + 1)}" }
    let backends = listed(300) { _ in "{path: /, pathType: Prefix, backend: {service: {name: s, port: {\(wanted)}}}}" }
    let report = try report([
      "k.yaml": """
      {apiVersion: v1, kind: Service, metadata: {name: s}, spec: {ports: [\(ports)]}}
      ---
      {apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i}, spec: {rules: [{http: {paths: [\(backends)]}}]}}

      """
    ])
    #expect(report.diagnostics.count { $0.rule == "dangling-port-reference" } == 300)
    #expect(report.isComplete)
  }

  private static let pods = (0..<20).map { number in
    "{apiVersion: v1, kind: Pod, metadata: {name: p\(number), labels: {app: a}}, spec: {containers: "
      + "[{name: c, image: i, ports: [{containerPort: 80, hostPort: \(8000 + number)}], "
      + "livenessProbe: {httpGet: {port: \(8000 + number)}}}]}}\n---\n"
  }.joined()

  private func outerPorts(_ files: [String: String]) throws -> [String] {
    let report = try report(files)
    #expect(report.isComplete)
    return report.diagnostics.filter { $0.rule == "outer-port" }.map(\.message)
  }

  /// How many references of so many objects lead to no port.
  private func dangling(_ count: Int, _ object: (Int) -> String) throws -> Int {
    let report = try report(["k.yaml": (0..<count).map(object).joined()])
    #expect(report.isComplete)
    return report.diagnostics.count { $0.rule == "dangling-port-reference" }
  }

  private func policy(_ name: String, _ ports: String) -> String {
    "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: \(name)}, spec: "
      + "{podSelector: {matchLabels: {app: a}}, ingress: [{ports: [\(ports)]}]}}\n---\n"
  }

  /// Of many pods, many Services may ask.
  @Test func hostPortsOfManyPodsAreFoundByTheirNumbers() throws {
    let pods = Self.pods.replacing("livenessProbe", with: "x-none")
    let services = (0..<20).map { number in
      "{apiVersion: v1, kind: Service, metadata: {name: s\(number)}, spec: {selector: {app: a}, "
        + "ports: [{port: 80, targetPort: \(8000 + number)}]}}\n---\n"
    }.joined()
    let found = try outerPorts(["k.yaml": pods + services])
    #expect(found.count == 20)
    #expect(found.last?.contains("8019") == true)
    // What a probe asks is listened on.
    #expect(try outerPorts(["k.yaml": Self.pods + services]).filter { $0.contains("Service 's") } == [])
  }

  @Test func aListOfPortsIsLookedThroughOnce() throws {
    let pods = Self.pods.replacing("livenessProbe", with: "x-none")
    let many = Array(repeating: "{port: 8001}", count: 100).joined(separator: ", ")
    #expect(try outerPorts(["k.yaml": pods + policy("n", many)]).count == 100)
    // Whoever says both means both, wherever in the list.
    #expect(try outerPorts(["k.yaml": pods + policy("n", "\(many), {port: 80}")]) == [])
    #expect(try outerPorts(["k.yaml": pods + policy("n", "{port: 80}, \(many)")]) == [])
    #expect(try outerPorts(["k.yaml": pods + policy("n", "{port: 80}") + policy("m", many)]).count == 100)
  }

  @Test func whatPoliciesNameIsListenedOn() throws {
    #expect(try outerPorts(["k.yaml": Self.pods]).count == 20)
    let policies = (0..<20).map { policy("n\($0)", "{port: 8003}") }.joined()
    #expect(try outerPorts(["k.yaml": Self.pods + policies]).count == 19)
  }

  @Test func thePortsOfAServiceThatManyCallAreListedOnce() throws {
    let ports = listed(20) { "'\(8000 + $0):80'" }
    let callers = (0..<20).map { "  c\($0): {image: c, environment: {API_URL: 'http://web:\(8000 + $0)'}}\n" }.joined()
    let found = try outerPorts(["compose.yaml": "services:\n  web: {image: w, ports: [\(ports)]}\n\(callers)"])
    #expect(found.count == 20)
  }

  /// Services of one name and file that endpoints are for.
  @Test func manyOfOneNameAreFoundOnce() throws {
    let found = try dangling(20) { number in
      "{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {ports: [{name: h\(number), port: \(number + 1)}]}}\n---\n"
        + "{apiVersion: v1, kind: Endpoints, metadata: {name: s}, subsets: [{addresses: [{ip: 10.0.0.1}], "
        + "ports: [{name: x\(number), port: 80}]}]}\n---\n"
    }
    #expect(found == 20)
  }

  /// What stands behind the Services that monitors select is listed once.
  @Test func podsBehindManyServicesAreListedOnce() throws {
    let found = try dangling(100) { number in
      "{apiVersion: v1, kind: Pod, metadata: {name: p\(number), labels: {app: a}}, spec: {containers: "
        + "[{name: c, image: i, ports: [{containerPort: 80}]}]}}\n---\n"
        + "{apiVersion: v1, kind: Service, metadata: {name: s\(number), labels: {app: a}}, spec: {selector: {app: a}, "
        + "ports: [{port: 80}]}}\n---\n"
        + "{apiVersion: monitoring.coreos.com/v1, kind: ServiceMonitor, metadata: {name: m\(number)}, spec: "
        + "{selector: {matchLabels: {app: a}}, endpoints: [{targetPort: 9090}]}}\n---\n"
    }
    #expect(found == 100)
  }

  /// Whoever has a network in common is called, however many each has.
  @Test(arguments: [(1, "n0", 1), (20, "n19", 1), (20, "x", 0), (0, "default", 1), (20, "default", 0)])
  func callsGoOverNetworks(_ count: Int, _ own: String, _ calls: Int) throws {
    let networks = listed(count) { "n\($0)" }
    let services = """
      services:
        web: {image: w, ports: ["8080:80"], networks: [\(networks)]}
        api: {image: a, networks: [\(own)], environment: {WEB_URL: "http://web:8080"}}

      """
    #expect(try outerPorts(["compose.yaml": services]).count == calls)
  }

  /// Names that are no services run nowhere.
  @Test func whatDependsOnNothingThatThereIsMakesNobodyRunTogether() throws {
    let nobody = listed(400) { "n\($0)" }
    let services = """
      services:
        app: {image: app, depends_on: [\(nobody)]}
        old: {image: "postgres:16", ports: ["5432:5432"]}
        new: {image: "pgvector/pgvector:pg17", ports: ["5432:5432"]}

      """
    let found = try report(["compose.yaml": services]).diagnostics.map(\.rule)
    #expect(found.contains("rival-services"))
    #expect(!found.contains("port-conflict"))
  }

  @Test func theContainersOfAPodAreListedOnce() throws {
    let containers = listed(300) { number in
      "{name: c\(number), image: i, ports: [{containerPort: \(number + 1)}], "
        + "readinessProbe: {httpGet: {port: \(300 - number)}}}"
    }
    let pod = "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [\(containers)]}}\n"
    let report = try report(["k.yaml": pod])
    #expect(report.diagnostics.filter { $0.rule == "undeclared-port" }.isEmpty)
    #expect(report.isComplete)
  }

  /// Each of a pod's containers may listen on what a probe of another asks: that is counted.
  @Test(arguments: [(10, true), (300, false)])
  func probesOfManyContainersHaveAnEnd(_ count: Int, _ isWhole: Bool) throws {
    let containers = listed(count) { number in
      "{name: c\(number), image: i, ports: [{containerPort: \(number + 1), hostPort: \(8000 + number)}], "
        + "readinessProbe: {httpGet: {port: \(8000 + number)}}}"
    }
    let pod = "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [\(containers)]}}\n"
    let report = try report(["k.yaml": pod])
    #expect(report.isComplete == isWhole)
    #expect(ends(report).count == (isWhole ? 0 : 1))
  }

  // MARK: - Pairs

  @Test func theLabelsOfNodesCountAmongWhatIsCompared() throws {
    let manifest = (0..<10).map { number in
      """
      ---
      {apiVersion: v1, kind: Pod, metadata: {name: p\(number)}, spec: {
        nodeSelector: {own\(number): x, \(listed(15) { "l\($0): x" })},
        containers: [{name: c, image: i, ports: [{containerPort: 80, hostPort: 80}]}]}}

      """
    }.joined()
    let written = WrittenFiles(["k.yaml": Array(manifest.utf8)])
    var workspace = Workspace(.recommended(), files: written, workers: 1)
    // Each of 45 pairs counts for itself, and its 32 labels as four more.
    workspace.limits.pairs = 225
    #expect(workspace.lint([Candidate("k.yaml", .found)]).isComplete)
    workspace.limits.pairs = 224
    #expect(!workspace.lint([Candidate("k.yaml", .found)]).isComplete)
  }

  @Test func pairsAddUpOverAllHosts() throws {
    let project = "services:\n" + (1...10).map { "  s\($0): {image: a, ports: ['\($0)-2000:\($0)-2000']}\n" }.joined()
    let written = WrittenFiles(["a/compose.yaml": Array(project.utf8), "b/compose.yaml": Array(project.utf8)])
    var workspace = Workspace(.recommended(), files: written, workers: 1)
    let candidates = ["a", "b"].map { Candidate("\($0)/compose.yaml", .found) }
    workspace.limits.pairs = 90
    #expect(workspace.lint(candidates).isComplete)
    workspace.limits.pairs = 89
    let cut = workspace.lint(candidates)
    #expect(ends(cut).map { $0.prefix(18) } == ["b/compose.yaml:11:"])
    #expect(!cut.isComplete)
  }

  // MARK: - Conditions of rules

  @Test(arguments: ["i499x", "i499*", "payments-*"])
  func globsAreLookedUpByWhatTheyBeginWith(_ last: String) throws {
    let globs = listed(2000) { "'x\($0)*'" } + ", '\(last)'"
    let report = try report(rule("image: [\(globs)]").merging(["compose.yaml": services(500)]) { $1 })
    #expect(report.diagnostics.filter { $0.rule == "own" }.map(\.message) == (last == "i499*" ? ["'s499'"] : []))
    #expect(report.isComplete)
  }

  @Test(arguments: [
    "image: [\((0..<2000).map { "'*x\($0)'" }.joined(separator: ", "))]",
    "any: [\((0..<500).map { _ in "{role: listen}" }.joined(separator: ", "))]",
    "all: [\((0..<500).map { _ in "{role: publish}" }.joined(separator: ", "))]",
    "file: [\((0..<100).map { "'*x\($0)'" }.joined(separator: ", "))]",
    "labels: {\((0..<500).map { "l\($0): x" }.joined(separator: ", "))}",
  ])
  func conditionsOverClaimsHaveAnEnd(_ when: String) throws {
    let files = rule(when).merging(["compose.yaml": services(20)]) { $1 }
    #expect(try report(files, conditions: 20_000).isComplete)
    guard !when.hasPrefix("labels") else { return }
    let cut = try report(files)
    #expect(
      ends(cut).map { $0.replacing(#/^compose.yaml:\d+:\d+/#, with: "compose.yaml") } == [
        "compose.yaml: error: holding the policy against the manifests takes more than 4100 steps by the time this is "
          + "judged; nothing further is [limit-exceeded]"
      ])
    #expect(!cut.isComplete)
  }

  @Test func portsOfAConditionAreOneSet() throws {
    let ports = listed(20_000) { "\(2 * $0 + 1)" }
    let claims = "services:\n" + (1...20).map { "  s\($0): {image: a, ports: ['\($0)-40000:\($0)-40000']}\n" }.joined()
    let report = try report(
      rule("port: [\(ports)]", message: "{port}").merging(["compose.yaml": claims]) { $1 }, conditions: 100_000)
    #expect(report.diagnostics.filter { $0.rule == "own" }.map(\.message).prefix(3) == ["1", "3", "3"])
    #expect(report.diagnostics.count { $0.rule == "own" } == 20)
    #expect(report.isComplete)
  }

  @Test func conditionsStandInOneAnotherSoDeepOnly() throws {
    func problems(_ depth: Int) throws -> [String] {
      let when = String(repeating: "not: {", count: depth) + "role: publish" + String(repeating: "}", count: depth)
      let written = WrittenFiles(rule(when).mapValues { Array($0.utf8) })
      let loaded = try PolicyLoader.load(PolicyRequest(), files: written)
      let report = Workspace(loaded, files: written, workers: 1).lint([])
      return report.diagnostics.map(\.message)
    }
    #expect(try problems(20) == [])
    #expect(try problems(21) == ["conditions stand in one another more than 20 deep"])
  }

  // MARK: - The rest of the policy

  @Test func exceptionsAreLookedUpByOwnerAndPort() throws {
    let exceptions = (0..<1000).map { "{owner: s\($0), reason: r}" } + (0..<1000).map { "{port: \($0 + 1), reason: r}" }
    let policy = "rules: {every-address: {severity: warning, except: [\(exceptions.joined(separator: ", "))]}}\n"
    let report = try report([".portlint.yaml": policy, "compose.yaml": services(500)])
    #expect(report.diagnostics.filter { $0.rule == "every-address" }.isEmpty)
    #expect(report.suppressed.count { $0.diagnostic.rule == "every-address" } == 500)
    #expect(report.isComplete)
  }

  @Test func exceptionsLookAtEachFileOnce() throws {
    let exceptions = listed(300) { "{owner: 's*', file: 'x\($0)/*', reason: r}" }
    let policy = "rules: {every-address: {severity: warning, except: [\(exceptions)]}}\n"
    let report = try report([".portlint.yaml": policy, "compose.yaml": services(500)], conditions: 100_000)
    #expect(report.diagnostics.count { $0.rule == "every-address" } == 500)
    #expect(report.isComplete)
  }

  @Test func exceptionsOverFindingsHaveAnEnd() throws {
    let exceptions = listed(500) { "{owner: '*x\($0)', reason: r}" }
    let policy = "rules: {every-address: {severity: warning, except: [\(exceptions)]}}\n"
    let files = [".portlint.yaml": policy, "compose.yaml": services(500)]
    #expect(try report(files, conditions: 300_000).isComplete)
    let cut = try report(files)
    #expect(ends(cut).count == 1)
    #expect(ends(cut).first?.hasPrefix(".portlint.yaml:1:") == true)
    #expect(!cut.isComplete)
  }

  @Test func patternsOverFilesHaveAnEnd() throws {
    let files = Dictionary(uniqueKeysWithValues: (0..<10).map { ("m/f\($0).yaml", "services: {a: {image: b}}\n") })
    // Each of 10 files, at two steps, and their folder, at one, is held against 150 patterns.
    let policy = [".portlint.yaml": "exclude: [\(listed(150) { "'*x\($0)*'" })]\n"]
    #expect(try report(files.merging(policy) { $1 }, conditions: 2150).isComplete)
    let cut = try report(files.merging(policy) { $1 }, conditions: 2149)
    #expect(
      ends(cut) == [
        ".portlint.yaml:1:1: error: holding the policy against the manifests takes more than 3149 steps by the time this "
          + "is judged; nothing further is [limit-exceeded]"
      ])
    #expect(!cut.isComplete)
    let literal = [".portlint.yaml": "exclude: [\(listed(5000) { "'x\($0)/*.yaml', 'f\($0 + 8).yaml'" })]\n"]
    let whole = try report(files.merging(literal) { $1 })
    #expect(whole.isComplete)
    #expect(whole.summary.files == 8)
  }

  @Test func deploymentsOfTheSameFilesAreJudgedOnce() throws {
    let files = ["a.yaml", "b.yaml"].map { ($0, "services: {s: {image: a, ports: ['9000:80']}}\n") }
    let written = Dictionary(uniqueKeysWithValues: files)
    func policy(_ count: Int, _ group: (Int) -> String) -> [String: String] {
      [".portlint.yaml": "deployments: [\(listed(count, group))]\n"]
    }
    let same = try report(
      written.merging(policy(200) { $0 % 2 == 0 ? "{files: ['*.yaml']}" : "{files: [a*, b*]}" }) { $1 },
      conditions: 10_000)
    #expect(same.diagnostics.count { $0.rule == "port-conflict" } == 1)
    #expect(same.isComplete)
    let many = Dictionary(uniqueKeysWithValues: (0..<60).map { ("f\($0).yaml", services(20)) })
    let pairs = policy(1000) { "{files: [f\($0 % 60).yaml, f\(($0 + 1 + $0 / 60) % 60).yaml]}" }
    let cut = try report(many.merging(pairs) { $1 }, conditions: 200_000)
    #expect(ends(cut).map { $0.prefix(20) } == [".portlint.yaml:1:1: "])
    #expect(!cut.isComplete)
  }

  @Test func allocationsAreLookedUpByPort() throws {
    let allocations = listed(1000) { "{ports: \(10_000 + $0), owner: 's\($0)'}" }
    let report = try report([
      ".portlint.yaml": "allocations: [\(allocations)]\n", "compose.yaml": services(500, from: 10_001),
    ])
    #expect(report.diagnostics.count { $0.rule == "foreign-allocation" } == 500)
    #expect(report.isComplete)
  }

  // MARK: - What is said

  @Test func aMessageHasALength() throws {
    let message = String(repeating: "{owner}", count: 10_000)
    let report = try report(rule("role: publish", message: message).merging(["compose.yaml": services(3)]) { $1 })
    let own = report.diagnostics.filter { $0.rule == "own" }.map(\.message)
    #expect(own.map(\.count) == [1000, 1000, 1000])
    #expect(own.allSatisfy { $0.hasPrefix("'s") && $0.hasSuffix("...") })
  }

  private struct Findings: Decodable {
    struct Item: Decodable { var rule: String }
    struct Omitted: Decodable, Equatable {
      var rule: String
      var severity: String
      var file: String?
      var count: Int
      var suppressed: Bool
    }
    struct Summary: Decodable { var errors: Int }
    var summary: Summary
    var diagnostics: [Item]
    var omitted: [Omitted]?
  }

  /// The same findings are listed in each format, and those that are not are counted.
  @Test func ofVeryManyFindingsTheFirstAreListed() throws {
    let services = (0..<3000).map { "  s\($0): {image: a, ports: ['1-65535:1-65535']}\n" }.joined()
    let report = try report(["compose.yaml": "services:\n\(services)"])
    let conflicts = report.diagnostics.count { $0.rule == "port-conflict" }
    #expect(conflicts == 2999)
    let most = 20 * report.bytesRead
    var options = ReportOptions(version: "0")
    options.showsInfo = true
    let json = write(report, as: .json, options: options)
    #expect(json.utf8.count <= most)
    let findings = try JSONDecoder().decode(Findings.self, from: Data(json.utf8))
    #expect(findings.summary.errors == report.count(of: .error))
    let omitted = try #require(findings.omitted)
    #expect(omitted.first { $0.rule == "port-conflict" }?.file == "compose.yaml")
    for rule in Set(report.diagnostics.map(\.rule)) {
      let listed = findings.diagnostics.count { $0.rule == rule }
      let left = omitted.first { $0.rule == rule }?.count ?? 0
      #expect(listed > 500)
      #expect(listed + left == report.diagnostics.count { $0.rule == rule })
    }
    for format in [OutputFormat.text, .compact] {
      let text = write(report, as: format, options: options)
      #expect(text.utf8.count <= most)
      for omission in omitted {
        let line = "compose.yaml: note: and \(omission.count) more of \(omission.rule) in this file\n"
        #expect(text.components(separatedBy: line).count == 2)
      }
      #expect(
        text.components(separatedBy: "[port-conflict]").count - 1
          == findings.diagnostics.count { $0.rule == "port-conflict" })
    }
  }

  @Test func ofVeryManyFilesTheFirstAreListed() throws {
    let folder = String(repeating: "d", count: 500)
    let files = Dictionary(
      uniqueKeysWithValues: (0..<3000).map { ("\(folder)/f\($0).yaml", "services: {a: {ports: [x]}}\n") })
    let report = try report(files)
    #expect(report.diagnostics.count { $0.rule == "invalid-port" } == 3000)
    let json = write(report, as: .json, options: ReportOptions(version: "0"))
    #expect(json.utf8.count <= 20 * report.bytesRead)
    let findings = try JSONDecoder().decode(Findings.self, from: Data(json.utf8))
    #expect(findings.omitted?.map(\.file) == [nil])
    #expect(findings.diagnostics.count + (findings.omitted?.first?.count ?? 0) == 3000)
    let text = write(report, as: .compact, options: ReportOptions(version: "0"))
    #expect(text.contains("\nnote: and \(findings.omitted?.first?.count ?? 0) more of invalid-port in other files\n"))
  }
}
