import Foundation
import Testing

/// What a page shows of a run is what such a run says: blocks of `console`, each with a command behind `$`.
@Suite struct DocsRunTests {
  private static let root = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL

  private static func blocks(of language: String, in page: String) throws -> [String] {
    let text = try String(contentsOf: root.appending(path: page), encoding: .utf8)
    return text.components(separatedBy: "```\(language)\n").dropFirst().map { $0.components(separatedBy: "```\n")[0] }
  }

  private static func files(of story: String) throws -> [String: String] {
    let folder = root.appending(path: "examples/\(story)")
    let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
    let files = paths.compactMap { path in
      (try? String(contentsOf: folder.appending(path: path), encoding: .utf8)).map { (path, $0) }
    }
    return Dictionary(uniqueKeysWithValues: files)
  }

  @Test func thePageOfFormatsShowsWhatIsSaid() throws {
    let files = try Self.files(of: "own-format")
    let blocks = try Self.blocks(of: "console", in: "docs/formats.md")
    #expect(blocks.count == 6)
    for block in blocks {
      let lines = block.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
      let words = lines[0].split(separator: " ").map(String.init)
      #expect(words.prefix(2) == ["$", "portlint"])
      let run = try Run(Array(words.dropFirst(2)), files: files)
      #expect(run.output + run.errors == lines[1])
    }
  }

  @Test func thePagesOfRulesAndFormatsAreAsTheyAreMade() throws {
    let check = Process()
    let errors = Pipe()
    check.executableURL = URL(filePath: "/usr/bin/env")
    check.arguments = ["python3", "-B", ".ci/update-docs", "--check", Run.executable.path]
    check.currentDirectoryURL = Self.root
    check.standardError = errors
    try check.run()
    let said = try errors.fileHandleForReading.readToEnd() ?? Data()
    check.waitUntilExit()
    #expect(check.terminationStatus == 0, "\(String(decoding: said, as: UTF8.self))")
  }

  @Test func theRuleShownDoesWhatItsExamplesSay() throws {
    let rule = try Self.blocks(of: "yaml", in: "docs/own-rules.md")[0]
    let run = try Run(["test-rules", "own.yaml"], files: ["own.yaml": rule])
    #expect(run.output == "1 rule, 2 examples: 0 failures\n")
    #expect(run.status == 0)
  }

  @Test func thePageOfFormatsShowsTheFilesOfTheExample() throws {
    let files = try Self.files(of: "own-format")
    let shown = try Self.blocks(of: "yaml", in: "docs/formats.md")
    let expected = ["sites/edge.yaml", ".portlint.yaml", "policy/formats/switchboard.yaml"].map { files[$0] }
    #expect(shown == expected)
  }
}
