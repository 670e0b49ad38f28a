import Foundation
import Testing

/// What the formats say of one example, and that nothing but what is written depends on them.
@Suite struct ReportTests {
  private static let folder = URL(filePath: #filePath).appending(path: "../../../examples/reports")
    .standardizedFileURL

  /// Each format, as portlint lists them.
  static let formats: [String] = {
    let run = try? Run(["--format", "?"])
    let list = run?.errors.firstMatch(of: /it is one of (.*)\n/).map { String($0.output.1) } ?? ""
    return list.components(separatedBy: ", ")
  }()

  private static func run(_ format: String) throws -> Run {
    try Run(["--report-suppressed", "--format", format, "."]) { folder in
      for name in [".env", ".portlint.yaml", "compose.yaml", "shop.yaml"] {
        try FileManager.default.copyItem(at: Self.folder.appending(path: name), to: folder.appending(path: name))
      }
    }
  }

  @Test func thereAreFormats() {
    #expect(Self.formats.count >= 13)
  }

  @Test(arguments: formats) func saysWhatIsExpected(_ format: String) throws {
    let run = try Self.run(format)
    let expected = try String(
      contentsOf: Self.folder.appending(path: "expected.\(format).txt"), encoding: .utf8)
    #expect(run.output == expected)
    #expect(run.status == 1 && run.errors == "")
  }

  @Test(arguments: formats) func theStatusIsThatOfTheFindings(_ format: String) throws {
    for (manifest, options, status) in [
      (Manifests.clash, [], 1), (Manifests.clash, ["--fail-on", "never"], 0), (Manifests.clean, [], 0),
      (Manifests.info, ["--fail-on", "warning"], 0), (Manifests.info, ["--fail-on", "info"], 1),
      ("services: " + String(repeating: "[", count: 1000), [], 2),
    ] {
      let run = try Run(["--format", format] + options + ["compose.yaml"], files: ["compose.yaml": manifest])
      #expect(run.status == status)
    }
  }

  @Test func sarifSaysWhatCouldNotBeJudged() throws {
    let files = ["compose.yaml": "services: " + String(repeating: "[", count: 1000)]
    let run = try Run(["--format", "sarif", "."], files: files)
    #expect(run.output.contains(#""executionSuccessful":false,"toolExecutionNotifications":[{"associatedRule":"#))
    #expect(run.output.contains(#"{"level":"note","message":{"text":"not everything could be judged"}}"#))
    let none = try Run(["--format", "sarif", "."])
    #expect(
      none.output.contains(
        #""executionSuccessful":true,"toolExecutionNotifications":[{"level":"note","message":{"text":"no manifest found"}}]"#
      ))
  }

  @Test func whatIsLeftOutWithoutAWordIsNoted() throws {
    let services = (0..<1300).map { "  s\($0): {image: a, ports: ['1-65535:1-65535']}\n" }.joined()
    let silent = ["checkstyle", "gitlab", "junit", "rdjson", "sonarqube"]
    let wordy = ["azure", "github", "markdown", "sarif"]
    let formats = (silent + wordy).flatMap { ["--format", "\($0)=\($0).report"] }
    let run = try Run(
      formats + ["-"], input: "services:\n\(services)",
      inspect: { folder in
        for format in wordy {
          let report = try String(contentsOf: folder.appending(path: "\(format).report"), encoding: .utf8)
          #expect(report.contains(/\d+ more of port-conflict in this file/), "\(format)")
        }
      })
    let notes = run.errors.matches(of: /portlint: (.+): \d+ findings left out, for there are too many\n/)
    #expect(notes.map { String($0.output.1) }.sorted() == silent)
    #expect(notes.map { String($0.output.0) }.joined() == run.errors)
  }

  @Test func statisticsCountEachRule() throws {
    let files = ["compose.yaml": "services: {a: {image: a, ports: ['80:80', '80:81', '99999:80', '99998:80']}}"]
    let run = try Run(["--statistics", "--format", "compact", "."], files: files)
    #expect(
      run.output.hasSuffix(
        """
        RULE           SEVERITY  FINDINGS
        invalid-port   error     2
        port-conflict  error     1

        1 file, 2 ports: 3 errors, 0 warnings

        """), "\(run.output)")
    #expect(try !Run(["--statistics", "."], files: ["compose.yaml": Manifests.clean]).output.contains("RULE"))
  }

  @Test func whatHasOneCauseStandsTogether() throws {
    let service =
      "services: {\(["a", "b"].map { "\($0): {image: a, ports: ['80:80', '99999:80']}" }.joined(separator: ", "))}"
    let other = "services: {c: {image: a, ports: ['80:80', '80:81']}}"
    let files = ["a/compose.yaml": service, "b/compose.yaml": service, "c/compose.yaml": other]
    let run = try Run(["--format", "grouped", "--quiet", "."], files: files)
    #expect(
      run.output == """
        error: 'a' has the port '99999', which is not in 1-65535 [invalid-port] (2 places)
          a/compose.yaml:1:44, b/compose.yaml:1:44
          help: use a port from 1 to 65535

        error: 80/tcp, 3 findings [port-conflict]
          a/compose.yaml:1:80: 'b' publishes 80/tcp on every address, and so does 'a'
          b/compose.yaml:1:80: 'b' publishes 80/tcp on every address, and so does 'a'
          c/compose.yaml:1:44: 'c' publishes 80/tcp twice
            a/compose.yaml:1:35: note: 'a' publishes 80/tcp here
            b/compose.yaml:1:35: note: 'a' publishes 80/tcp here
            c/compose.yaml:1:35: note: 'c' publishes 80/tcp here
          help: give one of them another host port, or bind each to its own address
          help: remove one of the entries, or give it another host port

        error: 'b' has the port '99999', which is not in 1-65535 [invalid-port] (2 places)
          a/compose.yaml:1:89, b/compose.yaml:1:89


        """)
  }

  @Test func compactNamesTheOtherSide() throws {
    let run = try Run(["--format", "compact", "--quiet", "."], files: ["compose.yaml": Manifests.clash])
    #expect(
      run.output
        == "compose.yaml:3:30: error: 'api' publishes 8080/tcp on every address, and so does 'web' (compose.yaml:2) "
        + "[port-conflict]\n")
  }
}
