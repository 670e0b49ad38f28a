import SourceText

/// Finds the comments that hold a mark, which libyaml's events leave out.
///
/// The bytes are searched for the mark first: a file without it costs one pass.
struct CommentFinder {
  private let source: UnsafeBufferPointer<UInt8>
  private let file: FileID
  private var candidates: ArraySlice<Int>

  init(mark: StaticString, source: UnsafeBufferPointer<UInt8>, file: FileID) {
    self.source = source
    self.file = file
    candidates = ArraySlice(CommentFinder.places(of: mark, in: source))
  }

  private static func places(of mark: StaticString, in source: UnsafeBufferPointer<UInt8>) -> [Int] {
    let wanted = UnsafeBufferPointer(start: mark.utf8Start, count: mark.utf8CodeUnitCount)
    guard let last = wanted.last else { return [] }
    var result: [Int] = []
    var from = wanted.count - 1
    // The last byte of the mark is its rarest (`:` ends it), and comparing begins there.
    while from < source.count, let hit = source[from...].firstIndex(of: last) {
      let start = hit - wanted.count + 1
      if source[start..<hit].elementsEqual(wanted.dropLast()) { result.append(start) }
      from = hit + 1
    }
    return result
  }

  /// The comments before `end` that no earlier call has answered, given the nodes of the document that ends there.
  mutating func comments(before end: Int, among nodes: [NodeRecord]) -> [YAMLComment] {
    var result: [YAMLComment] = []
    while let candidate = candidates.first, candidate < end {
      candidates.removeFirst()
      guard let comment = comment(around: candidate, among: nodes) else { continue }
      if result.last?.range != comment.range { result.append(comment) }
    }
    return result
  }

  private func comment(around offset: Int, among nodes: [NodeRecord]) -> YAMLComment? {
    var lineStart = offset
    while lineStart > 0, source[lineStart - 1] != 0x0A, source[lineStart - 1] != 0x0D { lineStart -= 1 }
    // A `#` begins a comment at the start of a line or behind white space, unless it stands inside a scalar.
    let hash = (lineStart..<offset).first { at in
      source[at] == UInt8(ascii: "#") && (at == lineStart || source[at - 1].isYAMLSpace)
        && !isInsideScalar(at, among: nodes)
    }
    guard let hash else { return nil }
    var lineEnd = offset
    while lineEnd < source.count, source[lineEnd] != 0x0A, source[lineEnd] != 0x0D { lineEnd += 1 }
    return YAMLComment(
      range: SourceRange(file: file, start: hash, end: lineEnd),
      isAlone: source[lineStart..<hash].allSatisfy(\.isYAMLSpace))
  }

  private func isInsideScalar(_ offset: Int, among nodes: [NodeRecord]) -> Bool {
    // Nodes stand in the order of their starts: the last that begins before the offset is the only candidate.
    var low = 0
    var high = nodes.count
    while low < high {
      let middle = (low + high) / 2
      if Int(nodes[middle].start) <= offset { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return false }
    let node = nodes[low - 1]
    guard node.shape == .scalar, offset < Int(node.end) else { return false }
    guard node.style == .literal || node.style == .folded else { return true }
    // The header line of a block scalar may carry a comment; its content begins on the next line.
    return source[Int(node.start)..<offset].contains { $0 == 0x0A || $0 == 0x0D }
  }
}
