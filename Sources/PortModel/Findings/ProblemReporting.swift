import SourceText

// The one way in which anything is said to be wrong. Each place that does so is known by its file and line, so that a
// debug build can be told to keep one of them silent, and the tests be asked whether they notice: `.ci/mutate problems`.

extension [Problem] {
  /// Says that something is wrong.
  package mutating func report(
    _ cause: Problem.Cause, owner: OwnerID? = nil, at place: SourceRange, related: [Related] = [],
    file: StaticString = #fileID, line: UInt = #line
  ) {
    if isSilenced(file, line) { return }
    append(Problem(cause, owner: owner, at: place, related: related))
  }
}
