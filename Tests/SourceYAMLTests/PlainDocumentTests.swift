import Foundation
import SourceText
import TestSupport
import Testing

@testable import SourceYAML

/// Documents that are read without libyaml are to read as libyaml has them.
@Suite struct PlainDocumentTests {
  /// How many texts are made at random.
  private static let count = ProcessInfo.processInfo.environment["PORTLINT_YAML_TEXTS"].flatMap { Int($0) } ?? 10_000

  private struct Reading: Equatable {
    /// Of each document what its nodes hold, its texts, what stands twice and its comments.
    var documents: [[Int]] = []
    var failure: String?
  }

  private static func reading(of text: String, byEvents: Bool) -> Reading {
    let file = SourceFile(id: FileID(1), path: "a.yaml", contents: Array(text.utf8))
    return file.bytes.withUnsafeBufferPointer { source in
      var reader = YAMLReader(file: file, source: source, limits: .standard, mark: "mark:")
      var reading = Reading()
      let show: (YAMLDocument) -> Void = { document in
        let storage = document.storage.pointee
        var shown: [Int] = []
        for node in UnsafeBufferPointer(start: storage.nodes, count: Int(storage.nodes.pointee.next)) {
          shown += [Int(node.shape.rawValue), Int(node.style.rawValue), node.isVerbatim ? 1 : 0, node.hasMerge ? 1 : 0]
          shown += [node.start, node.end, node.next, node.payload, node.count, node.sum].map { Int($0) }
          shown.append(Int(node.tag))
        }
        shown += UnsafeBufferPointer(start: storage.texts, count: storage.textCount).map { Int($0) }
        shown += storage.duplicates.flatMap { [-1, Int($0.first), Int($0.second)] }
        shown += storage.comments.flatMap { [-2, Int($0.range.start), Int($0.range.end), $0.isAlone ? 1 : 0] }
        reading.documents.append(shown)
      }
      let all = 0..<source.count
      let failure = byEvents ? reader.readEvents(of: all, show) : reader.read(all, show)
      reading.failure = failure.map { "\($0)" }
      return reading
    }
  }

  private static func isPlain(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    return bytes.withUnsafeBufferPointer { source in
      var reader = PlainDocumentReader(over: source, limits: .standard)
      var builder = DocumentBuilder(nodes: 8)
      let all = 0..<source.count
      return source.isPrintableASCII(in: all) && reader.read(from: all, into: &builder) == source.count
    }
  }

  private static func expectAgreement(_ text: String) {
    #expect(reading(of: text, byEvents: false) == reading(of: text, byEvents: true), "\(text.debugDescription)")
  }

  @Test(arguments: [
    "a: 1", "a: 1\n", "a:\n", "a:\nb:\n", "---\na: 1\n", "# mark: x\na: 1 # mark: y\n",
    "- a\n- b: c\n  d: e\n-\n- - f\n  - g\n",
    "a:\n- b\n- c: d\n-\ne: f\n", "a:\n  - b:\n    - c\n  - d\n", "a: 'b'\nc: \"d\"\n'e': f\n\"g\":\n  h: i\n",
    "a: [b, 'c', \"d\", 8080:80, [e, f]]\nb: {c: d, \"e\": [f], g: {}}\nh: []\n", "a: http://b/c#d\nb: c d  # e\n",
    "a: |\n  b\n\n   c\n\nd: e\n", "a: |-\n  b\n\n\n", "a: |+\n  b\n\n\n", "- |\n b\n- c\n", "<<: a\na: b\na: c\n",
    "a: -b\n-c: --d\n", "a-b.c/d: e\n", "  a: b\n  c: d\n", "a:\n      b: c\n\n\n# d\ne: f", "a: 'b' # c\n",
  ])
  func readsWhatIsPlainAsLibYAMLDoes(text: String) {
    #expect(Self.isPlain(text), "\(text.debugDescription)")
    Self.expectAgreement(text)
  }

  @Test(arguments: [
    "a: b: c", "a: b\n  c\n", "a:\n  b\n", "a: &b c\n", "a: *b\n", "a: !b c\n", "a: >\n  b\n", "? a\n: b\n",
    "a: \"b\\n\"\n",
    "a: 'b''c'\n", "a: 'b\n  c'\n", "a\n", "[a]\n", "{a: b}\n", "a: b\n...\n", "%YAML 1.1\n---\na: b\n", "a:\tb\n",
    "a: \u{e9}\n",
    "a: b\r\n", "a: |2\n   b\n", "a: |\n\n  b", "a: {b}\n", "a: [b: c]\n", "a: [b\n  ]\n", "a: {b: }\n", "a : b\n", "",
    "# a\n",
    "---\n---\na: b\n", "--- a\n", "- a\nb: c\n", "a: b\n- c\n", "a:\n    b: c\n  d: e\n", "a: - b\n", "a: [b]: c\n",
    "a: {b: c}d\n",
    "a: |\n     \n  b\n", "a: @b\n", "a: `b\n", "a: %b\n", "a: 'b' c\n", "- a: b\n c: d\n", "a: |\nb: c\n", "a: [,]\n",
    "a: [b,]\n",
  ])
  func leavesOtherTextsToLibYAML(text: String) {
    #expect(!Self.isPlain(text), "\(text.debugDescription)")
    Self.expectAgreement(text)
  }

  @Test func agreesOnLinesOfAllSorts() {
    let starts = [
      "", "", "  ", "  ", "    ", "      ", "- ", "  - ", "    - ", "- - ", "-", "   ", "---\n", "# c\n", "\n",
    ]
    let keys = ["a: ", "b: ", "a:", "c: ", "'d': ", "\"e\": ", "f : ", "<<: ", "-g: ", "h:i: ", "", "", "? ", ". "]
    let values = [
      "b", "b c", "'b'", "\"b\"", "\"b\\n\"", "8080:80", "b # c", "b#c", "|", "|-", "|+", ">", "[a, b]", "[]", "{}",
      "{a: b}", "[a",
      "- b", "&a b", "*a", "!a b", "", "", "", "b:", "b: c", "~", "-", "-1", "...", "'b''c'", "[a]: b",
      "{a: [b, 'c'], d: e} # f",
      "[a b, http://c:80/, -d, e-f, g:h]", "{a: b, c}", "'b' c", "\"", "#", " #", "b ", "|  # c", "?b", ":b", "%b",
    ]
    let ends = ["\n", "\n", "\n", "\n", "\n", "\n\n", " \n", "", "\r\n"]
    var random = Seeded(UInt64(Self.count))
    var plain = 0
    for _ in 0..<Self.count {
      var text = ""
      for _ in 0..<random.below(7) + 1 {
        for part in [starts, keys, values, ends] { text += part[random.below(part.count)] }
      }
      if Self.isPlain(text) { plain += 1 }
      Self.expectAgreement(text)
    }
    // Of what is made so, enough is plain to say something.
    #expect(plain > Self.count / 100)
  }

  @Test func holdsToTheLimitOfDepth() {
    for depth in [199, 200, 201] {
      let lines = (0..<depth).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
      Self.expectAgreement(lines)
      Self.expectAgreement("a: " + String(repeating: "[", count: depth) + String(repeating: "]", count: depth))
      Self.expectAgreement(String(repeating: "- ", count: depth) + "a\n")
    }
  }

  /// The examples' manifests.
  private static func examples() throws -> [String] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../examples").standardized
    return try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted().compactMap { path in
      guard path.hasSuffix(".yaml") || path.hasSuffix(".yml") else { return nil }
      return try? String(contentsOf: folder.appending(path: path), encoding: .utf8)
    }
  }

  @Test func agreesOnTheExamples() throws {
    let texts = try Self.examples()
    for text in texts { Self.expectAgreement(text) }
    #expect(texts.count(where: Self.isPlain) > texts.count / 4)
  }

  @Test func agreesOnExamplesWithMistakes() throws {
    let texts = try Self.examples().map { Array($0.utf8) }
    let signs = Array(" -:#'\"[]{}|>&*!,?%@\n.~ab0\t\\".utf8)
    var random = Seeded(UInt64(Self.count))
    for _ in 0..<Self.count / 5 {
      var text = texts[random.below(texts.count)]
      for _ in 0..<random.below(3) + 1 where !text.isEmpty {
        let at = random.below(text.count)
        switch random.below(4) {
        case 0: text.remove(at: at)
        case 1: text.insert(signs[random.below(signs.count)], at: at)
        case 2: text[at] = signs[random.below(signs.count)]
        default:
          // A line moves, or loses its end.
          let line = text[at...].firstIndex(of: 0x0A) ?? at
          if random.below(2) == 0 { text.remove(at: line) } else { text.insert(0x20, at: line + 1) }
        }
      }
      Self.expectAgreement(String(decoding: text, as: UTF8.self))
    }
  }
}
