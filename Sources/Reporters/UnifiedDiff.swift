/// Writes how a file changes, as `patch` and `git apply` read it: three lines around each change.
///
/// - Parameters:
///   - path: The file's path; a relative one has the `a/` and `b/` of git before it.
///   - write: Takes the bytes: a file's own are handed on as they are.
package func unifiedDiff(
  of path: String, from before: [UInt8], to after: [UInt8], _ write: (ArraySlice<UInt8>) -> Void
) {
  let (old, new) = (lines(of: before), lines(of: after))
  var hunks = Hunks(old, new).all[...]
  if hunks.isEmpty { return }
  func say(_ text: String) { write(Array(text.utf8)[...]) }
  let isRelative = path.utf8.first != UInt8(ascii: "/") && !path.utf8.starts(with: "../".utf8)
  let below = path.utf8.starts(with: "./".utf8) ? String(path.dropFirst(2)) : path
  say("--- \(quotedName(isRelative ? "a/" + below : path))\n+++ \(quotedName(isRelative ? "b/" + below : path))\n")
  while let hunk = hunks.popFirst() {
    say("@@ -\(hunk.span(\.old)) +\(hunk.span(\.new)) @@\n")
    for line in hunk.lines {
      say(line.mark)
      write(line.text)
      if line.text.last != 0x0A { say("\n\\ No newline at end of file\n") }
    }
  }
}

/// The lines of a text with their ends.
private func lines(of text: [UInt8]) -> [ArraySlice<UInt8>] {
  var lines: [ArraySlice<UInt8>] = []
  var start = 0
  for end in text.indices where text[end] == 0x0A {
    lines.append(text[start...end])
    start = end + 1
  }
  if start < text.count { lines.append(text[start...]) }
  return lines
}

/// A file's name as git writes it: in quotes where a sign in it would end the line or the name, or steer a terminal.
private func quotedName(_ name: String) -> String {
  if TerminalText.escaped(name).utf8.elementsEqual(name.utf8), !name.utf8.contains(where: "\"\\".utf8.contains) {
    return name
  }
  let quoted = name.utf8.map { byte in
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): "\\" + String(UnicodeScalar(byte))
    case 0x20..<0x7F: String(UnicodeScalar(byte))
    default: "\\" + String(repeating: "0", count: byte < 8 ? 2 : byte < 64 ? 1 : 0) + String(byte, radix: 8)
    }
  }
  return "\"" + quoted.joined() + "\""
}

/// A line of a diff.
private struct DiffLine {
  var mark: String
  var text: ArraySlice<UInt8>
}

/// Changes that are near one another, with the lines around them.
private struct Hunk {
  /// Where it begins and how many lines it has, counted from 0.
  var old: (start: Int, count: Int)
  var new: (start: Int, count: Int)
  var lines: [DiffLine]

  func span(_ side: KeyPath<Hunk, (start: Int, count: Int)>) -> String {
    let (start, count) = self[keyPath: side]
    // A side without a line is said to stand behind the line before it.
    return count == 1 ? "\(start + 1)" : "\(count == 0 ? start : start + 1),\(count)"
  }
}

private struct Hunks {
  private static let around = 3
  var all: [Hunk] = []

  init(_ old: [ArraySlice<UInt8>], _ new: [ArraySlice<UInt8>]) {
    var (a, b) = (0, 0)
    var same = 0
    var hunk: Hunk?
    while a < old.count || b < new.count {
      let change = Hunks.change(old[a...], new[b...])
      if change != (0, 0) {
        if hunk == nil {
          let start = max(0, a - Hunks.around)
          hunk = Hunk(
            old: (start, a - start), new: (b - (a - start), a - start),
            lines: old[start..<a].map { DiffLine(mark: " ", text: $0) })
        }
        hunk?.lines += old[a..<a + change.removed].map { DiffLine(mark: "-", text: $0) }
        hunk?.lines += new[b..<b + change.inserted].map { DiffLine(mark: "+", text: $0) }
        hunk?.old.count += change.removed
        hunk?.new.count += change.inserted
        a += change.removed
        b += change.inserted
        same = 0
        continue
      }
      if hunk != nil {
        hunk?.lines.append(DiffLine(mark: " ", text: old[a]))
        hunk?.old.count += 1
        hunk?.new.count += 1
        same += 1
        if same == 2 * Hunks.around { close(&hunk, same) }
      }
      a += 1
      b += 1
    }
    close(&hunk, same)
  }

  /// How many lines are looked through for the next one that both sides have: what mends a finding changes a line or two.
  private static let reach = 16

  /// How many lines are other ones before both sides go on alike, as far as that is near; none where they do here.
  private static func change(
    _ old: ArraySlice<ArraySlice<UInt8>>, _ new: ArraySlice<ArraySlice<UInt8>>
  ) -> (removed: Int, inserted: Int) {
    for lines in 0...min(reach, old.count + new.count) {
      for removed in (max(0, lines - new.count)...min(lines, old.count)).reversed() {
        let (old, new) = (old.dropFirst(removed).first, new.dropFirst(lines - removed).first)
        if old == new { return (removed, lines - removed) }
      }
    }
    return (min(1, old.count), min(1, new.count))
  }

  /// Ends a hunk with so many lines behind its last change as stand around one.
  private mutating func close(_ hunk: inout Hunk?, _ same: Int) {
    guard var closed = hunk else { return }
    let excess = max(0, same - Hunks.around)
    closed.lines.removeLast(excess)
    closed.old.count -= excess
    closed.new.count -= excess
    all.append(closed)
    hunk = nil
  }
}
