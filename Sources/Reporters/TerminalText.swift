/// Text as a terminal shows it.
enum TerminalText {
  /// The text with everything that could steer a terminal, forge a line or hide in one shown as an escape, `\u{1B}`.
  static func escaped(_ text: some StringProtocol) -> String {
    rewritten(text, keepingBreaks: false, escape: escape) ?? String(text)
  }

  /// `\u{1B}`
  static func escape(_ scalar: Unicode.Scalar) -> String {
    "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
  }

  /// The text, which begins a line, with everything escaped that `escaped` does, and a `::` at its start: GitHub takes
  /// a line for a command that begins with it behind white space.
  static func escapedLine(_ text: some StringProtocol) -> String {
    escapedStart(of: escaped(text))
  }

  /// A line that no CI system takes for a command, whatever it shows besides.
  static func escapedStart(of line: String) -> String {
    guard let start = line.unicodeScalars.firstIndex(where: { !$0.properties.isWhitespace }) else { return line }
    guard line[start...].utf8.starts(with: "::".utf8) else { return line }
    return line[..<start] + "\\u{3A}" + line[line.utf8.index(after: start)...]
  }

  /// A JSON text that says the same and holds nothing that `escaped` escapes.
  static func escapedJSON(_ text: String) -> String {
    rewritten(text, keepingBreaks: true) { String($0).utf16.map(escapedUnit).joined() } ?? text
  }

  /// `\u200b`
  private static func escapedUnit(_ unit: UInt16) -> String {
    let digits = String(unit, radix: 16)
    return "\\u" + repeated("0", count: 4 - digits.count) + digits
  }

  /// How many columns the text takes where it is shown escaped.
  static func width(of text: some StringProtocol) -> Int {
    if isPlain(text, keepingBreaks: false) { return text.utf8.count }
    return pieces(of: text).reduce(0) { $0 + $1.columns }
  }

  /// The characters of a text as they are shown, escaped where `escaped` escapes them, and the columns that each takes.
  static func pieces(of text: some StringProtocol) -> [(text: String, columns: Int)] {
    var mark = CommandMark()
    return text.unicodeScalars.map { scalar in
      let kind = CharacterKind(scalar)
      guard mark.isCompleted(by: scalar) || kind == .hidden else { return (String(scalar), kind.columns) }
      let shown = escape(scalar)
      return (shown, shown.utf8.count)
    }
  }

  /// A text of one ASCII character; `String(repeating:count:)` would append them one by one.
  static func repeated(_ character: Unicode.Scalar, count: Int) -> String {
    String(decoding: [UInt8](repeating: UInt8(ascii: character), count: count), as: UTF8.self)
  }

  /// Whether the text is printable ASCII, as nearly every one is, without what may begin a command.
  static func isPlain(_ text: some StringProtocol, keepingBreaks: Bool) -> Bool {
    let isPlain = { (byte: UInt8) in
      (byte >= 0x20 || byte == 0x0A && keepingBreaks) && byte < 0x7F && byte != UInt8(ascii: "#")
    }
    return text.utf8.withContiguousStorageIfAvailable { $0.allSatisfy(isPlain) } ?? text.utf8.allSatisfy(isPlain)
  }

  /// The text with what needs it escaped; nothing where nothing does.
  static func rewritten(
    _ text: some StringProtocol, keepingBreaks: Bool, escape: (Unicode.Scalar) -> String
  ) -> String? {
    if isPlain(text, keepingBreaks: keepingBreaks) { return nil }
    var result = ""
    var mark = CommandMark()
    for scalar in text.unicodeScalars {
      let isBreak = keepingBreaks && scalar == "\n"
      if mark.isCompleted(by: scalar) || CharacterKind(scalar) == .hidden && !isBreak {
        result += escape(scalar)
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// `##[` and `##name[`: Azure, TeamCity and GitHub (runner `ActionCommand.cs`) take a line that holds one anywhere for
  /// a command.
  private struct CommandMark {
    private var hashes = 0

    mutating func isCompleted(by scalar: Unicode.Scalar) -> Bool {
      switch scalar {
      case "#":
        hashes += 1
      case "a"..."z" where hashes >= 2, "A"..."Z" where hashes >= 2:
        break
      default:
        let isCommand = scalar == "[" && hashes >= 2
        hashes = 0
        return isCommand
      }
      return false
    }
  }
}

/// A text with everything that could steer a terminal, forge a line or hide in one shown as an escape.
package func escapedForTerminal(_ text: String) -> String {
  TerminalText.escaped(text)
}

/// A text that begins a line, with all that `escapedForTerminal` escapes, and a command's beginning, shown as an escape.
package func escapedLine(_ text: String) -> String {
  TerminalText.escapedLine(text)
}
