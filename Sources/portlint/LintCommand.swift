import ArgumentParser
import PolicyEngine
import PortModel
import Reporters
import SourceText
import Workspace

/// `portlint [lint] [PATH ...]`
struct LintCommand: StatusCommand, PathCommand {
  static let configuration = CommandConfiguration(
    commandName: "lint", abstract: "Lint files, folders or standard input.",
    usage: "portlint [lint] [<options>] [<path> ...]")

  @OptionGroup
  var common: CommonOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "How to report, each with an optional =FILE: \(OutputFormat.names). Repeatable.", valueName: "format[=file]"),
    completion: .list(OutputFormat.allCases.map(\.rawValue)), transform: OutputRequest.init(argument:))
  var format: [OutputRequest] = []

  @Option(
    help: ArgumentHelp(
      "The least severity that makes the exit status 1: error, unless the policy says otherwise.",
      valueName: "severity"))
  var failOn: Threshold?

  @Option(
    help: ArgumentHelp(
      "Another severity for a rule, or for all with '*': error, warning, info or off. Repeatable.",
      valueName: "id=severity"),
    completion: .ruleOverrides, transform: RuleOverride.init(argument:))
  var rule: [RuleOverride] = []

  @Flag(help: "Show findings of severity info in text too, as --fail-on info does.")
  var showInfo = false

  @Flag(name: .shortAndLong, help: "Leave the summary out of text.")
  var quiet = false

  @Flag(help: "End text with a table of how often each rule has found something.")
  var statistics = false

  @Option(
    help: ArgumentHelp("When text is coloured; auto means on a terminal, unless NO_COLOR is set.", valueName: "when"))
  var color: ColourChoice = .auto

  @Option(
    help: ArgumentHelp(
      "Let the findings of this file pass: only new ones count; none is no baseline, whatever the policy says.",
      valueName: "file"), completion: .file())
  var baseline: String?

  @Option(
    help: ArgumentHelp("Write the findings to this file, for --baseline, and do not count them.", valueName: "file"),
    completion: .file())
  var writeBaseline: String?

  @Option(
    help: ArgumentHelp(
      "Judge everything, and report what files take part in that have changed since a revision of git, or that git does "
        + "not know.", valueName: "revision"))
  var changedSince: String?

  @Flag(help: "Lint nothing: list the files that are met, with their formats, and why others are passed over.")
  var listFiles = false

  @Flag(help: "Exit with status 2 where no manifest is found, or none in a path that is named.")
  var failIfNoManifest = false

  @Flag(help: "Show findings that are suppressed, and by what.")
  var reportSuppressed = false

  @Flag(help: "Count what comments, annotations, keys of manifests and ignore files silence all the same.")
  var noSuppressions = false

  @Flag(help: "Mend what can be mended safely, in the files that were named or found; the rest is reported.")
  var fix = false

  @Flag(help: "Show as a diff what --fix would change, and change nothing; the exit status is 1 if there is anything.")
  var diff = false

  @Flag(help: "Let --fix and --diff use remedies that change what is reached from where.")
  var unsafeFixes = false

  func status() throws -> ExitStatus {
    try settings.status()
  }

  /// The options as plain values.
  var settings: LintSettings {
    var common = common.settings
    common.heedsSuppressions = !noSuppressions
    common.changedSince = changedSince
    // A line of an ignore file would silence what git tracks all the same.
    if noSuppressions { common.heedsIgnoreFiles = false }
    return LintSettings(
      common: common, format: format, failOn: failOn, rule: rule, showInfo: showInfo, quiet: quiet,
      statistics: statistics, color: color, baseline: baseline, writeBaseline: writeBaseline,
      reportSuppressed: reportSuppressed, listsFiles: listFiles, failsWithoutManifest: failIfNoManifest,
      fixing: Fixing(isWritten: fix, isShown: diff, isUnsafe: unsafeFixes))
  }
}

/// What `lint` is asked for, as plain values; the defaults are those of the command line.
struct LintSettings: Equatable {
  var common = CommonSettings()
  var format: [OutputRequest] = []
  /// Nothing where the policy says it.
  var failOn: Threshold?
  var rule: [RuleOverride] = []
  var showInfo = false
  var quiet = false
  var statistics = false
  var color = ColourChoice.auto
  var baseline: String?
  var writeBaseline: String?
  var reportSuppressed = false
  var listsFiles = false
  var failsWithoutManifest = false
  var fixing = Fixing()

  func status() throws -> ExitStatus {
    try checkOutputs()
    try checkBaselines()
    try checkFixing()
    let severities = Dictionary(rule.map { ($0.id, $0.severity) }, uniquingKeysWith: { $1 })
    let policy = try common.policy(severities: severities, baseline: chosenBaseline)
    let failOn = failOn ?? policy.failOn ?? .error
    if listsFiles { return try writeFileList(policy) }
    if fixing.isShown { return try writeDiff(policy) }
    var report: Report
    var isFixed = true
    if fixing.isWritten { (report, isFixed) = try fixed(policy) } else { report = try common.report(policy) }
    if format.contains(where: \.format.showsFixes) { Mending.fill(&report, policy: policy.policy) }
    // What notes say is where there is none.
    if failsWithoutManifest, !report.notes.isEmpty { report.isComplete = false }
    writeNotes(of: report)
    common.noteUnreadPipe()
    if !report.isComplete, let path = common.paths.first { writeHint(onPath: path, mayBeCommand: true) }
    if let writeBaseline { return try save(report, asBaseline: writeBaseline, policy.policy, failOn) }
    var isWritten = true
    for request in format.isEmpty ? [OutputRequest(format: .text)] : format {
      var options = ReportOptions(version: portlintVersion)
      options.onEveryCore = { Threads.perform(times: coreCount(), $0) }
      // What makes the run fail is shown.
      options.showsInfo = showInfo || failOn == .info
      options.showsSummary = !quiet
      options.showsStatistics = statistics
      options.showsSuppressed = reportSuppressed
      options.columns = request.file == nil ? Console.standardOutput.columns : nil
      options.isColoured = request.file == nil && color.isOn(for: .standardOutput)
      let body = { (output: inout OutputBuffer) in
        Reporters.write(report, as: request.format, options: options, to: &output)
      }
      if let file = request.file {
        do throws(RunFailure) {
          try OutputFile(file, besides: common.paths).write(body)
        } catch {
          // The other outputs are still wanted.
          writeNote(error.message)
          isWritten = false
        }
      } else {
        isWritten = Console.standardOutput.write(body) && isWritten
      }
      let leftOut = countLeftOut(of: report, as: request.format, options: options)
      if leftOut > 0 { writeNote("\(request.format): \(counted(leftOut, "finding")) left out, for there are too many") }
    }
    guard report.isComplete, isWritten, isFixed else { return .incomplete }
    return failOn.isReached(by: report) ? .findings : .clean
  }
}

/// Says what a word may have been meant to be that is taken for a path and is none.
func writeHint(onPath word: String, mayBeCommand: Bool) {
  guard !word.contains("/"), !word.contains("."), !isThere(word) else { return }
  let commands = Portlint.configuration.subcommands.map { $0._commandName }
  let hint: String
  if PortRange(word) != nil {
    hint = "'portlint ports --port \(word)' shows who claims the port"
  } else if !mayBeCommand {
    return
  } else if word == "version" {
    hint = "is '--version' meant?"
  } else if let command = nearestWord(to: word, among: commands) {
    hint = command == word ? "the command stands before all options" : "is '\(command)' meant?"
  } else {
    return
  }
  writeNote("there is no file '\(word)'; \(hint)")
}

extension LintSettings {
  /// Throws where two reports would be written to one place: neither could be read.
  private func checkOutputs() throws(RunFailure) {
    var taken: [String: OutputRequest] = [:]
    for request in format {
      let file = request.file.map { OutputFile($0, besides: common.paths) }
      let place = file.map(\.identity) ?? OutputFile.identity(of: 1)
      guard let place, let other = taken.updateValue(request, forKey: place) else { continue }
      let both = "\(other.format) and \(request.format)"
      let name = request.file ?? other.file
      throw RunFailure(
        message: "--format: \(both) would both be written to \(name ?? "standard output"); give each a file of its own")
    }
  }

  /// What `--baseline` says where none is to hold.
  private static let noBaseline = "none"

  /// The findings that are let pass; a baseline that is written holds them all.
  private var chosenBaseline: PolicyRequest.ChosenBaseline {
    if writeBaseline != nil || baseline == LintSettings.noBaseline { return .absent }
    return baseline.map { .file($0) } ?? .ofPolicy
  }

  /// Throws where a baseline is written and something else is asked for that would come to nothing.
  private func checkBaselines() throws(RunFailure) {
    guard writeBaseline != nil else { return }
    if baseline != nil {
      throw RunFailure(
        message: "--write-baseline writes all findings, also those of the old baseline: leave --baseline out")
    }
    if common.changedSince != nil {
      throw RunFailure(message: "--write-baseline writes all findings: leave --changed-since out")
    }
    if !format.isEmpty {
      throw RunFailure(
        message: "--write-baseline writes no report: leave --format out, or run portlint once more for it")
    }
  }

  /// Writes what was found as a baseline; findings of files that could not be judged are no part of it.
  private func save(_ report: Report, asBaseline path: String, _ policy: Policy, _ failOn: Threshold) throws
    -> ExitStatus
  {
    guard report.isComplete else {
      let options = ReportOptions(version: portlintVersion)
      Console.standardError.write { Reporters.write(report, as: .text, options: options, to: &$0) }
      writeNote("\(path) is not written")
      return .incomplete
    }
    let options = ReportOptions(version: portlintVersion)
    let required = Set(policy.rules.filter(\.rule.isRequired).map(\.rule.id))
    let refused = report.diagnostics.filter { required.contains($0.rule) }
    // An idle suppression is taken away, not let pass.
    let findings = (report.diagnostics + report.repeated).filter {
      $0.rule != "unused-suppression" && !required.contains($0.rule)
    }
    let text = baselineJSON(of: findings, in: report, options: options) { policy.globPath(of: $0) }
    try OutputFile(path, besides: common.paths).write { $0.write(text) }
    writeNote("\(path): \(counted(findings.count, "finding"))")
    if refused.isEmpty { return .clean }
    var rest = report
    rest.diagnostics = refused
    var restOptions = options
    restOptions.showsInfo = true
    restOptions.showsSummary = false
    Console.standardError.write { Reporters.write(rest, as: .text, options: restOptions, to: &$0) }
    writeNote("no baseline lets \(refused.count == 1 ? "this" : "these") pass")
    return failOn.isReached(by: rest) ? .findings : .clean
  }
}

extension OutputFormat {
  /// `text, compact or json`
  fileprivate static var names: String {
    let names = allCases.map(\.rawValue)
    return names.dropLast().joined(separator: ", ") + " or " + names.suffix(1).joined()
  }
}

/// A format, and the file to write it to instead of standard output.
struct OutputRequest: Equatable {
  var format: OutputFormat
  var file: String?

  init(format: OutputFormat) {
    self.format = format
  }

  init(argument: String) throws {
    let (name, file) = parts(of: argument)
    guard let format = OutputFormat(rawValue: name) else {
      throw unknown("format", name, OutputFormat.allCases.map(\.rawValue))
    }
    if file == "" { throw ValidationError("a file's name stands behind the =") }
    self.format = format
    self.file = file
  }
}

/// What stands before the first `=`, and behind it if there is one.
private func parts(of argument: String) -> (String, String?) {
  let parts = argument.utf8.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
  return (String(Substring(parts[0])), parts.count == 2 ? String(Substring(parts[1])) : nil)
}

/// There is no such word, and which one may have been meant.
private func unknown(_ noun: String, _ word: String, _ known: [String]) -> ValidationError {
  let near = nearestWord(to: word, among: known).map { "did you mean '\($0)'?" }
  return ValidationError("there is no \(noun) '\(word)'; \(near ?? "it is one of \(known.joined(separator: ", "))")")
}

/// `--rule ID=SEVERITY`, where `*` stands for all rules.
struct RuleOverride: Equatable {
  var id: String
  /// Nothing for `off`.
  var severity: Severity?

  init(argument: String) throws {
    let (id, severity) = parts(of: argument)
    guard let severity, !id.isEmpty else { throw ValidationError("write RULE=SEVERITY, as in host-port=off") }
    self.id = id
    guard let word = SeverityWord(rawValue: severity) else {
      throw unknown("severity", severity, SeverityWord.allCases.map(\.rawValue))
    }
    self.severity = word.severity
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
