import PortModel

/// What a condition comes to for a claim: one answer for all of it, or the ports for which it holds and those for which
/// it does not. Ports of neither set are unknown.
enum Verdict {
  case whole(Truth)
  case ports(yes: PortSet, no: PortSet)

  static let yes = Verdict.whole(.yes)
  static let unknown = Verdict.whole(.unknown)

  init(_ answer: Bool) {
    self = .whole(Truth(answer))
  }

  /// - Parameter answer: Nothing where it cannot be known.
  init(_ answer: Bool?) {
    self = .whole(answer.map { Truth($0) } ?? .unknown)
  }

  /// Whether nothing that is added by "and" can change it.
  var isNo: Bool {
    if case .whole(.no) = self { true } else { false }
  }

  /// Whether it holds neither for the whole nor for any port.
  var isNeverYes: Bool {
    switch self {
    case .whole(let truth): truth != .yes
    case .ports(let yes, _): yes.isEmpty
    }
  }

  /// How many runs of ports the answer tells apart.
  var runCount: Int {
    if case .ports(let yes, let no) = self { yes.runs.count + no.runs.count } else { 0 }
  }

  /// Both hold.
  func and(_ other: Verdict) -> Verdict {
    switch (self, other) {
    case (.whole(let a), .whole(let b)): .whole(a && b)
    case (.whole(.yes), .ports), (.ports, .whole(.no)): other
    case (.ports, .whole(.yes)), (.whole(.no), .ports): self
    case (.whole(.unknown), .ports(_, let no)), (.ports(_, let no), .whole(.unknown)): .ports(yes: PortSet(), no: no)
    case (.ports(let yes, let no), .ports(let theirs, let alsoNo)):
      .ports(yes: yes.intersection(theirs), no: no.union(alsoNo))
    }
  }

  /// It does not hold.
  var negated: Verdict {
    switch self {
    case .whole(let truth): .whole(!truth)
    case .ports(let yes, let no): .ports(yes: no, no: yes)
    }
  }

  /// One of both holds.
  func or(_ other: Verdict) -> Verdict {
    negated.and(other.negated).negated
  }
}

extension PortCondition {
  /// The ports of a claim for which the condition holds, and those for which it does not.
  ///
  /// - Parameters:
  ///   - owner: Who claims the ports.
  ///   - target: The port inside that the claim leads to, where there is one.
  func verdict(
    of ports: PortRange, _ transport: TransportProtocol?, _ policy: Policy, _ work: WorkMeter,
    owner: @autoclosure () -> Owner,
    target: PortRange? = nil
  ) -> Verdict {
    // Most claims of a run are of none of the ports that a rule names: that much is free.
    if !included.isEmpty, included.allSatisfy({ $0.misses(ports, policy) }) { return Verdict(false) }
    if ports.isSingle, let truth = holds(for: ports.first, policy) { return .whole(truth) }
    let claimed = PortSet(ports)
    var verdict = Verdict.yes
    if !included.isEmpty { verdict = resolve(included, within: claimed, transport, policy, work, owner(), target) }
    if !excluded.isEmpty {
      verdict = verdict.and(resolve(excluded, within: claimed, transport, policy, work, owner(), target).negated)
    }
    if !otherProtocols.isEmpty {
      guard let transport else { return verdict.and(.unknown) }
      let held = otherProtocols.compactMap { policy.tables[$0] }
        .map { $0.portsOfOtherProtocols(of: claimed, transport, on: policy.platform) }
        .reduce(PortSet()) { $0.union($1) }
      verdict = verdict.and(.ports(yes: held, no: claimed.subtracting(held)))
    }
    return verdict
  }

  /// The answer for one port where nothing but ranges is asked about: most claims are of one port, and need no sets.
  private func holds(for port: UInt16, _ policy: Policy) -> Truth? {
    func isIn(_ sources: [PortSource]) -> Bool? {
      var isIn = false
      for source in sources {
        switch source {
        case .ports(let ports): isIn = isIn || ports.contains(port)
        case .named(let name):
          guard let range = policy.ranges[name] else { return nil }
          isIn = isIn || range.contains(port)
        case .registered, .deFacto, .ownTarget, .allocated, .foreign: return nil
        }
      }
      return isIn
    }
    guard otherProtocols.isEmpty, let isIncluded = isIn(included), let isExcluded = isIn(excluded) else { return nil }
    return Truth((included.isEmpty || isIncluded) && !isExcluded)
  }

  /// The ports outside of which the condition holds for none; nothing where that is not said by a set.
  func reach(_ policy: Policy) -> PortSet? {
    if included.isEmpty {
      // Another protocol than the tables have is asked for: of their ports, then.
      if otherProtocols.isEmpty { return nil }
      return otherProtocols.compactMap { policy.tables[$0]?.ports }.reduce(PortSet()) { $0.union($1) }
    }
    var reach = PortSet()
    for source in included {
      switch source {
      case .ports(let ports): reach = reach.union(ports)
      case .named(let name):
        guard let ports = policy.ranges[name] ?? policy.tables[name]?.ports else { return nil }
        reach = reach.union(ports)
      // Where nothing is allocated, it is not known of any port.
      case .allocated, .foreign: if !policy.allocations.isEmpty { return nil }
      case .registered, .deFacto, .ownTarget: return nil
      }
    }
    return reach
  }

  /// Which of the ports lie in one of the sources.
  private func resolve(
    _ sources: [PortSource], within set: PortSet, _ transport: TransportProtocol?, _ policy: Policy,
    _ work: WorkMeter, _ owner: @autoclosure () -> Owner, _ target: PortRange?
  ) -> Verdict {
    var held = PortSet()
    // Ports whose owner cannot be told from whoever claims them.
    var open = PortSet()
    for source in sources {
      work.take(1 + held.runs.count / 8)
      if work.isSpent { return .unknown }
      switch source {
      case .ports(let ports): held = held.union(set.intersection(ports))
      case .named(let name):
        if let range = policy.ranges[name] {
          held = held.union(set.intersection(range))
        } else if let table = policy.tables[name], let transport {
          held = held.union(table.ports(of: set, transport, on: policy.platform))
        } else {
          return .unknown
        }
      case .ownTarget:
        guard let target else { return .unknown }
        held = held.union(set.intersection(PortSet(target)))
      case .allocated, .foreign:
        guard let transport, !policy.allocations.isEmpty else { return .unknown }
        let runs = set.runs.flatMap { policy.allocations.overlapping($0) }
          .filter { policy.allocations.all[$0.number].isOf(transport) }
        work.take(runs.count)
        var theirs = PortSet(runs.map(\.ports))
        if source == .foreign {
          let (own, unknown) = policy.allocations.runs(runs, ofOwner: owner(), work)
          theirs = theirs.subtracting(own)
          open = open.union(unknown)
        }
        held = held.union(set.intersection(theirs))
      case .registered:
        guard let transport else { return .unknown }
        held = held.union(policy.services.registered(in: set, transport))
      case .deFacto: held = held.union(policy.services.deFacto(in: set))
      }
    }
    return .ports(yes: held.subtracting(open), no: set.subtracting(held))
  }

  /// The row of the first of the condition's tables that has the port.
  func row(at port: UInt16, _ policy: Policy) -> (service: String, transport: TransportProtocol?)? {
    let named = included.compactMap { source in if case .named(let name) = source { name } else { nil } }
    return (named + otherProtocols).lazy.compactMap { policy.tables[$0]?.row(at: port) }.first
  }

  /// The first of the named ranges that the condition speaks of.
  func namedRange(of policy: Policy) -> PortSet? {
    (included + excluded).lazy.compactMap { source in
      if case .named(let name) = source { policy.ranges[name] } else { nil }
    }.first
  }
}

extension Allocations {
  /// Which of the ports are an owner's own, and of which that cannot be known.
  ///
  /// - Parameter runs: In the order of their allocations.
  fileprivate func runs(_ runs: [Run], ofOwner owner: Owner, _ work: WorkMeter) -> (own: PortSet, unknown: PortSet) {
    var (own, unknown): ([PortRange], [PortRange]) = ([], [])
    var last: (number: Int, truth: Truth)?
    for run in runs {
      if last?.number != run.number {
        last = (run.number, owner.isNamed(byAnyOf: all[run.number].owners, work))
      }
      switch last?.truth {
      case .yes: own.append(run.ports)
      case .unknown: unknown.append(run.ports)
      case .no, nil: break
      }
    }
    return (PortSet(own), PortSet(unknown))
  }
}

extension PortCondition.PortSource {
  /// Whether the source surely holds none of the ports.
  fileprivate func misses(_ ports: PortRange, _ policy: Policy) -> Bool {
    switch self {
    case .ports(let written): !written.overlaps(ports)
    case .named(let name):
      policy.ranges[name].map { !$0.overlaps(ports) } ?? policy.tables[name].map { !$0.mayHold(ports) } ?? false
    case .registered, .deFacto, .ownTarget, .allocated, .foreign: false
    }
  }
}
