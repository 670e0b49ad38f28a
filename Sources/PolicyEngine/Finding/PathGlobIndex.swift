import SourceText

/// Many patterns for paths, each with a number: for a path, only those are tried that begin or end as it does.
package struct PathGlobIndex: Sendable {
  enum Mark: Hashable {
    /// The first part of each path that matches.
    case first(ExactText)
    /// The last one.
    case last(ExactText)
  }

  private var marked: [Mark: [(glob: PathGlob, number: Int)]] = [:]
  private var others: [(glob: PathGlob, number: Int)] = []

  package init(_ globs: some Sequence<(glob: PathGlob, number: Int)>) {
    for entry in globs {
      if let mark = entry.glob.mark {
        marked[mark, default: []].append(entry)
      } else {
        others.append(entry)
      }
    }
  }

  /// The numbers of the patterns that match a path, in rising order.
  package func numbers(matching path: String, _ work: WorkMeter) -> [Int] {
    let names = path.pathParts
    var numbers: [Int] = []
    func tryAll(_ globs: [(glob: PathGlob, number: Int)]) {
      for (glob, number) in globs where numbers.last != number {
        if work.isSpent { return }
        // With `**` in it, each of its parts may be held against each name.
        work.take(1 + glob.parts.count * names.count / 4 + path.utf8.count * glob.description.utf8.count / 4096)
        if glob.matches(names[...]) { numbers.append(number) }
      }
    }
    tryAll(others)
    if let first = names.first { tryAll(marked[.first(first.exact)] ?? []) }
    if let last = names.last { tryAll(marked[.last(last.exact)] ?? []) }
    return numbers.sortedUnique
  }
}
