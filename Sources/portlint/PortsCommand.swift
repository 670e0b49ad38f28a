import ArgumentParser
import Reporters

/// `portlint ports [PATH ...]`
struct PortsCommand: StatusCommand {
  static let configuration = CommandConfiguration(
    commandName: "ports", abstract: "Show the inventory: who claims what, where.")

  @OptionGroup
  var common: CommonOptions

  @Option(help: ArgumentHelp("How to show it: text or json.", valueName: "format"))
  var format: InventoryFormat = .text

  func status() throws -> ExitStatus {
    let report = try common.settings.report()
    writeNotes(of: report)
    let options = ReportOptions(version: portlintVersion)
    let isWritten = Console.standardOutput.write(writeInventory(report, as: format, options: options))
    return report.isComplete && isWritten ? .clean : .incomplete
  }
}
