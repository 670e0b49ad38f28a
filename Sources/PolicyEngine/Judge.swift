import PortModel
import SourceText

/// What a policy says of an inventory: found, worded and settled.
///
/// - Parameters:
///   - work: What the run may still cost; where that is spent, a finding of `limit-exceeded` says so.
///   - paths: Those of the files: from the policy's folder, globs are held against them, and fingerprints survive moved
///     lines but not moved files.
/// - Returns: The findings, sorted by place and rule.
package func judge(
  _ inventory: Inventory, policy: Policy, work: JudgingWork = JudgingWork(), paths: some FilePaths
) -> [Diagnostic] {
  var wording = Wording(policy, owners: inventory.owners, paths: paths)
  var findings: [Diagnostic] = []
  // Rule by rule, so that of very many matches no more are kept than one rule's.
  for (rule, severity, matches) in find(in: inventory, policy: policy, work: work, paths: paths) {
    for match in matches where inventory.tells(match) { findings.append(wording.word(match, of: rule, severity)) }
  }
  findings += wording.word(inventory.problems, within: work)
  // What ended before it was done is known when the rest is.
  findings += wording.word(work.takeProblems())
  return settle(findings, by: policy)
}

extension Inventory {
  /// Whether a match is to be told: of a file that is laid over the project of another, only what it takes part in.
  fileprivate func tells(_ match: Match) -> Bool {
    guard let overlay = match.owner.flatMap(overlay(of:)) else { return true }
    return match.place.file == overlay || match.related.contains { $0.place.file == overlay }
  }
}
