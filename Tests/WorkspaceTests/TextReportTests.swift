import PolicyEngine
import PortModel
import Reporters
import Testing
import Workspace

/// Text that people read, of few findings and of many, on a terminal and in a file.
@Suite struct TextReportTests {
  private static func report(_ files: [String: String]) throws -> Report {
    let written = WrittenFiles(files.mapValues { Array($0.utf8) })
    let workspace = Workspace(try PolicyLoader.load(PolicyRequest(), files: written), files: written, workers: 1)
    return workspace.lint(files.keys.filter { !$0.hasPrefix(".") }.sorted().map { Candidate($0, .found) })
  }

  private static func text(
    _ report: Report, as format: OutputFormat = .text, columns: Int? = nil, isColoured: Bool = false
  ) -> String {
    var options = ReportOptions(version: "test")
    options.columns = columns
    options.isColoured = isColoured
    options.showsInfo = true
    options.showsSuppressed = true
    return write(report, as: format, options: options)
  }

  private static let clash = "services: {a: {image: a, ports: ['80:80']}, b: {image: b, ports: ['80:80', '99999:1']}}\n"

  @Test(arguments: [OutputFormat.text, .grouped]) func whatHelpsIsToldOnce(_ format: OutputFormat) throws {
    let text = Self.text(try Self.report(["a/compose.yaml": Self.clash, "b/compose.yaml": Self.clash]), as: format)
    #expect(text.components(separatedBy: "help: give one of them another host port").count == 2)
    #expect(text.components(separatedBy: "help: use a port from 1 to 65535").count == 2)
  }

  /// Files with findings beside `hunter2`, which is shown of none.
  static let secrets = [
    // On the line of what a Secret holds, of its patch, and of another object on its line.
    "s.yaml": """
    {apiVersion: v1, kind: Secret, stringData: {password: hunter2, "prometheus.yml": "scrape_configs: [\(job)]"}}

    """,
    "text.yaml": """
    apiVersion: v1
    kind: Secret
    stringData:
      prometheus.yml: |
        scrape_configs: [{basic_auth: {password: hunter2}, \(job.dropFirst())]

    """,
    "list.json": """
    {"apiVersion": "v1", "kind": "List", "items": [\
    {"apiVersion": "v1", "kind": "Secret", "stringData": {"password": "hunter2"}}, \(service)]}
    """,
    "alias.yaml": """
    {apiVersion: v1, kind: List, x: &a {"prometheus.yml": "scrape_configs: [\(job)]", password: hunter2}, \
    items: [{apiVersion: v1, kind: "\\x53ecret", stringData: *a}]}

    """,
    // Of what cannot be read nobody knows what it is.
    "broken.yaml": """
    \(service)
    ---
    apiVersion: v1
    kind: Secret
    metadata: {annotations: {portlint/ignore: x}}
    stringData: {password: hunter2, x: [}
    ---
    \(service)

    """,
    "k/kustomization.yaml": """
    resources: [a.yaml, none.yaml]
    secretGenerator: [{name: s, literal: [password=hunter2]}]
    patches:
    - {patch: "{apiVersion: v1, kind: Secret, metadata: {name: s}, stringData: {password: hunter2}}", optons: {}}

    """,
    "k/a.yaml": service,
  ]
  private static let job = "{job_name: a, static_configs: [{targets: ['u:99999']}]}"
  private static let service = """
    {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a"}, "spec": {"ports": [{"port": 99999}]}}
    """

  @Test(arguments: secrets.keys.sorted(), [OutputFormat.text, .grouped])
  func nothingIsShownOfWhatSecretsHold(_ name: String, _ format: OutputFormat) throws {
    let text = Self.text(try Self.report(Self.secrets), as: format)
    #expect(format == .grouped || text.contains("\n\(name):") || text.hasPrefix("\(name):"), "\(text)")
    #expect(!text.contains("hunter2"), "\(text)")
  }

  @Test func whatIsBesideSecretsIsShown() throws {
    let text = Self.text(try Self.report(Self.secrets))
    #expect(text.contains("\n  1 | \(Self.service)\n"))
    #expect(text.contains("\n  8 | \(Self.service)\n"))
    #expect(text.contains("\n  1 | resources: [a.yaml, none.yaml]\n"))
    let named = """
      apiVersion: gateway.networking.k8s.io/v1
      kind: Gateway
      metadata: {name: a}
      spec: {listeners: [{name: a, port: 99999, tls: {certificateRefs: [{kind: Secret, name: s}]}}]}

      """
    #expect(Self.text(try Self.report(["g.yaml": named])).contains("\n  4 | spec: {listeners: "))
  }

  @Test func whatHelpsAnotherwiseIsToldToo() throws {
    let text = Self.text(
      try Self.report(["compose.yaml": "services: {a: {image: a, ports: ['0x50:1', '99999:1', '70000:1']}}\n"]))
    #expect(text.components(separatedBy: "help: use a port from 1 to 65535").count == 2)
    #expect(text.components(separatedBy: "  help: ").count == 3)
  }

  @Test(arguments: [OutputFormat.text, .grouped]) func theLastLineSaysWhoSaysMore(_ format: OutputFormat) throws {
    let clean = "services: {a: {image: a, ports: ['8080:80']}}\n"
    for (manifest, end) in [
      (Self.clash, "2 errors, 0 warnings (why: portlint explain RULE)\n"),
      (Self.clash.replacing(", '99999:1'", with: ""), "1 error, 0 warnings (why: portlint explain port-conflict)\n"),
      (clean, "1 file, 1 port: 0 errors, 0 warnings\n"),
    ] {
      let text = Self.text(try Self.report(["compose.yaml": manifest]), as: format)
      #expect(text.hasSuffix(end), "\(text)")
    }
    var options = ReportOptions(version: "test")
    let open = try Self.report(["compose.yaml": "services: {a: {image: a, ports: ['${P}:80']}}\n"])
    // Of findings that are not shown nothing is to be explained.
    #expect(write(open, as: format, options: options).hasSuffix(" 1 info (see --show-info), 1 port not resolved\n"))
    options.showsInfo = true
    #expect(write(open, as: format, options: options).hasSuffix("(why: portlint explain unset-variable)\n"))
  }

  /// Without the styles of a terminal.
  private static func plain(_ text: String) -> String {
    text.replacing(/\u{1B}\[[0-9;]*m/, with: "")
  }

  private static let wide = [
    "a folder with a long name/and another one below it/compose.yaml": """
    services:
      a-service-with-a-long-name: {image: a, ports: ["127.0.0.1:\u{6E2F}8080:80", "127.0.0.1:8080:80"]}
      another-service-with-a-long-name: {image: a, ports: ["127.0.0.1:8080:80", "0.0.0.0:99999:1"]}
      ::error::x: {image: a, ports: ["127.0.0.1:8080:80"]} # portlint: ignore port-conflict -- it is to be so \(String(repeating: "::error::x ", count: 20))for now

    """
  ]

  @Test(arguments: [OutputFormat.text, .grouped], [40, 60, 80, 120, 200])
  func noLineIsWiderThanTheTerminal(_ format: OutputFormat, _ columns: Int) throws {
    let report = try Self.report(Self.wide)
    let whole = Self.text(report, as: format)
    for isColoured in [false, true] {
      let text = Self.plain(Self.text(report, as: format, columns: columns, isColoured: isColoured))
      // Nothing but where lines break is another, and no word is broken; excerpts are cut, not wrapped.
      let said = { (text: String) in
        text.split(separator: "\n").filter { !$0.contains(" | ") }.joined(separator: " ")
          .split(separator: " ").map { $0.replacing("\\u{3A}:", with: "::") }
      }
      #expect(said(text) == said(whole))
      for line in text.split(separator: "\n") where line.split(separator: " ").allSatisfy({ $0.count < 30 }) {
        #expect(line.unicodeScalars.count <= max(60, columns), "\(line)")
      }
      #expect(!text.contains(/(?m)^\s*::/))
    }
    #expect(Self.text(report, as: format, columns: 1000) == whole)
  }

  @Test func aLineGoesOnFurtherIn() throws {
    let text = Self.text(try Self.report(["compose.yaml": Self.clash]), columns: 80)
    #expect(
      text == """
        compose.yaml:1:68: error: 'b' publishes 80/tcp on every address, and so does 'a'
            [port-conflict]
          1 | ...rts: ['80:80']}, b: {image: b, ports: ['80:80', '99999:1']}}
            |                                            ^^
          compose.yaml:1:35: note: 'a' publishes 80/tcp here
          1 | services: {a: {image: a, ports: ['80:80']}, b: {image: b, ports: ['80:8...
            |                                   ^^
          help: give one of them another host port, or bind each to its own address

        compose.yaml:1:77: error: 'b' has the port '99999', which is not in 1-65535
            [invalid-port]
          1 | ...:80']}, b: {image: b, ports: ['80:80', '99999:1']}}
            |                                            ^^^^^
          help: use a port from 1 to 65535

        1 file, 2 ports: 2 errors, 0 warnings (why: portlint explain RULE)

        """)
  }

  /// For `compact`, a finding is one line.
  @Test func compactIsNotWrapped() throws {
    let report = try Self.report(Self.wide)
    #expect(Self.text(report, as: .compact, columns: 60) == Self.text(report, as: .compact))
  }

  /// What a rule's file says in lines of its own is told in lines of the terminal's, but for what is written further in.
  @Test func paragraphsAreFilled() {
    var options = ReportOptions(version: "0")
    let text = "one two\nthree\n\n\(String(repeating: "four ", count: 14))\n  five\n  six\nseven"
    #expect(options.filled(text, inset: 2) == text)
    options.columns = 60
    let fours = String(repeating: "four ", count: 10) + "four\n" + "four four four "
    #expect(options.filled(text, inset: 2) == "one two three\n\n\(fours)\n  five\n  six\nseven")
    let line = "  " + String(repeating: "four ", count: 11) + "five"
    #expect(options.fitted(line, inset: 2).hasSuffix("four\n      five"))
  }
}
