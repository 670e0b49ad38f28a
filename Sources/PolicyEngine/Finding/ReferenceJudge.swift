import PortModel

/// Holds one condition against all references.
struct ReferenceJudge {
  /// The placeholders that a match of a single reference fills.
  static let placeholders: Set<Placeholder> = [
    .owner, .kind, .namespace, .container, .image, .name, .port, .protocol, .field,
  ]

  let condition: Condition
  let context: JudgingContext

  /// What the condition finds.
  func matches(of rule: Rule) -> [Match] {
    var matches: [Match] = []
    for (number, reference) in context.inventory.references.enumerated() {
      let match = match(number, reference)
      if context.isSpent(at: reference.place) { break }
      guard let match, context.work.isShown(match) else { continue }
      guard context.work.hasRoom(for: rule, after: matches.count, at: reference.place) else { break }
      context.work.conditions.take(rule.stepsForEachMatch)
      matches.append(match)
    }
    return matches
  }

  /// What the condition makes of a reference; nothing where it does not hold, or cannot be known to.
  private func match(_ number: Int, _ reference: Reference) -> Match? {
    let subject = ConditionSubject(kind: .reference, number: number, owner: Int(reference.owner.index))
    if condition.verdict(of: subject, context).isNeverYes { return nil }
    let owner = context.inventory[reference.owner]
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

extension Reference {
  /// The name that it points at, where it does by one.
  var name: String? {
    if case .name(let name) = wanted { name } else { nil }
  }

  /// The number that it points at, where it does by one.
  var number: UInt16? {
    if case .number(let number) = wanted { number } else { nil }
  }
}
