import SourceText

/// A place that points at somebody's port by number or name.
package struct Reference: Sendable {
  package var owner: OwnerID
  package var field: Field
  package var wanted: Wanted
  /// The protocol the port must have; nothing where any will do.
  package var transport: TransportProtocol?
  package var toward: Toward
  package var place: SourceRange
  /// Whether it goes to the address that a name has, and not through what stands before it.
  package var isByAddress: Bool

  package init(
    owner: OwnerID, field: Field, wanted: Wanted, transport: TransportProtocol?, toward: Toward, place: SourceRange,
    isByAddress: Bool = false
  ) {
    self.owner = owner
    self.field = field
    self.wanted = wanted
    self.transport = transport
    self.toward = toward
    self.place = place
    self.isByAddress = isByAddress
  }

  /// The manifest's field that points.
  package enum Field: String, CaseIterable, Sendable {
    case targetPort
    case probe
    case lifecycle
    /// Where an Ingress, a route or a mesh sends requests.
    case backend
    /// Where the API server calls a webhook or an extension.
    case webhook
    /// What a monitor scrapes.
    case monitor
    /// What a network policy lets through.
    case networkPolicy
  }

  package enum Wanted: Hashable, Sendable {
    case number(UInt16)
    case name(String)
  }

  /// Whose ports are meant.
  package enum Toward: Hashable, Sendable {
    /// The container that holds the reference.
    case itself
    /// The pods that a selector picks, in one cluster.
    case pods(Namespaces, LabelSelector, cluster: Scope.Unit)
    /// The service of that name, in one cluster; its own ports, not those behind it.
    case service(namespace: ExactText?, name: ExactText, cluster: Scope.Unit)
    /// The services that a selector picks by their own labels, in one cluster.
    case services(Namespaces, LabelSelector, cluster: Scope.Unit)

    /// The same, with the cluster that it really is.
    package func joined(_ join: (Scope.Unit) -> Scope.Unit) -> Toward {
      switch self {
      case .itself: self
      case .pods(let namespaces, let selector, let cluster): .pods(namespaces, selector, cluster: join(cluster))
      case .service(let namespace, let name, let cluster):
        .service(namespace: namespace, name: name, cluster: join(cluster))
      case .services(let namespaces, let selector, let cluster):
        .services(namespaces, selector, cluster: join(cluster))
      }
    }
  }

  /// The namespaces that are looked in; one that is not written is a namespace of its own.
  package enum Namespaces: Hashable, Sendable {
    case these([ExactText?])
    case every
  }
}
