import SourceText

/// A finding, worded: what every reporter writes.
package struct Diagnostic: Sendable {
  package var rule: String
  /// Which of the rule's cases words it; nothing for the rule's own message.
  package var variant: String?
  package var severity: Severity
  package var message: String
  /// What to write instead.
  package var help: String
  package var place: SourceRange
  /// Who it is about, of the report's inventory.
  package var owner: OwnerID?
  package var ports: PortRange?
  package var transport: TransportProtocol?
  package var related: [Related]
  /// The same for the same finding in a later run, also when lines have moved.
  package var fingerprint: Fingerprint
  /// What the run tells once, at its first place, however often the rule holds for it.
  package var subject: String?
  /// How it is mended, before it is known how the text is written.
  package var remedy: Remedy?
  /// What mends it; filled in where a report or a run asks for it.
  package var fixes: [Fix] = []

  package init(
    rule: String, variant: String? = nil, severity: Severity, message: String, help: String, place: SourceRange,
    owner: OwnerID?, ports: PortRange?, transport: TransportProtocol?, related: [Related],
    fingerprint: Fingerprint
  ) {
    self.rule = rule
    self.variant = variant
    self.severity = severity
    self.message = message
    self.help = help
    self.place = place
    self.owner = owner
    self.ports = ports
    self.transport = transport
    self.related = related
    self.fingerprint = fingerprint
  }
}

extension Diagnostic {
  /// Whether it says that something was not judged.
  package var saysWhatIsUnjudged: Bool {
    rule == "unreadable-file" || rule == "limit-exceeded"
  }
}
