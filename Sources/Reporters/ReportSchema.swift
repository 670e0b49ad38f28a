import PortModel
import SourceText

/// The JSON Schema (draft 2020-12) of what `lint` and `ports` write with `--format json`: made from the keys of the
/// objects that are written, so that it cannot say others. Further keys may come within the version.
package var reportSchema: SchemaNode {
  .object([
    "$schema": .text("https://json-schema.org/draft/2020-12/schema"),
    "title": .text("What portlint reports as JSON, version 1"),
    "type": .text("object"),
    "if": .object(["required": .list([.text("ports")])]),
    "then": inventory,
    "else": findings,
    "$defs": .object(definitions),
  ])
}

// MARK: - Documents

private let findings = SchemaNode.object(of: FindingsDocument.CodingKeys.self, optional: [.suppressed, .omitted]) {
  key in
  switch key {
  case .version: .constant(1)
  case .tool: .reference("tool")
  case .columns: .constant("unicodeCodePoints")
  case .complete: .boolean
  case .summary: .object(of: SummaryObject.CodingKeys.self) { _ in .wholeNumber }
  case .rules: .items(of: .reference("rule"))
  case .diagnostics: .items(of: .reference("diagnostic"))
  case .suppressed: .items(of: .reference("suppressed"))
  case .omitted: .items(of: .reference("omitted"))
  }
}

private let inventory = SchemaNode.object(of: InventoryDocument.CodingKeys.self) { key in
  switch key {
  case .version: .constant(1)
  case .tool: .reference("tool")
  case .columns: .constant("unicodeCodePoints")
  case .complete: .boolean
  case .ports: .items(of: .reference("row"))
  }
}

// MARK: - Their objects

private let definitions: [String: SchemaNode] = [
  "tool": .object(of: ToolObject.CodingKeys.self) { key in
    switch key {
    case .name: .constant("portlint")
    case .version: .string
    }
  },
  "rule": .object(of: FoundRuleObject.CodingKeys.self) { key in
    switch key {
    case .id, .summary: .string
    case .family: .word(RuleInfo.Family.self)
    case .severity: .words(Severity.allCases.map(\.rawValue) + [FoundRuleObject.off])
    case .url: .orNull(.string)
    }
  },
  "diagnostic": .object(of: DiagnosticObject.CodingKeys.self) { key in
    switch key {
    case .rule, .message, .help, .fingerprint: .string
    case .severity: .word(Severity.self)
    case .location: .reference("location")
    case .owner: .orNull(.reference("owner"))
    case .port: .orNull(.reference("ports"))
    case .protocol: .orNull(.string)
    case .source: .items(of: .reference("source"))
    case .related:
      .items(
        of: .object(of: RelatedObject.CodingKeys.self) { key in
          switch key {
          case .message: .string
          case .location: .reference("location")
          }
        })
    case .fixes: .items(of: .reference("fix"))
    }
  },
  "fix": .object(of: FixObject.CodingKeys.self) { key in
    switch key {
    case .title: .string
    case .safety: .word(Fix.Safety.self)
    case .edits:
      .items(
        of: .object(of: EditObject.CodingKeys.self) { key in
          switch key {
          case .location: .reference("location")
          case .replacement: .string
          }
        })
    }
  },
  "suppressed": .object(of: SuppressedObject.CodingKeys.self) { key in
    switch key {
    case .by: .word(Waiver.Kind.self)
    case .reason: .orNull(.string)
    case .location: .orNull(.reference("location"))
    case .diagnostic: .reference("diagnostic")
    }
  },
  "omitted": .object(of: OmittedObject.CodingKeys.self) { key in
    switch key {
    case .rule: .string
    case .severity: .word(Severity.self)
    case .file: .orNull(.string)
    case .count: .wholeNumber
    case .suppressed: .boolean
    }
  },
  "row": .object(of: PortObject.CodingKeys.self) { key in
    switch key {
    case .location: .reference("location")
    case .format, .text: .string
    case .role: .word(Binding.Role.self)
    case .state: .word(StateWord.self)
    case .owner: .reference("owner")
    case .scope: .reference("scope")
    case .address:
      .object(of: AddressObject.CodingKeys.self) { key in
        switch key {
        case .kind: .word(AddressWord.self)
        case .value: .orNull(.string)
        }
      }
    case .port: .orNull(.reference("ports"))
    case .pick: .word(Binding.Pick.self)
    case .protocol, .name: .orNull(.string)
    case .target: .orNull(.reference("target"))
    case .source: .items(of: .reference("source"))
    }
  },
  "target": .object(of: TargetObject.CodingKeys.self) { key in
    switch key {
    case .start, .end: .orNull(.portNumber)
    case .name: .orNull(.string)
    case .source: .items(of: .reference("source"))
    }
  },
  "owner": .object(of: OwnerObject.CodingKeys.self) { key in
    switch key {
    case .kind: .string
    case .name, .namespace, .container: .orNull(.string)
    case .scope: .reference("scope")
    }
  },
  "scope": .object(of: ScopeObject.CodingKeys.self) { key in
    switch key {
    case .kind: .word(ScopeNames.Kind.self)
    case .name, .path: .orNull(.string)
    }
  },
  "source": .object(of: SourceObject.CodingKeys.self) { key in
    switch key {
    case .name: .string
    case .value: .orNull(.string)
    case .location: .reference("location")
    }
  },
  "location": .object(of: LocationObject.CodingKeys.self) { key in
    switch key {
    case .file: .string
    case .start, .end: .object(of: PositionObject.CodingKeys.self) { _ in .wholeNumber }
    }
  },
  "ports": .object(of: PortRangeObject.CodingKeys.self) { _ in .portNumber },
]

// MARK: - Shapes

extension SchemaNode {
  /// An object that has the keys of a table, and may have others.
  fileprivate static func object<Key: RawRepresentable & CaseIterable & Equatable>(
    of keys: Key.Type, optional: [Key] = [], _ value: (Key) -> SchemaNode
  ) -> SchemaNode where Key.RawValue == String {
    .object([
      "type": .text("object"),
      "required": .list(Key.allCases.filter { !optional.contains($0) }.map { .text($0.rawValue) }),
      "properties": .object(Dictionary(uniqueKeysWithValues: Key.allCases.map { ($0.rawValue, value($0)) })),
    ])
  }

  fileprivate static func orNull(_ node: SchemaNode) -> SchemaNode {
    either([node, .object(["type": .text("null")])])
  }

  fileprivate static func words(_ words: [String]) -> SchemaNode {
    .object(["enum": .list(words.map { .text($0) })])
  }

  fileprivate static func constant(_ text: String) -> SchemaNode {
    .object(["const": .text(text)])
  }

  fileprivate static func constant(_ number: Int) -> SchemaNode {
    .object(["const": .number(number)])
  }

  fileprivate static let string = SchemaNode.object(["type": .text("string")])
  fileprivate static let portNumber = SchemaNode.object([
    "type": .text("integer"), "minimum": .number(0), "maximum": .number(65535),
  ])
}
