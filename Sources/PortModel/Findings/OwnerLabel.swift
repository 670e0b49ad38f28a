import SourceText

/// What a report says of an owner.
package struct OwnerLabel: Hashable, Sendable {
  package var kind: String
  package var name: String?
  package var namespace: String?
  package var container: String?

  package init(_ owner: Owner) {
    kind = owner.kind
    name = owner.name
    namespace = owner.namespace
    container = owner.container
  }
}

extension OwnerLabel {
  package static func == (a: OwnerLabel, b: OwnerLabel) -> Bool {
    a.parts == b.parts
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(parts)
  }

  private var parts: [ExactText?] {
    [kind.exact, name?.exact, namespace?.exact, container?.exact]
  }
}
