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
  var fingerprints = Fingerprints(inventory: inventory, path: path)
  var judge = Judge(context, mostPairs: mostPairs)
  var findings: [Diagnostic] = []
  var yieldsTo: [String: [String]] = [:]
  for (rule, severity) in policy.activeRules {
    if !rule.yieldsTo.isEmpty { yieldsTo[rule.id] = rule.yieldsTo }
    for match in mergingProtocols(of: judge.matches(of: rule)) {
      let fingerprint = fingerprints.fingerprint(of: match, rule: rule.id)
      findings.append(Diagnostic(match, of: rule, severity, on: policy.platform, fingerprint: fingerprint))
    }
  }
  // What follows needs several findings, and its first use of a set costs some time: see `Groups`.
  guard findings.count > 1 else { return findings }
  findings.sort { ($0.place, $0.rule) < ($1.place, $1.rule) }
  removeYielding(from: &findings, yieldsTo)
  numberRepetitions(of: &findings)
  removeRepeated(from: &findings)
  return findings
}

/// Removes the findings that yield to another of their place; they are sorted by place.
///
/// - Parameter yieldsTo: By rules, the rules whose findings say it better.
private func removeYielding(from findings: inout [Diagnostic], _ yieldsTo: [String: [String]]) {
  var yielding: [Int] = []
  var start = 0
  while start < findings.count {
    let place = findings[start].place
    let end = findings[start...].firstIndex { $0.place != place } ?? findings.count
    if end - start > 1 {
      let rules = Set(findings[start..<end].map(\.rule))
      yielding += (start..<end).filter { !rules.isDisjoint(with: yieldsTo[findings[$0].rule] ?? []) }
    }
    start = end
  }
  if !yielding.isEmpty { findings.removeSubranges(RangeSet(yielding, within: findings)) }
}

/// Tells findings apart that have one fingerprint.
private func numberRepetitions(of findings: inout [Diagnostic]) {
  var seen: [UInt64: UInt32] = [:]
  for number in findings.indices {
    let sum = findings[number].fingerprint.sum
    findings[number].fingerprint.repetition = seen[sum, default: 0]
    seen[sum, default: 0] += 1
  }
}

/// Removes the findings that say the same again, as projects do that include the same file; they are sorted by place and
/// rule.
private func removeRepeated(from findings: inout [Diagnostic]) {
  var repeated: [Int] = []
  var said: Set<String> = []
  for number in findings.indices.dropFirst() {
    guard findings[number].place == findings[number - 1].place, findings[number].rule == findings[number - 1].rule
    else {
      if !said.isEmpty { said = [] }
      continue
    }
    if said.isEmpty { said.insert(findings[number - 1].message) }
    if !said.insert(findings[number].message).inserted { repeated.append(number) }
  }
  if !repeated.isEmpty { findings.removeSubranges(RangeSet(repeated, within: findings)) }
}

extension Diagnostic {
  fileprivate init(
    _ match: Match, of rule: Rule, _ severity: Severity, on platform: Platform, fingerprint: Fingerprint
  ) {
    // What a rule has to say may hang on the platform.
    let variant = match.variant ?? (rule.cases[platform.rawValue] == nil ? nil : platform.rawValue)
    let message = variant.flatMap { rule.cases[$0] } ?? rule.message
    self.init(
      rule: rule.id, variant: variant, severity: severity, message: message.text.filled(with: match.values),
      help: message.help.filled(with: match.values), place: match.place,
      owner: match.owner, ports: match.ports, transport: match.transport,
      related: match.related, edits: match.edits, fingerprint: fingerprint)
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
