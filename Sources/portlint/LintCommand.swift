import ArgumentParser
import PortModel
import Reporters

/// `portlint [lint] [PATH ...]`
struct LintCommand: StatusCommand {
  static let configuration = CommandConfiguration(
    commandName: "lint", abstract: "Lint files, folders, or standard input (the default subcommand).")

  @OptionGroup
  var common: CommonOptions

  @Option(
    help: ArgumentHelp(
      "How to report: text, compact or json, each with an optional =FILE. Repeatable.", valueName: "format[=file]"))
  var format: [OutputRequest] = []

  @Option(
    help: ArgumentHelp(
      "The least severity that makes the exit status 1: error, warning, info or never.",
      valueName: "severity"))
  var failOn: Threshold = .error

  @Option(
    help: ArgumentHelp(
      "Another severity for a rule: error, warning, info or off. Repeatable.", valueName: "id=severity"))
  var rule: [RuleOverride] = []

  @Flag(help: "Show findings of severity info in text too.")
  var showInfo = false

  @Flag(help: "Leave the summary out of text.")
  var quiet = false

  @Option(help: ArgumentHelp("Colour in text: auto, always or never.", valueName: "when"))
  var color: ColourChoice = .auto

  func status() throws -> ExitStatus {
    try settings.status()
  }

  /// The options as plain values.
  var settings: LintSettings {
    LintSettings(
      common: common.settings, format: format, failOn: failOn, rule: rule, showInfo: showInfo, quiet: quiet,
      color: color)
  }
}

/// What `lint` is asked for, as plain values; the defaults are those of the command line.
struct LintSettings: Equatable {
  var common = CommonSettings()
  var format: [OutputRequest] = []
  var failOn = Threshold.error
  var rule: [RuleOverride] = []
  var showInfo = false
  var quiet = false
  var color = ColourChoice.auto

  func status() throws -> ExitStatus {
    let severities = Dictionary(rule.map { ($0.id, $0.severity) }, uniquingKeysWith: { $1 })
    let report = try common.report(severities: severities)
    writeNotes(of: report)
    var isWritten = true
    for request in format.isEmpty ? [OutputRequest(format: .text)] : format {
      var options = ReportOptions(version: portlintVersion)
      options.showsInfo = showInfo
      options.showsSummary = !quiet
      options.isColoured = request.file == nil && color.isOn(for: .standardOutput)
      let text = write(report, as: request.format, options: options)
      if let file = request.file {
        try writeFile(text, to: file)
      } else {
        isWritten = Console.standardOutput.write(text) && isWritten
      }
    }
    guard report.isComplete, isWritten else { return .incomplete }
    return failOn.isReached(by: report) ? .findings : .clean
  }
}

/// A format, and the file to write it to instead of standard output.
struct OutputRequest: ExpressibleByArgument, Equatable {
  var format: OutputFormat
  var file: String?

  init(format: OutputFormat) {
    self.format = format
  }

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard let format = OutputFormat(rawValue: String(parts[0])) else { return nil }
    if parts.count == 2, parts[1].isEmpty { return nil }
    self.format = format
    file = parts.count == 2 ? String(parts[1]) : nil
  }
}

/// The least severity that makes the exit status 1.
enum Threshold: String, CaseIterable, ExpressibleByArgument {
  case error
  case warning
  case info
  case never

  func isReached(by report: Report) -> Bool {
    guard let severity = Severity(rawValue: rawValue) else { return false }
    return report.diagnostics.contains { $0.severity >= severity }
  }
}

/// `--rule ID=SEVERITY`
struct RuleOverride: ExpressibleByArgument, Equatable {
  var id: String
  /// Nothing for `off`.
  var severity: Severity?

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { return nil }
    id = parts[0]
    severity = Severity(rawValue: parts[1])
    if severity == nil, parts[1] != "off" { return nil }
  }
}

/// When text is coloured.
enum ColourChoice: String, CaseIterable, ExpressibleByArgument {
  case auto
  case always
  case never

  /// `auto` means a terminal that is not dumb, unless `NO_COLOR` (no-color.org) is set to anything.
  func isOn(for console: Console) -> Bool {
    switch self {
    case .always: return true
    case .never: return false
    case .auto:
      let isRefused = environmentVariable("NO_COLOR")?.isEmpty == false
      return console.isTerminal && !isRefused && environmentVariable("TERM") != "dumb"
    }
  }
}
