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
  case fix
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
  case fix
}

/// The words for what mends each finding of a rule, or of one of its cases.
package enum FixWord: String, CaseIterable {
  case anotherPort = "another-port"
  case dropEntry = "drop-entry"
  case loopback

  var remedy: Remedy {
    switch self {
    case .anotherPort: .anotherPort
    case .dropEntry: .dropEntry
    case .loopback: .loopback
    }
  }
}

/// Reads a rule file, or its head.
///
/// - Parameters:
///   - knownPorts: The names of ranges and tables that conditions may use; without it they are not checked.
///   - knownFormats: The ids of formats that conditions may use; without it they are not checked.
///   - isOwn: Whether it is a team's rule: nothing in reading a manifest finds what such a rule could say.
///   - taken: The ids that other rules have.
/// - Returns: The rule, unless something is wrong with the file, and what that is.
package func decodeRule(
  _ file: SourceFile, knownPorts: Set<String>? = nil, knownFormats: Set<String>? = nil, isOwn: Bool = false,
  taken: Set<String> = []
) -> (rule: Rule?, problems: [DecodingProblem]) {
  var rule: Rule?
  var problems: [DecodingProblem] = []
  let outcome = readYAML(file, keepingCommentsWith: "portlint:") { document in
    var decoder = RuleDecoder(isOwn: isOwn, knownPorts: knownPorts, knownFormats: knownFormats)
    rule = decoder.decode(document.root)
    if let node = document.root.value("id"), taken.contains(node.text) {
      decoder.problems.report(.other("there is a rule '\(node.text)' already"), at: node.textRange)
    }
    if isOwn, rule != nil, let node = document.root.value("id"), !isName(node.bytes) {
      decoder.problems.report(.expected("an id of letters, digits and hyphens, such as payments-ports"), at: node.range)
    }
    if isOwn, let node = document.root.value("from") {
      decoder.problems.report(.expected("'when' or 'relation' in a rule of one's own"), at: node.range)
    }
    problems += decoder.problems
  }
  if let failure = outcome.failure {
    problems = []
    problems.report(failure)
  } else if outcome.documents != 1 {
    let place = SourceRange(file: file.id, start: 0, end: 0)
    let expected = outcome.documents == 0 ? "a rule" : "one document"
    problems.report(.expected(expected), at: place)
  }
  return (problems.isEmpty ? rule : nil, problems)
}

/// The ids of rules that a rule file says its rule yields to, with their places.
package func decodeYieldsTo(_ file: SourceFile) -> [Located<String>] {
  var ids: [Located<String>] = []
  var problems: [DecodingProblem] = []
  _ = readYAML(file, keepingCommentsWith: "portlint:") { document in
    guard let node = document.root.value("yields-to") else { return }
    ids = decodeTexts(node, problems: &problems).map { Located($0.text, at: $0.textRange) }
  }
  return ids
}

/// Where a rule file says how severe its rule is, or else which rule it is.
package func decodeSeverityPlace(_ file: SourceFile) -> SourceRange? {
  var place: SourceRange?
  _ = readYAML(file, keepingCommentsWith: "portlint:") { document in
    place = (document.root.value("severity") ?? document.root.value("id"))?.range
  }
  return place
}

/// Whether an id may stand in a suppression and on the command line: there, blanks, commas and signs part it from others.
private func isName(_ id: YAMLText) -> Bool {
  let signs = Array("-_./".utf8)
  return id.first.map { $0 != UInt8(ascii: "-") } == true
    && id.allSatisfy { byte in
      byte.isASCIIDigit || (0x61...0x7A).contains(byte.lowercasedASCII) || signs.contains(byte)
    }
}

private struct RuleDecoder {
  let isOwn: Bool
  let knownPorts: Set<String>?
  let knownFormats: Set<String>?
  var problems: [DecodingProblem] = []

  mutating func decode(_ root: YAMLNode) -> Rule? {
    let keys = Set(RuleKey.allCases.map(\.rawValue))
    if root.isMapping, !root.entries.contains(where: { keys.contains($0.key.text) }) {
      // What is no rule at all has one fault, and not one for each of its keys.
      problems.report(.expected("a rule, which has the keys id, family, severity, summary, ..."), at: root.range)
      return nil
    }
    guard let mapping = StrictMapping<RuleKey>(root, problems: &problems) else { return nil }
    mapping.holds(.id, .family, .severity, .summary, .message, .help, problems: &problems)
    let id = mapping.text(.id, problems: &problems)
    let family = mapping.word(.family, as: RuleInfo.Family.self, kind: "family", problems: &problems)
    let severity = mapping.word(.severity, as: SeverityWord.self, kind: "severity", problems: &problems)
    let summary = mapping.text(.summary, problems: &problems)
    let condition = decodeCondition(mapping)
    let help = template(mapping[.help], known: condition?.placeholders)
    let text = template(mapping[.message], known: condition?.placeholders)
    if let references = mapping[.references] { _ = decodeTexts(references, problems: &problems) }
    _ = mapping.text(.why, problems: &problems)
    let yieldsTo = mapping[.yieldsTo].map { decodeTexts($0, problems: &problems).map(\.text) } ?? []
    guard let id, let family, let severity, let summary, let condition, let help, let text else { return nil }
    let fix = mapping.word(.fix, as: FixWord.self, kind: "fix", problems: &problems)
    let message = Rule.Message(text: text, help: help, fix: fix?.remedy)
    if let required = mapping[.required], !required.isText("true") {
      problems.report(.expected("true, or nothing"), at: required.range)
    }
    return Rule(
      id: id, family: family, severity: severity.severity, isRequired: mapping.has(.required), isOwn: isOwn,
      summary: summary,
      condition: condition, message: message,
      cases: decodeCases(mapping[.cases], default: message, condition: condition), yieldsTo: yieldsTo)
  }

  private mutating func decodeCondition(_ mapping: StrictMapping<RuleKey>) -> Rule.Condition? {
    let kinds: [RuleKey] = [.from, .when, .relation]
    guard mapping.keys.intersection(kinds).count == 1 else {
      if kinds.contains(where: { mapping.isMeant($0) }) { return nil }
      problems.report(.expected("one of 'from', 'when' and 'relation'"), at: mapping.node.range)
      return nil
    }
    if let from = mapping[.from] {
      if !from.isText("reading") { problems.report(.expected("'reading'"), at: from.range) }
      return .reading
    }
    if let outcome = mapping[.outcome], !mapping.has(.relation) {
      problems.report(.expected("'relation' beside 'outcome'"), at: outcome.range)
    }
    if let when = mapping[.when] {
      let subject = mapping.word(.subject, as: Subject.self, kind: "subject", problems: &problems)
      if mapping.has(.subject), subject == nil { return nil }
      var decoder = ConditionDecoder(
        subject: subject ?? .binding, knownPorts: knownPorts, knownFormats: knownFormats)
      defer { problems += decoder.problems }
      let condition = decoder.condition(when)
      switch decoder.subject {
      case .binding: return condition.map(Rule.Condition.binding)
      case .reference: return condition.map(Rule.Condition.reference)
      }
    }
    if let subject = mapping[.subject] {
      problems.report(.expected("'when' beside 'subject'"), at: subject.range)
    }
    let relation = mapping.word(.relation, as: Relation.self, kind: "relation", problems: &problems)
    let outcome = mapping.word(.outcome, as: Relation.Outcome.self, kind: "outcome", problems: &problems)
    guard let relation, outcome != nil || !mapping.has(.outcome) else { return nil }
    guard let outcome = outcome ?? (relation.outcomes == [.holds] ? .holds : nil), relation.outcomes.contains(outcome)
    else {
      let known = relation.outcomes.map { "'\($0.rawValue)'" }.joined(separator: ", ")
      problems.report(.expected("an outcome of \(known)"), at: (mapping[.outcome] ?? mapping.node).range)
      return nil
    }
    return .relation(relation, outcome: outcome)
  }

  private mutating func decodeCases(
    _ node: YAMLNode?, default message: Rule.Message, condition: Rule.Condition
  ) -> [String: Rule.Message] {
    guard let node else { return [:] }
    guard node.isMapping else {
      problems.report(.expected("a mapping"), at: node.range)
      return [:]
    }
    var cases: [String: Rule.Message] = [:]
    for entry in node.entries {
      if let known = condition.variants, !known.contains(entry.key.text) {
        let near = NearWords(to: entry.key.text, among: known)
        problems.report(.unknownWord(entry.key.text, of: "case here", near), at: entry.key.textRange)
      }
      guard let mapping = StrictMapping<CaseKey>(entry.value, problems: &problems) else { continue }
      if cases[entry.key.text] != nil {
        problems.report(.duplicateKey(entry.key.text), at: entry.key.textRange)
      }
      mapping.holds(.message, problems: &problems)
      cases[entry.key.text] = Rule.Message(
        text: template(mapping[.message], known: condition.placeholders) ?? message.text,
        help: template(mapping[.help], known: condition.placeholders) ?? message.help,
        fix: mapping.word(.fix, as: FixWord.self, kind: "fix", problems: &problems)?.remedy)
    }
    return cases
  }

  private mutating func template(_ node: YAMLNode?, known: Set<Placeholder>?) -> Template? {
    guard let node else { return nil }
    guard node.isScalar, !node.isUnsaid, !node.bytes.isEmpty else {
      problems.report(.expected("text"), at: node.range)
      return nil
    }
    func unknown(_ word: Template.Word, _ kind: String) {
      let near = NearWords(
        to: word.text, among: (known.map(Array.init) ?? Placeholder.allCases).map(\.rawValue).sorted())
      problems.report(.unknownWord(word.text, of: kind, near), at: node.range(ofText: word.place))
    }
    do throws(Template.Word) {
      var words: [Template.Word] = []
      let template = try Template(node.text, words: &words)
      if let known {
        for word in words where !known.contains(where: { $0.rawValue == word.text }) {
          unknown(word, "placeholder here")
        }
      }
      return template
    } catch  where error.isClosed {
      unknown(error, "placeholder")
    } catch {
      let sentence = "no brace closes this placeholder; a brace itself is written {{"
      problems.report(.other(sentence), at: node.range(ofText: error.place.lowerBound - 1..<error.place.upperBound))
    }
    return nil
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
    case .binding: BindingJudge.placeholders
    case .reference: ReferenceJudge.placeholders
    case .relation(let relation, _): relation.placeholders
    }
  }
}
