import PolicyEngine
import PortModel
import SourceText
import Testing
import Workspace

/// What the code can find and what the rule files say of it are the same, in both directions.
@Suite struct RuleCaseTests {
  /// Cases that no example in a rule file can fire, and why.
  static let unwritable = [
    "limit-exceeded/size": "a file of 64 MiB; see `aFileThatIsTooLargeIsSaid`",
    "limit-exceeded/steps": "a chain of a hundred services; see `HostileProjectTests`",
    "limit-exceeded/brought-in": "a hundred thousand entries; see `HostileProjectTests`",
    "limit-exceeded/listed-files": "a thousand names; see `HostileProjectTests`",
    "limit-exceeded/comparisons": "two million comparisons; see `KustomizeLimitTests`",
    "limit-exceeded/brought-in-together": "hundreds of projects; see `HostileProjectTests`",
    "limit-exceeded/claims": "a hundred thousand ports; see `HostileProjectTests`",
    "limit-exceeded/claims-together": "a hundred thousand ports; see `HostileProjectTests`",
    "broken-include/link": "examples have no links; see `PolicyRunTests`",
    "limit-exceeded/ignore-steps": "hundreds of millions of steps; see `FolderWalkTests`",
    "limit-exceeded/node-terms": "ten thousand terms; see `PlacementTests`",
    "limit-exceeded/pairs": "thousands of ranges; see `HostileProjectTests`",
    "limit-exceeded/brought-in-size": "steps over megabytes; see `HostileProjectTests`",
    "limit-exceeded/variables": "a file of a megabyte; see `HostileProjectTests`",
    "limit-exceeded/replaced": "values of thousands of letters; see `HostileProjectTests`",
    "limit-exceeded/nodes": "millions of nodes; see `LimitTests`",
    "limit-exceeded/documents": "thousands of documents; see `HostileProjectTests`",
    "limit-exceeded/problems": "ten thousand mistakes; see `HostileProjectTests`",
    "limit-exceeded/selections": "thousands of pods and selectors; see `JudgingWorkTests`",
    "limit-exceeded/conditions": "a policy of thousands of conditions; see `JudgingWorkTests`",
    "limit-exceeded/findings": "thousands of claims; see `JudgingWorkTests`",
    "limit-exceeded/services": "a hundred thousand services; see `HostileProjectTests`",
    "limit-exceeded/suppressions": "ten thousand comments; see `HostileProjectTests`",
    "policy/baseline": "a baseline is given on the command line; see `PolicyRunTests`",
    "unused-suppression/baseline": "a baseline is given on the command line; see `WaiverTests`",
  ]

  private static let rules: [Rule] = BuiltIn.rules()

  /// What a rule says of the failing examples of its file.
  private static func diagnostics(of id: String) throws -> [Diagnostic] {
    let text = BuiltIn.ruleFiles.first { $0.name == "\(id).yaml" }?.text ?? ""
    let file = SourceFile(id: FileID(0), path: "rules/\(id).yaml", contents: Array(text.utf8))
    let examples = decodeRuleExamples(file).examples
    return try examples.filter { !$0.findings.isEmpty }.flatMap { try $0.diagnostics(of: id, among: rules) }
  }

  // MARK: - Examples

  @Test func eachRuleIsFired() throws {
    #expect(!Self.rules.isEmpty)
    let silent = try Self.rules.map(\.id).filter { try Self.diagnostics(of: $0).isEmpty }
    #expect(silent == [], "rules that no example fires")
  }

  @Test(arguments: rules.map(\.id))
  func eachCaseIsFired(_ id: String) throws {
    let rule = try #require(Self.rules.first { $0.id == id })
    let fired = Set(try Self.diagnostics(of: id).map(\.variant))
    let silent = rule.cases.keys.filter { !fired.contains($0) && Self.unwritable["\(id)/\($0)"] == nil }
    #expect(silent.sorted() == [], "cases that no example fires")
  }

  @Test(arguments: rules.map(\.id))
  func eachPlaceholderIsFilled(_ id: String) throws {
    for diagnostic in try Self.diagnostics(of: id) {
      for text in [diagnostic.message, diagnostic.help] {
        let open = Placeholder.allCases.filter { text.contains("{\($0.rawValue)}") }
        #expect(open == [], "in '\(text)'")
      }
    }
  }

  @Test func aFileThatIsTooLargeIsSaid() throws {
    let policy = try BuiltIn.policy(rules: Self.rules)
    let workspace = Workspace(policy: policy, files: WrittenFiles([:]), workers: 1)
    let report = workspace.lint([Candidate("deploy.yaml", .named, failure: .tooLarge(limit: 64))])
    #expect(report.diagnostics.map(\.rule) == ["limit-exceeded"])
    #expect(report.diagnostics.map(\.variant) == ["size"])
    #expect(report.diagnostics.map(\.message) == ["the file is larger than 64 MiB"])
    #expect(!report.isComplete)
  }

  // MARK: - What reading finds

  @Test(arguments: Problem.Cause.samples)
  func eachCauseHasItsWords(_ cause: Problem.Cause) throws {
    let rule = try #require(Self.rules.first { $0.id == cause.rule }, "there is no rule '\(cause.rule)'")
    guard case .reading = rule.condition else {
      Issue.record("'\(rule.id)' is not from reading")
      return
    }
    let wording = cause.wording
    if let variant = wording.variant { #expect(rule.cases[variant] != nil, "'\(rule.id)' has no case '\(variant)'") }
    let message = wording.variant.flatMap { rule.cases[$0] } ?? rule.message
    let used = message.text.placeholders.union(message.help.placeholders)
    // Whose problem it is comes with the problem, not with its cause.
    let given = Set(wording.values.keys).union([.owner])
    #expect(used.subtracting(given) == [], "placeholders that the code does not fill")
  }

  @Test func eachReadingCaseHasItsCause() {
    let causes = Dictionary(grouping: Problem.Cause.samples, by: \.rule)
    for rule in Self.rules {
      guard case .reading = rule.condition else { continue }
      let variants = Set((causes[rule.id] ?? []).compactMap(\.wording.variant))
      #expect(causes[rule.id] != nil, "nothing in the code gives '\(rule.id)'")
      #expect(Set(rule.cases.keys).subtracting(variants) == [], "cases of '\(rule.id)' that nothing gives")
    }
  }

  // MARK: - What rules name

  @Test func eachRuleThatIsYieldedToExists() {
    let ids = Set(Self.rules.map(\.id))
    for rule in Self.rules { #expect(Set(rule.yieldsTo).subtracting(ids) == [], "in '\(rule.id)'") }
  }

  @Test func eachNamedRangeOrTableExists() {
    let known = Set(BuiltIn.portTables.keys).union(Policy.ranges(of: .linux, []).keys)
    for file in BuiltIn.ruleFiles {
      let source = SourceFile(id: FileID(0), path: file.name, contents: Array(file.text.utf8))
      #expect(decodeRule(source, knownPorts: known).problems == [], "in '\(file.name)'")
    }
  }

  // MARK: - What conditions find

  @Test func eachVariantOfAConditionHasItsWords() {
    for rule in Self.rules {
      let variants: [String]
      switch rule.condition {
      case .reading: continue
      case .binding(let condition): variants = condition.variants
      case .reference: variants = []
      case .relation(let relation, let outcome): variants = relation.variants(of: outcome)
      }
      let cases = Set(rule.cases.keys).subtracting(Platform.allCases.map(\.rawValue))
      #expect(cases.sorted() == variants.sorted(), "the cases of '\(rule.id)'")
    }
  }

  @Test func eachOutcomeHasItsRule() {
    for relation in Relation.allCases {
      for outcome in relation.outcomes {
        let rules = Self.rules.filter { rule in
          if case .relation(relation, outcome: outcome) = rule.condition { true } else { false }
        }
        #expect(rules.count == 1, "rules for '\(relation.rawValue)' with '\(outcome.rawValue)'")
      }
    }
  }
}

extension Problem.Cause: CustomTestStringConvertible {
  /// The rule and its case.
  public var testDescription: String {
    "\(rule)/\(wording.variant ?? "-")"
  }

  /// One of each cause. A new case does not compile until `next` says which sample comes after it; let the one before
  /// it lead there.
  static let samples: [Problem.Cause] = Array(sequence(first: .unreadableFile(reason: "r"), next: \.next))

  private var next: Problem.Cause? {
    switch self {
    case .unreadableFile: .refusedVariables(reason: "r")
    case .refusedVariables: .policy("r")
    case .policy(_, .unknown): .policy("r", remedy: .example("e"))
    case .policy(_, .example): .policy("r", remedy: .baseline)
    case .policy(_, .baseline): .unusedSuppression(.silencesNothing(rule: "r"))
    case .unusedSuppression(.silencesNothing): .unusedSuppression(.unknownRule("r", suggestion: nil))
    case .unusedSuppression(.unknownRule): .unusedSuppression(.requiredRule("r"))
    case .unusedSuppression(.requiredRule): .unusedSuppression(.bare)
    case .unusedSuppression(.bare):
      .unusedSuppression(.unknownWord(Problem.UnknownWord(word: "w", suggestion: nil, meaning: "m")))
    case .unusedSuppression(.unknownWord): .unusedSuppression(.everyRule("all"))
    case .unusedSuppression(.everyRule): .unusedSuppression(.pattern("'p'", .deployment))
    case .unusedSuppression(.pattern(_, .deployment)): .unusedSuppression(.pattern("'p'", .project))
    case .unusedSuppression(.pattern(_, .project)): .unusedSuppression(.pattern("'p'", .exclude))
    case .unusedSuppression(.pattern(_, .exclude)): .unusedSuppression(.exception(rule: "r"))
    case .unusedSuppression(.exception): .unusedSuppression(.baseline(rule: "r", message: "m"))
    case .unusedSuppression(.baseline): .limitExceeded(.depth(1))
    case .limitExceeded(.depth): .limitExceeded(.aliasedNodes(1))
    case .limitExceeded(.aliasedNodes): .limitExceeded(.directives(1))
    case .limitExceeded(.directives): .limitExceeded(.size(1))
    case .limitExceeded(.size): .limitExceeded(.steps(1))
    case .limitExceeded(.steps): .limitExceeded(.broughtIn(1))
    case .limitExceeded(.broughtIn): .limitExceeded(.broughtInTogether(1))
    case .limitExceeded(.broughtInTogether): .limitExceeded(.comparisons(1))
    case .limitExceeded(.comparisons): .limitExceeded(.claims(1))
    case .limitExceeded(.claims): .limitExceeded(.claimsTogether(1))
    case .limitExceeded(.claimsTogether): .limitExceeded(.nodeTerms(1))
    case .limitExceeded(.nodeTerms): .limitExceeded(.ignoreSteps(1))
    case .limitExceeded(.ignoreSteps): .limitExceeded(.pairs(1))
    case .limitExceeded(.pairs): .limitExceeded(.selections(1))
    case .limitExceeded(.selections): .limitExceeded(.conditions(1))
    case .limitExceeded(.conditions): .limitExceeded(.broughtInSize(1))
    case .limitExceeded(.broughtInSize): .limitExceeded(.variables(1))
    case .limitExceeded(.variables): .limitExceeded(.replaced(1))
    case .limitExceeded(.replaced): .limitExceeded(.listedFiles(1))
    case .limitExceeded(.listedFiles): .limitExceeded(.nodes(1))
    case .limitExceeded(.nodes): .limitExceeded(.documents(1))
    case .limitExceeded(.documents): .limitExceeded(.services(1))
    case .limitExceeded(.services): .limitExceeded(.problems(1))
    case .limitExceeded(.problems): .limitExceeded(.suppressions(1))
    case .limitExceeded(.suppressions): .limitExceeded(.findings(1, rule: "r"))
    case .limitExceeded(.findings): .yamlSyntax(.rejected(reason: "r"))
    case .yamlSyntax(.rejected): .yamlSyntax(.tab)
    case .yamlSyntax(.tab): .yamlSyntax(.unquotedAddress("::1"))
    case .yamlSyntax(.unquotedAddress): .yamlSyntax(.undefinedAlias("a"))
    case .yamlSyntax(.undefinedAlias): .yamlSyntax(.recursiveAlias("a"))
    case .yamlSyntax(.recursiveAlias): .templateNotRendered(checked: .nothing)
    case .templateNotRendered(.nothing): .templateNotRendered(checked: .otherDocuments)
    case .templateNotRendered(.otherDocuments): .chartNotRendered("c")
    case .chartNotRendered: .notBuilt(.change(field: "f"), folder: "f")
    case .notBuilt(.change, _): .notBuilt(.everything, folder: "f")
    case .notBuilt(.everything, _): .notInView("v", knownTo: .compose)
    case .notInView(_, .compose): .notInView("v", knownTo: .kustomize(folder: "f"))
    case .notInView(_, .kustomize): .duplicateKey("k")
    case .duplicateKey: .invalidInterpolation("${")
    case .invalidInterpolation: .invalidPort(.notAPort("p"))
    case .invalidPort(let port): port.next.map(Self.invalidPort) ?? .invalidProtocol(.unknown("p", expected: "e"))
    case .invalidProtocol(.unknown): .invalidProtocol(.lowerCase("p", expected: "e"))
    case .invalidProtocol(.lowerCase): .invalidProtocol(.repeated("p/p", of: "p", expected: "e"))
    case .invalidProtocol(.repeated): .invalidAddress("a", .malformed)
    case .invalidAddress(_, .malformed): .invalidAddress("a", .hostName)
    case .invalidAddress(_, .hostName): .invalidAddress("a", .zone)
    case .invalidAddress(_, .zone): .invalidAddress("a", .leadingZeros)
    case .invalidAddress(_, .leadingZeros): .invalidAddress("8080", .misplaced)
    case .invalidAddress(_, .misplaced): .invalidPortName(.malformed("n", field: "f", reason: "r"))
    case .invalidPortName(.malformed): .invalidPortName(.duplicate("n", owner: "o"))
    case .invalidPortName(.duplicate): .invalidPortName(.missing(field: "f"))
    case .invalidPortName(.missing): .invalidPortName(.nameless(field: "f"))
    case .invalidPortName(.nameless): .invalidPortName(.notText("n", field: "f"))
    case .invalidPortName(.notText): .invalidCombination("v", .nodePort)
    case .invalidCombination(_, let combination):
      combination.next.map { .invalidCombination("v", $0) } ?? .unsetVariable("V", .otherEntry)
    case .unsetVariable(_, .otherEntry): .unsetVariable("V", .randomPort)
    case .unsetVariable(_, .randomPort): .unsetVariable("V", .everyAddress)
    case .unsetVariable(_, .everyAddress): .unsetVariable("V", .refusedEntry)
    case .unsetVariable(_, .refusedEntry): .missingVariable("V", .otherEntry, .project)
    case .missingVariable(_, .otherEntry, let reader): .missingVariable("V", .randomPort, reader)
    case .missingVariable(_, .randomPort, let reader): .missingVariable("V", .everyAddress, reader)
    case .missingVariable(_, .everyAddress, let reader): .missingVariable("V", .refusedEntry, reader)
    case .missingVariable(_, .refusedEntry, .project): .missingVariable("V", .otherEntry, .stack)
    case .missingVariable(_, .refusedEntry, .stack): .brokenInclude(.missingFile("f"))
    case .brokenInclude(.missingFile): .brokenInclude(.noComposeFile("f"))
    case .brokenInclude(.noComposeFile): .brokenInclude(.emptyComposeFile("f"))
    case .brokenInclude(.emptyComposeFile): .brokenInclude(.missingService("s", file: nil))
    case .brokenInclude(.missingService(_, nil)): .brokenInclude(.missingService("s", file: "f"))
    case .brokenInclude(.missingService): .brokenInclude(.missingNetworkService("s"))
    case .brokenInclude(.missingNetworkService): .brokenInclude(.circle("f"))
    case .brokenInclude(.circle): .brokenInclude(.missingObject("Service 'web'"))
    case .brokenInclude(.missingObject): .brokenInclude(.nothingToScale("web"))
    case .brokenInclude(.nothingToScale): .brokenInclude(.link)
    case .brokenInclude(.link): .brokenInclude(.missingPath("/spec", object: "Service 'web'"))
    case .brokenInclude(.missingPath): .brokenInclude(.failedTest("/spec", object: "Service 'web'"))
    case .brokenInclude(.failedTest): .brokenInclude(.brokenPatch(.neither))
    case .brokenInclude(.brokenPatch(.neither)): .brokenInclude(.brokenPatch(.empty))
    case .brokenInclude(.brokenPatch(.empty)): .brokenInclude(.brokenPatch(.twofold))
    case .brokenInclude(.brokenPatch(.twofold)): .brokenInclude(.brokenPatch(.withoutTarget))
    case .brokenInclude(.brokenPatch(.withoutTarget)): .brokenInclude(.brokenPatch(.operation("o")))
    case .brokenInclude(.brokenPatch(.operation)): .brokenInclude(.brokenPatch(.noJSON("op")))
    case .brokenInclude(.brokenPatch(.noJSON)): .brokenInclude(.brokenPatch(.pattern("(")))
    case .brokenInclude(.brokenPatch(.pattern)): .brokenInclude(.brokenPatch(.selector("a,")))
    case .brokenInclude(.brokenPatch(.selector)): .brokenInclude(.objectTwice("Service 'web'"))
    case .brokenInclude(.objectTwice): .brokenInclude(.noObject)
    case .brokenInclude(.noObject): .brokenInclude(.noComponent)
    case .brokenInclude(.noComponent): .brokenInclude(.component)
    case .brokenInclude(.component): .brokenInclude(.brokenKustomization(.unknownField("f", suggestion: nil)))
    case .brokenInclude(.brokenKustomization(let broken)):
      broken.next.map { .brokenInclude(.brokenKustomization($0)) } ?? .ambiguousPortName("n", other: "o")
    case .ambiguousPortName: .ignoredAddress("a")
    case .ignoredAddress: .nonDecimalPort("010", number: 8, remedy: nil)
    case .nonDecimalPort: .sexagesimalPort("22:22", number: 1342)
    case .sexagesimalPort: .droppedAddress("a", port: "p")
    case .droppedAddress: .droppedPort(field: "f")
    case .droppedPort: nil
    }
  }
}

extension Problem.BrokenKustomization {
  fileprivate var next: Problem.BrokenKustomization? {
    switch self {
    case .unknownField: .type("v", field: "f", expected: "e")
    case .type: .kind("k")
    case .kind: .version("v", kind: "k", expected: "e")
    case .version: .empty
    case .empty: .several("f")
    case .several: .nameless("Service")
    case .nameless: .noMapping("a list")
    case .noMapping: .noPath
    case .noPath: .noKey(expected: "k")
    case .noKey: .severalSigns
    case .severalSigns: .keyTwice("k")
    case .keyTwice: .namelessGenerator
    case .namelessGenerator: .generatorTwice("g")
    case .generatorTwice: nil
    }
  }
}

extension Problem.InvalidPort {
  fileprivate var next: Problem.InvalidPort? {
    switch self {
    case .notAPort: .address("a")
    case .address: .outOfRange("p")
    case .outOfRange: .reversedRange("p")
    case .reversedRange: .unequalRanges(host: "h", container: "c")
    case .unequalRanges: .noContainerPort("p")
    case .noContainerPort: .zero(field: "f")
    case .zero: .missing(field: "f")
    case .missing: .unknownKey("k", suggestion: nil, owner: "o")
    case .unknownKey: .notAList(field: "f")
    case .notAList: .empty(field: "f")
    case .empty: .notAMapping(field: "f")
    case .notAMapping: .notAnEntry("e")
    case .notAnEntry: .spaceAfterColon("e")
    case .spaceAfterColon: .rangeForOne("r", field: "f")
    case .rangeForOne: .quotedNumber("q", field: "f")
    case .quotedNumber: .quotedNumberAsName("q", field: "f")
    case .quotedNumberAsName: .unquoted("n", field: "f")
    case .unquoted: .unwanted("p", field: "f")
    case .unwanted: .reserved("p", by: "r")
    case .reserved: .unknownValue("v", field: "f", expected: "e")
    case .unknownValue: .mappingUnderExpose("p")
    case .mappingUnderExpose: .protocolOnHostPort("p", entry: nil)
    case .protocolOnHostPort: nil
    }
  }
}

extension Problem.InvalidCombination {
  fileprivate var next: Problem.InvalidCombination? {
    let rest = Self.allCases.drop { $0 != self }
    return rest.dropFirst().first
  }
}
