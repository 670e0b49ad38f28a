/// The rows of a tab-separated table under a line of headings, those with as many columns as asked for.
func tableRows(of text: String, columns count: Int) -> [[Substring]] {
  text.utf8.split(separator: UInt8(ascii: "\n")).dropFirst().compactMap { line in
    let columns = line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
    return columns.count == count ? columns.map { Substring($0) } : nil
  }
}

/// The parts of a column that lists several.
func listed(_ column: Substring, separator: Unicode.Scalar = ",") -> [Substring] {
  column.utf8.split(separator: UInt8(ascii: separator)).map { Substring($0) }
}
