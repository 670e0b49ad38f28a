/// The addresses that share their first bits with one: `10.0.0.0/8`, `fd00::/8`, or a single address.
package struct IPNetwork: Hashable, Sendable {
  /// The first address.
  package let address: IPAddress
  /// How many of the first bits are shared: 0–32 for IPv4, 0–128 for IPv6.
  package let prefixLength: Int

  /// Reads an address, or one with the length of its prefix; a bit set behind the prefix is a mistake.
  package init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let address = IPAddress(parts[0]) else { return nil }
    let width = address.isIPv4 ? 32 : 128
    guard parts.count == 2 else {
      self.init(address, prefixLength: width)
      return
    }
    guard let length = Int(parts[1]), (0...width).contains(length), parts[1].utf8.first?.isASCIIDigit == true else {
      return nil
    }
    self.init(address, prefixLength: length)
    guard address.masked(to: length) == address else { return nil }
  }

  private init(_ address: IPAddress, prefixLength: Int) {
    self.address = address
    self.prefixLength = prefixLength
  }

  /// Whether an address is one of the network's; an IPv4 address mapped to IPv6 counts as IPv4.
  package func contains(_ other: IPAddress) -> Bool {
    let other = address.isIPv4 ? other.unmapped : other
    return other.isIPv4 == address.isIPv4 && other.masked(to: prefixLength) == address
  }

  /// The networks that nobody routes publicly (RFC 1918, RFC 4193).
  package static let `private` = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"].compactMap {
    IPNetwork($0)
  }
}

extension IPAddress {
  /// The address with all bits behind the first `length` cleared.
  fileprivate func masked(to length: Int) -> IPAddress {
    switch self {
    case .v4(let bits): .v4(bits & UInt32.first(length))
    case .v6(let high, let low): .v6(high & UInt64.first(length), low & UInt64.first(length - 64))
    }
  }
}

extension FixedWidthInteger where Self: UnsignedInteger {
  /// The number whose first `count` bits are set.
  fileprivate static func first(_ count: Int) -> Self {
    ~(Self.max >> Swift.max(0, count))
  }
}
