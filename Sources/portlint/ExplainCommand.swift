import ArgumentParser
import PolicyEngine
import PortModel
import Reporters
import SourceText
import Workspace

/// The forms in which `explain`, `rules` and `service` answer.
enum AnswerFormat: String, CaseIterable, ExpressibleByArgument {
  case text
  case json
}

/// `portlint explain [RULE]`
struct ExplainCommand: StatusCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Say what a rule checks, why, and how to mend it.",
    discussion: """
      Without a rule, all are listed by family; of a format, it says what is read. 'portlint explain policy' shows a whole \
      policy.
      """)

  @Argument(
    help: ArgumentHelp("The id of a rule, or of a format.", valueName: "rule"), completion: .explained)
  var rule: String?

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The policy file.", valueName: "file"),
    completion: .file())
  var config: String?

  @Option(name: .shortAndLong, help: ArgumentHelp("How to answer.", valueName: "format"))
  var format: AnswerFormat = .text

  func status() throws -> ExitStatus {
    var settings = CommonSettings()
    settings.config = config
    var loaded = try settings.policy()
    if !loaded.problems.isEmpty {
      // Whoever has a broken policy asks what it should have been.
      guard let rule, BuiltIn.ruleIDs.contains(rule) else { return writeBrokenPolicy(loaded) }
      writeNote("the policy is broken, so this is the rule as it comes with portlint")
      loaded = LoadedPolicy.recommended()
    }
    let text: String
    switch (rule, format) {
    case (nil, .text): text = familyText(loaded.policy.rules)
    case (nil, .json):
      let rules = loaded.policy.rules.sorted { $0.rule.id < $1.rule.id }
      text = encoded(
        RulesDocument(
          rules.map { RuleObject($0, loaded) }, policy: loaded.path, presets: loaded.presetsInForce,
          version: portlintVersion))
    case (let id?, .text) where !loaded.policy.rules.contains { $0.rule.id == id } && loaded.describesFormat(id):
      text = formatExplanation(of: id, in: loaded)
    case (let rule?, .text): text = explanationText(try documentation(of: rule, in: loaded), loaded)
    case (let rule?, .json):
      let object = ExplanationObject(try documentation(of: rule, in: loaded), loaded)
      text = encoded(ExplanationDocument(object, version: portlintVersion))
    }
    return Console.standardOutput.write(text) ? .clean : .incomplete
  }

  private func documentation(of rule: String, in loaded: LoadedPolicy) throws -> RuleDocumentation {
    if let documentation = loaded.documentation(of: rule) { return documentation }
    let nearest = nearestRule(to: rule, among: loaded.policy.rules.map(\.rule.id))
    let isPort = UInt16(rule) != nil
    let other = isPort ? ": 'portlint service \(rule)' says who has a port" : ": 'portlint explain' lists all"
    throw RunFailure(message: "there is no rule '\(rule)'\(hint(nearest) ?? other)")
  }
}

extension LoadedPolicy {
  /// Whether there is a format of an id.
  fileprivate func describesFormat(_ id: String) -> Bool {
    formatDescriptions.contains { $0.format.id == id }
  }
}

/// What a format is, and what the file of a declared one says.
private func formatExplanation(of id: String, in loaded: LoadedPolicy) -> String {
  var sections = loaded.formatDescriptions.filter { $0.format.id == id }.map { format in
    Console.standardOutput.options.fitted(formatText(format), inset: 0)
  }
  if let documentation = loaded.documentation(ofFormat: id) {
    if !documentation.why.isEmpty { sections.append(section("Why", filled(documentation.why.trimmingNewlines))) }
    if let example = documentation.example {
      var options = ReportOptions(version: portlintVersion)
      options.showsInfo = true
      options.showsSummary = false
      let shown = example.files.map { file in
        (example.files.count > 1 ? "\(file.path):\n" : "") + file.text.trimmingNewlines
      }
      var report = example.report(under: loaded)
      // What the policy says of files that are not the example's is no part of it.
      let own = Set(example.files.map(\.path.exact))
      report.diagnostics.removeAll { !own.contains(report.files[$0.place.file]?.path.exact ?? "") }
      let said = write(report, as: .text, options: options)
      sections.append(section("Fails", (shown.joined(separator: "\n\n") + "\n\n" + said).trimmingNewlines))
    }
    if !documentation.sources.isEmpty {
      sections.append(section("Sources", documentation.sources.joined(separator: "\n")))
    }
  }
  return escapedLines(sections.joined(separator: "\n"))
}

/// Paragraphs as wide as the terminal lets a section's be.
private func filled(_ text: String) -> String {
  Console.standardOutput.options.filled(text, inset: 2)
}

/// A text below its title.
private func section(_ title: String, _ text: String) -> String {
  let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { $0.isEmpty ? "" : "  \($0)" }
  return "\(title)\n\(lines.joined(separator: "\n"))\n"
}

/// The id that is meant by a word: one that is written nearly so, or has a part that is.
private func nearestRule(to word: String, among ids: [String]) -> String? {
  if let near = nearestWord(to: word, among: ids) { return near }
  return ids.first { nearestWord(to: word, among: $0.split(separator: "-").map(String.init)) != nil }
}

/// All rules, by family.
private func familyText(_ rules: [Policy.RuleStatus]) -> String {
  let width = rules.map(\.rule.id.count).max() ?? 0
  return RuleInfo.Family.allCases.map { family in
    let own = rules.filter { $0.rule.family == family }.sorted { $0.rule.id < $1.rule.id }
    if own.isEmpty { return "" }
    let lines = own.map { status in
      let severity = status.severity?.rawValue ?? "off"
      let id = status.rule.id + String(repeating: " ", count: width - status.rule.id.count)
      return "  \(id)  \(severity)\(String(repeating: " ", count: 7 - severity.count))  \(status.rule.summary)\n"
    }
    return "\(family.rawValue)\n\(escapedLines(Console.standardOutput.options.fitted(lines.joined(), inset: 0)))"
  }.filter { !$0.isEmpty }.joined(separator: "\n")
}

/// What the file of a rule says, in an order to read.
private func explanationText(_ documentation: RuleDocumentation, _ loaded: LoadedPolicy) -> String {
  let rule = documentation.rule
  let status = loaded.policy.rules.first { $0.rule.id == rule.id }
  let severity = status?.severity?.rawValue ?? "off"
  var sections = ["\(rule.id): \(rule.summary)\nfamily \(rule.family.rawValue), severity \(severity)\n"]
  func add(_ title: String, _ text: String) {
    sections.append(section(title, text))
  }
  if !documentation.explanation.why.isEmpty { add("Why", filled(documentation.explanation.why.trimmingNewlines)) }
  add("When", Console.standardOutput.options.fitted(documentation.condition, inset: 2))
  if case .relation(.openService, _) = rule.condition {
    add("Services", loaded.policy.exposed.services.map(\.summary).joined(separator: "\n"))
  }
  let sayings = documentation.sayings.filter { saying in
    saying.variant != nil || documentation.sayings.count == 1 || !saying.message.isEmpty
  }
  let said = sayings.map { "\($0.message)\n    \($0.help)" }.joined(separator: "\n")
  add("It says, and what to do", Console.standardOutput.options.fitted(said, inset: 2))
  for (title, fails) in [("Fails", true), ("Passes", false)] {
    guard let example = documentation.examples.first(where: { $0.fails == fails }) else { continue }
    let shown = example.files.map { file in
      (example.files.count > 1 ? "\(file.path):\n" : "") + file.text.trimmingNewlines
    }
    var options = ReportOptions(version: portlintVersion)
    options.showsInfo = true
    options.showsSummary = false
    let said = fails ? "\n\n" + write(loaded.report(on: example, for: rule), as: .text, options: options) : ""
    add(title, (shown.joined(separator: "\n\n") + said).trimmingNewlines)
  }
  if rule.isRequired {
    add("Options", "It cannot be turned off, softened or silenced: it says what has not been checked.")
  } else {
    add(
      "Set it in the policy, or silence it where it stands",
      "rules: {\(rule.id): {severity: warning, except: [{owner: web, reason: ...}]}}\n"
        + "# portlint: ignore \(rule.id) -- reason")
  }
  if !documentation.explanation.references.isEmpty {
    add("References", documentation.explanation.references.joined(separator: "\n"))
  }
  return escapedLines(sections.joined(separator: "\n"))
}

extension String {
  /// The text without line breaks around it.
  fileprivate var trimmingNewlines: String {
    let body = drop { $0.isNewline }
    return String(body.reversed().drop { $0.isNewline }.reversed())
  }
}

extension ExposedServices.Service {
  /// `Redis, 6379/tcp: an image with the word redis or valkey, or none`
  fileprivate var summary: String {
    let words = images.joined(separator: ", ")
    return "\(name), \(port)/\(transport.name): an image of \(words)\(isToldByPort ? ", or no image" : "")"
  }
}

/// The text with everything but its line breaks escaped.
func escapedLines(_ text: String) -> String {
  text.split(separator: "\n", omittingEmptySubsequences: false).map { escapedLine(String($0)) }
    .joined(separator: "\n")
}

extension ExplanationObject {
  /// A rule with its documentation, in JSON.
  init(_ documentation: RuleDocumentation, _ loaded: LoadedPolicy) {
    let rule = documentation.rule
    let status = loaded.policy.rules.first { $0.rule.id == rule.id }
    self.init()
    id = rule.id
    family = rule.family.rawValue
    severity = status?.severity?.rawValue ?? "off"
    setBy = status.map { SetByObject($0, loaded) } ?? .ruleFile
    required = rule.isRequired
    summary = rule.summary
    why = documentation.explanation.why
    condition = documentation.condition
    for saying in documentation.sayings {
      if let name = saying.variant {
        cases.append(Case(name: name, message: saying.message, help: saying.help))
      } else {
        (message, help) = (saying.message, saying.help)
      }
    }
    yieldsTo = rule.yieldsTo
    let examples = documentation.examples.map { example in
      Example(
        files: example.files.map { File(path: $0.path, text: $0.text) },
        findings: example.findings.map { Finding(at: $0.place, message: $0.message) })
    }
    passes = zip(examples, documentation.examples).filter { !$1.fails }.map { $0.0 }
    fails = zip(examples, documentation.examples).filter { $1.fails }.map { $0.0 }
    references = documentation.explanation.references
  }
}
