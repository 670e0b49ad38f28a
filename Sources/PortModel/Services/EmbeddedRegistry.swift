import ServicesData
import SourceText

/// The tables of `ServicesData`, searched where they lie; `ServicesData.h` describes their rows.
///
/// This is the one place that touches their memory. Only what was asked of many ports is kept for the next question.
enum EmbeddedRegistry {
  typealias Entry = ServicesDatabase.Entry
  typealias Origin = ServicesDatabase.Origin

  /// The services at a port, in the table's order.
  static func entries(at port: UInt16, _ transport: TransportProtocol) -> [Entry] {
    var entries: [Entry] = []
    Table.byPort.forEachRow(from: PortRow.first(at: port, transport)) { bytes in
      let row = PortRow(bytes)
      guard row.isAt(port, transport) else { return false }
      if let entry = row.entry { entries.append(entry) }
      return true
    }
    return entries
  }

  /// The services of a name, whatever its case.
  static func entries(named name: String) -> [Entry] {
    let wanted = name.utf8.map(\.lowercasedASCII)
    let table = Table.byName
    let start = table.firstRow { $0.column(0).lexicographicallyPrecedes(wanted) }
    var entries: [Entry] = []
    table.forEachRow(from: start) { row in
      let columns = row.columns
      guard columns.count == 5, columns[0].elementsEqual(wanted) else { return false }
      let transport = TransportProtocol(name: columns[3].text)
      // The other table has the name as it is written, and the description.
      let match = self.entries(at: columns[1].port, transport).first { entry in
        entry.ports.first == columns[1].port && entry.ports.last == columns[2].port
          && entry.origin.rawValue.utf8.elementsEqual(columns[4])
          && entry.name.utf8.map(\.lowercasedASCII) == wanted
      }
      if let match { entries.append(match) }
      return true
    }
    return entries
  }

  /// Every name once, in lower case, in order.
  static var names: [String] {
    var names: [String] = []
    Table.byName.forEachRow(from: 0) { row in
      let name = row.column(0)
      if names.last.map({ !name.elementsEqual($0.utf8) }) ?? true { names.append(name.text) }
      return true
    }
    return names
  }

  /// Those of `ports` with a row, of one origin if it is given.
  static func registered(in ports: PortSet, _ transport: TransportProtocol, by origin: Origin? = nil) -> PortSet {
    if ports.runs.reduce(0, { $0 + $1.count }) > manyPorts {
      return ports.intersection(held[Holding(transport: transport, origin: origin)] ?? PortSet())
    }
    var found: [PortRange] = []
    for run in ports.runs {
      Table.byPort.forEachRow(from: PortRow.first(at: run.first, nil)) { bytes in
        let row = PortRow(bytes)
        guard row.port <= run.last else { return false }
        if row.isAt(row.port, transport), origin == nil || row.origin == origin, found.last?.last != row.port {
          found.append(PortRange(row.port))
        }
        return true
      }
    }
    return PortSet(found)
  }

  /// Above this many ports, knowing all that have a row is faster than searching.
  private static let manyPorts = 4096

  private struct Holding: Hashable {
    var transport: TransportProtocol
    /// Nothing for any.
    var origin: Origin?
  }

  /// All ports with a row, worked out for the first who asks of many ports.
  private static let held: [Holding: PortSet] = {
    var found: [Holding: [PortRange]] = [:]
    Table.byPort.forEachRow(from: 0) { bytes in
      let row = PortRow(bytes)
      let transport = TransportProtocol(name: bytes.column(1).text)
      for origin in [nil, row.origin] {
        found[Holding(transport: transport, origin: origin), default: []].append(PortRange(row.port))
      }
      return true
    }
    return found.mapValues { PortSet($0) }
  }()

  /// Whether a port has a row.
  static func isRegistered(_ port: UInt16, _ transport: TransportProtocol) -> Bool {
    var isRegistered = false
    Table.byPort.forEachRow(from: PortRow.first(at: port, transport)) { bytes in
      isRegistered = PortRow(bytes).isAt(port, transport)
      return false
    }
    return isRegistered
  }
}

/// The bytes of a row without its LF, or of a column of it.
private typealias Bytes = Slice<UnsafeBufferPointer<UInt8>>

/// A row of the table by port: port, protocol, name, origin, range, description.
private struct PortRow {
  private let bytes: Bytes

  init(_ bytes: Bytes) {
    self.bytes = bytes
  }

  var port: UInt16 {
    bytes.prefix(5).port
  }

  var origin: ServicesDatabase.Origin? {
    ServicesDatabase.Origin(rawValue: bytes.column(3).text)
  }

  var entry: ServicesDatabase.Entry? {
    let columns = bytes.columns
    guard columns.count == 6, let origin else { return nil }
    let range = columns[4]
    guard let ports = range.isEmpty ? PortRange(port) : PortRange(range.prefix(5).port, through: range.suffix(5).port)
    else { return nil }
    return ServicesDatabase.Entry(
      name: columns[2].text,
      ports: ports,
      transport: TransportProtocol(name: columns[1].text),
      description: columns[5].text,
      origin: origin
    )
  }

  func isAt(_ port: UInt16, _ transport: TransportProtocol) -> Bool {
    self.port == port && bytes.column(1).elementsEqual(transport.name.utf8)
  }

  /// The offset of the first row at a port, of a protocol if it is given, or of the row that follows its place.
  static func first(at port: UInt16, _ transport: TransportProtocol?) -> Int {
    let protocolName = transport?.name ?? ""
    return Table.byPort.firstRow { bytes in
      let rowPort = PortRow(bytes).port
      return rowPort < port || rowPort == port && bytes.column(1).lexicographicallyPrecedes(protocolName.utf8)
    }
  }
}

/// Rows that end in LF, with columns between tabs.
private struct Table {
  private let bytes: UnsafeBufferPointer<UInt8>

  private init(_ table: ServicesTable) {
    bytes = UnsafeBufferPointer(start: table.bytes, count: table.count)
  }

  static var byPort: Table {
    Table(portlint_services_by_port())
  }

  static var byName: Table {
    Table(portlint_services_by_name())
  }

  /// The offset of the first row that does not come before what is searched for.
  func firstRow(after comesBefore: (Bytes) -> Bool) -> Int {
    // Both are always the start of a row, or the end of the table.
    var low = 0
    var high = bytes.count
    while low < high {
      let middle = low + (high - low) / 2
      let start = bytes[low..<middle].lastIndex(of: newline).map { $0 + 1 } ?? low
      let row = row(at: start)
      if comesBefore(row) { low = row.endIndex + 1 } else { high = start }
    }
    return low
  }

  /// Hands out the rows from an offset on, until `body` returns false.
  func forEachRow(from start: Int, _ body: (Bytes) -> Bool) {
    var next = start
    while next < bytes.count {
      let row = row(at: next)
      guard body(row) else { return }
      next = row.endIndex + 1
    }
  }

  private func row(at start: Int) -> Bytes {
    bytes[start..<(bytes[start...].firstIndex(of: newline) ?? bytes.count)]
  }
}

private let newline = UInt8(ascii: "\n")
private let tab = UInt8(ascii: "\t")

extension Bytes {
  fileprivate var columns: [Bytes] {
    split(separator: tab, omittingEmptySubsequences: false)
  }

  /// The column with so many tabs before it; empty if there is none.
  fileprivate func column(_ index: Int) -> Bytes {
    var rest = self
    for _ in 0..<index {
      rest = rest.drop { $0 != tab }.dropFirst()
    }
    return rest.prefix { $0 != tab }
  }

  fileprivate var text: String {
    String(decoding: self, as: UTF8.self)
  }

  /// The number that decimal digits spell.
  fileprivate var port: UInt16 {
    reduce(0) { $0 &* 10 &+ UInt16($1 &- UInt8(ascii: "0")) }
  }
}
