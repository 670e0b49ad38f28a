import SourceText

/// The documents of a large stream in parts that can be read side by side.
///
/// A stream is parted only where nothing of one part can bear on another: it can be cut at its documents, and no comment
/// of it is kept, which may stand between two of them.
package struct StreamParts: Sendable {
  private let file: SourceFile
  private let mark: StaticString
  /// For each part, the bytes of the documents in it: those that follow one another are read at once.
  private let parts: [[Range<Int>]]
  /// How many documents need not be read.
  package let passedOver: Int

  /// Parts a stream; nothing for one that must stay whole, or is no larger than one part. O(*n*).
  ///
  /// - Parameters:
  ///   - size: How large a part is at least, in bytes.
  ///   - mark: What a comment must hold to be kept.
  ///   - passesOver: Whether a document need not be read, as its first lines show.
  package init?(
    of file: SourceFile, eachOf size: Int, keepingCommentsWith mark: StaticString,
    passingOver passesOver: (YAMLHead) -> Bool
  ) {
    guard file.bytes.count > size else { return nil }
    let cut = file.bytes.withUnsafeBufferPointer { source -> (parts: [[Range<Int>]], passedOver: Int)? in
      guard source.firstOffset(of: mark, from: 0) == nil, let outline = StreamOutline(of: source) else { return nil }
      let (runs, passedOver) = outline.runs(passingOver: passesOver)
      var parts: [[Range<Int>]] = [[]]
      var length = 0
      for run in runs {
        // A long run is cut into as many parts as it fills.
        var first = run.lowerBound
        for document in run {
          length += outline.range(of: document).count
          guard length >= size || document + 1 == run.upperBound else { continue }
          parts[parts.count - 1].append(outline.range(of: first..<document + 1))
          first = document + 1
          if length < size { continue }
          parts.append([])
          length = 0
        }
      }
      if parts.last?.isEmpty == true { parts.removeLast() }
      return (parts, passedOver)
    }
    guard let cut, cut.parts.count > 1, file.malformedUTF16 == nil else { return nil }
    (self.file, self.mark, parts, passedOver) = (file, mark, cut.parts, cut.passedOver)
  }

  /// How many parts there are.
  package var count: Int { parts.count }

  /// Reads parts, one after the other, and lends their documents.
  ///
  /// - Parameter next: The number of the next part that is to be read; nothing after the last.
  /// - Returns: How many documents there were; nothing where one could not be read.
  package func read(_ next: () -> Int?, _ body: (YAMLDocument) -> Void) -> Int? {
    file.bytes.withUnsafeBufferPointer { source in
      // A reader looks through the whole file once, so all parts that a worker reads have the same.
      var reader = YAMLReader(file: file, source: source, limits: .standard, mark: mark)
      while let part = next() {
        for range in parts[part] {
          if reader.read(range, body) != nil { return nil }
        }
      }
      return reader.outcome.documents
    }
  }
}
