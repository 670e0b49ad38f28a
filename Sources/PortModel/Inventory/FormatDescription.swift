/// What a format is, for people.
package struct FormatDescription: Sendable {
  package var format: Format
  package var summary: String
  /// The ways to recognise a document, one of which is enough.
  package var recognition: [String]
  /// What of a document is read.
  package var reads: [String]
  /// Whether a policy brings it.
  package var isOwn = false

  package init(_ format: Format, _ summary: String, recognition: [String], reads: [String]) {
    self.format = format
    self.summary = summary
    self.recognition = recognition
    self.reads = reads
  }
}
