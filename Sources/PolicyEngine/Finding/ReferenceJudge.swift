import PortModel

extension ReferenceCondition {
  /// The placeholders that a match of a single reference fills.
  package static let placeholders: Set<Placeholder> = [
    .owner, .kind, .namespace, .container, .image, .name, .port, .protocol, .field,
  ]

  /// What the condition finds among all references.
  func matches(_ context: JudgingContext, of rule: Rule) -> [Match] {
    var matches: [Match] = []
    for reference in context.inventory.references {
      let match = match(reference, context)
      if context.isSpent(at: reference.place) { break }
      guard let match else { continue }
      guard context.work.hasRoom(for: rule, after: matches.count, at: reference.place) else { break }
      context.work.conditions.take(rule.stepsForEachMatch)
      matches.append(match)
    }
    return matches
  }

  /// What the condition makes of a reference; nothing where it does not hold, or cannot be known to.
  private func match(_ reference: Reference, _ context: JudgingContext) -> Match? {
    let owner = context.inventory[reference.owner]
    let verdict = verdict(context.work.conditions) { condition in
      condition.verdict(owner, at: reference.place.file, context)
    } facts: { facts in
      facts.truth(reference, context.work.conditions)
    } ports: { facts in
      facts.verdict(reference, owner, context)
    }
    switch verdict {
    case .whole(.yes): break
    case .ports(let yes, _) where !yes.isEmpty: break
    default: return nil
    }
    let values: PlaceholderValues = [
      .owner: owner.phrase,
      .kind: owner.kind,
      .namespace: owner.namespace ?? "",
      .container: owner.container ?? "",
      .image: owner.image.value?.shown ?? "",
      .name: reference.name ?? "",
      .port: reference.number.map { "\($0)" } ?? reference.name ?? "",
      .protocol: reference.transport?.name ?? "",
      .field: reference.field.rawValue,
    ]
    return Match(
      values: values, owner: reference.owner, ports: reference.number.map { PortRange($0) },
      transport: reference.transport, place: reference.place)
  }
}

extension ReferenceFacts {
  fileprivate func truth(_ reference: Reference, _ work: WorkMeter) -> Truth {
    if let fields, !fields.contains(reference.field) { return .no }
    if let wanted, !wanted.contains(reference.number == nil ? .name : .number) { return .no }
    if let names, reference.name?.matches(anyOf: names, work) != true { return .no }
    guard let protocols else { return .yes }
    work.take(protocols.count / 8)
    return reference.transport.map { Truth(protocols.contains($0)) } ?? .unknown
  }

  fileprivate func verdict(_ reference: Reference, _ owner: Owner, _ context: JudgingContext) -> Verdict {
    guard let ports else { return .yes }
    guard let number = reference.number else { return .unknown }
    return ports.verdict(
      of: PortRange(number), reference.transport, context.policy, context.work.conditions, owner: owner)
  }
}

extension Reference {
  fileprivate var name: String? {
    if case .name(let name) = wanted { name } else { nil }
  }

  fileprivate var number: UInt16? {
    if case .number(let number) = wanted { number } else { nil }
  }
}
