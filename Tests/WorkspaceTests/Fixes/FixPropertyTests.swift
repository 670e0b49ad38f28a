import PolicyEngine
import PortModel
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
