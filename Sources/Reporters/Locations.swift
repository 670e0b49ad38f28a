import PortModel
import SourceText

/// Turns ranges into paths, lines and columns; each file's lines are found once.
final class Locations: FilePaths {
  private let files: [FileID: SourceFile]
  private var tables: [FileID: LineTable] = [:]

  init(_ report: Report) {
    files = report.files
  }

  /// The path of the file that a range lies in.
  func path(of range: SourceRange) -> String {
    path(of: range.file)
  }

  /// What a file is called in reports.
  func path(of file: FileID) -> String {
    files[file]?.shownPath ?? ""
  }

  /// Where a range begins.
  func start(of range: SourceRange) -> SourcePosition {
    table(of: range.file).position(of: Int(range.start))
  }

  /// The position behind a range's last character.
  func end(of range: SourceRange) -> SourcePosition {
    table(of: range.file).position(of: Int(range.end))
  }

  /// `compose.yaml:5`, as text shows it.
  func shownLine(of range: SourceRange) -> String {
    "\(TerminalText.escaped(path(of: range))):\(start(of: range).line)"
  }

  /// `compose.yaml:5:10`, as text shows it.
  func shownPlace(of range: SourceRange) -> String {
    "\(shownLine(of: range)):\(start(of: range).column)"
  }

  /// What a finding says on one line, as text shows it, with the lines of the other places behind it:
  /// `... (compose.yaml:5, .env:3)`.
  func sentence(of diagnostic: Diagnostic) -> String {
    var others: [String] = []
    for related in diagnostic.related {
      let line = shownLine(of: related.place)
      if !others.contains(where: { $0.isExactly(line) }) { others.append(line) }
    }
    return TerminalText.escaped(diagnostic.message) + (others.isEmpty ? "" : " (\(others.joined(separator: ", ")))")
  }

  /// The other places of a finding with what they say, and what to write instead, each a line as text shows it.
  func lines(below diagnostic: Diagnostic) -> [String] {
    let others = diagnostic.related.map { "\(shownPlace(of: $0.place)): \(TerminalText.escaped($0.message))" }
    return others + (diagnostic.help.isEmpty ? [] : ["help: " + TerminalText.escaped(diagnostic.help)])
  }

  /// How many bytes of its line stand before an offset.
  func bytesBefore(_ offset: UInt32, in file: FileID) -> Int {
    let table = table(of: file)
    return Int(offset) - table.offsets(ofLine: table.line(of: Int(offset))).lowerBound
  }

  /// How many UTF-16 units of its line stand before an offset; nothing far into a line, where they would have to be
  /// counted for each finding.
  func unitsBefore(_ offset: UInt32, in file: FileID) -> Int? {
    let count = bytesBefore(offset, in: file)
    guard count <= 1 << 12, let bytes = files[file]?.bytes, Int(offset) <= bytes.count else { return nil }
    return String(decoding: bytes[Int(offset) - count..<Int(offset)], as: UTF8.self).utf16.count
  }

  /// How much of a line is looked at on either side of a range's start, in bytes: a file may be one line.
  private static let reach = 512

  /// The line on which a range begins, as far as it is near: its text, and the part of it that the range covers;
  /// nothing where others may not see it.
  func line(of range: SourceRange) -> (text: String, before: String, covered: String)? {
    guard let file = files[range.file], !file.bytes.isEmpty else { return nil }
    let table = table(of: range.file)
    let whole = table.offsets(ofLine: table.line(of: Int(range.start)))
    let start = min(max(Int(range.start), whole.lowerBound), whole.upperBound)
    let line = file.characters(near: start, within: whole, reach: Locations.reach)
    guard file.shows(line) else { return nil }
    let end = min(max(Int(range.end), start), line.upperBound)
    func text(_ offsets: Range<Int>) -> String { String(decoding: file.bytes[offsets], as: UTF8.self) }
    return (text(line), text(line.lowerBound..<start), text(start..<end))
  }

  private func table(of file: FileID) -> LineTable {
    if let table = tables[file] { return table }
    let table = LineTable(of: files[file]?.bytes ?? [])
    tables[file] = table
    return table
  }
}

extension SourceFile {
  /// The part of some offsets that lies within reach of one of them, without a cut character at either end.
  fileprivate func characters(near offset: Int, within whole: Range<Int>, reach: Int) -> Range<Int> {
    var start = max(whole.lowerBound, offset - reach)
    while start < offset, bytes[start].isUTF8Continuation { start += 1 }
    var end = min(whole.upperBound, offset + reach)
    while end < whole.upperBound, end > offset, bytes[end].isUTF8Continuation { end -= 1 }
    return start..<end
  }
}
