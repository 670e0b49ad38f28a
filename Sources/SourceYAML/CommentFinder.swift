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
    var result: [Int] = []
    // Many files hold no comment at all.
    guard var from = source.firstOffset(of: UInt8(ascii: "#"), from: 0) else { return [] }
    while let hit = source.firstOffset(of: mark, from: from) {
      result.append(hit)
      from = hit + 1
    }
    return result
  }

  /// The comments before `end` that no earlier call has answered, given the nodes of the document that ends there.
  mutating func comments(before end: Int, among nodes: UnsafeBufferPointer<NodeRecord>) -> [YAMLComment] {
    if candidates.isEmpty { return [] }
    var result: [YAMLComment] = []
    while let candidate = candidates.first, candidate < end {
      // A line has one comment at most, so all marks of a line are answered at once: the search stays linear.
      let line = line(around: candidate)
      var last = candidate
      while let next = candidates.first, next < min(line.upperBound, end) {
        last = next
        candidates.removeFirst()
      }
      if let comment = comment(in: line, before: last, among: nodes) { result.append(comment) }
    }
    return result
  }

  private func line(around offset: Int) -> Range<Int> {
    var start = offset
    while start > 0, source[start - 1] != 0x0A, source[start - 1] != 0x0D { start -= 1 }
    var end = offset
    while end < source.count, source[end] != 0x0A, source[end] != 0x0D { end += 1 }
    return start..<end
  }

  private func comment(in line: Range<Int>, before mark: Int, among nodes: UnsafeBufferPointer<NodeRecord>)
    -> YAMLComment?
  {
    // A `#` begins a comment at the start of a line or behind white space, unless it stands inside a scalar.
    let hash = (line.lowerBound..<mark).first { at in
      source[at] == UInt8(ascii: "#") && (at == line.lowerBound || source[at - 1].isYAMLSpace)
        && !isInsideScalar(at, among: nodes)
    }
    guard let hash else { return nil }
    return YAMLComment(
      range: SourceRange(file: file, start: hash, end: line.upperBound),
      isAlone: source[line.lowerBound..<hash].allSatisfy(\.isYAMLSpace))
  }

  private func isInsideScalar(_ offset: Int, among nodes: UnsafeBufferPointer<NodeRecord>) -> Bool {
    // Nodes stand in the order of their starts: the last that begins before the offset is the only candidate.
    let behind = nodes.indices.firstBehind { Int(nodes[$0].start) <= offset }
    guard behind > 0 else { return false }
    let node = nodes[behind - 1]
    guard node.shape == .scalar, offset < Int(node.end) else { return false }
    guard node.style == .literal || node.style == .folded else { return true }
    // The header line of a block scalar may carry a comment; its content begins on the next line.
    return source[Int(node.start)..<offset].contains { $0 == 0x0A || $0 == 0x0D }
  }
}
