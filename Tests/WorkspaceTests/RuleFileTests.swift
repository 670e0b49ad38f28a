import PolicyEngine
import SourceText
import Testing
import Workspace

/// The rule files are the rules' documentation and their tests: every example must behave as it says.
@Suite struct RuleFileTests {
  static let names = BuiltIn.ruleFiles.map(\.name)

  private static func source(_ name: String) -> SourceFile {
    let text = BuiltIn.ruleFiles.first { $0.name == name }?.text ?? ""
    return SourceFile(id: FileID(0), path: "rules/\(name)", contents: Array(text.utf8))
  }

  @Test(arguments: names)
  func isDecodedWhole(_ name: String) {
    let source = Self.source(name)
    let (rule, problems) = decodeRule(source)
    #expect(problems.map { "\(source.text(in: $0.place)): \($0.message)" } == [])
    #expect(rule.map { "\($0.id).yaml" } == name)
  }

  /// The build writes rules as code by what reflection sees of them, and nothing may get lost on the way.
  @Test(arguments: names)
  func isInTheBinaryAsItIsWritten(_ name: String) throws {
    var written = try #require(decodeRule(Self.source(name)).rule)
    var built = try #require(BuiltIn.rules().first { "\($0.id).yaml" == name })
    // Dictionaries have no order of their own.
    #expect(built.cases.keys.sorted() == written.cases.keys.sorted())
    for (variant, message) in written.cases { #expect(dumped(built.cases[variant]) == dumped(message)) }
    (written.cases, built.cases) = ([:], [:])
    #expect(dumped(built) == dumped(written))
  }

  @Test func fourAreRequired() {
    #expect(
      BuiltIn.rules().filter(\.isRequired).map(\.id)
        == ["limit-exceeded", "policy", "unreadable-file", "yaml-syntax"])
  }

  @Test(arguments: BuiltIn.tableFiles.map(\.name))
  func aTableIsInTheBinaryAsItIsWritten(_ name: String) throws {
    let text = try #require(BuiltIn.tableFiles.first { $0.name == name }).text
    switch name {
    case "de-facto": return
    case "known-services": #expect(dumped(BuiltIn.knownServices) == dumped(try decodeKnownServices(text)))
    case "exposed":
      let written = try decodeExposedServices(text)
      #expect(dumped(BuiltIn.exposed) == dumped(written))
      #expect(dumped(BuiltIn.portTables[name]) == dumped(written.ports))
    default: #expect(dumped(BuiltIn.portTables[name]) == dumped(try decodePortTable(text)))
    }
  }

  @Test(arguments: names)
  func behavesAsItsExamplesSay(_ name: String) throws {
    let source = Self.source(name)
    let (examples, problems) = decodeRuleExamples(source)
    #expect(problems.map { "\(source.text(in: $0.place)): \($0.message)" } == [])
    let rules = BuiltIn.rules()
    let lines = LineTable(of: source.bytes)
    for example in examples {
      let findings = try example.findings(of: String(name.dropLast(5)), among: rules)
      #expect(
        findings == example.findings,
        "the example at rules/\(name):\(lines.position(of: Int(example.place.start)).line)")
    }
  }

  @Test(arguments: names)
  func hasTwoExamplesOfEachKind(_ name: String) {
    let (examples, _) = decodeRuleExamples(Self.source(name))
    #expect(examples.count { $0.findings.isEmpty } >= 2, "passes")
    #expect(examples.count { !$0.findings.isEmpty } >= 2, "fails")
  }
}

/// All that reflection sees of a value.
private func dumped(_ value: (some Any)?) -> String {
  var text = ""
  if let value { dump(value, to: &text) }
  return text
}
