import ArgumentParser
import PolicyEngine
import PortModel
import Reporters
import SourceText
import Workspace

/// `portlint free [--count N] [--in RANGE] [--protocol P] [PATH ...]`
struct FreeCommand: StatusCommand, PathCommand {
  static let configuration = CommandConfiguration(
    commandName: "free", abstract: "Name ports that a new service may take.",
    usage: "portlint free [<options>] [<path> ...]",
    discussion: """
      A port is free when no manifest claims it on a host or a node, no allocation of the policy gives it to another, \
      no service is registered for it, no system hands it out by itself, and browsers open it. They are written one on \
      a line, the lowest first; the exit status is 1 when there are not as many as asked for.
      """)

  @OptionGroup
  var common: CommonOptions

  @Option(help: ArgumentHelp("How many.", valueName: "n"))
  var count = 1

  @Option(
    name: .customLong("in"),
    help: ArgumentHelp(
      "Where to look: 7000-7099, or a named range of the policy. Without it, from 5000 up.", valueName: "range"))
  var range: String?

  @Option(name: .customLong("protocol"), help: ArgumentHelp("tcp, udp or sctp.", valueName: "protocol"))
  var transport = "tcp"

  @Option(help: ArgumentHelp("Who wants them: its own allocations are open to it.", valueName: "name"))
  var owner: String?

  func validate() throws {
    if count < 1 { throw ValidationError("--count: at least 1") }
    if !["tcp", "udp", "sctp"].contains(transport.lowercased()) {
      throw ValidationError("--protocol: '\(transport)' is none of tcp, udp and sctp")
    }
  }

  func status() throws -> ExitStatus {
    let policy = try common.settings.policy()
    if !policy.problems.isEmpty { return writeBrokenPolicy(policy) }
    let range = try ports(of: policy.policy)
    var report = try common.settings.report(policy)
    writeNotes(of: report)
    common.settings.noteUnreadPipe()
    writeUnread(of: &report)
    let transport = TransportProtocol(name: transport)
    let free = policy.policy.freePorts(in: range, transport, besides: report.inventory, owner: owner)
    let ports = free.runs.lazy.flatMap { $0.first...$0.last }.prefix(count)
    let isWritten = Console.standardOutput.write(ports.map { "\($0)\n" }.joined())
    guard report.isComplete, isWritten else { return .incomplete }
    guard ports.count < count else { return .clean }
    let keeping = policy.policy.allocationsKeeping(range, transport, from: owner, besides: report.inventory)
    let found =
      ports.isEmpty ? "no port is free" : "only \(counted(ports.count, "port")) \(ports.count == 1 ? "is" : "are") free"
    let registered = range.map { policy.policy.services.registered(in: $0, transport) } ?? PortSet()
    writeNote("\(found) there\(keeping.isEmpty ? reason(ofRegistered: registered) : reason(of: keeping))")
    return .findings
  }

  /// Whose the others are that would be free.
  private func reason(of allocations: [Allocation]) -> String {
    guard !allocations.isEmpty else { return "" }
    let most = 3
    var holders: [String] = []
    for allocation in allocations where !holders.contains(allocation.holder) { holders.append(allocation.holder) }
    let more = holders.count > most ? " and \(holders.count - most) more" : ""
    let hint =
      owner == nil && allocations.contains { !$0.owners.isEmpty } ? ": pass --owner to have what is the owner's" : ""
    return ", allocated to \(holders.prefix(most).joined(separator: ", "))\(more)\(hint)"
  }

  /// That some ports of the range are known as those of services.
  private func reason(ofRegistered ports: PortSet) -> String {
    guard let first = ports.runs.first?.first else { return "" }
    let count = ports.runs.reduce(0) { $0 + $1.count }
    return count == 1
      ? "; \(first) is registered for a service" : "; \(count) are registered for services, such as \(first)"
  }

  private func ports(of policy: Policy) throws -> PortSet? {
    guard let range else { return nil }
    if let named = policy.ranges[range] { return named }
    if let written = PortRange(range) { return PortSet(written) }
    let nearest = nearestWord(to: range, among: policy.ranges.keys.sorted())
    throw RunFailure(
      message: "--in: '\(range)' is neither a range such as 7000-7099 nor a named range\(hint(nearest) ?? "")")
  }
}
