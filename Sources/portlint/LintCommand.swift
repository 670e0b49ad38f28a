import ArgumentParser
import PolicyEngine
import PortModel
import Reporters
import SourceText
import Workspace

/// `portlint [lint] [PATH ...]`
struct LintCommand: StatusCommand, PathCommand {
  static let configuration = CommandConfiguration(
    commandName: "lint", abstract: "Lint files, folders, or standard input (the default subcommand).",
    usage: "portlint [lint] [<options>] [<path> ...]")

  @OptionGroup
  var common: CommonOptions

  @Option(
    help: ArgumentHelp(
      "How to report: text, compact or json, each with an optional =FILE. Repeatable.", valueName: "format[=file]"))
  var format: [OutputRequest] = []

  @Option(
    help: ArgumentHelp(
      "The least severity that makes the exit status 1.", valueName: "severity"))
  var failOn: Threshold = .error

  @Option(
    help: ArgumentHelp(
      "Another severity for a rule: error, warning, info or off. Repeatable.", valueName: "id=severity"))
  var rule: [RuleOverride] = []

  @Flag(help: "Show findings of severity info in text too, as --fail-on info does.")
  var showInfo = false

  @Flag(help: "Leave the summary out of text.")
  var quiet = false

  @Option(
    help: ArgumentHelp("When text is coloured; auto means on a terminal, unless NO_COLOR is set.", valueName: "when"))
  var color: ColourChoice = .auto

  @Option(help: ArgumentHelp("Let the findings of this file pass: only new ones count.", valueName: "file"))
  var baseline: String?

  @Option(
    help: ArgumentHelp("Write the findings to this file, for --baseline, and do not count them.", valueName: "file"))
  var writeBaseline: String?

  @Flag(help: "Show findings that are suppressed, and by what.")
  var reportSuppressed = false

  func status() throws -> ExitStatus {
    try settings.status()
  }

  /// The options as plain values.
  var settings: LintSettings {
    LintSettings(
      common: common.settings, format: format, failOn: failOn, rule: rule, showInfo: showInfo, quiet: quiet,
      color: color, baseline: baseline, writeBaseline: writeBaseline, reportSuppressed: reportSuppressed)
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
  var baseline: String?
  var writeBaseline: String?
  var reportSuppressed = false

  func status() throws -> ExitStatus {
    let severities = Dictionary(rule.map { ($0.id, $0.severity) }, uniquingKeysWith: { $1 })
    let policy = try common.policy(severities: severities, baseline: writeBaseline == nil ? baseline : nil)
    let report = try common.report(policy)
    writeNotes(of: report)
    common.noteUnreadPipe()
    if !report.isComplete { writeHint(on: common.paths.first ?? "") }
    if let writeBaseline { return try save(report, asBaseline: writeBaseline, policy.policy) }
    var isWritten = true
    for request in format.isEmpty ? [OutputRequest(format: .text)] : format {
      var options = ReportOptions(version: portlintVersion)
      // What makes the run fail is shown.
      options.showsInfo = showInfo || failOn == .info
      options.showsSummary = !quiet
      options.showsSuppressed = reportSuppressed
      options.isColoured = request.file == nil && color.isOn(for: .standardOutput)
      let body = { (output: inout OutputBuffer) in
        Reporters.write(report, as: request.format, options: options, to: &output)
      }
      if let file = request.file {
        do throws(RunFailure) {
          try writeFile(to: file, body)
        } catch {
          // The other outputs are still wanted.
          writeNote(error.message)
          isWritten = false
        }
      } else {
        isWritten = Console.standardOutput.write(body) && isWritten
      }
    }
    guard report.isComplete, isWritten else { return .incomplete }
    return failOn.isReached(by: report) ? .findings : .clean
  }
}

/// Says which command a word may have been meant to be that is taken for a path and is none.
private func writeHint(on word: String) {
  guard !word.contains("/"), !word.contains(".") else { return }
  let commands = Portlint.configuration.subcommands.map { $0._commandName }
  guard let command = nearestWord(to: word, among: commands) else { return }
  do throws(ReadFailure) {
    _ = try DiskFiles().contents(of: word)
  } catch .missing {
    let hint = command == word ? "the command stands before all options" : "is '\(command)' meant?"
    writeNote("there is no file '\(word)'; \(hint)")
  } catch {}
}

extension LintSettings {
  /// Writes what was found as a baseline; findings of files that could not be judged are no part of it.
  private func save(_ report: Report, asBaseline path: String, _ policy: Policy) throws -> ExitStatus {
    guard report.isComplete else {
      let options = ReportOptions(version: portlintVersion)
      Console.standardError.write { Reporters.write(report, as: .text, options: options, to: &$0) }
      writeNote("\(path) is not written")
      return .incomplete
    }
    let options = ReportOptions(version: portlintVersion)
    // An idle suppression is taken away, not let pass.
    let findings = report.diagnostics.filter { $0.rule != "unused-suppression" }
    let text = baselineJSON(of: findings, in: report, options: options) { policy.globPath(of: $0) }
    try writeFile(to: path) { $0.write(text) }
    let count = findings.count
    writeNote("\(path): \(count) finding\(count == 1 ? "" : "s")")
    return .clean
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
