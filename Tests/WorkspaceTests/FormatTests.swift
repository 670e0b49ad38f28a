import Foundation
import ManifestFormats
import PolicyEngine
import PortModel
import SourceText
import Testing
import Workspace

/// The formats that are data: portlint's own, and a team's.
@Suite struct FormatTests {
  static let folder = ExampleTests.folder.deletingLastPathComponent().appending(path: "rules/formats")

  static let names: [String] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { $0.hasSuffix(".yaml") }.sorted()
  }()

  private static func source(_ name: String) throws -> SourceFile {
    SourceFile(id: FileID(0), path: name, contents: Array(try Data(contentsOf: folder.appending(path: name))))
  }

  @Test(arguments: names)
  func theExamplesOfAFormatHold(_ name: String) throws {
    let test = try #require(LoadedPolicy.recommended().tests(of: [Self.source(name)]).first)
    #expect(test.problems.map(\.message) == [])
    let failures = test.failures.map { failure in
      if case .differs(let lines) = failure.kind {
        lines.map(\.description).joined(separator: "\n")
      } else {
        "\(failure)"
      }
    }
    #expect(failures == [])
    let examples = try decodeFormatExamples(Self.source(name)).examples
    #expect(examples.count { $0.manifests.fails } >= 3)
    #expect(examples.count { !$0.manifests.fails } >= 3)
  }

  /// What the build made of a file is what the file says.
  @Test func whatIsBuiltIsWhatIsWritten() throws {
    #expect(FormatTable.builtIn.formats.map(\.id) == Self.names.map { String($0.dropLast(5)) })
    for built in FormatTable.builtIn.formats {
      let written = try #require(decodeFormat(Self.source("\(built.id).yaml")).format)
      #expect(String(reflecting: built.definition()) == String(reflecting: written))
      #expect(String(reflecting: built.recognition) == String(reflecting: written.recognition))
    }
  }

  /// Rules of portlint's own know the formats that are code, so that a format is one file.
  @Test func builtInRulesNameNoDeclaredFormat() throws {
    for file in BuiltIn.ruleFiles {
      let source = SourceFile(id: .none, path: file.name, contents: Array(file.text.utf8))
      #expect(decodeRule(source, knownFormats: Set(Format.coded.map(\.id))).problems == [])
    }
  }

  /// Comments of JSON are read as YAML's are, and what is reported stands where it is written.
  @Test func commentsOfJSONAreHeeded() throws {
    let text = #"""
      {
        "name": "// none, \" /* nor this",
        "appPort": [80800], // portlint: ignore invalid-port -- a comment speaks to portlint
        /* "appPort": 1, é
        */ "forwardPorts": [3000, 99999,], // "forwardPorts": [0]
      }
      """#
    #expect(
      try said(run(["devcontainer.json": text])) == [
        "devcontainer.json:5:29: development container '// none, \" /* nor this' has the port '99999', which is not in 1-65535 [invalid-port]"
      ])
  }

  @Test func aDraftOfAFormatIsOne() throws {
    let text = """
      gateway:
        listeners:
          orders: {listen: "0.0.0.0:8443", upstream: "http://orders:8080/", "a.b": {tcp_port: 81}}
          admin: {listen: "127.0.0.1:8444"}
        published: {ports: ["8080:80", "9090:90"]}
        timeout: 30
        version: "1:2"
      """
    let file = SourceFile(id: FileID(0), path: "gateway.yaml", contents: Array(text.utf8))
    let draft = try #require(FormatDraft(of: file, id: "acme-gateway"))
    let written = SourceFile(id: FileID(0), path: "f.yaml", contents: Array(draft.text.utf8))
    let (format, problems) = decodeFormat(written)
    #expect(problems.map(\.message) == [])
    #expect(
      format?.claims.map(\.path.description) == [
        "gateway.listeners.{name}.listen", "gateway.listeners.orders.\"a.b\".tcp_port", "gateway.published.ports[]",
      ])
    #expect(format?.references.map(\.path.description) == ["gateway.listeners.orders.upstream"])
    #expect(FormatDraft(of: SourceFile(id: FileID(0), path: "a.yaml", contents: Array("a: b".utf8)), id: "a") == nil)
    let report = try run([
      ".portlint.yaml": "formats: [policy/f.yaml]", "policy/f.yaml": draft.text, "gateway.yaml": text,
    ])
    #expect(report.rows.count == 5)
  }

  // MARK: A team's own

  private static let gateway = """
    format: acme-gateway
    summary: listeners of the gateway
    recognise: [{keys: [gateway], files: ["gateways/*.yaml"]}]
    unresolved: ["<*>"]
    claims:
      - at: gateway.listeners[]
        owner: {kind: listener, at: "gateway.listeners[]", named-by: name}
        role: publish
        scope: host
        model: linux
        port: bind.port
        address: {path: bind.address, default: 127.0.0.1}
    passes:
      - files: {gateways/a.yaml: "gateway: {listeners: [{name: a, bind: {port: 80}}]}"}
        rows: ["1:46-48 listener 'a' publish 127.0.0.1 80/tcp"]
    fails:
      - files: {gateways/a.yaml: "gateway: {listeners: [{name: a, bind: {port: 0}}]}"}
        findings: [{at: "1:46-47", rule: invalid-port, message: "listener 'a' has port 0 in port, which the runtime refuses"}]
    """

  private static let manifest = """
    gateway:
      listeners:
        - {name: public, bind: {port: 8443, address: 0.0.0.0}}
        - {name: admin, bind: {port: "8443"}}
        - {name: later, bind: {port: <port>}}
    """

  func run(_ files: [String: String]) throws -> Report {
    let written = WrittenFiles(files.mapValues { Array($0.utf8) })
    let policy = try PolicyLoader.load(PolicyRequest(), files: written)
    let candidates = files.keys.filter { !$0.hasPrefix(".") && !$0.hasPrefix("policy/") }.sorted()
    return Workspace(policy, files: written, workers: 1).lint(candidates.map { Candidate($0, .found) })
  }

  func said(_ report: Report) -> [String] {
    report.diagnostics.map { finding in
      let file = report.files[finding.place.file]
      let place = LineTable(of: file?.bytes ?? []).position(of: Int(finding.place.start))
      return "\(file?.path ?? ""):\(place.line):\(place.column): \(finding.message) [\(finding.rule)]"
    }
  }

  /// Where a format's keys are of any case, so are the words by which its files are found, in manifests too.
  @Test(arguments: [
    "entrypoints: {A: {address: ", "ENTRYPOINTS: {A: {ADDRESS: ", "\"EntryPoints\": {A: {\"aDDress\": ",
  ])
  func keysOfAnyCaseAreFound(_ text: String) throws {
    let files = [
      "a.yaml": "\(text)':808001'}}\n",
      "b.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  a.yml: |\n    \(text)':808002'}}\n",
    ]
    let report = try run(files)
    #expect(
      report.diagnostics.map(\.message) == [
        "entry point 'A' has the port '808001', which is not in 1-65535",
        "entry point 'A' has the port '808002', which is not in 1-65535",
      ])
  }

  @Test func aPolicyAddsAFormat() throws {
    let report = try run([
      ".portlint.yaml": "formats: [\"policy/formats/*.yaml\"]", "policy/formats/gateway.yaml": Self.gateway,
      "gateways/one.yaml": Self.manifest, "other.yaml": Self.manifest,
    ])
    #expect(
      said(report) == [
        "gateways/one.yaml:4:35: listener 'admin' binds 8443/tcp on 127.0.0.1, and listener 'public' on 0.0.0.0 [port-conflict]"
      ])
    #expect(report.inventory.owners.map(\.format.id) == ["acme-gateway", "acme-gateway", "acme-gateway"])
    #expect(report.inventory.bindings.map { $0.port == .unresolved } == [false, false, true])
    #expect(report.summary.documents == 1)
  }

  @Test func withoutThePolicyNothingIsRead() throws {
    #expect(try run(["gateways/one.yaml": Self.manifest]).summary.documents == 0)
  }

  @Test func aRuleOfOnesOwnMayNameTheFormat() throws {
    func rule(_ format: String) -> String {
      """
      id: gateway-ports
      family: ranges
      severity: warning
      summary: a listener below 9000
      when: {format: \(format), port: {not-in: 9000-9999}}
      message: "{owner} has {port}"
      help: take one from 9000 on
      """
    }
    func files(_ format: String) -> [String: String] {
      [
        ".portlint.yaml": "formats: [\"policy/gateway.yaml\"]\nrule-files: [\"policy/rule.yaml\"]",
        "policy/gateway.yaml": Self.gateway, "policy/rule.yaml": rule(format),
        "gateways/one.yaml": "gateway: {listeners: [{name: a, bind: {port: 80}}]}",
      ]
    }
    #expect(
      try said(run(files("acme-gateway"))).contains("gateways/one.yaml:1:46: listener 'a' has 80 [gateway-ports]"))
    #expect(
      try said(run(files("acme-gatway"))) == [
        "policy/rule.yaml:5:16: 'acme-gatway' is no format, did you mean 'acme-gateway'? [policy]"
      ])
  }

  @Test(arguments: [
    (
      "formats: policy/*.yml", "policy/gateway.yaml", gateway,
      [".portlint.yaml:1:10: no file matches 'policy/*.yml' [policy]"]
    ),
    (
      "formats: policy/*.yaml", "policy/gateway.yaml", gateway.replacing("acme-gateway", with: "kind"),
      ["policy/gateway.yaml:1:9: there is a format 'kind' already [policy]"]
    ),
    (
      "formats: policy/*.yaml", "policy/gateway.yaml", gateway.replacing("role:", with: "rolle:"),
      ["policy/gateway.yaml:8:5: unknown key 'rolle', did you mean 'role'? [policy]"]
    ),
    ("formats: {}", "policy/gateway.yaml", gateway, [".portlint.yaml:1:10: expected text or a list of texts [policy]"]),
  ])
  func aBrokenFormatIsSaid(_ policy: String, _ path: String, _ format: String, _ expected: [String]) throws {
    #expect(try said(run([".portlint.yaml": policy, path: format, "gateways/one.yaml": Self.manifest])) == expected)
  }

  @Test func aPolicyNamesSoManyFormatsAndNoMore() throws {
    var files = [".portlint.yaml": "formats: policy/*.yaml", "gateways/one.yaml": Self.manifest]
    for number in 100..<200 {
      files["policy/\(number).yaml"] = Self.gateway.replacing("format: acme-gateway", with: "format: acme-\(number)")
    }
    #expect(try run(files).diagnostics.map(\.rule) == ["port-conflict"])
    files["policy/200.yaml"] = Self.gateway
    #expect(
      try said(run(files)) == [
        "policy/200.yaml:1:1: a policy names at most 100 formats; this and those behind it are left out [policy]"
      ])
  }

  @Test func theExamplesOfOnesOwnFormatAreRun() throws {
    func test(_ text: String) throws -> RuleTest {
      let file = SourceFile(id: FileID(0), path: "gateway.yaml", contents: Array(text.utf8))
      return try #require(LoadedPolicy.recommended().tests(of: [file]).first)
    }
    let sound = try test(Self.gateway)
    #expect(sound.failures.map { "\($0.kind)" } == [])
    #expect(sound.examples == 2)
    #expect(try test(Self.gateway.replacing("1:46-48", with: "1:47-48")).failures.count == 1)
    #expect(
      try test(Self.gateway.components(separatedBy: "fails:")[0]).failures.contains { failure in
        if case .lacks("fails") = failure.kind { true } else { false }
      })
  }

  // MARK: Files

  /// What has no word but a declared format's may be anything: that it is broken is said only where its path says more.
  @Test(arguments: [
    ("a.yaml", "jobs: [1", []), ("a.yaml", "scrape_configs: {{ x }} y", []), ("a.yaml", "entryPoints: [1", []),
    ("a.yaml", "b:\n  jobs: [ports", []), ("a.yaml", "jobs: [ports", ["yaml-syntax"]),
    ("a.yaml", "scrape_configs: [{targets: [a]}]\nz: [1", ["yaml-syntax"]),
    ("a.json", "{\n  \"scrape_configs\": [{\"targets\": [a]", ["yaml-syntax"]),
    ("a.yaml", "scrape_configs: [{targets: [a]}]\nz: &z [*z]", ["yaml-syntax"]),
    (".github/workflows/a.yml", "jobs: [ports", ["yaml-syntax"]), (".github/workflows/a.yml", "jobs: [1", []),
    ("a.yaml", "on: push\njobs: {a: {}}\n---\nports: [1", ["yaml-syntax"]),
    ("a.yaml", "jobs: [1 # services", ["yaml-syntax"]),
  ])
  func aBrokenFileIsNobodys(_ path: String, _ text: String, _ expected: [String]) throws {
    #expect(try run([path: text]).diagnostics.map(\.rule) == (path.hasPrefix(".") ? [] : expected))
    let written = WrittenFiles([path: Array(text.utf8)])
    let report = Workspace(LoadedPolicy.recommended(), files: written, workers: 1).lint([Candidate(path, .found)])
    #expect(report.diagnostics.map(\.rule) == expected)
  }

  /// Each format is found by its words alone, escaped as they may be.
  @Test(arguments: [
    ("on: a\njobs: {a: {ports: b}}", "github-actions"), (#"{"on": 1, "\u006aobs": {"a": 1}}"#, "github-actions"),
    ("scrape_configs: [{targets: b}]", "prometheus"), ("entryPoints: {a: {address: b}}", "traefik"),
    ("entrypoints: {a: {address: b}}", "traefik"),
    ("apiVersion: kind.x-k8s.io/v1alpha4\nkind: Cluster", "kind"),
  ])
  func theSieveLetsFormatsThrough(_ text: String, _ format: String) throws {
    #expect(try run(["a.yaml": text]).summary.documents == 1, "\(format)")
  }

  /// Where no port can stand, for none of the keys that lead to one is there, nothing is read but what was named.
  @Test(arguments: [
    ("on: push\njobs: {a: {steps: [b]}}", 0), ("on: push\njobs: {a: {steps: [reports]}}", 1),
    ("scrape_configs: [{job_name: a}]", 0), ("scrape_configs: [{file_sd_configs: [{targets: a}]}]", 1),
  ])
  func aDocumentWithoutPlacesOfPortsIsPassedOver(_ text: String, _ documents: Int) throws {
    let files = WrittenFiles(["a.yaml": Array(text.utf8)])
    let workspace = Workspace(LoadedPolicy.recommended(), files: files, workers: 1)
    #expect(workspace.lint([Candidate("a.yaml", .found)]).summary.documents == documents)
    #expect(workspace.lint([Candidate("a.yaml", .named)]).summary.documents == 1)
  }

  /// What is told by a neighbour is of no format without it, however it is named.
  @Test(arguments: [
    ("chart/Chart.yaml", 1), ("Chart.yaml", 0), ("chart/chart.yaml", 0), ("chart/templates/Chart.yaml", 0),
  ])
  func aChartTellsItsValues(_ chart: String, _ documents: Int) {
    let texts = [chart: "name: web", "chart/values.yaml": "service: {port: 80}", "chart/a.yaml": "service: {port: 1}"]
    let files = WrittenFiles(texts.mapValues { Array($0.utf8) })
    let workspace = Workspace(LoadedPolicy.recommended(), files: files, workers: 1)
    for origin in [Candidate.Origin.found, .named] {
      let candidates = ["chart/a.yaml", "chart/values.yaml"].map { Candidate($0, origin) }
      #expect(workspace.lint(candidates).summary.documents == documents)
    }
  }

  /// What has words of a format, and something else in their places, is of no format.
  @Test(arguments: [
    "entryPoints: [src/index.js]", "entryPoints: {main: src/index.js}", "entryPoints: {address: src/a.js}",
    "scrape_configs: {}", "positions: {}\nclients: []\nscrape_configs: [{}]",
    "server: {}\nscrape_configs: [{}]", "receivers: [{name: a}]\nalerting: {alertmanagers: [{}]}",
    "on: push\njobs: [{deployment: a}]", "jobs: {build: {docker: [{image: a}]}}\nworkflows: {}", "jobs: {a: {}}",
    "kind: Cluster\nnodes: [{extraPortMappings: [{hostPort: 80}]}]",
  ])
  func lookAlikesAreOfNoFormat(_ text: String) throws {
    #expect(try run(["a.yaml": text]).summary.documents == 0)
  }

  /// A word that two formats are told by lets through what one of them finds ports in.
  @Test func aWordMayBeOfSeveralFormats() throws {
    func format(_ id: String, _ key: String) -> String {
      """
      format: \(id)
      summary: gates
      recognise: [{keys: "gateways[].\(key)"}]
      references: [{at: "gateways[].\(key)", grammar: port, called: a gate}]
      """
    }
    let report = try run([
      ".portlint.yaml": "formats: [\"policy/*.yaml\"]", "policy/a.yaml": format("a", "door"),
      "policy/b.yaml": format("b", "gate"), "one.yaml": "gateways: [{gate: 0}]", "two.yaml": "gateways: [{door: 0}]",
    ])
    #expect(report.diagnostics.map(\.rule) == ["invalid-port", "invalid-port"])
  }

  /// Where a word is common, the file's name lets it through, or nothing.
  @Test(arguments: [
    ("src/application.yml", 1), ("application-dev.yaml", 1), ("settings.yml", 0), ("application.json", 0),
  ])
  func aCommonWordNeedsTheFilesName(_ path: String, _ documents: Int) throws {
    #expect(try run([path: "server: {port: 8080}"]).summary.documents == documents)
    #expect(try run([path: "server: {port: @port@}"]).diagnostics.map(\.rule) == [])
  }

  private static let switchboard = """
    format: acme-switchboard
    summary: lines
    recognise: [{keys: "lines.*"}]
    defaulted: ["${*:-*}", "<*|*>"]
    claims:
      - at: lines.{line}
        owner: {kind: line, name: "{line}"}
        role: listen
        scope: host
        model: linux
        when: {"{line}": ["tcp*"], "lines.{line}.kind": [web, api]}
        unless: {"lines.{line}.off": "true"}
        used-by: [started.*, "also[]"]
        entry: {path: at.listen, grammar: address-port, default: "localhost:4317", protocol: udp}
    """

  @Test(arguments: [
    ("lines: {tcp: {kind: web, at: {listen: \"0.0.0.0:80\"}}}", ["1:48 80/udp"]),
    ("lines: {tcp: {kind: web, at: {listen: \"0.0.0.0:<a|8${B:-0}>\"}}}", ["1:51 80/udp"]),
    ("lines: {tcp: {kind: web, at: {listen: \"${HOST}:80\"}}}", ["1:48 80/udp"]),
    ("lines: {tcp: {kind: web, at: {listen: \"a:${PORT}\"}}}", ["1:40 ?"]),
    ("lines: {tcp: {kind: web, at: {listen: \"a:${PORT:-\"}}}", ["1:40 ?"]),
    ("lines: {tcp: {kind: web, at: {listen: /run/a.sock}}}", []),
    ("lines: {tcp: {kind: web, at: {listen: \"unix:///run/a.sock\"}}}", []),
    ("lines: {tcp: {kind: web}}", ["1:9 4317/udp"]), ("lines: {tcp: {kind: api, at: }}", ["1:9 4317/udp"]),
    ("lines: {tcp: {kind: mail}}", []), ("lines: {tcp: {kind: \"${KIND}\"}}", []), ("lines: {tcp: {}}", []),
    ("lines: {tcp: {kind: \"<K|web>\"}}", ["1:9 4317/udp"]), ("lines: {udp: {kind: web}}", []),
    ("lines: {tcp: {kind: web, off: true}}", []), ("lines: {tcp: {kind: web, off: \"${OFF}\"}}", ["1:9 ?"]),
    ("lines: {tcp: {kind: web, off: \"${OFF:-false}\"}}", ["1:9 4317/udp"]),
    ("lines: {tcp: {kind: web, off: !Ref Off}}", ["1:9 ?"]),
  ])
  func whatCountsIsClaimed(_ text: String, _ expected: [String]) throws {
    func claims(_ more: String) throws -> [String] {
      let report = try run([
        ".portlint.yaml": "formats: policy/lines.yaml", "policy/lines.yaml": Self.switchboard,
        "a.yaml": "\(text)\n\(more)",
      ])
      #expect(said(report) == [])
      return report.inventory.bindings.map { binding in
        let file = report.files[binding.place.file]
        let place = LineTable(of: file?.bytes ?? []).position(of: Int(binding.place.start))
        let port = binding.fixedPorts.map { "\($0.first)/\(binding.transport?.name ?? "?")" } ?? "?"
        return "\(place.line):\(place.column) \(port)"
      }
    }
    #expect(try claims("started: {a: tcp}") == expected)
    #expect(try claims("started: {a: udp}\nalso: [tcp]") == expected)
    #expect(try claims("started: {a: udp}") == [])
    #expect(try claims("also: $LINES") == expected.map { String($0.prefix { $0 != " " }) + " ?" })
  }

  private static let doors = """
    format: acme-doors
    summary: doors
    recognise: [{keys: "[].**.door"}, {keys: doors.*, when: {house.kind: [flat, "villa*"]}}]
    calls: [Get, "Fn::*"]
    parameters: [{by: ["!Ref", Ref], values: "names.*.is"}, {by: "<the *>", values: others.*}]
    owner: {kind: door, name: here}
    claims:
      - {at: ["**.door", "doors.*"], role: listen, scope: host, model: linux, port: port, address: on}
    """

  @Test(arguments: [
    ("- a: [{door: {port: 80}}]", ["80"]), ("[]", []), ("- {port: 80}", []), ("doors: {a: {port: 80}}", []),
    ("house: {kind: flat}\ndoors: {a: {port: 80}}", ["80"]), ("house: {kind: tent}\ndoors: {a: {port: 80}}", []),
    ("house: {kind: villas}\ndoors: {a: {port: !Ref p}}\nnames: {p: {is: 81}}", ["81"]),
    ("house: {kind: flat}\ndoors: {a: {port: {Ref: p}, on: {Ref: q}}}\nnames: {p: {is: 81}}", ["81"]),
    ("house: {kind: flat}\ndoors: {a: {port: {Ref: p}}}\nnames: {q: {is: 81}}", []),
    ("house: {kind: flat}\ndoors: {a: {port: !Ref p}}\nnames: {p: {}}", ["?"]),
    ("house: {kind: flat}\ndoors: {a: {port: <the p>}}\nothers: {p: 82}", ["82"]),
    ("house: {kind: flat}\ndoors: {a: {port: <the p>}}\nothers: {p: !Ref r}\nnames: {r: {is: 83}}", ["83"]),
    ("house: {kind: flat}\ndoors: {a: {port: {Get: p}}, b: {port: {\"Fn::If\": [a, 80]}}}", ["?", "?"]),
  ])
  func valuesMayStandElsewhere(_ text: String, _ expected: [String]) throws {
    let report = try run([
      ".portlint.yaml": "formats: policy/doors.yaml", "policy/doors.yaml": Self.doors, "a.yaml": text,
    ])
    #expect(report.inventory.bindings.map { $0.fixedPorts.map { "\($0.first)" } ?? "?" } == expected)
    #expect(said(report).count == (text.contains("q: {is") ? 1 : 0))
  }

  /// Placeholders may nest as deep as they like.
  @Test func defaultsMayNest() throws {
    let text = String(repeating: "${A:-", count: 20_000) + "80" + String(repeating: "}", count: 20_000)
    let report = try run([
      ".portlint.yaml": "formats: policy/lines.yaml", "policy/lines.yaml": Self.switchboard,
      "a.yaml": "lines: {tcp: {kind: web, at: {listen: \":\(text)\"}}}\nalso: [tcp]",
    ])
    #expect(report.inventory.bindings.map { $0.fixedPorts?.first } == [80])
  }

  /// Of kinds that hold no port, a format may say otherwise.
  @Test func aFormatOfAPortlessKindIsRead() throws {
    let format = """
      format: acme-settings
      summary: settings
      recognise: [{apiVersion: v1, kind: ConfigMap, keys: data.ports.http}]
      owner: {kind: settings, named-by: metadata.name}
      claims: [{at: data.ports, role: listen, scope: host, model: linux, port: http}]
      """
    let manifest = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata:\n  ports: {http: 80}\n"
    let other = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: other}\ndata:\n  a: b\n"
    let report = try run([
      ".portlint.yaml": "formats: policy/settings.yaml", "policy/settings.yaml": format,
      "a.yaml": "\(other)---\n\(manifest)",
    ])
    #expect(report.inventory.owners.map(\.phrase) == ["settings 'web'"])
    #expect(report.inventory.owners.map(\.format.id) == ["acme-settings"])
    #expect(report.summary.documents == 2)
  }

  /// A document with an `apiVersion` and no `kind` is no object, and may be of a format all the same.
  @Test func aVersionAloneIsNoObject() throws {
    let format = """
      format: acme-sources
      summary: data sources
      recognise: [{apiVersion: "1", keys: "datasources[]"}, {kind: pipeline, keys: steps}]
      references: [{at: ["datasources[].port", steps.port], grammar: port, called: a data source}]
      """
    let report = try run([
      ".portlint.yaml": "formats: policy/sources.yaml", "policy/sources.yaml": format,
      "a.yaml": "apiVersion: 1\ndatasources: [{port: 0}]", "b.yaml": "kind: pipeline\nsteps: {port: 0}",
      "c.yaml": "kind: pipe\nsteps: {port: 0}",
    ])
    #expect(
      said(report) == [
        "a.yaml:2:22: file 'a.yaml' has port 0 in a data source, which the runtime refuses [invalid-port]",
        "b.yaml:2:15: file 'b.yaml' has port 0 in a data source, which the runtime refuses [invalid-port]",
      ])
  }

  /// Nobody outside reaches a runner that lives for one job: who may reach a port, and whose it is, is asked of others.
  @Test func aJobsPortsAreNobodysElse() throws {
    let text = """
      on: push
      jobs:
        a:
          services:
            db: {image: postgres, ports: ["5432:5432", "40000:80", "6000:80", "23:23"]}
      """
    let report = try run([
      ".portlint.yaml": "extends: strict\nallocations: [{ports: 5432, owner: payments}]", "a.yaml": text,
    ])
    #expect(said(report) == [])
    #expect(report.rows.count == 4)
  }

  /// An alias says much in few bytes: a file of it claims no more, and points at no more, than others may.
  @Test(arguments: ["db: {image: a, ports: *p}", "db: {image: a, ports: *b}"])
  func aliasesHaveAnEnd(_ service: String) throws {
    let ports = (0..<300).map { _ in "80" }.joined(separator: ", ")
    let broken = (0..<300).map { _ in "a" }.joined(separator: ", ")
    let services = (0..<300).map { "s\($0): *s" }.joined(separator: ", ")
    let text = """
      on: push
      x: [&p [\(ports)], &b [\(broken)], &s {image: a, ports: \(service.contains("*p") ? "*p" : "*b")}]
      jobs: {a: {services: {\(services)}}, b: {services: {\(services)}}}
      """
    let report = try run(["a.yaml": text])
    #expect(report.rows.count <= 65_536 + text.utf8.count / 24)
    #expect(report.inventory.owners.count <= 1_200)
    #expect(report.diagnostics.contains { $0.rule == "limit-exceeded" || $0.rule == "invalid-port" })
  }

  /// Keys may be of any letters, as JSON's writers escape them.
  @Test(arguments: ["größe: {tür: 0}", #"{"gr\u00f6\u00dfe": {"t\u00fcr": 0}}"#])
  func keysAreOfAnyLetters(_ text: String) throws {
    let format = """
      format: acme-house
      summary: doors
      recognise: [{keys: größe.tür}]
      references: [{at: größe.tür, grammar: port, called: a door}]
      """
    let report = try run([
      ".portlint.yaml": "formats: policy/house.yaml", "policy/house.yaml": format, "a.yaml": text,
    ])
    #expect(report.diagnostics.map(\.rule) == ["invalid-port"])
  }

  /// Compose's manifests stay Compose's, and Kubernetes' stay Kubernetes'.
  @Test(arguments: [
    ("services: {a: {image: b, ports: [\"80:80\"]}}\njobs: {}", "compose"),
    (
      "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 80}]}\nscrape_configs: []",
      "kubernetes"
    ),
    ("portlint: 1\nservices: [{name: a, port: 80}]\nentryPoints: {a: {address: \":1\"}}", "plain"),
    ("services: {a: {image: b, ports: [\"80:80\"]}}\nentryPoints: {a: {address: \":1\"}}", "compose"),
  ])
  func otherFormatsAreNotTaken(_ text: String, _ format: String) throws {
    #expect(try run(["a.yaml": text]).inventory.owners.first?.format.id == format)
  }

  /// Documents of one file never meet, and what one document says twice through an alias is two claims.
  @Test func eachDocumentIsAMachineOfItsOwn() throws {
    let cluster =
      "apiVersion: kind.x-k8s.io/v1alpha4\nkind: Cluster\nnodes: [{extraPortMappings: [{hostPort: 8080}]}]\n"
    #expect(try said(run(["a.yaml": "\(cluster)---\n\(cluster)"])) == [])
    #expect(try run(["a.yaml": "\(cluster)---\n\(cluster)"]).rows.count == 2)
  }

  @Test func suppressionsCount() throws {
    let text = """
      entryPoints:
        a: {address: ":8080"}
        b: {address: ":8080"} # portlint: ignore port-conflict -- one of them is commented out in production
      """
    let report = try run(["a.yaml": text])
    #expect(said(report) == [])
    #expect(report.summary.suppressed == 1)
  }
}
