import CLibYAML
import SourceText

/// Reads a file's YAML stream and lends its documents to `body`, one after the other.
///
/// A document that is refused does not hide those behind it: they are lent too, but for those in a block of a template,
/// whose parts may exclude one another. What is said to have failed first is in the words that libyaml has for the uncut
/// stream.
///
/// - Parameters:
///   - file: The file; offsets in the documents are offsets in its bytes.
///   - mark: What a comment must hold to be kept, such as `portlint:`.
///   - passesOver: Whether a document need not be read, as its first lines show; without it, the stream is not cut.
///   - places: Where the file's text is written, if it is part of another's.
/// - Returns: How many documents there were, and why some could not be read, if so.
package func readYAML(
  _ file: SourceFile, limits: YAMLLimits = .standard, keepingCommentsWith mark: StaticString,
  passingOver passesOver: ((YAMLHead) -> Bool)? = nil, writtenAt places: PlacesOfText? = nil,
  _ body: (YAMLDocument) -> Void
) -> YAMLOutcome {
  file.bytes.withUnsafeBufferPointer { source in
    var reader = YAMLReader(file: file, source: source, limits: limits, mark: mark)
    reader.places = places
    if let refusal = reader.refusal() {
      reader.outcome.failures = [refusal]
    } else if let passesOver, YAMLHead(of: source, from: 0, to: source.count) != nil,
      let outline = StreamOutline(of: source)
    {
      reader.read(outline, passingOver: passesOver, body)
    } else if let failure = reader.read(0..<source.count, body) {
      reader.outcome.failures = [failure]
      if passesOver != nil, failure.isOfDocument { reader.readBehindFailure({ _ in false }, body) }
    }
    if let places { reader.outcome.move { places($0.offsets) } }
    return reader.outcome
  }
}

/// The loop from libyaml's events to documents. The only place in portlint that calls libyaml.
struct YAMLReader: ~Copyable {
  let file: SourceFile
  let source: UnsafeBufferPointer<UInt8>
  let limits: YAMLLimits
  let mark: StaticString
  /// How many bytes the nodes of one document may take.
  let mostSize: Int
  /// How many the items of a list may take before they are lent.
  private let mostItems: Int
  var cursor: MarkCursor
  var comments: CommentFinder
  var template: TemplateMarks
  var builder: DocumentBuilder
  /// Where the text is written, if it is not the file's own.
  var places: PlacesOfText?
  /// What reads the documents that are written as most are.
  private var plain: PlainDocumentReader
  var outcome = YAMLOutcome()
  /// Why the part at hand cannot be read further.
  private var failure: YAMLFailure?
  /// Where the last document ends that was lent.
  private var lentEnd = 0
  /// Where the document at hand begins.
  private var documentStart = 0
  private var list = LongList.unknown

  init(file: SourceFile, source: UnsafeBufferPointer<UInt8>, limits: YAMLLimits, mark: StaticString) {
    self.file = file
    self.source = source
    self.limits = limits
    self.mark = mark
    mostSize = limits.nodes << 20
    mostItems = limits.items
    cursor = MarkCursor(over: source)
    comments = CommentFinder(mark: mark, source: source, file: file.id)
    template = TemplateMarks(source: source)
    // A node for each ten bytes is what manifests have.
    builder = DocumentBuilder(nodes: min(source.count / 10 + 8, 4096))
    plain = PlainDocumentReader(over: source, limits: limits)
  }

  /// Why the file as a whole cannot be read, if so.
  mutating func refusal() -> YAMLFailure? {
    if let place = file.malformedUTF16 {
      fail(.syntax("invalid UTF-16", context: nil, contextPlace: nil), at: place, place)
    } else if let place = directivesBeyondLimit() {
      fail(.tooManyDirectives(limit: limits.directives), at: place, place + 1)
    }
    return failure
  }

  /// Reads the documents of a stream that are not passed over: those that follow one another at once, and behind a
  /// failure one by one.
  mutating func read(
    _ outline: StreamOutline, passingOver passesOver: (YAMLHead) -> Bool, _ body: (YAMLDocument) -> Void
  ) {
    let (runs, passedOver) = outline.runs(passingOver: passesOver)
    outcome.passedOver = passedOver
    for run in runs {
      guard let failure = read(outline.range(of: run), body) else { continue }
      outcome.failures = [failure.isOfText ? failureOfWholeStream() ?? failure : failure]
      if failure.isOfDocument { readBehindFailure(passesOver, body) }
      return
    }
  }

  /// Reads one by one the documents that were not lent before the reading failed.
  ///
  /// - Parameter passesOver: Whether a document need not be read, as its first lines show.
  fileprivate mutating func readBehindFailure(_ passesOver: (YAMLHead) -> Bool, _ body: (YAMLDocument) -> Void) {
    guard let first = outcome.failures.first.map({ Int($0.place.start) }) else { return }
    let start = lentEnd
    let outline = StreamOutline(cutting: source)
    var isFirstMet = false
    var blocks = TemplateBlocks(source: source)
    for document in outline.starts.indices where outline.starts[document] >= start {
      if outline.head(of: document).map(passesOver) ?? false { continue }
      let part = outline.range(of: document)
      if let block = blocks.block(around: part.lowerBound) {
        if outcome.blockLeftOut == nil { outcome.blockLeftOut = range(block) }
        continue
      }
      guard let failure = read(part, body) else { continue }
      // libyaml may meet what it refuses in a document only behind its end.
      if !isFirstMet, part.lowerBound <= first, first <= part.upperBound {
        isFirstMet = true
        continue
      }
      guard outcome.failures.count < limits.failures else {
        outcome.failures.append(YAMLFailure(reason: .tooManyFailures(limit: limits.failures), place: failure.place))
        return
      }
      outcome.failures.append(failure)
      guard failure.isOfDocument else { return }
    }
  }

  /// What libyaml says of the uncut stream, where it refuses the text.
  private func failureOfWholeStream() -> YAMLFailure? {
    var whole = YAMLReader(file: file, source: source, limits: limits, mark: mark)
    return whole.readEvents(of: 0..<source.count) { _ in }.flatMap { $0.isOfText ? $0 : nil }
  }

  /// Reads a part of the source as a stream of its own.
  ///
  /// - Returns: Why it cannot be read to its end, if so.
  mutating func read(_ part: Range<Int>, _ body: (YAMLDocument) -> Void) -> YAMLFailure? {
    var rest = part
    if source.isPrintableASCII(in: part) {
      while outcome.documents < limits.documents, let end = plain.read(from: rest, into: &builder) {
        lend(upTo: end, to: body)
        if end == part.upperBound { return nil }
        rest = end..<part.upperBound
      }
      // What was begun and left counts for nothing.
      builder.reset()
    }
    return readEvents(of: rest, body)
  }

  /// Reads a part of the source as a stream of its own, as libyaml does.
  mutating func readEvents(of part: Range<Int>, _ body: (YAMLDocument) -> Void) -> YAMLFailure? {
    failure = nil
    cursor.begin(at: part.lowerBound)
    template.begin(at: part.lowerBound)
    // The parser holds pointers into itself once it has input, so it must not move.
    let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
    defer { parser.deallocate() }
    guard yaml_parser_initialize(parser) == 1 else {
      fail(.syntax("out of memory", context: nil, contextPlace: nil), at: 0, 0)
      return failure
    }
    defer { yaml_parser_delete(parser) }
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, source.baseAddress.map { $0 + part.lowerBound }, part.count)

    var event = yaml_event_t()
    while true {
      guard yaml_parser_parse(parser, &event) == 1 else {
        failSyntax(parser, in: part)
        break
      }
      let isEnd = event.type == YAML_STREAM_END_EVENT
      // Most events are scalars.
      var isFine = true
      if event.type == YAML_SCALAR_EVENT { appendScalar(&event) } else { isFine = take(&event, body) }
      if isFine, builder.size > mostItems, !takesItems(before: part.upperBound, body), builder.size > mostSize {
        let start = cursor.offset(ofCharacter: event.start_mark.index)
        fail(.tooManyNodes(limit: limits.nodes), at: start, endOfCharacter(at: start))
        isFine = false
      }
      let endsEnvelope = list.isSought && event.type == YAML_DOCUMENT_END_EVENT
      yaml_event_delete(&event)
      if isEnd || endsEnvelope || !isFine { break }
    }
    return failure
  }

  /// Adds an event that is no scalar to the document at hand; answers false when a guard or a bad alias stops the reading.
  private mutating func take(_ event: inout yaml_event_t, _ body: (YAMLDocument) -> Void) -> Bool {
    switch event.type {
    case YAML_SEQUENCE_START_EVENT:
      let data = event.data.sequence_start
      return open(.sequence, anchor: data.anchor, tag: data.tag, &event)
    case YAML_MAPPING_START_EVENT:
      let data = event.data.mapping_start
      return open(.mapping, anchor: data.anchor, tag: data.tag, &event)
    case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT:
      builder.closeCollection(end: cursor.offset(ofCharacter: event.end_mark.index), source: source)
    case YAML_ALIAS_EVENT:
      let start = cursor.offset(ofCharacter: event.start_mark.index)
      let end = cursor.offset(ofCharacter: event.end_mark.index)
      let name = String(cString: event.data.alias.anchor)
      let failure = builder.appendAlias(to: name, start: start, end: end, limits: limits, file: file.id)
      if let failure {
        fail(failure, at: start, end)
        return false
      }
    case YAML_DOCUMENT_START_EVENT:
      guard outcome.documents < limits.documents else {
        let start = cursor.offset(ofCharacter: event.start_mark.index)
        fail(.tooManyDocuments(limit: limits.documents), at: start, endOfCharacter(at: start))
        return false
      }
      // A template's mark at the start may be taken for a document of its own, behind which no other can begin so.
      if event.data.document_start.implicit == 0 {
        template.begin(at: cursor.offset(ofCharacter: event.start_mark.index))
      }
      builder.reset()
      if !list.isSought { list = .unknown }
      documentStart = cursor.offset(ofCharacter: event.start_mark.index)
    case YAML_DOCUMENT_END_EVENT where list.isSought: break
    case YAML_DOCUMENT_END_EVENT:
      lend(upTo: cursor.offset(ofCharacter: event.end_mark.index), to: body)
    default:
      break
    }
    return true
  }

  /// Lends the document at hand, which ends at an offset.
  private mutating func lend(upTo end: Int, to body: (YAMLDocument) -> Void) {
    lentEnd = end
    lend(comments: comments.comments(before: end, among: builder.nodes.all), to: body)
    outcome.documents += 1
  }

  /// Lends the document at hand, whose arrays stay where they are meanwhile.
  private func lend(comments: [YAMLComment], isContinued: Bool = false, to body: (YAMLDocument) -> Void) {
    builder.texts.withUnsafeBufferPointer { texts in
      withStorage(
        builder.nodes.all, source, texts, tags: builder.tags, file: file.id, duplicates: builder.duplicates,
        shared: builder.shared, comments: comments, isContinued: isContinued, writtenAt: places, body)
    }
  }

  private mutating func appendScalar(_ event: inout yaml_event_t) {
    let start = cursor.offset(ofCharacter: event.start_mark.index)
    let end = cursor.offset(ofCharacter: event.end_mark.index)
    let text = UnsafeBufferPointer(start: UnsafePointer(event.data.scalar.value), count: event.data.scalar.length)
    let style = YAMLScalarStyle(event.data.scalar.style)
    // Nearly every scalar is a plain one without properties: on one line its text stands there as it is.
    if style == .plain, event.data.scalar.anchor == nil, event.data.scalar.tag == nil {
      let isVerbatim = end - start == text.count && event.start_mark.line == event.end_mark.line
      builder.appendScalar(text, style: .plain, start: start, end: end, verbatimAt: isVerbatim ? start : nil)
    } else {
      appendScalar(text, style: style, start: start, end: end, event.data.scalar.anchor, event.data.scalar.tag)
    }
  }

  private mutating func appendScalar(
    _ text: UnsafeBufferPointer<UInt8>, style: YAMLScalarStyle, start: Int, end: Int,
    _ anchor: UnsafePointer<UInt8>?, _ tag: UnsafePointer<UInt8>?
  ) {
    var start = start
    var end = end
    var anchorName: AnchorName?
    if anchor != nil || tag != nil { (start, anchorName) = skipProperties(from: start, to: end) }
    if style == .literal || style == .folded { end = endOfBlockScalar(from: start, to: end) }
    let quote = style == .singleQuoted || style == .doubleQuoted ? 1 : 0
    let textStart = end - quote - text.count
    // The slice is the text only if nothing else stands between the quotes.
    let isVerbatim =
      style != .literal && style != .folded && textStart == start + quote && source.holds(text, at: textStart)
    builder.appendScalar(text, style: style, start: start, end: end, verbatimAt: isVerbatim ? textStart : nil)
    builder.describeLastScalar(text, tag: tag.map { String(cString: $0) }, anchor: anchorName)
  }

  private mutating func open(
    _ shape: NodeRecord.Shape, anchor: UnsafePointer<UInt8>?, tag: UnsafePointer<UInt8>?, _ event: inout yaml_event_t
  ) -> Bool {
    var start = cursor.offset(ofCharacter: event.start_mark.index)
    let end = cursor.offset(ofCharacter: event.end_mark.index)
    guard builder.depth < limits.depth else {
      fail(.tooDeep(limit: limits.depth), at: start, min(start + 1, source.count))
      return false
    }
    var anchorName: AnchorName?
    let hasProperties = anchor != nil || tag != nil
    if hasProperties { (start, anchorName) = skipProperties(from: start, to: max(end, start)) }
    // A pair in a flow sequence, `[a: b]`, is a mapping without brackets; libyaml ends it at the next token.
    let isBracketed = start < source.count && source[start] == UInt8(ascii: shape == .mapping ? "{" : "[")
    builder.openCollection(shape, isBracketed: isBracketed && end > start, start: start)
    if hasProperties { builder.describeCollection(tag: tag.map { String(cString: $0) }, anchor: anchorName) }
    return true
  }

  /// The end of a block scalar's last line: libyaml's mark lies behind the empty lines that follow.
  private func endOfBlockScalar(from start: Int, to end: Int) -> Int {
    var last = end
    while last > start, source[last - 1].isYAMLSpace { last -= 1 }
    while last < end, source[last] != 0x0A, source[last] != 0x0D { last += 1 }
    return last
  }

  /// The offset behind a node's anchor and tag, and the space and comments that follow them; and the anchor.
  private func skipProperties(from start: Int, to end: Int) -> (Int, AnchorName?) {
    var at = start
    var anchor: AnchorName?
    while at < source.count {
      switch source[at] {
      case UInt8(ascii: "&"):
        let begin = at
        at += 1
        while at < source.count, source[at].isAnchorByte { at += 1 }
        let name = String(decoding: source[begin + 1..<at], as: UTF8.self)
        anchor = AnchorName(name: name, place: begin..<at)
      case UInt8(ascii: "!"):
        let isVerbatimTag = at + 1 < source.count && source[at + 1] == UInt8(ascii: "<")
        while at < source.count, isVerbatimTag ? source[at] != UInt8(ascii: ">") : !source[at].isYAMLSpace { at += 1 }
        if isVerbatimTag { at += 1 }
      case UInt8(ascii: "#"):
        while at < source.count, source[at] != 0x0A, source[at] != 0x0D { at += 1 }
      case let byte where byte.isYAMLSpace:
        at += 1
      default:
        return (at, anchor)
      }
      // A scalar that is nothing but its properties: `key: !tag` or `&anchor`.
      if at >= end, end > start { return (end, anchor) }
    }
    return (min(at, source.count), anchor)
  }
}

// MARK: - Long lists

/// What is known of the document at hand as a list of objects that is too long to be kept at once.
private enum LongList {
  case unknown
  /// All but its items is looked for; these are dropped, and those at the index are.
  case sought(items: Int?)
  case known(ListEnvelope)
  case none

  var isSought: Bool {
    if case .sought = self { true } else { false }
  }
}

extension YAMLReader {
  /// Lends the items of a long list that are complete as a list of their own, which is continued.
  ///
  /// What a list is of may stand behind its items: the first time, it is read to its end for that.
  ///
  /// - Returns: Whether the document may take more room: it is such a list.
  private mutating func takesItems(before end: Int, _ body: (YAMLDocument) -> Void) -> Bool {
    guard let items = builder.longItems(beyond: mostItems, source) else { return false }
    switch list {
    case .none: return false
    case .sought:
      if builder.isBetweenItems {
        builder.dropItems(behind: items)
        list = .sought(items: items)
      }
    case .unknown:
      list = envelope(in: documentStart..<end).map { .known($0) } ?? .none
      return takesItems(before: end, body)
    case .known(let envelope):
      if builder.isBetweenItems, let last = builder.nodes.all.last?.end {
        let comments = comments.comments(before: Int(last), among: builder.nodes.all)
        builder.endList(of: envelope)
        lend(comments: comments, isContinued: true, to: body)
        builder.dropItems(behind: items)
      }
    }
    // An item of its own must end before the limit.
    return builder.size <= mostSize
  }

  /// What the first document of a part of the source is without its items, if it is a list of objects.
  private func envelope(in part: Range<Int>) -> ListEnvelope? {
    // Few items are there twice then.
    var limits = limits
    limits.items /= 32
    var reader = YAMLReader(file: file, source: source, limits: limits, mark: mark)
    reader.list = .sought(items: nil)
    guard reader.readEvents(of: part, { _ in }) == nil, case .sought(let items?) = reader.list else { return nil }
    return reader.builder.envelope(of: items, source)
  }
}

// MARK: - Failures

extension YAMLReader {
  private mutating func fail(_ reason: YAMLFailure.Reason, at start: Int, _ end: Int) {
    failure = YAMLFailure(reason: reason, place: range(start..<end))
  }

  private func range(_ bytes: Range<Int>) -> SourceRange {
    SourceRange(file: file.id, start: bytes.lowerBound, end: bytes.upperBound)
  }

  private mutating func failSyntax(_ parser: UnsafeMutablePointer<yaml_parser_t>, in part: Range<Int>) {
    let problem = parser.pointee.problem.map { String(cString: $0) } ?? "the text cannot be read"
    if parser.pointee.error == YAML_READER_ERROR {
      let offset = min(part.lowerBound + parser.pointee.problem_offset, source.count)
      fail(.syntax(problem, context: nil, contextPlace: nil), at: offset, endOfCharacter(at: offset))
      return
    }
    let context = parser.pointee.context.map { String(cString: $0) }
    let contextStart = cursor.offset(ofCharacter: parser.pointee.context_mark.index)
    let start = cursor.offset(ofCharacter: parser.pointee.problem_mark.index)
    // What stands in a quote that nothing closes is text.
    let isOpenQuote = context == "while scanning a quoted scalar"
    let hasContextPlace = context != nil && contextStart != start
    let contextPlace = SourceRange(file: file.id, start: contextStart, end: endOfCharacter(at: contextStart))
    if start < source.count, source[start] == 0x09, !isOpenQuote {
      fail(.tab, at: start, start + 1)
    } else if let address = source.address(around: start) {
      fail(
        .unquotedAddress(String(decoding: source[address], as: UTF8.self)), at: address.lowerBound, address.upperBound)
    } else {
      fail(
        .syntax(problem, context: context, contextPlace: hasContextPlace ? contextPlace : nil),
        at: start, endOfCharacter(at: start))
    }
    let mark = template.expression(
      before: start, hiddenFrom: isOpenQuote ? contextStart : nil, outside: builder.nodes.all)
    let expression = mark.map { [file = file.id] in SourceRange(file: file, start: $0.lowerBound, end: $0.upperBound) }
    failure?.template = expression
  }

  private func endOfCharacter(at offset: Int) -> Int {
    guard offset < source.count, source[offset] != 0x0A, source[offset] != 0x0D else { return offset }
    var end = offset + 1
    while end < source.count, source[end].isUTF8Continuation { end += 1 }
    return end
  }

  /// Where a run of directive lines passes the limit: libyaml spends quadratic time on it inside one call.
  private func directivesBeyondLimit() -> Int? {
    var run = 0
    var at = 0
    while at < source.count {
      if source[at] == UInt8(ascii: "%") {
        run += 1
        if run > limits.directives { return at }
      } else if !source.isBlankOrComment(lineAt: at) {
        run = 0
      }
      // Only a run can grow long, so lines outside one are skipped by the next `%` at a line's start.
      guard let next = run > 0 ? source.nextLine(after: at) : nextDirective(after: at) else { return nil }
      at = next
    }
    return nil
  }

  private func nextDirective(after offset: Int) -> Int? {
    var from = offset + 1
    while from < source.count {
      guard let percent = source.firstOffset(of: UInt8(ascii: "%"), from: from) else { return nil }
      if source.endsLine(percent - 1) { return percent }
      from = percent + 1
    }
    return nil
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Where an IPv6 address that begins or ends with a colon stands in brackets or braces around `offset`: the one thing
  /// that is written so and is no YAML.
  fileprivate func address(around offset: Int) -> Range<Int>? {
    guard offset < count, self[offset].isAddressByte || offset > 0 && self[offset - 1].isAddressByte else { return nil }
    var (start, end) = (offset, offset)
    while start > 0, self[start - 1].isAddressByte { start -= 1 }
    while end < count, self[end].isAddressByte { end += 1 }
    let address = self[start..<end].prefix { $0 != UInt8(ascii: "/") }
    let groups = address.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    // A group is of four digits at most, and an address of eight groups, or of fewer around one '::'.
    let isAddress =
      address.count >= 2 && groups.count <= 9 && groups.allSatisfy { $0.count <= 4 || $0.contains(UInt8(ascii: ".")) }
    let colon = UInt8(ascii: ":")
    guard isAddress, zip(address, address.dropFirst()).count(where: { $0 == colon && $1 == colon }) == 1 else {
      return nil
    }
    let before = self[..<start].last { !$0.isYAMLSpace }
    return before.map { "[{,:".utf8.contains($0) } ?? false ? start..<end : nil
  }
}

extension YAMLScalarStyle {
  fileprivate init(_ style: yaml_scalar_style_t) {
    switch style {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE: self = .singleQuoted
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE: self = .doubleQuoted
    case YAML_LITERAL_SCALAR_STYLE: self = .literal
    case YAML_FOLDED_SCALAR_STYLE: self = .folded
    default: self = .plain
    }
  }
}

extension UInt8 {
  /// Whether the byte may stand in an anchor's name, as libyaml has it.
  fileprivate var isAnchorByte: Bool {
    isASCIIDigit || lowercasedASCII >= UInt8(ascii: "a") && lowercasedASCII <= UInt8(ascii: "z")
      || self == UInt8(ascii: "_") || self == UInt8(ascii: "-")
  }

  /// Whether the byte may stand in an IPv6 address, or in the length of a network behind it.
  fileprivate var isAddressByte: Bool {
    isASCIIDigit || lowercasedASCII >= UInt8(ascii: "a") && lowercasedASCII <= UInt8(ascii: "f")
      || ":./".utf8.contains(self)
  }

  /// Whether the byte is a space, a tab or a line end.
  var isYAMLSpace: Bool {
    self == 0x20 || self == 0x09 || self == 0x0A || self == 0x0D
  }
}
