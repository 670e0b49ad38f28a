import SourceText

/// Standard input: read once, where the command line names it, and a value from then on.
///
/// With a name it stands for the file of that path in the whole run. Without one no path leads to it, whatever it is
/// called in reports: a file may be called `<stdin>`.
package struct StandardInput: Hashable, Sendable {
  /// The argument that stands for it.
  package static let argument = "-"
  /// What it is called in reports where nobody says otherwise.
  package static let defaultName = "<stdin>"

  /// What it is called in reports.
  package let name: String
  /// What was read from it.
  package let contents: [UInt8]

  /// The candidate that standard input is, read to its end.
  ///
  /// - Parameter name: The path of the file that it stands for.
  static func candidate(named name: String?) -> Candidate {
    // No path that is looked for is a dot: paths are looked for without such parts.
    let path = name.map(Discovery.normalised) ?? "."
    do throws(ReadFailure) {
      let input = StandardInput(name: name ?? defaultName, contents: try DiskFiles.contents(ofDescriptor: 0))
      return Candidate(path, standardInput: input)
    } catch {
      let input = StandardInput(name: name ?? defaultName, contents: [])
      return Candidate(path, standardInput: input, failure: error)
    }
  }
}
