import SourceText
import Testing

@testable import SourceYAML

/// Each construct of YAML as a tree with its places, from the tables of `Fixtures/`.
@Suite struct TreeTests {
  @Test(
    arguments: [
      "plain-scalars", "quoted-scalars", "block-scalars", "properties", "aliases", "merges", "documents", "characters",
      "collections",
    ].flatMap(table))
  func reads(_ row: [String]) throws {
    let read = ReadText(row[0])
    let failure = read.failure.map { " !! \($0)" } ?? ""
    #expect(read.trees.joined(separator: " --- ") + failure == row[1])
  }

  @Test(arguments: table("duplicate-keys"))
  func findsDuplicateKeys(_ row: [String]) {
    #expect(ReadText(row[0]).duplicates.map { $0.joined(separator: " ") }.joined(separator: " --- ") == row[1])
  }

  /// Mappings of more than 16 keys are searched another way.
  @Test(arguments: [16, 17, 300])
  func findsDuplicateKeysOfLargeMappings(_ count: Int) {
    let lines = (1...count).map { "k\($0): 1\n" }.joined()
    #expect(ReadText(lines).duplicates == [[]])
    let later = count + 1
    #expect(
      ReadText(lines + "k1: 2\n\"k\(count)\": 2\nk1: 3\n").duplicates == [
        [
          "\(later):1-3=1:1-3", "\(later + 1):1-\("k\(count)".count + 3)=\(count):1-\("k\(count)".count + 1)",
          "\(later + 2):1-3=1:1-3",
        ]
      ])
  }

  /// Mappings that merge one another, each inside the next, are each gone through once: as often as there are of them.
  @Test func mergedMappingsAreVisitedOnce() {
    let depth = 90
    let open = (0..<depth).map { "{k\($0): \($0), k: \($0), <<: [" }.joined()
    let text = open + "{last: 1, k: 1}" + String(repeating: "]}", count: depth)
    _ = readYAML(SourceFile(id: FileID(0), path: "a.yaml", contents: Array(text.utf8)), keepingCommentsWith: "#") {
      let root = $0.root
      #expect(Array(MergeOrder(of: root)).count == depth + 1)
      #expect(root.entries.map(\.key.text) == ["k0", "k"] + (1..<depth).map { "k\($0)" } + ["last"])
      #expect(root.value("k")?.text == "0")
      #expect(root.value("last")?.text == "1")
      #expect(root.values(of: "k").map(\.text) == (0..<depth).map { "\($0)" } + ["1"])
    }
  }

  /// Keys of each length, and two that are alike at both ends.
  @Test func findsTheValueOfAKey() {
    let text = """
      "": 0
      a: 1
      ab: 2
      abcd: 3
      abcdefg: 4
      abcdefgh: 5
      'abcdefghi': 6
      "abcdefghijklmnopqrst\\x75": 7
      aaaaaaaa1bbbbbbbb: 8
      &key image: &other ports
      ? [list]
      : 9
      inner: {*key : 10, *other : 11}

      """
    var found: [String?] = []
    _ = readYAML(SourceFile(id: FileID(0), path: "a.yaml", contents: Array(text.utf8)), keepingCommentsWith: "#") {
      let root = $0.root
      let inner = root.value("inner")
      let values = [
        root.value(""), root.value("a"), root.value("ab"), root.value("abcd"), root.value("abcdefg"),
        root.value("abcdefgh"), root.value("abcdefghi"), root.value("abcdefghijklmnopqrstu"),
        root.value("aaaaaaaa1bbbbbbbb"), root.value("aaaaaaaa2bbbbbbbb"), root.value("abc"), root.value("ports"),
        root.value("image"), inner?.value("image"), inner?.value("ports"), inner?.value("a"),
      ]
      found = values.map { $0?.text }
    }
    #expect(
      found == ["0", "1", "2", "3", "4", "5", "6", "7", "8", nil, nil, nil, "ports", "10", "11", nil])
  }

  @Test(arguments: table("comments"))
  func findsCommentsWithTheMark(_ row: [String]) {
    #expect(ReadText(row[0]).comments.map { $0.joined(separator: " ") }.joined(separator: " --- ") == row[1])
  }

  /// Where the third and fourth bytes of a scalar's text are written: there, or somewhere in the whole scalar.
  @Test(
    arguments: [
      ("8080:80", "1:3-5", "1:1-8"), ("\"8080:80\"", "1:4-6", "1:2-9"), ("'8080:80'", "1:4-6", "1:2-9"),
      ("&a !t 8080:80", "1:9-11", "1:7-14"), ("&a '8080:80'", "1:7-9", "1:5-12"), ("aé:b", "1:2-4", "1:1-5"),
      // Not written as it is read.
      ("\"80\\u00388\"", "1:4-11", "1:1-12"), ("'a''bc'", "1:5-7", "1:1-8"), ("a\n  bc", "2:3-5", "1:1-2:5"),
      ("|\n  abcd", "2:5-7", "1:1-2:7"), (">-\n  abcd\n", "2:5-7", "1:1-2:7"), ("\"a\n\n bc\"", "3:2-4", "1:1-3:5"),
      ("\"a\\\"bc\"", "1:5-7", "1:1-8"), ("\"\\x41\\\n  1bc\"", "2:4-6", "1:1-2:7"),
      ("\"\\u00e9bc\"", "1:8-10", "1:1-11"), ("|2- # bc\n   abc\n", "2:5-7", "1:1-2:7"),
      ("&a !t |\n  abcd", "2:5-7", "1:7-2:7"), ("|\n  ab\n  cd", "3:3-4", "1:1-3:5"),
      // Up to the end of the line; and within a character, nothing has a place of its own.
      ("|\n  abc\n  d", "2:5-6", "1:1-3:4"), ("\"\\u20acb\"", "1:1-10", "1:1-10"),
      // Shorter than that.
      ("ab", "1:1-3", "1:1-3"), ("\"ab\"", "1:1-5", "1:2-4"), ("\"\"", "1:1-3", "1:1-3"), ("--- !t", "1:7-7", "1:7-7"),
      // Collections have no text.
      ("[8080:80]", "1:1-10", "1:1-10"),
    ] as [(String, String, String)])
  func placesPartsOfTexts(_ text: String, _ part: String, _ whole: String) {
    let read = ReadText(text) { node, lines in
      "\(lines.place(node.range(ofText: 2..<4))) \(lines.place(node.textRange))"
    }
    #expect(read.trees == ["\(part) \(whole)"])
  }

  @Test func findsValues() {
    let text = """
      base: &base {a: 1, b: 2}
      own: {<<: *base, b: 3, c: 4}
      twice: {a: 5, a: 6}
      text: {"<<": *base}
      list: [a]
      """
    let read = ReadText(text) { root, _ in
      let values = ["base", "own", "twice", "text", "list"].map { (key: String) in
        let node = root.entries.first { $0.key.text == key }?.value
        return [node?.value("a"), node?.value("b"), node?.value("c")].map { $0?.text ?? "-" }.joined()
      }
      return values.joined(separator: " ")
    }
    #expect(read.trees == ["12- 134 6-- --- ---"])
  }

  @Test func keepsTheFileOfARange() {
    var files: [FileID] = []
    _ = ReadText("a: &x [b]\nc: *x # mark:") { root, _ in
      files = root.entries.flatMap { [$0.key.range.file, $0.value.range.file, $0.value.alias?.file] }.compactMap(\.self)
      return ""
    }
    #expect(files.count == 5)
    #expect(Set(files) == [FileID(3)])
  }
}
