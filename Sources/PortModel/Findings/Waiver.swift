import SourceText

/// Why a finding does not count: a comment, an annotation, a key, an exception of the policy, or the baseline.
package struct Waiver: Sendable {
  package var kind: Kind
  package var reason: String?
  /// Where it stands; nothing for the baseline.
  package var place: SourceRange?

  package enum Kind: String, CaseIterable, Sendable {
    case comment
    case annotation
    case key
    case exception = "except"
    case baseline
  }

  package init(kind: Kind, reason: String?, place: SourceRange?) {
    self.kind = kind
    self.reason = reason
    self.place = place
  }
}

/// A finding that does not count, and why.
package struct WaivedDiagnostic: Sendable {
  package var diagnostic: Diagnostic
  package var waiver: Waiver

  package init(_ diagnostic: Diagnostic, _ waiver: Waiver) {
    self.diagnostic = diagnostic
    self.waiver = waiver
  }
}
