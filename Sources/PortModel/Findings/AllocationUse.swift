import SourceText

/// What has become of ports that a policy gives to an owner.
package struct AllocationUse: Sendable {
  package var ports: PortSet
  /// Who has them, as a message says it.
  package var holder: String
  /// Nothing where every protocol is meant.
  package var protocols: [TransportProtocol]?
  /// Where the policy says so.
  package var place: SourceRange
  package var claims: [Claim] = []

  package init(ports: PortSet, holder: String, protocols: [TransportProtocol]?, place: SourceRange) {
    self.ports = ports
    self.holder = holder
    self.protocols = protocols
    self.place = place
  }

  /// A published claim on some of the ports.
  package struct Claim: Sendable {
    /// The number of the binding.
    package var row: Int
    package var ports: PortSet
    /// Whether it is not the holder's.
    package var isForeign: Bool

    package init(row: Int, ports: PortSet, isForeign: Bool) {
      self.row = row
      self.ports = ports
      self.isForeign = isForeign
    }
  }

  /// The ports that nobody claims.
  package var free: PortSet {
    ports.subtracting(PortSet(claims.flatMap(\.ports.runs)))
  }
}
