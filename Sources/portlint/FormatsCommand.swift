import ArgumentParser
import PortModel
import Reporters
import SourceText
import Workspace

/// `portlint formats [FORMAT]`
struct FormatsCommand: StatusCommand {
  static let configuration = CommandConfiguration(
    commandName: "formats",
    abstract: "List the formats, and what of each is read.",
    discussion: "The policy's own formats are among them. 'portlint explain FORMAT' shows more of one.")

  @Argument(help: ArgumentHelp("The id of a format.", valueName: "format"), completion: .formats)
  var format: String?

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The policy file.", valueName: "file"),
    completion: .file())
  var config: String?

  func status() throws -> ExitStatus {
    var settings = CommonSettings()
    settings.config = config
    let loaded = try settings.policy()
    if !loaded.problems.isEmpty { return writeBrokenPolicy(loaded) }
    let all = loaded.formatDescriptions
    let meant = all.filter { format == nil || $0.format.id == format }
    if meant.isEmpty, let format {
      let nearest = nearestWord(to: format, among: all.map(\.format.id))
      throw RunFailure(
        message: "there is no format '\(format)'\(hint(nearest) ?? ": 'portlint formats' lists all")")
    }
    let options = Console.standardOutput.options
    let text = meant.map { escapedLines(options.fitted(formatText($0), inset: 0)) }.joined(separator: "\n")
    return Console.standardOutput.write(text) ? .clean : .incomplete
  }
}

/// A format in a few lines.
func formatText(_ format: FormatDescription) -> String {
  func lines(_ title: String, _ rows: [String]) -> String {
    rows.enumerated().map { number, row in
      "  \(number == 0 ? title : String(repeating: " ", count: title.utf8.count))  \(row)\n"
    }.joined()
  }
  return "\(format.format.id): \(format.summary)\(format.isOwn ? " (the policy's own)" : "")\n"
    + lines("recognised by", format.recognition) + lines("reads        ", format.reads)
}
