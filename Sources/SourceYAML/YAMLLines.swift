/// Lines as libyaml has them, which knows NEL, LS and PS too.
extension UnsafeBufferPointer<UInt8> {
  /// Whether a line ends with the byte at `offset`.
  func endsLine(_ offset: Int) -> Bool {
    switch self[offset] {
    case 0x0A, 0x0D: true
    case 0x85: offset >= 1 && self[offset - 1] == 0xC2
    case 0xA8, 0xA9: offset >= 2 && self[offset - 1] == 0x80 && self[offset - 2] == 0xE2
    default: false
    }
  }

  /// The offset at which the next line begins, which may be that of the text's end; nothing in the last.
  func nextLine(after offset: Int) -> Int? {
    (offset..<count).first(where: endsLine).map { $0 + 1 }
  }

  /// Whether nothing stands on the line that begins at an offset but blanks and a comment.
  func isBlankOrComment(lineAt start: Int) -> Bool {
    var at = skippingByteOrderMark(at: start)
    while at < count, self[at] == 0x20 || self[at] == 0x09 { at += 1 }
    return at == count || self[at] == UInt8(ascii: "#") || beginsLineEnd(at)
  }

  /// Whether a line's end begins at an offset, which takes up to three bytes.
  func beginsLineEnd(_ offset: Int) -> Bool {
    switch self[offset] {
    case 0xC2: offset + 1 < count && endsLine(offset + 1)
    case 0xE2: offset + 2 < count && endsLine(offset + 2)
    default: endsLine(offset)
    }
  }

  /// The offset behind a byte order mark, which libyaml lets begin any line.
  func skippingByteOrderMark(at line: Int) -> Int {
    self[line...].starts(with: [0xEF, 0xBB, 0xBF]) ? line + 3 : line
  }
}
