import ArgumentParser
import PolicyEngine
import PortModel
import Reporters
import SourceText
import Workspace

/// `portlint init`
struct InitCommand: StatusCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Write a commented starter policy for the manifests of this folder.")

  @Flag(help: "Write over a policy that is there.")
  var force = false

  @Flag(name: .customLong("stdout"), help: "Write to standard output instead of .portlint.yaml.")
  var toStandardOutput = false

  func status() throws -> ExitStatus {
    let path = PolicyLoader.fileName
    if !toStandardOutput, !force, !isMissing(path) {
      throw RunFailure(message: "\(path) is there already: --force writes over it")
    }
    // What a policy further up says is not to be said again here.
    let loaded = LoadedPolicy.recommended()
    let report = try CommonSettings().report(loaded)
    let text = starterPolicy(for: report)
    writeUnread(of: report)
    let status = report.isComplete ? ExitStatus.clean : .incomplete
    if toStandardOutput { return Console.standardOutput.write(text) ? status : .incomplete }
    try writeFile(to: path) { $0.write(text) }
    let count = Set(report.diagnostics.map(\.rule)).count
    let rest =
      count == 0 ? "the manifests here pass it" : "it names \(count) rule\(count == 1 ? "" : "s") that fire here"
    writeNote("\(path) is written, and \(rest)")
    return status
  }

  /// Whether nothing is there: what cannot be read is there all the same.
  private func isMissing(_ path: String) -> Bool {
    do throws(ReadFailure) {
      _ = try DiskFiles().contents(of: path)
      return false
    } catch {
      return error == .missing
    }
  }
}

/// A policy that says nothing but the defaults, with what there is to decide in comments.
func starterPolicy(for report: Report) -> String {
  """
  # What portlint holds the manifests of this folder against. 'portlint explain policy' shows all that may stand here,
  # 'portlint rules' what is in force.
  extends: recommended

  # Whose range of ephemeral ports counts: linux, macos, windows, freebsd, glibc or iana.
  platform: linux

  # Ranges with names of your own, for allocations and rules.
  # ranges:
  #   team: 7000-7099

  \(rulesPart(report))
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
private func rulesPart(_ report: Report) -> String {
  guard !report.diagnostics.isEmpty else {
    return """
      # What is here passes: \(counted(report.summary.files, "manifest")), \(counted(report.summary.ports, "port")). \
      A rule is set to error, warning, info or off:
      # rules:
      #   every-address: warning

      """
  }
  let groups = Dictionary(grouping: report.diagnostics, by: \.rule).sorted { $0.key < $1.key }
  let settings = groups.map { rule, found in "\(rule): \(found[0].severity.rawValue)" }
  let width = settings.map(\.count).max() ?? 0
  let lines = zip(settings, groups.map(\.value)).map { setting, found in
    let first = found[0]
    let file = report.files[first.place.file]
    let line = LineTable(of: file?.bytes ?? []).position(of: Int(first.place.start)).line
    let padding = String(repeating: " ", count: width - setting.count)
    let place = escapedForTerminal("\(file?.path ?? ""):\(line)")
    return "#   \(setting)\(padding)  # \(counted(found.count, "finding")), first at \(place)\n"
  }
  return """
    # These rules fire on what is here. Mend it, set the rule to error, warning, info or off, except an owner with a
    # reason, or let today's findings pass: portlint --write-baseline .portlint-baseline.json
    # rules:
    \(lines.joined())
    """
}

/// The ports that are published, as a register to begin with.
private func allocationsPart(_ report: Report) -> String {
  let most = 20
  var owners: [String] = []
  var ports: [String: PortSet] = [:]
  for row in report.rows {
    let binding = report.inventory.bindings[row]
    let owner = report.inventory[binding.owner]
    guard binding.role == .publish, let claimed = binding.fixedPorts, let name = owner.name else { continue }
    // What a template gives is nobody's name.
    guard owner.openNames.isDisjoint(with: [.name, .namespace]) else { continue }
    let shown = owner.namespace.map { "\($0)/\(name)" } ?? name
    if ports[shown] == nil { owners.append(shown) }
    ports[shown] = (ports[shown] ?? PortSet()).union(PortSet(claimed))
  }
  var lines = owners.map { owner in
    let runs = ports[owner]?.runs.map(\.description) ?? []
    let list = runs.count == 1 ? runs[0] : "[\(runs.joined(separator: ", "))]"
    return "#   - {ports: \(list), owner: \(quoted(owner))}\n"
  }
  if lines.isEmpty { lines = ["#   - {ports: team, owner: \"team-*\"}\n"] }
  let more = lines.count > most ? "#   # and \(lines.count - most) more: portlint ports\n" : ""
  return """
    # The register of ports: whoever else publishes one of these is reported.
    # allocations:
    \(lines.prefix(most).joined())\(more)
    """
}

/// A text as a double-quoted scalar of YAML, on one line.
private func quoted(_ text: String) -> String {
  let escaped = text.unicodeScalars.map { scalar in
    switch scalar {
    case "\"", "\\": "\\\(scalar)"
    // Two of them begin a command of CI systems.
    case "#": "\\u0023"
    case let scalar where escapedForTerminal("\(scalar)") != "\(scalar)":
      "\\u" + String(repeating: "0", count: 4 - String(scalar.value, radix: 16).count)
        + String(scalar.value, radix: 16, uppercase: true)
    default: "\(scalar)"
    }
  }
  return "\"\(escaped.joined())\""
}

private func counted(_ number: Int, _ noun: String) -> String {
  "\(number) \(noun)\(number == 1 ? "" : "s")"
}
