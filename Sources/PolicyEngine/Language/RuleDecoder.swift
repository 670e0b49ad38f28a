import PortModel
import SourceText
import SourceYAML

/// The keys of a rule file, in the order in which they are written.
package enum RuleKey: String, CaseIterable {
  case id
  case family
  case severity
  case summary
  case from
  case when
  case relation
  case outcome
  case yieldsTo = "yields-to"
  case message
  case help
  case cases
  case why
  case references
  case passes
  case fails
}

/// The keys of a rule's `when`.
package enum ConditionKey: String, CaseIterable {
  case role
  case scope
  case format
  case privilege
  case effect
  case address
  case name
  case appProtocol = "app-protocol"
  case network
  case authenticated
  case controlPlane = "control-plane"
  case port
  case target
  case any
}

/// The keys of a condition on ports.
package enum PortConditionKey: String, CaseIterable {
  case `in`
  case notIn = "not-in"
  case otherProtocolIn = "other-protocol-in"
}

/// The keys of one of a rule's `cases`.
package enum CaseKey: String, CaseIterable {
  case message
  case help
}

private enum SeverityWord: String, CaseIterable {
  case error
  case warning
  case info
  case off

  var severity: Severity? {
    Severity(rawValue: rawValue)
  }
}

/// Reads a rule file, or its head.
///
/// - Returns: The rule, unless something is wrong with the file, and what that is.
package func decodeRule(_ file: SourceFile) -> (rule: Rule?, problems: [DecodingProblem]) {
  var rule: Rule?
  var problems: [DecodingProblem] = []
  let outcome = readYAML(file, keepingCommentsWith: "portlint:") { document in
    var decoder = RuleDecoder()
    rule = decoder.decode(document.root)
    problems += decoder.problems
  }
  if let failure = outcome.failure {
    problems.append(DecodingProblem(.expected("YAML that can be read"), at: failure.place))
  } else if outcome.documents != 1 {
    let place = SourceRange(file: file.id, start: 0, end: 0)
    problems.append(DecodingProblem(.expected("one document"), at: place))
  }
  return (problems.isEmpty ? rule : nil, problems)
}

private struct RuleDecoder {
  var problems: [DecodingProblem] = []

  mutating func decode(_ root: YAMLNode) -> Rule? {
    guard let mapping = StrictMapping<RuleKey>(root, problems: &problems) else { return nil }
    let id = mapping.requiredText(.id, problems: &problems)
    let family = mapping.word(.family, as: Rule.Family.self, kind: "family", problems: &problems)
    if mapping[.family] == nil { problems.append(DecodingProblem(.missingKey("family"), at: root.range)) }
    let severity = mapping.word(.severity, as: SeverityWord.self, kind: "severity", problems: &problems)
    if mapping[.severity] == nil { problems.append(DecodingProblem(.missingKey("severity"), at: root.range)) }
    let summary = mapping.requiredText(.summary, problems: &problems)
    let condition = decodeCondition(mapping)
    let help = template(mapping[.help], known: condition?.placeholders)
    if mapping[.help] == nil { problems.append(DecodingProblem(.missingKey("help"), at: root.range)) }
    let text = template(mapping[.message], known: condition?.placeholders)
    if mapping[.message] == nil { problems.append(DecodingProblem(.missingKey("message"), at: root.range)) }
    let yieldsTo = mapping[.yieldsTo].map { decodeTexts($0, problems: &problems).map(\.text) } ?? []
    guard let id, let family, let severity, let summary, let condition, let help, let text else { return nil }
    let message = Rule.Message(text: text, help: help)
    return Rule(
      id: id, family: family, severity: severity.severity, summary: summary, condition: condition, message: message,
      cases: decodeCases(mapping[.cases], default: message, condition: condition), yieldsTo: yieldsTo)
  }

  private mutating func decodeCondition(_ mapping: StrictMapping<RuleKey>) -> Rule.Condition? {
    let given = mapping.keys.intersection([.from, .when, .relation])
    guard given.count == 1 else {
      problems.append(DecodingProblem(.expected("one of 'from', 'when' and 'relation'"), at: mapping.node.range))
      return nil
    }
    if let from = mapping[.from] {
      if !from.isText("reading") { problems.append(DecodingProblem(.expected("'reading'"), at: from.range)) }
      return .reading
    }
    if let when = mapping[.when] {
      return decodeBindingCondition(when).map(Rule.Condition.binding)
    }
    let relation = mapping.word(.relation, as: Relation.self, kind: "relation", problems: &problems)
    let outcome = mapping.word(.outcome, as: Relation.Outcome.self, kind: "outcome", problems: &problems)
    guard let relation, outcome != nil || mapping[.outcome] == nil else { return nil }
    guard let outcome = outcome ?? (relation.outcomes == [.holds] ? .holds : nil), relation.outcomes.contains(outcome)
    else {
      let known = relation.outcomes.map { "'\($0.rawValue)'" }.joined(separator: ", ")
      problems.append(
        DecodingProblem(.expected("an outcome of \(known)"), at: (mapping[.outcome] ?? mapping.node).range))
      return nil
    }
    return .relation(relation, outcome: outcome)
  }

  private mutating func decodeBindingCondition(_ node: YAMLNode) -> BindingCondition? {
    guard let mapping = StrictMapping<ConditionKey>(node, problems: &problems) else { return nil }
    var condition = BindingCondition()
    condition.roles = words(mapping[.role], as: Binding.Role.self, kind: "role")
    condition.scopes = words(mapping[.scope], as: BindingCondition.ScopeWord.self, kind: "scope")
    condition.formats = words(mapping[.format], as: Format.self, kind: "format")
    condition.privileges = words(mapping[.privilege], as: BindingCondition.PrivilegeWord.self, kind: "privilege")
    condition.effects = words(mapping[.effect], as: BindingCondition.EffectWord.self, kind: "effect")
    condition.addresses = words(mapping[.address], as: BindingCondition.AddressWord.self, kind: "address")
    condition.names = mapping[.name].map { decodeTexts($0, problems: &problems).map(\.text) }
    condition.applicationProtocols = mapping[.appProtocol].map { decodeTexts($0, problems: &problems).map(\.text) }
    condition.networks = words(mapping[.network], as: BindingCondition.NetworkWord.self, kind: "network")
    condition.isAuthenticated = mapping[.authenticated].flatMap { boolean($0) }
    condition.isControlPlane = mapping[.controlPlane].flatMap { boolean($0) }
    if let target = mapping[.target] { condition.targets = decodePortCondition(target) }
    if let any = mapping[.any] {
      if !any.isSequence { problems.append(DecodingProblem(.expected("a list of conditions"), at: any.range)) }
      condition.alternatives = any.items.compactMap { decodeBindingCondition($0) }
    }
    if let port = mapping[.port] { condition.ports = decodePortCondition(port) }
    return condition
  }

  private mutating func boolean(_ node: YAMLNode) -> Bool? {
    if node.isText("true") { return true }
    if node.isText("false") { return false }
    problems.append(DecodingProblem(.expected("true or false"), at: node.range))
    return nil
  }

  private mutating func words<Word: RawRepresentable & CaseIterable>(
    _ node: YAMLNode?, as type: Word.Type, kind: String
  ) -> [Word]? where Word.RawValue == String {
    guard let node else { return nil }
    return decodeTexts(node, problems: &problems).compactMap {
      decodeWord($0, as: type, kind: kind, problems: &problems)
    }
  }

  private mutating func decodePortCondition(_ node: YAMLNode) -> PortCondition? {
    guard let mapping = StrictMapping<PortConditionKey>(node, problems: &problems) else { return nil }
    var condition = PortCondition()
    condition.included = mapping[.in].map { portSources($0) } ?? []
    condition.excluded = mapping[.notIn].map { portSources($0) } ?? []
    condition.otherProtocols =
      mapping[.otherProtocolIn].map { decodeTexts($0, problems: &problems).map(\.text) } ?? []
    return condition
  }

  private mutating func portSources(_ node: YAMLNode) -> [PortCondition.PortSource] {
    decodeTexts(node, problems: &problems).compactMap { portSource($0) }
  }

  private mutating func portSource(_ node: YAMLNode) -> PortCondition.PortSource? {
    switch node.text {
    case "registered": return .registered
    case "de-facto": return .deFacto
    case "own-target": return .ownTarget
    case let text where text.utf8.first?.isASCIIDigit == true:
      let bounds = text.split(separator: "-", omittingEmptySubsequences: false).map { UInt16($0) }
      if bounds.count <= 2, let first = bounds.first ?? nil, let last = bounds.last ?? nil,
        let range = PortRange(first, through: last)
      {
        return .range(range)
      }
      problems.append(DecodingProblem(.expected("a port or a range such as 7000-7099"), at: node.textRange))
      return nil
    case let name:
      return .named(name)
    }
  }

  private mutating func decodeCases(
    _ node: YAMLNode?, default message: Rule.Message, condition: Rule.Condition
  ) -> [String: Rule.Message] {
    guard let node else { return [:] }
    guard node.isMapping else {
      problems.append(DecodingProblem(.expected("a mapping"), at: node.range))
      return [:]
    }
    var cases: [String: Rule.Message] = [:]
    for entry in node.entries {
      if let known = condition.variants, !known.contains(entry.key.text) {
        let suggestion = nearestWord(to: entry.key.text, among: known)
        problems.append(
          DecodingProblem(
            .unknownWord(entry.key.text, of: "case here", suggestion: suggestion), at: entry.key.textRange))
      }
      guard let mapping = StrictMapping<CaseKey>(entry.value, problems: &problems) else { continue }
      if cases[entry.key.text] != nil {
        problems.append(DecodingProblem(.duplicateKey(entry.key.text), at: entry.key.textRange))
      }
      if mapping[.message] == nil { problems.append(DecodingProblem(.missingKey("message"), at: entry.value.range)) }
      cases[entry.key.text] = Rule.Message(
        text: template(mapping[.message], known: condition.placeholders) ?? message.text,
        help: template(mapping[.help], known: condition.placeholders) ?? message.help)
    }
    return cases
  }

  private mutating func template(_ node: YAMLNode?, known: Set<Placeholder>?) -> Template? {
    guard let node else { return nil }
    guard node.isScalar else {
      problems.append(DecodingProblem(.expected("text"), at: node.range))
      return nil
    }
    let known = known ?? Set(Placeholder.allCases)
    // Only a mistake pays for the words that it may have meant.
    var words: [String] { known.map(\.rawValue).sorted() }
    do throws(Template.UnknownPlaceholder) {
      let template = try Template(node.text)
      for stranger in template.placeholders.subtracting(known).map(\.rawValue).sorted() {
        let suggestion = nearestWord(to: stranger, among: words)
        problems.append(
          DecodingProblem(.unknownWord(stranger, of: "placeholder here", suggestion: suggestion), at: node.range))
      }
      return template
    } catch {
      let suggestion = nearestWord(to: error.word, among: words)
      problems.append(
        DecodingProblem(.unknownWord(error.word, of: "placeholder", suggestion: suggestion), at: node.range))
      return nil
    }
  }
}

extension Rule.Condition {
  /// The cases that messages may be written for; nothing where tests compare them with the code.
  fileprivate var variants: [String]? {
    switch self {
    case .reading: nil
    case .binding(let condition): condition.variants
    case .relation(let relation, let outcome): relation.variants(of: outcome)
    }
  }

  /// The placeholders that messages may use; nothing where the variants differ and tests compare them.
  fileprivate var placeholders: Set<Placeholder>? {
    switch self {
    case .reading: nil
    case .binding: BindingCondition.placeholders
    case .relation(let relation, _): relation.placeholders
    }
  }
}
