import PortModel
import SourceText

/// The JSON Schemas of what portlint reads strictly, for editors: made from the key tables and words of the decoders, so
/// that they cannot say anything else.
package enum Schema: String, CaseIterable, Sendable {
  case policy
  case rule

  /// The schema (draft 2020-12).
  package var document: SchemaNode {
    var node: [String: SchemaNode] = [
      "$schema": .text("https://json-schema.org/draft/2020-12/schema"),
      "title": .text(self == .policy ? "A portlint policy, .portlint.yaml" : "A rule of portlint"),
    ]
    if case .object(let body) = self == .policy ? policyBody : ruleBody { node.merge(body) { $1 } }
    if self == .rule { node["$defs"] = .object(["condition": .mapping(of: ConditionKey.self) { $0.form.schema }]) }
    return .object(node)
  }
}

// MARK: - Policies

private let policyBody = SchemaNode.mapping(of: PolicyKey.self) { key in
  switch key {
  case .extends, .exclude, .ruleFiles, .formats: .texts
  case .platform: .word(Platform.self)
  case .baseline, .environmentFile: .anyText
  case .failOn: .word(Threshold.self)
  case .ranges: .map(to: .ports)
  case .services:
    .mapping(of: ServicesKey.self) { key in
      switch key {
      case .database: .anyText
      case .add: .map(to: .texts)
      }
    }
  case .rules: .map(to: .either([.word(SeverityWord.self), ruleSetting]))
  case .allocations:
    .items(
      of: .mapping(of: AllocationKey.self, required: [.ports]) { key in
        switch key {
        case .ports: .ports
        case .owner, .protocol: .texts
        case .reservedFor: .anyText
        }
      })
  case .deployments:
    .items(of: .mapping(of: DeploymentKey.self, required: [.files]) { $0 == .name ? .anyText : .texts })
  case .projects: .items(of: .mapping(of: ProjectKey.self, required: [.files]) { _ in .texts })
  }
}

private let ruleSetting = SchemaNode.mapping(of: RuleSettingKey.self) { key in
  switch key {
  case .severity: .word(SeverityWord.self)
  case .except:
    .items(
      of: .mapping(of: ExceptionKey.self, required: [.reason]) { key in
        switch key {
        case .owner, .namespace, .file, .protocol: .texts
        case .port: .ports
        case .reason: .anyText
        }
      })
  }
}

// MARK: - Rules

private let ruleBody = SchemaNode.mapping(
  of: RuleKey.self, required: [.id, .family, .severity, .summary, .message, .help]
) {
  key in
  switch key {
  case .id, .summary, .message, .help, .why: .anyText
  case .family: .word(RuleInfo.Family.self)
  case .severity: .word(SeverityWord.self)
  case .required: .object(["const": .flag(true)])
  case .from: .object(["const": .text("reading")])
  case .subject: .word(Subject.self)
  case .when: .reference("condition")
  case .relation: .word(Relation.self)
  case .outcome: .word(Relation.Outcome.self)
  case .yieldsTo, .references: .texts
  case .fix: .word(FixWord.self)
  case .cases:
    .map(
      to: .mapping(of: CaseKey.self, required: [.message]) { key in
        key == .fix ? .word(FixWord.self) : .anyText
      })
  case .passes, .fails:
    .items(
      of: .mapping(of: RuleExampleKey.self) { key in
        switch key {
        case .manifest: .anyText
        case .files: .map(to: .anyText)
        case .named: .texts
        case .findings: .items(of: .mapping(of: ExpectedFindingKey.self, required: [.at, .message]) { _ in .anyText })
        }
      })
  }
}

// MARK: - Shapes

extension SchemaNode {
  /// What YAML may take for a number is text all the same.
  static let anyText = SchemaNode.object(["type": .list([.text("string"), .text("number"), .text("boolean")])])
  /// A text, or several.
  static let texts = either([anyText, items(of: anyText)])
  /// Ports, ranges and their names, one or several.
  static let ports = either([port, .object(["type": .text("array"), "items": port, "minItems": .number(1)])])
  private static let port = SchemaNode.object([
    "type": .list([.text("integer"), .text("string")]), "minimum": .number(0), "maximum": .number(65535),
  ])
}
