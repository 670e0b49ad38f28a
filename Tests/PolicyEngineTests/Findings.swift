import Foundation
import PolicyEngine
import PortModel
import Workspace

/// What the rules that ship with portlint say of one file, as `rule: message`.
func findings(in manifest: String, path: String = "compose.yaml") throws -> [String] {
  let policy = try BuiltIn.policy(rules: BuiltIn.rules())
  let workspace = Workspace(policy: policy, files: WrittenFiles([path: Array(manifest.utf8)]), workers: 1)
  return workspace.lint([Candidate(path, .found)]).diagnostics.map { "\($0.rule): \($0.message)" }
}

/// How often `port-conflict` fires on one file.
func conflicts(in manifest: String) throws -> Int {
  try findings(in: manifest).count { $0.hasPrefix("port-conflict:") }
}

/// The rows of a table in `Fixtures/`, without its head.
func fixture(_ name: String) -> [[String]] {
  let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/\(name)")
  let text = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
  return text.split(separator: "\n").dropFirst().map { line in
    line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
  }
}
