/// The address that a claim names, as far as it can be known.
package enum HostAddress: Hashable, Sendable {
  /// No address is named: the claim is on every address of the host.
  case every
  /// An address as it is written, without brackets; nothing parsed where a format takes any text (`hostIP`).
  indirect case literal(String, IPAddress?)
  /// A variable or a template: the text as it is written.
  case unresolved(String)

  /// How a message names the address: `every address`, `127.0.0.1`, `${IP}`.
  package var phrase: String {
    switch self {
    case .every: "every address"
    case .literal(let text, _), .unresolved(let text): text
    }
  }
}
