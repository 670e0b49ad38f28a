import PortModel

/// The addresses that a claim takes, family by family.
struct ClaimedAddresses: Hashable {
  enum Part: Hashable {
    case none
    case every
    case one(IPAddress)
    case unknown
  }

  var v4: Part
  var v6: Part

  /// What a claim takes under Docker: without an address both families' wildcard, and the families never meet.
  ///
  /// Source: moby `port_mapping_linux.go`, `portallocator.go`; an IPv4 address mapped to IPv6 counts as IPv4.
  init(docker address: HostAddress) {
    self.init(address, isDualStack: false)
  }

  /// What a process takes with Linux's `bind`: `::` takes IPv4 too unless the socket is for IPv6 only.
  init(linux address: HostAddress, onlyIPv6: Bool) {
    self.init(address, isDualStack: !onlyIPv6)
  }

  private init(_ address: HostAddress, isDualStack: Bool) {
    switch address {
    case .every:
      v4 = .every
      v6 = .every
    case .unresolved, .literal(_, nil):
      v4 = .unknown
      v6 = .unknown
    case .literal(_, .some(let literal)):
      let literal = literal.unmapped
      let part = literal.isUnspecified ? Part.every : .one(literal)
      v4 = literal.isIPv4 || (isDualStack && literal.isUnspecified) ? part : .none
      v6 = literal.isIPv4 ? .none : part
    }
  }

  /// Whether both take a common address.
  func overlaps(_ other: ClaimedAddresses) -> Truth {
    ClaimedAddresses.overlap(v4, other.v4) || ClaimedAddresses.overlap(v6, other.v6)
  }

  private static func overlap(_ a: Part, _ b: Part) -> Truth {
    switch (a, b) {
    case (.none, _), (_, .none): .no
    case (.every, .unknown), (.unknown, .every), (.unknown, _), (_, .unknown): .unknown
    case (.every, _), (_, .every): .yes
    case (.one(let a), .one(let b)): Truth(a == b)
    }
  }
}
