import SourceText
import Testing

@Suite struct LineTableTests {
  @Test(
    arguments: [
      ("", [""]), ("a", ["a"]), ("a\n", ["a", ""]), ("a\nb", ["a", "b"]), ("a\r\nb", ["a", "b"]),
      ("a\rb", ["a", "b"]), ("a\n\rb", ["a", "", "b"]), ("\n\n", ["", "", ""]), ("\r\r\n", ["", "", ""]),
      ("a\r", ["a", ""]), ("a\u{85}b\u{2028}c", ["a\u{85}b\u{2028}c"]), ("é\r\nü", ["é", "ü"]),
    ] as [(String, [String])])
  func splitsLines(_ text: String, _ lines: [String]) {
    let bytes = Array(text.utf8)
    let table = LineTable(of: bytes)
    #expect(table.count == lines.count)
    let found = (1...table.count).map { String(decoding: bytes[table.offsets(ofLine: $0)], as: UTF8.self) }
    #expect(found == lines)
  }

  @Test(arguments: [0, -1, 3, Int.max])
  func hasNoTextForALineThatIsNotThere(_ line: Int) {
    #expect(LineTable(of: Array("a\nb".utf8)).offsets(ofLine: line) == 3..<3)
  }

  @Test(
    arguments: [
      // An empty file, and offsets outside.
      ("", 0, "1:1"), ("", 7, "1:1"), ("ab", -1, "1:1"), ("ab", 2, "1:3"), ("ab", 99, "1:3"),
      // A line end belongs to the line it ends; behind it, the next one begins.
      ("a\nb", 1, "1:2"), ("a\nb", 2, "2:1"), ("a\n", 2, "2:1"), ("a\n", 99, "2:1"),
      ("a\r\nb", 1, "1:2"), ("a\r\nb", 2, "1:3"), ("a\r\nb", 3, "2:1"), ("a\rb", 2, "2:1"), ("\n\r\n", 1, "2:1"),
      // Columns count characters: two, three and four bytes long.
      ("é:x", 2, "1:2"), ("€:x", 3, "1:2"), ("😀:x", 4, "1:2"), ("a😀b", 5, "1:3"), ("é\nüb", 5, "2:2"),
      // An offset inside a character belongs to it.
      ("é:x", 1, "1:1"), ("a€", 2, "1:2"), ("a€", 3, "1:2"), ("a😀b", 4, "1:2"), ("\né", 2, "2:1"),
      // Not line ends for a person's editor.
      ("\u{85}\u{2028}\u{2029}x", 8, "1:4"),
    ] as [(String, Int, String)])
  func findsPositions(_ text: String, _ offset: Int, _ expected: String) {
    let position = LineTable(of: Array(text.utf8)).position(of: offset)
    #expect("\(position.line):\(position.column)" == expected)
  }

  @Test func findsPositionsInMalformedText() {
    let table = LineTable(of: [0x80, 0x80, 0x0A, 0xC3, 0x28])
    #expect(table.position(of: 1) == SourcePosition(line: 1, column: 1))
    #expect(table.position(of: 4) == SourcePosition(line: 2, column: 2))
    #expect(table.position(of: 5) == SourcePosition(line: 2, column: 3))
  }

  @Test func ordersPositionsByLineThenColumn() {
    let sorted = [(2, 1), (1, 9), (1, 2)].map { SourcePosition(line: $0.0, column: $0.1) }.sorted()
    #expect(sorted.map(\.line) == [1, 1, 2])
    #expect(sorted.map(\.column) == [2, 9, 1])
  }
}
