import PortModel
import Testing

@testable import ManifestFormats

/// `Fixtures/compose-short-syntax.tsv`: what go-connections v0.7 makes of an entry.
@Suite struct ShortPortTests {
  struct Row: CustomTestStringConvertible {
    var input: String
    /// The mappings as `address|published|target|protocol`; none for an entry that is refused.
    var mappings: [String]
    var error: String

    var testDescription: String { input }
  }

  static let rows: [Row] = {
    var rows: [Row] = []
    for columns in fixtureTable("compose-short-syntax.tsv") where columns.count >= 8 {
      let mapping = columns[1] == "ok" ? ["\(columns[3])|\(columns[4])|\(columns[5])|\(columns[6])"] : []
      if let last = rows.last, last.input == columns[0] {
        rows[rows.count - 1].mappings += mapping
      } else {
        rows.append(Row(input: columns[0], mappings: mapping, error: columns[7]))
      }
    }
    return rows
  }()

  /// The entry's mappings as the reference parser expands them: one for each container port.
  private func mappings(of port: ShortPort) -> [String] {
    guard let targets = port.targetPorts else { return [] }
    return (targets.first...targets.last).map { target in
      var published = ""
      if let ports = port.publishedPorts {
        published = targets.isSingle ? "\(ports)" : "\(Int(ports.first) + Int(target) - Int(targets.first))"
      }
      return "\(port.addressText ?? "")|\(published)|\(target)|\(port.transportValue?.name ?? "")"
    }
  }

  @Test(arguments: rows)
  func isReadAsTheReferenceReadsIt(_ row: Row) {
    do throws(ShortPort.Failure) {
      let port = try ShortPort(Array(row.input.utf8)) { _ in "" }
      #expect(mappings(of: port) == row.mappings)
    } catch {
      #expect(row.mappings == [], "\(error)")
      #expect(kind(of: error.cause) == kind(of: row.error))
      #expect(part(of: row.input, error.part) == faultyPart(row))
    }
  }

  @Test(arguments: rows.filter { !$0.mappings.isEmpty })
  func writtenAnewItIsTheSame(_ row: Row) throws {
    let port = try ShortPort(Array(row.input.utf8)) { _ in "" }
    let address = port.addressText.map { "[\($0)]:" } ?? ""
    let host = port.publishedPorts.map { "\($0):" } ?? (address.isEmpty ? "" : ":")
    let written = "\(address)\(host)\(port.targetPorts?.description ?? "")/\(port.transportValue?.name ?? "")"
    #expect(try mappings(of: ShortPort(Array(written.utf8)) { _ in "" }) == row.mappings, "\(written)")
  }

  @Test func theTableIsWhole() {
    #expect(Self.rows.count == 80)
    #expect(Self.rows.count { $0.mappings.isEmpty } == 45)
  }

  private func kind(of cause: Problem.Cause) -> String {
    switch cause {
    case .invalidPort(.unequalRanges): "ranges"
    case .invalidPort(.noContainerPort): "no port"
    case .invalidPort: "port"
    case .invalidProtocol: "protocol"
    case .invalidAddress: "address"
    default: "\(cause)"
    }
  }

  private func kind(of message: String) -> String {
    if message.hasPrefix("invalid ranges") { return "ranges" }
    if message.hasPrefix("no port specified") { return "no port" }
    if message.hasPrefix("invalid proto") { return "protocol" }
    return message.hasPrefix("invalid IP address") ? "address" : "port"
  }

  private func part(of input: String, _ range: Range<Int>) -> String {
    String(decoding: Array(input.utf8)[range], as: UTF8.self)
  }

  /// The text at fault, which the reference's message quotes behind its first colon.
  private func faultyPart(_ row: Row) -> String {
    switch kind(of: row.error) {
    case "ranges", "no port": return row.input
    case "address" where row.error.hasPrefix("invalid IP address ["): return "[::1"
    default:
      let quoted = row.error.components(separatedBy: ": ").dropFirst().joined(separator: ": ")
      return row.input.hasPrefix("[") && !quoted.hasPrefix("[") ? "[\(quoted)]" : quoted
    }
  }
}
