import SourceText

/// Where the characters of a scalar's text are written, in whatever style: what is read of the text as a document of its
/// own is so found in the file.
package struct TextPlaces {
  /// Characters that stand there as they read, one behind the other, or one that is written otherwise.
  private struct Run {
    let text: Range<Int>
    let source: Range<Int>
    let isVerbatim: Bool
  }

  private let file: FileID
  private let whole: Range<Int>
  /// None where the characters have no places of their own.
  private let runs: [Run]
  /// Where the text is written that the scalar is part of, if that is not the file's own.
  private let outer: PlacesOfText?

  package init(of scalar: YAMLNode) {
    let (record, storage) = (scalar.record, scalar.document.pointee)
    file = storage.file
    outer = storage.places
    whole = Int(record.start)..<max(Int(record.start), Int(record.end))
    if record.isVerbatim {
      let (start, count) = (Int(record.payload), Int(record.count))
      runs = [Run(text: 0..<count, source: start..<start + count, isVerbatim: true)]
    } else {
      var walk = Walk(over: record, of: storage)
      runs = walk.toEnd() ? walk.runs : []
    }
  }

  /// Where a part of the text is written; the whole scalar where that cannot be told. O(log *n*).
  ///
  /// - Parameter part: UTF-8 offsets in the text, counted from 0.
  package func range(of part: Range<Int>) -> SourceRange {
    var range = whole
    if !runs.isEmpty {
      let start = start(of: part.lowerBound)
      range = start..<max(start, part.isEmpty ? start : end(before: part.upperBound))
    }
    return outer.map { $0(range) } ?? SourceRange(file: file, start: range.lowerBound, end: range.upperBound)
  }

  /// Where the character at an offset begins, or what stands behind it where it is not written.
  private func start(of offset: Int) -> Int {
    let behind = runs.indices.firstBehind { runs[$0].text.lowerBound <= offset }
    guard behind > 0 else { return runs[0].source.lowerBound }
    let run = runs[behind - 1]
    if run.text.contains(offset) {
      return run.isVerbatim ? run.source.lowerBound + offset - run.text.lowerBound : run.source.lowerBound
    }
    return behind < runs.count ? runs[behind].source.lowerBound : run.source.upperBound
  }

  /// Where the character before an offset ends, or what stands before it where it is not written.
  private func end(before offset: Int) -> Int {
    let behind = runs.indices.firstBehind { runs[$0].text.lowerBound < offset }
    guard behind > 0 else { return runs[0].source.lowerBound }
    let run = runs[behind - 1]
    guard run.isVerbatim, run.text.upperBound >= offset else { return run.source.upperBound }
    return run.source.lowerBound + offset - run.text.lowerBound
  }

  /// One walk over a text and what it is written as.
  private struct Walk {
    private let text: UnsafeBufferPointer<UInt8>
    private let source: UnsafeBufferPointer<UInt8>
    private let style: YAMLScalarStyle
    private var at: Int
    private(set) var runs: [Run] = []

    init(over record: NodeRecord, of storage: DocumentStorage) {
      text = UnsafeBufferPointer(start: storage.text(of: record), count: Int(record.count))
      style = record.style
      let isQuoted = style == .singleQuoted || style == .doubleQuoted
      source = UnsafeBufferPointer(start: storage.source, count: max(0, Int(record.end) - (isQuoted ? 1 : 0)))
      at = record.startOfText(in: source)
    }

    /// - Returns: Whether all of the text is written there.
    mutating func toEnd() -> Bool {
      var inText = 0
      while inText < text.count {
        let blanks = inText..<(text[inText...].firstIndex { !$0.isYAMLSpace } ?? text.count)
        inText = blanks.upperBound
        guard inText < text.count else {
          addBlanks(blanks, writtenIn: min(at, source.count)..<source.count)
          return true
        }
        guard let character = WrittenCharacter(from: at, in: source, style), character.stands(in: text, at: inText)
        else { return false }
        if !blanks.isEmpty { addBlanks(blanks, writtenIn: at..<character.place.lowerBound) }
        add(inText..<inText + character.count, character.place)
        inText += character.count
        at = character.place.upperBound
      }
      return true
    }

    /// Adds the line end that both begin with, and what both end with: between them stand what folding takes away, and
    /// the indentation.
    private mutating func addBlanks(_ blanks: Range<Int>, writtenIn place: Range<Int>) {
      let written = self.blanks(in: place)
      var (first, start) = (0, blanks.lowerBound)
      while start < blanks.upperBound, first < written.count, written[first].byte == text[start] {
        add(start..<start + 1, written[first].place)
        (first, start) = (first + 1, start + 1)
        if text[start - 1] == 0x0A { break }
      }
      var (last, end) = (written.count, blanks.upperBound)
      while end > start, last > first, written[last - 1].byte == text[end - 1] { (last, end) = (last - 1, end - 1) }
      while end < blanks.upperBound {
        add(end..<end + 1, written[last].place)
        (last, end) = (last + 1, end + 1)
      }
    }

    /// The blanks that stand in a part of the source, and what they are in the text.
    private func blanks(in place: Range<Int>) -> [(place: Range<Int>, byte: UInt8)] {
      var blanks: [(place: Range<Int>, byte: UInt8)] = []
      var at = place.lowerBound
      while at < place.upperBound {
        let start = at
        if style == .doubleQuoted, source[at] == UInt8(ascii: "\\") {
          guard let escape = WrittenEscape(source[(at + 1)...]) else { break }
          at += 1 + escape.count
          if let scalar = escape.scalar { blanks.append((start..<at, UInt8(truncatingIfNeeded: scalar.value))) }
          continue
        }
        let isPair = source[at] == 0x0D && at + 1 < place.upperBound && source[at + 1] == 0x0A
        at += isPair ? 2 : 1
        blanks.append((start..<at, source[start] == 0x0D ? 0x0A : source[start]))
      }
      return blanks
    }

    private mutating func add(_ part: Range<Int>, _ place: Range<Int>) {
      let isVerbatim = part.count == 1 && place.count == 1
      if isVerbatim, let last = runs.last, last.isVerbatim, last.text.upperBound == part.lowerBound,
        last.source.upperBound == place.lowerBound
      {
        runs[runs.count - 1] = Run(
          text: last.text.lowerBound..<part.upperBound, source: last.source.lowerBound..<place.upperBound,
          isVerbatim: true)
      } else {
        runs.append(Run(text: part, source: place, isVerbatim: isVerbatim))
      }
    }
  }
}
