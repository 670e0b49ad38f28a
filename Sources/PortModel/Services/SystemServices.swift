import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The host's services database, through `getservbyname` and `getservbyport`.
///
/// Both return a record that the next call overwrites, so one call is made at a time, and the record copied before
/// the next.
enum SystemServices {
  typealias Entry = ServicesDatabase.Entry

  private static let access = Mutex(())

  /// The services at a port, the official name first.
  static func entries(at port: UInt16, _ transport: TransportProtocol) -> [Entry] {
    access.withLock { _ in
      // The port is in network byte order.
      guard let record = getservbyport(CInt(port.bigEndian), transport.name) else { return [] }
      return names(of: record.pointee).map { entry(name: $0, record.pointee, transport) }
    }
  }

  /// The services of a name, under their official names, one for each protocol.
  static func entries(named name: String) -> [Entry] {
    // C would take the name to end there.
    guard !name.utf8.contains(0) else { return [] }
    // Without a protocol, the host returns the first record of any.
    return TransportProtocol.registered.compactMap { transport in
      access.withLock { _ in
        guard let record = getservbyname(name, transport.name) else { return nil }
        return names(of: record.pointee).first.map { entry(name: $0, record.pointee, transport) }
      }
    }
  }

  /// Those of `ports` that the host knows, asked for one by one.
  static func registered(in ports: PortSet, _ transport: TransportProtocol) -> PortSet {
    PortSet(
      ports.runs.flatMap { run in
        (run.first...run.last).lazy.filter { !entries(at: $0, transport).isEmpty }.map { PortRange($0) }
      }
    )
  }

  private static func entry(name: String, _ record: servent, _ transport: TransportProtocol) -> Entry {
    let port = UInt16(bigEndian: UInt16(truncatingIfNeeded: record.s_port))
    return Entry(name: name, ports: PortRange(port), transport: transport, description: "", origin: .system)
  }

  private static func names(of record: servent) -> [String] {
    var names: [String] = []
    if let official = record.s_name { names.append(String(cString: official)) }
    guard var next = record.s_aliases else { return names }
    while let alias = next.pointee {
      let name = String(cString: alias)
      if !names.contains(name) { names.append(name) }
      next += 1
    }
    return names
  }
}
