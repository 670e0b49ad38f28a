import PortModel
import SourceText
import SourceYAML

/// The keys of a rule file, in the order in which they are written.
package enum RuleKey: String, CaseIterable {
  case id
  case family
  case severity
  case required
  case summary
  case from
  case subject
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

/// The keys of one of a rule's `cases`.
package enum CaseKey: String, CaseIterable {
  case message
  case help
}

/// Reads a rule file, or its head.
///
/// - Parameters:
///   - knownPorts: The names of ranges and tables that conditions may use; without it they are not checked.
///   - isOwn: Whether it is a team's rule: nothing in reading a manifest finds what such a rule could say.
///   - taken: The ids that other rules have.
/// - Returns: The rule, unless something is wrong with the file, and what that is.
package func decodeRule(
  _ file: SourceFile, knownPorts: Set<String>? = nil, isOwn: Bool = false, taken: Set<String> = []
) -> (rule: Rule?, problems: [DecodingProblem]) {
  var rule: Rule?
  var problems: [DecodingProblem] = []
  let outcome = readYAML(file, keepingCommentsWith: "portlint:") { document in
    var decoder = RuleDecoder(isOwn: isOwn, knownPorts: knownPorts)
    rule = decoder.decode(document.root)
    if let node = document.root.value("id"), taken.contains(node.text) {
      decoder.problems.append(DecodingProblem(.other("there is a rule '\(node.text)' already"), at: node.textRange))
    }
    if isOwn, let node = document.root.value("from") {
      decoder.problems.append(DecodingProblem(.expected("'when' or 'relation' in a rule of one's own"), at: node.range))
    }
    problems += decoder.problems
  }
  if let failure = outcome.failure {
    problems = [DecodingProblem(failure)]
  } else if outcome.documents != 1 {
    let place = SourceRange(file: file.id, start: 0, end: 0)
    problems.append(DecodingProblem(.expected("one document"), at: place))
  }
  return (problems.isEmpty ? rule : nil, problems)
}

private struct RuleDecoder {
  let isOwn: Bool
  let knownPorts: Set<String>?
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
    if let required = mapping[.required], !required.isText("true") {
      problems.append(DecodingProblem(.expected("true, or nothing"), at: required.range))
    }
    return Rule(
      id: id, family: family, severity: severity.severity, isRequired: mapping[.required] != nil, isOwn: isOwn,
      summary: summary,
      condition: condition, message: message,
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
      let subject = mapping.word(.subject, as: Subject.self, kind: "subject", problems: &problems)
      if mapping[.subject] != nil, subject == nil { return nil }
      var decoder = ConditionDecoder(subject: subject ?? .binding, knownPorts: knownPorts)
      defer { problems += decoder.problems }
      switch decoder.subject {
      case .binding: return decoder.bindingCondition(when).map(Rule.Condition.binding)
      case .reference: return decoder.referenceCondition(when).map(Rule.Condition.reference)
      }
    }
    if let subject = mapping[.subject] {
      problems.append(DecodingProblem(.expected("'when' beside 'subject'"), at: subject.range))
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
    // Only a mistake pays for the words that it may have meant.
    var words: [String] { (known.map(Array.init) ?? Placeholder.allCases).map(\.rawValue).sorted() }
    do throws(Template.UnknownPlaceholder) {
      let template = try Template(node.text)
      guard let known else { return template }
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
    case .binding(let condition): condition.variants + Platform.allCases.map(\.rawValue)
    case .reference: Platform.allCases.map(\.rawValue)
    case .relation(let relation, let outcome): relation.variants(of: outcome)
    }
  }

  /// The placeholders that messages may use; nothing where the variants differ and tests compare them.
  fileprivate var placeholders: Set<Placeholder>? {
    switch self {
    case .reading: nil
    case .binding: BindingCondition.placeholders
    case .reference: ReferenceCondition.placeholders
    case .relation(let relation, _): relation.placeholders
    }
  }
}
