import PortModel
import SourceText

/// The keys of a rule's `when`, in the order in which they are asked: what costs least stands first.
package enum ConditionKey: String, CaseIterable, Sendable {
  case role
  case scope
  case privilege
  case effect
  case network
  case format
  case field
  case wanted
  case kind
  case address
  case `protocol`
  case name
  case named
  case appProtocol = "app-protocol"
  case owner
  case namespace
  case container
  case image
  case replicas
  case authenticated
  case controlPlane = "control-plane"
  case labels
  case file
  case service
  case target
  case port
  case all
  case not
  case any
}

/// One thing that a condition asks of a claim or a reference: a key of a rule's `when`, with what stands behind it.
///
/// A new one is a key, a case, a line of `form` and a case of `verdict`, all in this file, which does not compile before
/// all are there; then a row in `ConditionTests`, and its name in the documentation.
package enum Predicate: Sendable {
  case role([Binding.Role])
  case scope([ScopeWord])
  case privilege([PrivilegeWord])
  /// Without one, a condition speaks of claims that take effect.
  case effect([EffectWord])
  /// Whose network the owner is on.
  case network([NetworkWord])
  case format([Format])
  case field([Reference.Field])
  case wanted([WantedWord])
  /// Globs of an object's kind; `service` in Compose and plain manifests.
  case kind(Globs)
  case address([AddressPattern])
  case `protocol`([TransportProtocol])
  /// Globs of the port's name, or of the name that is pointed at.
  case name(Globs)
  /// Whether the port has a name.
  case named(Bool)
  /// Globs of what is spoken on the port.
  case appProtocol(Globs)
  /// Globs of a name, or of a namespace and a name: `web`, `shop/*`.
  case owner(Globs)
  case namespace(Globs)
  case container(Globs)
  case image(Globs)
  case replicas(CountCondition)
  /// Whether the owner shows that it asks who is there.
  case authenticated(Bool)
  /// Whether the owner is one of the cluster's own components.
  case controlPlane(Bool)
  case labels([LabelPattern])
  /// Globs of the manifest's path, from the policy's folder.
  case file([PathGlob])
  /// Globs of the services that have the port the process listens on.
  case service(Globs)
  /// On the ports that the process itself listens on: the container's side of a published port.
  case target(PortCondition)
  case port(PortCondition)
  /// Of these, each must hold.
  case all([Condition])
  /// Of these, none may hold.
  case not([Condition])
  /// Of these, one must hold.
  case any([Condition])
}

extension ConditionKey {
  /// What may stand behind the key, and what is asked then.
  var form: PredicateForm {
    switch self {
    case .role: PredicateForm(.words("role"), Predicate.role, only: .binding)
    case .scope: PredicateForm(.words("scope"), Predicate.scope, only: .binding)
    case .privilege: PredicateForm(.words("privilege"), Predicate.privilege, only: .binding)
    case .effect: PredicateForm(.words("effect"), Predicate.effect, only: .binding)
    case .network: PredicateForm(.words("network"), Predicate.network)
    case .format: PredicateForm(.formats, Predicate.format)
    case .field: PredicateForm(.words("field"), Predicate.field, only: .reference)
    case .wanted: PredicateForm(.words("way to point"), Predicate.wanted, only: .reference)
    case .kind: PredicateForm(.globs, Predicate.kind)
    case .address: PredicateForm(.addresses, Predicate.address, only: .binding)
    case .protocol: PredicateForm(.protocols, Predicate.protocol)
    case .name: PredicateForm(.globs, Predicate.name)
    case .named: PredicateForm(.flag, Predicate.named, only: .binding)
    case .appProtocol: PredicateForm(.globs, Predicate.appProtocol, only: .binding)
    case .owner: PredicateForm(.globs, Predicate.owner)
    case .namespace: PredicateForm(.globs, Predicate.namespace)
    case .container: PredicateForm(.globs, Predicate.container)
    case .image: PredicateForm(.globs, Predicate.image)
    case .replicas: PredicateForm(.count, Predicate.replicas)
    case .authenticated: PredicateForm(.flag, Predicate.authenticated)
    case .controlPlane: PredicateForm(.flag, Predicate.controlPlane)
    case .labels: PredicateForm(.labels, Predicate.labels)
    case .file: PredicateForm(.paths, Predicate.file)
    case .service: PredicateForm(.globs, Predicate.service, only: .binding)
    case .target: PredicateForm(.ports, Predicate.target, only: .binding)
    case .port: PredicateForm(.ports, Predicate.port)
    case .all: PredicateForm(.conditions, Predicate.all)
    case .not: PredicateForm(.conditions, Predicate.not)
    case .any: PredicateForm(.conditions, Predicate.any)
    }
  }
}

extension Predicate {
  /// Whether it holds for a subject; of what the subject cannot have, nothing is known.
  func verdict(of subject: ConditionSubject, _ context: JudgingContext) -> Verdict {
    let work = context.work.conditions
    switch self {
    case .role(let roles): return Verdict(subject.outline.map { roles.contains($0.role) })
    case .scope(let scopes): return Verdict(subject.outline.map { scopes.contains($0.scope) })
    case .privilege(let privileges): return Verdict(subject.outline.map { privileges.contains($0.privilege) })
    case .effect(let effects): return Verdict(subject.outline.map { effects.contains($0.effect) })
    case .network(let networks): return Verdict(context.network(of: subject).map { networks.contains($0) })
    case .format(let formats): return Verdict(formats.contains(context.inventory.owners[subject.owner].format))
    case .field(let fields): return Verdict(context.reference(subject).map { fields.contains($0.field) })
    case .wanted(let words):
      return Verdict(context.reference(subject).map { reference in words.contains { $0.describes(reference.wanted) } })
    case .kind(let globs): return Verdict(context.inventory.owners[subject.owner].kind.matches(anyOf: globs, work))
    case .address(let patterns):
      work.take(patterns.count / 8)
      guard let address = context.address(of: subject) else { return .unknown }
      return .whole(patterns.reduce(.no) { $0 || $1.verdict(address) })
    case .protocol(let protocols):
      work.take(protocols.count / 8)
      return Verdict(context.transport(of: subject).map { protocols.contains($0) })
    case .name(let globs): return .whole(context.name(of: subject).truth { $0.matches(anyOf: globs, work) })
    case .named(let isNamed): return .whole(context.name(of: subject).truth { _ in true }.is(isNamed))
    case .appProtocol(let globs):
      return .whole(context.applicationProtocol(of: subject).truth { $0.matches(anyOf: globs, work) })
    case .owner(let globs): return .whole(context.inventory.owners[subject.owner].isNamed(byAnyOf: globs, work))
    case .namespace(let globs): return .whole(context.inventory.owners[subject.owner].isIn(anyOf: globs, work))
    case .container(let globs): return .whole(context.inventory.owners[subject.owner].isContainer(anyOf: globs, work))
    case .image(let globs):
      return .whole(context.inventory.owners[subject.owner].image.truth { $0.value.matches(anyOf: globs, work) })
    case .replicas(let count): return .whole(count.verdict(context.inventory.owners[subject.owner]))
    case .authenticated(let isWanted):
      return .whole(context.inventory.owners[subject.owner].authentication(context.policy).is(isWanted))
    case .controlPlane(let isWanted):
      return .whole(context.inventory.owners[subject.owner].isControlPlane(context.policy).is(isWanted))
    case .labels(let patterns): return .whole(context.inventory.owners[subject.owner].hasLabels(patterns, work))
    case .file(let globs):
      let path = context.path(of: subject)
      return Verdict(globs.contains { $0.matches(path, work) })
    case .service(let globs):
      // It takes as long as ten comparisons of numbers.
      work.take(10)
      return context.binding(subject).map { .whole($0.serves(anyOf: globs, context)) } ?? .unknown
    case .target(let ports): return context.binding(subject).map { .whole($0.leads(to: ports, context)) } ?? .unknown
    case .port(let ports): return context.verdict(on: ports, of: subject)
    case .all(let conditions):
      return conditions.verdict(startingWith: .yes, work) { $0.isNo ? nil : $0.and($1.verdict(of: subject, context)) }
    case .not(let conditions):
      return conditions.verdict(startingWith: .yes, work) {
        $0.isNo ? nil : $0.and($1.verdict(of: subject, context).negated)
      }
    case .any(let conditions):
      return conditions.verdict(startingWith: Verdict(false), work) { $0.or($1.verdict(of: subject, context)) }
    }
  }
}

extension [Condition] {
  /// What the conditions come to together.
  ///
  /// - Parameter next: What a further one makes of the answer so far; nothing where it can change nothing.
  fileprivate func verdict(
    startingWith first: Verdict, _ work: WorkMeter, next: (Verdict, Condition) -> Verdict?
  ) -> Verdict {
    var verdict = first
    for condition in self {
      guard let further = next(verdict, condition) else { break }
      verdict = further
      work.take(verdict.runCount / 8)
    }
    return verdict
  }
}
