import PortModel
import SourceText

/// Turns ranges into paths, lines and columns; each file's lines are found once.
final class Locations {
  private let files: [FileID: SourceFile]
  private var tables: [FileID: LineTable] = [:]

  init(_ report: Report) {
    files = report.files
  }

  /// The path of the file that a range lies in.
  func path(of range: SourceRange) -> String {
    files[range.file]?.path ?? ""
  }

  /// Where a range begins.
  func start(of range: SourceRange) -> SourcePosition {
    table(of: range.file).position(of: Int(range.start))
  }

  /// The position behind a range's last character.
  func end(of range: SourceRange) -> SourcePosition {
    table(of: range.file).position(of: Int(range.end))
  }

  /// The line on which a range begins: its text, and the part of it that the range covers.
  func line(of range: SourceRange) -> (text: String, before: String, covered: String)? {
    guard let file = files[range.file], !file.bytes.isEmpty else { return nil }
    let table = table(of: range.file)
    let line = table.offsets(ofLine: table.position(of: Int(range.start)).line)
    let start = min(max(Int(range.start), line.lowerBound), line.upperBound)
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
