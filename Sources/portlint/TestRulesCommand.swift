import ArgumentParser
import PolicyEngine
import PortModel
import Reporters
import SourceText
import Workspace

/// `portlint test-rules [FILE ...]`
struct TestRulesCommand: StatusCommand {
  static let configuration = CommandConfiguration(
    commandName: "test-rules", abstract: "Run the examples inside files of rules and formats.",
    discussion: """
      Each example of `passes` and `fails` is linted under the policy, and what the rule says of it is held against what \
      the example expects; of a format, what is read of it and found in it. In folders, the files that look like rules or \
      formats are meant. The exit status is 1 when an example fails, and 2 when a file is broken or there is none.
      """)

  @Argument(
    help: ArgumentHelp(
      "Files of rules and formats, or folders of them. Without any, those that the policy names.", valueName: "file"),
    completion: .file())
  var files: [String] = []

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The policy file.", valueName: "file"),
    completion: .file())
  var config: String?

  func status() throws -> ExitStatus {
    let settings = CommonSettings(paths: files, config: config)
    let loaded = try settings.policy()
    if !loaded.problems.isEmpty { return writeBrokenPolicy(loaded) }
    let sources = try files.isEmpty ? loaded.ruleFiles + loaded.formatFiles : named()
    guard !sources.isEmpty else {
      throw RunFailure(
        message: "no files of rules or formats: name some, or let the policy's 'rule-files' and 'formats' do it")
    }
    let tests = loaded.tests(of: sources)
    let broken = tests.filter { !$0.problems.isEmpty }
    var options = ReportOptions(version: portlintVersion)
    options.showsSummary = false
    let problems = broken.isEmpty ? "" : write(loaded.report(on: broken), as: .text, options: options)
    let text = problems + tests.map { ruleTestText($0) }.joined() + summary(tests)
    guard Console.standardOutput.write(text), broken.isEmpty else { return .incomplete }
    return tests.allSatisfy(\.failures.isEmpty) ? .clean : .findings
  }

  private func named() throws -> [SourceFile] {
    try ruleFiles(at: files).map { file, failure in
      guard let failure else { return file }
      throw RunFailure(message: "\(file.shownPath): \(failure.reason)")
    }
  }

  private func summary(_ tests: [RuleTest]) -> String {
    let examples = tests.map(\.examples).reduce(0, +)
    let failures = tests.map(\.failures.count).reduce(0, +)
    let broken = tests.count { !$0.problems.isEmpty }
    let formats = tests.count(where: \.isOfFormat)
    let subjects = [(tests.count - formats, "rule"), (formats, "format")].filter { $0.0 > 0 }
    let parts = [
      subjects.map { counted($0.0, $0.1) }.joined(separator: ", "),
      "\(counted(examples, "example")): \(counted(failures, "failure"))",
      broken == 0 ? nil : "\(counted(broken, "file")) broken",
    ]
    return parts.compactMap { $0 }.joined(separator: ", ") + "\n"
  }
}

/// Which of a rule file's examples fail, in words: nothing where none does.
func ruleTestText(_ test: RuleTest) -> String {
  let lines = LineTable(of: test.file.bytes)
  let rule = test.rule ?? ""
  return test.failures.map { failure in
    let position = lines.position(of: Int(failure.place.start))
    let (text, difference): (String, [DifferenceLine]) =
      switch failure.kind {
      case .lacks(let kind): ("'\(rule)' has no example under '\(kind)'", [])
      case .holdsNoManifest: ("this example of '\(rule)' holds no manifest that portlint knows", [])
      case .differs(let lines): ("'\(rule)' does not do what this example says", lines)
      }
    let headline = "\(test.file.shownPath):\(position.line):\(position.column): error: \(text)"
    return ([headline] + difference.map { "  \($0)" }).map { escapedLine($0) + "\n" }.joined()
  }.joined()
}
