import PortModel
import SourceText

/// The findings of one inventory that stand: sorted by place and rule, without those that yield to others and those that
/// say the same again, and told apart where they have one fingerprint.
func settle(_ findings: consuming [Diagnostic], by policy: Policy) -> [Diagnostic] {
  var findings = findings
  // What follows needs several findings, and its first use of a set costs some time: see `Groups`.
  guard findings.count > 1 else { return findings }
  findings.sort { ($0.place, $0.rule) < ($1.place, $1.rule) }
  removeYielding(from: &findings, by: policy)
  numberRepetitions(of: &findings)
  removeRepeated(from: &findings)
  return findings
}

/// Removes the findings that yield to another of their place; they are sorted by place.
private func removeYielding(from findings: inout [Diagnostic], by policy: Policy) {
  // By rules, the rules whose findings say it better.
  var yieldsTo: [String: [String]] = [:]
  for status in policy.rules where !status.rule.yieldsTo.isEmpty { yieldsTo[status.rule.id] = status.rule.yieldsTo }
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

// MARK: - A run of several inventories

extension [Diagnostic] {
  /// The findings without those that tell again what an earlier one does, as the same files do in several deployments.
  package func withoutRepeats() -> [Diagnostic] {
    var said: Set<Saying> = []
    return filter { finding in
      let places = [finding.place] + finding.related.map(\.place)
      return said.insert(Saying(rule: finding.rule, places: places, message: finding.message.exact)).inserted
    }
  }

  /// Sorts the findings by path and place: the numbers of a policy's files do not follow the order of paths.
  package mutating func sort(by paths: some FilePaths) {
    sort { a, b in
      if a.place.file == b.place.file { return (a.place, a.rule) < (b.place, b.rule) }
      return paths.path(of: a.place.file).exact < paths.path(of: b.place.file).exact
    }
  }

  /// Leaves of the findings that tell of one subject the first, which says how many more there are.
  ///
  /// - Returns: The others.
  package mutating func tellOnce() -> [Diagnostic] {
    var numbers: [Saying.Subject: [Int]] = [:]
    for number in indices {
      guard let subject = self[number].subject else { continue }
      numbers[Saying.Subject(rule: self[number].rule, subject: subject.exact), default: []].append(number)
    }
    var repeated: [Int] = []
    for all in numbers.values where all.count > 1 {
      self[all[0]].message += " (and \(all.count - 1) more)"
      repeated += all.dropFirst()
    }
    repeated.sort()
    return remove(at: repeated)
  }
}

extension [Diagnostic] {
  /// Leaves of the findings that tell one fault of what several kustomizations build of the same text, under names of
  /// their own, the first.
  ///
  /// - Parameter owners: Those of the inventory that the findings are of.
  /// - Returns: The others.
  package mutating func tellOnceOfBuilds(_ owners: [Owner]) -> [Diagnostic] {
    var first: [BuiltFault: FileID] = [:]
    var repeated: [Int] = []
    for number in indices {
      guard let owner = self[number].owner, owners.indices.contains(Int(owner.index)),
        let build = owners[Int(owner.index)].build
      else { continue }
      let fault = BuiltFault(self[number])
      if let other = first[fault], other != build {
        repeated.append(number)
      } else {
        first[fault] = build
      }
    }
    return remove(at: repeated)
  }
}

extension [Diagnostic] {
  /// - Parameter numbers: Those of the findings that are taken out, rising.
  /// - Returns: These.
  private mutating func remove(at numbers: [Int]) -> [Diagnostic] {
    let removed = numbers.map { self[$0] }
    // Ready to remove something, which it seldom is, is a twentieth of what starting takes.
    if !numbers.isEmpty { removeSubranges(RangeSet(numbers, within: self)) }
    return removed
  }
}

/// What makes findings one for whoever reads the text that several builds are made of.
private struct BuiltFault: Hashable {
  var rule: String
  var variant: String?
  var places: [SourceRange]
  /// The message without what stands in quotes, such as names.
  var words: ExactText

  init(_ finding: Diagnostic) {
    rule = finding.rule
    variant = finding.variant
    places = [finding.place] + finding.related.map(\.place)
    let parts = finding.message.utf8.split(separator: UInt8(ascii: "'"), omittingEmptySubsequences: false)
    words =
      parts.enumerated().filter { $0.offset.isMultiple(of: 2) }.map { String($0.element) ?? "" }
      .joined(separator: "'").exact
  }
}

/// What makes two findings one for whoever reads them.
private struct Saying: Hashable {
  var rule: String
  var places: [SourceRange]
  var message: ExactText

  /// What a rule tells once a run.
  struct Subject: Hashable {
    var rule: String
    var subject: ExactText
  }
}
