import SourceText
import Testing

@Suite struct TextEncodingTests {
  private static let text = "a: é€😀b\n"

  /// The text in each encoding: plain, with a mark, and in UTF-16 of either order.
  private static let files: [(String, [UInt8])] = {
    let utf16 = text.utf16.map { ($0 & 0xFF, $0 >> 8) }
    return [
      ("utf8", Array(text.utf8)), ("marked", [0xEF, 0xBB, 0xBF] + Array(text.utf8)),
      ("little", [0xFF, 0xFE] + utf16.flatMap { [UInt8($0.0), UInt8($0.1)] }),
      ("big", [0xFE, 0xFF] + utf16.flatMap { [UInt8($0.1), UInt8($0.0)] }),
    ]
  }()

  /// Each part of the text is found in the file by what the file has there.
  @Test(arguments: files)
  func everyPartIsFoundInTheFile(_ name: String, _ contents: [UInt8]) throws {
    let file = SourceFile(id: FileID(2), path: "a.yaml", contents: contents)
    let scalars = Array(Self.text.unicodeScalars)
    for start in scalars.indices {
      for end in start...scalars.count {
        let before = String(String.UnicodeScalarView(scalars[..<start])).utf8.count
        let part = String(String.UnicodeScalarView(scalars[start..<end]))
        let range = SourceRange(file: FileID(2), start: before, end: before + part.utf8.count)
        let found = try #require(file.fileRange(of: range))
        #expect(Array(contents[found]) == file.encoding.encoded(part), "\(name) \(start)..<\(end)")
      }
    }
  }

  @Test(arguments: [("a marked file", [0xEF, 0xBB, 0xBF, 0x61], 3..<4), ("UTF-16", [0xFF, 0xFE, 0x61, 0], 2..<4)])
  func theMarkIsCounted(_ name: String, _ contents: [UInt8], _ expected: Range<Int>) {
    let file = SourceFile(id: FileID(0), path: "a", contents: contents)
    #expect(file.fileRange(of: SourceRange(file: FileID(0), start: 0, end: 1)) == expected)
    #expect(file.fileRange(of: SourceRange(file: FileID(0), start: 0, end: 0))?.lowerBound == expected.lowerBound)
  }

  @Test(arguments: [(4, 5), (3, 4), (0, 99), (98, 99)])
  func whatIsNoPartOfTheTextIsNowhere(_ start: Int, _ end: Int) {
    for (_, contents) in Self.files {
      let file = SourceFile(id: FileID(0), path: "a", contents: contents)
      #expect(file.fileRange(of: SourceRange(file: FileID(0), start: start, end: end)) == nil)
      #expect(file.fileRange(of: SourceRange(file: FileID(1), start: 0, end: 1)) == nil)
    }
  }
}
