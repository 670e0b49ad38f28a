import SourceText
import Testing

@testable import SourceYAML

@Suite struct FailureTests {
  @Test(arguments: table("failures"))
  func saysWhereAndWhy(_ row: [String]) {
    #expect(ReadText(row[0]).failure == row[1])
  }

  /// libyaml gives no mark for what its reader rejects, only an offset.
  @Test(
    arguments: [
      ([0x61, 0x3A, 0x20, 0xFF], "1:4-5 invalid leading UTF-8 octet"),
      ([0x61, 0x0A, 0xC3, 0x28], "2:2-3 invalid trailing UTF-8 octet"),
      ([0x61, 0x0A, 0xC3], "2:1-2 incomplete UTF-8 octet sequence"),
      ([0xC0, 0x80], "1:1-2 invalid length of a UTF-8 sequence"),
      ([0x61, 0xED, 0xA0, 0x80], "1:2-3 invalid Unicode character"),
      ([0xC3, 0xA9, 0x0A, 0x61, 0x00], "2:2-3 control characters are not allowed"),
      ([0xEF, 0xBB, 0xBF, 0x61, 0x7F], "1:2-3 control characters are not allowed"),
      // UTF-16 is transcoded first.
      ([0xFE, 0xFF, 0x00, 0x61, 0x00, 0x0A, 0xDC, 0x00], "2:1-1 invalid UTF-16"),
      ([0xFF, 0xFE, 0x61, 0x00, 0x61], "1:2-2 invalid UTF-16"),
      ([0xFF, 0xFE, 0xE9, 0x00, 0x07, 0x00], "1:2-3 control characters are not allowed"),
    ] as [([UInt8], String)])
  func placesBytesThatAreNoText(_ contents: [UInt8], _ failure: String) {
    #expect(ReadText(contents).failure == failure)
  }

  @Test func readsUTF16() {
    #expect(
      ReadText([0xFF, 0xFE, 0xE9, 0x00, 0x3A, 0x00, 0x20, 0x00, 0x62, 0x00]).trees == ["{é@1:1-2: b@1:4-5}@1:1-5"])
  }

  @Test(arguments: table("templates"))
  func tellsTemplatesFromBrokenText(_ row: [String]) {
    let read = ReadText(row[0])
    #expect(read.failure != nil)
    #expect(read.isTemplate == (row[1] == "template"))
  }

  @Test func handsOutTheDocumentsBeforeAFailure() {
    let read = ReadText("a\n---\nb\n---\n[")
    #expect(read.trees == ["a@1:1-2", "b@3:1-2"])
    #expect(read.failure?.hasPrefix("5:2-2 ") == true)
  }
}

/// Every guard stops a file at once, and no earlier than it must.
@Suite struct LimitTests {
  private static func flow(_ depth: Int) -> String {
    String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
  }

  private static func block(_ depth: Int) -> String {
    String(repeating: "- ", count: depth) + "a"
  }

  private static func mappings(_ depth: Int) -> String {
    (0..<depth).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
  }

  @Test(arguments: ["[", "- ", "a:"])
  func nestsTwoHundredDeep(_ opening: String) {
    let text = ["[": Self.flow, "- ": Self.block][opening] ?? Self.mappings
    #expect(ReadText(text(200)) { _, _ in "" }.failure == nil)
    #expect(ReadText(text(201)) { _, _ in "" }.failure?.hasSuffix(" deeper than 200") == true)
  }

  @Test func placesTheCollectionThatIsTooDeep() {
    #expect(ReadText(Self.flow(201)).failure == "1:201-202 deeper than 200")
    #expect(ReadText(Self.block(201)).failure == "1:401-402 deeper than 200")
    #expect(ReadText(Self.mappings(201)).failure == "201:201-202 deeper than 200")
  }

  @Test(arguments: ["[", "{", "- ", "? ", "[{a: ", "{\"a\": [", "!t [", "&a ["])
  func stopsDeepNestingAtOnce(_ opening: String) {
    let failure = ReadText(String(repeating: opening, count: 100_000)) { _, _ in "" }.failure
    #expect(failure?.hasSuffix(" deeper than 200") == true)
  }

  /// A mapping of `levels` anchors, each a list of `width` aliases to the one before.
  private static func bomb(levels: Int, width: Int) -> String {
    let lists = (1..<levels).map { level in
      "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: width).joined(separator: ", ") + "]\n"
    }
    return "a0: &a0 [x]\n" + lists.joined()
  }

  @Test func stopsAliasBombs() {
    // The levels stand for 2, 31, 321 … 32,221 nodes, of which each takes ten of the one before.
    #expect(ReadText(Self.bomb(levels: 5, width: 10)) { _, _ in "" }.failure == nil)
    let failure = ReadText(Self.bomb(levels: 6, width: 10)) { _, _ in "" }.failure
    #expect(failure == "6:10-13 more than 50000 aliased nodes")
    #expect(ReadText(Self.bomb(levels: 60, width: 2)) { _, _ in "" }.failure?.hasSuffix(" aliased nodes") == true)
  }

  @Test func countsAliasedNodesOfEachDocument() {
    var limits = YAMLLimits()
    limits.aliasedNodes = 4
    #expect(ReadText("- &a [x]\n- *a\n- *a\n---\n- &a [x]\n- *a\n- *a\n", limits: limits).failure == nil)
    #expect(ReadText("- &a [x]\n- *a\n- *a\n- *a\n", limits: limits).failure == "4:3-5 more than 4 aliased nodes")
  }

  @Test func stopsStreamsOfTooManyDocuments() {
    var limits = YAMLLimits()
    limits.documents = 2
    #expect(ReadText("--- a\n--- b\n", limits: limits).failure == nil)
    #expect(ReadText("--- a\n--- b\n--- c\n", limits: limits).failure == "3:1-2 more than 2 documents")
  }

  @Test func stopsTreesThatTakeTooMuch() {
    var limits = YAMLLimits()
    limits.nodes = 1
    // A root and 32,767 items of 32 bytes each are the last below 1 MiB.
    let items = { (count: Int) in String(repeating: "- a\n", count: count) }
    #expect(ReadText(items(32_767), limits: limits) { _, _ in "" }.failure == nil)
    #expect(ReadText(items(32_768), limits: limits) { _, _ in "" }.failure == "32768:3-4 nodes of more than 1 MiB")
    #expect(ReadText(items(30_000) + "---\n" + items(30_000), limits: limits) { _, _ in "" }.failure == nil)
    // A prefix that stands in every tag.
    let tags = "%TAG !t! \(String(repeating: "x", count: 10_000))\n---\n" + String(repeating: "- !t!a b\n", count: 200)
    #expect(ReadText(tags, limits: limits) { _, _ in "" }.failure?.hasSuffix(" nodes of more than 1 MiB") == true)
  }

  /// Lines of `%TAG`, between which libyaml sees nothing.
  private static func directives(_ count: Int, between: String) -> String {
    (1...count).map { "%TAG !t\($0)! tag:x\n\(between)" }.joined() + "--- a\n"
  }

  @Test(arguments: ["", "\n", "# c\n", "  # c\n", "  \n", "\t\n"])
  func stopsRunsOfDirectives(_ between: String) {
    #expect(ReadText(Self.directives(100, between: between)).failure == nil)
    let line = between.isEmpty ? 101 : 201
    #expect(ReadText(Self.directives(101, between: between)).failure == "\(line):1-2 more than 100 directives")
  }

  @Test(arguments: ["\u{85}", "\u{2028}", "\r", "\r\n", "\n\u{85}", "\n\u{2028}", "\n\u{FEFF}\n", "\n\u{FEFF} # c\n"])
  func stopsRunsOfDirectivesWhateverEndsTheirLines(_ end: String) {
    let text = (1...101).map { "%TAG !t\($0)! tag:x\(end)" }.joined() + "--- a\n"
    #expect(ReadText(text).failure?.hasSuffix(" more than 100 directives") == true)
  }

  @Test(arguments: ["a: |\n", "- >\n", "a:\n  b: \"\n"])
  func countsNoPercentSignsOfText(_ opening: String) {
    let text = opening + String(repeating: "    %TAG ! x\n", count: 300) + (opening.hasSuffix("\"\n") ? "    \"\n" : "")
    #expect(ReadText(text) { _, _ in "" }.failure == nil)
  }

  @Test func countsDirectivesOfOneDocument() {
    #expect(ReadText(String(repeating: "%YAML 1.1\n--- a\n...\n", count: 150)).trees.count == 150)
  }

  @Test(arguments: ["# ", "- # "])
  func takesManyMarksOfOneLineForOneComment(_ opening: String) {
    var comments = 0
    let file = SourceFile(
      id: FileID(0), path: "a.yaml", contents: Array((opening + String(repeating: "mark: ", count: 50_000) + "\n").utf8)
    )
    _ = readYAML(file, keepingCommentsWith: "mark:") { comments += $0.comments.count }
    #expect(comments == (opening == "# " ? 0 : 1))
  }
}
