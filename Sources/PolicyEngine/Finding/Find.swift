import PortModel
import SourceText

/// Where the active rules of a policy hold in an inventory, one rule after the other; what reading found is not in it.
///
/// - Parameters:
///   - work: What the run may still cost.
///   - paths: Those of the files, against which globs are held from the policy's folder.
package func find(
  in inventory: Inventory, policy: Policy, work: JudgingWork, paths: some FilePaths
) -> Finder {
  work.allow(for: inventory)
  return Finder(JudgingContext(inventory: inventory, policy: policy, work: work, paths: paths))
}

/// The matches of one rule after the other; what several rules ask of a relation is worked out once.
package struct Finder: Sequence, IteratorProtocol {
  private let context: JudgingContext
  private var rules: IndexingIterator<[(rule: Rule, severity: Severity)]>
  private let sockets: SameSocket
  private var relations: [(relation: Relation, matches: OutcomeTable<[Match]>)] = []

  init(_ context: JudgingContext) {
    self.context = context
    rules = context.policy.activeRules.makeIterator()
    sockets = SameSocket(context)
  }

  package mutating func next() -> (rule: Rule, severity: Severity, matches: [Match])? {
    rules.next().map { rule, severity in
      let found = context.work.take(matches(of: rule), of: rule, place: \.place) { _ in true }
      return (rule, severity, mergingProtocols(of: found))
    }
  }

  private mutating func matches(of rule: Rule) -> [Match] {
    switch rule.condition {
    case .reading: []
    case .binding(let condition): BindingJudge(condition, context).matches(of: rule)
    case .reference(let condition): ReferenceJudge(condition: condition, context: context).matches(of: rule)
    case .relation(let relation, let outcome): context.work.shown(matches(of: relation)[outcome] ?? [])
    }
  }

  private mutating func matches(of relation: Relation) -> OutcomeTable<[Match]> {
    if let known = relations.first(where: { $0.relation == relation }) { return known.matches }
    let matches: OutcomeTable<[Match]>
    switch relation {
    case .sameSocket: matches = sockets.matches
    case .loneTransport: matches = LoneTransport.matches(in: context)
    case .appendedMapping: matches = AppendedMapping.matches(in: context)
    case .ignoredClaims: matches = VainClaims.matches(in: context, effect: .ignored)
    case .refusedClaims: matches = VainClaims.matches(in: context, effect: .refused)
    case .misspeltTarget: matches = MisspeltTarget.matches(in: context)
    case .openService: matches = OpenService.matches(in: context)
    case .otherTransport: matches = OtherTransport.matches(in: context)
    case .updateDeadlock: matches = UpdateDeadlock.matches(in: context)
    case .headlessRemap: matches = HeadlessRemap.matches(in: context)
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
  var stepsForEachMatch: Int { isOwn ? 50 : 0 }
}
