import Foundation
import Testing

/// The commands that answer questions: explain, rules, service, init and test-rules.
@Suite struct AnswerTests {
  // MARK: - explain

  @Test func explainsEveryRuleByFamily() throws {
    let run = try Run(["explain"])
    #expect(run.status == 0)
    for family in ["reading", "ranges", "services", "claims", "references", "governance"] {
      #expect(run.output.contains("\(family)\n  "), "\(family)")
    }
    #expect(run.output.contains("  port-conflict            error    two claims that will meet on one socket\n"))
    #expect(run.output.contains("  host-port                off      "))
  }

  @Test func explainsARuleWithWhatItSays() throws {
    let run = try Run(["explain", "every-address"])
    #expect(run.status == 0)
    #expect(run.output.hasPrefix("every-address: a published port"))
    for title in ["Why", "When", "It says, and what to do", "Fails", "Passes", "References"] {
      #expect(run.output.contains("\n\(title)\n  "), "\(title)")
    }
    #expect(run.output.contains("  when: {role: publish, address: unnamed, not: {scope: job}}\n"))
    // The finding is rendered as a run would.
    #expect(run.output.contains("  deploy.yaml:"))
    #expect(run.output.contains("[every-address]\n"))
    let json = try Run(["explain", "every-address", "--format", "json"])
    #expect(json.output.contains("\"condition\":\"when: {role: publish, address: unnamed, not: {scope: job}}\""))
  }

  @Test func anUnknownRuleNamesTheNearest() throws {
    #expect(
      try Run(["explain", "port-conflicts"]).errors
        == "portlint: there is no rule 'port-conflicts', did you mean 'port-conflict'?\n")
    let run = try Run(["explain", "expossed"])
    #expect(run.status == 2)
    #expect(run.errors.contains("did you mean 'exposed-service'?"))
    #expect(
      try Run(["explain", "\u{1B}[31m"]).errors
        == "portlint: there is no rule '\\u{1B}[31m': 'portlint explain' lists all\n")
  }

  private static let own = """
    id: own-port
    family: governance
    severity: error
    summary: a port of ours
    when: {role: publish, port: {in: team}}
    message: "{owner} publishes {endpoint}"
    help: use another
    why: Because.
    passes:
      - manifest: "services: {a: {image: a, ports: ['8081:80']}}"
    fails:
      - manifest: "services: {a: {image: a, ports: ['8080:80']}}"
        findings: [{at: "1:35-39", message: "'a' publishes 8080/tcp"}]

    """

  private static let files = [
    ".portlint.yaml": "ranges: {team: 8080}\nrules: {host-port: info}\nrule-files: [own.yaml]\n", "own.yaml": own,
  ]

  @Test func explainsARuleOfOnesOwn() throws {
    let run = try Run(["explain", "own-port"], files: Self.files)
    #expect(run.output.contains("own-port: a port of ours\nfamily governance, severity error\n"))
    #expect(run.output.contains("deploy.yaml:1:35: error: 'a' publishes 8080/tcp [own-port]"))
    #expect(run.output.contains("\nWhy\n  Because.\n"))
    let bare = Self.files.merging(["own.yaml": Self.own.replacingOccurrences(of: "why: Because.\n", with: "")]) { $1 }
    #expect(try Run(["explain", "own-port"], files: bare).output.contains("Why") == false)
  }

  // MARK: - rules

  @Test func rulesSayWhoSetThem() throws {
    let run = try Run(["rules", "--rule", "port-conflict=warning", "--preset", "strict"], files: Self.files)
    let rows = run.output.split(separator: "\n").map {
      $0.split(separator: " ", maxSplits: 2).map { $0.trimmingCharacters(in: .whitespaces) }
    }
    func row(_ id: String) -> [String]? { rows.first { $0.first == id } }
    #expect(row("port-conflict") == ["port-conflict", "warning", "the command line"])
    #expect(row("every-address") == ["every-address", "warning", "preset strict"])
    #expect(row("own-port") == ["own-port", "error", "own.yaml:3"])
    let policy = try Run(["rules"], files: Self.files)
    #expect(policy.output.contains(".portlint.yaml:2"))
    #expect(policy.output.contains("every-address            off       built in"))
    #expect(policy.output.hasPrefix("policy: .portlint.yaml\npreset: recommended\n\nRULE"))
    #expect(run.output.hasPrefix("policy: .portlint.yaml\npreset: strict (the command line)\n\nRULE"))
    #expect(try Run(["rules"]).output.hasPrefix("policy: none\npreset: recommended\n"))
    let json = try Run(["rules", "--format", "json"], files: Self.files)
    #expect(json.output.contains("\"policy\":\".portlint.yaml\",\"presets\":[\"recommended\"]"))
    #expect(
      json.output.contains("\"id\":\"own-port\",\"setBy\":{\"kind\":\"rule-file\",\"location\":{\"end\":{\"column\":16")
    )
    #expect(
      json.output.contains(
        "\"id\":\"host-port\",\"setBy\":{\"kind\":\"policy\",\"location\":{\"end\":{\"column\":18,\"line\":2},"
          + "\"file\":\".portlint.yaml\",\"start\":{\"column\":9,\"line\":2}},\"preset\":null},\"severity\":\"info\""))
  }

  // MARK: - service

  @Test func servicesAreFoundBothWays() throws {
    let files = [".portlint.yaml": "services: {add: {acme-ledger: 7777/tcp}}\n"]
    #expect(try Run(["service", "https/tcp"], files: files).output.contains("https  443/tcp  iana    "))
    #expect(try Run(["service", "4222"], files: files).output.contains("nats  4222/tcp  de-facto"))
    #expect(try Run(["service", "7777/tcp"], files: files).output.contains("\nacme-ledger   7777/tcp  policy"))
    #expect(try Run(["service", "acme-ledger"], files: files).output.contains("acme-ledger  7777/tcp  policy"))
    let none = try Run(["service", "no-such-service"])
    #expect(none.status == 1)
    #expect(none.errors == "portlint: nobody has 'no-such-service'\n")
    #expect(try Run(["service", "nosuch"]).errors == "portlint: nobody has 'nosuch'\n")
    #expect(
      try Run(["service", "postgress"]).errors == "portlint: nobody has 'postgress', did you mean 'postgresql'?\n")
    #expect(
      try Run(["service", "ssh/xyz"]).errors == "portlint: 'xyz' is no protocol: tcp, udp, sctp or dccp\n")
    #expect(try Run(["service", "5432/tpc"]).errors == "portlint: 'tpc' is no protocol, did you mean 'tcp'?\n")
    #expect(try Run(["service", "1-5"]).errors == "portlint: '1-5' is a range: ask for one port of it\n")
    for wrong in ["80/", "80/xyz", "1-5", "/tcp", "70000", "a/b/c", ""] {
      #expect(try Run(["service", wrong]).status == 2, "\(wrong)")
    }
    #expect(
      try Run(["service", "htttp"]).errors == "portlint: nobody has 'htttp', did you mean 'http'?\n")
    #expect(
      try Run(["service", "53/udp", "--format", "json"]).output.contains(
        "\"port\":{\"end\":53,\"start\":53},\"protocol\":\"udp\""))
  }

  // MARK: - init

  @Test func initWritesAPolicyThatHolds() throws {
    let clean = ["compose.yaml": "services: {web: {image: web, ports: [\"8080:80\"]}}\n"]
    let run = try Run(["init"], files: clean) { _ in
    } inspect: { folder in
      let text = try String(contentsOf: folder.appending(path: ".portlint.yaml"), encoding: .utf8)
      #expect(text.contains("# What is here passes: 1 manifest, 1 port."))
      #expect(text.contains("#   - {ports: 8080, owner: \"web\"}"))
      #expect(try Run([], files: clean.merging([".portlint.yaml": text]) { $1 }).status == 0)
      // Every commented line holds too.
      let bold = text.split(separator: "\n").map { line in
        line.hasPrefix("#   ") || line.dropFirst(2).split(separator: ":").first.map { !$0.contains(" ") } == true
          ? String(line.drop { $0 == "#" }.dropFirst()) : String(line)
      }.filter {
        !$0.hasPrefix("rule-files") && !$0.hasPrefix("#") && !$0.hasPrefix("xtends") && !$0.hasPrefix("yaml-")
          && !$0.hasPrefix("latform")
      }
      let policy = "extends: recommended\n" + bold.joined(separator: "\n")
      let loud = try Run(["rules"], files: [".portlint.yaml": policy])
      #expect(loud.status == 0, "\(loud.errors)\(policy)")
    }
    #expect(
      run.errors == """
        portlint: 1 file is read as compose: compose.yaml
        portlint: .portlint.yaml is written, and the manifests there pass it

        """)
  }

  @Test func initNamesWhatFires() throws {
    let several = [
      "pod.yaml": "services: {web: {image: web, ports: ['8081:80', '8080:81', '9000:82', '9000:82/udp']}}\n"
    ]
    #expect(
      try Run(["init", "--stdout"], files: several).output
        .contains("#   - {ports: [8080-8081, 9000], owner: \"web\"}\n"))
    let files = ["compose.yaml": "services: {cache: {image: redis, ports: [\"6379:6379\"]}}\n"]
    let run = try Run(["init", "--stdout"], files: files)
    #expect(run.output.contains("#   exposed-service: warning  # 1 finding, first at compose.yaml:1\n"))
    let there = try Run(["init"], files: files.merging([".portlint.yaml": "{}\n"]) { $1 })
    #expect(there.status == 2)
    #expect(there.errors == "portlint: .portlint.yaml is there already: --force writes over it\n")
    #expect(try Run(["init", "--force"], files: files.merging([".portlint.yaml": "{}\n"]) { $1 }).status == 0)
  }

  @Test func initGivesEachPortOnce() throws {
    let files = [
      "a/compose.yaml":
        "services: {web: {image: w, ports: ['80:1', '443:2', '9000:3']}, db: {image: d, ports: ['81:1']}}\n",
      "b/compose.yaml": "services: {proxy: {image: p, ports: ['80:1', '443:2']}, db: {image: d, ports: ['82:1']}}\n",
    ]
    let run = try Run(["init", "--stdout"], files: files)
    #expect(
      run.output.contains(
        """
        # allocations:
        #   - {ports: [80, 443], owner: ["proxy", "web"]}
        #   - {ports: 81-82, owner: "db"}
        #   - {ports: 9000, owner: "web"}

        """))
    // No address is known from which a schema could be had.
    #expect(run.output.contains("\n# # yaml-language-server: $schema=.portlint.schema.json\n"))
    #expect(!run.output.contains("://"))
    let crowd = "services:\n" + (1...150).map { "  s\($0): {image: a, ports: ['\(7000 + 2 * $0):80']}\n" }.joined()
    #expect(
      try Run(["init", "--stdout"], files: ["compose.yaml": crowd]).output.contains(
        "#   # 50 further entries left out\n"))
  }

  @Test func initWritesIntoAFolder() throws {
    let files = [
      "edge/site/compose.yaml": "services: {cache: {image: redis, ports: [\"6379:6379\"]}}\n", "notes.txt": "",
    ]
    let run = try Run(["init", "./edge/"], files: files) { _ in
    } inspect: { folder in
      let text = try String(contentsOf: folder.appending(path: "edge/.portlint.yaml"), encoding: .utf8)
      #expect(text.contains("# 1 finding, first at site/compose.yaml:1\n"))
    }
    #expect(
      run.errors == """
        portlint: 1 file is read as compose: edge/site/compose.yaml
        portlint: ./edge/.portlint.yaml is written, and names 1 rule that fires there

        """)
    #expect(try Run(["init", "none"], files: files).errors == "portlint: none: there is no such folder\n")
    #expect(
      try Run(["init", "notes.txt"], files: files).errors
        == "portlint: notes.txt: is no folder; a policy is written into one\n")
    let empty = try Run(["init"], files: ["notes.txt": ""]).errors
    #expect(empty.hasPrefix("portlint: .portlint.yaml is written; there is no manifest there yet to hold against it\n"))
    #expect(empty.contains("\n  services:\n    web:\n      image: nginx\n      ports: [\"8080:80\"]\n"))
  }

  // MARK: - test-rules

  @Test func ruleExamplesAreRun() throws {
    let run = try Run(["test-rules"], files: Self.files)
    #expect(run.status == 0)
    #expect(run.output == "1 rule, 2 examples: 0 failures\n")
    let wrong = Self.own.replacingOccurrences(of: "1:35-39", with: "1:35-38")
    let failing = try Run(["test-rules", "own.yaml"], files: Self.files.merging(["own.yaml": wrong]) { $1 })
    #expect(failing.status == 1)
    #expect(
      failing.output == """
        own.yaml:12:5: error: 'own-port' does not do what this example says
          - 1:35-38: 'a' publishes 8080/tcp
          + 1:35-39: 'a' publishes 8080/tcp
        1 rule, 2 examples: 1 failure

        """)
    let broken = try Run(["test-rules", "own.yaml"], files: ["own.yaml": Self.own])
    #expect(broken.status == 2)
    #expect(broken.output.hasPrefix("own.yaml:5:34: error: 'team' is no named range or table"))
    #expect(broken.output.contains("[policy]\n  5 | when:"))
    #expect(try Run(["test-rules"]).status == 2)
    // In a folder, other files are passed over.
    let folder = Self.files.merging(["compose.yaml": "services: {}\n", "deep/own.yaml": Self.own]) { $1 }
    #expect(try Run(["test-rules", "deep"], files: folder).output == "1 rule, 2 examples: 0 failures\n")
    let twice = try Run(["test-rules", "."], files: folder)
    #expect(twice.status == 2)
    #expect(twice.output.hasPrefix("own.yaml:1:5: error: there is a rule 'own-port' already [policy]\n"))
    // The policy is the one that whoever lints that folder has.
    let below = Dictionary(uniqueKeysWithValues: Self.files.map { ("team/\($0)", $1) })
    #expect(try Run(["test-rules", "team"], files: below).output == "1 rule, 2 examples: 0 failures\n")
    #expect(try Run(["test-rules", "none.yaml"]).errors == "portlint: none.yaml: there is no such file\n")
  }

  /// Portlint's own files are run as they are in the binary; changed, they are files of one's own.
  @Test func theExamplesOfPortlintsOwnRulesAreRun() throws {
    let folder = URL(filePath: #filePath).appending(path: "../../../rules").standardizedFileURL
    var files: [String: String] = [:]
    for name in ["yaml-syntax.yaml", "host-port.yaml", "unused-suppression.yaml"] {
      files["rules/\(name)"] = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }
    let run = try Run(["test-rules", "rules"], files: files)
    #expect(run.status == 0)
    #expect(run.output.hasPrefix("3 rules, ") && run.output.hasSuffix(" examples: 0 failures\n"))
    files["rules/host-port.yaml"]? += "# Another.\n"
    let changed = try Run(["test-rules", "rules"], files: files)
    #expect(changed.status == 2)
    #expect(changed.output.hasPrefix("rules/host-port.yaml:1:5: error: there is a rule 'host-port' already [policy]\n"))
  }
}
