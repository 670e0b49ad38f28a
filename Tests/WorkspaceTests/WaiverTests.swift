import PolicyEngine
import PortModel
import SourceText
import Testing
import Workspace

/// What a comment, an annotation, a key, the policy or a baseline keeps from counting.
@Suite struct WaiverTests {
  /// Files, and what is said of them.
  private struct Run {
    let report: Report

    init(_ files: [String: String], baseline: String? = nil, named: Set<String> = [], only: Set<String>? = nil) throws {
      var contents = files.mapValues { Array($0.utf8) }
      var request = PolicyRequest()
      if let baseline {
        contents["baseline.json"] = Array(baseline.utf8)
        request.baseline = .file("baseline.json")
      }
      let written = WrittenFiles(contents)
      let loaded = try PolicyLoader.load(request, files: written)
      let candidates = files.keys.filter { !$0.hasPrefix(".") && only?.contains($0) != false }.sorted()
      report = Workspace(loaded, files: written, workers: 1)
        .lint(candidates.map { Candidate($0, named.contains($0) ? .named : .found) })
    }

    var counting: [String] { report.diagnostics.map(\.rule) }
    var suppressed: [String] { report.suppressed.map { "\($0.diagnostic.rule) by \($0.waiver.kind.rawValue)" } }
  }

  private static let redis = """
    services:
      redis:
        image: redis
        ports: ["6379:6379"]

    """

  @Test func aCommentSilencesItsLineOrTheEntryBelowIt() throws {
    let lines = Self.redis.replacing("\"]\n", with: "\"] # portlint: ignore exposed-service -- for the office\n")
    let line = try Run(["compose.yaml": lines])
    #expect(line.counting == [])
    #expect(line.report.suppressed.first?.waiver.reason == "for the office")
    #expect(line.report.summary.suppressed == 1)
    let above = Self.redis.replacing("  redis:", with: "  # portlint: ignore exposed-service\n\n  # why\n  redis:")
    #expect(try Run(["compose.yaml": above]).counting == [])
    // An item is meant, and not the sequence that begins with it.
    let item = """
      services:
        redis:
          image: redis
          ports:
            # portlint: ignore exposed-service
            - "6379:6379"
            - "6380:6379"

      """
    let run = try Run(["compose.yaml": item])
    #expect(run.suppressed == ["exposed-service by comment"])
    #expect(run.report.diagnostics.map(\.rule) == ["exposed-service"])
    // Above the first key of an object, the object is meant.
    let pod = """
      # portlint: ignore exposed-service -- a lab
      apiVersion: v1
      kind: Pod
      metadata: {name: redis}
      spec: {containers: [{name: redis, image: redis, ports: [{containerPort: 6379, hostPort: 6379}]}]}

      """
    let other = pod.replacing("# portlint: ignore exposed-service -- a lab", with: "---").replacing(
      "6379", with: "11211"
    ).replacing("image: redis", with: "image: memcached")
    #expect(try Run(["pods.yaml": pod + other]).suppressed == ["exposed-service by comment"])
    #expect(try Run(["pods.yaml": pod + other]).counting == ["exposed-service"])
  }

  @Test(
    arguments: [
      (
        "exposed-service for the office",
        "the suppression names 'exposed-service for the office', which is no rule (did you mean 'exposed-service'?)"
      ),
      ("'*'", "the suppression names ''*'', which is no rule"),
      ("", "the suppression names no rule"), ("-- for the office", "the suppression names no rule"),
      ("exposed-servic", "the suppression names 'exposed-servic', which is no rule (did you mean 'exposed-service'?)"),
    ])
  func aSuppressionOfNothingIsSaidToBeOne(_ said: String, _ message: String) throws {
    let run = try Run(["compose.yaml": Self.redis.replacing("\"]\n", with: "\"] # portlint: ignore \(said)\n")])
    #expect(run.report.diagnostics.map(\.message).last == message)
    #expect(run.counting == ["exposed-service", "unused-suppression"])
  }

  @Test(arguments: ["\"\"", "", "{exposed-service: true}", "[[exposed-service]]"])
  func anAnnotationOrAKeyThatNamesNothingIsSaidToBeOne(_ said: String) throws {
    let key = Self.redis.replacing("image: redis", with: "image: redis\n    x-portlint-ignore: \(said)")
    let run = try Run(["compose.yaml": key])
    #expect(run.report.diagnostics.map(\.message).first == "the suppression names no rule")
    #expect(run.counting == ["unused-suppression", "exposed-service"])
  }

  @Test func whatLooksLikeACommentInsideAScalarIsNone() throws {
    let text = Self.redis.replacing(
      "image: redis", with: "image: redis\n    command: 'x # portlint: ignore-file exposed-service'")
    #expect(try Run(["compose.yaml": text]).counting == ["exposed-service"])
  }

  @Test(arguments: [
    ("disable port-conflict", "disable", "# portlint: ignore port-conflict -- reason"),
    ("disable=exposed-service,port-conflict", "disable", "# portlint: ignore exposed-service, port-conflict -- reason"),
    ("disable-file: every-address since it is old", "disable-file", "# portlint: ignore-file every-address -- reason"),
    ("ignore: exposed-service", "ignore:", "# portlint: ignore exposed-service -- reason"),
    ("ignore[exposed-service]", "ignore[exposed-service]", "# portlint: ignore exposed-service -- reason"),
    ("noqa", "noqa", "# portlint: ignore RULE -- reason"), ("!!", "!!", "# portlint: ignore RULE -- reason"),
    ("ingore exposed-service", "ingore", "# portlint: ignore exposed-service -- reason"),
  ])
  func theWordsOfOtherToolsAreTranslated(_ said: String, _ word: String, _ meant: String) throws {
    let run = try Run(["compose.yaml": Self.redis.replacing("\"]\n", with: "\"] # portlint: \(said)\n")])
    let finding = try #require(run.report.diagnostics.first { $0.rule == "unused-suppression" })
    #expect(finding.message.hasPrefix("'\(word)' is nothing that portlint knows in a comment"))
    #expect(finding.help.hasPrefix("write '\(meant)'"))
    #expect(Int(finding.place.end) - Int(finding.place.start) == word.utf8.count)
  }

  @Test func whatARequiredRuleSaysNothingSilences() throws {
    let broken = "# portlint: ignore-file yaml-syntax\nservices: {}\n---\nc: ]"
    let run = try Run(["compose.yaml": broken])
    #expect(run.counting == ["unused-suppression", "yaml-syntax"])
    #expect(run.report.diagnostics.first?.message == "what 'yaml-syntax' says cannot be silenced")
    // What is said of every rule is said of those that may be turned off.
    for setting in ["info", "off", "{severity: info, except: [{file: '*', reason: known}]}"] {
      let soft = try Run([".portlint.yaml": "rules: {'*': \(setting)}", "compose.yaml": "services: ["])
      #expect(soft.counting.contains("yaml-syntax") && soft.suppressed == [], "\(setting)")
      #expect(soft.report.diagnostics.first { $0.rule == "yaml-syntax" }?.severity == .error, "\(setting)")
    }
    let finding = run.report.diagnostics[1]
    let baseline = """
      {"version": 1, "findings": [{"fingerprint": "\(finding.fingerprint)", "rule": "yaml-syntax", "message": "m"}]}
      """
    let known = try Run(["compose.yaml": broken], baseline: baseline)
    #expect(known.counting.sorted() == ["unused-suppression", "unused-suppression", "yaml-syntax"])
    #expect(known.suppressed == [])
  }

  @Test func whatIsFoundAtTheEndOfAFileIsSilencedToo() throws {
    let text = "services:\n  a:\n    image: a\n    ports:\n      -"
    #expect(try Run(["compose.yaml": text]).counting == ["invalid-port"])
    let file = try Run(["compose.yaml": "# portlint: ignore-file invalid-port\n" + text])
    #expect(file.suppressed == ["invalid-port by comment"])
    #expect(file.counting == [])
    let entry = try Run([
      "compose.yaml": text.replacing("    ports", with: "    # portlint: ignore invalid-port\n    ports")
    ])
    #expect(entry.counting == [])
    #expect(try Run(["compose.yaml": text + " # portlint: ignore invalid-port"]).counting == [])
  }

  @Test func aConflictIsSilencedAtEitherSide() throws {
    let text = """
      services:
        a:
          image: a
          ports: ["8080:80"]FIRST
        b:
          image: b
          ports: ["8080:80"]SECOND

      """
    let comment = " # portlint: ignore port-conflict"
    for (first, second) in [(comment, ""), ("", comment)] {
      let written = text.replacing("FIRST", with: first).replacing("SECOND", with: second)
      let run = try Run(["compose.yaml": written])
      #expect(run.counting == [])
      #expect(run.suppressed == ["port-conflict by comment"])
    }
  }

  @Test func anAnnotationAndAKeySilenceTheirObject() throws {
    let pod = """
      apiVersion: v1
      kind: Pod
      metadata: {name: redis, annotations: {portlint/ignore: "exposed-service -- a lab"}}
      spec: {containers: [{name: redis, image: redis, ports: [{containerPort: 6379, hostPort: 6379}]}]}

      """
    #expect(try Run(["pod.yaml": pod]).suppressed == ["exposed-service by annotation"])
    let key = Self.redis.replacing("image: redis", with: "image: redis\n    x-portlint-ignore: [exposed-service]")
    #expect(try Run(["compose.yaml": key]).suppressed == ["exposed-service by key"])
  }

  @Test func aKeyThatIsMergedSilencesEachServiceItIsMergedInto() throws {
    let text = """
      x-common: &common
        image: redis
        x-portlint-ignore: exposed-service, exposed-servic, port-conflict
      services:
        a: {<<: *common, ports: ["6379:6379"]}
        b: {<<: *common, ports: ["6380:6379"]}
        c: {<<: *common}

      """
    let run = try Run(["compose.yaml": text])
    #expect(run.suppressed == ["exposed-service by key", "exposed-service by key"])
    #expect(
      run.report.diagnostics.map(\.message) == [
        "the suppression names 'exposed-servic', which is no rule (did you mean 'exposed-service'?)",
        "the suppression of 'port-conflict' silences nothing",
      ])
  }

  @Test func anExceptionMatchesWhatIsGivenAndNothingElse() throws {
    func policy(_ exception: String) -> String {
      "rules: {exposed-service: {except: [{\(exception), reason: known}]}}"
    }
    for exception in [
      "owner: redis", "owner: 'r*'", "file: compose.yaml", "port: 6000-6999", "protocol: tcp",
      "owner: redis, port: 6379", "file: '**/compose.yaml'",
    ] {
      let run = try Run([".portlint.yaml": policy(exception), "compose.yaml": Self.redis])
      #expect(run.suppressed == ["exposed-service by except"], "\(exception)")
    }
    for exception in [
      "owner: web", "namespace: shop", "file: other.yaml", "port: 80", "protocol: udp", "owner: redis, port: 80",
    ] {
      let run = try Run([".portlint.yaml": policy(exception), "compose.yaml": Self.redis])
      #expect(run.counting == ["unused-suppression", "exposed-service"], "\(exception)")
    }
  }

  @Test func aBaselineLetsPassWhatItKnowsWhereverItMoved() throws {
    let first = try Run(["compose.yaml": Self.redis])
    let entries = first.report.diagnostics.map { "{\"fingerprint\": \"\($0.fingerprint)\", \"rule\": \"\($0.rule)\"}" }
    let baseline = "{\"version\": 1, \"findings\": [\(entries.joined(separator: ", "))]}"
    let moved = "# moved\n\n" + Self.redis.replacing("6379:6379\"", with: "6379:6379\", \"16379:6379\"")
    #expect(
      try Run(["compose.yaml": "# moved\n" + Self.redis], baseline: baseline).suppressed == [
        "exposed-service by baseline"
      ])
    #expect(try Run(["compose.yaml": moved], baseline: baseline).counting == ["exposed-service"])
    let gone = try Run(["compose.yaml": "services: {web: {image: nginx}}\n"], baseline: baseline)
    #expect(gone.counting == ["unused-suppression"])
    #expect(gone.report.diagnostics.first?.place.start == 45)
    let unknown = baseline.replacing("exposed-service", with: "exposed-services")
    #expect(try Run(["compose.yaml": "services: {}\n"], baseline: unknown).counting == ["unused-suppression"])
    #expect(
      try Run([".portlint.yaml": "extends: none", "compose.yaml": "services: {}\n"], baseline: baseline).counting == [])
    // A named file is not the whole that a baseline speaks of.
    let named = try Run(
      ["compose.yaml": "services: {web: {image: nginx}}\n"], baseline: baseline, named: ["compose.yaml"])
    #expect(named.counting == [])
  }

  @Test func findingsAlikeAreNumberedInTheOrderOfTheText() throws {
    let run = try Run(["compose.yaml": "services: {web: {image: web, ports: ['70000:80', '70000:80', '70000:80']}}"])
    let places = run.report.diagnostics.map(\.place.start)
    #expect(places == places.sorted() && places.count == 3)
    let first = run.report.diagnostics[0].fingerprint.description
    #expect(first.wholeMatch(of: /[0-9a-f]{16}/) != nil)
    #expect(run.report.diagnostics.map(\.fingerprint.description) == [first, first + "-2", first + "-3"])
  }

  @Test func theSameFindingOfAnotherFileIsAnother() throws {
    let text = "services: {web: {image: web, ports: ['70000:80']}}"
    let run = try Run(["a/compose.yaml": text, "b/compose.yaml": text])
    let fingerprints = run.report.diagnostics.map(\.fingerprint.description)
    #expect(Set(fingerprints).count == 2)
    #expect(fingerprints.allSatisfy { $0.count == 16 })
  }

  @Test func aBaselineThatIsNoneEndsTheRun() throws {
    for text in [
      "[", "{}", "{\"version\": 2, \"findings\": []}", "{\"version\": 1, \"findings\": [{\"rule\": \"x\"}]}",
    ] {
      let run = try Run(["compose.yaml": Self.redis], baseline: text)
      #expect(run.counting == ["policy"], "\(text)")
      #expect(!run.report.isComplete)
    }
  }

  @Test func aSuppressionOfARuleThatIsOffWaits() throws {
    let text = Self.redis.replacing("\"]\n", with: "\"] # portlint: ignore every-address, exposed-service\n")
    #expect(try Run(["compose.yaml": text]).counting == [])
    #expect(try Run([".portlint.yaml": "extends: none", "compose.yaml": text]).counting == [])
  }

  @Test func aNamedFileMayNeedASuppressionForWhatIsNotInView() throws {
    let text = Self.redis.replacing("6379:6379\"]", with: "127.0.0.1:6379:6379\"] # portlint: ignore exposed-service")
    #expect(try Run(["compose.yaml": text]).counting == ["unused-suppression"])
    #expect(try Run(["compose.yaml": text], named: ["compose.yaml"]).counting == [])
  }

  @Test func whatAnIncludedFileSilencesHoldsWhoeverIncludesIt() throws {
    let files = [
      "compose.yaml": "include: [other/redis.yaml]\n",
      "other/redis.yaml": Self.redis.replacing("\"]\n", with: "\"] # portlint: ignore exposed-service\n"),
    ]
    #expect(try Run(files).counting == [])
    let named = try Run(files, named: ["compose.yaml"], only: ["compose.yaml"])
    #expect(named.suppressed == ["exposed-service by comment"])
  }
}
