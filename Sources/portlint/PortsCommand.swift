import ArgumentParser
import Reporters

/// `portlint ports [PATH ...]`
struct PortsCommand: StatusCommand, PathCommand {
  static let configuration = CommandConfiguration(
    commandName: "ports", abstract: "Show the inventory: who claims what, where.",
    usage: "portlint ports [<options>] [<path> ...]")

  @OptionGroup
  var common: CommonOptions

  @Option(name: .shortAndLong, help: ArgumentHelp("How to show it.", valueName: "format"))
  var format: InventoryFormat = .text

  @Flag(help: "Show the policy's allocations instead: what is used, by whom, and what is free. As text or json.")
  var allocations = false

  func validate() throws {
    guard allocations, format != .text, format != .json else { return }
    throw ValidationError("--allocations has no format '\(format.rawValue)': text or json")
  }

  func status() throws -> ExitStatus {
    let policy = try common.settings.policy()
    if !policy.problems.isEmpty { return writeBrokenPolicy(policy) }
    var report = try common.settings.report(policy)
    writeNotes(of: report)
    common.settings.noteUnreadPipe()
    writeUnread(of: &report)
    let options = ReportOptions(version: portlintVersion)
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
    let isWritten = Console.standardOutput.write { writeInventory(report, as: format, options: options, to: &$0) }
    return report.isComplete && isWritten ? .clean : .incomplete
  }
}
