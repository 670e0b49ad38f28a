import SourceText
import Testing

@testable import SourceYAML

@Suite struct StrictMappingTests {
  enum Key: String, CaseIterable {
    case id, summary, severity, cases
  }

  enum Level: String, CaseIterable {
    case error, warning, info
  }

  /// What `body` makes of a text's root, and the problems that come of it, `1:1-5 message`.
  private func decode(
    _ text: String, _ body: (YAMLNode, inout [DecodingProblem]) -> String?
  ) -> (value: String?, problems: String) {
    var value: String?
    let read = ReadText(text) { root, lines in
      var problems: [DecodingProblem] = []
      value = body(root, &problems)
      return problems.map { "\(lines.place($0.place)) \($0.message)" }.joined(separator: "; ")
    }
    return (value, read.trees.first ?? "")
  }

  @Test(
    arguments: [
      ("id: a\nsummary: b", "id summary", ""),
      ("{}", "", ""),
      ("id: a\nsumary: b", "id", "2:1-7 unknown key 'sumary', did you mean 'summary'?"),
      ("\"ID\": a", "", "1:2-4 unknown key 'ID', did you mean 'id'?"),
      ("ports: a", "", "1:1-6 unknown key 'ports': id, summary, severity or cases"),
      ("[id]: a", "", "1:1-5 unknown key '': id, summary, severity or cases"),
      ("id: a\n\"id\": b", "id", "2:2-4 the key 'id' stands twice"),
      ("id: a\nid: b\nid: c", "id", "2:1-3 the key 'id' stands twice; 3:1-3 the key 'id' stands twice"),
      ("<<: {id: a}\nsummary: b", "id summary", ""),
      ("\"<<\": {id: a}", "", "1:2-4 unknown key '<<': id, summary, severity or cases"),
      ("- id", nil, "1:1-5 expected a mapping"),
      ("id", nil, "1:1-3 expected a mapping"),
      ("", nil, ""),
    ] as [(String, String?, String)])
  func knowsItsKeys(_ text: String, _ keys: String?, _ problems: String) {
    let decoded = decode(text) { node, problems in
      StrictMapping<Key>(node, problems: &problems)
        .map { $0.keys.map(\.rawValue).sorted().joined(separator: " ") }
    }
    #expect(decoded.value == keys)
    #expect(decoded.problems == problems)
  }

  @Test(
    arguments: [
      ("id: a", "a", ""),
      ("id: 'a b'", "a b", ""),
      ("id:", nil, "1:4-4 expected text"),
      ("id: ~", nil, "1:5-6 expected text"),
      ("id: ''", "", ""),
      ("idd: a", nil, "1:1-4 unknown key 'idd', did you mean 'id'?"),
      ("summary: b", nil, "1:1-11 the key 'id' is missing"),
      ("id: [a]", nil, "1:5-8 expected text"),
      ("id: {a: b}", nil, "1:5-11 expected text"),
    ] as [(String, String?, String)])
  func givesRequiredTexts(_ text: String, _ value: String?, _ problems: String) {
    let decoded = decode(text) { node, problems in
      StrictMapping<Key>(node, problems: &problems)?.requiredText(.id, problems: &problems)
    }
    #expect(decoded.value == value)
    #expect(decoded.problems == problems)
  }

  @Test(
    arguments: [
      ("severity: warning", "warning", ""),
      ("severity: \"info\"", "info", ""),
      ("id: a", nil, ""),
      ("severity: waring", nil, "1:11-17 'waring' is no severity, did you mean 'warning'?"),
      ("severity: \"fatal\"", nil, "1:12-17 'fatal' is no severity: error, warning or info"),
      ("severity:", nil, "1:10-10 expected a severity: error, warning or info"),
      ("severity: [info]", nil, "1:11-17 expected a severity: error, warning or info"),
    ] as [(String, String?, String)])
  func givesWords(_ text: String, _ value: String?, _ problems: String) {
    let decoded = decode(text) { node, problems in
      StrictMapping<Key>(node, problems: &problems)?
        .word(.severity, as: Level.self, kind: "severity", problems: &problems)?.rawValue
    }
    #expect(decoded.value == value)
    #expect(decoded.problems == problems)
  }

  @Test(
    arguments: [
      ("a", "a", ""), ("[a, 'b']", "a b", ""), ("[]", "", ""), ("['', '~']", " ~", ""),
      ("[a, ~, null]", "a", "1:5-6 expected text or a list of texts; 1:8-12 expected text or a list of texts"),
      (
        "[a, [b], {c: d}, e]", "a e", "1:5-8 expected text or a list of texts; 1:10-16 expected text or a list of texts"
      ),
      ("{a: b}", "", "1:1-7 expected text or a list of texts"),
    ] as [(String, String, String)])
  func givesTexts(_ text: String, _ texts: String, _ problems: String) {
    let decoded = decode(text) { node, problems in
      decodeTexts(node, problems: &problems).map(\.text).joined(separator: " ")
    }
    #expect(decoded.value == texts)
    #expect(decoded.problems == problems)
  }
}
