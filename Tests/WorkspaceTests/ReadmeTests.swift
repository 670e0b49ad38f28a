import Foundation
import PolicyEngine
import PortModel
import Testing
import Workspace

/// What the README says of rules and formats is what the code does.
@Suite struct ReadmeTests {
  static let readme: String = {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../README.md")
    return (try? String(contentsOf: file, encoding: .utf8)) ?? ""
  }()

  @Test func theTableOfRulesIsThatOfTheRuleFiles() throws {
    let families = Rule.Family.allCases
    let rules = try BuiltIn.rules().sorted { a, b in
      let (left, right) = (families.firstIndex(of: a.family) ?? 0, families.firstIndex(of: b.family) ?? 0)
      return (left, a.id) < (right, b.id)
    }
    let rows = rules.map { "| `\($0.id)` | \($0.severity?.rawValue ?? "off") | \($0.summary) |" }
    let table = Self.readme.components(separatedBy: "<!-- rules:").last?.components(separatedBy: "<!-- end of").first
    let lines = table?.split(separator: "\n").filter { $0.hasPrefix("| `") }.map(String.init)
    #expect(lines == rows, "run .ci/update-readme")
  }

  @Test(arguments: Format.allCases)
  func everyFormatIsInTheTableOfWhatIsRead(_ format: Format) {
    #expect(
      Self.readme.contains("| \(format.rawValue.capitalized) |") || Self.readme.contains("| \(format.rawValue) |"))
  }

  @Test func theFirstScreenShowsWhatTheExampleSays() throws {
    let folder = ExampleTests.folder.appending(path: "compose-conflict/expected.txt")
    let expected = try String(contentsOf: folder, encoding: .utf8)
    let shown = expected.replacingOccurrences(of: "compose.yaml:", with: "examples/compose-conflict/compose.yaml:")
    #expect(Self.readme.contains(shown))
  }
}
