import PortModel
import SourceText

/// What conditions are held against, beside the subject itself.
struct JudgingContext {
  let inventory: Inventory
  /// The inventory's bindings in outline, by their numbers.
  let claims: [ClaimOutline]
  let policy: Policy
  let work: JudgingWork
  private let paths: any FilePaths

  init(inventory: Inventory, policy: Policy, work: JudgingWork, paths: some FilePaths) {
    self.inventory = inventory
    self.policy = policy
    self.work = work
    self.paths = paths
    claims = inventory.outlines
  }

  /// What a file is called in reports.
  func path(of file: FileID) -> String {
    paths.path(of: file)
  }

  /// The path of a file from the policy's folder, which globs are held against.
  func globPath(of file: FileID) -> String {
    policy.globPath(of: paths.path(of: file))
  }

  /// Whether more was held against conditions than may be; the place where that showed is said.
  func isSpent(at place: @autoclosure () -> SourceRange) -> Bool {
    work.stopIfSpent(at: place())
  }
}

extension Owner {
  /// Whether a glob matches the name, or the namespace and the name with a slash between them.
  func isNamed(byAnyOf globs: Globs, _ work: WorkMeter) -> Truth {
    if globs.isEmpty { return .no }
    guard let name, !openNames.contains(.name) else { return .unknown }
    if name.matches(anyOf: globs, work) { return .yes }
    guard let namespace else { return .no }
    guard openNames.contains(.namespace) else { return Truth("\(namespace)/\(name)".matches(anyOf: globs, work)) }
    work.take(globs.patterns.count / 4)
    return globs.patterns.contains { $0.contains("/") } ? .unknown : .no
  }

  /// Whether a glob matches the namespace.
  func isIn(anyOf globs: Globs, _ work: WorkMeter) -> Truth {
    verdict(namespace, .namespace, globs, work)
  }

  /// Whether a glob matches the container's name.
  func isContainer(anyOf globs: Globs, _ work: WorkMeter) -> Truth {
    verdict(container, .container, globs, work)
  }

  /// Whether it has each of some labels, with a value that a glob matches.
  func hasLabels(_ patterns: [Predicate.LabelPattern], _ work: WorkMeter) -> Truth {
    var truth = Truth.yes
    for pattern in patterns where truth != .no {
      work.take()
      guard let labels else {
        truth = .unknown
        continue
      }
      guard let own = labels[pattern.key] else { return .no }
      truth = truth && (own.value.map { Truth($0.matches(anyOf: pattern.values, work)) } ?? .unknown)
    }
    return truth
  }

  /// Whether a glob matches one of the names; one that is not written is empty.
  private func verdict(_ name: String?, _ which: OpenNames, _ globs: Globs, _ work: WorkMeter) -> Truth {
    openNames.contains(which) ? .unknown : Truth((name ?? "").matches(anyOf: globs, work))
  }

  /// Whether it shows that it asks who is there, by what is known of the service that its image runs.
  func authentication(_ policy: Policy) -> Truth {
    let shown = Authentication(startup)
    let image = image.value.map { ImageName($0.value) }
    let service = image.flatMap { image in
      policy.exposed.services.first { !image.words.isDisjoint(with: $0.images) }
    }
    return service.map { shown.truth(for: $0, image: image) } ?? shown.generally
  }

  /// Whether the owner is one of the components that the table `control-plane` names, by its image; there are none but
  /// in a cluster.
  func isControlPlane(_ policy: Policy) -> Truth {
    guard format == .kubernetes else { return .no }
    // Where none is written, whoever applies the manifest says it.
    let isOpen = namespace == nil || openNames.contains(.namespace)
    let isOfSystem = isOpen ? .unknown : Truth(namespace == "kube-system")
    guard isOfSystem != .no, let table = policy.tables["control-plane"] else { return .no }
    return isOfSystem
      && image.truth { image in
        let name = image.value.split(separator: "/").last?.prefix { $0 != ":" && $0 != "@" } ?? ""
        return table.services.contains { name == $0 || name.hasPrefix("\($0)-") }
      }
  }

  /// Whether it stands for processes, and not for a virtual address or an object that points at others.
  fileprivate var runs: Bool {
    format != .kubernetes || pod != nil
  }
}

extension Fact {
  /// Whether a known value has a property; what is not said has none.
  func truth(_ test: (Value) -> Bool) -> Truth {
    switch self {
    case .known(let value, _): Truth(test(value))
    case .absent: .no
    case .unknown: .unknown
    }
  }
}

extension Truth {
  /// The answer to whether it is so, or is not.
  func `is`(_ wanted: Bool) -> Truth {
    wanted ? self : !self
  }
}

extension CountCondition {
  /// Whether the number of an owner's copies is within the bounds; without a word of it, there is one.
  func verdict(_ owner: Owner) -> Truth {
    if case .absent = owner.replicas { return owner.runs ? Truth((least...most).contains(1)) : .no }
    return owner.replicas.truth { (least...most).contains($0.value) }
  }
}
