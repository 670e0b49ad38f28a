import SourceText
import SourceYAML
import Testing

@testable import ManifestFormats

/// What plain scalars resolve to, against go-yaml's answers (`yaml-scalar-resolution.tsv`).
@Suite struct ScalarValueTests {
  private static func text(_ value: ScalarValue, of plain: String) -> String {
    switch value {
    case .null: "null None"
    case .bool(let value): "bool \(value)"
    case .int(let value): "int \(value)"
    case .float(let value): "float \(value)"
    case .timestamp: "timestamp \(plain)"
    case .string: "str \(plain)"
    }
  }

  @Test(arguments: table("yaml-scalar-resolution"))
  func resolvesAsGoYAML(_ row: [String]) {
    // Where the versions differ, the fourth counts: `str (v4) / bool (v2)`.
    let type = row[1].prefix { $0 != " " }
    #expect(Self.text(ScalarValue(plain: ArraySlice(row[0].utf8)), of: row[0]) == "\(type) \(row[2])")
  }

  @Test(
    arguments: [
      ("", "null None"), ("Null", "null None"), ("nULL", "str nULL"), ("True", "bool true"), ("tRUE", "str tRUE"),
      ("FALSE", "bool false"), ("off", "str off"), ("nope", "str nope"), ("-0x10", "int -16"), ("0B11", "int 3"),
      ("0O17", "int 15"), ("-0", "int 0"), ("+010", "int 8"), ("0_8", "float 8.0"), ("0o8", "str 0o8"),
      ("0x1G", "str 0x1G"), ("--1", "str --1"), ("+-1", "str +-1"), ("0x-1", "str 0x-1"), ("-", "str -"),
      ("+", "str +"), (".", "str ."), ("-.", "str -."), ("1.", "float 1.0"), ("1e", "str 1e"), ("1e+", "str 1e+"),
      ("1e5x", "str 1e5x"), ("1.2.3", "str 1.2.3"), ("99999999999999999999", "float 1e+20"),
      ("2001-1-1 10:00:00", "timestamp 2001-1-1 10:00:00"), ("8080-8090-1", "str 8080-8090-1"), ("_1", "str _1"),
    ])
  func resolvesEdges(_ plain: String, _ expected: String) {
    #expect(Self.text(ScalarValue(plain: ArraySlice(plain.utf8)), of: plain) == expected)
  }

  @Test(
    arguments: [
      ("80", "int 80"), ("\"80\"", "str 80"), ("'~'", "str ~"), ("!!str 80", "str 80"), ("!!int \"80\"", "int 80"),
      ("! 80", "int 80"), ("!x 80", "int 80"), ("!x '80'", "str 80"), ("|\n  80", "str 80"), ("- a", "str "),
    ])
  func heedsStyleAndTag(_ text: String, _ expected: String) {
    let file = SourceFile(id: FileID(0), path: "", contents: Array(text.utf8))
    var found: [String] = []
    _ = readYAML(file, keepingCommentsWith: "-") { found.append(Self.text(ScalarValue($0.root), of: $0.root.text)) }
    #expect(found == [expected])
  }
}
