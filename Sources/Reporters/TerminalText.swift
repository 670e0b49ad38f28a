/// Text as a terminal shows it.
enum TerminalText {
  /// The text with everything that could steer a terminal or forge a line shown as an escape, `\u{1B}`.
  static func escaped(_ text: some StringProtocol) -> String {
    rewritten(text, keepingBreaks: false) { "\\u{\(String($0.value, radix: 16, uppercase: true))}" } ?? String(text)
  }

  /// The text, which begins a line, with everything escaped that `escaped` does, and a `::` at its start: GitHub takes
  /// a line for a command that begins with it behind white space.
  static func escapedLine(_ text: some StringProtocol) -> String {
    let line = escaped(text)
    guard let start = line.unicodeScalars.firstIndex(where: { !$0.properties.isWhitespace }) else { return line }
    guard line[start...].utf8.starts(with: "::".utf8) else { return line }
    return line[..<start] + "\\u{3A}" + line[line.utf8.index(after: start)...]
  }

  /// A JSON text that says the same and holds nothing that `escaped` escapes.
  static func escapedJSON(_ text: String) -> String {
    rewritten(text, keepingBreaks: true) { scalar in
      let digits = String(scalar.value, radix: 16)
      return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    } ?? text
  }

  /// How many columns the text takes. A control character counts as its escape.
  static func width(of text: some StringProtocol) -> Int {
    if isPlain(text, keepingBreaks: false) { return text.utf8.count }
    return escaped(text).unicodeScalars.reduce(0) { $0 + width(of: $1) }
  }

  /// A text of one ASCII character; `String(repeating:count:)` would append them one by one.
  static func repeated(_ character: Unicode.Scalar, count: Int) -> String {
    String(decoding: [UInt8](repeating: UInt8(ascii: character), count: count), as: UTF8.self)
  }

  /// Whether the text is printable ASCII, as nearly every one is, without what may begin a command.
  private static func isPlain(_ text: some StringProtocol, keepingBreaks: Bool) -> Bool {
    let isPlain = { (byte: UInt8) in
      (byte >= 0x20 || byte == 0x0A && keepingBreaks) && byte < 0x7F && byte != UInt8(ascii: "#")
    }
    return text.utf8.withContiguousStorageIfAvailable { $0.allSatisfy(isPlain) } ?? text.utf8.allSatisfy(isPlain)
  }

  /// The text with what needs it escaped; nothing where nothing does.
  private static func rewritten(
    _ text: some StringProtocol, keepingBreaks: Bool, escape: (Unicode.Scalar) -> String
  ) -> String? {
    if isPlain(text, keepingBreaks: keepingBreaks) { return nil }
    var result = ""
    var mark = CommandMark()
    for scalar in text.unicodeScalars {
      let isBreak = keepingBreaks && scalar == "\n"
      if mark.isCompleted(by: scalar) || needsEscape(scalar) && !isBreak {
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

  private static func needsEscape(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0: true
    // Line and paragraph separators, and what turns the direction of the text around.
    case 0x2028, 0x2029, 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF: true
    default: false
    }
  }

  private static func width(of scalar: Unicode.Scalar) -> Int {
    if scalar.value < 0x7F, scalar.value >= 0x20 { return 1 }
    if wide.contains(where: { $0.contains(scalar.value) }) { return 2 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: return 1
    }
  }

  /// The blocks whose characters take two columns (Unicode Standard Annex #11, wide and full-width).
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
    0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
    0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x1FA70...0x1FAFF, 0x20000...0x3FFFD,
  ]
}

/// A text with everything that could steer a terminal or forge a line shown as an escape.
package func escapedForTerminal(_ text: String) -> String {
  TerminalText.escaped(text)
}

/// A text that begins a line, with everything that could steer a terminal or forge a line shown as an escape.
package func escapedLine(_ text: String) -> String {
  TerminalText.escapedLine(text)
}
