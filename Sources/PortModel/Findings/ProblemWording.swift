import SourceText

// Which rule says a problem, and with which words: the rule's files have the texts, and here is what fills them.

extension Problem.Cause {
  /// What the run tells once, at its first place, however often it is at fault: whoever sets a variable sets it for all.
  package var subject: String? {
    if case .unsetVariable(let name, _) = self { name } else { nil }
  }

  /// The id of the rule that says it.
  package var rule: String {
    switch self {
    case .unreadableFile, .refusedVariables: "unreadable-file"
    case .policy: "policy"
    case .unusedSuppression: "unused-suppression"
    case .limitExceeded: "limit-exceeded"
    case .yamlSyntax: "yaml-syntax"
    case .templateNotRendered, .chartNotRendered, .notBuilt, .notInView: "template-not-rendered"
    case .duplicateKey: "duplicate-key"
    case .invalidInterpolation: "invalid-interpolation"
    case .invalidPort: "invalid-port"
    case .invalidProtocol: "invalid-protocol"
    case .invalidAddress: "invalid-address"
    case .invalidPortName: "invalid-port-name"
    case .invalidCombination: "invalid-combination"
    case .unsetVariable: "unset-variable"
    case .missingVariable: "missing-variable"
    case .brokenInclude: "broken-include"
    case .ambiguousPortName: "ambiguous-port-name"
    case .ignoredAddress: "ignored-address"
    case .droppedAddress: "dropped-address"
    case .droppedPort: "dropped-port"
    case .nonDecimalPort: "non-decimal-port"
    case .sexagesimalPort: "sexagesimal-port"
    }
  }

  /// Which of the rule's `cases` words it, and what its placeholders stand for.
  package var wording: (variant: String?, values: PlaceholderValues) {
    switch self {
    case .unreadableFile(let reason), .policy(let reason, .unknown): (nil, [.reason: reason])
    case .refusedVariables(let reason): ("variables", [.reason: reason])
    case .policy(let reason, .example(let line)): ("example", [.reason: reason, .expected: line])
    case .policy(let reason, .baseline): ("baseline", [.reason: reason])
    case .unusedSuppression(let suppression): suppression.wording
    case .limitExceeded(let limit): limit.wording
    case .yamlSyntax(.rejected(let reason)): (nil, [.reason: reason])
    case .yamlSyntax(.tab): ("tab", [:])
    case .yamlSyntax(.unquotedAddress(let address)): ("unquoted-address", [.value: address])
    case .yamlSyntax(.undefinedAlias(let name)): ("undefined-alias", [.name: name])
    case .yamlSyntax(.recursiveAlias(let name)): ("recursive-alias", [.name: name])
    case .templateNotRendered(.nothing): (nil, [:])
    case .templateNotRendered(.otherDocuments): ("other-documents", [:])
    case .chartNotRendered(let path): ("chart", [.value: path, .expected: path.asShellWord])
    case .notBuilt(.change(let field), let folder):
      ("kustomization", [.field: field, .expected: folder.asShellWord])
    case .notBuilt(.everything, let folder): ("kustomization-as-it-stands", [.expected: folder.asShellWord])
    case .notInView(let text, let renderer): ("not-in-view", [.value: text, .expected: renderer.command])
    case .duplicateKey(let key): (nil, [.value: key])
    case .invalidInterpolation(let text): (nil, [.value: text])
    case .invalidPort(let port): port.wording
    case .invalidProtocol(.unknown(let text, let expected)):
      (nil, [.value: text, .expected: expected, .suggestion: text.nearest(in: expected).asQuestion])
    case .invalidProtocol(.repeated(let text, _, let expected)):
      (nil, [.value: text, .expected: expected, .suggestion: ""])
    case .invalidProtocol(.lowerCase(let text, let expected)): ("lower-case", [.value: text, .expected: expected])
    case .invalidAddress(let text, .malformed): (nil, [.value: text])
    case .invalidAddress(let text, let variant): (variant.rawValue, [.value: text])
    case .invalidPortName(let name): name.wording
    case .invalidCombination(let text, .nodePort): (nil, [.value: text])
    case .invalidCombination(let text, let variant): (variant.rawValue, [.value: text])
    case .unsetVariable(let name, .otherEntry), .missingVariable(let name, .otherEntry, .project):
      (nil, [.value: name])
    case .unsetVariable(let name, let variant), .missingVariable(let name, let variant, .project):
      (variant.rawValue, [.value: name])
    case .missingVariable(let name, let variant, .stack): ("\(variant.rawValue)-in-stack", [.value: name])
    case .brokenInclude(let broken): broken.wording
    case .ambiguousPortName(let text, let other): (nil, [.value: text, .other: other])
    case .ignoredAddress(let text): (nil, [.value: text])
    case .droppedAddress(let text, let port): (nil, [.value: text, .port: port])
    case .droppedPort(let field): (nil, [.field: field])
    case .nonDecimalPort(let text, let number, _), .sexagesimalPort(let text, let number):
      (nil, [.value: text, .port: "\(number)"])
    }
  }
}

extension String {
  /// The one of the words that a phrase lists, such as `tcp, udp or sctp`, that is a slip away.
  fileprivate func nearest(in phrase: String) -> String? {
    let words = phrase.split(separator: " ").map { $0.hasSuffix(",") ? String($0.dropLast()) : String($0) }
    return nearestWord(to: self, among: words.filter { $0 != "or" }, lettersASlip: 4)
  }

  /// The text as a shell takes it for one word.
  fileprivate var asShellWord: String {
    let isPlain = utf8.allSatisfy { $0.isASCIILetter || $0.isASCIIDigit || "/._-+,@".utf8.contains($0) }
    // A program would take for an option what begins like one, whatever the quotes.
    let word = hasPrefix("-") ? "./" + self : self
    return isPlain ? word : "'" + word.replacing("'", with: #"'\''"#) + "'"
  }
}

extension Problem.Limit {
  fileprivate var wording: (variant: String?, values: PlaceholderValues) {
    switch self {
    case .depth(let limit): ("depth", [.limit: "\(limit)"])
    case .aliasedNodes(let limit): ("aliases", [.limit: "\(limit)"])
    case .directives(let limit): ("directives", [.limit: "\(limit)"])
    case .size(let limit): ("size", [.limit: "\(limit) MiB"])
    case .variables(let limit): ("variables", [.limit: "\(limit) MiB"])
    case .replaced(let limit): ("replaced", [.limit: "\(limit) KiB"])
    case .listedFiles(let limit): ("listed-files", [.limit: "\(limit)"])
    case .broughtInSize(let limit): ("brought-in-size", [.limit: "\(limit) MiB"])
    case .nodes(let limit): ("nodes", [.limit: "\(limit) MiB"])
    case .documents(let limit): ("documents", [.limit: "\(limit)"])
    case .services(let limit): ("services", [.limit: "\(limit)"])
    case .suppressions(let limit): ("suppressions", [.limit: "\(limit)"])
    case .problems(let limit): ("problems", [.limit: "\(limit)"])
    case .steps(let limit): ("steps", [.limit: "\(limit)"])
    case .broughtIn(let limit): ("brought-in", [.limit: "\(limit)"])
    case .broughtInTogether(let limit): ("brought-in-together", [.limit: "\(limit)"])
    case .comparisons(let limit): ("comparisons", [.limit: "\(limit)"])
    case .claims(let limit): ("claims", [.limit: "\(limit)"])
    case .claimsTogether(let limit): ("claims-together", [.limit: "\(limit)"])
    case .nodeTerms(let limit): ("node-terms", [.limit: "\(limit)"])
    case .ignoreSteps(let limit): ("ignore-steps", [.limit: "\(limit)"])
    case .pairs(let limit): ("pairs", [.limit: "\(limit)"])
    case .selections(let limit): ("selections", [.limit: "\(limit)"])
    case .conditions(let limit): ("conditions", [.limit: "\(limit)"])
    case .findings(let limit, let rule): ("findings", [.limit: "\(limit)", .value: rule])
    }
  }
}

extension Problem.Cause {
  /// Whether the problem is that something else of the object is missing, or does not go with it.
  var isOfWholeObject: Bool {
    switch self {
    case .invalidPort(.missing), .invalidPortName(.missing), .invalidPortName(.nameless), .invalidCombination,
      .ignoredAddress:
      true
    default: false
    }
  }
}

extension Problem.UnusedSuppression {
  fileprivate var wording: (variant: String?, values: PlaceholderValues) {
    switch self {
    case .silencesNothing(let rule): (nil, [.value: rule])
    case .unknownRule(let rule, let suggestion):
      ("unknown-rule", [.value: rule, .suggestion: suggestion.asQuestion])
    case .requiredRule(let rule): ("required-rule", [.value: rule])
    case .bare: ("bare", [:])
    case .unknownWord(let unknown):
      (
        "unknown-word",
        [.value: unknown.word, .suggestion: unknown.suggestion.asQuestion, .expected: unknown.meaning]
      )
    case .everyRule(let word): ("every-rule", [.value: word])
    case .pattern(let pattern, let use): (use.rawValue, [.value: pattern])
    case .exception(let rule): ("exception", [.value: rule])
    case .baseline(let rule, let message): ("baseline", [.value: rule, .reason: message])
    }
  }
}

extension String? {
  /// ` (did you mean 'ports'?)`, or nothing.
  fileprivate var asQuestion: String {
    map { " (did you mean '\($0)'?)" } ?? ""
  }
}

extension Problem.BrokenInclude {
  fileprivate var wording: (variant: String?, values: PlaceholderValues) {
    switch self {
    case .missingFile(let path): (nil, [.value: path])
    case .noComposeFile(let path): ("no-compose-file", [.value: path])
    case .emptyComposeFile(let path): ("empty-compose-file", [.value: path])
    case .missingService(let name, nil): ("missing-service", [.value: name])
    case .missingService(let name, let file?): ("missing-service-in-file", [.value: name, .other: file])
    case .missingNetworkService(let name): ("missing-network-service", [.value: name])
    case .circle(let name): ("circle", [.value: name])
    case .missingObject(let name): ("missing-object", [.value: name])
    case .nothingToScale(let name): ("nothing-to-scale", [.value: name])
    case .link: ("link", [:])
    case .missingPath(let path, let object): ("missing-path", [.value: path, .other: object])
    case .failedTest(let path, let object): ("failed-test", [.value: path, .other: object])
    case .brokenPatch(.neither): ("no-patch", [:])
    case .brokenPatch(.empty): ("empty-patch", [:])
    case .brokenPatch(.twofold): ("twofold-patch", [:])
    case .brokenPatch(.withoutTarget): ("no-target", [:])
    case .brokenPatch(.operation(let name)): ("unknown-operation", [.value: name])
    case .brokenPatch(.noJSON(let text)): ("no-json", [.value: text])
    case .brokenPatch(.pattern(let text)): ("broken-expression", [.value: text])
    case .brokenPatch(.selector(let text)): ("broken-selector", [.value: text])
    case .objectTwice(let name): ("object-twice", [.value: name])
    case .noObject: ("no-object", [:])
    case .noComponent: ("no-component", [:])
    case .component: ("component", [:])
    case .brokenKustomization(let broken): broken.wording
    }
  }
}

extension Problem.BrokenKustomization {
  fileprivate var wording: (variant: String?, values: PlaceholderValues) {
    switch self {
    case .unknownField(let field, let suggestion):
      ("unknown-field", [.field: field, .suggestion: suggestion.asQuestion])
    case .type(let value, let field, let expected):
      ("field-type", [.value: value, .field: field, .expected: expected])
    case .kind(let kind): ("kustomization-kind", [.value: kind])
    case .version(let version, let kind, let expected):
      ("kustomization-version", [.value: version, .other: kind, .expected: expected])
    case .empty: ("empty-kustomization", [:])
    case .several(let name): ("several-kustomizations", [.value: name])
    case .nameless(let kind): ("nameless-object", [.value: kind])
    case .noMapping(let value): ("no-mapping", [.value: value])
    case .noPath: ("no-path", [:])
    case .noKey(let expected): ("no-key", [.expected: expected])
    case .severalSigns: ("several-signs", [:])
    case .keyTwice(let key): ("key-twice", [.value: key])
    case .namelessGenerator: ("nameless-generator", [:])
    case .generatorTwice(let name): ("generator-twice", [.value: name])
    }
  }
}

extension Problem.InvalidPort {
  fileprivate var wording: (variant: String?, values: PlaceholderValues) {
    switch self {
    case .notAPort(let text): (nil, [.value: text])
    case .address(let text): ("address", [.value: text])
    case .outOfRange(let text): ("out-of-range", [.value: text])
    case .reversedRange(let text): ("reversed-range", [.value: text])
    case .unequalRanges(let host, let container): ("unequal-ranges", [.value: host, .theirs: container])
    case .noContainerPort(let text): ("no-container-port", [.value: text])
    case .zero(let field): ("zero", [.field: field])
    case .missing(let field): ("missing", [.field: field])
    case .unknownKey(let key, let suggestion, let owner):
      ("unknown-key", [.value: key, .field: owner, .suggestion: suggestion.asQuestion])
    case .notAList(let field): ("not-a-list", [.field: field])
    case .empty(let field): ("empty", [.field: field])
    case .notAMapping(let field): ("not-a-mapping", [.field: field])
    case .notAnEntry(let text): ("not-an-entry", [.value: text])
    case .spaceAfterColon(let text): ("space-after-colon", [.value: text])
    case .rangeForOne(let text, let field): ("range-for-one", [.value: text, .field: field])
    case .quotedNumber(let text, let field): ("quoted-number", [.value: text, .field: field])
    case .quotedNumberAsName(let text, let field): ("quoted-number-as-name", [.value: text, .field: field])
    case .mappingUnderExpose(let text): ("mapping-under-expose", [.value: text])
    case .protocolOnHostPort(let text, _): ("protocol-on-host-port", [.value: text])
    case .unquoted(let text, let field): ("unquoted", [.value: text, .field: field])
    case .unwanted(let text, let field): ("unwanted", [.value: text, .field: field])
    case .reserved(let text, let runtime): ("reserved", [.value: text, .other: runtime])
    case .unknownValue(let text, let field, let expected):
      ("unknown-value", [.value: text, .field: field, .expected: expected])
    }
  }
}

extension Problem.InvalidPortName {
  fileprivate var wording: (variant: String?, values: PlaceholderValues) {
    switch self {
    case .malformed(let text, let field, let reason): (nil, [.value: text, .field: field, .reason: reason])
    case .duplicate(let text, let owner): ("duplicate", [.value: text, .owner: owner])
    case .missing(let field): ("missing", [.field: field])
    case .nameless(let field): ("nameless", [.field: field])
    case .notText(let text, let field): ("not-text", [.value: text, .field: field])
    }
  }
}

extension Problem.Renderer {
  /// The command that writes what it makes.
  fileprivate var command: String {
    switch self {
    case .compose: "docker compose config"
    case .kustomize(let folder): "kubectl kustomize \(folder.asShellWord)"
    }
  }
}
