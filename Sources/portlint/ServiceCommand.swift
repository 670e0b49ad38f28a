import ArgumentParser
import PolicyEngine
import PortModel
import Reporters
import SourceText
import Workspace

/// `portlint service NAME|PORT[/PROTO]`
struct ServiceCommand: StatusCommand {
  static let configuration = CommandConfiguration(
    commandName: "service", abstract: "Look a service up by its name or its port.",
    discussion: "The exit status is 1 when nobody has the name or the port.")

  @Argument(
    help: ArgumentHelp("A name or a port, each with a protocol if one is meant: ssh, 53/udp.", valueName: "service"))
  var service: String

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The policy file, which may add services or name another database.", valueName: "file"),
    completion: .file())
  var config: String?

  @Option(name: .shortAndLong, help: ArgumentHelp("How to answer.", valueName: "format"))
  var format: AnswerFormat = .text

  func status() throws -> ExitStatus {
    var settings = CommonSettings()
    settings.config = config
    let loaded = try settings.policy()
    if !loaded.problems.isEmpty { return writeBrokenPolicy(loaded) }
    let services = loaded.policy.services
    let entries = try entries(in: services)
    let text =
      switch format {
      case .text: servicesText(entries)
      case .json: encoded(ServicesDocument(entries.map { ServiceObject($0) }, version: portlintVersion))
      }
    guard Console.standardOutput.write(text) else { return .incomplete }
    if entries.isEmpty { writeNote(nobody(in: services)) }
    return entries.isEmpty ? .findings : .clean
  }

  private func nobody(in services: ServicesDatabase) -> String {
    let name = String(service.prefix { $0 != "/" })
    let nearest = isPort(name) ? nil : services.nearestName(to: name)
    // The name may be right and only the protocol wrong.
    let isOfOtherProtocol = nearest == name.lowercased()
    return "nobody has '\(service)'\(isOfOtherProtocol ? ", but with another protocol" : hint(nearest) ?? "")"
  }

  private func isPort(_ text: String) -> Bool {
    text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }

  private func transport(_ name: String) throws -> TransportProtocol {
    let transport = TransportProtocol(name: name)
    if TransportProtocol.registered.contains(transport) { return transport }
    let nearest = nearestWord(to: name, among: TransportProtocol.registered.map(\.name))
    throw RunFailure(message: "'\(name)' is no protocol\(hint(nearest) ?? ": tcp, udp, sctp or dccp")")
  }

  private func entries(in services: ServicesDatabase) throws -> [ServicesDatabase.Entry] {
    let parts = service.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count <= 2, !parts.contains("") else {
      throw RunFailure(message: "'\(service)' is neither a name nor a port, such as ssh or 53/udp")
    }
    let transport = try parts.count == 2 ? self.transport(parts[1]) : nil
    guard isPort(parts[0]) else {
      // A name has a letter (RFC 6335 §5.1).
      if PortRange(parts[0]) != nil { throw RunFailure(message: "'\(parts[0])' is a range: ask for one port of it") }
      return services.entries(named: parts[0]).filter { transport == nil || $0.transport == transport }
    }
    guard let port = UInt16(parts[0]) else {
      throw RunFailure(message: "\(parts[0]) is no port: ports are 0-65535")
    }
    let transports = transport.map { [$0] } ?? TransportProtocol.registered
    return transports.flatMap { services.entries(at: port, $0) }
  }
}

/// Who has what, by which source.
func servicesText(_ entries: [ServicesDatabase.Entry]) -> String {
  tableText(
    headings: ["NAME", "PORT", "SOURCE", "DESCRIPTION"],
    entries.map { ["\($0.name)", "\($0.ports)/\($0.transport.name)", $0.origin.rawValue, $0.description] })
}

extension ServiceObject {
  init(_ entry: ServicesDatabase.Entry) {
    self.init(
      name: entry.name, ports: entry.ports.first...entry.ports.last, transport: entry.transport.name,
      source: entry.origin.rawValue, description: entry.description)
  }
}
