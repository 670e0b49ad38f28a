import PortModel
import SourceText
import SourceYAML

extension Policy.Overrides {
  /// Throws what the command line cannot mean, given the rules that there are.
  package func check(_ rules: [Rule]) throws(Policy.Fault) {
    for id in severities.keys.sorted() where id != everyRule {
      guard let rule = rules.first(where: { $0.id == id }) else {
        throw .unknownRule(id, suggestion: nearestWord(to: id, among: rules.map(\.id)))
      }
      guard rule.isRequired, let severity = severities[id] else { continue }
      guard let severity else { throw .requiredRule(id) }
      if rule.isSoftened(by: severity) { throw .softenedRule(id) }
    }
  }
}

extension Policy {
  /// The policy of rules and tables, as layers change it one after the other.
  ///
  /// - Parameters:
  ///   - services: The database, without what the layers add to it.
  ///   - problems: What is wrong with the layers.
  package init(
    rules: [Rule], layers: [Layer] = [], overrides: Overrides = Overrides(), services: ServicesDatabase = .embedded,
    knownServices: KnownServices, exposed: ExposedServices, tables: [String: PortTable] = [:],
    problems: inout [DecodingProblem]
  ) {
    let files = layers.map(\.file)
    platform = overrides.platform ?? files.compactMap(\.platform).last ?? .linux
    self.services = services.adding(files.flatMap(\.addedServices))
    self.knownServices = knownServices
    self.exposed = exposed
    self.tables = tables
    ranges = Policy.ranges(of: platform, files)
    var settings = RuleSettings(rules)
    for layer in layers { settings.apply(layer, problems: &problems) }
    if let preset = overrides.preset {
      settings.reset()
      for layer in preset { settings.apply(layer, problems: &problems) }
    }
    settings.apply(overrides)
    self.rules = settings.statuses
    exceptions = settings.exceptions
    let written = files.flatMap(\.allocations)
    allocations = Allocations(written.map { allocation(as: $0, problems: &problems) })
    deployments = files.flatMap(\.deployments)
    projects = files.flatMap(\.projects)
    exclude = files.flatMap(\.exclude)
  }

  /// The names of the ranges, those of the platform and those of layers.
  package static func ranges(of platform: Platform, _ files: [PolicyFile]) -> [String: PortSet] {
    var ranges = [
      "reserved": PortSet(PortRange(0, through: 1023) ?? .all),
      "user-reserved": PortSet(PortRange(1024, through: 4999) ?? .all),
      "ephemeral": PortSet(platform.ephemeral),
      "node-port": PortSet(PortRange(30000, through: 32767) ?? .all),
    ]
    for range in files.flatMap(\.ranges) { ranges[range.name.value] = range.ports }
    return ranges
  }

  /// Where ports are allocated to two owners that do not share them in one allocation.
  package var twiceAllocated: [Problem] {
    var earlier: [Int: (number: Int, ports: PortRange)] = [:]
    for transport in TransportProtocol.registered {
      for (first, second, ports) in meetings(of: transport) where earlier[second].map({ first < $0.number }) ?? true {
        earlier[second] = (first, ports)
      }
    }
    var problems: [Problem] = []
    for (second, other) in earlier.sorted(by: { $0.key < $1.key }) {
      let (first, second) = (allocations.all[other.number], allocations.all[second])
      let message =
        "\(other.ports) \(other.ports.isSingle ? "is" : "are") allocated to \(first.holder) too, and not only to "
        + "\(second.holder)"
      let names = listed((first.owners.patterns + second.owners.patterns).lazy.map { "\"\($0)\"" })
      let line = "{ports: \(other.ports), owner: [\(names)]}"
      problems.report(
        .policy(message, remedy: .example(line)), at: second.place,
        related: [Related("allocated to \(first.holder) here", at: first.place)])
    }
    return problems
  }

  /// Allocations of one protocol to different owners that share ports, each later one with one other. O(*n* log *n*) in
  /// runs of ports.
  private func meetings(of transport: TransportProtocol) -> [(first: Int, second: Int, ports: PortRange)] {
    typealias Run = (ports: PortRange, number: Int)
    let all = allocations.all
    var known: [Set<String>: Int] = [:]
    // Allocations to the same owners have the same number here.
    let owners = all.map { allocation in
      let owners = Set(allocation.owners.patterns)
      let number = known[owners] ?? known.count
      known[owners] = number
      return number
    }
    let runs = all.indices.filter { all[$0].isOf(transport) && !all[$0].owners.isEmpty }
      .flatMap { number in all[number].ports.runs.map { Run($0, number) } }
      .sorted { ($0.ports.first, $0.number) < ($1.ports.first, $1.number) }
    var found: [(first: Int, second: Int, ports: PortRange)] = []
    // Of those that have begun, the one that reaches furthest, and the one that does of all other owners.
    var furthest: Run?
    var other: Run?
    for run in runs {
      let isOfSame = { (number: Int) in owners[number] == owners[run.number] }
      let met = furthest.map { isOfSame($0.number) } == true ? other : furthest
      if let met, met.ports.last >= run.ports.first,
        let shared = PortRange(run.ports.first, through: min(met.ports.last, run.ports.last))
      {
        found.append((min(met.number, run.number), max(met.number, run.number), shared))
      }
      guard let known = furthest else {
        furthest = run
        continue
      }
      if run.ports.last > known.ports.last {
        if !isOfSame(known.number) { other = known }
        furthest = run
      } else if !isOfSame(known.number), run.ports.last > other?.ports.last ?? 0 {
        other = run
      }
    }
    return found
  }

  private func allocation(
    as written: PolicyFile.WrittenAllocation, problems: inout [DecodingProblem]
  ) -> Allocation {
    var allocation = written.allocation
    var ports: [PortRange] = []
    for source in written.ports {
      switch source.value {
      case .ports(let written): ports += written.runs
      case .named(let name):
        if let named = ranges[name] {
          ports += named.runs
        } else {
          let near = NearWords(to: name, among: ranges.keys.sorted())
          problems.report(
            .unknownWord(name, of: "named range", near), at: source.place, example: PolicyKey.ranges.example)
        }
      case .registered, .deFacto, .ownTarget, .allocated, .foreign: break
      }
    }
    allocation.ports = PortSet(ports)
    return allocation
  }
}

/// The severities of rules, and the exceptions from them, while layers change them.
private struct RuleSettings {
  private(set) var statuses: [Policy.RuleStatus]
  private(set) var exceptions: [String: [RuleException]] = [:]
  /// The places of rules by their ids, which a run without a policy never asks for.
  private lazy var numbers = Dictionary(
    statuses.indices.map { (statuses[$0].rule.id, $0) }, uniquingKeysWith: { a, _ in a })

  init(_ rules: [Rule]) {
    statuses = rules.map { Policy.RuleStatus(rule: $0, severity: $0.severity, origin: .ruleFile) }
  }

  /// Gives every rule of portlint's the severity of its own file.
  mutating func reset() {
    for index in statuses.indices where !statuses[index].rule.isOwn {
      statuses[index].severity = statuses[index].rule.severity
      statuses[index].origin = .ruleFile
    }
  }

  mutating func apply(_ layer: Policy.Layer, problems: inout [DecodingProblem]) {
    // What is said of all rules comes before what is said of one, wherever it stands.
    for setting in layer.file.rules where setting.id.value == everyRule {
      for index in statuses.indices {
        if case .preset = layer.source, statuses[index].rule.isOwn { continue }
        set(index, setting, layer.source)
      }
    }
    for setting in layer.file.rules where setting.id.value != everyRule {
      guard let index = numbers[setting.id.value] else {
        let near = NearWords(to: setting.id.value, among: statuses.map(\.rule.id))
        problems.report(
          .unknownWord(setting.id.value, of: "rule", near), at: setting.id.place, example: PolicyKey.rules.example)
        continue
      }
      guard setting.mayBeSaid(of: statuses[index].rule, problems: &problems) else { continue }
      set(index, setting, layer.source)
    }
  }

  /// Applies what the command line says, of all rules before what it says of one.
  mutating func apply(_ overrides: Policy.Overrides) {
    if let severity = overrides.severities[everyRule] {
      for index in statuses.indices where !statuses[index].rule.isRequired { set(index, severity, .commandLine) }
    }
    for (id, severity) in overrides.severities {
      if let index = numbers[id] { set(index, severity, .commandLine) }
    }
  }

  private mutating func set(_ index: Int, _ setting: PolicyFile.RuleSetting, _ source: Policy.Layer.Source) {
    let rule = statuses[index].rule
    // What is said of all rules is said of those that may be turned off.
    if rule.isRequired, setting.id.value == everyRule { return }
    exceptions[rule.id, default: []] += setting.exceptions
    guard let severity = setting.severity else { return }
    switch source {
    case .preset(let name): set(index, severity, .preset(name))
    case .policyFile: set(index, severity, .policyFile(setting.id.place))
    }
  }

  private mutating func set(_ index: Int, _ severity: Severity?, _ origin: Policy.Origin) {
    statuses[index].severity = severity
    statuses[index].origin = origin
  }
}

/// What stands for every rule where a rule's name may stand.
private let everyRule = "*"

extension Rule {
  /// Whether a severity is below the rule's own.
  fileprivate func isSoftened(by other: Severity) -> Bool {
    severity.map { other < $0 } ?? false
  }
}

extension PolicyFile.RuleSetting {
  /// Whether the setting may be made: of a rule that a run cannot do without, little may.
  fileprivate func mayBeSaid(of rule: Rule, problems: inout [DecodingProblem]) -> Bool {
    guard rule.isRequired else { return true }
    if let exception = exceptions.first {
      problems.report(.expected("a rule that may be excepted from"), at: exception.place)
      return false
    }
    switch severity {
    case .some(.some(let severity)):
      guard rule.isSoftened(by: severity) else { return true }
      problems.report(.expected("a rule whose severity may be lowered"), at: id.place)
    case .some(.none): problems.report(.expected("a rule that may be turned off"), at: id.place)
    case .none: return true
    }
    return false
  }
}
