import ArgumentParser
import PolicyEngine
import PortModel
import Reporters
import SourceText
import Workspace

/// `portlint init [FOLDER]`, `portlint init --format NAME FILE`
struct InitCommand: StatusCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Write a commented starter policy for a folder, or a first description of a format.",
    discussion: """
      With --format, the format of a file is described by its keys that look like ports, for its owner to correct: in \
      NAME.yaml, which the policy is to name under `formats`.
      """)

  @Argument(
    help: ArgumentHelp(
      "The folder that the policy is written into; without it, the current one. With --format, the file.",
      valueName: "folder"),
    completion: .file())
  var folder = "."

  @Option(help: ArgumentHelp("Describe the format of a file under this name.", valueName: "name"))
  var format: String?

  @Flag(help: "Write over what is there.")
  var force = false

  @Flag(name: .customLong("stdout"), help: "Write to standard output instead of the file.")
  var toStandardOutput = false

  func status() throws -> ExitStatus {
    if let format { return try describe(format) }
    let path = try policyPath()
    if !toStandardOutput, !force, isThere(path) {
      throw RunFailure(message: "\(path) is there already: --force writes over it")
    }
    // What a policy further up says is not to be said again here.
    var report = try CommonSettings(paths: [folder]).report(.recommended())
    let text = starterPolicy(for: report, in: folder)
    writeUnread(of: &report)
    let status = report.isComplete ? ExitStatus.clean : .incomplete
    if toStandardOutput { return Console.standardOutput.write(text) ? status : .incomplete }
    try OutputFile(path).write { $0.write(text) }
    for note in try found() { writeNote(note) }
    writeNote("\(path) is written\(outcome(of: report))")
    if report.summary.files == 0 { Console.standardError.write(firstManifest) }
    return status
  }

  /// Writes a first description of the format of a file.
  private func describe(_ format: String) throws -> ExitStatus {
    guard FormatDraft.isID(format) else {
      throw RunFailure(message: "'\(format)' is no name of a format: lower-case letters, digits and hyphens")
    }
    guard !isFolder(folder) else { throw RunFailure(message: "\(folder): is a folder; --format takes a file") }
    guard let (file, failure) = ruleFiles(at: [folder]).first else {
      throw RunFailure(message: "\(folder): there is no such file")
    }
    if let failure { throw RunFailure(message: "\(folder): \(failure.reason)") }
    guard let draft = FormatDraft(of: file, id: format) else {
      throw RunFailure(message: "\(folder): no key looks like a port's")
    }
    if toStandardOutput { return Console.standardOutput.write(draft.text) ? .clean : .incomplete }
    let path = "\(format).yaml"
    if !force, isThere(path) { throw RunFailure(message: "\(path) is there already: --force writes over it") }
    try OutputFile(path, besides: [folder]).write { $0.write(draft.text) }
    writeNote("\(path) is written, with \(counted(draft.places, "place")); the policy names it: formats: [\(path)]")
    return .clean
  }

  /// How many files are named of each format.
  private static let mostNamed = 3

  /// What is read of the folder, and as what.
  private func found() throws -> [String] {
    var files: [String: [String]] = [:]
    for file in try CommonSettings(paths: [folder]).listedFiles(.recommended()) {
      guard case .read(let formats) = file.fate else { continue }
      for format in formats { files[format.id, default: []].append(file.path) }
    }
    return files.sorted { $0.key < $1.key }.map { format, paths in
      let named = paths.prefix(Self.mostNamed).joined(separator: ", ")
      let more = paths.count > Self.mostNamed ? " and \(paths.count - Self.mostNamed) more" : ""
      return "\(counted(paths.count, "file is", "files are")) read as \(format): \(named)\(more)"
    }
  }

  private func outcome(of report: Report) -> String {
    if report.summary.files == 0 { return "; there is no manifest there yet to hold against it" }
    switch Set(report.diagnostics.map(\.rule)).count {
    case 0: return ", and the manifests there pass it"
    case 1: return ", and names 1 rule that fires there"
    case let count: return ", and names \(count) rules that fire there"
    }
  }

  private func policyPath() throws -> String {
    if folder == "." { return PolicyLoader.fileName }
    guard isThere(folder) else { throw RunFailure(message: "\(folder): there is no such folder") }
    guard isFolder(folder) else { throw RunFailure(message: "\(folder): is no folder; a policy is written into one") }
    return "\(folder)\(folder.hasSuffix("/") ? "" : "/")\(PolicyLoader.fileName)"
  }
}

/// What is said where there is nothing to read yet.
private let firstManifest = """

  A first manifest is, say, compose.yaml:

    services:
      web:
        image: nginx
        ports: ["8080:80"]

  'portlint formats' lists what else is read, and 'portlint --list-files' what is found and passed over.

  """

/// A policy that says nothing but the defaults, with what there is to decide in comments.
///
/// - Parameter folder: The path of the policy's folder: the paths in it count from there.
func starterPolicy(for report: Report, in folder: String) -> String {
  """
  # An editor with a YAML language server completes what it knows the schema of. 'portlint schema policy' writes it, and a
  # line without the first # names the file that it was written to:
  # # yaml-language-server: $schema=.portlint.schema.json

  # What portlint holds the manifests of this folder against. 'portlint explain policy' shows all that may stand here,
  # 'portlint rules' what is in force.
  extends: recommended

  # Whose range of ephemeral ports counts: linux, macos, windows, freebsd, glibc or iana.
  platform: linux

  # Ranges with names of your own, for allocations and rules.
  # ranges:
  #   team: 7000-7099

  \(rulesPart(report, folder))
  \(allocationsPart(report))
  # Manifests that share a host or a cluster, and so can collide.
  # deployments:
  #   - {name: edge-1, files: ["edge/**/compose.yaml"]}

  # What is left out.
  # exclude: ["vendor/**"]

  # Rules of your own, in the language of portlint's.
  # rule-files: ["policy/*.yaml"]

  """
}

/// The rules that fire, with how often and where first.
private func rulesPart(_ report: Report, _ folder: String) -> String {
  guard !report.diagnostics.isEmpty else {
    let found = "\(counted(report.summary.files, "manifest")), \(counted(report.summary.ports, "port"))"
    return """
      # \(report.summary.files == 0 ? "There is no manifest here yet" : "What is here passes: \(found)"). \
      A rule is set to error, warning, info or off:
      # rules:
      #   every-address: warning

      """
  }
  let groups = Dictionary(grouping: report.diagnostics, by: \.rule).sorted { $0.key < $1.key }
  let settings = groups.map { rule, found in "\(rule): \(found[0].severity.rawValue)" }
  let width = settings.map(\.count).max() ?? 0
  let root = Discovery.folderPath(of: folder)
  let lines = zip(settings, groups.map(\.value)).map { setting, found in
    let first = found[0]
    let file = report.files[first.place.file]
    let line = LineTable(of: file?.bytes ?? []).position(of: Int(first.place.start)).line
    let padding = String(repeating: " ", count: width - setting.count)
    let place = escapedForTerminal("\((file?.shownPath ?? "").below(root)):\(line)")
    return "#   \(setting)\(padding)  # \(counted(found.count, "finding")), first at \(place)\n"
  }
  return """
    # These rules fire on what is here. Mend it, set the rule to error, warning, info or off, except an owner with a
    # reason, or let today's findings pass: portlint --write-baseline .portlint-baseline.json
    # rules:
    \(lines.joined())
    """
}

/// The ports that are published, as a register to begin with: each port once, with all who publish it.
private func allocationsPart(_ report: Report) -> String {
  let most = (entries: 100, owners: 10)
  var lines = register(of: report).map { ports, owners in
    let runs = ports.runs.map(\.description)
    let list = runs.count == 1 ? runs[0] : "[\(runs.joined(separator: ", "))]"
    let names = owners.prefix(most.owners).map { quoted($0) }
    if owners.count > names.count { return "#   # \(list): \(counted(owners.count, "owner")) publish it\n" }
    return "#   - {ports: \(list), owner: \(names.count == 1 ? names[0] : "[\(names.joined(separator: ", "))]")}\n"
  }
  if lines.isEmpty { lines = ["#   - {ports: team, owner: \"team-*\"}\n"] }
  let left = lines.count - most.entries
  let more = left > 0 ? "#   # \(counted(left, "further entry", "further entries")) left out\n" : ""
  return """
    # The register of ports: whoever else publishes one of these is reported.
    # allocations:
    \(lines.prefix(most.entries).joined())\(more)
    """
}

/// The published ports with their owners, by the lowest port; those that the same owners have are one entry.
private func register(of report: Report) -> [(ports: PortSet, owners: [String])] {
  var ports: [ExactText: PortSet] = [:]
  for row in report.rows {
    let binding = report.inventory.bindings[row]
    let owner = report.inventory[binding.owner]
    guard binding.role == .publish, let claimed = binding.fixedPorts, let name = owner.name else { continue }
    // What a template gives is nobody's name.
    guard owner.openNames.isDisjoint(with: [.name, .namespace]) else { continue }
    let shown = (owner.namespace.map { "\($0)/\(name)" } ?? name).exact
    ports[shown] = (ports[shown] ?? PortSet()).union(PortSet(claimed))
  }
  // Between two bounds, all ports have the same owners.
  var bounds: [Int: (begin: [ExactText], end: [ExactText])] = [:]
  for (owner, ports) in ports {
    for run in ports.runs {
      bounds[Int(run.first), default: ([], [])].begin.append(owner)
      bounds[Int(run.last) + 1, default: ([], [])].end.append(owner)
    }
  }
  var current: Set<ExactText> = []
  var entries: [[ExactText]: PortSet] = [:]
  let order = bounds.keys.sorted()
  for (bound, next) in zip(order, order.dropFirst()) {
    current.subtract(bounds[bound]?.end ?? [])
    current.formUnion(bounds[bound]?.begin ?? [])
    guard !current.isEmpty, let range = PortRange(UInt16(bound), through: UInt16(next - 1)) else { continue }
    let owners = current.sorted()
    entries[owners] = (entries[owners] ?? PortSet()).union(PortSet(range))
  }
  return entries.map { ($0.value, $0.key.map(\.text)) }.sorted {
    ($0.ports.runs.first?.first ?? 0) < ($1.ports.runs.first?.first ?? 0)
  }
}

/// A text as a double-quoted scalar of YAML, on one line.
private func quoted(_ text: String) -> String {
  let escaped = text.unicodeScalars.map { scalar in
    switch scalar {
    case "\"", "\\": "\\\(scalar)"
    // Two of them begin a command of CI systems.
    case "#": "\\u0023"
    case let scalar where escapedForTerminal("\(scalar)") != "\(scalar)": escapedInYAML(scalar)
    default: "\(scalar)"
    }
  }
  return "\"\(escaped.joined())\""
}

/// `\u200B`, `\U000E0001`
private func escapedInYAML(_ scalar: Unicode.Scalar) -> String {
  let digits = String(scalar.value, radix: 16, uppercase: true)
  let isShort = digits.count <= 4
  return (isShort ? "\\u" : "\\U") + String(repeating: "0", count: (isShort ? 4 : 8) - digits.count) + digits
}
