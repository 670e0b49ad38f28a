import Foundation
import Testing

/// A service of a name whose port is wrong.
private func manifest(service name: String, port: String = "99999") -> String {
  "services: {\"\(name)\": {image: a, ports: [\"\(port):80\"]}}\n"
}

/// What of a manifest is not seen, or seen in another place than it stands, is shown as an escape.
@Suite struct HiddenCharacterTests {
  static let hidden: [Unicode.Scalar] = [
    // Of no width, or not seen.
    "\u{200B}", "\u{200C}", "\u{200D}", "\u{2060}", "\u{2061}", "\u{2064}", "\u{2065}", "\u{AD}", "\u{34F}",
    "\u{180B}", "\u{180E}", "\u{17B4}", "\u{3164}", "\u{115F}", "\u{1160}", "\u{FFA0}", "\u{FE0F}", "\u{FFF9}",
    "\u{1D173}", "\u{E0001}", "\u{E0041}", "\u{E0100}", "\u{E0FFF}",
    // Drawn as nothing.
    "\u{2800}", "\u{FFFC}", "\u{13441}", "\u{16FE4}", "\u{1D159}",
    // What turns the text around.
    "\u{202E}", "\u{2066}", "\u{200F}", "\u{FEFF}",
  ]

  @Test(arguments: hidden)
  func isShownEscapedByEveryReport(_ scalar: Unicode.Scalar) throws {
    let escape = "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
    // Markdown takes some marks for its own.
    let inMarkdown = escape.replacingOccurrences(of: "\\", with: "\\\\")
    let files = ["a\(scalar)b.yaml": manifest(service: "we\(scalar)b", port: "8080,8080")]
    let ports = ["c.yaml": manifest(service: "we\(scalar)b", port: "8080")]
    for (arguments, files, shown) in [
      ([], files, escape), (["--format", "compact"], files, escape), (["ports"], ports, escape),
      (["ports", "--format", "csv"], ports, escape), (["ports", "--format", "markdown"], ports, inMarkdown),
      (["init", "--stdout"], ports, "owner: \"we\\"),
    ] {
      let run = try Run(arguments, files: files)
      #expect(run.output.contains(shown), "\(arguments)")
      #expect(!run.output.unicodeScalars.contains(scalar), "\(arguments)")
    }
  }

  @Test(arguments: hidden + ["\u{1F3FD}"])
  func isTheSameTextInJSON(_ scalar: Unicode.Scalar) throws {
    let run = try Run(
      ["ports", "--format", "json"], files: ["c.yaml": manifest(service: "we\(scalar)b", port: "8080")])
    #expect(!run.output.unicodeScalars.contains(scalar))
    let document = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    let owner = (document?["ports"] as? [[String: Any]])?.first?["owner"] as? [String: Any]
    let name = try #require(owner?["name"] as? String)
    #expect(Array(name.unicodeScalars) == ["w", "e", scalar, "b"])
  }
}

@Suite struct ExcerptTests {
  /// The line of a finding with its underline below it.
  private static func excerpts(_ output: String) -> [(line: String, underline: String)] {
    let lines = output.split(separator: "\n").map(String.init)
    return zip(lines, lines.dropFirst()).filter { $1.contains("^") && $1.contains("|") }.map { ($0, $1) }
  }

  /// Each name with the columns that it takes on a terminal, be its escapes counted as they are written.
  @Test(arguments: [
    ("é", 1), ("e\u{301}", 1), ("日本", 4), ("⌚", 2), ("⏳", 2), ("⭐", 2), ("✅", 2), ("🀄", 2), ("🃏", 2), ("🆎", 2),
    ("🟠", 2), ("🫩", 2), ("\u{17000}", 2), ("\u{18D00}", 2), ("\u{1B000}", 2), ("\u{1AFF0}", 2), ("\u{FF21}", 2),
    ("\u{FF71}", 1), ("☎", 1), ("☎\u{FE0F}", 9), ("👩\u{200D}💻", 12), ("👋\u{1F3FD}", 11), ("🇩🇪", 2),
    ("\u{1112}\u{1161}\u{11AB}", 2), ("한", 2), ("\u{1112}\u{D7B0}", 2), ("\u{3164}", 8), ("\u{3099}か", 2),
    ("a\u{20DD}", 1), ("\u{1FA8E}", 2), ("\u{4DC0}", 2), ("\u{231A}", 2),
  ])
  func anUnderlineStandsUnderItsText(_ name: String, _ columns: Int) throws {
    let run = try Run([], files: ["compose.yaml": manifest(service: name)])
    let shown = try #require(Self.excerpts(run.output).first)
    let before = "  1 | services: {\"".count + columns + "\": {image: a, ports: [\"".count
    #expect(shown.underline == "    | " + String(repeating: " ", count: before - 6) + "^^^^^")
  }

  static let long: [(String, String)] = [
    ("a long default", manifest(service: "a", port: "${A:-\(String(repeating: "x", count: 300))}")),
    ("a long name before", manifest(service: String(repeating: "n", count: 300))),
    ("a wide name before", manifest(service: String(repeating: "✅", count: 300))),
    ("escapes before", manifest(service: String(repeating: "\u{200B}", count: 100))),
    (
      "a long comment behind", "services: {a: {image: a, ports: [\"99999:80\"]}} #" + String(repeating: "c", count: 300)
    ),
    ("escapes behind", "services: {a: {image: a, ports: [\"99999:80\"]}} #" + String(repeating: "\u{200B}", count: 99)),
    ("NULs", "services: {a: {image: \"" + String(repeating: "\0", count: 1000)),
    ("commands", "services: {a: {image: a, ports: [\"99999:80\"]}} " + String(repeating: "##[", count: 50)),
    ("at the very edge", "services: {a: {image: a, ports: [\"99999:80\"]}} #" + String(repeating: "c", count: 105)),
  ]

  @Test(arguments: long)
  func aLineIsNoLongerThanATerminalIsWide(_ name: String, _ text: String) throws {
    let run = try Run(["--show-info"], files: ["compose.yaml": text])
    let shown = Self.excerpts(run.output)
    #expect(!shown.isEmpty)
    for excerpt in shown {
      // None of these characters but one takes two columns.
      let columns = excerpt.line.unicodeScalars.reduce(0) { $0 + ($1 == "✅" ? 2 : 1) }
      #expect(columns <= 160 && excerpt.underline.count <= columns, "\(excerpt)")
    }
  }

  @Test func whatIsCutIsSaidOnTheSideWhereItIs() throws {
    let behind = "services: {a: {image: a, ports: [\"99999:80\"]}} #" + String(repeating: "c", count: 300)
    let line = try #require(Self.excerpts(try Run([], files: ["compose.yaml": behind]).output).first?.line)
    #expect(line.hasPrefix("  1 | services: {a:") && line.hasSuffix("ccc...") && line.count == 160)
    let before = manifest(service: String(repeating: "n", count: 300))
    let other = try #require(Self.excerpts(try Run([], files: ["compose.yaml": before]).output).first)
    #expect(other.line.hasPrefix("  1 | ...nnn") && other.line.hasSuffix("[\"99999:80\"]}}"))
    #expect(
      other.line.dropFirst(other.underline.firstIndex(of: "^")!.utf16Offset(in: other.underline)).hasPrefix("99999"))
  }
}

/// An inventory as spreadsheets and pages take it.
@Suite struct CellTests {
  @Test(arguments: [
    ("=1+1", "'=1+1.yaml:1:39"), ("+1", "'+1.yaml:1:39"), ("-1", "'-1.yaml:1:39"), ("@a", "'@a.yaml:1:39"),
    ("＝1+1", "'＝1+1.yaml:1:39"), ("＋1", "'＋1.yaml:1:39"), ("－1", "'－1.yaml:1:39"), ("＠a", "'＠a.yaml:1:39"),
    ("a;=1+1", "\"a;'=1+1.yaml:1:39\""), ("a; ＝1", "\"a; '＝1.yaml:1:39\""), ("a;b", "\"a;b.yaml:1:39\""),
    ("a;;@b", "\"a;;'@b.yaml:1:39\""), ("\u{3000}=1", "\u{3000}'=1.yaml:1:39"), ("a=1", "a=1.yaml:1:39"),
    ("a\"\u{301}b", "\"a\"\"\u{301}b.yaml:1:39\""), ("\t=1", "\\u{9}=1.yaml:1:39"), ("\r=1", "\\u{D}=1.yaml:1:39"),
  ])
  func aCellIsNoFormulaWhateverPartsTheCells(_ name: String, _ cell: String) throws {
    let files = ["\(name).yaml": manifest(service: "web", port: "8080")]
    let run = try Run(["ports", "--format", "csv", "."], files: files)
    let row = run.output.unicodeScalars.drop { $0 != "\n" }.dropFirst()
    #expect(row.starts(with: "\(cell),service,web,,publish,*,8080,tcp,80,,".unicodeScalars))
  }

  @Test func aCellOfAPageIsTakenAsItStands() throws {
    let files = ["c.yaml": manifest(service: "we&zwnj;b|\u{301}x", port: "8080")]
    let run = try Run(["ports", "--format", "markdown"], files: files)
    #expect(run.output.unicodeScalars.contains("|"))
    #expect(run.output.contains("'we\\&zwnj;b\\"))
    #expect(
      String(String.UnicodeScalarView(run.output.unicodeScalars)).range(of: "b\\|\u{301}x", options: .literal) != nil)
  }
}
