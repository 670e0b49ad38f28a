/// Writes how a file changes, as `patch` and `git apply` read it: three lines around each change, fewer where others
/// may not see them.
///
/// - Parameters:
///   - path: The file's path; a relative one has the `a/` and `b/` of git before it.
///   - shows: Whether others may see what stands at some offsets of the file as it was.
///   - write: Takes the bytes: a file's own are handed on as they are.
/// - Returns: The lines whose changes are left out, for no line beside them may be seen, or they may not. Bytes that a
///   terminal obeys and words that an agent takes for a command, which nothing could escape here, may not either.
package func unifiedDiff(
  of path: String, from before: [UInt8], to after: [UInt8], showing shows: (Range<Int>) -> Bool = { _ in true },
  _ write: (ArraySlice<UInt8>) -> Void
) -> [Int] {
  let (old, new) = (lines(of: before), lines(of: after))
  let hunks = Hunks(
    old, new, old.map { shows($0.startIndex..<$0.endIndex) && !$0.steersItsReader }, new.map { !$0.steersItsReader })
  if hunks.all.isEmpty { return hunks.leftOut }
  func say(_ text: String) { write(Array(text.utf8)[...]) }
  let isRelative = path.utf8.first != UInt8(ascii: "/") && !path.utf8.starts(with: "../".utf8)
  let below = path.utf8.starts(with: "./".utf8) ? String(path.dropFirst(2)) : path
  say("--- \(quotedName(isRelative ? "a/" + below : path))\n+++ \(quotedName(isRelative ? "b/" + below : path))\n")
  func say(_ mark: String, _ lines: ArraySlice<ArraySlice<UInt8>>) {
    for line in lines {
      say(mark)
      write(line)
      if line.last != 0x0A { say("\n\\ No newline at end of file\n") }
    }
  }
  for hunk in hunks.all {
    say("@@ -\(span(hunk.old)) +\(span(hunk.new)) @@\n")
    var at = hunk.old.lowerBound
    for change in hunk.changes {
      say(" ", old[at..<change.old.lowerBound])
      say("-", old[change.old])
      say("+", new[change.new])
      at = change.old.upperBound
    }
    say(" ", old[at..<hunk.old.upperBound])
  }
  return hunks.leftOut
}

/// Where some lines, counted from 0, begin and how many they are: where there is none, they stand behind the line before.
private func span(_ lines: Range<Int>) -> String {
  if lines.count == 1 { return "\(lines.lowerBound + 1)" }
  return "\(lines.isEmpty ? lines.lowerBound : lines.lowerBound + 1),\(lines.count)"
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

extension ArraySlice<UInt8> {
  /// Whether a line could make its reader do something: a terminal by a control character, the agents of GitHub and Azure
  /// by what they look for in a job's output (actions/runner `ActionCommand.cs`, azure-pipelines-agent `Command.cs`).
  fileprivate var steersItsReader: Bool {
    let text = last == 0x0A ? dropLast(dropLast().last == 0x0D ? 2 : 1) : self
    // Zeros are those of a text in UTF-16, which is no line for anybody.
    let isSteered = text.contains { $0 < 0x20 && $0 != 0x09 && $0 != 0 || $0 == 0x7F }
    return isSteered || text.drop(while: \.isBlank).starts(with: "::".utf8)
      || text.withUnsafeBufferPointer { bytes in
        (["##[", "##vso["] as [StaticString]).contains { bytes.firstOffset(of: $0, from: 0) != nil }
      }
  }
}

/// Lines of a file, counted from 0, in whose place others stand.
private struct Change {
  var old: Range<Int>
  var new: Range<Int>
}

/// Changes that are near one another, with the lines around them.
private struct Hunk {
  var changes: [Change]
  /// All its lines, on either side.
  var old: Range<Int>
  var new: Range<Int>
}

private struct Hunks {
  /// How many lines are shown on either side of changes.
  private static let around = 3
  private(set) var all: [Hunk] = []
  /// The lines, counted from 1, of changes that may not be seen.
  private(set) var leftOut: [Int] = []

  /// - Parameters:
  ///   - isShown: Of each old line, whether it may be seen.
  ///   - isShownThen: Of each new one.
  init(_ old: [ArraySlice<UInt8>], _ new: [ArraySlice<UInt8>], _ isShown: [Bool], _ isShownThen: [Bool]) {
    var rest = Hunks.changes(old, new)[...]
    while let first = rest.popFirst() {
      guard isShown[first.old].allSatisfy(\.self), isShownThen[first.new].allSatisfy(\.self) else {
        leftOut.append(first.old.lowerBound + 1)
        continue
      }
      var changes = [first]
      var end = first.old.upperBound
      while let next = rest.first, next.old.lowerBound - end < 2 * Hunks.around,
        isShown[end..<next.old.upperBound].allSatisfy(\.self), isShownThen[next.new].allSatisfy(\.self)
      {
        changes.append(next)
        end = next.old.upperBound
        rest.removeFirst()
      }
      let most = (before: min(Hunks.around, first.old.lowerBound), behind: min(Hunks.around, old.count - end))
      var before = isShown[first.old.lowerBound - most.before..<first.old.lowerBound].reversed().prefix { $0 }.count
      var behind = isShown[end..<end + most.behind].prefix { $0 }.count
      // Where one side has fewer than the other, it is taken for the file's start or end.
      let cut = [(before, most.before), (behind, most.behind)].filter { $0.0 < $0.1 }.map(\.0).min()
      if let cut {
        if cut == 0 {
          leftOut += changes.map { $0.old.lowerBound + 1 }
          continue
        }
        (before, behind) = (min(before, cut), min(behind, cut))
      }
      let last = changes[changes.count - 1]
      all.append(
        Hunk(
          changes: changes, old: first.old.lowerBound - before..<last.old.upperBound + behind,
          new: first.new.lowerBound - before..<last.new.upperBound + behind))
    }
  }

  private static func changes(_ old: [ArraySlice<UInt8>], _ new: [ArraySlice<UInt8>]) -> [Change] {
    var changes: [Change] = []
    var (a, b) = (0, 0)
    while a < old.count || b < new.count {
      let (removed, inserted) = change(old[a...], new[b...])
      if removed + inserted == 0 {
        a += 1
        b += 1
        continue
      }
      if let last = changes.last, last.old.upperBound == a, last.new.upperBound == b {
        changes[changes.count - 1] = Change(
          old: last.old.lowerBound..<a + removed, new: last.new.lowerBound..<b + inserted)
      } else {
        changes.append(Change(old: a..<a + removed, new: b..<b + inserted))
      }
      a += removed
      b += inserted
    }
    return changes
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
}
