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
  /// Where reports show none of its text all the same, sorted, none over another.
  private var hidden: [Range<Int>] = []
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
  package var unshown: SourceFile {
    var file = self
    file.isShown = false
    return file
  }

  /// The file, of whose text reports show nothing in some places.
  package func hiding(_ offsets: [Range<Int>]) -> SourceFile {
    var merged: [Range<Int>] = []
    for range in (hidden + offsets).sorted(by: { $0.lowerBound < $1.lowerBound }) where !range.isEmpty {
      if let last = merged.last, last.upperBound >= range.lowerBound {
        merged[merged.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        merged.append(range)
      }
    }
    var file = self
    file.hidden = merged
    return file
  }

  /// Whether reports may show the text of some offsets.
  package func shows(_ offsets: Range<Int>) -> Bool {
    guard isShown, !hidden.isEmpty else { return isShown }
    let next = hidden.indices.firstBehind { hidden[$0].upperBound <= offsets.lowerBound }
    return next == hidden.count || hidden[next].lowerBound >= offsets.upperBound
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
