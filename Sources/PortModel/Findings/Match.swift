import SourceText

/// That a rule's condition holds somewhere, with all that is needed to say it: the one form that problems, predicates
/// and relations give.
package struct Match: Sendable {
  /// Which of the rule's messages says it; nothing for the rule's `message`.
  package var variant: String?
  /// What the message's placeholders stand for.
  package var values: PlaceholderValues
  package var owner: OwnerID?
  package var ports: PortRange?
  package var transport: TransportProtocol?
  package var place: SourceRange
  package var related: [Related]
  /// What the run tells once, at its first place, however often the rule holds for it: a variable.
  package var subject: String?
  /// How it is mended, where that is certain.
  package var remedy: Remedy?

  package init(
    variant: String? = nil, values: PlaceholderValues, owner: OwnerID?, ports: PortRange? = nil,
    transport: TransportProtocol? = nil, place: SourceRange, related: [Related] = []
  ) {
    self.variant = variant
    self.values = values
    self.owner = owner
    self.ports = ports
    self.transport = transport
    self.place = place
    self.related = related
  }
}

/// A further place of a finding, and what is there.
package struct Related: Sendable {
  package var place: SourceRange
  package var message: String
  /// The owner there, when it is a party of the finding: the fingerprint is the same from both sides.
  package var owner: OwnerID?
  /// What the place says of a variable, where that is all that it has to do with the finding: then the message is all of
  /// it that is shown.
  package var origin: WayIn.Setting?

  package var isOrigin: Bool { origin != nil }

  /// How long what is said of one place may be, in code points.
  package static let longestMessage = 1000

  package init(_ message: String, at place: SourceRange, owner: OwnerID? = nil) {
    self.message = message.shortened(to: Related.longestMessage)
    self.place = place
    self.owner = owner
  }

  /// Where a file of variables sets one.
  package init(_ setting: WayIn.Setting, at place: SourceRange) {
    self.init(setting.phrase, at: place)
    origin = setting
  }
}

/// The words in braces that a rule's message may use.
package enum Placeholder: String, CaseIterable, Sendable {
  /// Who claims or points: `'web'`.
  case owner
  /// The kind of the object: `DaemonSet`, `service`.
  case kind
  /// The namespace of the object, or nothing.
  case namespace
  /// The container within the object, or nothing.
  case container
  /// The image that the owner runs, or nothing.
  case image
  /// The port or range, `8080`.
  case port
  /// The protocol, `tcp`.
  case `protocol`
  /// The port with its protocol, `8080/tcp`.
  case endpoint
  /// `every address`, or the address.
  case address
  /// The service that a table has for the port.
  case service
  /// The name of a port.
  case name
  /// The text at fault.
  case value
  /// The other party of a finding.
  case other
  /// The endpoint or the text of the other party.
  case theirs
  /// How many further parties there are: empty, or ` (and 3 more)`.
  case more
  /// A limit or a bound, with its unit.
  case limit
  /// The range a port was held against, `32768-60999`.
  case range
  /// What was expected instead.
  case expected
  /// ` (did you mean 'ports'?)`, or empty.
  case suggestion
  /// Who has the ports by the policy's allocations: `'payments-*'`.
  case holder
  /// What the system or a library says of it.
  case reason
  /// Whose network it is: `the host's network`.
  case network
  /// The key or field.
  case field
}
