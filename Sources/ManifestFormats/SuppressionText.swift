import PortModel
import SourceText
import SourceYAML

/// What follows `# portlint:` in a comment, or stands in an annotation: ids, and a reason behind `--`.
struct SuppressionText {
  var rules: [Located<String>] = []
  var reason: String?

  /// Reads `ID[, ID] [-- reason]` from some bytes of a file.
  init(_ bytes: ArraySlice<UInt8>, in file: FileID) {
    var ids = bytes
    if let dashes = SuppressionText.dashes(in: bytes) {
      ids = bytes[..<dashes]
      reason = String(decoding: bytes[(dashes + 2)...].trimmed, as: UTF8.self)
    }
    for part in ids.split(separator: UInt8(ascii: ",")) {
      let word = part.trimmed
      guard !word.isEmpty else { continue }
      let place = SourceRange(file: file, start: word.startIndex, end: word.endIndex)
      rules.append(Located(String(decoding: word, as: UTF8.self), at: place))
    }
  }

  /// Where `--` stands that has white space, or nothing, before it.
  private static func dashes(in bytes: ArraySlice<UInt8>) -> Int? {
    bytes.indices.dropLast().first { at in
      bytes[at] == UInt8(ascii: "-") && bytes[at + 1] == UInt8(ascii: "-")
        && (at == bytes.startIndex || bytes[at - 1].isBlank)
    }
  }
}

extension ArraySlice<UInt8> {
  /// The bytes without white space around them.
  fileprivate var trimmed: ArraySlice<UInt8> {
    let start = firstIndex { !$0.isBlank } ?? endIndex
    let end = lastIndex { !$0.isBlank }.map { $0 + 1 } ?? endIndex
    return self[start..<Swift.max(start, end)]
  }

  /// What follows a word and the white space behind it, if the bytes begin with that word.
  fileprivate func dropping(_ word: StaticString) -> ArraySlice<UInt8>? {
    let count = word.utf8CodeUnitCount
    guard self.count >= count, word.withUTF8Buffer({ prefix(count).elementsEqual($0) }) else { return nil }
    let rest = dropFirst(count)
    guard let next = rest.first else { return rest }
    return next.isBlank ? rest.trimmed : nil
  }
}

extension Problem.UnknownWord {
  /// - Parameter said: The whole comment from the word on, such as `disable=port-conflict` or `skip port-conflict, ...`.
  fileprivate init(_ word: ArraySlice<UInt8>, in said: ArraySlice<UInt8>) {
    let text = String(decoding: word, as: UTF8.self)
    let longest = 100
    let known = nearestWord(to: text, among: ["ignore", "ignore-file"])
    let ids = said.drop(while: \.isOfID).split(separator: UInt8(ascii: ",")).map { part in
      String(decoding: part.drop { !$0.isOfID }.prefix { $0.isOfID }, as: UTF8.self)
    }.filter { !$0.isEmpty }
    let rules =
      ids.isEmpty || ids.count > 3 || ids.contains { $0.utf8.count > longest } ? "RULE" : ids.joined(separator: ", ")
    let meant = known ?? (text.hasSuffix("-file") ? "ignore-file" : "ignore")
    self.init(word: text, suggestion: known, meaning: "# portlint: \(meant) \(rules) -- reason")
  }
}

extension UInt8 {
  /// Whether a rule's id may hold the byte.
  fileprivate var isOfID: Bool {
    isASCIILetter || isASCIIDigit || self == UInt8(ascii: "-")
  }
}

/// Reads what the comments of a document say to portlint.
struct SuppressionComments {
  private let document: YAMLDocument
  private let file: SourceFile

  init(of document: YAMLDocument, in file: SourceFile) {
    self.document = document
    self.file = file
  }

  /// Adds what comments silence, and what is wrong with them.
  func read(into inventory: inout Inventory) {
    if document.comments.isEmpty { return }
    // Only a comment alone on its line needs to know what begins below it.
    let begun = document.comments.contains(where: \.isAlone) ? beginnings() : []
    var below = 0..<0
    for comment in document.comments { read(comment, begun, &below, into: &inventory) }
  }

  /// - Parameter below: The line below the comment before this one, which may be below this one too.
  private func read(
    _ comment: YAMLComment, _ begun: [SourceRange], _ below: inout Range<Int>, into inventory: inout Inventory
  ) {
    let text = file.bytes[comment.range.offsets].dropFirst().trimmed
    guard text.starts(with: "portlint:".utf8) else { return }
    let said = text.dropFirst(9).trimmed
    let covered: SourceRange
    let ids: ArraySlice<UInt8>
    if let rest = said.dropping("ignore-file") {
      covered = file.covered(0..<file.bytes.count)
      ids = rest
    } else if let rest = said.dropping("ignore") {
      if comment.isAlone, below.lowerBound <= Int(comment.range.end) { below = line(below: comment) }
      covered = comment.isAlone ? self.covered(by: below, begun) : line(of: comment)
      ids = rest
    } else {
      let word = said.prefix { !$0.isBlank }
      let name = word.prefix { $0.isOfID }
      // `ignore:` differs from `ignore` in nothing else.
      let isKnown = name.elementsEqual("ignore".utf8) || name.elementsEqual("ignore-file".utf8)
      let shown = name.isEmpty || isKnown ? word : name
      inventory.problems.report(
        .unusedSuppression(word.isEmpty ? .bare : .unknownWord(Problem.UnknownWord(shown, in: said))),
        at: word.isEmpty
          ? comment.range : SourceRange(file: file.id, start: word.startIndex, end: shown.endIndex))
      return
    }
    let written = SuppressionText(ids, in: file.id)
    let place = SourceRange(file: file.id, start: said.startIndex, end: said.endIndex)
    inventory.add(
      Suppression(.comment, rules: written.rules, reason: written.reason, covered: covered, at: place))
  }

  private func line(of comment: YAMLComment) -> SourceRange {
    let start = file.bytes[..<Int(comment.range.start)].lastIndex { $0 == 0x0A || $0 == 0x0D }.map { $0 + 1 } ?? 0
    return file.covered(start..<Int(comment.range.end))
  }

  /// The next line that is more than a comment.
  private func line(below comment: YAMLComment) -> Range<Int> {
    var start = Int(comment.range.end)
    var end = start
    repeat {
      start = min(end + 1, file.bytes.count)
      end = file.bytes[start...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? file.bytes.count
      if let first = file.bytes[start..<end].first(where: { !$0.isBlank }), first != UInt8(ascii: "#") { break }
    } while end < file.bytes.count
    return start..<end
  }

  /// The outermost entry, item or document that begins on a line.
  private func covered(by line: Range<Int>, _ begun: [SourceRange]) -> SourceRange {
    let (start, end) = (line.lowerBound, line.upperBound)
    let first = begun.indices.firstBehind { Int(begun[$0].start) < start }
    guard first < begun.count, Int(begun[first].start) < end else {
      return SourceRange(file: file.id, start: start, end: start)
    }
    return file.covered(begun[first].offsets)
  }

  /// Where entries of mappings, items of sequences and the document begin and end, outer before inner ones.
  private func beginnings() -> [SourceRange] {
    // A comment above the first key of an object means the object.
    var ranges = document.root.isMapping ? [document.root.range] : []
    var pending = [document.root]
    func add(from start: SourceRange, to value: YAMLNode) {
      let end = value.alias ?? value.range
      ranges.append(SourceRange(file: file.id, start: Int(start.start), end: Int(max(start.end, end.end))))
      // What an alias stands for begins where it is written.
      if value.alias == nil { pending.append(value) }
    }
    while let node = pending.popLast() {
      for entry in node.entries where node.isMapping { add(from: entry.key.range, to: entry.value) }
      for item in node.items where node.isSequence { add(from: item.alias ?? item.range, to: item) }
    }
    return ranges.sorted { ($0.start, $1.end) < ($1.start, $0.end) }
  }
}

extension SourceFile {
  /// What a suppression of some offsets covers: the end of the file too where they reach it, for what is missing there
  /// is found behind its last byte.
  func covered(_ offsets: Range<Int>) -> SourceRange {
    let end = offsets.upperBound
    return SourceRange(file: id, start: offsets.lowerBound, end: end == bytes.count ? end + 1 : end)
  }
}

extension Inventory {
  /// Adds a suppression; one that names no rule is a mistake.
  mutating func add(_ suppression: Suppression) {
    guard !suppression.rules.isEmpty else {
      problems.report(.unusedSuppression(.bare), at: suppression.place)
      return
    }
    suppressions.append(suppression)
  }

  /// Adds what a value says in the form of a suppression: a text, or a list of texts.
  mutating func addSuppressions(
    _ form: Suppression.Form, in node: YAMLNode, covering covered: SourceRange, of file: SourceFile
  ) {
    for text in node.isSequence ? Array(node.items) : [node] {
      let place = text.isScalar ? text.textRange : text.range
      // Quotes around nothing are no id.
      let said = text.isScalar && !text.bytes.isEmpty ? file.bytes[place.offsets] : []
      let written = SuppressionText(said, in: file.id)
      add(Suppression(form, rules: written.rules, reason: written.reason, covered: covered, at: place))
    }
  }
}
