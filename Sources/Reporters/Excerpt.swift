/// A line of a file as a report shows it: cut around what is marked in it where it is long.
struct Excerpt {
  let text: String
  /// How many columns stand before what is marked.
  let before: Int
  /// How many columns of what is marked are shown.
  let marked: Int

  /// How many columns of a long line are shown before what is marked.
  private static let lead = 40
  private static let dots = "..."

  /// - Parameter columns: How many there are for it.
  init(of line: (text: String, before: String, covered: String), columns: Int) {
    // Tabs are shown as one blank, so that the mark stands under its text on every terminal.
    let whole = Excerpt.untabbed(line.text)
    if whole.utf8.count <= columns, TerminalText.isPlain(whole, keepingBreaks: false) {
      (text, before, marked) = (whole, line.before.utf8.count, line.covered.utf8.count)
      return
    }
    let pieces = TerminalText.pieces(of: whole)
    let start = min(line.before.unicodeScalars.count, pieces.count)
    let end = min(start + line.covered.unicodeScalars.count, pieces.count)
    func width(_ range: Range<Int>) -> Int { pieces[range].reduce(0) { $0 + $1.columns } }
    var shown = pieces.indices
    var room = columns
    if width(shown) > columns {
      shown = start..<start
      var left = Excerpt.lead
      while let piece = pieces[..<shown.lowerBound].last, piece.columns <= left {
        left -= piece.columns
        shown = shown.lowerBound - 1..<start
      }
      room -= width(shown) + Excerpt.dots.utf8.count * (shown.lowerBound > 0 ? 2 : 1)
      while shown.upperBound < pieces.count, pieces[shown.upperBound].columns <= room {
        room -= pieces[shown.upperBound].columns
        shown = shown.lowerBound..<shown.upperBound + 1
      }
    }
    let head = shown.lowerBound > 0 ? Excerpt.dots : ""
    let tail = shown.upperBound < pieces.count ? Excerpt.dots : ""
    text = head + pieces[shown].map(\.text).joined() + tail
    before = head.utf8.count + width(shown.lowerBound..<start)
    marked = width(start..<max(start, min(end, shown.upperBound)))
  }

  private static func untabbed(_ text: String) -> String {
    guard text.utf8.contains(0x09) else { return text }
    return String(decoding: text.utf8.map { $0 == 0x09 ? 0x20 : $0 }, as: UTF8.self)
  }
}
