import SourceText

/// The files that a run may read, in the order of their paths, each with its number.
///
/// The numbers follow that order, and between them is room: a file that turns up late, such as one that is included from
/// elsewhere, gets its number without changing those of others, so that nothing is read again for it.
struct FileTable {
  private(set) var candidates: [Candidate]
  private var ids: [FileID]

  /// The numbers behind those of a run's files: a policy's own are counted from the last of all downwards.
  private static let end = UInt32.max / 2

  /// - Parameter candidates: In the order of their paths.
  init(_ candidates: [Candidate]) {
    self.candidates = candidates
    ids = FileTable.numbers(between: 0, FileTable.end, count: candidates.count)
  }

  /// So many numbers between two others, spread evenly: where they are too few, they repeat.
  private static func numbers(between first: UInt32, _ end: UInt32, count: Int) -> [FileID] {
    let room = UInt64(end - first)
    return (0..<count).map { FileID(Int(UInt64(first) + room * UInt64($0 + 1) / UInt64(count + 1))) }
  }

  var count: Int { candidates.count }

  /// The number of the file at a place of the order.
  func id(at position: Int) -> FileID { ids[position] }

  /// Where a file stands in the order; nothing for one that is none of the run's.
  func position(of id: FileID) -> Int? {
    let position = ids.indices.firstBehind { ids[$0] < id }
    return position < ids.count && ids[position] == id ? position : nil
  }

  /// Where the file of a path stands in the order.
  func position(ofPath path: String) -> Int? {
    let position = candidates.indices.firstBehind { candidates[$0].path.exact < path.exact }
    return position < candidates.count && candidates[position].path.isExactly(path) ? position : nil
  }

  subscript(id: FileID) -> Candidate? {
    position(of: id).map { candidates[$0] }
  }

  /// Takes files for found that only lay beside others, or were asked for by them.
  ///
  /// - Returns: Whether there are any.
  mutating func find(_ paths: Set<ExactText>) -> Bool {
    for path in paths {
      if let position = position(ofPath: path.text) { candidates[position].origin = .found }
    }
    return !paths.isEmpty
  }

  /// Adds files that are not there yet.
  ///
  /// - Returns: Whether all numbers are still what they were: only where very many files lie between two, there is no room.
  mutating func add(_ new: some Sequence<Candidate>) -> Bool {
    let new = new.sorted { $0.path.exact < $1.path.exact }
    var all: [Candidate] = []
    var numbers: [FileID] = []
    all.reserveCapacity(candidates.count + new.count)
    numbers.reserveCapacity(candidates.count + new.count)
    var next = 0
    for position in 0...candidates.count {
      let start = next
      while next < new.count, position == candidates.count || new[next].path.exact < candidates[position].path.exact {
        next += 1
      }
      if next > start {
        let end = position < ids.count ? ids[position].index : FileTable.end
        all += new[start..<next]
        numbers += FileTable.numbers(between: numbers.last?.index ?? 0, end, count: next - start)
      }
      guard position < candidates.count else { break }
      all.append(candidates[position])
      numbers.append(ids[position])
    }
    let hasRoom = zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 }
    self = FileTable(all)
    if hasRoom { ids = numbers }
    return hasRoom
  }
}

/// Some of a run's files.
struct FileSet {
  private let files: FileTable
  /// Whether it holds a file, by the files' order.
  private var isHeld: [Bool]

  /// The empty set.
  init(of files: FileTable) {
    self.files = files
    isHeld = Array(repeating: false, count: files.count)
  }

  func contains(_ file: FileID) -> Bool {
    files.position(of: file).map { isHeld[$0] } ?? false
  }

  mutating func insert(_ file: FileID) {
    if let position = files.position(of: file) { isHeld[position] = true }
  }
}
