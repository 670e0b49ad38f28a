import Foundation
import ManifestFormats
import PolicyEngine
import PortModel
import SourceText
import Testing
import Workspace

/// What the README and the pages of `docs/` say of rules and formats is what the code does.
@Suite struct DocsTests {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized
  static let readme = page("README.md")

  /// The text of a page, named from the root of the repository; empty where there is none.
  static func page(_ path: String) -> String {
    (try? String(contentsOf: root.appending(path: path), encoding: .utf8)) ?? ""
  }

  static let pages: [String] = ["README.md", "CONTRIBUTING.md"] + pages(of: "docs") + pages(of: "docs/rules")

  private static func pages(of folder: String) -> [String] {
    let names = try? FileManager.default.contentsOfDirectory(atPath: root.appending(path: folder).path())
    return (names ?? []).filter { $0.hasSuffix(".md") }.map { "\(folder)/\($0)" }.sorted()
  }

  /// The README is one page.
  @Test func theReadmeIsAPage() {
    #expect(Self.readme.split(separator: "\n", omittingEmptySubsequences: false).count <= 150)
  }

  /// Every page of `docs/` is named by the README, and every link leads to a file, and to a heading of it where it says one.
  @Test(arguments: pages)
  func everyLinkLeadsSomewhere(_ page: String) throws {
    let folder = Self.root.appending(path: page).deletingLastPathComponent()
    for link in Self.page(page).matches(of: /\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)/) {
      let target = link.1.isEmpty ? Self.root.appending(path: page) : folder.appending(path: String(link.1))
      #expect(FileManager.default.fileExists(atPath: target.path()), "\(link.0)")
      guard let heading = link.2 else { continue }
      let text = try String(contentsOf: target, encoding: .utf8)
      let anchors = text.split(separator: "\n").filter { $0.hasPrefix("#") }.map { line in
        line.drop { $0 == "#" || $0 == " " }.lowercased().replacing(" ", with: "-").filter { $0 != "'" && $0 != "," }
      }
      #expect(anchors.contains(String(heading)), "\(link.0)")
    }
    if page.hasPrefix("docs/"), !page.hasPrefix("docs/rules/") { #expect(Self.readme.contains("](\(page))")) }
  }

  /// A commit that changes no more than a variable may make two ports meet.
  @Test(arguments: [
    ("compose.yaml", true), ("a/b.yml", true), ("list.json", true), (".env", true), ("a/.env.prod", true),
    ("defaults.env", true), ("base/Kustomization", true), ("README.md", false), ("environment.txt", false),
    ("Kustomization.md", false), ("dotenv", false),
  ])
  func theHooksRunForWhatIsRead(_ path: String, _ isRead: Bool) throws {
    let lines = Self.page(".pre-commit-hooks.yaml").split(separator: "\n")
    let patterns = lines.filter { $0.hasPrefix("  files: ") }.map { String($0.dropFirst("  files: ".count)) }
    #expect(patterns.count == 3)
    for pattern in patterns { #expect(try (Regex(pattern).firstMatch(in: path) != nil) == isRead, "\(pattern)") }
  }

  @Test func theTableOfRulesIsThatOfTheRuleFiles() throws {
    let families = RuleInfo.Family.allCases
    let rules = BuiltIn.rules().sorted { a, b in
      let (left, right) = (families.firstIndex(of: a.family) ?? 0, families.firstIndex(of: b.family) ?? 0)
      return (left, a.id) < (right, b.id)
    }
    let rows = rules.map { "| [`\($0.id)`](rules/\($0.id).md) | \($0.severity?.rawValue ?? "off") | \($0.summary) |" }
    let table = Self.page("docs/rules.md").components(separatedBy: "<!-- rules:").last?.components(
      separatedBy: "<!-- end of"
    ).first
    let lines = table?.split(separator: "\n").filter { $0.hasPrefix("| [`") }.map(String.init)
    #expect(lines == rows, "run .ci/update-docs")
    #expect(Self.pages(of: "docs/rules") == rules.map { "docs/rules/\($0.id).md" }.sorted(), "run .ci/update-docs")
  }

  /// The cells of the table of what is read, a row for each format.
  static let formats: [[String]] = {
    let section = readme.components(separatedBy: "## What is read\n").last?.components(separatedBy: "\n## ").first ?? ""
    return section.components(separatedBy: "\n").filter { $0.hasPrefix("|") }.dropFirst(2).map { row in
      row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }
  }()

  @Test func theTableOfWhatIsReadHasEachFormatOfCode() {
    #expect(Self.formats.map { $0[0].lowercased() } == Format.coded.map(\.id))
  }

  /// Formats that are files are named by the README, and each has its part of a page.
  @Test func whatIsReadOfEachDeclaredFormatIsSaid() throws {
    let declared = LoadedPolicy.recommended().formatDescriptions.filter { !Format.coded.contains($0.format) }
    let names = declared.map { "`\($0.format.id)`" }.joined(separator: ", ")
    #expect(Self.readme.contains("(docs/what-is-read.md): \(names).\n"), "run .ci/update-docs")
    let sections = declared.map { format in
      let lists = [format.recognition, format.reads].map { $0.map { "- \($0)" }.joined(separator: "\n") }
      let summary = format.summary.prefix(1).uppercased() + format.summary.dropFirst()
      return ["## \(format.format.id)", "\(summary).", "Recognised by", lists[0], "Read is", lists[1]]
        .joined(separator: "\n\n")
    }
    let page = Self.page("docs/what-is-read.md")
    #expect(page.hasSuffix("-->\n\n\(sections.joined(separator: "\n\n"))\n"), "run .ci/update-docs")
  }

  /// Each word of code in the column `recognised by`, in a document that has nothing else to be recognised by.
  static let marks: [(Format, String)] = [
    (.compose, "image"), (.compose, "build"), (.compose, "ports"), (.compose, "extends"), (.compose, "provider"),
    (.kubernetes, "apiVersion"), (.kubernetes, "kind"), (.plain, "portlint: 1"),
  ]

  @Test func theTableOfWhatIsReadSaysHowFormatsAreRecognised() {
    for row in Self.formats {
      let words = row[1].components(separatedBy: "`").enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
      let marks = Self.marks.filter { $0.0.id == row[0].lowercased() }.map(\.1)
      #expect(words.filter { $0 != "services:" } == marks)
    }
  }

  @Test(arguments: marks)
  func aDocumentIsRecognisedByWhatTheTableSays(_ format: Format, _ mark: String) throws {
    let document =
      switch format {
      case .compose: "services: {web: {\(mark): x}}"
      case .kubernetes: "apiVersion: v1\nkind: Pod\nspec: {containers: [{name: a}]}"
      default: "\(mark)\nservices: [{name: web, port: 80}]"
      }
    let policy = try BuiltIn.policy(rules: BuiltIn.rules())
    func owners(_ text: String) -> [Format] {
      let files = WrittenFiles(["some.yaml": Array(text.utf8)])
      let report = Workspace(policy: policy, files: files, workers: 1).lint([Candidate("some.yaml", .found)])
      return report.inventory.owners.map(\.format)
    }
    #expect(owners(document) == [format])
    #expect(owners(document.replacingOccurrences(of: mark, with: "other")) == [])
  }

  @Test func theFirstScreenShowsWhatTheExampleSays() throws {
    let folder = ExampleTests.folder.appending(path: "compose-conflict/expected.txt")
    let expected = try String(contentsOf: folder, encoding: .utf8)
    let shown = expected.replacingOccurrences(of: "compose.yaml:", with: "examples/compose-conflict/compose.yaml:")
    #expect(Self.readme.contains(shown))
  }

  /// Every row of the manual's table names a line of the example, and says of it what portlint says.
  @Test func theTableOfTheManualIsWhatTheExampleSays() throws {
    let folder = ExampleTests.folder.appending(path: "glibc")
    let manifest = try Data(contentsOf: folder.appending(path: "hosts.yaml"))
    let written = WrittenFiles(["hosts.yaml": Array(manifest), ".portlint.yaml": Array("extends: glibc".utf8)])
    let policy = try PolicyLoader.load(PolicyRequest(), files: written)
    let report = Workspace(policy, files: written, workers: 1).lint([Candidate("hosts.yaml", .found)])
    let table = Self.page("docs/glibc.md").components(separatedBy: "<!-- glibc:").last?.components(
      separatedBy: "<!-- end of"
    ).first
    let rows = (table ?? "").split(separator: "\n").filter { $0.hasPrefix("|") }.dropFirst(2).map { row in
      row.components(separatedBy: " | ").suffix(2).map { $0.trimmingCharacters(in: ["|", " ", "`"]) }
    }
    #expect(rows.count == 8)
    let lines = String(decoding: manifest, as: UTF8.self).components(separatedBy: "\n")
    var said: [String] = []
    for row in rows {
      let number = lines.firstIndex { $0 == "  - \(row[0])" }
      #expect(number != nil, "\(row[0])")
      let table = LineTable(of: Array(manifest))
      let findings = report.diagnostics.filter { table.position(of: Int($0.place.start)).line - 1 == number }
      let text = findings.map { "\($0.message) [\($0.rule)]" }
      #expect(text == (row[1] == "nothing" ? [] : [row[1]]))
      said += text
    }
    #expect(said.count == report.diagnostics.count)
  }

  /// What is asked offline says all that a policy and a rule may hold, and the pages of both all that a rule's condition may.
  @Test func everyKeyIsDocumented() throws {
    let help = Self.page("rules/policy.yaml")
    func words<Key: RawRepresentable & CaseIterable>(_ keys: Key.Type) -> [String] where Key.RawValue == String {
      keys.allCases.map(\.rawValue)
    }
    let language =
      words(ConditionKey.self) + words(CountKey.self) + words(AddressWord.self) + words(Relation.self)
      + words(Relation.Outcome.self) + PortCondition.PortSource.words
    let policy =
      words(PolicyKey.self) + words(ServicesKey.self) + words(AllocationKey.self) + words(ExceptionKey.self)
      + words(DeploymentKey.self)
    let rule = words(RuleKey.self) + words(PortConditionKey.self)
    func missing(_ words: [String], in text: String) -> [String] {
      let said = Set(text.split { !$0.isLetter && $0 != "-" }.map(String.init))
      return words.filter { !said.contains($0) }
    }
    #expect(missing(policy + rule + language, in: help) == [])
    #expect(missing(policy + language, in: Self.page("docs/policy.md") + Self.page("docs/own-rules.md")) == [])
  }

  /// The page of formats says all that a format's file may hold.
  @Test func everyWordOfFormatsIsDocumented() {
    let page = Self.page("docs/formats.md")
    let keys =
      FormatKey.allCases.map(\.rawValue) + RecognitionKey.allCases.map(\.rawValue)
      + DeclaredOwnerKey.allCases.map(\.rawValue) + ClaimKey.allCases.map(\.rawValue)
      + ClaimFieldKey.allCases.map(\.rawValue) + ReferenceKey.allCases.map(\.rawValue)
      + FormatExampleKey.allCases.map(\.rawValue) + FormatFindingKey.allCases.map(\.rawValue)
    let words =
      ScopeWord.allCases.map(\.rawValue) + ModelWord.allCases.map(\.rawValue)
      + DeclaredFormat.EntryGrammar.allCases.map(\.rawValue) + DeclaredFormat.ReferenceGrammar.allCases.map(\.rawValue)
      + Binding.Role.allCases.map(\.rawValue)
    let said = Set(
      page.components(separatedBy: "`").flatMap { $0.split { !$0.isLetter && $0 != "-" }.map(String.init) })
    #expect((keys + words).filter { !said.contains($0) } == [])
  }

  /// The policy and the rule that the pages show can be meant.
  @Test func thePolicyShownIsSound() throws {
    let shown =
      Self.page("docs/policy.md").components(
        separatedBy: "says which ports may be used where, by whom, and why:\n\n```yaml\n"
      )
      .last?.components(separatedBy: "```").first ?? ""
    let own = Self.page("docs/own-rules.md")
    let rule = own.components(separatedBy: "```yaml\nid: loopback").last?.components(separatedBy: "```").first
    let written = WrittenFiles([
      ".portlint.yaml": Array(shown.utf8), "policy/db.yaml": Array("id: loopback\(rule ?? "")".utf8),
      ".portlint-baseline.json": Array(#"{"version": 1, "findings": []}"#.utf8), "deploy/prod.env": [],
      "policy/formats/own.yaml": Array(Self.page("examples/own-format/policy/formats/switchboard.yaml").utf8),
    ])
    let policy = try PolicyLoader.load(PolicyRequest(), files: written)
    #expect(policy.problems.map(\.cause) == [])
    #expect(policy.policy.allocations.all.count == 2)
    #expect(policy.policy.rules.contains { $0.rule.id == "loopback-databases" })
  }

  @Test func everyConditionIsNamed() {
    let table =
      Self.page("docs/own-rules.md").components(separatedBy: "| a condition on | keys |").last?
      .components(separatedBy: "What cannot be known").first ?? ""
    for key in ConditionKey.allCases { #expect(table.contains("`\(key.rawValue)`"), "\(key.rawValue)") }
  }
}
