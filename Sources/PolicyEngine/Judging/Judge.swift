import PortModel
import SourceText

/// Holds an inventory against a policy.
///
/// - Parameters:
///   - mostPairs: How many pairs of overlapping claims in one scope are compared; where there are more, a finding of
///     `limit-exceeded` says so.
///   - path: The path of a file from the policy's folder: globs are held against it, and fingerprints survive moved
///     lines but not moved files.
/// - Returns: The findings, sorted by place and rule.
package func judge(
  _ inventory: Inventory, policy: Policy, mostPairs: Int = .max, path: @escaping (FileID) -> String
) -> [Diagnostic] {
  let context = JudgingContext(inventory: inventory, policy: policy, globPath: path)
  var judge = Judge(context, mostPairs: mostPairs)
  var worded: [WordedMatch] = []
  for (rule, severity) in policy.activeRules {
    for match in mergingProtocols(of: judge.matches(of: rule)) {
      worded.append(WordedMatch(rule: rule, severity: severity, match: match))
    }
  }
  worded.sort { ($0.match.place, $0.rule.id) < ($1.match.place, $1.rule.id) }
  var fingerprints = Fingerprints(inventory: inventory, path: path)
  let diagnostics = withoutYielding(worded)
    .map { $0.diagnostic(in: inventory, on: policy.platform, fingerprints: &fingerprints) }
  return withoutRepeated(diagnostics)
}

/// The matches but for those that yield to another of their place; they are sorted by place.
private func withoutYielding(_ matches: [WordedMatch]) -> [WordedMatch] {
  var result: [WordedMatch] = []
  var rest = matches[...]
  while let place = rest.first?.match.place {
    let here = rest.prefix { $0.match.place == place }
    let rules = Set(here.map(\.rule.id))
    result += here.filter { rules.isDisjoint(with: $0.rule.yieldsTo) }
    rest = rest.dropFirst(here.count)
  }
  return result
}

/// The findings without those that say the same again, as projects do that include the same file; they are sorted by place
/// and rule.
private func withoutRepeated(_ findings: [Diagnostic]) -> [Diagnostic] {
  var said: Set<String> = []
  return findings.indices.filter { number in
    let (finding, last) = (findings[number], number == 0 ? nil : findings[number - 1])
    if finding.place != last?.place || finding.rule != last?.rule { said.removeAll(keepingCapacity: true) }
    return said.insert(finding.message).inserted
  }.map { findings[$0] }
}

private struct WordedMatch {
  var rule: Rule
  var severity: Severity
  var match: Match

  func diagnostic(
    in inventory: Inventory, on platform: Platform, fingerprints: inout Fingerprints
  ) -> Diagnostic {
    // What a rule has to say may hang on the platform.
    let variant = match.variant ?? (rule.cases[platform.rawValue] == nil ? nil : platform.rawValue)
    let message = variant.flatMap { rule.cases[$0] } ?? rule.message
    return Diagnostic(
      rule: rule.id, variant: variant, severity: severity, message: message.text.filled(with: match.values),
      help: message.help.filled(with: match.values), place: match.place,
      owner: match.owner.map { OwnerLabel(inventory[$0]) }, ports: match.ports, transport: match.transport,
      related: match.related, edits: match.edits, fingerprint: fingerprints.fingerprint(of: match, rule: rule.id))
  }
}

/// Runs conditions over one inventory; what several rules ask of a relation is worked out once.
private struct Judge {
  private let context: JudgingContext
  private let sockets: SameSocket
  private var relations: [(relation: Relation, matches: OutcomeTable<[Match]>)] = []
  private let problems: [String: [Problem]]

  init(_ context: JudgingContext, mostPairs: Int) {
    self.context = context
    sockets = SameSocket(context, mostPairs: mostPairs)
    let problems = mergingUses(of: context.inventory.problems) + sockets.problems
    self.problems = Dictionary(grouping: problems, by: \.cause.rule)
  }

  mutating func matches(of rule: Rule) -> [Match] {
    switch rule.condition {
    case .reading: (problems[rule.id] ?? []).map { Match($0, in: context.inventory) }
    case .binding(let condition): condition.matches(context)
    case .reference(let condition): context.inventory.references.compactMap { condition.match($0, context) }
    case .relation(let relation, let outcome): matches(of: relation)[outcome] ?? []
    }
  }

  private mutating func matches(of relation: Relation) -> OutcomeTable<[Match]> {
    if let known = relations.first(where: { $0.relation == relation }) { return known.matches }
    let inventory = context.inventory
    let matches: OutcomeTable<[Match]>
    switch relation {
    case .sameSocket: matches = sockets.matches
    case .loneTransport: matches = LoneTransport.matches(in: context)
    case .scarcePorts: matches = ScarcePorts.matches(in: context)
    case .misnamedService: matches = MisnamedService.matches(in: context)
    case .unresolvedReference: matches = UnresolvedReference.matches(in: inventory)
    }
    relations.append((relation, matches))
    return matches
  }
}

extension Match {
  fileprivate init(_ problem: Problem, in inventory: Inventory) {
    let wording = problem.cause.wording
    var values = wording.values
    if values[.owner] == nil { values[.owner] = problem.owner.map { inventory[$0].phrase } ?? "the manifest" }
    self.init(
      variant: wording.variant, values: values, owner: problem.owner, place: problem.place, related: problem.related)
  }
}

/// What makes two problems one.
private struct ProblemKey: Hashable {
  var cause: Problem.Cause
  var place: SourceRange
}

/// One problem for each text at fault, with all its uses: an anchor's text is wrong once, however often it is used.
private func mergingUses(of problems: [Problem]) -> [Problem] {
  if areApart(problems.map(\.place)) { return problems }
  var result: [Problem] = []
  var numbers: [ProblemKey: Int] = [:]
  for problem in problems {
    let key = ProblemKey(cause: problem.cause, place: problem.place)
    if let number = numbers[key] {
      let known = Set(result[number].related.map(\.place))
      result[number].related += problem.related.filter { !known.contains($0.place) }
    } else {
      numbers[key] = result.count
      result.append(problem)
    }
  }
  return result
}
