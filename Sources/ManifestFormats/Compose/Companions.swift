import SourceText

/// Which of the files lie in a folder that a Compose file beside them may ask for: what is known not to be there need not
/// be looked for.
package struct Companions: Hashable, Sendable {
  /// A bit for each of `ComposeLayout.names`, the first the lowest.
  private var bits: UInt16 = 0

  package init() {}

  /// Takes notice of what lies in the folder.
  package mutating func note(_ name: String) {
    // Few names can be meant.
    guard let first = name.utf8.first, ".cd".utf8.contains(first) else { return }
    if let number = ComposeLayout.names.firstIndex(of: name) { bits |= 1 << number }
  }

  /// What the file is called that gives a folder's projects their variables.
  package static let variablesName = ".env"

  /// Whether the variables of Compose projects lie in the folder.
  package var haveVariables: Bool { contains(0) }

  /// Whether a file is one that is looked for beside another, and nowhere named.
  package static func mayBe(_ path: String, beside file: SourceFile) -> Bool {
    path.folderPath.isExactly(file.folder) && ComposeLayout.names.contains(String(path.fileName))
  }

  /// What the files of a project are called, the first and the one that is laid over it.
  package static var projectNames: [String] { ComposeLayout.mainNames + ComposeLayout.overrideNames }

  /// The paths of the files that are looked for beside another.
  package static func paths(beside file: SourceFile) -> [String] {
    ComposeLayout.names.map { file.folder + $0 }
  }

  /// Whether the name of that number is there.
  func contains(_ number: Int) -> Bool {
    bits & 1 << number != 0
  }
}
