import Foundation
import PolicyEngine
import PortModel
import Reporters
import SourceText
import Synchronization
import Testing
import Workspace

/// What holds of every fix, over the examples of all rules: the finding is gone, nothing new is found, nothing but the
/// edits' characters is changed, and there is nothing more to do.
@Suite struct FixPropertyTests {
  private static func examples(of name: String) -> [RuleExample] {
    let text = BuiltIn.ruleFiles.first { $0.name == name }?.text ?? ""
    return decodeRuleExamples(SourceFile(id: FileID(0), path: name, contents: Array(text.utf8))).examples
  }

  /// How often each rule says something of an owner.
  private static func tally(_ report: Report) -> [String: Int] {
    report.diagnostics.reduce(into: [:]) { tally, finding in
      let owner = finding.owner.map { report.inventory[$0].phrase } ?? ""
      tally["\(finding.rule) of \(owner)", default: 0] += 1
    }
  }

  /// One fix after another: each may be applied without the others.
  @Test(arguments: BuiltIn.ruleFiles.map(\.name), ["\n", "\r\n"])
  func eachFixMendsItsFindingAndBringsNone(_ name: String, _ lineEnd: String) throws {
    // What is off in it would be found in whatever can be read at last.
    let policy = LoadedPolicy.recommended()
    for example in Self.examples(of: name) {
      let files = example.files.map { ($0.path, Array($0.text.replacing("\n", with: lineEnd).utf8)) }
      let written = WrittenFiles(Dictionary(files, uniquingKeysWith: { $1 }))
      Self.expectFixesToMend(written, example.paths.map { Candidate($0, .found) }, policy, of: name)
    }
  }

  @Test(arguments: ExampleTests.stories)
  func eachFixMendsItsFindingInTheStories(_ name: String) throws {
    let story = try ExampleTests.Story(name)
    let written = WrittenFiles(story.files)
    let policy = try PolicyLoader.load(PolicyRequest(), files: written)
    Self.expectFixesToMend(written, story.candidates, policy, of: name, mayBringClaims: true)
  }

  private static func expectFixesToMend(
    _ written: WrittenFiles, _ candidates: [Candidate], _ policy: LoadedPolicy, of name: String,
    mayBringClaims: Bool = false
  ) {
    let lint = { (files: any FileSource) in
      var report = Workspace(policy, files: files, workers: 1).lint(candidates)
      Mending.fill(&report, policy: policy.policy)
      return report
    }
    let report = lint(written)
    let before = tally(report)
    for (number, finding) in report.diagnostics.enumerated() where !finding.fixes.isEmpty {
      var single = report
      for other in single.diagnostics.indices where other != number { single.diagnostics[other].fixes = [] }
      var fixed = FixedFiles(written)
      #expect(fixed.apply(single, isUnsafe: true) { _ in true }.count == 1)
      let after = lint(fixed)
      let told = "\(name) \(finding.message): \(finding.fixes)"
      // An entry that nobody could read claims nothing; what is off in it is found once it is mended.
      if mayBringClaims, after.inventory.bindings.count > report.inventory.bindings.count {
        #expect(!after.diagnostics.contains { $0.rule == finding.rule && $0.message == finding.message }, "\(told)")
        continue
      }
      #expect(after.diagnostics.count < report.diagnostics.count, "\(told)")
      for (saying, count) in tally(after) { #expect(count <= before[saying, default: 0], "\(told): \(saying)") }
    }
  }

  /// What all fixes together make of files, round after round, as `--fix` does.
  private struct Mended {
    let name: String
    let files: [(path: ExactText, before: [UInt8], after: [UInt8])]

    /// How many rounds there are at most: a remedy may bring others to light.
    private static let mostRounds = 10

    init(_ name: String, _ written: WrittenFiles, _ candidates: [Candidate], _ policy: LoadedPolicy) throws {
      var fixed = FixedFiles(written)
      var isDone = false
      for _ in 0..<Mended.mostRounds where !isDone {
        var report = Workspace(policy, files: fixed, workers: 1).lint(candidates)
        Mending.fill(&report, policy: policy.policy)
        let mended = fixed.apply(report, isUnsafe: true) { _ in true }
        for (file, edits) in Dictionary(grouping: mended.flatMap { $0.fixes[0].edits }, by: \.place.file) {
          let file = try #require(report.files[file])
          let after = try #require(fixed.fixed[file.path.exact]).after
          expectOnly(edits, between: file, and: after, in: name)
        }
        isDone = mended.isEmpty
      }
      #expect(isDone, "\(name): there is always more to do")
      self.name = name
      files = fixed.fixed.map { ($0.key, $0.value.before, $0.value.after) }.sorted { $0.0 < $1.0 }
    }
  }

  /// Nothing but what edits name differs between what was read and what is written.
  private static func expectOnly(_ edits: [Edit], between file: SourceFile, and after: [UInt8], in name: String) {
    var (before, after) = (file.bytes[...], after[...])
    var start = 0
    for edit in edits.sorted(by: { $0.place < $1.place }) {
      let kept = Int(edit.place.start) - start
      #expect(after.prefix(kept) == before.prefix(kept), "\(name) before \(edit)")
      (before, after) = (before.dropFirst(kept), after.dropFirst(kept))
      #expect(after.starts(with: edit.replacement.utf8), "\(name): \(edit)")
      (before, after) = (before.dropFirst(edit.place.offsets.count), after.dropFirst(edit.replacement.utf8.count))
      start = Int(edit.place.end)
    }
    #expect(after == before, "\(name) behind the last edit")
  }

  /// The examples of all rules, with either end of lines, and the stories, as fixes leave them.
  private static func allMended() throws -> [Mended] {
    let policy = LoadedPolicy.recommended()
    var all: [Mended] = []
    for name in BuiltIn.ruleFiles.map(\.name) {
      for (example, lineEnd) in examples(of: name).flatMap({ [($0, "\n"), ($0, "\r\n")] }) {
        let files = example.files.map { ($0.path, Array($0.text.replacing("\n", with: lineEnd).utf8)) }
        let written = WrittenFiles(Dictionary(files, uniquingKeysWith: { $1 }))
        all.append(try Mended(name, written, example.paths.map { Candidate($0, .found) }, policy))
      }
    }
    for name in ExampleTests.stories {
      let story = try ExampleTests.Story(name)
      let written = WrittenFiles(story.files)
      all.append(try Mended(name, written, story.candidates, try PolicyLoader.load(PolicyRequest(), files: written)))
    }
    return all
  }

  /// `git apply` and `patch` make of what was read what `--fix` writes.
  @Test func theDiffIsWhatIsWritten() throws {
    let root = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: root) }
    var diff: [UInt8] = []
    var expected: [String: [UInt8]] = [:]
    for (number, mended) in try Self.allMended().enumerated() {
      for file in mended.files {
        let path = "\(number)/\(file.path.text)"
        for tool in ["git", "patch"] {
          try Self.write(file.before, to: root.appending(path: tool).appending(path: path))
        }
        _ = unifiedDiff(of: path, from: file.before, to: file.after) { diff += $0 }
        expected[path] = file.after
      }
    }
    #expect(expected.count > 100)
    try Self.write(diff, to: root.appending(path: "change.diff"))
    for (tool, arguments) in [
      ("git", ["-c", "core.autocrlf=false", "apply", "--whitespace=nowarn", "../change.diff"]),
      ("patch", ["-p1", "--quiet", "--binary", "--no-backup-if-mismatch", "-i", "../change.diff"]),
    ] {
      let folder = root.appending(path: tool)
      let run = Process()
      run.executableURL = URL(filePath: "/usr/bin/env")
      run.arguments = [tool] + arguments
      run.currentDirectoryURL = folder
      run.environment = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "", "GIT_CEILING_DIRECTORIES": "/"]
      try run.run()
      run.waitUntilExit()
      #expect(run.terminationStatus == 0, "\(tool)")
      for (path, after) in expected {
        let contents = try Data(contentsOf: folder.appending(path: path))
        #expect(Array(contents) == after, "\(tool) \(path)")
      }
    }
  }

  private static func write(_ contents: [UInt8], to path: URL) throws {
    try FileManager.default.createDirectory(at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(contents).write(to: path)
  }

  /// One file that changes while it is looked at.
  private final class ChangingFile: FileSource {
    let text = Mutex("services: {a: {image: a, ports: ['80:80', '80:80']}}\n")

    func contents(of path: String) throws(ReadFailure) -> [UInt8] { Array(text.withLock { $0 }.utf8) }
    func paths(matching glob: String, from folder: String) -> [String] { [] }
    func isIgnored(_ path: String, onlyByGit: Bool) -> Bool { false }
  }

  @Test func aFileThatChangesMeanwhileIsNoticed() {
    let policy = LoadedPolicy.recommended()
    let file = ChangingFile()
    var report = Workspace(policy, files: file, workers: 1).lint([Candidate("compose.yaml", .named)])
    Mending.fill(&report, policy: policy.policy)
    var fixed = FixedFiles(file)
    #expect(!fixed.apply(report, isUnsafe: false) { _ in true }.isEmpty)
    #expect(fixed.isAsItWas("compose.yaml".exact))
    file.text.withLock { $0 += "# more\n" }
    #expect(!fixed.isAsItWas("compose.yaml".exact))
  }
}
