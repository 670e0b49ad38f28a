import SourceText

/// That a manifest itself says which findings it does not want: in a comment, in an annotation or in a key of its own.
package struct Suppression: Sendable {
  package var form: Form
  /// The rules that are to be silent.
  package var rules: [Located<String>]
  package var reason: String?
  /// Findings that begin here are meant.
  package var covered: SourceRange
  package var place: SourceRange

  package init(_ form: Form, rules: [Located<String>], reason: String?, covered: SourceRange, at place: SourceRange) {
    self.form = form
    self.rules = rules
    self.reason = reason
    self.covered = covered
    self.place = place
  }

  /// How a manifest says it.
  package enum Form: String, Sendable {
    case comment
    /// The annotation `portlint/ignore`.
    case annotation
    /// The key `x-portlint-ignore`.
    case key
  }
}
