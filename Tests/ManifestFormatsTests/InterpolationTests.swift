import SourceText
import Testing

@testable import ManifestFormats

@Suite struct InterpolationTests {
  /// The text with `?` for what stays open, and behind it the open variables, with a `!` where Compose stops instead of
  /// warning.
  private static func replaced(_ text: String, _ environment: [String: String]) -> String {
    do {
      let text = try InterpolatedText(Array(text.utf8), environment: environment)
      let shown = text.bytes.map { $0 == InterpolatedText.unknown ? UInt8(ascii: "?") : $0 }
      let open = text.openVariables.map { " \($0.name)\($0.vanishesWhenUnset ? "" : "!")" }
      return String(decoding: shown, as: UTF8.self) + open.joined()
    } catch {
      let part = Array(text.utf8)[error.source]
      return "invalid \(String(decoding: part, as: UTF8.self))"
    }
  }

  @Test(arguments: table("interpolation"))
  func replacesVariables(_ row: [String]) {
    #expect(Self.replaced(row[0], ["FOO": "first", "BAR": ""]) == row[1])
    #expect(Self.replaced(row[0], [:]) == row[2])
  }

  /// Where the nth UTF-8 offsets of the replaced text are written.
  @Test(
    arguments: [
      ("8080:80", 0..<4, "8080"), ("8080:80", 5..<7, "80"), ("${P:-8080}:80", 0..<4, "8080"),
      ("${P:-8080}:80", 5..<7, "80"), ("${P:-8080}:80", 0..<5, "${P:-8080}:"), ("${P}:80", 0..<1, "${P}"),
      ("$P:80", 0..<1, "$P"), ("${FOO}:80", 0..<5, "${FOO}"), ("${FOO}:80", 1..<3, "${FOO}"),
      ("${P:-${Q:-8080}}:80", 0..<4, "8080"), ("${P:-80${Q:-81}}:80", 0..<4, "80${Q:-81}"),
      // A port of which a part only comes from a default.
      ("${P:-80}80:80", 0..<4, "${P:-80}80"), ("80${P:-80}:80", 0..<4, "80${P:-80}"), ("80${P}:80", 0..<3, "80${P}"),
      ("${P:-80}${Q:-81}", 0..<4, "${P:-80}${Q:-81}"), ("$$8080", 0..<1, "$$"), ("$$8080", 1..<5, "8080"),
      ("${P:-}8080", 0..<4, "8080"), ("é${P:-8080}", 2..<6, "8080"),
    ] as [(String, Range<Int>, String)])
  func placesParts(_ text: String, _ part: Range<Int>, _ source: String) throws {
    let bytes = Array(text.utf8)
    let replaced = try InterpolatedText(bytes, environment: ["FOO": "first"])
    #expect(String(decoding: bytes[replaced.source(of: part)], as: UTF8.self) == source)
  }
}

@Suite struct DotEnvTests {
  @Test(arguments: table("dot-env"))
  func reads(_ row: [String]) {
    let values = parseDotEnv(SourceFile(id: FileID(0), path: ".env", contents: Array(row[0].utf8)))
    #expect(values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "|") == row[1])
  }
}
