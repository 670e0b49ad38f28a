import PortModel
import SourceText

/// Holds an inventory against a policy.
///
/// - Parameters:
///   - work: What the run may still cost; where that is spent, a finding of `limit-exceeded` says so.
///   - path: The path of a file from the policy's folder: globs are held against it, and fingerprints survive moved
///     lines but not moved files.
/// - Returns: The findings, sorted by place and rule.
package func judge(
  _ inventory: Inventory, policy: Policy, work: JudgingWork = JudgingWork(), path: @escaping (FileID) -> String
) -> [Diagnostic] {
  work.allow(for: inventory)
  let context = JudgingContext(inventory: inventory, policy: policy, work: work, globPath: path)
  var fingerprints = Fingerprints(inventory: inventory, path: path)
  var judge = Judge(context)
  var findings: [Diagnostic] = []
  var yieldsTo: [String: [String]] = [:]
  func report(_ match: Match, of rule: Rule, _ severity: Severity) {
    let fingerprint = fingerprints.fingerprint(of: match, rule: rule.id)
    findings.append(Diagnostic(match, of: rule, severity, on: policy.platform, fingerprint: fingerprint))
  }
  for (rule, severity) in policy.activeRules {
    if !rule.yieldsTo.isEmpty { yieldsTo[rule.id] = rule.yieldsTo }
    for match in mergingProtocols(of: judge.matches(of: rule)) { report(match, of: rule, severity) }
  }
  // What ended before it was done is known when the rest is.
  for problem in work.takeProblems() {
    for (rule, severity) in policy.activeRules where rule.id == problem.cause.rule {
      report(Match(problem, in: inventory), of: rule, severity)
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
  var said: Set<ExactText> = []
  for number in findings.indices.dropFirst() {
    guard findings[number].place == findings[number - 1].place, findings[number].rule == findings[number - 1].rule
    else {
      if !said.isEmpty { said = [] }
      continue
    }
    if said.isEmpty { said.insert(findings[number - 1].message.exact) }
    if !said.insert(findings[number].message.exact).inserted { repeated.append(number) }
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
    subject = match.subject
  }
}

/// Runs conditions over one inventory; what several rules ask of a relation is worked out once.
private struct Judge {
  private let context: JudgingContext
  private let sockets: SameSocket
  private var relations: [(relation: Relation, matches: OutcomeTable<[Match]>)] = []
  private let problems: [String: [Problem]]

  init(_ context: JudgingContext) {
    self.context = context
    sockets = SameSocket(context)
    problems = Dictionary(grouping: mergingUses(of: context.inventory.problems), by: \.cause.rule)
  }

  mutating func matches(of rule: Rule) -> [Match] {
    switch rule.condition {
    case .reading: (problems[rule.id] ?? []).map { Match($0, in: context.inventory) }
    case .binding(let condition): condition.matches(context, stepsForEach: rule.stepsForEachMatch)
    case .reference(let condition): condition.matches(context, stepsForEach: rule.stepsForEachMatch)
    case .relation(let relation, let outcome): matches(of: relation)[outcome] ?? []
    }
  }

  private mutating func matches(of relation: Relation) -> OutcomeTable<[Match]> {
    if let known = relations.first(where: { $0.relation == relation }) { return known.matches }
    let matches: OutcomeTable<[Match]>
    switch relation {
    case .sameSocket: matches = sockets.matches
    case .loneTransport: matches = LoneTransport.matches(in: context)
    case .openService: matches = OpenService.matches(in: context)
    case .otherTransport: matches = OtherTransport.matches(in: context)
    case .scarcePorts: matches = ScarcePorts.matches(in: context)
    case .misnamedService: matches = MisnamedService.matches(in: context)
    case .unresolvedReference: matches = UnresolvedReference.matches(in: context)
    }
    relations.append((relation, matches))
    return matches
  }
}

extension Rule {
  /// What it takes to say and to keep a finding; of portlint's own rules there is a handful for each claim.
  fileprivate var stepsForEachMatch: Int { isOwn ? 50 : 0 }
}

extension Match {
  fileprivate init(_ problem: Problem, in inventory: Inventory) {
    let wording = problem.cause.wording
    var values = wording.values
    if values[.owner] == nil { values[.owner] = problem.owner.map { inventory[$0].phrase } ?? "the manifest" }
    self.init(
      variant: wording.variant, values: values, owner: problem.owner, place: problem.place, related: problem.related)
    subject = problem.cause.subject
  }
}

/// What makes two problems one.
private struct ProblemKey: Hashable {
  var cause: Problem.Cause
  /// The names in its message, byte for byte.
  var names: PlaceholderValues
  var place: SourceRange
}

/// One problem for each text at fault, with all its uses: an anchor's text is wrong once, however often it is used.
private func mergingUses(of problems: [Problem]) -> [Problem] {
  if areApart(problems.map(\.place)) { return problems }
  var result: [Problem] = []
  var numbers: [ProblemKey: Int] = [:]
  for problem in problems {
    let key = ProblemKey(cause: problem.cause, names: problem.cause.wording.values, place: problem.place)
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
