import ArgumentParser
import PortModel
import Reporters
import SourceText
import Workspace

/// `portlint ports [PATH ...]`
struct PortsCommand: StatusCommand, PathCommand {
  static let configuration = CommandConfiguration(
    commandName: "ports", abstract: "Show the inventory: who claims what, where.",
    usage: "portlint ports [<options>] [<path> ...]")

  @OptionGroup
  var common: CommonOptions

  @Option(name: .shortAndLong, help: ArgumentHelp("How to show it.", valueName: "format"))
  var format: InventoryFormat = .text

  @Option(
    help: ArgumentHelp("Only claims of this port, or of one of this range: 8080, 8000-8100.", valueName: "port"),
    transform: { text in
      guard let ports = PortRange(text) else {
        throw ValidationError("'\(text)' is neither a port nor a range, such as 8080 or 8000-8100")
      }
      return ports
    })
  var port: PortRange?

  @Option(help: ArgumentHelp("Only claims of owners whose name, or namespace and name, matches.", valueName: "glob"))
  var owner: String?

  @Option(help: ArgumentHelp("Only claims of a role: publish, listen or service.", valueName: "role"))
  var role: Binding.Role?

  @Option(
    name: .customLong("protocol"), help: ArgumentHelp("Only claims of a protocol: tcp, udp, sctp.", valueName: "name"))
  var transport: String?

  @Option(
    help: ArgumentHelp("Only claims on hosts and clusters whose name, or file or folder, matches.", valueName: "glob"))
  var scope: String?

  @Option(
    help: ArgumentHelp("Only claims of manifests that are read as a format.", valueName: "format"), completion: .formats
  )
  var readAs: String?

  @Option(help: ArgumentHelp("In which order: place, port or owner.", valueName: "order"))
  var sort = PortsOrder.place

  @Flag(help: "Show the policy's allocations instead: what is used, by whom, and what is free. As text or json.")
  var allocations = false

  func validate() throws {
    if let transport, !TransportProtocol.registered.contains(TransportProtocol(name: transport)) {
      let nearest = nearestWord(to: transport, among: TransportProtocol.registered.map(\.name))
      throw ValidationError("'\(transport)' is no protocol\(hint(nearest) ?? ": tcp, udp, sctp or dccp")")
    }
    let isChosen = [owner, transport, scope, readAs].contains { $0 != nil } || port != nil || role != nil
    if allocations, isChosen || sort != .place {
      throw ValidationError("--allocations shows all of them: leave the other choices out")
    }
    guard allocations, format != .text, format != .json else { return }
    throw ValidationError("--allocations has no format '\(format.rawValue)': text or json")
  }

  func status() throws -> ExitStatus {
    let policy = try common.settings.policy()
    if !policy.problems.isEmpty { return writeBrokenPolicy(policy) }
    let formats = policy.formatDescriptions.map(\.format.id)
    if let readAs, !formats.contains(where: { $0.isExactly(readAs) }) {
      let nearest = nearestWord(to: readAs, among: formats)
      throw RunFailure(message: "there is no format '\(readAs)'\(hint(nearest) ?? ": 'portlint formats' lists all")")
    }
    var report = try common.settings.report(policy)
    writeNotes(of: report)
    common.settings.noteUnreadPipe()
    writeUnread(of: &report)
    if !report.isComplete, let path = common.paths.first { writeHint(onPath: path, mayBeCommand: false) }
    var options = ReportOptions(version: portlintVersion)
    options.onEveryCore = { Threads.perform(times: coreCount(), $0) }
    options.columns = Console.standardOutput.columns
    if allocations {
      guard let uses = policy.policy.allocationUses(in: report.inventory, rows: report.rows) else {
        writeNote("too many claims have ports of too many allocations")
        return .incomplete
      }
      if uses.isEmpty { writeNote("the policy has no allocations") }
      let isWritten = Console.standardOutput.write {
        writeAllocations(uses, in: report, asJSON: format == .json, options: options, to: &$0)
      }
      return isWritten && report.isComplete ? .clean : .incomplete
    }
    let all = report
    let scopes = ClaimScopes(all)
    report.rows.removeAll { row in
      let binding = all.inventory.bindings[row]
      return !filter.isMeant(binding, of: all.inventory[binding.owner], on: scopes)
    }
    report.rows = sort.sorted(report.rows, of: report.inventory)
    filter.note(on: report, among: all, under: policy.policy)
    let isWritten = Console.standardOutput.write { writeInventory(report, as: format, options: options, to: &$0) }
    return report.isComplete && isWritten ? .clean : .incomplete
  }

  private var filter: PortsFilter {
    PortsFilter(
      ports: port, owner: owner, role: role, transport: transport.map { TransportProtocol(name: $0) }, scope: scope,
      format: readAs)
  }
}
