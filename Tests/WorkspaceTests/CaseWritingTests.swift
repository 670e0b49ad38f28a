import Foundation
import PolicyEngine
import SourceText
import Testing
import Workspace

/// Writes the rules' examples and the broken policies as cases for `.ci/compare-programs`.
@Suite struct CaseWritingTests {
  private static let output = ProcessInfo.processInfo.environment["PORTLINT_CASES"]

  @Test(.enabled(if: output != nil)) func writesCases() throws {
    var cases: [[String: Any]] = []
    for (name, text) in BuiltIn.ruleFiles {
      let source = SourceFile(id: FileID(0), path: "rules/\(name)", contents: Array(text.utf8))
      let lines = LineTable(of: source.bytes)
      for example in decodeRuleExamples(source).examples {
        let line = lines.position(of: Int(example.place.start)).line
        let files = Dictionary(example.files.map { ($0.path, $0.text) }, uniquingKeysWith: { $1 })
        cases.append([
          "name": "rules/\(name):\(line)", "files": files, "named": example.named, "rule": String(name.dropLast(5)),
        ])
      }
    }
    for (number, broken) in BrokenPolicyTests.broken.enumerated() {
      let manifest = "services: {a: {image: a, ports: [\"80:80\"]}, b: {image: b, ports: [\"80:80\"]}}\n"
      let files = broken.files.merging([".portlint.yaml": broken.policy, "compose.yaml": manifest]) { own, _ in own }
      cases.append(["name": "broken policy \(number + 1)", "files": files, "named": [String]()])
    }
    let lines = try cases.map { try JSONSerialization.data(withJSONObject: $0, options: .sortedKeys) }
    try Data(lines.joined(separator: Data("\n".utf8))).write(to: URL(filePath: try #require(Self.output)))
  }
}
