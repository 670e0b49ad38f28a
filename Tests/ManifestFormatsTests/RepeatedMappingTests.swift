import PortModel
import SourceText
import Testing

@testable import ManifestFormats

/// Of what a service's entries map alike, each single mapping counts for the last entry that says it.
@Suite struct RepeatedMappingTests {
  static let entries = ["81", "81-82", "82-83", "81-83", "83-84"].flatMap { ["\($0):\($0)", "0.0.0.0:\($0):\($0)"] }

  /// All that three entries can say: a port, and the address that is written for it.
  @Test(arguments: entries)
  func eachPortCountsOnce(_ first: String) throws {
    for second in Self.entries {
      for third in Self.entries {
        let entries = [first, second, third]
        #expect(try counting(entries) == expected(entries), "\(entries)")
      }
    }
  }

  private func counting(_ entries: [String]) throws -> [String] {
    let list = entries.map { "'\($0)'" }.joined(separator: ", ")
    let text = "services: {web: {image: x, ports: [\(list)]}}"
    let file = SourceFile(id: FileID(0), path: "compose.yaml", contents: Array(text.utf8))
    var supplied: SuppliedFiles = [:]
    if case .needs(let paths) = readManifest(file, supplied: supplied) {
      for path in paths { supplied[path] = .some(nil) }
    }
    guard case .done(let reading) = readManifest(file, supplied: supplied) else { return ["asks again"] }
    return try reading.inventory.bindings.filter { $0.effect == .takes }.flatMap { binding in
      let ports = try #require(binding.fixedPorts)
      #expect(binding.target?.ports == ports)
      return (ports.first...ports.last).map { "\($0) on \(binding.address.phrase)" }
    }.sorted()
  }

  private func expected(_ entries: [String]) -> [String] {
    var addresses: [Int: String] = [:]
    for entry in entries {
      let ports = entry.split(separator: ":").last?.split(separator: "-").compactMap { Int($0) } ?? []
      for port in (ports.first ?? 0)...(ports.last ?? 0) {
        addresses[port] = entry.hasPrefix("0") ? "0.0.0.0" : "every address"
      }
    }
    return addresses.map { "\($0) on \($1)" }.sorted()
  }
}
