import Foundation
import Testing

/// What comes from manifests, paths and arguments steers no terminal, CI or spreadsheet.
@Suite struct EscapingTests {
  @Test(arguments: [
    (["--color", "always"], [:], true), (["--color", "never"], [:], false), ([], [:], false),
    (["--color", "always"], ["NO_COLOR": "1"], true),
  ])
  func colourIsForTerminals(_ arguments: [String], _ environment: [String: String], _ isColoured: Bool) throws {
    let run = try Run(arguments + ["compose.yaml"], files: ["compose.yaml": Manifests.clash], environment: environment)
    #expect(run.output.contains("\u{1B}[") == isColoured)
  }

  @Test func namesCannotSteerTheTerminal() throws {
    let file = "services: {\"a\\e[31m\\n::error::\": {image: x, ports: [\"80:80\", \"80:81\"]}}"
    let run = try Run(["compose.yaml"], files: ["compose.yaml": file])
    #expect(!run.output.contains("\u{1B}"))
    #expect(run.output.contains("'a\\u{1B}[31m\\u{A}::error::' publishes 80/tcp twice"))
  }

  @Test func neitherTextNorPathsCanForgeACommand() throws {
    // GitHub's of today at a line's start, its older ones, Azure's and TeamCity's anywhere.
    let service = "services: {\"##[error]a\": {image: x, ports: ['80:80', '80:81']}} # ##vso[task.complete]\n"
    let files = ["::error::x.yaml": service, "\u{3000}::error::y.yaml": service, "##teamcity[z].yaml": service]
    #expect(try !Run(["init", "--stdout"], files: files).output.contains("##["))
    for arguments in [[], ["--format", "compact"], ["--format", "json"]]
      + ["text", "csv", "markdown"].map({ ["ports", "--format", $0] })
    {
      let run = try Run(arguments, files: files)
      let lines = run.output.split(separator: "\n")
      #expect(lines.count > 1 || arguments.last == "json")
      #expect(!lines.contains { $0.drop(while: \.isWhitespace).hasPrefix("::") }, "\(run.output)")
      #expect(!run.output.contains("##[") && !run.output.contains("##vso[") && !run.output.contains("##teamcity["))
    }
  }

  @Test func whatIsForProgramsCannotSteerTheTerminalEither() throws {
    let name = "a\\e[31m\\u202e\\u061c\\x9b"
    let files = ["compose.yaml": "services: {\"\(name)\": {image: x, ports: ['80:80', '80:81']}}"]
    for arguments in [["--format", "json"], ["ports", "--format", "csv"], ["ports", "--format", "json"]] {
      let run = try Run(arguments, files: files)
      #expect(run.output.contains("80"))
      #expect(!run.output.unicodeScalars.contains { ["\u{1B}", "\u{202E}", "\u{61C}", "\u{9B}"].contains($0) })
    }
    let json = try Run(["ports", "--format", "json"], files: files)
    let document = try JSONDecoder().decode(Owners.self, from: Data(json.output.utf8))
    #expect(document.ports.map(\.owner.name) == Array(repeating: "a\u{1B}[31m\u{202E}\u{61C}\u{9B}", count: 2))
  }

  private struct Owners: Decodable {
    struct Port: Decodable { var owner: Owner }
    struct Owner: Decodable { var name: String }
    var ports: [Port]
  }

  @Test(arguments: [("text", "d\\u{1B}[31m\\u{A}.yaml"), ("json", #"d\u001b[31m\n.yaml"#)])
  func whatIsLeftOutIsSaidByTheShownPath(_ format: String, _ path: String) throws {
    let services = (0..<1300).map { "  s\($0): {image: a, ports: ['1-65535:1-65535']}\n" }.joined()
    let run = try Run(
      ["--format", format, "--stdin-filename", "d\u{1B}[31m\n.yaml", "-"], input: "services:\n\(services)")
    #expect(!run.output.contains("\u{1B}"))
    let omission =
      format == "text"
      ? /\n(.+): note: and \d+ more of port-conflict in this file\n/
      : /"file":"([^"]+)","rule":"port-conflict","severity":"error","suppressed":false/
    #expect(run.output.firstMatch(of: omission).map { String($0.output.1) } == path)
  }

  @Test func aCellIsNoFormula() throws {
    let run = try Run(["ports", "--format", "csv"], files: ["=cmd().yaml": Manifests.clean])
    #expect(run.output.hasSuffix("\n'=cmd().yaml:2:30,service,web,,publish,*,8080,tcp,80,,project =cmd().yaml\n"))
  }

  @Test(arguments: [
    ["--\u{1B}[31m\n::error::"], ["-\u{1B}.yaml"], ["--format", "\u{1B}"], ["--preset", "\u{1B}"],
    ["--rule", "\u{1B}=off"], ["--env-file", "\u{1B}\n::x"], ["--config", "\u{1B}"], ["--baseline", "\u{1B}"],
    ["--format", "json=/no/\u{1B}"], ["explain", "\u{1B}"], ["service", "\u{1B}"], ["service", "\u{1B}/a/b"],
    ["free", "--in", "\u{1B}"], ["schema", "\u{1B}"], ["test-rules", "\u{1B}"],
  ])
  func whatIsWrongWithArgumentsCannotSteerTheTerminal(_ arguments: [String]) throws {
    let run = try Run(arguments, files: ["compose.yaml": Manifests.clean])
    #expect(run.status == (arguments == ["service", "\u{1B}"] ? 1 : 2))
    #expect(run.errors.contains("\\u{1B}"))
    #expect(!run.errors.contains("\u{1B}") && !run.errors.contains("\n::"))
  }
}
