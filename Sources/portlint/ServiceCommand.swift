import ArgumentParser
import PolicyEngine
import PortModel
import Reporters
import SourceText
import Workspace

/// `portlint service NAME|PORT[/PROTO]`
struct ServiceCommand: StatusCommand {
  static let configuration = CommandConfiguration(
    commandName: "service", abstract: "Look a service up in the services database, by its name or its port.",
    discussion: "The exit status is 1 when nobody has the name or the port.")

  @Argument(
    help: ArgumentHelp("A name or a port, each with a protocol if one is meant: ssh, 53/udp.", valueName: "service"))
  var service: String

  @Option(help: ArgumentHelp("The policy file, which may add services or name another database.", valueName: "file"))
  var config: String?

  @Option(help: ArgumentHelp("How to answer: text or json.", valueName: "format"))
  var format: AnswerFormat = .text

  func status() throws -> ExitStatus {
    var settings = CommonSettings()
    settings.config = config
    let loaded = try settings.policy()
    if !loaded.problems.isEmpty { return writeBrokenPolicy(try settings.report(loaded)) }
    let entries = try entries(in: loaded.policy.services)
    let objects = entries.map { ServiceObject($0) }
    if format == .json {
      guard Console.standardOutput.write(answerJSON(objects)) else { return .incomplete }
    } else if !entries.isEmpty {
      let rows = objects.map { [$0.name, "\($0.ports)/\($0.protocol)", $0.source, $0.description] }
      guard Console.standardOutput.write(tableText([["NAME", "PORT", "SOURCE", "DESCRIPTION"]] + rows)) else {
        return .incomplete
      }
    }
    if entries.isEmpty { Console.standardError.write("portlint: nobody has '\(escapedForTerminal(service))'\n") }
    return entries.isEmpty ? .findings : .clean
  }

  private func entries(in services: ServicesDatabase) throws -> [ServicesDatabase.Entry] {
    let parts = service.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count <= 2, !parts.contains("") else {
      throw RunFailure(message: "'\(escapedForTerminal(service))' is neither a name nor a port, such as ssh or 53/udp")
    }
    let transport = parts.count == 2 ? TransportProtocol(name: parts[1]) : nil
    guard parts[0].utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
      return services.entries(named: parts[0]).filter { transport == nil || $0.transport == transport }
    }
    guard let port = UInt16(parts[0]) else {
      throw RunFailure(message: "\(escapedForTerminal(parts[0])) is no port: ports are 0-65535")
    }
    let transports = transport.map { [$0] } ?? [.tcp, .udp, .sctp, .other("dccp")]
    return transports.flatMap { services.entries(at: port, $0) }
  }
}

/// An answer of the services database, in JSON.
private struct ServiceObject: Encodable {
  var name: String
  /// `80`, or `6000-6063`.
  var ports: String
  var `protocol`: String
  /// `iana`, `de-facto`, `policy`, `system` or `file`.
  var source: String
  var description: String

  init(_ entry: ServicesDatabase.Entry) {
    name = entry.name
    ports = entry.ports.description
    `protocol` = entry.transport.name
    source = entry.origin.rawValue
    description = entry.description
  }
}
