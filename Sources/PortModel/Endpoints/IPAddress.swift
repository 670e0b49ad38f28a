#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// An IPv4 or IPv6 address, without a zone.
package enum IPAddress: Hashable, Sendable {
  /// The four bytes, the first one highest.
  case v4(UInt32)
  /// The first and the last eight bytes, the first one highest.
  case v6(UInt64, UInt64)

  /// Reads an address as libc's `inet_pton` does: no host name, no zone, no leading zeros in IPv4, no brackets.
  package init?(_ text: some StringProtocol) {
    let text = String(text)
    guard !text.utf8.contains(0) else { return nil }
    var v4 = in_addr()
    var v6 = in6_addr()
    if inet_pton(AF_INET, text, &v4) == 1 {
      self = .v4(UInt32(bigEndian: v4.s_addr))
    } else if inet_pton(AF_INET6, text, &v6) == 1 {
      let halves = withUnsafeBytes(of: v6) { bytes in
        (
          UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
          UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        )
      }
      self = .v6(halves.0, halves.1)
    } else {
      return nil
    }
  }

  /// Whether this is `0.0.0.0` or `::`.
  package var isUnspecified: Bool {
    self == .v4(0) || self == .v6(0, 0)
  }

  /// Whether the address is of 127.0.0.0/8, or `::1`.
  package var isLoopback: Bool {
    switch unmapped {
    case .v4(let address): address >> 24 == 127
    case .v6(let high, let low): high == 0 && low == 1
    }
  }

  /// Whether the address is IPv4.
  package var isIPv4: Bool {
    if case .v4 = self { true } else { false }
  }

  /// The IPv4 address that `::ffff:a.b.c.d` stands for; any other address as it is.
  package var unmapped: IPAddress {
    if case .v6(0, let low) = self, low >> 32 == 0xFFFF { .v4(UInt32(truncatingIfNeeded: low)) } else { self }
  }
}
