extension TerminalText {
  /// Lines of which none is wider than a terminal, as far as their words let them be: what does not fit goes on below,
  /// further in than its line begins.
  ///
  /// - Parameters:
  ///   - text: Lines as they are to be shown, with styles and nothing else that a terminal takes for a command.
  ///   - columns: How wide the terminal is.
  static func wrapped(_ text: String, to columns: Int) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.utf8.count <= columns ? String($0) : wrappedLine($0, to: columns, hanging: 4) }
      .joined(separator: "\n")
  }

  /// - Parameter hanging: How much further in than the line begins what does not fit goes on.
  private static func wrappedLine(_ line: Substring, to columns: Int, hanging: Int) -> String {
    let inset = line.prefix { $0 == " " }
    let margin = repeated(" ", count: min(inset.count + hanging, columns / 2))
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

extension TerminalText {
  /// Paragraphs of plain text, each with lines as wide as they may be; lines that begin with a space stay as they are.
  static func filled(_ text: String, to columns: Int) -> String {
    var lines: [String] = []
    var isParagraph = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let isFilled = !line.isEmpty && line.first != " "
      if isFilled, isParagraph {
        lines[lines.count - 1] += " " + line
      } else {
        lines.append(String(line))
      }
      isParagraph = isFilled
    }
    return lines.map { $0.first == " " ? $0 : wrappedLine($0[...], to: columns, hanging: 0) }.joined(separator: "\n")
  }
}

extension ReportOptions {
  /// Paragraphs of plain text, filled as wide as they may be; as they are written where that is any width.
  ///
  /// - Parameter inset: How far in they are to stand.
  package func filled(_ text: String, inset: Int) -> String {
    usedColumns.map { TerminalText.filled(text, to: $0 - inset) } ?? text
  }

  /// Lines of plain text as wide as they may be.
  ///
  /// - Parameter inset: How far in they are to stand.
  package func fitted(_ text: String, inset: Int) -> String {
    usedColumns.map { TerminalText.wrapped(text, to: $0 - inset) } ?? text
  }

  /// The least columns that lines are wrapped to: in fewer there is no room for an excerpt.
  private static let leastColumns = 60

  /// How wide lines may be; nothing where they are not to be wrapped.
  var usedColumns: Int? {
    columns.map { max($0, ReportOptions.leastColumns) }
  }

  /// Lines as wide as they may be.
  func fitted(_ text: String) -> String { fitted(text, inset: 0) }
}
