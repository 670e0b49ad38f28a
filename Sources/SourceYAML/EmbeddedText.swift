import SourceText

/// The text of a file that another one holds.
package struct EmbeddedText {
  /// The text under the number of the file that holds it.
  package let file: SourceFile
  private let places: PlacesOfText

  /// - Parameters:
  ///   - name: What the text would be called as a file.
  ///   - places: Where its parts are written.
  package init(_ text: [UInt8], named name: String = "", in file: FileID, writtenAt places: @escaping PlacesOfText) {
    self.file = SourceFile(id: file, path: name, contents: text)
    // A mark of the byte order is none of the file's text.
    let skipped = text.count - self.file.bytes.count
    self.places = skipped == 0 ? places : { places($0.lowerBound + skipped..<$0.upperBound + skipped) }
  }

  private init(_ file: SourceFile, _ places: @escaping PlacesOfText) {
    (self.file, self.places) = (file, places)
  }

  /// The same with another text, each of whose characters stands in the place of one.
  package func replaced(_ change: (SourceFile) -> SourceFile) -> EmbeddedText {
    EmbeddedText(change(file), places)
  }

  /// Lends its documents, one after the other, with all that they say of places as the file has it that holds the text.
  package func read(keepingCommentsWith mark: StaticString, _ body: (YAMLDocument) -> Void) -> YAMLOutcome {
    readYAML(file, keepingCommentsWith: mark, passingOver: { _ in false }, writtenAt: places, body)
  }
}
