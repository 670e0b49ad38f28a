import Foundation
import PolicyEngine
import Reporters
import SourceText
import Testing

/// The schemas that others fetch are those of what is read and written.
@Suite struct SchemaTests {
  @Test(arguments: Schema.allCases)
  func theFileIsCurrent(_ schema: Schema) throws {
    let file = ExampleTests.folder.deletingLastPathComponent().appending(path: "rules/schema/\(schema.rawValue).json")
    let written = try String(contentsOf: file, encoding: .utf8)
    #expect(written == encoded(schema.document, formatting: [.prettyPrinted]), "run .ci/update-schema")
  }

  @Test func theFileOfReportsIsCurrent() throws {
    let file = ExampleTests.folder.deletingLastPathComponent().appending(path: "rules/schema/report.json")
    let written = try String(contentsOf: file, encoding: .utf8)
    #expect(written == encoded(reportSchema, formatting: [.prettyPrinted]), "run .ci/update-schema")
  }

  private static func keys(_ node: SchemaNode?) -> Set<String> {
    guard case .object(let object)? = node, case .object(let properties)? = object["properties"] else { return [] }
    return Set(properties.keys)
  }

  @Test func theSchemasNameTheKeysOfTheDecodersAndNoOthers() {
    #expect(Self.keys(Schema.policy.document) == Set(PolicyKey.allCases.map(\.rawValue)))
    #expect(Self.keys(Schema.rule.document) == Set(RuleKey.allCases.map(\.rawValue)))
    guard case .object(let rule) = Schema.rule.document, case .object(let definitions)? = rule["$defs"] else {
      Issue.record("no definitions")
      return
    }
    #expect(Self.keys(definitions["condition"]) == Set(ConditionKey.allCases.map(\.rawValue)))
  }
}
