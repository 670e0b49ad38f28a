import Foundation
import Testing

@Suite struct ExitStatusTests {
  struct Case: CustomTestStringConvertible {
    var arguments: [String]
    var files: [String: String] = ["compose.yaml": Manifests.clash]
    var status: Int32

    var testDescription: String { arguments.joined(separator: " ") }
  }

  static let cases = [
    Case(arguments: ["compose.yaml"], status: 1),
    Case(arguments: ["lint", "compose.yaml"], status: 1),
    Case(arguments: [], status: 1),
    Case(arguments: ["compose.yaml"], files: ["compose.yaml": Manifests.clean], status: 0),
    Case(arguments: ["--fail-on", "never", "compose.yaml"], status: 0),
    Case(arguments: ["compose.yaml"], files: ["compose.yaml": Manifests.info], status: 0),
    Case(arguments: ["--fail-on", "info", "compose.yaml"], files: ["compose.yaml": Manifests.info], status: 1),
    Case(arguments: ["--rule", "port-conflict=off", "compose.yaml"], status: 0),
    Case(arguments: ["--rule", "port-conflict=warning", "compose.yaml"], status: 0),
    Case(arguments: ["--rule", "port-conflict=warning", "--fail-on", "warning", "compose.yaml"], status: 1),
    Case(arguments: ["--format", "json", "compose.yaml"], status: 1),
    Case(arguments: ["--format", "compact", "compose.yaml"], status: 1),
    Case(arguments: ["ports", "compose.yaml"], status: 0),
    Case(arguments: ["missing.yaml"], status: 2),
    Case(arguments: [""], status: 2),
    Case(arguments: ["missing.yaml", "compose.yaml"], status: 2),
    Case(arguments: ["--fail-on", "never", "missing.yaml"], status: 2),
    Case(arguments: ["ports", "missing.yaml"], status: 2),
    Case(arguments: ["--no-such-option"], status: 2),
    Case(arguments: ["--format", "nonsense"], status: 2),
    Case(arguments: ["--rule", "no-such-rule=off", "compose.yaml"], status: 2),
    Case(arguments: ["--version"], status: 0),
    Case(arguments: ["--help"], status: 0),
    Case(arguments: ["empty.yaml"], files: ["empty.yaml": ""], status: 0),
    Case(arguments: ["broken.yaml"], files: ["broken.yaml": "services: [1"], status: 1),
    Case(arguments: ["ports", "broken.yaml"], files: ["broken.yaml": "services: [1"], status: 2),
    Case(arguments: ["free", "broken.yaml"], files: ["broken.yaml": "services: [1"], status: 2),
    Case(arguments: ["ports", "t.yaml"], files: ["t.yaml": Manifests.template], status: 0),
    Case(arguments: ["free", "t.yaml"], files: ["t.yaml": Manifests.template], status: 0),
    Case(arguments: ["t.yaml"], files: ["t.yaml": Manifests.badService + "---\n" + Manifests.template], status: 1),
    Case(arguments: ["k.yaml"], files: ["k.yaml": Manifests.embedded], status: 1),
    Case(arguments: ["."], files: ["k.json": Manifests.escaped], status: 1),
    Case(arguments: ["--rule", "yaml-syntax=info", "broken.yaml"], files: ["broken.yaml": "services: [1"], status: 2),
    Case(arguments: ["--rule", "*=info", "broken.yaml"], files: ["broken.yaml": "services: [1"], status: 1),
    Case(arguments: ["--rule", "yaml-syntax=error", "broken.yaml"], files: ["broken.yaml": "services: [1"], status: 1),
    Case(arguments: ["--write-baseline", "b.json", "broken.yaml"], files: ["broken.yaml": "services: [1"], status: 1),
    Case(
      arguments: ["--write-baseline", "b.json", "--fail-on", "never", "broken.yaml"],
      files: ["broken.yaml": "services: [1"], status: 0),
    Case(arguments: Manifests.silenced.keys.sorted(), files: Manifests.silenced, status: 0),
    Case(arguments: ["--no-suppressions", "comment.yaml"], files: Manifests.silenced, status: 1),
    Case(arguments: ["--no-suppressions", "key.yaml"], files: Manifests.silenced, status: 1),
    Case(arguments: ["--no-suppressions", "annotation.yaml"], files: Manifests.silenced, status: 1),
    Case(
      arguments: ["deep.yaml"], files: ["deep.yaml": "services: " + String(repeating: "[", count: 100_000)], status: 2),
  ]

  @Test(arguments: [("explian", "explain"), ("port", "ports"), ("rule", "rules")])
  func aWordThatIsNearlyACommandIsTold(_ word: String, _ command: String) throws {
    let run = try Run([word, "--quiet"], files: [:])
    #expect(run.status == 2)
    #expect(run.output.contains("there is no such file"))
    #expect(run.errors == "portlint: there is no file '\(word)'; is '\(command)' meant?\n")
    #expect(try Run(["deploy", "--quiet"], files: [:]).errors == "")
    #expect(
      try Run(["--quiet", command], files: [:]).errors
        == "portlint: there is no file '\(command)'; the command stands before all options\n")
    #expect(try Run([word, "--quiet"], files: [word: "services: {}"]).errors.contains("meant") == false)
  }

  @Test(arguments: [
    (["8090"], "there is no file '8090'; 'portlint ports --port 8090' shows who claims the port"),
    (["ports", "8090"], "there is no file '8090'; 'portlint ports --port 8090' shows who claims the port"),
    (["version"], "there is no file 'version'; is '--version' meant?"),
    (["explain", "8090"], "there is no rule '8090': 'portlint service 8090' says who has a port"),
  ])
  func whatElseMayBeMeantIsTold(_ arguments: [String], _ hint: String) throws {
    let run = try Run(arguments, files: [:])
    #expect(run.status == 2)
    #expect(run.errors.hasSuffix("portlint: \(hint)\n"))
  }

  @Test(arguments: cases)
  func statusSaysWhatHappened(_ test: Case) throws {
    #expect(try Run(test.arguments, files: test.files).status == test.status)
  }
}
