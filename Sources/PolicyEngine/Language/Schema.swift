import PortModel

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
    let (body, definitions) = self == .policy ? (policyBody, [:]) : (ruleBody, conditionDefinitions)
    node.merge(body) { $1 }
    if !definitions.isEmpty { node["$defs"] = .object(definitions) }
    return .object(node)
  }
}

/// A value of JSON.
package indirect enum SchemaNode: Encodable, Sendable {
  case text(String)
  case flag(Bool)
  case number(Int)
  case list([SchemaNode])
  case object([String: SchemaNode])

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .text(let text): try container.encode(text)
    case .flag(let flag): try container.encode(flag)
    case .number(let number): try container.encode(number)
    case .list(let nodes): try container.encode(nodes)
    case .object(let nodes): try container.encode(nodes)
    }
  }
}

// MARK: - Policies

private let policyBody = mapping(of: PolicyKey.self) { key in
  switch key {
  case .extends, .exclude, .ruleFiles: texts
  case .platform: word(Platform.self)
  case .ranges: map(to: ports)
  case .services:
    .object(
      mapping(of: ServicesKey.self) { key in
        switch key {
        case .database: text
        case .add: map(to: texts)
        }
      })
  case .rules: map(to: either([word(SeverityWord.self), .object(ruleSetting)]))
  case .allocations:
    list(
      of: mapping(of: AllocationKey.self, required: [.ports]) { key in
        switch key {
        case .ports: ports
        case .owner, .protocol: texts
        case .reservedFor: text
        }
      })
  case .deployments:
    list(of: mapping(of: DeploymentKey.self, required: [.files]) { $0 == .name ? text : texts })
  case .projects: list(of: mapping(of: ProjectKey.self, required: [.files]) { _ in texts })
  }
}

private let ruleSetting = mapping(of: RuleSettingKey.self) { key in
  switch key {
  case .severity: word(SeverityWord.self)
  case .except:
    list(
      of: mapping(of: ExceptionKey.self, required: [.reason]) { key in
        switch key {
        case .owner, .namespace, .file, .protocol: texts
        case .port: ports
        case .reason: text
        }
      })
  }
}

// MARK: - Rules

private let ruleBody = mapping(of: RuleKey.self, required: [.id, .family, .severity, .summary, .message, .help]) {
  key in
  switch key {
  case .id, .summary, .message, .help, .why: text
  case .family: word(RuleInfo.Family.self)
  case .severity: word(SeverityWord.self)
  case .required: .object(["const": .flag(true)])
  case .from: .object(["const": .text("reading")])
  case .subject: word(Subject.self)
  case .when: reference("condition")
  case .relation: word(Relation.self)
  case .outcome: word(Relation.Outcome.self)
  case .yieldsTo, .references: texts
  case .cases: map(to: .object(mapping(of: CaseKey.self, required: [.message]) { _ in text }))
  case .passes, .fails:
    list(
      of: mapping(of: RuleExampleKey.self) { key in
        switch key {
        case .manifest: text
        case .files: map(to: text)
        case .named: texts
        case .findings: list(of: mapping(of: ExpectedFindingKey.self, required: [.at, .message]) { _ in text })
        }
      })
  }
}

private let conditionDefinitions: [String: SchemaNode] = [
  "condition": .object(
    mapping(of: ConditionKey.self) { key in
      switch key {
      case .role: words(Binding.Role.self)
      case .scope: words(BindingFacts.ScopeWord.self)
      case .format: words(Format.self)
      case .network: words(OwnerCondition.NetworkWord.self)
      case .privilege: words(BindingFacts.PrivilegeWord.self)
      case .effect: words(BindingFacts.EffectWord.self)
      case .field: words(Reference.Field.self)
      case .wanted: words(ReferenceFacts.WantedWord.self)
      case .kind, .owner, .namespace, .container, .file, .image, .protocol, .name, .appProtocol, .service, .address:
        texts
      case .labels: map(to: texts)
      case .replicas: either([number, .object(mapping(of: CountKey.self) { _ in number })])
      case .named, .authenticated, .controlPlane: .object(["type": .text("boolean")])
      case .port, .target: either([portSources, .object(mapping(of: PortConditionKey.self) { _ in portSources })])
      case .all, .any, .not:
        either([
          reference("condition"),
          .object(["type": .text("array"), "items": reference("condition"), "minItems": .number(1)]),
        ])
      }
    })
]

// MARK: - Shapes

/// A mapping of the keys of a table and no others.
private func mapping<Key: RawRepresentable & CaseIterable>(
  of keys: Key.Type, required: [Key] = [], _ value: (Key) -> SchemaNode
) -> [String: SchemaNode] where Key.RawValue == String {
  var node: [String: SchemaNode] = [
    "type": .text("object"), "additionalProperties": .flag(false),
    "properties": .object(Dictionary(uniqueKeysWithValues: Key.allCases.map { ($0.rawValue, value($0)) })),
  ]
  if !required.isEmpty { node["required"] = .list(required.map { .text($0.rawValue) }) }
  return node
}

/// A mapping of names of the reader's own.
private func map(to value: SchemaNode) -> SchemaNode {
  .object(["type": .text("object"), "additionalProperties": value])
}

private func list(of item: [String: SchemaNode]) -> SchemaNode {
  .object(["type": .text("array"), "items": .object(item)])
}

private func either(_ nodes: [SchemaNode]) -> SchemaNode {
  .object(["anyOf": .list(nodes)])
}

private func reference(_ name: String) -> SchemaNode {
  .object(["$ref": .text("#/$defs/\(name)")])
}

private func word<Word: RawRepresentable & CaseIterable>(_ words: Word.Type) -> SchemaNode
where Word.RawValue == String {
  .object(["enum": .list(Word.allCases.map { .text($0.rawValue) })])
}

/// One of some words, or several.
private func words<Word: RawRepresentable & CaseIterable>(_ type: Word.Type) -> SchemaNode
where Word.RawValue == String {
  either([word(type), .object(["type": .text("array"), "items": word(type)])])
}

private let number = SchemaNode.object(["type": .text("integer"), "minimum": .number(0)])
/// What YAML may take for a number is text all the same.
private let scalar = SchemaNode.object(["type": .list([.text("string"), .text("number"), .text("boolean")])])
private let text = scalar
/// A text, or several.
private let texts = either([scalar, .object(["type": .text("array"), "items": scalar])])
private let port = SchemaNode.object([
  "type": .list([.text("integer"), .text("string")]), "minimum": .number(0), "maximum": .number(65535),
])
private let ports = either([port, .object(["type": .text("array"), "items": port, "minItems": .number(1)])])
private let portSources = ports
