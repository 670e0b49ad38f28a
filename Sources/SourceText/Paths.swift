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
    hasEnd(name) { path, start in start == 0 || path[start - 1] == UInt8(ascii: "/") }
  }

  /// Whether the path's last part begins and ends with some texts, which may have bytes in common.
  package func isPath(toFileBeginning beginning: String, ending: String) -> Bool {
    // Most are told by their ends, for which nothing need be looked for.
    hasEnd(ending) { path, _ in
      var beginning = beginning
      return beginning.withUTF8 { path.holds($0, at: path.startOfFileName) }
    }
  }

  /// Whether the text ends with another, and something holds of the bytes and of where that begins.
  private func hasEnd(_ end: String, _ holds: (UnsafeBufferPointer<UInt8>, Int) -> Bool) -> Bool {
    // Unlike `withUTF8`, it keeps neither text: of a tree's files twenty ends each are asked for, which took 3 % of a run.
    let answer = utf8.withContiguousStorageIfAvailable { bytes in
      end.utf8.withContiguousStorageIfAvailable { end in
        let start = bytes.count - end.count
        return bytes.holds(end, at: start) && holds(bytes, start)
      }
    }
    return answer.flatMap { $0 } ?? false
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
