/// A place as a person counts it.
package struct SourcePosition: Hashable, Comparable, Sendable {
  /// The 1-based line; a line ends at LF, CR or CR LF.
  package let line: Int
  /// The 1-based column, in Unicode code points.
  package let column: Int

  package init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  package static func < (a: SourcePosition, b: SourcePosition) -> Bool {
    (a.line, a.column) < (b.line, b.column)
  }
}

/// The starts of a file's lines, to turn UTF-8 offsets into lines and columns.
package struct LineTable: Sendable {
  private let starts: [UInt32]
  private let bytes: [UInt8]
  /// How many bytes before each multiple of `stride` continue a character; nothing where none does.
  private let continuations: [UInt32]

  private static let stride = 1024

  /// Reads the line ends of `bytes`. O(*n*).
  package init(of bytes: [UInt8]) {
    self.bytes = bytes
    continuations = LineTable.continuations(in: bytes)
    starts = bytes.withUnsafeBufferPointer { bytes in
      // Counted first: a large file's table takes what it needs and no more.
      var count = 1
      LineTable.forEachStart(in: bytes) { _ in count += 1 }
      var starts: [UInt32] = [0]
      starts.reserveCapacity(count)
      LineTable.forEachStart(in: bytes) { starts.append(UInt32(truncatingIfNeeded: $0)) }
      return starts
    }
  }

  private static func continuations(in bytes: [UInt8]) -> [UInt32] {
    bytes.withUnsafeBufferPointer { bytes in
      if bytes.allSatisfy({ $0 < 0x80 }) { return [] }
      var sums: [UInt32] = [0]
      sums.reserveCapacity(bytes.count / LineTable.stride + 1)
      for start in Swift.stride(from: 0, to: bytes.count, by: LineTable.stride) {
        let block = bytes[start..<min(start + LineTable.stride, bytes.count)]
        sums.append(sums[sums.count - 1] + block.reduce(0) { $0 + ($1.isUTF8Continuation ? 1 : 0) })
      }
      return sums
    }
  }

  /// How many of the bytes before an offset continue a character.
  private func continuations(before offset: Int) -> Int {
    if continuations.isEmpty { return 0 }
    let block = offset / LineTable.stride
    return bytes[block * LineTable.stride..<offset].reduce(Int(continuations[block])) {
      $0 + ($1.isUTF8Continuation ? 1 : 0)
    }
  }

  private static func forEachStart(in bytes: UnsafeBufferPointer<UInt8>, _ body: (Int) -> Void) {
    var offset = 0
    while offset < bytes.count {
      let byte = bytes[offset]
      offset += 1
      guard byte == 0x0A || byte == 0x0D else { continue }
      if byte == 0x0D, offset < bytes.count, bytes[offset] == 0x0A { offset += 1 }
      body(offset)
    }
  }

  /// The number of lines; an empty file has one.
  package var count: Int {
    starts.count
  }

  /// The line and column of a UTF-8 offset; an offset past the end counts as the end. O(log *n*).
  package func position(of offset: Int) -> SourcePosition {
    let offset = min(max(offset, 0), bytes.count)
    let line = lineIndex(of: offset)
    let start = Int(starts[line])
    var column = 1 + offset - start - (continuations(before: offset) - continuations(before: start))
    // An offset inside a character belongs to that character.
    if offset < bytes.count, bytes[offset].isUTF8Continuation, column > 1 { column -= 1 }
    return SourcePosition(line: line + 1, column: column)
  }

  /// The 1-based line of a UTF-8 offset.
  package func line(of offset: Int) -> Int {
    lineIndex(of: min(max(offset, 0), bytes.count)) + 1
  }

  /// The UTF-8 offsets of a 1-based line's text, without its line end.
  package func offsets(ofLine line: Int) -> Range<Int> {
    guard line >= 1, line <= starts.count else { return bytes.count..<bytes.count }
    let start = Int(starts[line - 1])
    var end = line < starts.count ? Int(starts[line]) : bytes.count
    while end > start, bytes[end - 1] == 0x0A || bytes[end - 1] == 0x0D { end -= 1 }
    return start..<end
  }

  private func lineIndex(of offset: Int) -> Int {
    max(0, starts.indices.firstBehind { Int(starts[$0]) <= offset } - 1)
  }
}

extension UInt8 {
  /// Whether the byte continues a UTF-8 sequence (10xxxxxx).
  package var isUTF8Continuation: Bool {
    self & 0xC0 == 0x80
  }
}
