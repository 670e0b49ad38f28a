import BuiltInRules
import PolicyEngine
import PortModel
import SourceText
import SourceYAML

/// The rules and tables that ship with portlint.
package enum BuiltIn {
  /// The rules, in the order of their ids.
  package static func rules() -> [Rule] { BuiltInRules.rules }

  /// What the address of a rule's page begins with, before its id; nothing while portlint has no home on the web.
  static let rulePages: String? = nil

  /// The table `known-services`.
  package static var knownServices: KnownServices { BuiltInRules.knownServices }

  /// The table `exposed`.
  package static var exposed: ExposedServices { BuiltInRules.exposed }

  /// The tables of ports that conditions name, by name.
  package static var portTables: [String: PortTable] { BuiltInRules.portTables }

  /// The whole text of each rule file, by its name, for what people read and tests run.
  package static var ruleFiles: [(name: String, text: String)] {
    BuiltInRules.files.filter { isRule($0.name) }.map { ("\($0.name)", "\($0.head)\n\($0.tail)") }
  }

  /// What a rule's file says for people; nothing for a rule that is not portlint's own.
  static func explanation(of rule: String) -> RuleInfo.Explanation? {
    let name = "\(rule).yaml"
    return BuiltInRules.files.first { "\($0.name)" == name }.map { file in
      decodeExplanation(SourceFile(id: .none, path: "rules/\(name)", contents: Array(text: file.tail)))
    }
  }

  /// The ids of the rules, without reading them.
  package static var ruleIDs: [String] {
    BuiltInRules.files.filter { isRule($0.name) }.map { String("\($0.name)".dropLast(5)) }
  }

  /// The text of each table, by its name.
  package static var tableFiles: [(name: String, text: String)] {
    BuiltInRules.files.filter { $0.name.hasPrefix("tables/") }
      .map { (String("\($0.name)".dropFirst(7).dropLast(4)), "\($0.head)") }
  }

  /// The names of the presets.
  package static var presetNames: [String] {
    presetFiles.map(\.name)
  }

  /// The preset of a name.
  package static func preset(_ name: String) -> Policy.Layer? {
    presetFiles.first { $0.name == name }.map { preset in
      let file = SourceFile(id: .none, path: "rules/presets/\(name).yaml", contents: Array(text: preset.text))
      return Policy.Layer(.preset(name), decodePolicy(file).policy)
    }
  }

  private static var presetFiles: [(name: String, text: StaticString)] {
    BuiltInRules.files.filter { $0.name.hasPrefix("presets/") }
      .map { (String("\($0.name)".dropFirst(8).dropLast(5)), $0.head) }
  }

  /// The policy of the built-in rules and tables.
  ///
  /// - Parameter severities: Severities that differ from the rules' own; nothing for off.
  package static func policy(
    rules: [Rule], platform: Platform = .linux, severities: [String: Severity?] = [:]
  ) throws(Policy.Fault) -> Policy {
    var overrides = Policy.Overrides()
    overrides.platform = platform
    overrides.severities = severities
    var problems: [DecodingProblem] = []
    try overrides.check(rules)
    return Policy(
      rules: rules, overrides: overrides, knownServices: knownServices, exposed: exposed, tables: portTables,
      problems: &problems)
  }

  private static func isRule(_ name: StaticString) -> Bool {
    !name.hasPrefix("tables/") && !name.hasPrefix("presets/")
  }
}

extension [UInt8] {
  fileprivate init(text: StaticString) {
    self = text.withUTF8Buffer { Array($0) }
  }
}

extension StaticString {
  fileprivate func hasPrefix(_ prefix: StaticString) -> Bool {
    withUTF8Buffer { text in prefix.withUTF8Buffer { text.starts(with: $0) } }
  }
}
