import PortModel
import SourceText

/// Findings, found by what exceptions name: of many exceptions, each is held against those that it may mean.
struct ExceptableFindings {
  private let diagnostics: [Diagnostic]
  private let inventory: Inventory
  private let path: (FileID) -> String
  private let byRule: [String: [Int]]
  private var indexes: [String: Index] = [:]

  init(_ diagnostics: [Diagnostic], in inventory: Inventory, path: @escaping (FileID) -> String) {
    self.diagnostics = diagnostics
    self.inventory = inventory
    self.path = path
    byRule = Dictionary(grouping: diagnostics.indices) { diagnostics[$0].rule }
  }

  /// The findings of one rule.
  private struct Index {
    /// By the names of their parties, with and without the namespace.
    var names: [[UInt8]: [Int]] = [:]
    /// With their first ports, in rising order.
    var ports: [(first: UInt16, number: Int)] = []
  }

  /// The numbers of a rule's findings that an exception may mean, in rising order.
  mutating func candidates(of rule: String, for exception: RuleException) -> [Int] {
    guard let all = byRule[rule] else { return [] }
    if let names = exception.owners?.literals {
      let index = index(of: rule, all)
      return united(names.lazy.map { index.names[$0] ?? [] })
    }
    if let ports = exception.ports {
      let index = index(of: rule, all)
      return united(
        ports.runs.lazy.map { run in
          let start = index.ports.indices.firstBehind { index.ports[$0].first < run.first }
          return index.ports[start...].prefix { $0.first <= run.last }.map(\.number)
        })
    }
    return all
  }

  private func united(_ lists: some Sequence<[Int]>) -> [Int] {
    let numbers = lists.flatMap { $0 }.sorted()
    return numbers.indices.filter { $0 == 0 || numbers[$0] != numbers[$0 - 1] }.map { numbers[$0] }
  }

  private mutating func index(of rule: String, _ all: [Int]) -> Index {
    if let known = indexes[rule] { return known }
    var index = Index()
    for number in all {
      let parties = [diagnostics[number].owner] + diagnostics[number].related.map(\.owner)
      for case let owner? in parties {
        for name in OwnerLabel(inventory[owner]).exceptableNames {
          index.names[Array(name.utf8), default: []].append(number)
        }
      }
      if let ports = diagnostics[number].ports { index.ports.append((ports.first, number)) }
    }
    index.ports.sort { ($0.first, $0.number) < ($1.first, $1.number) }
    indexes[rule] = index
    return index
  }

  /// Whether one of a finding's parties is excepted.
  func waives(_ exception: RuleException, _ number: Int, _ work: WorkMeter) -> Bool {
    let diagnostic = diagnostics[number]
    if let ports = exception.ports {
      guard let found = diagnostic.ports, PortSet(found).intersection(ports) == PortSet(found) else { return false }
    }
    if let protocols = exception.protocols {
      work.take(protocols.count / 8)
      guard let found = diagnostic.transport, protocols.contains(found) else { return false }
    }
    if waives(exception, diagnostic.owner, at: diagnostic.place.file, work) { return true }
    return diagnostic.related.contains { related in
      related.owner.map { waives(exception, $0, at: related.place.file, work) } ?? false
    }
  }

  private func waives(_ exception: RuleException, _ owner: OwnerID?, at file: FileID, _ work: WorkMeter) -> Bool {
    let isOfNoOne = exception.owners == nil && exception.namespaces == nil
    let label = isOfNoOne ? nil : owner.map { OwnerLabel(inventory[$0]) }
    if let owners = exception.owners {
      guard let label, label.exceptableNames.contains(where: { $0.matches(anyOf: owners, work) }) else { return false }
    }
    if let namespaces = exception.namespaces {
      guard (label?.namespace ?? "").matches(anyOf: namespaces, work) else { return false }
    }
    guard let files = exception.files else { return true }
    let path = path(file)
    return files.contains { $0.matches(path, work) }
  }
}

extension OwnerLabel {
  /// The name, and the namespace and the name with a slash between them.
  fileprivate var exceptableNames: [String] {
    guard let name else { return [] }
    return [name] + (namespace.map { ["\($0)/\(name)"] } ?? [])
  }
}
