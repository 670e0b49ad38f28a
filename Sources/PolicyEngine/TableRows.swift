/// The rows of a tab-separated table under a line of headings, those with as many columns as asked for.
func tableRows(of text: String, columns count: Int) -> [[Substring]] {
  // Over an array of bytes: the tables are read at each start, and a string's indices are slow to walk.
  let bytes = Array(text.utf8)
  var rows: [[Substring]] = []
  var isHeading = true
  var columns: [Substring] = []
  var start = 0
  for (offset, byte) in (bytes + [UInt8(ascii: "\n")]).enumerated() {
    guard byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\n") else { continue }
    let isEmptyLine = byte == UInt8(ascii: "\n") && columns.isEmpty && offset == start
    if !isHeading { columns.append(Substring(String(decoding: bytes[start..<offset], as: UTF8.self))) }
    start = offset + 1
    guard byte == UInt8(ascii: "\n"), !isEmptyLine else {
      if isEmptyLine { columns.removeAll(keepingCapacity: true) }
      continue
    }
    if !isHeading, columns.count == count { rows.append(columns) }
    columns.removeAll(keepingCapacity: true)
    isHeading = false
  }
  return rows
}

/// The parts of a column that lists several.
func listed(_ column: Substring, separator: Unicode.Scalar = ",") -> [Substring] {
  column.utf8.split(separator: UInt8(ascii: separator)).map { Substring($0) }
}
