/// A file's name and its text, as UTF-8.
package struct SourceFile: Sendable {
  /// The file's number within the run.
  package private(set) var id: FileID
  /// The path by which the file was read: relative when it was given so, `/`-separated, not escaped.
  package let path: String
  /// What the file is called in reports, not escaped: its path, but for standard input.
  package let shownPath: String
  /// The text in UTF-8, without a byte order mark; a file in UTF-16 has been transcoded.
  ///
  /// May hold invalid UTF-8 where the file does: whoever decodes repairs.
  package let bytes: [UInt8]
  /// Whether reports may show its text: an environment file holds what is nobody's business.
  package private(set) var isShown = true
  /// How the file says its text.
  package let encoding: TextEncoding
  /// Where a file in UTF-16 stops being well-formed, as an offset in `bytes`.
  package let malformedUTF16: Int?

  /// Makes a file of what was read: UTF-8, or UTF-16 that begins with a byte order mark.
  ///
  /// - Parameter name: What the file is called in reports, where that is not its path.
  package init(id: FileID, path: String, shownAs name: String? = nil, contents: [UInt8]) {
    self.id = id
    self.path = path
    shownPath = name ?? path
    let text = DecodedText(contents)
    bytes = text.bytes
    encoding = text.encoding
    malformedUTF16 = text.malformedAt
  }

  /// The file by another number.
  package func numbered(_ id: FileID) -> SourceFile {
    var file = self
    file.id = id
    return file
  }

  /// The file, of whose text reports show nothing.
  package var hidden: SourceFile {
    var file = self
    file.isShown = false
    return file
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
