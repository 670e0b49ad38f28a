import PortModel
import SourceText

/// The findings of one rule, found by what exceptions name: of many exceptions, each is held against the findings that it
/// may mean, and once against each of their parties.
struct ExceptableFindings {
  private let diagnostics: [Diagnostic]
  /// The numbers of the rule's findings, in rising order.
  private let all: [Int]
  private var parties: [Party] = []
  /// By the findings' numbers, the numbers of their parties.
  private var partiesOfFinding: [Int: [Int]] = [:]
  /// The paths of the parties' files, against which globs are held.
  private var paths: [String] = []
  private lazy var byName = findingsByName()
  /// With their first ports, in rising order.
  private lazy var byPort = all.compactMap { number in
    diagnostics[number].ports.map { (first: $0.first, number: number) }
  }.sorted { ($0.first, $0.number) < ($1.first, $1.number) }

  /// Somebody whom findings are about, and where.
  private struct Party {
    /// The name, and the namespace and the name with a slash between them.
    var names: [String] = []
    var namespace = ""
    var hasOwner = false
    /// The number of the file's path.
    var path: Int
  }

  private struct PartyKey: Hashable {
    var label: OwnerLabel?
    var file: FileID
  }

  /// - Parameter numbers: Those of the rule's findings, in rising order.
  init(
    _ diagnostics: [Diagnostic], _ numbers: [Int], of policy: Policy, in inventory: Inventory,
    _ filePaths: some FilePaths
  ) {
    self.diagnostics = diagnostics
    all = numbers
    var known: [PartyKey: Int] = [:]
    var files: [FileID: Int] = [:]
    func party(_ owner: OwnerID?, _ file: FileID) -> Int {
      let key = PartyKey(label: owner.map { OwnerLabel(inventory[$0]) }, file: file)
      if let number = known[key] { return number }
      if files[file] == nil {
        files[file] = paths.count
        paths.append(policy.globPath(of: filePaths.path(of: file)))
      }
      var party = Party(path: files[file] ?? 0)
      if let label = key.label {
        party.hasOwner = true
        party.names = label.exceptableNames
        party.namespace = label.namespace ?? ""
      }
      known[key] = parties.count
      parties.append(party)
      return parties.count - 1
    }
    for number in numbers {
      var own = [party(diagnostics[number].owner, diagnostics[number].place.file)]
      for related in diagnostics[number].related where related.owner != nil {
        own.append(party(related.owner, related.place.file))
      }
      partiesOfFinding[number] = own
    }
  }

  /// The numbers of the findings that an exception may mean, in rising order.
  mutating func candidates(for exception: RuleException) -> [Int] {
    if let names = exception.owners?.literals {
      return names.flatMap { byName[$0] ?? [] }.sortedUnique
    }
    if let ports = exception.ports {
      return ports.runs.flatMap { run in
        let start = byPort.indices.firstBehind { byPort[$0].first < run.first }
        return byPort[start...].prefix { $0.first <= run.last }.map(\.number)
      }.sortedUnique
    }
    return all
  }

  private func findingsByName() -> [[UInt8]: [Int]] {
    var findings: [[UInt8]: [Int]] = [:]
    for number in all {
      for party in partiesOfFinding[number] ?? [] {
        for name in parties[party].names { findings[Array(name.utf8), default: []].append(number) }
      }
    }
    return findings
  }

  /// What an exception says of parties and of their files, each asked for once.
  struct Answers {
    fileprivate var ofParties: [Bool?]
    fileprivate var ofPaths: [Bool?]
  }

  /// No answers yet.
  var noAnswers: Answers {
    Answers(
      ofParties: [Bool?](repeating: nil, count: parties.count), ofPaths: [Bool?](repeating: nil, count: paths.count))
  }

  /// Whether one of a finding's parties is excepted.
  ///
  /// - Parameter answers: What the same exception said before.
  func waives(_ exception: RuleException, _ number: Int, _ answers: inout Answers, _ work: WorkMeter) -> Bool {
    if let ports = exception.ports {
      guard let found = diagnostics[number].ports, PortSet(found).intersection(ports) == PortSet(found) else {
        return false
      }
    }
    if let protocols = exception.protocols {
      work.take(protocols.count / 8)
      guard let found = diagnostics[number].transport, protocols.contains(found) else { return false }
    }
    for party in partiesOfFinding[number] ?? [] {
      let answer = answers.ofParties[party] ?? waives(exception, parties[party], &answers, work)
      answers.ofParties[party] = answer
      if answer { return true }
    }
    return false
  }

  private func waives(
    _ exception: RuleException, _ party: Party, _ answers: inout Answers, _ work: WorkMeter
  ) -> Bool {
    if let files = exception.files {
      let answer = answers.ofPaths[party.path] ?? files.contains { $0.matches(paths[party.path], work) }
      answers.ofPaths[party.path] = answer
      if !answer { return false }
    }
    if let owners = exception.owners {
      guard party.hasOwner, party.names.contains(where: { $0.matches(anyOf: owners, work) }) else { return false }
    }
    guard let namespaces = exception.namespaces else { return true }
    return party.namespace.matches(anyOf: namespaces, work)
  }
}

extension OwnerLabel {
  /// The name, and the namespace and the name with a slash between them.
  fileprivate var exceptableNames: [String] {
    guard let name else { return [] }
    return [name] + (namespace.map { ["\($0)/\(name)"] } ?? [])
  }
}
