import PortModel
import SourceText

/// A claim or a reference of an inventory, by its number, with its owner's: what conditions are held against.
///
/// Numbers, for claims and owners are large: what is asked of them is looked at in its place.
struct ConditionSubject {
  enum Kind {
    case claim(ClaimOutline)
    case reference
  }

  let kind: Kind
  /// Its number among the inventory's bindings or references.
  let number: Int
  /// Its owner's number.
  let owner: Int

  /// What decides most conditions on a claim; nothing for a reference.
  var outline: ClaimOutline? {
    if case .claim(let outline) = kind { outline } else { nil }
  }
}

extension JudgingContext {
  /// The claim that a subject is; nothing for a reference.
  func binding(_ subject: ConditionSubject) -> Binding? {
    if case .claim = subject.kind { inventory.bindings[subject.number] } else { nil }
  }

  /// The reference that a subject is; nothing for a claim.
  func reference(_ subject: ConditionSubject) -> Reference? {
    if case .reference = subject.kind { inventory.references[subject.number] } else { nil }
  }

  /// The path that globs are held against: that of the file in which the subject stands.
  func path(of subject: ConditionSubject) -> String {
    switch subject.kind {
    case .claim: globPath(of: inventory.bindings[subject.number].findingPlace.file)
    case .reference: globPath(of: inventory.references[subject.number].place.file)
    }
  }

  /// Whose network the owner is on; nothing where that cannot be known.
  func network(of subject: ConditionSubject) -> Predicate.NetworkWord? {
    switch subject.kind {
    case .claim(let outline): outline.network
    case .reference: inventory.network(of: OwnerID(subject.owner)).word
    }
  }

  /// The address of a claim.
  func address(of subject: ConditionSubject) -> HostAddress? {
    if case .claim = subject.kind { inventory.bindings[subject.number].address } else { nil }
  }

  func transport(of subject: ConditionSubject) -> TransportProtocol? {
    switch subject.kind {
    case .claim: inventory.bindings[subject.number].transport
    case .reference: inventory.references[subject.number].transport
    }
  }

  /// The port's name, or the name that is pointed at.
  func name(of subject: ConditionSubject) -> Fact<String> {
    switch subject.kind {
    case .claim: return inventory.bindings[subject.number].name
    case .reference:
      let reference = inventory.references[subject.number]
      return reference.name.map { .known($0, at: reference.place) } ?? .absent
    }
  }

  /// What is spoken on the port of a claim; of a reference's port nothing is said.
  func applicationProtocol(of subject: ConditionSubject) -> Fact<String> {
    if case .claim = subject.kind { inventory.bindings[subject.number].applicationProtocol } else { .absent }
  }

  /// For which of the subject's ports a condition holds.
  func verdict(on ports: PortCondition, of subject: ConditionSubject) -> Verdict {
    let claimed: PortRange?
    var target: PortRange?
    switch subject.kind {
    case .claim(let outline):
      claimed = outline.ports
      target = inventory.bindings[subject.number].target?.ports
    case .reference: claimed = inventory.references[subject.number].number.map { PortRange($0) }
    }
    guard let claimed else { return .unknown }
    return ports.verdict(
      of: claimed, transport(of: subject), policy, work.conditions, owner: inventory.owners[subject.owner],
      target: target)
  }
}

extension Condition {
  /// The answer for a subject; when the work that there may be is spent, nothing is known.
  func verdict(of subject: ConditionSubject, _ context: JudgingContext) -> Verdict {
    let work = context.work.conditions
    work.take()
    if work.isSpent { return .unknown }
    var verdict = Verdict.yes
    for predicate in predicates where !verdict.isNo {
      verdict = verdict.and(predicate.verdict(of: subject, context))
    }
    return verdict
  }
}
