import PolicyEngine
import PortModel
import SourceText
import Workspace

/// What one run came to, in words to compare.
struct Outcome {
  let report: Report

  /// Lints files by their paths; every rule is on.
  init(_ files: [String: String]) throws {
    let rules = BuiltIn.rules()
    let off = rules.filter { $0.severity == nil }.map { ($0.id, Severity?.some(.warning)) }
    let policy = try BuiltIn.policy(rules: rules, severities: Dictionary(uniqueKeysWithValues: off))
    let written = WrittenFiles(files.mapValues { Array($0.utf8) })
    report = Workspace(policy: policy, files: written, workers: 1)
      .lint(files.keys.sorted().map { Candidate($0, .found) })
  }

  /// Lints one file.
  init(_ manifest: String) throws {
    try self.init(["deploy.yaml": manifest])
  }

  /// `rule at 7:10`, for the rules that are asked for.
  func findings(of rules: Set<String>) -> [String] {
    report.diagnostics.filter { rules.contains($0.rule) }.map { diagnostic in
      let file = report.files[diagnostic.place.file]
      let position = LineTable(of: file?.bytes ?? []).position(of: Int(diagnostic.place.start))
      return "\(diagnostic.rule) \(position.line):\(position.column)"
    }
  }

  /// `rule: message`, for the rules that are asked for.
  func messages(of rules: Set<String>) -> [String] {
    report.diagnostics.filter { rules.contains($0.rule) }.map { "\($0.rule): \($0.message)" }
  }

  /// The rules that fired, sorted, but for those on which ports are a good choice and what is legal all the same.
  var rules: [String] {
    let aside: Set<String> = [
      "undeclared-port", "host-port", "every-address", "reserved-port", "user-reserved-port", "ephemeral-port",
      "privileged-port", "service-mismatch", "transport-mismatch", "single-transport", "exposed-service",
      "cleartext-service", "browser-blocked-port", "platform-held-port", "unallocated-port",
    ]
    return report.diagnostics.map(\.rule).filter { !aside.contains($0) }.sorted()
  }

  /// The rows of `portlint ports`: `publish 8080/tcp`.
  var rows: [String] {
    report.rows.map { row in
      let binding = report.inventory.bindings[row]
      return "\(binding.role.rawValue) \(binding.text)/\(binding.transport?.name ?? "?")"
    }
  }
}
