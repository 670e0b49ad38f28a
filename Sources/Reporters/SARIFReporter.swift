import PortModel
import SourceText

/// Findings in the Static Analysis Results Interchange Format (OASIS SARIF 2.1.0), as GitHub's security tab takes it.
struct SARIFReporter {
  let report: Report
  let options: ReportOptions

  func write(to output: inout some TextOutputStream) {
    let locations = Locations(report)
    let shown = ShownFindings(report, as: .sarif, options: options)
    let rules = rules(of: shown)
    let numbers = Dictionary(rules.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    let results =
      shown.diagnostics.indices.map { Shown.counting($0) } + shown.suppressed.indices.map { .suppressed($0) }
    let run = SARIF.Run(
      tool: SARIF.Tool(driver: SARIF.Driver(version: options.version, rules: rules)),
      invocations: [
        SARIF.Invocation(
          executionSuccessful: report.isComplete,
          toolExecutionNotifications: notifications(shown, numbers, locations))
      ])
    var text = encoded(SARIF.Log(runs: [run]))[...]
    EncodedList(of: results, with: options) {
      let locations = Locations(report)
      return { result in
        switch result {
        case .counting(let number):
          SARIF.Result(shown.diagnostics[number], ruleIndex: numbers[shown.diagnostics[number].rule], locations)
        case .suppressed(let number):
          SARIF.Result(
            shown.suppressed[number], ruleIndex: numbers[shown.suppressed[number].diagnostic.rule], locations)
        }
      }
    }
    .write(asValueOf: "results", from: &text, to: &output)
    output.write(String(text))
  }

  /// A finding by its number among those that are shown.
  private enum Shown {
    case counting(Int)
    case suppressed(Int)
  }

  /// The rules that have found something, by id.
  private func rules(of shown: ShownFindings) -> [SARIF.Rule] {
    let known = Dictionary(report.rules.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    return shown.ruleIDs.map { id in known[id].map { SARIF.Rule($0) } ?? SARIF.Rule(id: id) }
  }

  /// What could not be judged, and what is left out.
  private func notifications(
    _ shown: ShownFindings, _ numbers: [String: Int], _ locations: Locations
  ) -> [SARIF.Notification] {
    let unjudged = shown.diagnostics.filter(\.saysWhatIsUnjudged).map { diagnostic in
      SARIF.Notification(
        level: "error", message: SARIF.Message(diagnostic.message),
        locations: [SARIF.Location(diagnostic.place, locations)],
        associatedRule: SARIF.RuleReference(id: diagnostic.rule, index: numbers[diagnostic.rule]))
    }
    let omissions = shown.omissions.map { omission in
      SARIF.Notification(
        level: "note", message: SARIF.Message(omission.phrase),
        locations: omission.file.map { [SARIF.Location(file: $0, locations)] })
    }
    let notes = (report.unjudged + report.notes).map { SARIF.Notification(level: "note", message: SARIF.Message($0)) }
    return unjudged + omissions + notes
  }
}

// MARK: - The objects of the format

/// The objects of SARIF 2.1.0 that are written, by the names of the standard.
private enum SARIF {
  struct Log: Encodable {
    var schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
    var version = "2.1.0"
    var runs: [Run]

    enum CodingKeys: String, CodingKey {
      case schema = "$schema"
      case version
      case runs
    }
  }

  struct Run: Encodable {
    var tool: Tool
    var columnKind = "unicodeCodePoints"
    var originalUriBaseIds = [
      ArtifactLocation.sourceRoot: Base(description: Message("the folder that portlint ran in"))
    ]
    var invocations: [Invocation]
    var results: [Result] = []
  }

  struct Base: Encodable {
    var description: Message
  }

  struct Tool: Encodable {
    var driver: Driver
  }

  struct Driver: Encodable {
    var name = "portlint"
    var version: String
    var rules: [Rule]
  }

  struct Rule: Encodable {
    var id: String
    var shortDescription: Message?
    var fullDescription: Message?
    var help: Help?
    var helpUri: String?
    var defaultConfiguration: Configuration?
    var properties: Properties?

    struct Help: Encodable {
      var text: String
      var markdown: String
    }

    struct Configuration: Encodable {
      var enabled: Bool
      var level: String?
    }

    struct Properties: Encodable {
      var tags: [String]
    }
  }

  struct RuleReference: Encodable {
    var id: String
    var index: Int?
  }

  struct Invocation: Encodable {
    var executionSuccessful: Bool
    var toolExecutionNotifications: [Notification]
  }

  struct Notification: Encodable {
    var level: String
    var message: Message
    var locations: [Location]?
    var associatedRule: RuleReference?
  }

  struct Result: Encodable {
    var ruleId: String
    var ruleIndex: Int?
    var level: String
    var message: Message
    var locations: [Location]
    var relatedLocations: [Location]?
    var partialFingerprints: Fingerprints
    var suppressions: [Suppression]?
    var fixes: [Fix]?
  }

  struct Fix: Encodable {
    var description: Message
    var artifactChanges: [ArtifactChange]
  }

  struct ArtifactChange: Encodable {
    var artifactLocation: ArtifactLocation
    var replacements: [Replacement]
  }

  struct Replacement: Encodable {
    var deletedRegion: Region
    var insertedContent: Content?
  }

  struct Content: Encodable {
    var text: String
  }

  struct Fingerprints: Encodable {
    /// GitHub knows a finding again by this alone, and would make it of the line's text.
    var primaryLocationLineHash: String
    var portlint: String

    enum CodingKeys: String, CodingKey {
      case primaryLocationLineHash
      case portlint = "portlint/v1"
    }
  }

  struct Suppression: Encodable {
    var kind: String
    var justification: String?
    var location: Location?
  }

  struct Location: Encodable {
    var id: Int?
    var physicalLocation: PhysicalLocation
    var message: Message?
  }

  struct PhysicalLocation: Encodable {
    var artifactLocation: ArtifactLocation
    var region: Region?
  }

  struct ArtifactLocation: Encodable {
    static let sourceRoot = "%SRCROOT%"

    var uri: String
    var uriBaseId: String?
  }

  /// The end is exclusive.
  struct Region: Encodable {
    var startLine: Int
    var startColumn: Int
    var endLine: Int
    var endColumn: Int
  }

  struct Message: Encodable {
    var text: String
  }
}

extension SARIF.Message {
  /// A message as it is to be read: `[text](target)`, which viewers take for a link (section 3.11.6), is none.
  init(_ text: String) {
    let escaped = TerminalText.escaped(text)
    // Hardly any text has a bracket, and a search with what is to be written instead takes most of a message's time.
    let mayLink = escaped.utf8.contains(UInt8(ascii: "]"))
    self.init(text: mayLink ? escaped.replacing("](", with: "]\\(") : escaped)
  }
}

extension SARIF.Rule {
  init(_ rule: RuleInfo) {
    let explanation = rule.explanation
    let why = explanation.why.isEmpty ? rule.summary : explanation.why
    self.init(
      id: rule.id, shortDescription: SARIF.Message(rule.summary),
      // GitHub takes no more of it.
      fullDescription: SARIF.Message(why.onOneLine.shortened(to: 1000)),
      help: Help(
        text: ([why] + explanation.references).joined(separator: "\n"),
        markdown: MarkdownText.paragraph(why.onOneLine)
          + explanation.references.map { "\n- \(MarkdownText.paragraph(link: $0))" }.joined()),
      helpUri: explanation.references.first { $0.isWebAddress },
      defaultConfiguration: Configuration(
        enabled: rule.defaultSeverity != nil, level: rule.defaultSeverity.map(\.sarifLevel)),
      properties: Properties(tags: [rule.family.rawValue]))
  }
}

extension SARIF.Result {
  init(_ diagnostic: Diagnostic, ruleIndex: Int?, _ locations: Locations) {
    let help = diagnostic.help.isEmpty ? "" : "\nhelp: " + SARIF.Message(diagnostic.help).text
    let fingerprint = diagnostic.fingerprint.description
    self.init(
      ruleId: diagnostic.rule, ruleIndex: ruleIndex, level: diagnostic.severity.sarifLevel,
      message: SARIF.Message(text: SARIF.Message(diagnostic.message).text + help),
      locations: [SARIF.Location(diagnostic.place, locations)],
      relatedLocations: diagnostic.related.isEmpty
        ? nil
        : diagnostic.related.enumerated().map { number, related in
          SARIF.Location(related.place, locations, id: number + 1, message: related.message)
        },
      partialFingerprints: SARIF.Fingerprints(primaryLocationLineHash: fingerprint, portlint: fingerprint),
      fixes: diagnostic.fixes.isEmpty ? nil : diagnostic.fixes.map { SARIF.Fix($0, locations) })
  }

  init(_ waived: WaivedDiagnostic, ruleIndex: Int?, _ locations: Locations) {
    self.init(waived.diagnostic, ruleIndex: ruleIndex, locations)
    let waiver = waived.waiver
    suppressions = [
      SARIF.Suppression(
        kind: waiver.isInSource ? "inSource" : "external", justification: waiver.reason.map(TerminalText.escaped),
        location: waiver.place.map { SARIF.Location($0, locations) })
    ]
  }
}

extension SARIF.Fix {
  init(_ fix: PortModel.Fix, _ locations: Locations) {
    let files = Dictionary(grouping: fix.edits, by: \.place.file).sorted { $0.key < $1.key }
    self.init(
      description: SARIF.Message("\(fix.title) (\(fix.safety.rawValue))"),
      artifactChanges: files.map { file, edits in
        SARIF.ArtifactChange(
          artifactLocation: SARIF.Location(file: file, locations).physicalLocation.artifactLocation,
          replacements: edits.map { edit in
            SARIF.Replacement(
              deletedRegion: SARIF.Region(edit.place, locations),
              insertedContent: edit.replacement.isEmpty ? nil : SARIF.Content(text: edit.replacement))
          })
      })
  }
}

extension SARIF.Region {
  init(_ place: SourceRange, _ locations: Locations) {
    let (start, end) = (locations.start(of: place), locations.end(of: place))
    self.init(startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column)
  }
}

extension Waiver {
  /// Whether the manifest itself says it.
  fileprivate var isInSource: Bool {
    switch kind {
    case .comment, .annotation, .key: true
    case .exception, .baseline: false
    }
  }
}

extension SARIF.Location {
  init(_ place: SourceRange, _ locations: Locations, id: Int? = nil, message: String? = nil) {
    self.init(file: place.file, locations)
    self.id = id
    self.message = message.map { SARIF.Message($0) }
    physicalLocation.region = SARIF.Region(place, locations)
  }

  init(file: FileID, _ locations: Locations) {
    let path = locations.path(of: file)
    let isAbsolute = path.utf8.first == UInt8(ascii: "/")
    let uri = path.percentEncoded
    physicalLocation = SARIF.PhysicalLocation(
      artifactLocation: SARIF.ArtifactLocation(
        uri: isAbsolute ? "file://" + uri : uri, uriBaseId: isAbsolute ? nil : SARIF.ArtifactLocation.sourceRoot))
  }
}

extension Severity {
  fileprivate var sarifLevel: String {
    switch self {
    case .error: "error"
    case .warning: "warning"
    case .info: "note"
    }
  }
}

extension String {
  /// The text with one blank wherever it has blanks and line ends.
  fileprivate var onOneLine: String {
    split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  /// Whether the text is an address that a link can lead to as it stands.
  fileprivate var isWebAddress: Bool {
    (hasPrefix("https://") || hasPrefix("http://"))
      && utf8.allSatisfy { $0.isASCIILetter || $0.isASCIIDigit || "-._~:/?#&=+,;@%".utf8.contains($0) }
  }

  /// A path as a part of a URI (RFC 3986): all but slashes and what needs no encoding is encoded.
  fileprivate var percentEncoded: String {
    let isPlain = { (byte: UInt8) in byte.isASCIILetter || byte.isASCIIDigit || "-._~/".utf8.contains(byte) }
    if utf8.allSatisfy(isPlain) { return self }
    return utf8.map { byte in
      if isPlain(byte) { return String(UnicodeScalar(byte)) }
      return (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
    }.joined()
  }
}
