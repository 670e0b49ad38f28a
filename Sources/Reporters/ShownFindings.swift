import PortModel
import SourceText

/// Which of a report's findings are shown: all, unless that would be very much longer than what was read. Then of each
/// rule's findings in a file the first, and how many more there are; in every format the same, but for those whose
/// readers take less.
struct ShownFindings {
  /// What is left out.
  struct Omission {
    var rule: String
    var severity: Severity
    /// Nothing where several files are meant.
    var file: FileID?
    var count: Int
    /// Whether findings are meant that do not count.
    var isSuppressed: Bool
  }

  private(set) var diagnostics: [Diagnostic]
  private(set) var suppressed: [WaivedDiagnostic]
  /// What is left out behind a finding, by the finding's number; those that do not count are numbered behind the others.
  private(set) var omittedBehind: [Int: Omission] = [:]
  /// What is left out of several files.
  private(set) var omittedElsewhere: [Omission] = []

  /// All that is left out, in the order of the findings.
  var omissions: [Omission] {
    omittedBehind.sorted { $0.key < $1.key }.map(\.value) + omittedElsewhere
  }

  /// The rules that found them.
  var ruleIDs: [String] {
    Set(diagnostics.map(\.rule) + suppressed.map(\.diagnostic.rule)).sorted()
  }

  /// The rules that found them, as far as a report knows them.
  func rules(in report: Report) -> [RuleInfo] {
    let ids = Set(ruleIDs)
    return report.rules.filter { ids.contains($0.id) }.sorted { $0.id < $1.id }
  }

  /// Writes a text for each finding that counts, and for what is left out of them.
  func writeCounting(
    to output: inout some TextOutputStream, finding: (Diagnostic) -> String, omission: (Omission) -> String
  ) {
    for (number, diagnostic) in diagnostics.enumerated() {
      output.write(finding(diagnostic))
      if let omitted = omittedBehind[number] { output.write(omission(omitted)) }
    }
    for omitted in omittedElsewhere where !omitted.isSuppressed { output.write(omission(omitted)) }
  }

  /// How much a report may hold.
  struct Limit {
    /// In bytes.
    var length = Int.max
    var findings = Int.max

    fileprivate static let none = Limit(length: 0, findings: 0)

    fileprivate func allows(_ other: Limit) -> Bool {
      other.length <= length && other.findings <= findings
    }

    fileprivate mutating func add(_ length: Int) {
      self.length += length
      findings += 1
    }
  }

  /// How many times as long as what was read a report may be.
  private static let mostTimes = 20
  /// How long it may be whatever was read, in bytes: some thousand findings.
  private static let floor = 1_000_000

  /// - Parameter limit: How much the format's readers take.
  init(_ report: Report, withSuppressed: Bool, within limit: Limit = Limit()) {
    diagnostics = report.diagnostics
    suppressed = withSuppressed ? report.suppressed : []
    var most = limit
    most.length = min(limit.length, max(ShownFindings.floor, ShownFindings.mostTimes * report.bytesRead))
    let count = diagnostics.count + suppressed.count
    // Most reports are far from that, and nothing else need be looked at.
    if count <= most.findings, count * Diagnostic.leastLength <= most.length / 8 { return }
    let ranking = Ranking(diagnostics, suppressed, in: report)
    if most.allows(Limit(length: ranking.length, findings: count)) { return }
    let shownOfEach = ranking.shownOfEach(within: most)
    let shown = shownOfEach > 0 ? ranking.numbers(below: shownOfEach) : ranking.first(within: most)
    if shownOfEach > 0 {
      for (place, number) in shown.enumerated() where ranking.entries[number].rank == shownOfEach - 1 {
        let count = ranking.count(ofGroupOf: number) - shownOfEach
        if count > 0 { omittedBehind[place] = ranking.omission(of: count, like: number) }
      }
    } else {
      omittedElsewhere = ranking.omissions(but: shown)
    }
    let counting = diagnostics.count
    (diagnostics, suppressed) = (
      shown.prefix { $0 < counting }.map { diagnostics[$0] },
      shown.drop { $0 < counting }.map { suppressed[$0 - counting] }
    )
  }
}

extension ShownFindings.Omission {
  /// `12 more of port-conflict in this file`, not escaped.
  var phrase: String {
    let what = isSuppressed ? "\(rule), suppressed," : rule
    return "\(count) more of \(what) in \(file == nil ? "other files" : "this file")"
  }
}

/// Findings by their rules and files, each with the number of those of its group that come before it.
private struct Ranking {
  struct Group: Hashable {
    var rule: String
    var file: FileID?
    var isSuppressed: Bool
  }

  struct Entry {
    var group: Group
    var severity: Severity
    var length: Int
    var rank: Int
  }

  private(set) var entries: [Entry] = []
  private var counts: [Group: Int] = [:]

  init(_ diagnostics: [Diagnostic], _ suppressed: [WaivedDiagnostic], in report: Report) {
    for diagnostic in diagnostics { add(diagnostic, isSuppressed: false, report) }
    for waived in suppressed { add(waived.diagnostic, isSuppressed: true, report) }
  }

  private mutating func add(_ diagnostic: Diagnostic, isSuppressed: Bool, _ report: Report) {
    let group = Group(rule: diagnostic.rule, file: diagnostic.place.file, isSuppressed: isSuppressed)
    let rank = counts[group, default: 0]
    counts[group] = rank + 1
    entries.append(
      Entry(group: group, severity: diagnostic.severity, length: diagnostic.length(in: report), rank: rank))
  }

  /// How long all findings are, in bytes.
  var length: Int { entries.reduce(0) { $0 + $1.length } }

  func count(ofGroupOf number: Int) -> Int { counts[entries[number].group] ?? 0 }

  /// How many findings of each group fit into a report.
  func shownOfEach(within most: ShownFindings.Limit) -> Int {
    var ofRanks: [ShownFindings.Limit] = []
    for entry in entries {
      if entry.rank == ofRanks.count { ofRanks.append(.none) }
      ofRanks[entry.rank].add(entry.length)
    }
    var taken = ShownFindings.Limit.none
    return ofRanks.firstIndex { ofRank in
      taken.length += ofRank.length
      taken.findings += ofRank.findings
      return !most.allows(taken)
    } ?? ofRanks.count
  }

  /// The numbers of so many findings of each group.
  func numbers(below rank: Int) -> [Int] {
    entries.indices.filter { entries[$0].rank < rank }
  }

  /// The numbers of as many findings as fit into a report, each the first of its group.
  func first(within most: ShownFindings.Limit) -> [Int] {
    var taken = ShownFindings.Limit.none
    return numbers(below: 1).prefix { number in
      taken.add(entries[number].length)
      return most.allows(taken)
    }
  }

  func omission(of count: Int, like number: Int) -> ShownFindings.Omission {
    let entry = entries[number]
    return ShownFindings.Omission(
      rule: entry.group.rule, severity: entry.severity, file: entry.group.file, count: count,
      isSuppressed: entry.group.isSuppressed)
  }

  /// What is left out of all files, rule by rule.
  func omissions(but shown: [Int]) -> [ShownFindings.Omission] {
    let isShown = Set(shown)
    var omissions: [ShownFindings.Omission] = []
    var places: [Group: Int] = [:]
    for number in entries.indices where !isShown.contains(number) {
      var group = entries[number].group
      group.file = nil
      let place = places[group] ?? omissions.count
      if place == omissions.count {
        places[group] = place
        omissions.append(omission(of: 0, like: number))
        omissions[place].file = nil
      }
      omissions[place].count += 1
    }
    return omissions
  }
}

extension Diagnostic {
  /// About what a finding without words takes in the longest of the formats, in bytes.
  fileprivate static let leastLength = 400

  /// About how long the finding is in the longest of the formats, in bytes.
  fileprivate func length(in report: Report) -> Int {
    let path = { (place: SourceRange) in report.files[place.file]?.shownPath ?? "" }
    let owner = owner.map { OwnerLabel(report.inventory[$0]) }
    let names = [owner?.kind, owner?.namespace, owner?.name, owner?.container, transport?.name].compactMap { $0 }
    var length = ([message, help, path(place)] + names).reduce(Diagnostic.leastLength) { $0 + $1.mostLength }
    // The host or cluster of an owner is mostly called by the file that it is of.
    if owner != nil { length += 60 + path(place).mostLength }
    for fix in fixes {
      length += fix.edits.reduce(50 + fix.title.mostLength) {
        $0 + 150 + $1.replacement.mostLength + path($1.place).mostLength
      }
    }
    return related.reduce(length) { length, related in
      // Where a value comes from is said twice in JSON.
      let times = related.isOrigin ? 2 : 1
      return length + times * (130 + related.message.mostLength + path(related.place).mostLength)
    }
  }
}

extension String {
  /// How long the text may be in a report, in bytes: what is not seen is escaped, and in JSON quotes are.
  fileprivate var mostLength: Int {
    unicodeScalars.reduce(0) { length, scalar in
      if scalar.isASCII, scalar.value >= 0x20, scalar.value < 0x7F {
        return length + (scalar == "\"" || scalar == "\\" ? 2 : 1)
      }
      return length + (CharacterKind(scalar) == .hidden ? 12 : UTF8.width(scalar))
    }
  }
}
