/// A rule as whoever reports its findings speaks of it.
package struct RuleInfo: Sendable {
  package var id: String
  package var family: Family
  package var summary: String
  /// The severity without any policy; nothing for a rule that is off then.
  package var defaultSeverity: Severity?
  /// The address of the page about it.
  package var page: String?
  private var explain: @Sendable (_ rule: String) -> Explanation

  /// - Parameter explain: Reads what a rule's file says for people: asked for when it is shown, and not before.
  package init(
    id: String, family: Family, summary: String, defaultSeverity: Severity?,
    explain: @escaping @Sendable (_ rule: String) -> Explanation
  ) {
    self.id = id
    self.family = family
    self.summary = summary
    self.defaultSeverity = defaultSeverity
    self.explain = explain
  }

  /// The chapters of the catalogue.
  package enum Family: String, CaseIterable, Sendable {
    case reading
    case ranges
    case services
    case claims
    case references
    case governance
  }

  /// What a rule's file says for people.
  package struct Explanation: Hashable, Sendable {
    package var why: String
    /// Addresses of pages, in the order of the file.
    package var references: [String]

    package init(why: String = "", references: [String] = []) {
      self.why = why
      self.references = references
    }
  }

  /// Why the rule is there, and where to read on; read from its file each time.
  package var explanation: Explanation {
    explain(id)
  }
}
