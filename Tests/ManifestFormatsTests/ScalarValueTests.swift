import SourceText
import Testing

@testable import ManifestFormats
@testable import SourceYAML

/// `Fixtures/yaml-scalar-resolution.tsv`: what go-yaml makes of plain scalars, and what PyYAML (YAML 1.1) does.
@Suite struct ScalarValueTests {
  static let rows = fixtureTable("yaml-scalar-resolution.tsv")

  @Test(arguments: rows)
  func isResolvedAsGoYAMLResolvesIt(_ row: [String]) {
    let value = Array(row[0].utf8).withUnsafeBufferPointer { bytes in
      bytes.baseAddress.map { ScalarValue(plain: YAMLText(base: $0, count: bytes.count)) } ?? .null
    }
    switch row[1] {
    case "int": #expect(value == .int(Int(row[2]) ?? -9999))
    case "float": #expect(value == .float(Double(row[2]) ?? -9999))
    case "null": #expect(value == .null)
    case "timestamp": #expect(value == .timestamp)
    // `on` and `yes` are text from go-yaml's version 3 on.
    default: #expect(value == .string)
    }
  }

  @Test(arguments: rows)
  func isASexagesimalNumberWhereYAML11SaysSo(_ row: [String]) {
    let file = SourceFile(id: FileID(0), path: "a.yaml", contents: Array("[\(row[0])]".utf8))
    _ = readYAML(file, keepingCommentsWith: "portlint:") { document in
      guard let item = document.root.items.first(where: { _ in true }) else { return }
      let isBase60 = row[0].contains(":") && row[3] == "int"
      #expect(ScalarValue.sexagesimalNumber(of: item) == (isBase60 ? Int(row[4]) : nil))
    }
  }

  @Test(arguments: [("'80'", ScalarValue.string), ("!!str 80", .string), ("!!int '80'", .int(80)), ("80", .int(80))])
  func quotesAndTagsDecide(_ text: String, _ expected: ScalarValue) {
    let file = SourceFile(id: FileID(0), path: "a.yaml", contents: Array(text.utf8))
    let outcome = readYAML(file, keepingCommentsWith: "portlint:") { #expect(ScalarValue($0.root) == expected) }
    #expect(outcome.documents == 1)
  }

  @Test func theTableIsWhole() {
    #expect(Self.rows.count == 48)
  }
}
