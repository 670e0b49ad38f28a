import PortModel
import SourceText

/// Problems in words that are about no owner, such as those of a policy itself, sorted by place and rule.
///
/// - Parameter paths: Those of the files: from the policy's folder, fingerprints tell files apart by them.
package func word(_ problems: [Problem], policy: Policy, paths: some FilePaths) -> [Diagnostic] {
  var wording = Wording(policy, paths: paths)
  return settle(wording.word(problems), by: policy)
}

/// Says in the words of a policy's rules what was found: the one place that makes findings.
struct Wording {
  private let policy: Policy
  private let owners: [Owner]
  private var fingerprints: Fingerprints

  /// - Parameters:
  ///   - owners: Those of the inventory, to which matches and problems refer by number.
  ///   - paths: Those of the files: from the policy's folder, fingerprints tell files apart by them.
  init(_ policy: Policy, owners: [Owner] = [], paths: some FilePaths) {
    self.policy = policy
    self.owners = owners
    fingerprints = Fingerprints(owners: owners, policy, paths)
  }

  /// A match in the words of its rule.
  mutating func word(_ match: Match, of rule: Rule, _ severity: Severity) -> Diagnostic {
    // What a rule has to say may hang on the platform.
    let platform = policy.platform.rawValue
    let variant = match.variant ?? (rule.cases[platform] == nil ? nil : platform)
    let message = variant.flatMap { rule.cases[$0] } ?? rule.message
    var diagnostic = Diagnostic(
      rule: rule.id, variant: variant, severity: severity, message: message.text.filled(with: match.values),
      help: message.help.filled(with: match.values), place: match.place, owner: match.owner, ports: match.ports,
      transport: match.transport, related: match.related,
      fingerprint: fingerprints.fingerprint(of: match, rule: rule.id))
    diagnostic.subject = match.subject
    diagnostic.remedy = match.remedy ?? message.fix
    return diagnostic
  }

  /// Problems in the words of the rules that say them; those that no active rule says are left out.
  ///
  /// - Parameter work: What the run may still cost, if that is a matter.
  mutating func word(_ problems: [Problem], within work: JudgingWork? = nil) -> [Diagnostic] {
    if problems.isEmpty { return [] }
    let problems = Dictionary(grouping: mergingUses(of: problems), by: \.cause.rule)
    var diagnostics: [Diagnostic] = []
    for (rule, severity) in policy.activeRules {
      guard let found = problems[rule.id] else { continue }
      for problem in work?.take(found, of: rule, place: \.place, where: { work?.isShown($0) ?? true }) ?? found {
        diagnostics.append(word(match(problem), of: rule, severity))
      }
    }
    return diagnostics
  }

  private func match(_ problem: Problem) -> Match {
    let wording = problem.cause.wording
    var values = wording.values
    if values[.owner] == nil {
      values[.owner] = problem.owner.map { owners[Int($0.index)].phrase } ?? "the manifest"
    }
    var match = Match(
      variant: wording.variant, values: values, owner: problem.owner, place: problem.place, related: problem.related)
    match.subject = problem.cause.subject
    match.remedy = problem.cause.remedy
    return match
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
