extension TerminalText {
  /// Lines of which none is wider than a terminal, as far as their words let them be: what does not fit goes on below,
  /// further in than its line begins.
  ///
  /// - Parameters:
  ///   - text: Lines as they are to be shown, with styles and nothing else that a terminal takes for a command.
  ///   - columns: How wide the terminal is.
  static func wrapped(_ text: String, to columns: Int) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.utf8.count <= columns ? String($0) : wrappedLine($0, to: columns) }
      .joined(separator: "\n")
  }

  private static func wrappedLine(_ line: Substring, to columns: Int) -> String {
    let inset = line.prefix { $0 == " " }
    let margin = repeated(" ", count: min(inset.count + 4, columns / 2))
    var (result, column, isFirst) = (String(inset), inset.count, true)
    for word in line.dropFirst(inset.count).split(separator: " ", omittingEmptySubsequences: false) {
      let width = shownWidth(of: word)
      if isFirst {
        result += word
        column += width
      } else if column + 1 + width <= columns {
        result += " " + word
        column += 1 + width
      } else {
        // What begins a line may be taken for a command.
        let start = escapedStart(of: String(word))
        result += "\n" + margin + start
        column = margin.count + shownWidth(of: start[...])
      }
      isFirst = false
    }
    return result
  }

  /// How many columns a word takes that is shown with styles.
  private static func shownWidth(of word: Substring) -> Int {
    guard word.utf8.contains(0x1B) else { return width(of: word) }
    var plain = ""
    var isStyle = false
    for scalar in word.unicodeScalars {
      if scalar == "\u{1B}" { isStyle = true }
      if !isStyle { plain.unicodeScalars.append(scalar) }
      if scalar == "m" { isStyle = false }
    }
    return width(of: plain)
  }
}

extension ReportOptions {
  /// The least columns that lines are wrapped to: in fewer there is no room for an excerpt.
  private static let leastColumns = 60

  /// How wide lines may be; nothing where they are not to be wrapped.
  var usedColumns: Int? {
    columns.map { max($0, ReportOptions.leastColumns) }
  }

  /// Lines as wide as they may be.
  func fitted(_ text: String) -> String {
    usedColumns.map { TerminalText.wrapped(text, to: $0) } ?? text
  }
}
