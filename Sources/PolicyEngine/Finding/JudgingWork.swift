import PortModel
import SourceText

/// How much work judging may take beyond what any manifest of its length may: of what grows with a product, such as rules
/// times claims.
package struct JudgingLimits: Sendable {
  /// How many pairs of overlapping claims are compared: time and memory grow with them.
  package var pairs = 1_000_000
  /// How many times a label is held against a selector, or a port listed for one.
  package var selections = 10_000_000
  /// How many times a condition, an exception or a glob of the policy is held against what the manifests say.
  package var conditions = 10_000_000
  /// How many findings of one rule are worded and kept, at some 500 bytes each.
  package var findings = 10_000

  package init() {}
}

/// Counts one kind of work: by steps and not by time, so that where it ends hangs on the input only.
package final class WorkMeter {
  /// How many steps there may be.
  package private(set) var most: Int
  private var taken = 0

  package init(most: Int) {
    self.most = most
  }

  /// Whether more steps were taken than there may be.
  package var isSpent: Bool { taken > most }

  /// Lets more steps be taken, as what is read grows.
  package func allow(_ steps: Int) {
    most = most.addingReportingOverflow(steps).overflow ? .max : most + steps
  }

  package func take(_ steps: Int = 1) {
    taken = taken.addingReportingOverflow(steps).overflow ? .max : taken + steps
  }
}

/// The work of one run, however many inventories it judges.
package final class JudgingWork {
  let mostPairs: Int
  private let mostFindings: Int
  /// Whether findings in a file are shown, where some are not: those in what is read for the sake of others.
  package var showsFile: ((FileID) -> Bool)?
  /// By rules, how many findings they have.
  private var findings: [String: Int] = [:]
  let selections: WorkMeter
  package let conditions: WorkMeter
  var pairs = PairCount()
  private var problems: [Problem] = []
  private var ends: Set<SourceRange> = []
  private var stopped: Set<Problem.Limit> = []
  /// What the largest inventory so far has let it take.
  private var allowed: (selections: Int, conditions: Int) = (0, 0)

  package init(_ limits: JudgingLimits = JudgingLimits()) {
    mostPairs = limits.pairs
    mostFindings = limits.findings
    selections = WorkMeter(most: limits.selections)
    conditions = WorkMeter(most: limits.conditions)
  }

  /// How many pairs of claims were looked at.
  struct PairCount {
    /// To see which bundles meet.
    var compared = 0
    /// To see what each claim meets.
    var judged = 0

    var larger: Int { max(compared, judged) }
  }

  /// What grows with an inventory only is no matter of limits.
  func allow(for inventory: Inventory) {
    let more = (
      selections: 100 * (inventory.owners.count + inventory.references.count),
      conditions: 200 * (inventory.bindings.count + inventory.references.count)
    )
    // The same inventory may be judged for one deployment after the other.
    selections.allow(max(0, more.selections - allowed.selections))
    conditions.allow(max(0, more.conditions - allowed.conditions))
    allowed = (max(allowed.selections, more.selections), max(allowed.conditions, more.conditions))
  }

  /// Counts what it takes to judge an inventory once more.
  package func takeJudging(of inventory: Inventory) {
    conditions.take(20 * (inventory.owners.count + inventory.bindings.count + inventory.references.count))
  }

  /// Notes where what the policy asks for ended before it was done, if it did.
  package func stopIfSpent(at place: @autoclosure () -> SourceRange) -> Bool {
    guard conditions.isSpent else { return false }
    stop(.conditions(conditions.most), at: place())
    return true
  }

  /// Whether a finding says where work ended: whatever was to come behind it was not judged.
  package func ended(at finding: Diagnostic) -> Bool {
    finding.rule == "limit-exceeded" && ends.contains(finding.place)
  }

  /// Whether a rule may have another match, at a place, after those that it has.
  func hasRoom(for rule: Rule, after matches: Int, at place: @autoclosure () -> SourceRange) -> Bool {
    if matches < room(for: rule) { return true }
    stop(.findings(mostFindings, rule: rule.id), at: place())
    return false
  }

  /// Counts what a rule has found, and leaves what there may be.
  ///
  /// - Parameter counts: Whether something takes room: it does where it is shown.
  func take<Found>(
    _ found: [Found], of rule: Rule, place: (Found) -> SourceRange, where counts: (Found) -> Bool
  ) -> [Found] {
    let room = room(for: rule)
    var taken = 0
    let excess = found.firstIndex { item in
      taken += counts(item) ? 1 : 0
      return taken > room
    }
    findings[rule.id, default: 0] += min(room, taken)
    guard let excess else { return found }
    stop(.findings(mostFindings, rule: rule.id), at: place(found[excess]))
    return Array(found[..<excess])
  }

  /// Whether a problem is in a file whose findings are shown.
  func isShown(_ problem: Problem) -> Bool {
    showsFile?(problem.place.file) ?? true
  }

  /// Whether a match is in a file whose findings are shown, or speaks of one.
  func isShown(_ match: Match) -> Bool {
    guard let showsFile else { return true }
    return showsFile(match.place.file) || match.related.contains { !$0.isOrigin && showsFile($0.place.file) }
  }

  /// Those of some matches that are shown.
  func shown(_ matches: [Match]) -> [Match] {
    showsFile == nil ? matches : matches.filter(isShown)
  }

  private func room(for rule: Rule) -> Int { mostFindings - findings[rule.id, default: 0] }

  /// Notes where a kind of work ended before it was done; the first place is said.
  func stop(_ limit: Problem.Limit, at place: SourceRange) {
    guard stopped.insert(limit).inserted else { return }
    problems.report(.limitExceeded(limit), at: place)
    ends.insert(place)
  }

  /// Where work ended since this was last asked.
  package func takeProblems() -> [Problem] {
    defer { problems = [] }
    return problems
  }
}
