/// XML 1.0 as text: FoundationEssentials has no writer for it.
enum XMLText {
  static let declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"

  /// `<name key="value">`
  static func start(_ name: String, _ attributes: KeyValuePairs<String, String>, isEmpty: Bool = false) -> String {
    let list = attributes.map { " \($0)=\"\(escaped($1))\"" }.joined()
    return "<\(name)\(list)\(isEmpty ? "/" : "")>"
  }

  /// A text between tags or in quotes that reads as it was, but for what XML 1.0 has no way to say: that is shown as
  /// text shows it, `\u{1B}`.
  static func escaped(_ text: String) -> String {
    let marks = "&<>\""
    let isPlain = TerminalText.isPlain(text, keepingBreaks: false) && !text.utf8.contains(where: marks.utf8.contains)
    if isPlain { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case _ where !isAllowed(scalar): result += TerminalText.escape(scalar)
      default: result.unicodeScalars.append(scalar)
      }
    }
    // What could steer a terminal or a CI system that shows the report is there by its number alone.
    return TerminalText.rewritten(result, keepingBreaks: false) { scalar in
      "&#x\(String(scalar.value, radix: 16, uppercase: true));"
    } ?? result
  }

  /// Whether the character may be in XML 1.0 (production `Char`), be it by its number.
  private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x9, 0xA, 0xD, 0x20...0xFFFD, 0x10000...0x10FFFF: true
    default: false
    }
  }
}
