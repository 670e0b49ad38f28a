/// A file's name and its text, as UTF-8.
package struct SourceFile: Sendable {
  /// The file's number within the run.
  package let id: FileID
  /// The path as it is shown: relative when it was given so, `/`-separated, not escaped.
  package let path: String
  /// The text in UTF-8, without a byte order mark; a file in UTF-16 has been transcoded.
  ///
  /// May hold invalid UTF-8 where the file does: whoever decodes repairs.
  package let bytes: [UInt8]
  /// Where a file in UTF-16 stops being well-formed, as an offset in `bytes`.
  package let malformedUTF16: Int?

  /// Makes a file of what was read: UTF-8, or UTF-16 that begins with a byte order mark.
  package init(id: FileID, path: String, contents: [UInt8]) {
    self.id = id
    self.path = path
    let text = DecodedText(contents)
    bytes = text.bytes
    malformedUTF16 = text.malformedAt
  }

  /// The text of `range`, with invalid UTF-8 repaired.
  package func text(in range: SourceRange) -> String {
    String(decoding: bytes[range.offsets.clamped(to: 0..<bytes.count)], as: UTF8.self)
  }
}

extension SourceFile {
  /// The path of the file's folder with a `/` behind it; empty for a file of the current folder.
  package var folder: String {
    path.folderPath
  }
}

extension String {
  /// Of a path, the folder's part with its `/`; empty where there is none.
  package var folderPath: String {
    var copy = self
    return copy.withUTF8 { bytes in
      bytes.lastIndex(of: UInt8(ascii: "/")).map { String(decoding: bytes[...$0], as: UTF8.self) } ?? ""
    }
  }
}
