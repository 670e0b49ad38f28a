import Foundation
import PolicyEngine
import PortModel
import Reporters
import SourceText
import Testing
import Workspace

/// Every format says the same findings in the same order.
@Suite struct ReportFormatTests {
  private static var options: ReportOptions {
    var options = ReportOptions(version: "test")
    options.showsInfo = true
    return options
  }

  private static let schema = encoded(reportSchema)

  /// The findings that each format is read back to have, against those of the report.
  private static func check(_ report: Report, _ name: String) throws {
    let expected = report.diagnostics.map { FoundAgain($0, in: report) }
    for format in OutputFormat.allCases {
      let text = write(report, as: format, options: options)
      let found = try ReadReport(text, as: format).findings
      // In groups, what has one cause stands together.
      let isSame = format == .grouped ? found.sorted() == expected.sorted() : found == expected
      #expect(isSame, "\(name) as \(format): \(text)")
    }
    var options = Self.options
    options.showsSuppressed = true
    var ports = ""
    writeInventory(report, as: .json, options: options, to: &ports)
    for text in [write(report, as: .json, options: options), ports] {
      #expect(try SchemaCheck.faults(of: text, under: schema) == [], "\(name): \(text)")
    }
  }

  @Test(arguments: ExampleTests.stories) func aStoryIsTheSameInAll(_ name: String) throws {
    try Self.check(try ExampleTests.Story(name).report(workers: 1), name)
  }

  @Test(arguments: RuleFileTests.names) func aRulesExamplesAreTheSameInAll(_ name: String) throws {
    let text = BuiltIn.ruleFiles.first { $0.name == name }?.text ?? ""
    let source = SourceFile(id: FileID(0), path: "rules/\(name)", contents: Array(text.utf8))
    var request = PolicyRequest()
    let id = String(name.dropLast(5))
    // One that is required is never off.
    if BuiltIn.rules().contains(where: { $0.id == id && $0.severity == nil }) { request.severities = [id: .warning] }
    for example in decodeRuleExamples(source).examples where !example.findings.isEmpty {
      let files = WrittenFiles(
        Dictionary(example.files.map { ($0.path, Array($0.text.utf8)) }, uniquingKeysWith: { $1 }))
      try Self.check(example.report(under: try PolicyLoader.load(request, files: files)), name)
    }
  }

  /// Names that each format could take for something of its own.
  static let hostile = [
    "::error::x", "\u{3000}::error file=a,line=1::x", "##vso[task.complete result=Failed;]x", "##[error]x", "]]>x",
    "a\nb::error::c", "a\r\n##vso[task.complete]", "\u{1}\u{8}\u{1B}[31mx", "\u{202E}x\u{2066}", "\u{FFFE}\u{FFFF}",
    "\"'<&>", "%0A::error::x", "%0D%3A%2C%25%AZP25%3B%5D", "a;b=c]d", "a,b:c", "|`x`|``y", "<b>x</b><!-- --",
    "@someone #1",
    "[text](https:evil) ![x](y)", "www.example.com https:\\\\x", "{0} {{1}} %1$s", "\\", "a\\", "`", "_*~~$",
    "é\u{301}🔎",
  ]

  @Test(arguments: hostile) func noNameForgesOrLosesAnything(_ name: String) throws {
    let service = encodedForYAML(name)
    let manifest = """
      services:
        \(service): {image: a, ports: ["8080:80", "8080:81", "99999:80"]}
        "b\(service.dropFirst()): {image: a, ports: ["8080:80"]}

      """
    let path = name.contains("/") ? "x.yaml" : "\(name).yaml"
    let files = WrittenFiles([path: Array(manifest.utf8), "z.yaml": Array(manifest.utf8)])
    let policy = try PolicyLoader.load(PolicyRequest(), files: files)
    let report = Workspace(policy, files: files, workers: 1).lint(
      [path, "z.yaml"].sorted().map { Candidate($0, .found) })
    #expect(report.diagnostics.count >= 6)
    #expect(report.diagnostics.contains { $0.message.unicodeScalars.count > 20 })
    try Self.check(report, name)
    for format in OutputFormat.allCases {
      let text = write(report, as: format, options: Self.options)
      let hidden = text.unicodeScalars.filter { $0.value < 0x20 && $0 != "\n" || $0 == "\u{202E}" || $0 == "\u{2066}" }
      #expect(hidden.isEmpty, "\(format)")
      // What a CI system that shows the report would take for a command is one of the format's own.
      for line in text.split(separator: "\n") {
        let marks = line.components(separatedBy: "##").dropFirst().filter { $0.prefix { $0.isLetter }.count < $0.count }
        let commands = marks.filter { $0.drop { $0.isLetter }.first == "[" }
        #expect(commands.count == (format == .azure && line.hasPrefix("##vso[") ? 1 : 0), "\(format): \(line)")
        let isCommand = line.drop { $0.isWhitespace }.hasPrefix("::")
        #expect(isCommand == (format == .github), "\(format): \(line)")
      }
    }
  }

  private func encodedForYAML(_ text: String) -> String {
    "\"" + text.unicodeScalars.map { "\\U\(String(format: "%08X", $0.value))" }.joined() + "\""
  }

  @Test func whatMarkdownWouldTakeForItsOwnIsCode() throws {
    let manifest = "services: {\"@team\": {image: a, ports: ['80:80', '80:81']}}"
    let text = try Self.text(of: manifest, as: .markdown)
    #expect(text.contains("| error | `compose.yaml:1:50` | `'@team' publishes 80/tcp twice` `[port-conflict]`<br>"))
  }

  @Test func sarifMakesNoLinkOfAName() throws {
    let manifest = "services: {\"[a](b)\": {image: a, ports: ['80:80', '80:81']}}"
    #expect(try Self.text(of: manifest, as: .sarif).contains("'[a]\\\\(b)' publishes 80/tcp twice"))
  }

  private static func text(of manifest: String, as format: OutputFormat) throws -> String {
    let files = WrittenFiles(["compose.yaml": Array(manifest.utf8)])
    let workspace = Workspace(try PolicyLoader.load(PolicyRequest(), files: files), files: files, workers: 1)
    return write(workspace.lint([Candidate("compose.yaml", .found)]), as: format, options: options)
  }

  @Test func columnsAreCountedAsEachReaderDoes() throws {
    let manifest = "services: {a: {image: \"é🔎\", ports: ['99999:80']}}"
    // Code points, UTF-16 units from 0, bytes from 1.
    #expect(try Self.text(of: manifest, as: .sarif).contains(#""endColumn":43,"endLine":1,"startColumn":38"#))
    #expect(
      try Self.text(of: manifest, as: .sonarqube).contains(#""endColumn":43,"endLine":1,"startColumn":38"#))
    #expect(
      try Self.text(of: manifest, as: .rdjson).contains(
        #""end":{"column":47,"line":1},"start":{"column":42,"line":1}"#))
  }
}

extension ReportFormatTests {
  /// A report of so many findings in each of some files.
  private static func crowd(_ files: Int, findings: Int) throws -> Report {
    let manifest = "services: {a: {image: a, ports: [\(String(repeating: "'99999:80', ", count: findings))]}}"
    let written = WrittenFiles(
      Dictionary(uniqueKeysWithValues: (0..<files).map { ("\($0).yaml", Array(manifest.utf8)) }))
    let workspace = Workspace(try PolicyLoader.load(PolicyRequest(), files: written), files: written, workers: 1)
    return workspace.lint((0..<files).map { Candidate("\($0).yaml", .found) })
  }

  @Test func whatGitHubDoesNotTakeIsLeftOutAndSaid() throws {
    var report = try Self.crowd(3, findings: 3000)
    report.diagnostics = ["a", "b", "c"].flatMap { rule in
      report.diagnostics.map { diagnostic in
        var diagnostic = diagnostic
        diagnostic.rule = rule
        return diagnostic
      }
    }
    // As if much had been read, so that only the formats' own limits are passed.
    report.bytesRead = 1 << 30
    let sarif = write(report, as: .sarif, options: Self.options)
    #expect(try ReadReport(sarif, as: .sarif).findings.count == 9 * 2777)
    #expect(sarif.contains("223 more of a in this file"))
    let markdown = write(report, as: .markdown, options: Self.options)
    #expect(markdown.utf8.count < 1 << 20)
    #expect(markdown.contains("more of a in this file |\n"))
    #expect(try ReadReport(write(report, as: .gitlab, options: Self.options), as: .gitlab).findings.count == 27_000)
  }

  @Test func whatAFormatCannotSayIsLeftOutIsCounted() throws {
    var report = try Self.crowd(1, findings: 9000)
    report.bytesRead = 0
    for format in OutputFormat.allCases {
      let count = countLeftOut(of: report, as: format, options: Self.options)
      let isSilent = [.gitlab, .junit, .checkstyle, .sonarqube, .rdjson].contains(format)
      #expect((count > 0) == isSilent, "\(format)")
      guard isSilent else { continue }
      let shown = try ReadReport(write(report, as: format, options: Self.options), as: format).findings
      #expect(shown.count + count == 9000)
    }
  }
}
