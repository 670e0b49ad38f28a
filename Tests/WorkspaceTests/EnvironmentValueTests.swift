import PolicyEngine
import PortModel
import Reporters
import SourceText
import Testing
import Workspace

/// What an environment file gives to a variable is judged, and shown only where it is a port or the like.
@Suite struct EnvironmentValueTests {
  private static let secret = "wJalrXUtnFEMI"

  struct Case: CustomTestStringConvertible {
    /// The services.
    var text: String
    var environment = "S=\(secret)\n"
    /// What is said, as `line:column: severity: message [rule]`; nothing where it is all one.
    var found: [String]?
    var testDescription: String { text }

    init(_ text: String, _ environment: String = "S=\(secret)\n", found: [String]? = nil) {
      self.text = text
      self.environment = environment
      self.found = found
    }
  }

  static let cases = [
    Case(
      "x: {ports: ['$S']}",
      found: ["1:25: error: 'x' has the port '$S', which is not a number (.env:1) [invalid-port]"]),
    Case("x: {ports: ['80:$S']}"), Case("x: {ports: ['$S:80']}"), Case("x: {ports: ['80-$S:80']}"),
    Case("x: {ports: ['$S:80:80']}"), Case("x: {ports: ['[$S]:80:80']}"), Case("x: {ports: ['80:80/$S']}"),
    Case("x: {ports: ['$S:']}"), Case("x: {ports: ['${S}1:80']}"), Case("x: {ports: ['${N:-$S}:80']}"),
    Case("x: {ports: ['$S:80']}", "S=123456789\n"), Case("x: {ports: ['$S:80']}", "S=90-80\n"),
    Case("x: {ports: [{target: $S}]}"), Case("x: {ports: [{target: 80, published: $S}]}"),
    Case("x: {ports: [{target: '80', host_ip: $S}]}"), Case("x: {ports: [{target: 80, protocol: $S}]}"),
    Case("x: {ports: [{target: 80, mode: $S}]}"), Case("x: {ports: [{target: 80, published: 80, name: $S}]}"),
    Case("x: {ports: [{target: 80, published: 80, app_protocol: $S}]}"), Case("x: {ports: [{$S: 80}]}"),
    Case("x: {expose: ['$S']}"), Case("x: {expose: ['80/$S']}"), Case("x: {expose: ['80-$S']}"),
    Case("x: {network_mode: 'service:$S', ports: ['80:80']}"), Case("x: {network_mode: $S, ports: ['80:80']}"),
    Case("x: {network_mode: 'container:$S', ports: ['80:80']}"),
    Case("x: {extends: {service: $S}}"), Case("x: {extends: $S}"), Case("x: {extends: {file: $S, service: y}}"),
    Case("x: {extends: {file: b.yaml, service: $S}}"), Case("x: {extends: {file: 'b.yaml/$S', service: $S}}"),
    Case("x: {image: '$S', ports: ['5432:5432']}"), Case("x: {image: 'redis:$S', ports: ['6379:6379']}"),
    Case("x: {container_name: '$S', scale: 2}"), Case("x: {user: $S, network_mode: host, expose: [80]}"),
    Case("x: {profiles: [$S], ports: ['80:80']}"), Case("x: {labels: {a: $S}, ports: ['80:80']}"),
    Case("x: {labels: [a=$S], ports: ['80:80']}"), Case("x: {hostname: $S, ports: ['80:80']}"),
    Case("x: {scale: $S, deploy: {replicas: 2}}", "S=8675309\n"),
    Case("x: {scale: $S, container_name: a}", "S=8675309\n"), Case("x: {scale: $S, ports: ['80:80']}", "S=8675309\n"),
    Case("x: {image: a, ports: ['${N}:80']}", "S=\(secret)\nN=$S\n"), Case("x: {command: '${$S}'}"),
  ]

  private static let others = ["b.yaml": "services: {y: {image: y}}\n"]

  private func report(on files: [String: String]) throws -> Report {
    let written = WrittenFiles(files.mapValues { Array($0.utf8) })
    let policy = try PolicyLoader.load(PolicyRequest(), files: written)
    return Workspace(policy, files: written, workers: 1).lint([Candidate("compose.yaml", .named)])
  }

  /// Everything that is said in any form.
  private func texts(_ report: Report) -> String {
    var options = ReportOptions(version: "0")
    options.showsInfo = true
    options.showsSuppressed = true
    var text = OutputFormat.allCases.map { write(report, as: $0, options: options) }.joined()
    for format in InventoryFormat.allCases { writeInventory(report, as: format, options: options, to: &text) }
    return text + baselineJSON(of: report.diagnostics, in: report, options: options) { $0 }
  }

  @Test(arguments: cases) func noFormHoldsIt(_ test: Case) throws {
    let report = try report(
      on: Self.others.merging(["compose.yaml": "services: {\(test.text)}\n", ".env": test.environment]) { $1 })
    let text = texts(report)
    for secret in [Self.secret, "8675309", "123456789", "90-80"] { #expect(!text.contains(secret)) }
    guard let found = test.found else { return }
    var options = ReportOptions(version: "0")
    options.showsSummary = false
    let said = write(report, as: .compact, options: options)
    #expect(said == found.map { "compose.yaml:\($0)\n" }.joined())
  }

  @Test func namesOfFilesMadeOfItAreNotShown() throws {
    for include in ["$S", "{path: $S}", "{path: b.yaml, env_file: $S}", "{path: b.yaml, project_directory: $S}"] {
      let files = ["compose.yaml": "include: [\(include)]\n", ".env": "S=\(Self.secret)\n"]
      #expect(!texts(try report(on: Self.others.merging(files) { $1 })).contains(Self.secret), "\(include)")
    }
    let missing = try report(on: ["compose.yaml": "include: [$S]\n", ".env": "S=\(Self.secret)\n"])
    #expect(missing.diagnostics.map(\.message).contains { $0.contains("$S") })
    let listed = [".env": "S=\(Self.secret)\nCOMPOSE_FILE=compose.yaml:$S\n", "compose.yaml": "services: {}\n"]
    #expect(!texts(try report(on: listed)).contains(Self.secret))
  }

  /// A line of an environment file is no excerpt.
  @Test func itsFileIsNotQuoted() throws {
    let large = "S=\(Self.secret)\n" + String(repeating: "# Nothing.\n", count: 100_000)
    let report = try report(on: ["compose.yaml": "services: {a: {image: a}}\n", ".env": large])
    #expect(report.diagnostics.map(\.rule) == ["limit-exceeded"])
    #expect(!texts(report).contains(Self.secret))
    let included = try self.report(
      on: ["compose.yaml": "include: [{path: b.yaml, env_file: vars}]\n", "vars": large, "b.yaml": "services: {}\n"])
    #expect(included.diagnostics.map(\.rule) == ["limit-exceeded"])
    #expect(!texts(included).contains(Self.secret))
  }

  /// Nor is it a policy or a part of one.
  @Test func itsFileIsNoPolicy() throws {
    for policy in [
      "extends: ./.env\n", "extends: ./prod.env\n", "rule-files: [.env]\n", "services: {database: ./.env}\n",
    ] {
      let report = try report(
        on: [
          ".portlint.yaml": policy, ".env": "S=\(Self.secret)\n", "prod.env": "S: \(Self.secret)\n", "compose.yaml": "",
        ])
      #expect(!report.isComplete)
      #expect(!texts(report).contains(Self.secret))
    }
  }

  /// What it says is judged all the same, and a port that it gives is shown.
  @Test func itIsJudged() throws {
    let files = [
      "compose.yaml": """
      services:
        a: {image: a, ports: ["$ADDRESS:$PORT:80/$PROTOCOL"]}
        b: {image: b, ports: ["127.0.0.1:8080:80"]}
        c: {image: "$IMAGE", ports: ["6379:6379"]}

      """, ".env": "PORT=8080\nADDRESS=127.0.0.1\nPROTOCOL=tcp\nIMAGE=redis:7\n",
    ]
    let report = try report(on: files)
    #expect(
      report.diagnostics.map(\.message).contains(
        "'b' publishes 8080/tcp on 127.0.0.1, and so does 'a'"))
    #expect(report.diagnostics.contains { $0.rule == "exposed-service" })
  }
}
