/// The transport protocol of a socket: each has a port space of its own.
package enum TransportProtocol: Hashable, Sendable {
  case tcp
  case udp
  case sctp
  /// A protocol that a manifest names and portlint has no rules for; the text is lower-case.
  case other(String)

  /// The protocols that services are registered for (RFC 6335 §1).
  package static let registered: [TransportProtocol] = [.tcp, .udp, .sctp, .other("dccp")]

  /// Reads a protocol's name, whatever its case.
  package init(name: some StringProtocol) {
    switch name.lowercased() {
    case "tcp": self = .tcp
    case "udp": self = .udp
    case "sctp": self = .sctp
    case let text: self = .other(text)
    }
  }

  /// The lower-case name.
  package var name: String {
    switch self {
    case .tcp: "tcp"
    case .udp: "udp"
    case .sctp: "sctp"
    case .other(let name): name
    }
  }
}
