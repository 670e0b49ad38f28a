import ManifestFormats
import PortModel
import SourceText

/// Files of which some are read as fixes leave them.
package struct FixedFiles: FileSource {
  private let files: any FileSource
  /// By paths, what is read in the place of what the files hold.
  package private(set) var fixed: [ExactText: (before: [UInt8], after: [UInt8])] = [:]

  package init(_ files: any FileSource) {
    self.files = files
  }

  package func contents(of path: String) throws(ReadFailure) -> [UInt8] {
    if let fixed = fixed[path.exact] { return fixed.after }
    return try files.contents(of: path)
  }

  package func failure(of path: String) -> ReadFailure? {
    fixed[path.exact] == nil ? files.failure(of: path) : nil
  }

  package func paths(matching glob: String, from folder: String) throws(ReadFailure) -> [String] {
    try files.paths(matching: glob, from: folder)
  }

  package func foundPolicy(at path: String) throws(ReadFailure) -> [UInt8] {
    try files.foundPolicy(at: path)
  }

  package func isIgnored(_ path: String, onlyByGit: Bool) -> Bool {
    files.isIgnored(path, onlyByGit: onlyByGit)
  }

  package var failureOfIgnoring: ReadFailure? { files.failureOfIgnoring }

  package func files(forPolicyAt path: String) -> any FileSource {
    files.files(forPolicyAt: path)
  }

  /// Tells whether others may see what stands at some offsets of a file that fixes change, as they found it.
  package func shownBefore(_ path: ExactText) -> (Range<Int>) -> Bool {
    let before = fixed[path]?.before ?? []
    let file = SourceFile(id: FileID(0), path: path.text, contents: before).withSecretsHidden
    switch file.encoding {
    case .utf8, .markedUTF8:
      let mark = file.encoding.markLength
      return { file.shows(max(0, $0.lowerBound - mark)..<max(0, $0.upperBound - mark)) }
    case .utf16BigEndian, .utf16LittleEndian:
      let isShown = file.shows(0..<file.bytes.count)
      return { _ in isShown }
    }
  }

  /// Whether a file that fixes change is still as they found it.
  package func isAsItWas(_ path: ExactText) -> Bool {
    (try? files.contents(of: path.text)) == fixed[path]?.before
  }

  /// Applies what mends the findings of a report that was made of these files: of fixes that meet, the first.
  ///
  /// - Parameters:
  ///   - mayWrite: Whether the file at a path may be changed.
  ///   - isUnsafe: Whether fixes that are not safe count too.
  /// - Returns: The findings that are mended now.
  package mutating func apply(
    _ report: Report, isUnsafe: Bool, mayWrite: (String) -> Bool
  ) -> [Diagnostic] {
    var mended: [Diagnostic] = []
    var edits: [FileID: [Edit]] = [:]
    var taken: [FileID: TakenPlaces] = [:]
    for finding in report.diagnostics {
      let fix = finding.fixes.first { isUnsafe || $0.safety == .safe }
      guard let fix, fix.edits.allSatisfy({ edit in report.files[edit.place.file].map { mayWrite($0.path) } ?? false })
      else { continue }
      if fix.edits.contains(where: { taken[$0.place.file]?.meet($0.place) ?? false }) { continue }
      for edit in fix.edits {
        edits[edit.place.file, default: []].append(edit)
        taken[edit.place.file, default: TakenPlaces()].add(edit.place)
      }
      mended.append(finding)
    }
    var failed: Set<FileID> = []
    for (id, edits) in edits {
      guard let file = report.files[id], let now = try? contents(of: file.path),
        let after = Fix("", .safe, edits: edits).applied(to: now, of: file)
      else {
        failed.insert(id)
        continue
      }
      fixed[file.path.exact] = (fixed[file.path.exact]?.before ?? now, after)
    }
    return mended.filter { !failed.contains($0.place.file) }
  }
}

/// Places of a file of which no two have a character in common, and all but those of one fix have some between them.
private struct TakenPlaces {
  private var places: [SourceRange] = []

  /// Whether a place has a character in common with one of them, or none between them.
  func meet(_ place: SourceRange) -> Bool {
    let next = number(behind: place)
    return next < places.count && places[next].start <= place.end
  }

  mutating func add(_ place: SourceRange) {
    places.insert(place, at: number(behind: place))
  }

  /// The number of the first that does not end before a place.
  private func number(behind place: SourceRange) -> Int {
    places.indices.firstBehind { places[$0].end < place.start }
  }
}
