import SourceText

extension SourceFile {
  /// Whether JSON may begin here, or a comment or a byte order mark before it.
  var mayBeginJSON: Bool {
    guard let first = bytes.first(where: { $0 > 0x20 }) else { return false }
    return first >= 0x80 || "{[/".utf8.contains(first)
  }

  /// The file with the comments of JSON as YAML has them, and nothing else moved: ` #` for `//`, and spaces for `/* */`.
  var withCommentsOfYAML: SourceFile {
    var text = bytes
    text.writeCommentsOfYAML()
    return SourceFile(id: id, path: path, shownAs: shownPath, contents: text)
  }
}

extension [UInt8] {
  fileprivate mutating func writeCommentsOfYAML() {
    var at = 0
    while at < count {
      switch self[at] {
      case UInt8(ascii: "\""): at = endOfString(from: at)
      case UInt8(ascii: "/") where at + 1 < count && self[at + 1] == UInt8(ascii: "/"):
        (self[at], self[at + 1]) = (0x20, UInt8(ascii: "#"))
        at = self[at...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? count
      case UInt8(ascii: "/") where at + 1 < count && self[at + 1] == UInt8(ascii: "*"):
        let end = endOfComment(from: at)
        for index in at..<end where self[index] != 0x0A && self[index] != 0x0D { self[index] = 0x20 }
        at = end
      default: at += 1
      }
    }
  }

  /// Where a string ends whose first quote stands at an offset: behind the other quote, or with its line.
  private func endOfString(from start: Int) -> Int {
    var at = start + 1
    while at < count, self[at] != UInt8(ascii: "\""), self[at] != 0x0A {
      at += self[at] == UInt8(ascii: "\\") ? 2 : 1
    }
    return Swift.min(at + 1, count)
  }

  /// Where a comment ends that begins at an offset.
  private func endOfComment(from start: Int) -> Int {
    var at = start + 2
    while at + 1 < count, self[at] != UInt8(ascii: "*") || self[at + 1] != UInt8(ascii: "/") { at += 1 }
    return Swift.min(at + 2, count)
  }
}
