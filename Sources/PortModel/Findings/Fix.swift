import SourceText

/// A change of files that mends a finding.
package struct Fix: Hashable, Sendable {
  /// What it does, as an order: `quote the entry`.
  package var title: String
  package var safety: Safety
  package var edits: [Edit]

  package init(_ title: String, _ safety: Safety, edits: [Edit]) {
    self.title = title
    self.safety = safety
    self.edits = edits
  }

  package enum Safety: String, CaseIterable, Sendable {
    /// What is meant stays as it is.
    case safe
    /// It is one of several remedies, or what uses the text elsewhere may need a change too.
    case unsafe
  }

  /// A file's contents with those of the edits that are of the file.
  ///
  /// - Parameter contents: What the file holds now.
  /// - Returns: Nothing where the file has changed since it was read, or where two of the edits meet.
  package func applied(to contents: [UInt8], of file: SourceFile) -> [UInt8]? {
    let now = SourceFile(id: file.id, path: file.path, contents: contents)
    guard now.encoding == file.encoding, now.bytes == file.bytes, now.malformedUTF16 == nil else { return nil }
    var result: [UInt8] = []
    var end = 0
    for edit in edits.sorted(by: { $0.place < $1.place }) where edit.place.file == file.id {
      guard let range = file.fileRange(of: edit.place), range.lowerBound >= end else { return nil }
      result += contents[end..<range.lowerBound]
      result += file.encoding.encoded(edit.replacement)
      end = range.upperBound
    }
    return result + contents[end...]
  }
}

/// One text in the place of another.
package struct Edit: Hashable, Sendable {
  package var place: SourceRange
  package var replacement: String

  package init(_ place: SourceRange, replacement: String) {
    self.place = place
    self.replacement = replacement
  }
}

/// A scalar's text that may be changed where it stands: it is written there as it reads, for nobody else, and all of it
/// is known. Whoever has one can say an edit; of any other text there is none.
package struct EditableText: Hashable, Sendable {
  package let text: String
  /// Where the text is written, without quotes.
  package let place: SourceRange
  /// The same with them.
  package let whole: SourceRange

  package init(_ text: String, at place: SourceRange, whole: SourceRange) {
    self.text = text
    self.place = place
    self.whole = whole
  }

  /// Whether quotes are around it.
  package var isQuoted: Bool {
    place != whole
  }

  /// Another text in the place of this one, quoted like it; nothing for one that YAML might read as something else.
  package func replaced(by other: String) -> Edit? {
    other.standsForItself ? Edit(place, replacement: other) : nil
  }

  /// Another text in the place of a part of this one, given in UTF-8 offsets.
  package func replaced(_ part: Range<Int>, by other: String) -> Edit? {
    var bytes = Array(text.utf8)
    guard part.lowerBound >= 0, part.upperBound <= bytes.count else { return nil }
    // A number in a text reads as one whatever it is, and whatever stands around it.
    let isOfNumbers = bytes[part].isNumber && Array(other.utf8)[...].isNumber && part.count < bytes.count
    bytes.replaceSubrange(part, with: Array(other.utf8))
    guard isOfNumbers || String(decoding: bytes, as: UTF8.self).standsForItself else { return nil }
    let start = Int(place.start)
    let place = SourceRange(file: place.file, start: start + part.lowerBound, end: start + part.upperBound)
    return Edit(place, replacement: other)
  }

  /// The text in quotes; nothing where it has them, or would need more than them.
  package var quoted: Edit? {
    !isQuoted && text.standsForItself ? Edit(whole, replacement: "\"\(text)\"") : nil
  }

  /// The text without its quotes; nothing where it has none, or needs them.
  package var unquoted: Edit? {
    isQuoted && text.standsForItself ? Edit(whole, replacement: text) : nil
  }
}

extension String {
  /// Whether a text reads as it is written, in quotes and without them, between brackets and without them.
  fileprivate var standsForItself: Bool {
    let inner = { (byte: UInt8) in
      byte.isASCIILetter || byte.isASCIIDigit || "-_./:".utf8.contains(byte)
    }
    let outer = { (byte: UInt8?) in byte.map { $0.isASCIILetter || $0.isASCIIDigit } ?? false }
    return utf8.allSatisfy(inner) && outer(utf8.first) && outer(utf8.last)
  }
}

extension ArraySlice<UInt8> {
  /// Whether there are digits, and nothing else.
  fileprivate var isNumber: Bool {
    !isEmpty && allSatisfy(\.isASCIIDigit)
  }
}
