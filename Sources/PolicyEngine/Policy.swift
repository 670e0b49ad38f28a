import PortModel
import SourceText

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

/// What a run holds the inventory against.
package struct Policy: Sendable {
  /// Every rule with the severity it has in this run; a rule that is off is not here.
  package private(set) var activeRules: [(rule: Rule, severity: Severity)] = []
  /// The named ranges.
  package private(set) var ranges: [String: PortRange]
  package let services: ServicesDatabase
  package let knownServices: KnownServices
  /// The tables of ports that conditions name.
  package let tables: [String: PortTable]
  package let platform: Platform

  /// Why a policy cannot be had.
  package enum Fault: Error {
    case unknownRule(String, suggestion: String?)
  }

  /// The policy of `rules` on a platform.
  ///
  /// - Parameter severities: Severities that differ from the rules' own; nothing for off.
  package init(
    rules: [Rule], platform: Platform = .linux, severities: [String: Severity?] = [:],
    services: ServicesDatabase = .embedded, knownServices: KnownServices,
    tables: [String: PortTable] = [:]
  ) throws(Fault) {
    ranges = [
      "reserved": PortRange(0, through: 1023) ?? .all,
      "user-reserved": PortRange(1024, through: 4999) ?? .all,
      "ephemeral": platform.ephemeral,
      "node-port": PortRange(30000, through: 32767) ?? .all,
    ]
    self.services = services
    self.knownServices = knownServices
    self.tables = tables
    self.platform = platform
    for id in severities.keys.sorted() where !rules.contains(where: { $0.id == id }) {
      throw Fault.unknownRule(id, suggestion: nearestRule(to: id, among: rules))
    }
    for rule in rules {
      guard let severity = severities[rule.id] ?? rule.severity else { continue }
      activeRules.append((rule, severity))
    }
  }
}

private func nearestRule(to id: String, among rules: [Rule]) -> String? {
  nearestWord(to: id, among: rules.map(\.id))
}
