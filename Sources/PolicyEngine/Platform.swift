import PortModel

/// The systems whose port ranges portlint knows.
package enum Platform: String, CaseIterable, Sendable {
  case linux
  case macos
  case windows
  case freebsd
  case glibc
  case iana

  /// The range from which the system takes ports by itself.
  ///
  /// Sources: Linux `ip_local_port_range`; XNU `IPPORT_HIFIRSTAUTO`; Microsoft KB 929851; FreeBSD
  /// `IPPORT_EPHEMERALFIRST`; the GNU C Library manual's *Internet Ports*; RFC 6335 §6.
  package var ephemeral: PortRange {
    switch self {
    case .linux: PortRange(32768, through: 60999) ?? .all
    case .macos, .windows, .iana: PortRange(49152, through: 65535) ?? .all
    case .freebsd: PortRange(10000, through: 65535) ?? .all
    case .glibc: PortRange(1024, through: 4999) ?? .all
    }
  }
}
