import SourceText
import TestSupport
import Testing

@testable import SourceYAML

/// Streams that are cut at their documents: what is passed over, what is lent, and what is said to have failed.
@Suite struct OutlineTests {
  /// The first key of each document that is lent, and the failure, where those of kind `Passed` are passed over.
  private static func read(_ contents: [UInt8], passing: Bool = true) -> (lent: [String], failure: String?) {
    let file = SourceFile(id: FileID(3), path: "a.yaml", contents: contents)
    var lent: [String] = []
    let outcome = readYAML(
      file, keepingCommentsWith: "mark:",
      passingOver: { passing && $0.value("kind")?.isText("Passed") == true && $0.saysAllOnce }
    ) { document in
      lent.append(PlaceText(file).tree(document.root))
    }
    return (lent, outcome.failure.map(PlaceText(file).failure))
  }

  /// What is lent of a text whose documents of kind `Passed` are passed over: the values of `name`, in their order.
  private static func names(_ text: String) -> [String] {
    let file = SourceFile(id: FileID(3), path: "a.yaml", contents: Array(text.utf8))
    var names: [String] = []
    _ = readYAML(
      file, keepingCommentsWith: "mark:",
      passingOver: { $0.value("kind")?.isText("Passed") == true && $0.saysAllOnce }
    ) { names.append($0.root.value("name")?.text ?? "-") }
    return names
  }

  @Test(arguments: [
    ("kind: A\nname: a\n---\nkind: Passed\nname: b\n---\nkind: C\nname: c\n", ["a", "c"]),
    ("kind: Passed\nname: a\n---\nkind: Passed\nname: b\n", []),
    ("# about\n---\nkind: Passed\nname: a\n---\n# about\nkind: B # of old\nname: b\n", ["b"]),
    (
      "--- # first\napiVersion: v1\nkind: Passed\nname: a\n---\r\nkind: Passed\r\nname: b\r\n--- \nkind: C\nname: c",
      ["c"]
    ),
    // What a key says again takes the place of what it said.
    ("kind: Passed\nname: a\nkind: B\n", ["a"]),
    ("kind: Passed\nname: a\n\"kind\": B\n", ["a"]),
    ("kind: Passed\nname: a\n? kind\n: B\n", ["a"]),
    // What is deeper, or in a comment or a text, is something else's.
    ("kind: Passed\nof:\n  kind: B\n# kind: C\ntext: |\n  kind: D\n---\nkind: E\nname: e\n", ["e"]),
    // A head is words about words.
    ("kind: &a Passed\nname: a\n", ["a"]), ("\"kind\": Passed\nname: a\n", ["a"]), ("kind: 'Passed'\nname: a\n", ["a"]),
    ("metadata:\n  a: b\nkind: Passed\nname: a\n", ["a"]), ("{kind: Passed, name: a}\n", ["a"]),
    ("kind: Passed-by\nname: a\n", ["a"]), ("kind: Passed by\nname: a\n", ["a"]), ("kind:\n  Passed\nname: a\n", ["a"]),
    // Streams that are not cut.
    ("%YAML 1.1\n---\nkind: Passed\nname: a\n", ["a"]),
    ("kind: Passed\nname: a\n...\n---\nkind: B\nname: b\n", ["a", "b"]),
    ("kind: Passed\rname: a\r---\rkind: B\rname: b\r", ["a", "b"]),
    ("kind: Passed\nname: a\u{2028}---\nkind: B\nname: b\n", ["a", "b"]),
  ])
  func passesOver(_ text: String, _ names: [String]) {
    #expect(Self.names(text) == names, "\(text.debugDescription)")
  }

  @Test func aBrokenDocumentHidesNoOther() {
    let text = "kind: A\n---\nkind: B\n  c: [\n---\nkind: C\n---\n'\n---\nkind: D\n"
    let (lent, failure) = Self.read(Array(text.utf8))
    #expect(lent == ["{kind@1:1-5: A@1:7-8}@1:1-8", "{kind@6:1-5: C@6:7-8}@6:1-8", "{kind@10:1-5: D@10:7-8}@10:1-8"])
    #expect(failure == ReadText(text).failure)
  }

  /// The names of the documents that are lent, the lines of all failures, those of templates with a `t` behind them, and
  /// that of the block that was left out.
  private static func reading(_ text: [UInt8], limits: YAMLLimits = .standard) -> (names: [String], said: [String]) {
    let file = SourceFile(id: FileID(3), path: "a.yaml", contents: text)
    var names: [String] = []
    let outcome = readYAML(file, limits: limits, keepingCommentsWith: "mark:", passingOver: { _ in false }) {
      names.append($0.root.value("name")?.text ?? "-")
    }
    let lines = LineTable(of: file.bytes)
    let line = { (range: SourceRange) in "\(lines.position(of: Int(range.start)).line)" }
    var said = outcome.failures.map { line($0.place) + ($0.template == nil ? "" : "t") }
    if let block = outcome.blockLeftOut { said.append("block \(line(block))") }
    return (names, said)
  }

  @Test(
    arguments: [
      // What stands first, in the middle and last.
      ("a: [\n---\nname: b\n---\n*c\n---\nname: d\n---\n'", ["b", "d"], ["2", "5", "9"]),
      ("kind: A\nname: a\n---\n[\n---\nkind: B\nname: b\n---\n{\n---\nname: c\n", ["a", "b", "c"], ["5", "10"]),
      // Directives that libyaml does not know, and the document that they belong to.
      ("name: a\n%FOO bar\n---\nname: b\n---\nname: c\n", ["a", "c"], ["2"]),
      ("name: a\n...\n# c\n%YAML 3.0\n\n# c\n---\nname: b\n---\nname: c\n", ["a", "c"], ["4"]),
      ("%YAML 3.0\n---\nname: a\n---\nname: b\n", ["b"], ["1"]),
      ("name: a\n%YAML 3.0\nname: b\n---\nname: c\n%YAML 1.1\n---\nname: d\n", ["a", "c", "d"], ["2"]),
      // Text behind a document's end.
      ("name: a\n...\ntext\n---\nname: b\n", ["a", "b"], ["3"]),
      ("name: a\n... text\n---\nname: b\n--- ]\n", ["a", "b"], ["2", "5"]),
      // Lines that end as libyaml has it.
      ("name: a\r---\r[\r---\rname: b\r", ["a", "b"], ["4"]),
      ("name: a\u{2028}---\u{2028}[\u{85}---\u{85}name: b", ["a", "b"], ["1"]),
      // What no YAML may hold, and a byte order mark.
      ("name: a\n---\nb: \u{0}\n---\nname: c\n---\nd: \u{7}\n", ["a", "c"], ["3", "7"]),
      ("[\n---\nname: b\n\u{FEFF}---\nname: c\n", ["b", "c"], ["2"]),
      ("kind: A\nname: a\n\u{FEFF}---\nname: b\n---\nname: c\n", ["a", "b", "c"], ["3"]),
      // Templates: the marks of a document are its own, and what stands in a block is left alone.
      ("name: a\n---\nb: {{ c }\n---\nname: d\n---\ne: ]\n", ["a", "d"], ["4t", "7"]),
      (
        "{{- if .a }}\nb: c\n---\nname: d\n---\nname: e\n{{- end }}\n---\nname: f\n", ["f"], ["1t", "block 1"]
      ),
      ("{% if a %}\n---\nname: b\n---\n{% endif %}\n---\nname: c\n", ["c"], ["1t", "block 1"]),
      ("<% a %>\nb: {{- if .a }}\n---\nname: b\n", [], ["2t", "block 2"]),
      ("{{- /*\n---\nname: a\n*/ -}}\n---\nname: b\n", ["b"], ["1t", "block 1"]),
      ("{{- if a }}{{ else }}{{ end }}\n---\nname: b {{ end }}\n", ["b {{ end }}"], ["1t"]),
      ("a: {{ b }}\n---\n{{ if .c }}\nname: d\n---\nname: e\n", ["-", "-"], ["4t", "block 3"]),
      ("a: {{ b }}\n--- c\n...\nname: d\n---\nname: e\n", ["-", "-", "e"], ["4"]),
      // What nothing closes is text.
      ("a: {{ if\n---\nname: b\n", ["b"], ["2t"]),
    ] as [(String, [String], [String])])
  func hidesNoneOfTheOthers(_ text: String, _ names: [String], _ said: [String]) {
    let reading = Self.reading(Array(text.utf8))
    #expect(reading.names == names, "\(text.debugDescription)")
    #expect(reading.said == said, "\(text.debugDescription)")
  }

  @Test func hidesNoneBehindBytesThatAreNoText() {
    let text = Array("name: a\n---\nb: ".utf8) + [0xFF] + Array("\n---\nname: c\n---\n".utf8) + [0xC3, 0x28]
    let reading = Self.reading(text)
    #expect(reading.names == ["a", "c"])
    #expect(reading.said == ["3", "7"])
  }

  @Test func hidesNoneBehindALimitOfOneDocument() {
    var limits = YAMLLimits()
    limits.depth = 2
    limits.aliasedNodes = 2
    let text = "name: a\n---\n[[[x]]]\n---\nname: b\n---\n- &x [y]\n- *x\n- *x\n---\nname: c\n"
    let reading = Self.reading(Array(text.utf8), limits: limits)
    #expect(reading.names == ["a", "b", "c"])
    #expect(reading.said == ["3", "9"])
  }

  /// What is refused takes a place and a message each.
  @Test func failuresHaveAnEnd() {
    var limits = YAMLLimits()
    limits.failures = 3
    let reading = Self.reading(
      Array(String(repeating: "]\n---\n", count: 9).utf8) + Array("name: a".utf8), limits: limits)
    #expect(reading.names.isEmpty)
    #expect(reading.said == ["1", "3", "5", "7"])
  }

  @Test func whatIsPassedOverMayBeWhatFailsFirst() {
    let text = "kind: Passed\na: [\n---\nkind: B\n---\nc: ]\n"
    let (lent, failure) = Self.read(Array(text.utf8))
    #expect(lent == ["{kind@4:1-5: B@4:7-8}@4:1-8"])
    #expect(failure == ReadText(text).failure)
    #expect(failure?.hasPrefix("3:1-") == true)
  }

  /// Streams of documents, with bytes changed, taken away and put in.
  private static func mutated(_ seed: UInt64) -> [UInt8] {
    var chance = Seeded(seed)
    let documents = [
      "apiVersion: v1\nkind: Passed\nmetadata: {name: a}\ndata:\n  a: |\n    kind: B\n  b: \"x\n    y\"\n",
      "kind: Kept\nspec:\n- name: é✅\n  port: 80 # mark: x\n- &a [1, 2]\n- *a\n",
      "kind: Kept\ntext: >-\n  a\n\n  b\nlast: 'it''s'\n",
      "# only words\n", "a: 1\n", "kind: Passed\r\nname: b\r\n", "- kind: Passed\n", "kind: Passed\nkind: Kept\n",
    ]
    var bytes: [UInt8] = []
    for _ in 0..<1 + chance.below(6) {
      bytes += Array(documents[chance.below(documents.count)].utf8) + Array("---\n".utf8)
    }
    let signs = Array("\n\r \t-:#'\"[]{}|>&*!%.?,é\u{0}\u{2028}\u{FEFF}".utf8) + [0x80, 0xFF, 0xC2, 0x85]
    for _ in 0..<chance.below(4) {
      let at = chance.below(bytes.count)
      switch chance.below(3) {
      case 0: bytes[at] = signs[chance.below(signs.count)]
      case 1: bytes.insert(signs[chance.below(signs.count)], at: at)
      default: bytes.removeSubrange(at..<min(bytes.count, at + 1 + chance.below(4)))
      }
    }
    return bytes
  }

  @Test func cutsChangeNothingOfWhatIsSaid() {
    var failures = 0
    var cut = 0
    for seed in 1...2_000 as ClosedRange<UInt64> {
      let bytes = Self.mutated(seed)
      let whole = ReadText(bytes)
      let (lent, failure) = Self.read(bytes, passing: false)
      let (some, verdict) = Self.read(bytes)
      #expect(failure == whole.failure, "seed \(seed)")
      #expect(Array(lent.prefix(whole.trees.count)) == whole.trees, "seed \(seed)")
      if whole.failure == nil {
        #expect(lent == whole.trees && verdict == nil, "seed \(seed)")
      } else {
        failures += 1
        // Of a stream that fails only where it is passed over, nothing is said.
        #expect(verdict == nil || verdict == whole.failure, "seed \(seed)")
      }
      if some.count < lent.count { cut += 1 }
      var rest = lent[...]
      for tree in some {
        let found = rest.firstIndex(of: tree)
        #expect(found != nil, "seed \(seed): \(tree)")
        rest = rest[(found.map { $0 + 1 } ?? rest.startIndex)...]
      }
    }
    // The streams show both.
    #expect(failures > 500 && cut > 500)
  }
}
