import SourceText

/// The paths of a run's files.
package protocol FilePaths {
  /// What a file is called in reports; empty for one that is none of the run's.
  func path(of file: FileID) -> String
}
