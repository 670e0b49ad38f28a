// Paths as texts, taken apart byte by byte: to Swift's strings, a mark behind a slash is one character with it.

extension String {
  /// Whether the text is a path from the root.
  package var isAbsolutePath: Bool {
    utf8.first == UInt8(ascii: "/")
  }

  package var endsInSlash: Bool {
    utf8.last == UInt8(ascii: "/")
  }

  /// Of a path that ends in a slash, what stands before that.
  package var withoutLastSlash: String {
    String(decoding: utf8.dropLast(), as: UTF8.self)
  }

  /// The parts between slashes, none of them empty: a mark behind a slash is one character with it to Swift.
  package var pathParts: [String] {
    var copy = self
    return copy.withUTF8 { bytes in
      var parts: [String] = []
      var start = 0
      while start < bytes.count {
        let end = bytes.firstOffset(of: UInt8(ascii: "/"), from: start) ?? bytes.count
        if end > start { parts.append(String(decoding: bytes[start..<end], as: UTF8.self)) }
        start = end + 1
      }
      return parts
    }
  }

  /// Of a path, what stands behind the last `/`.
  package var fileName: Substring {
    var copy = self
    let start = copy.withUTF8 { $0.startOfFileName }
    return self[utf8.index(startIndex, offsetBy: start)...]
  }

  /// Of a path, the folder's part with its `/`; empty where there is none.
  package var folderPath: String {
    var copy = self
    return copy.withUTF8 { String(decoding: $0[..<$0.startOfFileName], as: UTF8.self) }
  }

  /// Whether the path's last part is `name`.
  package func isPath(toFile name: String) -> Bool {
    isPath(toFileBeginning: name) { $0 == $1 }
  }

  /// Whether the path's last part begins with a text.
  package func isPath(toFileBeginning text: String) -> Bool {
    isPath(toFileBeginning: text) { $0 >= $1 }
  }

  /// - Parameter isMeant: Whether a length of the last part, in bytes, goes with that of the text.
  private func isPath(toFileBeginning text: String, _ isMeant: (Int, Int) -> Bool) -> Bool {
    var (copy, text) = (self, text)
    return copy.withUTF8 { path in
      text.withUTF8 { text in
        let start = path.startOfFileName
        return isMeant(path.count - start, text.count) && path.holds(text, at: start)
      }
    }
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Where a path's last part begins. It is short, and the standard library's search took ten times as long.
  fileprivate var startOfFileName: Int {
    var start = count
    while start > 0, self[start - 1] != UInt8(ascii: "/") { start -= 1 }
    return start
  }
}
