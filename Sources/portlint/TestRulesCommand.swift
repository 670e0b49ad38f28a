import ArgumentParser
import PolicyEngine
import PortModel
import Reporters
import SourceText
import Workspace

/// `portlint test-rules [FILE ...]`
struct TestRulesCommand: StatusCommand {
  static let configuration = CommandConfiguration(
    commandName: "test-rules", abstract: "Run the examples inside rule files.",
    discussion: """
      Each example of `passes` and `fails` is linted under the policy, and what the rule says of it is held against what \
      the example expects. The exit status is 1 when an example fails, and 2 when a rule file cannot be read.
      """)

  @Argument(help: ArgumentHelp("Rule files. Without any, those that the policy names.", valueName: "file"))
  var files: [String] = []

  @Option(help: ArgumentHelp("The policy file.", valueName: "file"))
  var config: String?

  func status() throws -> ExitStatus {
    var settings = CommonSettings()
    settings.config = config
    let loaded = try settings.policy()
    if files.isEmpty, !loaded.problems.isEmpty { return writeBrokenPolicy(try settings.report(loaded)) }
    let sources = try files.isEmpty ? loaded.ruleFiles : files.enumerated().map { try source($1, number: $0) }
    guard !sources.isEmpty else {
      throw RunFailure(message: "no rule files: name some, or let the policy's 'rule-files' do it")
    }
    let tests = sources.map { loaded.test($0) }
    let isWritten = Console.standardOutput.write(tests.map { ruleTestText($0) }.joined() + summary(tests))
    guard isWritten, tests.allSatisfy(\.problems.isEmpty) else { return .incomplete }
    return tests.allSatisfy(\.failures.isEmpty) ? .clean : .findings
  }

  private func source(_ path: String, number: Int) throws -> SourceFile {
    do throws(ReadFailure) {
      return SourceFile(id: FileID(number), path: path, contents: try DiskFiles().contents(of: path))
    } catch {
      throw RunFailure(message: "\(escapedForTerminal(path)): \(error.reason)")
    }
  }

  private func summary(_ tests: [RuleTest]) -> String {
    let examples = tests.map(\.examples).reduce(0, +)
    let failures = tests.map(\.failures.count).reduce(0, +)
    let broken = tests.count { !$0.problems.isEmpty }
    let parts = [
      "\(counted(tests.count, "rule")), \(counted(examples, "example")): \(counted(failures, "failure"))",
      broken == 0 ? nil : "\(counted(broken, "file")) not read",
    ]
    return parts.compactMap { $0 }.joined(separator: ", ") + "\n"
  }

  private func counted(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }
}

/// What a rule file's examples came to, in words: nothing where all is well.
func ruleTestText(_ test: RuleTest) -> String {
  let lines = LineTable(of: test.file.bytes)
  func headline(_ place: SourceRange, _ text: String) -> String {
    let position = lines.position(of: Int(place.start))
    return escapedForTerminal("\(test.file.path):\(position.line):\(position.column): \(text)") + "\n"
  }
  var result = test.problems.map { headline($0.place, "error: \($0.message) [policy]") }.joined()
  for failure in test.failures {
    switch failure.kind {
    case .lacks(let kind):
      result += headline(failure.place, "error: no example under '\(kind)'")
    case .differs(let missing, let unexpected):
      result += headline(failure.place, "error: the rule says something else of this example")
      result += missing.map { "  - \(escapedForTerminal($0))\n" }.joined()
      result += unexpected.map { "  + \(escapedForTerminal($0))\n" }.joined()
    }
  }
  return result
}
