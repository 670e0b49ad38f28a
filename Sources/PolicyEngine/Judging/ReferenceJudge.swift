import PortModel

extension ReferenceCondition {
  /// The placeholders that a match of a single reference fills.
  package static let placeholders: Set<Placeholder> = [
    .owner, .kind, .namespace, .container, .image, .name, .port, .protocol, .field,
  ]

  /// What the condition makes of a reference; nothing where it does not hold, or cannot be known to.
  func match(_ reference: Reference, _ context: JudgingContext) -> Match? {
    let owner = context.inventory[reference.owner]
    let verdict = verdict { condition in
      condition.verdict(owner, at: reference.place.file, context)
    } facts: { facts in
      facts.truth(reference)
    } ports: { facts in
      facts.verdict(reference, owner, context.policy)
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
      .image: owner.image.value ?? "",
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
  fileprivate func truth(_ reference: Reference) -> Truth {
    if let fields, !fields.contains(reference.field) { return .no }
    if let wanted, !wanted.contains(reference.number == nil ? .name : .number) { return .no }
    if let names, reference.name?.matches(anyOf: names) != true { return .no }
    guard let protocols else { return .yes }
    return reference.transport.map { Truth(protocols.contains($0)) } ?? .unknown
  }

  fileprivate func verdict(_ reference: Reference, _ owner: Owner, _ policy: Policy) -> Verdict {
    guard let ports else { return .yes }
    guard let number = reference.number else { return .unknown }
    return ports.verdict(of: PortRange(number), reference.transport, policy, owner: owner)
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
