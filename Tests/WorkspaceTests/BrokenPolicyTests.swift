import PolicyEngine
import PortModel
import SourceText
import Testing
import Workspace

/// What cannot be meant in a policy is said with its place, and nothing is judged before it is mended.
@Suite struct BrokenPolicyTests {
  struct Broken: CustomTestStringConvertible {
    var policy: String
    /// Further files: rule files, extended policies.
    var files: [String: String]
    var findings: [String]

    init(_ policy: String, _ findings: String..., files: [String: String] = [:]) {
      self.policy = policy
      self.files = files
      self.findings = findings
    }

    /// A policy with one rule file, whose finding is in the rule.
    init(rule: String, _ findings: String...) {
      self.init("rule-files: [r.yaml]")
      files = ["r.yaml": rule]
      self.findings = findings.map { "r.yaml:\($0)" }
    }

    var testDescription: String { files["r.yaml"] ?? policy }
  }

  @Test(arguments: broken)
  func isSaidWhereItStands(_ broken: Broken) throws {
    var files = broken.files
    files[".portlint.yaml"] = broken.policy
    files["compose.yaml"] = "services: {a: {image: a, ports: [\"80:80\"]}, b: {image: b, ports: [\"80:80\"]}}\n"
    let written = WrittenFiles(files.mapValues { Array($0.utf8) })
    let loaded = try PolicyLoader.load(PolicyRequest(), files: written)
    let report = Workspace(loaded, files: written, workers: 1).lint([Candidate("compose.yaml", .found)])
    let said = report.diagnostics.map { diagnostic in
      let file = report.files[diagnostic.place.file]
      let start = LineTable(of: file?.bytes ?? []).position(of: Int(diagnostic.place.start))
      let path = file?.path == ".portlint.yaml" ? "" : "\(file?.path ?? "?"):"
      return "\(path)\(start.line):\(start.column) \(diagnostic.message)"
    }
    #expect(said == broken.findings)
    #expect(report.diagnostics.allSatisfy { $0.rule == "policy" && $0.severity == .error })
    #expect(!report.isComplete)
  }

  /// What is wrong with one key is mended as a line shows that has it.
  @Test(arguments: PolicyKey.allCases)
  func theExampleOfAKeyIsRight(_ key: PolicyKey) throws {
    let files = [
      ".portlint.yaml": key.example + "\n", "base/policy.yaml": "", "deploy/prod.env": "",
      ".portlint-baseline.json": #"{"version": 1, "findings": []}"#, "policy/own.yaml": Self.rule([:]),
      "policy/formats/own.yaml":
        "{format: own, summary: own, recognise: [{keys: own}], references: [{at: own, grammar: port, called: own}]}",
    ].mapValues { Array($0.utf8) }
    #expect(try PolicyLoader.load(PolicyRequest(), files: WrittenFiles(files)).problems.map(\.cause) == [])
    #expect(key.example.hasPrefix("\(key.rawValue): "))
    let broken = WrittenFiles([".portlint.yaml": Array("\(key.rawValue): {a: {b: {}}}\n".utf8)])
    let problems = try PolicyLoader.load(PolicyRequest(), files: broken).problems
    #expect(!problems.isEmpty)
    for problem in problems {
      guard case .policy(_, remedy: .example(key.example)) = problem.cause else {
        Issue.record("\(problem.cause)")
        continue
      }
    }
  }

  @Test(arguments: [
    ("{ports: 1-5, owner: a}, {ports: 6-9, owner: b}", [String]()),
    ("{ports: 1-5, owner: a}, {ports: 5-9, owner: a}", []),
    ("{ports: 1-5, owner: a}, {ports: 5, reserved-for: b}", []),
    ("{ports: 1-5, owner: a, protocol: tcp}, {ports: 5, owner: b, protocol: udp}", []),
    ("{ports: 1-5, owner: [a, b]}, {ports: 5, owner: [b, a]}", []),
    ("{ports: 1-5, owner: a}, {ports: 5, owner: b}", ["5 is allocated to 'a' too, and not only to 'b'"]),
    ("{ports: 5, owner: b}, {ports: 1-5, owner: a}", ["5 is allocated to 'b' too, and not only to 'a'"]),
    (
      "{ports: 1-5, owner: a, protocol: [udp, tcp]}, {ports: 3-9, owner: b, protocol: udp}",
      ["3-5 are allocated to 'a' too, and not only to 'b'"]
    ),
    // The one that reaches furthest is of the same owner.
    (
      "{ports: 1-5, owner: a}, {ports: 2-9, owner: b}, {ports: 4-6, owner: b}",
      ["2-5 are allocated to 'a' too, and not only to 'b'", "4-5 are allocated to 'a' too, and not only to 'b'"]
    ),
    (
      "{ports: 1-9, owner: a}, {ports: 2-3, owner: a}, {ports: 7, owner: [a, c]}",
      ["7 is allocated to 'a' too, and not only to 'a', 'c'"]
    ),
  ])
  func portsOfTwoOwnersAreSaid(_ allocations: String, _ messages: [String]) throws {
    let policy = "allocations: [\(allocations)]\n"
    let problems = try PolicyLoader.load(
      PolicyRequest(), files: WrittenFiles([".portlint.yaml": Array(policy.utf8)])
    ).problems
    #expect(problems.map { $0.cause.wording.values[.reason] } == messages)
    #expect(problems.allSatisfy { $0.related.count == 1 })
  }

  @Test func ofManyMistakesTheFirstAreSaid() throws {
    let files = [".portlint.yaml": (0..<2000).map { "key\($0): 1\n" }.joined()]
    let loaded = try PolicyLoader.load(PolicyRequest(), files: WrittenFiles(files.mapValues { Array($0.utf8) }))
    #expect(loaded.problems.count == 1001)
    #expect(loaded.problems.last?.cause == .policy("more than 1000 things are wrong; no further ones are named"))
  }

  static let broken = shapes + ranges + rules + registers + extending + ruleFiles

  private static let shapes = [
    Broken("extend: strict", "1:1 unknown key 'extend', did you mean 'extends'?"),
    Broken(
      "colour: red",
      "1:1 unknown key 'colour': extends, platform, ranges, services, rules, allocations, deployments, projects, exclude, "
        + "rule-files, formats, baseline, fail-on or env-file"),
    Broken("platform: linux\nplatform: macos", "2:1 the key 'platform' stands twice"),
    Broken("- extends", "1:1 expected a mapping"),
    Broken("just words", "1:1 expected a mapping"),
    Broken("rules: {", "1:9 this is no YAML: did not find expected node content"),
    Broken("extends: *base", "1:10 this is no YAML: the alias 'base' has no anchor"),
    Broken("platform: linux\n---\nplatform: macos", "1:1 expected one document"),
    Broken("platform: linus", "1:11 'linus' is no platform, did you mean 'linux'?"),
    Broken("platform: [linux]", "1:11 expected a platform: linux, macos, windows, freebsd, glibc or iana"),
    Broken("exclude: {vendor: true}", "1:10 expected text or a list of texts"),
    Broken("services: system", "1:11 expected a mapping"),
    Broken("services: {databse: iana}", "1:12 unknown key 'databse', did you mean 'database'?"),
    Broken(
      "services: {database: iana2}",
      "1:22 'iana2' is no services database: 'iana', 'system', or the path of a file"),
    Broken("services: {database: etc/services}", "1:22 etc/services: there is no such file"),
    Broken("services: {database: [iana]}", "1:22 expected 'iana', 'system', or the path of a file"),
    Broken("services: {add: {ledger: 7001}}", "1:26 expected a port with its protocol, such as 7001/tcp"),
    Broken("services: {add: {ledger: 70010/tcp}}", "1:26 70010 is no port: they end at 65535"),
    Broken("services: {add: [ledger]}", "1:17 expected a mapping"),
    Broken("services: {add: {ledger: 7001/tpc}}", "1:31 'tpc' is no protocol, did you mean 'tcp'?"),
    Broken("services: {add: {ledger: 7001/quic}}", "1:31 'quic' is no protocol: tcp, udp, sctp or dccp"),
    Broken("services: {add: {ledger: tcp/7001}}", "1:26 expected a port with its protocol, such as 7001/tcp"),
    Broken("services: {add: {ledger: 7003-7001/udp}}", "1:26 the range 7003-7001 runs backwards"),
    Broken("services: {add: {ledger: []}}", "1:26 expected a port with its protocol, such as 7001/tcp"),
    Broken("services: {add: {ledger: }}", "1:26 expected a port with its protocol, such as 7001/tcp"),
    Broken("services: {add: {'': 7001/tcp}}", "1:18 expected a service's name"),
    Broken("services: {database: }", "1:22 expected 'iana', 'system', or the path of a file"),
    Broken("platform:", "1:10 expected a platform: linux, macos, windows, freebsd, glibc or iana"),
    Broken("platform: ~", "1:11 expected a platform: linux, macos, windows, freebsd, glibc or iana"),
    Broken("rules:", "1:7 expected a mapping"),
    Broken("exclude:", "1:9 expected a glob of paths"),
    Broken("exclude: [vendor, '']", "1:19 expected a glob of paths"),
    Broken("rule-files: ['']", "1:14 expected a glob of paths"),
    Broken("extends:", "1:9 expected a preset or the path of a policy"),
  ]

  private static let ranges = [
    Broken("ranges: {payments: 7099-7000}", "1:20 the range 7099-7000 runs backwards"),
    Broken("ranges: {payments: 7000-70999}", "1:20 70999 is no port: they end at 65535"),
    Broken("ranges: {payments: all}", "1:20 expected a port or a range such as 7000-7099"),
    Broken("ranges: {payments: -1}", "1:20 expected a port or a range such as 7000-7099"),
    Broken("ranges: {payments: []}", "1:20 expected a port or a range such as 7000-7099"),
    Broken("ranges: {payments: [7000, 7x]}", "1:27 expected a port or a range such as 7000-7099"),
    Broken("ranges: {payments: {from: 7000}}", "1:20 expected text or a list of texts"),
    Broken("ranges: {payments: 07000-7099}", "1:20 '07000' begins with a zero, so that some read it as octal"),
    Broken("ranges: {payments: 0x1F90}", "1:20 expected a port or a range such as 7000-7099"),
    Broken("ranges: {payments: }", "1:20 expected a port or a range such as 7000-7099"),
    Broken("ranges: {payments: [7000, ~]}", "1:27 expected a port or a range such as 7000-7099"),
    Broken("ranges: {exposed: 1-2}", "1:10 expected a name that no other ports have"),
    Broken("ranges: {'': 1-2}", "1:10 expected a name that no other ports have"),
    Broken("ranges: {registered: 1-2}", "1:10 expected a name that no other ports have"),
    Broken("ranges: {7000: 1-2}", "1:10 expected a name that no other ports have"),
    Broken("ranges: [7000-7099]", "1:9 expected a mapping"),
    Broken("ranges: {a: 1-2, a: 3-4}", "1:18 the key 'a' stands twice"),
  ]

  private static let rules = [
    Broken("rules: {port-conflicts: off}", "1:9 'port-conflicts' is no rule, did you mean 'port-conflict'?"),
    Broken("rules: {port-conflict: fatal}", "1:24 'fatal' is no severity: error, warning, info or off"),
    Broken("rules: {port-conflict: warn}", "1:24 'warn' is no severity, did you mean 'warning'?"),
    Broken("rules: {port-conflict: {severty: off}}", "1:25 unknown key 'severty', did you mean 'severity'?"),
    Broken("rules: {port-conflict: [off]}", "1:24 expected a severity: error, warning, info or off"),
    Broken("rules: {port-conflict: off, port-conflict: error}", "1:29 the key 'port-conflict' stands twice"),
    Broken("rules: {yaml-syntax: off}", "1:9 expected a rule that may be turned off"),
    Broken("rules: {yaml-syntax: info}", "1:9 expected a rule whose severity may be lowered"),
    Broken("rules: {unreadable-file: {severity: warning}}", "1:9 expected a rule whose severity may be lowered"),
    Broken(
      "rules: {limit-exceeded: {except: [{file: '*', reason: known}]}}",
      "1:35 expected a rule that may be excepted from"),
    Broken("rules: {host-port: {except: {owner: web, reason: x}}}", "1:29 expected a list"),
    Broken("rules: {host-port: {except: [{owner: web}]}}", "1:30 the key 'reason' is missing"),
    Broken("rules: {host-port: {except: [{owner: web, reason: \" \"}]}}", "1:51 expected a reason"),
    Broken(
      "rules: {host-port: {except: [{reason: x}]}}",
      "1:30 expected what is excepted: an owner, a namespace, a file, a port or a protocol"),
    Broken(
      "rules: {host-port: {except: [{ownr: a, owner: b, reason: x}]}}", "1:31 unknown key 'ownr', did you mean 'owner'?"
    ),
    Broken(
      "rules: {host-port: {except: [{port: 80-70, reason: x}]}}", "1:37 the range 80-70 runs backwards"),
    Broken("rules: [host-port]", "1:8 expected a mapping"),
    Broken("rules: {host-port: }", "1:20 expected a severity: error, warning, info or off"),
    Broken("rules: {host-port: false}", "1:20 'false' is no severity: error, warning, info or off"),
    Broken("rules: {HOST_PORT: off}", "1:9 'HOST_PORT' is no rule, did you mean 'host-port'?"),
    Broken("rules: {host-port: {except: [grafana]}}", "1:30 expected a mapping"),
    Broken("rules: {host-port: {except: [{owner: , reason: x}]}}", "1:38 expected an owner"),
    Broken("rules: {host-port: {except: [{owner: [], reason: x}]}}", "1:38 expected an owner"),
    Broken("rules: {host-port: {except: [{file: '', reason: x}]}}", "1:37 expected a glob of paths"),
    Broken("rules: {host-port: {except: [{owner: a, reason: }]}}", "1:49 expected text"),
    Broken(
      "rules: {host-port: {except: [{protocol: tpc, reason: x}]}}", "1:41 'tpc' is no protocol, did you mean 'tcp'?"),
  ]

  private static let registers = [
    Broken("allocations: [{owner: web}]", "1:15 the key 'ports' is missing"),
    Broken("allocations: [{ports: 7000}]", "1:15 expected 'owner' or 'reserved-for' beside 'ports'"),
    Broken(
      "allocations: [{ports: paymnts, owner: web}]\nranges: {payments: 7000}",
      "1:23 'paymnts' is no named range, did you mean 'payments'?"),
    Broken("allocations: [{ports: 7099-7000, owner: web}]", "1:23 the range 7099-7000 runs backwards"),
    Broken("allocations: [{port: 7000, owner: web}]", "1:16 unknown key 'port', did you mean 'ports'?"),
    Broken(
      "allocations: [{ports: 7000, reserved_for: x}]", "1:29 unknown key 'reserved_for', did you mean 'reserved-for'?"),
    Broken(
      "allocations: [{ports: [], owner: web}]",
      "1:23 expected a port, a range such as 7000-7099, or the name of one"),
    Broken("allocations: [{ports: 7000, owner: }]", "1:36 expected an owner"),
    Broken("allocations: [{ports: 7000, reserved-for: }]", "1:43 expected text"),
    Broken(
      "allocations: [{ports: exposed, owner: web}]",
      "1:23 'exposed' is no named range: ephemeral, node-port, reserved or user-reserved"),
    Broken(
      "allocations: [{ports: 7000, owner: web, protocol: udb}]", "1:51 'udb' is no protocol, did you mean 'udp'?"),
    Broken(
      "deployments: [{name: edge, files: a}, {name: edge, files: b}]", "1:46 there is a deployment 'edge' already"),
    Broken("projects: [{name: shop, files: a.yaml}]", "1:13 unknown key 'name': files"),
    Broken("projects: [{file: a.yaml}]", "1:13 unknown key 'file', did you mean 'files'?"),
    Broken("allocations: {ports: 7000, owner: web}", "1:14 expected a list"),
    Broken("deployments: [{name: edge}]", "1:15 the key 'files' is missing"),
    Broken("deployments: [{name: edge, files: []}]", "1:35 expected a glob of paths"),
    Broken("deployments: [{hosts: edge, files: a}]", "1:16 unknown key 'hosts': name or files"),
    Broken("projects: [[a.yaml]]", "1:12 expected a mapping"),
  ]

  private static let extending = [
    Broken("extends: recomended", "1:10 'recomended' is no preset, did you mean 'recommended'?"),
    Broken("extends: [strict, base.yaml]", "1:19 base.yaml: there is no such file"),
    Broken("extends: ./.portlint.yaml", "1:10 it extends itself: .portlint.yaml → .portlint.yaml"),
    Broken(
      "extends: a/b.yaml", "a/b.yaml:1:10 it extends itself: .portlint.yaml → a/b.yaml → .portlint.yaml",
      files: ["a/b.yaml": "extends: ../.portlint.yaml"]),
    Broken(
      "extends: a.yaml", "a.yaml:1:14 'severe' is no severity: error, warning, info or off",
      files: ["a.yaml": "rules: {\"*\": severe}"]),
    Broken(
      "services: {database: ./s}", "1:22 s: it is larger than 1 MiB",
      files: ["s": String(repeating: "#", count: 1 << 20 + 1)]),
    // Two files that each name the other twice stand for as many as are read.
    Broken(
      "extends: [a.yaml, a.yaml]", "e.yaml:1:11 more than 100 policy files extend one another",
      files: [
        "a.yaml": "extends: [b.yaml, b.yaml]", "b.yaml": "extends: [c.yaml, c.yaml]",
        "c.yaml": "extends: [d.yaml, d.yaml]", "d.yaml": "extends: [e.yaml, e.yaml]",
        "e.yaml": "extends: [f.yaml, f.yaml]", "f.yaml": "extends: [g.yaml, g.yaml]", "g.yaml": "",
      ]),
    Broken(
      "exclude: [\(Array(repeating: "a", count: 10_001).joined(separator: ", "))]",
      "1:1 more than 10000 exceptions, allocations and globs"),
    Broken("extends: base", "1:10 'base' is no preset: glibc, none, recommended or strict"),
    Broken("extends: base.json", "1:10 base.json: there is no such file"),
    Broken("extends: {strict: true}", "1:10 expected text or a list of texts"),
  ]

  private static func rule(_ changes: [Int: String]) -> String {
    let lines = [
      "id: own", "family: governance", "severity: error", "summary: own", "when: {role: publish}",
      "message: \"{port}\"",
      "help: none",
    ]
    return lines.enumerated().map { changes[$0.offset + 1] ?? $0.element }.joined(separator: "\n")
  }

  private static let ruleFiles = [
    Broken("rule-files: [policy/*.yaml]", "1:14 no file matches 'policy/*.yaml'"),
    Broken(rule: rule([1: "id: port-conflict"]), "1:5 there is a rule 'port-conflict' already"),
    Broken(rule: rule([5: "from: reading"]), "5:7 expected 'when' or 'relation' in a rule of one's own"),
    Broken(rule: rule([5: "when: {port: {in: paymnts}}"]), "5:19 'paymnts' is no named range or table"),
    Broken(
      rule: rule([5: "when: {port: {in: exposd}}"]), "5:19 'exposd' is no named range or table, did you mean 'exposed'?"
    ),
    Broken(rule: rule([5: "when: {roles: publish}"]), "5:8 unknown key 'roles', did you mean 'role'?"),
    Broken(
      rule: rule([5: "when: {address: 10.0.0.1/8}"]),
      "5:17 '10.0.0.1/8' is no network: its prefix is too long, or bits are set behind it"),
    Broken(rule: rule([5: "when: {replicas: many}"]), "5:18 expected a whole number"),
    Broken(rule: rule([5: "when: {replicas: {at-lest: 2}}"]), "5:19 unknown key 'at-lest', did you mean 'at-least'?"),
    Broken(rule: rule([5: "when: {named: maybe}"]), "5:15 expected true or false"),
    Broken(rule: rule([5: "when: {labels: app}"]), "5:16 expected a mapping of labels"),
    Broken(rule: rule([5: "when: {any: []}"]), "5:13 expected a condition, or a list of them"),
    Broken(
      rule: rule([5: "when: {wanted: name}"]),
      "5:8 'wanted' is a condition on a reference, and this rule's subject is a binding"),
    Broken(
      rule: rule([5: "subject: reference\nwhen: {role: publish}", 6: "message: \"{name}\""]),
      "6:8 'role' is a condition on a binding, and this rule's subject is a reference"),
    Broken(
      rule: rule([5: "subject: references\nwhen: {field: probe}"]),
      "5:10 'references' is no subject, did you mean 'reference'?"),
    Broken(rule: rule([6: "message: \"{prot}\""]), "6:12 'prot' is no placeholder, did you mean 'port'?"),
    Broken(
      rule: rule([6: "message: \"{reason}\""]),
      "6:12 'reason' is no placeholder here: address, container, endpoint, expected, holder, image, kind, name, namespace, network, owner, port, "
        + "protocol, range or service"),
    Broken(rule: rule([3: "severity: fatal"]), "3:11 'fatal' is no severity: error, warning, info or off"),
    Broken(
      rule: rule([1: "id: own port"]), "1:5 expected an id of letters, digits and hyphens, such as payments-ports"),
    Broken(rule: rule([1: "id: '*'"]), "1:5 expected an id of letters, digits and hyphens, such as payments-ports"),
    Broken(rule: rule([1: "id:"]), "1:4 expected text"),
    Broken(
      rule: rule([7: "help: none\nyields-to: [port-conflct]"]),
      "8:13 'port-conflct' is no rule, did you mean 'port-conflict'?"),
    Broken(rule: rule([7: "help: none\noutcome: certain"]), "8:10 expected 'relation' beside 'outcome'"),
    Broken(rule: rule([5: "whn: {role: publish}"]), "5:1 unknown key 'whn', did you mean 'when'?"),
    Broken(rule: rule([5: "when: {role: []}"]), "5:14 expected a role: publish, listen or service"),
    Broken(rule: rule([5: "when: {role: }"]), "5:14 expected a role: publish, listen or service"),
    Broken(rule: rule([5: "when: {owner: }"]), "5:15 expected text or a list of texts"),
    Broken(rule: rule([5: "when: {image: []}"]), "5:15 expected text or a list of texts"),
    Broken(rule: rule([5: "when: {labels: {team: }}"]), "5:23 expected text or a list of texts"),
    Broken(rule: rule([5: "when: {labels: {team: a, team: b}}"]), "5:26 the key 'team' stands twice"),
    Broken(rule: rule([5: "when: {labels: {}}"]), "5:16 expected a mapping of labels"),
    Broken(rule: rule([5: "when: {port: {}}"]), "5:14 expected 'in' or 'not-in'"),
    Broken(
      rule: rule([5: "when: {port: {in: []}}"]), "5:19 expected a port, a range such as 7000-7099, or the name of one"),
    Broken(rule: rule([5: "when: {port: 080}"]), "5:14 '080' begins with a zero, so that some read it as octal"),
    Broken(rule: rule([5: "when: {port: '<1024'}"]), "5:15 '<1024' is no named range or table"),
    Broken(rule: rule([5: "when: {port: {other-protocol-in: 80}}"]), "5:34 expected a table"),
    Broken(rule: rule([5: "when: {protocol: tpc}"]), "5:18 'tpc' is no protocol, did you mean 'tcp'?"),
    Broken(rule: rule([5: "when: {address: lopback}"]), "5:17 'lopback' is no address, did you mean 'loopback'?"),
    Broken(
      rule: rule([5: "when: {address: db.example}"]),
      "5:17 expected unnamed, every, loopback, private, an IP address, or a network such as 10.0.0.0/8"),
    Broken(
      rule: rule([5: "when: {address: 10.0.0.0/33}"]),
      "5:17 '10.0.0.0/33' is no network: its prefix is too long, or bits are set behind it"),
    Broken(rule: rule([5: "when: {replicas: {at-least: 3, at-most: 2}}"]), "5:18 'at-least' is above 'at-most'"),
    Broken(rule: rule([5: "when: {replicas: {}}"]), "5:18 expected 'at-least' or 'at-most'"),
    Broken(rule: rule([5: "when: {format: kubernets}"]), "5:16 'kubernets' is no format, did you mean 'kubernetes'?"),
    Broken(
      rule: rule([6: "message: \"{owner\""]), "6:11 no brace closes this placeholder; a brace itself is written {{"),
    Broken(rule: "services: {web: {}}", "1:1 expected a rule, which has the keys id, family, severity, summary, ..."),
    Broken(rule: "# later", "1:1 expected a rule"),
    Broken(rule: "id: [", "1:6 this is no YAML: did not find expected node content"),
  ]

  @Test func aPolicyThatSaysNothingIsSound() throws {
    for text in ["", "# later\n", "---\n", "extends: recommended\n", "{}\n"] {
      let written = WrittenFiles([".portlint.yaml": Array(text.utf8)])
      #expect(try PolicyLoader.load(PolicyRequest(), files: written).problems.isEmpty, "\(text)")
    }
  }

  @Test func aPolicyLargerThanAnybodyWritesIsRefused() throws {
    let most = Array("exclude: [a/**]\n".utf8) + [UInt8](repeating: UInt8(ascii: "#"), count: (1 << 20) - 16)
    #expect(
      try PolicyLoader.load(PolicyRequest(), files: WrittenFiles([".portlint.yaml": most])).problems.isEmpty)
    #expect {
      try PolicyLoader.load(PolicyRequest(), files: WrittenFiles([".portlint.yaml": most + most]))
    } throws: { error in
      if case .unreadable(".portlint.yaml", .tooLarge(limit: 1))? = error as? PolicyFailure { true } else { false }
    }
    let files = ["base.yaml": most + most, ".portlint.yaml": Array("extends: base.yaml\n".utf8)]
    let problems = try PolicyLoader.load(PolicyRequest(), files: WrittenFiles(files)).problems
    #expect(problems.map(\.cause) == [.policy("base.yaml: it is larger than 1 MiB")])
    let rules = ["own.yaml": most + most, ".portlint.yaml": Array("rule-files: [own.yaml]\n".utf8)]
    let others = try PolicyLoader.load(PolicyRequest(), files: WrittenFiles(rules)).problems
    #expect(others.map(\.cause) == [.policy("own.yaml: it is larger than 1 MiB")])
  }

  @Test func whatTheCommandLineCannotMeanIsSaid() {
    let written = WrittenFiles([:])
    var request = PolicyRequest()
    request.config = .file("none.yaml")
    #expect(throws: PolicyFailure.self) { try PolicyLoader.load(request, files: written) }
    request = PolicyRequest()
    request.preset = "strickt"
    #expect(throws: PolicyFailure.self) { try PolicyLoader.load(request, files: written) }
    request = PolicyRequest()
    request.severities = ["policy": nil]
    #expect(throws: PolicyFailure.self) { try PolicyLoader.load(request, files: written) }
  }
}
