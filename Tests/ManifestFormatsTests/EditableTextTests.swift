import PortModel
import SourceText
import SourceYAML
import Testing

@testable import ManifestFormats

/// Which texts a fix may change, and that nothing else changes with them.
@Suite struct EditableTextTests {
  /// What is done to the value of `k`, wherever it stands, and what the file is then; nothing where nobody may.
  struct Row: CustomTestStringConvertible {
    var manifest: String
    var change: Change
    var expected: String?

    init(_ manifest: String, _ change: Change, _ expected: String?) {
      (self.manifest, self.change, self.expected) = (manifest, change, expected)
    }

    var testDescription: String { manifest }
  }

  enum Change {
    case replace(String)
    case replacePart(Range<Int>, String)
    case quote
    case unquote

    func edit(_ text: EditableText) -> Edit? {
      switch self {
      case .replace(let other): text.replaced(by: other)
      case .replacePart(let part, let other): text.replaced(part, by: other)
      case .quote: text.quoted
      case .unquote: text.unquoted
      }
    }
  }

  static let rows = [
    Row("k: 80 # é\n", .replace("8080"), "k: 8080 # é\n"),
    Row("k: '80'\n", .replace("8080"), "k: '8080'\n"),
    Row("{a: é, k: \"80\"}\r\n", .replace("8080"), "{a: é, k: \"8080\"}\r\n"),
    Row("k: \"80:80/TCP\"\n", .replacePart(6..<9, "udp"), "k: \"80:80/udp\"\n"),
    Row("k: 8080:80\n", .replacePart(0..<0, "127.0.0.1:"), "k: 127.0.0.1:8080:80\n"),
    Row("k: 'http://é:80/?a=b, c'\n", .replacePart(10..<12, "8080"), "k: 'http://é:8080/?a=b, c'\n"),
    Row("k: 'http://é:80/?a=b, c'\n", .replacePart(10..<12, "a"), nil),
    Row("k: 22:22\n", .quote, "k: \"22:22\"\n"),
    Row("k: '80'\n", .unquote, "k: 80\n"),
    Row("k: '80'\n", .quote, nil),
    Row("k: 80\n", .unquote, nil),
    // What YAML would read otherwise is not written.
    Row("k: 80\n", .replace("a: b"), nil),
    Row("k: 80\n", .replace("a #b"), nil),
    Row("k: 80\n", .replace("80:"), nil),
    Row("k: 80\n", .replace("-"), nil),
    Row("k: 80\n", .replace("\"80"), nil),
    Row("k: 80\n", .replace(""), nil),
    Row("k: '- 80'\n", .unquote, nil),
    Row("k: 80\n", .replacePart(1..<9, "0"), nil),
    // What is not written as it reads.
    Row("k: \"8\\x30\"\n", .replace("81"), nil),
    Row("k: 'it''s'\n", .replace("81"), nil),
    Row("k: |\n  80\n", .replace("81"), nil),
    Row("k: a\n  b\n", .replace("81"), nil),
    Row("k: ''\n", .replace("81"), nil),
    Row("k:\n", .replace("81"), nil),
    Row("k: [80]\n", .replace("81"), nil),
    Row("k: !!str 80\n", .replace("81"), nil),
    // What stands for others too.
    Row("a: &a 80\nk: *a\n", .replace("81"), nil),
    Row("k: &a 80\nb: *a\n", .replace("81"), nil),
    Row("k: &a 80\n", .replace("81"), "k: &a 81\n"),
    Row("a: &a {k: 80}\nb: *a\n", .replace("81"), nil),
    Row("a: &a {k: 80}\n<<: *a\n", .replace("81"), nil),
    Row(
      "a: &a 1\nb: *a\nk: 80\nc: &c {d: 1}\ne: [*c, *a, *c]\n", .replace("81"),
      "a: &a 1\nb: *a\nk: 81\nc: &c {d: 1}\ne: [*c, *a, *c]\n"),
    // What is not known.
    Row("k: $PORT\n", .replace("81"), nil),
    Row("k: ${PORT:-80}\n", .replace("81"), nil),
    Row("k: '{{ .Values.port }}'\n", .replace("81"), nil),
    Row("k: \"@PORT@\"\n", .replace("81"), nil),
  ]

  @Test(arguments: rows)
  func isChangedWhereItStandsOrNotAtAll(_ row: Row) {
    for contents in Self.encodings(of: row.manifest) {
      let file = SourceFile(id: FileID(7), path: "a.yaml", contents: contents)
      var edit: Edit?
      for stream in [KeptStream(of: file, keepingCommentsWith: "#")] {
        _ = stream.lend(as: file) {
          edit = Self.value(below: $0.root).flatMap(EditableText.init).flatMap(row.change.edit)
        }
      }
      let result = edit.flatMap { Fix("try", .safe, edits: [$0]).applied(to: contents, of: file) }
      #expect(result == row.expected.map { Self.encodings(of: $0)[Self.number(of: file.encoding)] })
    }
  }

  private static func value(below node: YAMLNode) -> YAMLNode? {
    node.value("k") ?? node.entries.lazy.compactMap { $0.value.value("k") }.first
  }

  private static func encodings(of text: String) -> [[UInt8]] {
    let encodings: [(TextEncoding, [UInt8])] = [
      (.utf8, []), (.markedUTF8, [0xEF, 0xBB, 0xBF]), (.utf16LittleEndian, [0xFF, 0xFE]),
      (.utf16BigEndian, [0xFE, 0xFF]),
    ]
    return encodings.map { $1 + $0.encoded(text) }
  }

  private static func number(of encoding: TextEncoding) -> Int {
    switch encoding {
    case .utf8: 0
    case .markedUTF8: 1
    case .utf16LittleEndian: 2
    case .utf16BigEndian: 3
    }
  }

  // MARK: - Fixes

  private static func place(_ file: Int, _ start: Int, _ end: Int) -> SourceRange {
    SourceRange(file: FileID(file), start: start, end: end)
  }

  @Test func theEditsOfAFixAreMadeTogether() {
    let contents = Array("0123456789".utf8)
    let file = SourceFile(id: FileID(1), path: "a", contents: contents)
    let edits = [
      Edit(Self.place(1, 8, 9), replacement: ""), Edit(Self.place(1, 2, 4), replacement: "two"),
      Edit(Self.place(0, 0, 4), replacement: "of another file"), Edit(Self.place(1, 4, 4), replacement: "-"),
    ]
    let result = Fix("try", .unsafe, edits: edits).applied(to: contents, of: file)
    #expect(result.map { String(decoding: $0, as: UTF8.self) } == "01two-45679")
  }

  @Test func editsThatMeetAreNotMade() {
    let contents = Array("0123456789".utf8)
    let file = SourceFile(id: FileID(1), path: "a", contents: contents)
    let edits = [Edit(Self.place(1, 2, 5), replacement: "x"), Edit(Self.place(1, 4, 6), replacement: "y")]
    #expect(Fix("try", .safe, edits: edits).applied(to: contents, of: file) == nil)
  }

  @Test func aFileThatHasChangedIsLeftAlone() {
    let file = SourceFile(id: FileID(1), path: "a", contents: Array("k: 80".utf8))
    let fix = Fix("try", .safe, edits: [Edit(Self.place(1, 3, 5), replacement: "81")])
    #expect(fix.applied(to: Array("k: 80".utf8), of: file) == Array("k: 81".utf8))
    #expect(fix.applied(to: Array("k: 90".utf8), of: file) == nil)
    #expect(fix.applied(to: [0xEF, 0xBB, 0xBF] + Array("k: 80".utf8), of: file) == nil)
  }
}
