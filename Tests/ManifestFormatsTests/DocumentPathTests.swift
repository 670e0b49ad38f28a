import SourceText
import SourceYAML
import Testing

@testable import ManifestFormats

/// The paths by which declared formats say where something stands.
@Suite struct DocumentPathTests {
  private static let document = """
    base: &base {shared: {port: 1}}
    jobs:
      build: {services: {a.b: {ports: [80, 81]}, cache: {ports: [{host: 82}]}}}
      test: {<<: *base, services: {}}
    lists: [[1, 2], [], [3]]
    again: *base
    {{ x }}: {ports: [83]}
    """

  /// What a path leads to, as it is written, with the keys that it leaves open.
  private func found(_ path: String, in text: String) throws -> [String] {
    let path = try DocumentPath(path)
    var found: [String] = []
    _ = readYAML(SourceFile(id: FileID(0), path: "a.yaml", contents: Array(text.utf8)), keepingCommentsWith: "-") {
      for match in path.matches(in: $0.root) {
        let keys = match.keys.map(\.text).joined(separator: "/")
        found.append((keys.isEmpty ? "" : "\(keys): ") + match.node.sourceText)
      }
    }
    return found
  }

  @Test(arguments: [
    ("jobs.build.services.cache.ports[].host", ["82"]),
    ("jobs.{job}.services.{service}.ports[]", ["build/a.b: 80", "build/a.b: 81", "build/cache: {host: 82}"]),
    ("jobs.build.services.\"a.b\".ports[]", ["80", "81"]),
    ("jobs.*.shared.port", ["test: 1"]),
    ("again.shared.port", ["1"]),
    ("lists[][]", ["1", "2", "3"]), ("lists[]", ["[1, 2]", "[]", "[3]"]),
    ("lists.a", []), ("jobs[]", []), ("no.such.key", []), ("jobs.build.services.cache.ports.host", []),
    ("**.ports[]", ["80", "81", "{host: 82}"]), ("jobs.**.host", ["82"]), ("**.port", ["1", "1", "1"]),
    ("*.shared.port", ["base: 1", "again: 1"]),
    ("jobs.build.services.(cache|\"a.b\"|none).ports[]", ["{host: 82}", "80", "81"]),
    ("**(jobs|build|services|cache|ports).host", ["82"]), ("**(jobs|build|services).ports[]", []),
  ])
  func leadsTo(_ path: String, _ expected: [String]) throws {
    #expect(try found(path, in: Self.document) == expected)
    #expect(try DocumentPath(path).description == path)
  }

  @Test func leadsIntoListsAtTheRoot() throws {
    #expect(try found("[].port", in: "- port: 80\n- port: 81\n- 82") == ["80", "81"])
  }

  @Test(arguments: [
    ("a..b", "a key", 2..<3), ("a.", "a key behind the last dot", 1..<2), (".a", "a key", 0..<1),
    ("a[0].b", "'[]', which is each item of a list", 1..<2), ("a[]b", "a dot before the next key", 3..<4),
    ("a[]é", "a dot before the next key", 3..<5),
    ("a.{b", "a brace that closes this", 2..<4), ("a.{}", "a name between the braces", 2..<4),
    ("{a}.{a}", "another name: 'a' stands twice", 4..<7), ("\"a", "a quote that closes this", 0..<2),
    ("a*.b", "quotes around a key with such a sign", 0..<1), ("***", "'*' or '**'", 0..<3),
    ("**.a.**", "'**' once in a path", 5..<7), ("**.a.**(b)", "'**' once in a path", 5..<7),
    ("a.(b|c", "a ')' that closes this", 2..<6), ("a.(b|)", "a key", 5..<6),
    ("a.(b.c)", "quotes around a key with such a sign", 3..<4),
  ])
  func isNoPath(_ text: String, _ expected: String, _ part: Range<Int>) {
    let fault = #expect(throws: DocumentPath.Fault.self) { try DocumentPath(text) }
    #expect(fault?.expected == expected)
    #expect(fault?.part == part)
  }

  /// Each node is looked at once for each step, however the path is written.
  @Test(arguments: [
    "**.port", "a.**.port", "**[].port", "**(a|deep|d|list).port", "a.(deep|list)[].port", "a.{x}.{y}.port",
    "*.*.*.port",
  ])
  func theWorkGrowsAsTheDocument(_ path: String) throws {
    func visited(_ count: Int) throws -> Int {
      let inner = (0..<count).map { "k\($0): {v: {port: 80}}" }.joined(separator: ", ")
      let deep = String(repeating: "{d: ", count: 100) + "{port: 1}" + String(repeating: "}", count: 100)
      let text = "a: {\(inner), deep: \(deep), list: [\((0..<count).map { "{port: \($0)}" }.joined(separator: ", "))]}"
      var visited = 0
      let path = try DocumentPath(path)
      _ = readYAML(SourceFile(id: FileID(0), path: "a.yaml", contents: Array(text.utf8)), keepingCommentsWith: "-") {
        var matches = path.matches(in: $0.root)
        while matches.next() != nil {}
        visited = matches.visited
      }
      return visited
    }
    let (few, many) = (try visited(100), try visited(1000))
    #expect(few > 0)
    #expect(many <= 11 * few)
  }

  @Test(arguments: ["a: 1", "b: {a: 2}\nc: {<<: {a: 3}, d: 4}", "a: 1\na: 2", "? [a]\n: 1\na: 3", "x: &x a\n*x : 4"])
  func aPreparedKeyFindsWhatALiteralFinds(_ text: String) {
    _ = readYAML(SourceFile(id: FileID(0), path: "a.yaml", contents: Array(text.utf8)), keepingCommentsWith: "-") {
      for node in [$0.root, $0.root.value("c"), $0.root.value("b")].compactMap(\.self) {
        #expect(node.value(PreparedKey("a"))?.sourceText == node.value("a")?.sourceText)
        #expect(node.value(PreparedKey("d"))?.sourceText == node.value("d")?.sourceText)
      }
    }
  }
}
