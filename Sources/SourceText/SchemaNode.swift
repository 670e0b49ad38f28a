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

// MARK: - The shapes of JSON Schema

extension SchemaNode {
  /// A mapping of the keys of a table and no others.
  package static func mapping<Key: RawRepresentable & CaseIterable>(
    of keys: Key.Type, required: [Key] = [], _ value: (Key) -> SchemaNode
  ) -> SchemaNode where Key.RawValue == String {
    var node: [String: SchemaNode] = [
      "type": .text("object"), "additionalProperties": .flag(false),
      "properties": .object(Dictionary(uniqueKeysWithValues: Key.allCases.map { ($0.rawValue, value($0)) })),
    ]
    if !required.isEmpty { node["required"] = .list(required.map { .text($0.rawValue) }) }
    return .object(node)
  }

  /// A mapping of names of the reader's own.
  package static func map(to value: SchemaNode) -> SchemaNode {
    .object(["type": .text("object"), "additionalProperties": value])
  }

  package static func items(of item: SchemaNode) -> SchemaNode {
    .object(["type": .text("array"), "items": item])
  }

  package static func either(_ nodes: [SchemaNode]) -> SchemaNode {
    .object(["anyOf": .list(nodes)])
  }

  package static func reference(_ name: String) -> SchemaNode {
    .object(["$ref": .text("#/$defs/\(name)")])
  }

  package static func word<Word: RawRepresentable & CaseIterable>(_ words: Word.Type) -> SchemaNode
  where Word.RawValue == String {
    .object(["enum": .list(Word.allCases.map { .text($0.rawValue) })])
  }

  /// One of some words, or several.
  package static func words<Word: RawRepresentable & CaseIterable>(_ type: Word.Type) -> SchemaNode
  where Word.RawValue == String {
    either([word(type), items(of: word(type))])
  }

  package static let boolean = SchemaNode.object(["type": .text("boolean")])
  package static let wholeNumber = SchemaNode.object(["type": .text("integer"), "minimum": .number(0)])
}
