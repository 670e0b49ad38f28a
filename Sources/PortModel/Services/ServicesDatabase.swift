import SourceText

/// Which services stand for which ports, by the table in the program or by the host.
///
/// Lint results come from ``embedded`` alone: the host's database differs from host to host.
package struct ServicesDatabase: Sendable {
  /// Where answers come from.
  package enum Source: Hashable, Sendable {
    /// IANA's registry and `rules/tables/de-facto.tsv`, as the program was built with them.
    case embedded
    /// What `getservbyname` and `getservbyport` say, such as `/etc/services`.
    case system
    /// A file in the syntax of `/etc/services`, as it was read.
    case file([Entry])
  }

  /// The same answers on every host.
  package static let embedded = ServicesDatabase(source: .embedded)
  /// The answers that programs on this host get.
  package static let system = ServicesDatabase(source: .system)

  /// Where this database's answers come from.
  package let source: Source
  /// What a policy adds to them.
  private var added = EntriesByPort()
  /// What a file says, where one is the source.
  private let file: EntriesByPort

  /// Makes a database; nothing is read before the first question.
  package init(source: Source) {
    self.source = source
    file = if case .file(let entries) = source { EntriesByPort(entries) } else { EntriesByPort() }
  }

  /// The database with further entries, which come before its own.
  package func adding(_ entries: [Entry]) -> ServicesDatabase {
    if entries.isEmpty { return self }
    var database = self
    database.added = EntriesByPort(added.entries + entries)
    return database
  }

  /// The services whose ports include `port`: the official name first, aliases and de-facto services after it.
  package func entries(at port: UInt16, _ transport: TransportProtocol) -> [Entry] {
    let own =
      switch source {
      case .embedded: EmbeddedRegistry.entries(at: port, transport)
      case .system: SystemServices.entries(at: port, transport)
      case .file: file.entries(at: port, transport)
      }
    return added.isEmpty ? own : added.entries(at: port, transport) + own
  }

  /// The services called `name`, at most one for each port and protocol.
  ///
  /// The embedded table ignores the case of ASCII letters (RFC 6335 §5.1), and its answers rise by port, then by
  /// protocol. The host decides for itself (glibc minds the case); its answers, one for each protocol, carry the
  /// official name where `name` is an alias.
  package func entries(named name: String) -> [Entry] {
    let own =
      switch source {
      case .embedded: EmbeddedRegistry.entries(named: name)
      case .system: SystemServices.entries(named: name)
      case .file(let entries): entries.filter { $0.name == name }
      }
    return added.isEmpty ? own : added.entries.filter { $0.name == name } + own
  }

  /// The name that was most likely meant by one that nobody has; the host's database is not searched. O(*n*).
  package func nearestName(to name: String) -> String? {
    let own =
      switch source {
      case .embedded: EmbeddedRegistry.names
      case .system: [String]()
      case .file(let entries): entries.map(\.name)
      }
    // Of thousands of names, some are near to any word: one slip in four letters is what is believed.
    return nearestWord(to: name.lowercased(), among: added.entries.map(\.name) + own, lettersASlip: 4)
  }

  /// Those of `ports` that anyone has, registered with IANA or not.
  ///
  /// The embedded table is searched once for each run of `ports`, and for thousands of ports once in all; the host's once
  /// for each port.
  package func registered(in ports: PortSet, _ transport: TransportProtocol) -> PortSet {
    let own =
      switch source {
      case .embedded: EmbeddedRegistry.registered(in: ports, transport)
      case .system: SystemServices.registered(in: ports, transport)
      case .file: ports.intersection(file.ports(of: transport))
      }
    return added.isEmpty ? own : own.union(ports.intersection(added.ports(of: transport)))
  }

  /// Those of `ports` that a product made its own on whatever transport, and whether or not IANA gave them to another;
  /// none for the host.
  package func deFacto(in ports: PortSet) -> PortSet {
    switch source {
    case .embedded:
      [.tcp, .udp].reduce(PortSet()) { $0.union(EmbeddedRegistry.registered(in: ports, $1, by: .deFacto)) }
    case .system, .file: PortSet()
    }
  }

  /// Whether anyone has `port`. O(log *n*), without allocating, in the embedded table.
  package func isRegistered(_ port: UInt16, _ transport: TransportProtocol) -> Bool {
    if added.ports(of: transport).contains(port) { return true }
    return switch source {
    case .embedded: EmbeddedRegistry.isRegistered(port, transport)
    case .system: !SystemServices.entries(at: port, transport).isEmpty
    case .file: file.ports(of: transport).contains(port)
    }
  }
}

/// Entries, in the order in which they are written, found by their ports: a policy may add as many as there are ports.
private struct EntriesByPort: Sendable {
  let entries: [ServicesDatabase.Entry]
  /// All ports of a protocol.
  private var ports: [TransportProtocol: PortSet] = [:]
  /// The numbers of the entries of one port, by that port.
  private var single: [UInt16: [Int]] = [:]
  /// The numbers of those of several ports.
  private var wide: [Int] = []

  init(_ entries: [ServicesDatabase.Entry] = []) {
    self.entries = entries
    if entries.isEmpty { return }
    for (transport, entries) in Dictionary(grouping: entries, by: \.transport) {
      ports[transport] = PortSet(entries.map(\.ports))
    }
    for (number, entry) in entries.enumerated() {
      if entry.ports.isSingle { single[entry.ports.first, default: []].append(number) } else { wide.append(number) }
    }
  }

  var isEmpty: Bool { entries.isEmpty }

  func ports(of transport: TransportProtocol) -> PortSet {
    ports[transport] ?? PortSet()
  }

  func entries(at port: UInt16, _ transport: TransportProtocol) -> [ServicesDatabase.Entry] {
    guard ports[transport]?.contains(port) == true else { return [] }
    return ((single[port] ?? []) + wide).sorted().map { entries[$0] }.filter { $0.isAt(port, transport) }
  }
}

extension ServicesDatabase {
  /// One name for one port, or for a range of them, in one protocol.
  package struct Entry: Hashable, Sendable {
    /// The name in the case its source writes it.
    package let name: String
    /// Every port that the name stands for.
    package let ports: PortRange
    /// The protocol whose ports they are.
    package let transport: TransportProtocol
    /// What the service is, on one line; empty where the source does not say, as the host never does.
    package let description: String
    /// Who says so.
    package let origin: Origin

    package init(
      name: String, ports: PortRange, transport: TransportProtocol, description: String, origin: Origin
    ) {
      self.name = name
      self.ports = ports
      self.transport = transport
      self.description = description
      self.origin = origin
    }

    fileprivate func isAt(_ port: UInt16, _ transport: TransportProtocol) -> Bool {
      self.transport == transport && ports.overlaps(PortRange(port))
    }
  }

  /// Who says that a service has a port.
  package enum Origin: String, Hashable, Sendable {
    /// IANA's registry of service names and port numbers.
    case iana
    /// A product's own documentation, without a registration.
    case deFacto = "de-facto"
    /// The host's services database.
    case system
    /// The team's policy.
    case policy
    /// A file in the syntax of `/etc/services`.
    case file
  }
}
