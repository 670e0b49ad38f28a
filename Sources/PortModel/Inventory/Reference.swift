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
  /// The list that it stands in, where one of that list is enough.
  package var list: SourceRange?
  /// The name of the listener that must have the number.
  package var listener: String?
  /// Whether the port stands nowhere, but goes without saying.
  package var isDefault = false
  /// Whether somebody else who may be meant has the number inside.
  package var isDeclaredBeside = false
  /// Those who listen at the same address as the one who is meant, for they have its network.
  package var neighbours: [OwnerID] = []

  /// Numbers the owners anew that it speaks of.
  mutating func renumber(by offset: Int32) {
    owner.index += offset
    for index in neighbours.indices { neighbours[index].index += offset }
    guard case .owner(var other) = toward else { return }
    other.index += offset
    toward = .owner(other)
  }

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
    /// What a policy of the network, or of a mesh, lets through.
    case networkPolicy
    /// What Istio asks certificates for.
    case peerAuthentication
    /// The Gateway's listeners that a route attaches to.
    case parent
    /// The port of a service that an endpoint of it stands for.
    case endpoint
    /// A check of a Compose service that runs in its container.
    case healthcheck
    /// A variable of a Compose service that says where another is.
    case environment
    /// What a Compose service tells a proxy in a label or a variable: where to send its requests.
    case proxy
  }

  package enum Wanted: Hashable, Sendable {
    case number(UInt16)
    /// The empty name is that of what has none.
    case name(String)
    /// No port is said, though there may be several.
    case anything
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
    /// The pods behind the services that a selector picks.
    case podsBehind(Namespaces, LabelSelector, cluster: Scope.Unit)
    /// The Gateway of that name, in one cluster.
    case gateway(namespace: ExactText?, name: ExactText, cluster: Scope.Unit)
    /// An owner of the same project.
    case owner(OwnerID)

    /// The same, with the cluster that it really is.
    package func joined(_ join: (Scope.Unit) -> Scope.Unit) -> Toward {
      switch self {
      case .itself, .owner: self
      case .pods(let namespaces, let selector, let cluster): .pods(namespaces, selector, cluster: join(cluster))
      case .service(let namespace, let name, let cluster):
        .service(namespace: namespace, name: name, cluster: join(cluster))
      case .services(let namespaces, let selector, let cluster):
        .services(namespaces, selector, cluster: join(cluster))
      case .podsBehind(let namespaces, let selector, let cluster):
        .podsBehind(namespaces, selector, cluster: join(cluster))
      case .gateway(let namespace, let name, let cluster):
        .gateway(namespace: namespace, name: name, cluster: join(cluster))
      }
    }
  }

  /// The namespaces that are looked in; one that is not written is a namespace of its own.
  package enum Namespaces: Hashable, Sendable {
    case these([ExactText?])
    case every
  }
}
