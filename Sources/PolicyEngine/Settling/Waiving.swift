import PortModel
import SourceText

/// How much of what a policy speaks of a run has in view.
package enum RunView: Sendable {
  /// Some files that were named.
  case files
  /// Some folders.
  case folders
  /// All of the policy's folder.
  case whole
}

/// Findings, told apart by whether they count.
package struct WaivedFindings: Sendable {
  package var counting: [Diagnostic] = []
  package var waived: [WaivedDiagnostic] = []
  /// Suppressions, exceptions and entries of the baseline that are idle.
  package var idle: [Problem] = []
}

/// Tells the findings that count from those that are waived.
///
/// For a finding with several parties, a waiver at one of them suffices. What a required rule says always counts.
///
/// - Parameters:
///   - heedsSuppressions: Whether what manifests themselves silence is waived.
///   - paths: Those of the files, against which the policy's globs are held from its folder.
///   - work: What the run may still cost: each exception is held against findings.
///   - view: How much is in view: what may be meant for something else is not called idle.
package func waive(
  _ diagnostics: [Diagnostic], in inventory: Inventory, policy: Policy, baseline: Baseline, work: JudgingWork,
  view: RunView, heedsSuppressions: Bool = true, paths: some FilePaths
) -> WaivedFindings {
  let isNothingWaived =
    inventory.suppressions.isEmpty && baseline.entries.isEmpty && policy.exceptions.allSatisfy { $0.value.isEmpty }
  // Which is so in most runs: then nobody need know the rules.
  if isNothingWaived { return WaivedFindings(counting: diagnostics) }
  var waivers: [Waiver?] = Array(repeating: nil, count: diagnostics.count)
  var idle: [Problem] = []
  let known = KnownRules(policy)

  var suppressions = Suppressions(inventory.suppressions)
  for (number, waiver) in suppressions.waivers(of: diagnostics)
  where heedsSuppressions && !known.required.contains(diagnostics[number].rule) {
    waivers[number] = waiver
  }
  idle += suppressions.mistakes(among: known)
  if view != .files {
    for item in suppressions.idle where known.mayBeIdle(item.rule) {
      idle.report(.unusedSuppression(.silencesNothing(rule: item.rule)), at: item.place)
    }
  }

  let excepted = Set(policy.exceptions.filter { !$0.value.isEmpty }.keys)
  let numbers = Dictionary(grouping: diagnostics.indices.filter { excepted.contains(diagnostics[$0].rule) }) {
    diagnostics[$0].rule
  }
  for (rule, exceptions) in policy.exceptions.sorted(by: { $0.key < $1.key }) where !exceptions.isEmpty {
    var findings = ExceptableFindings(diagnostics, numbers[rule] ?? [], of: policy, in: inventory, paths)
    for exception in exceptions {
      var isUsed = false
      var answers = findings.noAnswers
      for number in findings.candidates(for: exception) where !isUsed || waivers[number] == nil {
        work.conditions.take()
        let isWaived = findings.waives(exception, number, &answers, work.conditions)
        if work.conditions.isSpent { break }
        guard isWaived else { continue }
        isUsed = true
        if waivers[number] == nil {
          waivers[number] = Waiver(kind: .exception, reason: exception.reason.shortened, place: exception.place)
        }
      }
      if work.stopIfSpent(at: exception.place) { break }
      if view == .whole, !isUsed, known.active.contains(rule) {
        idle.report(.unusedSuppression(.exception(rule: rule)), at: exception.place)
      }
    }
  }

  let entries = Dictionary(baseline.entries.map { ($0.fingerprint, $0) }, uniquingKeysWith: { a, _ in a })
  var seen: Set<String> = []
  if !entries.isEmpty {
    for number in diagnostics.indices {
      let fingerprint = diagnostics[number].fingerprint.description
      guard entries[fingerprint] != nil, !known.required.contains(diagnostics[number].rule) else { continue }
      seen.insert(fingerprint)
      if waivers[number] == nil { waivers[number] = Waiver(kind: .baseline, reason: nil, place: nil) }
    }
  }
  for entry in baseline.entries where known.required.contains(entry.rule) {
    idle.report(.unusedSuppression(.requiredRule(entry.rule)), at: entry.place)
  }
  if view == .whole {
    // A rule that is off may find it again; one that is gone does not.
    let isIdle = { (entry: Baseline.Entry) in
      !seen.contains(entry.fingerprint) && (known.mayBeIdle(entry.rule) || !known.all.contains(entry.rule))
    }
    for entry in baseline.entries.filter(isIdle) {
      idle.report(.unusedSuppression(.baseline(rule: entry.rule, message: entry.message)), at: entry.place)
    }
  }

  var result = WaivedFindings(idle: idle)
  for (diagnostic, waiver) in zip(diagnostics, waivers) {
    if let waiver {
      result.waived.append(WaivedDiagnostic(diagnostic, waiver))
    } else {
      result.counting.append(diagnostic)
    }
  }
  return result
}

/// The ids of rules, which waivers name.
private struct KnownRules {
  let all: [String]
  /// Those that are not off: a waiver for one that is off waits.
  let active: Set<String>
  /// Those whose findings nothing waives.
  let required: Set<String>

  init(_ policy: Policy) {
    all = policy.rules.map(\.rule.id)
    required = Set(policy.rules.lazy.filter(\.rule.isRequired).map(\.rule.id))
    active = Set(policy.activeRules.map(\.rule.id))
  }
}

extension KnownRules {
  /// Whether a suppression of a rule that silences nothing is idle, and not a mistake in any case.
  func mayBeIdle(_ rule: String) -> Bool {
    active.contains(rule) && !required.contains(rule)
  }
}

/// The suppressions of a run, and which of them silence something.
private struct Suppressions {
  /// One rule of one suppression.
  struct Item {
    var rule: String
    var place: SourceRange
    var suppression: Suppression
  }

  private struct Key: Hashable {
    var file: FileID
    var rule: String
  }

  private let items: [Item]
  private var used: Set<Int> = []

  init(_ suppressions: [Suppression]) {
    // The same text may be read for several projects, or stand for several services that it is merged into.
    var seen: Set<[SourceRange]> = []
    items = suppressions.flatMap { suppression in
      suppression.rules.filter { seen.insert([$0.place, suppression.covered]).inserted }
        .map { Item(rule: $0.value, place: $0.place, suppression: suppression) }
    }
  }

  /// The waivers of diagnostics, by their numbers. O(*n* log *n*) in places and suppressions.
  mutating func waivers(of diagnostics: [Diagnostic]) -> [(Int, Waiver)] {
    guard !items.isEmpty else { return [] }
    let byKey = Dictionary(grouping: items.indices) {
      Key(file: items[$0].suppression.covered.file, rule: items[$0].rule)
    }
    var places: [Key: [(place: SourceRange, number: Int)]] = [:]
    for (number, diagnostic) in diagnostics.enumerated() {
      for place in [diagnostic.place] + diagnostic.related.map(\.place) {
        let key = Key(file: place.file, rule: diagnostic.rule)
        if byKey[key] != nil { places[key, default: []].append((place, number)) }
      }
    }
    var result: [(Int, Waiver)] = []
    for (key, numbers) in byKey {
      let begun = numbers.sorted { items[$0].suppression.covered < items[$1].suppression.covered }
      var next = 0
      // Of those that have begun, the one that reaches furthest covers what any of them covers.
      var widest: Int?
      for (place, number) in (places[key] ?? []).sorted(by: { $0.place < $1.place }) {
        while next < begun.count, items[begun[next]].suppression.covered.start <= place.start {
          let reach = widest.map { items[$0].suppression.covered.end } ?? 0
          if items[begun[next]].suppression.covered.end > reach { widest = begun[next] }
          next += 1
        }
        guard let widest, items[widest].suppression.covered.end > place.start else { continue }
        used.insert(widest)
        let suppression = items[widest].suppression
        let kind: Waiver.Kind =
          switch suppression.form {
          case .comment: .comment
          case .annotation: .annotation
          case .key: .key
          }
        result.append((number, Waiver(kind: kind, reason: suppression.reason?.shortened, place: suppression.place)))
      }
    }
    return result
  }

  /// Those that silence nothing, wherever they reach.
  var idle: [Item] {
    var seen = Set(used.map { items[$0].place })
    return items.filter { seen.insert($0.place).inserted }
  }

  /// Those that name no rule that there is, or one that nothing silences.
  func mistakes(among known: KnownRules) -> [Problem] {
    let ids = Set(known.all)
    var seen: Set<SourceRange> = []
    let mistaken = items.filter { item in
      (!ids.contains(item.rule) || known.required.contains(item.rule)) && seen.insert(item.place).inserted
    }
    var problems: [Problem] = []
    for item in mistaken {
      if ids.contains(item.rule) {
        problems.report(.unusedSuppression(.requiredRule(item.rule)), at: item.place)
        continue
      }
      if ["all", "any", "every", "everything", "*"].contains(item.rule.lowercased()) {
        problems.report(.unusedSuppression(.everyRule(item.rule)), at: item.place)
        continue
      }
      // What stands behind an id without `--` is most likely a reason.
      let first = item.rule.prefix { $0 != " " && $0 != "\t" }
      let suggestion = ids.contains(String(first)) ? String(first) : nearestWord(to: item.rule, among: known.all)
      problems.report(.unusedSuppression(.unknownRule(item.rule, suggestion: suggestion)), at: item.place)
    }
    return problems
  }
}
