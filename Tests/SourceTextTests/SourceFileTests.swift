import SourceText
import Testing

@Suite struct SourceFileTests {
  @Test(
    arguments: [
      // UTF-8 with and without a byte order mark; a second mark is text.
      ([], "", nil), ([0x61], "a", nil), ([0xEF, 0xBB, 0xBF], "", nil), ([0xEF, 0xBB, 0xBF, 0x61], "a", nil),
      ([0xEF, 0xBB, 0xBF, 0xEF, 0xBB, 0xBF, 0x61], "\u{FEFF}a", nil), ([0xEF, 0xBB], "\u{FFFD}", nil),
      // UTF-16, either byte order, with a pair of surrogates.
      ([0xFF, 0xFE], "", nil), ([0xFF, 0xFE, 0x61, 0x00, 0xE9, 0x00], "aé", nil),
      ([0xFE, 0xFF], "", nil), ([0xFE, 0xFF, 0x00, 0x61, 0x20, 0xAC], "a€", nil),
      ([0xFF, 0xFE, 0x3D, 0xD8, 0x00, 0xDE], "😀", nil), ([0xFE, 0xFF, 0xD8, 0x3D, 0xDE, 0x00], "😀", nil),
      // UTF-16 without a mark is taken for UTF-8.
      ([0x61, 0x00], "a\0", nil),
      // A lone surrogate, first or second, and half a unit at the end.
      ([0xFE, 0xFF, 0x00, 0x61, 0xD8, 0x3D, 0x00, 0x62], "a", 1), ([0xFE, 0xFF, 0x20, 0xAC, 0xDE, 0x00], "€", 3),
      ([0xFE, 0xFF, 0x00, 0x61, 0xD8, 0x3D], "a", 1), ([0xFE, 0xFF, 0x00, 0x61, 0x00], "a", 1),
      ([0xFF, 0xFE, 0x61], "", 0),
    ] as [([UInt8], String, Int?)])
  func decodes(_ contents: [UInt8], _ text: String, _ malformedAt: Int?) {
    let file = SourceFile(id: FileID(0), path: "a", contents: contents)
    #expect(file.text(in: SourceRange(file: FileID(0), start: 0, end: 99)) == text)
    #expect(file.malformedUTF16 == malformedAt)
  }

  @Test(arguments: [("compose.yaml", ""), ("a/compose.yaml", "a/"), ("/a/b/c", "/a/b/"), ("/c", "/"), ("", "")])
  func namesItsFolder(_ path: String, _ folder: String) {
    #expect(SourceFile(id: FileID(0), path: path, contents: []).folder == folder)
  }
}

@Suite struct SourceRangeTests {
  private static func range(_ file: Int, _ start: Int, _ end: Int) -> SourceRange {
    SourceRange(file: FileID(file), start: start, end: end)
  }

  @Test func ordersByFileThenStartThenEnd() {
    let ordered = [(0, 9, 10), (1, 0, 5), (1, 2, 3), (1, 2, 4), (1, 3, 3), (2, 0, 0)].map(Self.range)
    #expect(ordered.reversed().sorted() == ordered)
    for (a, b) in zip(ordered, ordered.dropFirst()) {
      #expect(a < b)
      #expect(!(b < a))
    }
  }

  @Test func endsNoEarlierThanItStarts() {
    #expect(Self.range(0, 5, 3).offsets == 5..<5)
  }

  @Test(
    arguments: [
      ((0, 2, 8), (0, 2, 8), true), ((0, 2, 8), (0, 3, 7), true), ((0, 2, 8), (0, 8, 8), true),
      ((0, 2, 8), (0, 1, 8), false), ((0, 2, 8), (0, 2, 9), false), ((0, 2, 8), (1, 3, 7), false),
    ] as [((Int, Int, Int), (Int, Int, Int), Bool)])
  func contains(_ outer: (Int, Int, Int), _ inner: (Int, Int, Int), _ expected: Bool) {
    #expect(Self.range(outer.0, outer.1, outer.2).contains(Self.range(inner.0, inner.1, inner.2)) == expected)
  }
}
