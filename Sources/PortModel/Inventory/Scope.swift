import SourceText

/// Where claims can collide, and by whose rules.
package struct Scope: Hashable, Sendable {
  package var kind: Kind
  package var unit: Unit
  package var model: ConflictModel

  package init(_ kind: Kind, _ unit: Unit, _ model: ConflictModel) {
    self.kind = kind
    self.unit = unit
    self.model = model
  }

  package enum Kind: UInt8, Sendable {
    /// One host's interfaces.
    case host
    /// The interfaces of a cluster's nodes.
    case node
    /// A cluster's node ports.
    case nodePorts
    /// The network namespace of one pod or container.
    case networkNamespace
    /// A virtual address in front of others.
    case virtual
    /// A machine that lives for one job, such as a runner's: nobody reaches it from outside.
    case job
  }

  /// Which host, cluster, pod or address it is.
  package enum Unit: Hashable, Sendable {
    /// One that exists within one file only: a Compose project (part 0), a plain host, a pod.
    case manifest(FileID, part: Int32)
    /// The cluster that the manifests of this file's folder go to; `Workspace` says which that is.
    case cluster(FileID)
    /// A host or cluster that several files share, numbered by `Workspace`.
    case deployment(Int32)
  }
}

extension Scope.Unit: Comparable {
  package static func < (a: Scope.Unit, b: Scope.Unit) -> Bool {
    a.sortKey < b.sortKey
  }

  private var sortKey: (form: Int, file: FileID, number: Int32) {
    switch self {
    case .manifest(let file, let part): (0, file, part)
    case .cluster(let file): (1, file, 0)
    case .deployment(let number): (2, .none, number)
    }
  }
}

/// The rules by which two claims of one scope collide.
package enum ConflictModel: UInt8, Sendable {
  /// Docker's daemon: no address is both families' wildcard, and the families never meet.
  case docker
  /// Docker's Swarm: each published port is taken on nodes, on all of their addresses; `Binding.nodes` says on which.
  case swarm
  /// Kubernetes' scheduler on host ports: no address and `0.0.0.0` meet everything, else texts are compared.
  case scheduler
  /// The containers of one pod: they share every address.
  case pod
  /// The listeners of a Gateway of the Gateway API: some protocols share a port.
  case listeners
  /// The servers of Istio's Gateways: those for the same proxies share a port where their protocols let them.
  case proxies
  /// Node ports: the protocol makes no difference between Services.
  case nodePorts
  /// Linux's `bind`, with `::` taking IPv4 too.
  case linux
  /// Claims of several runtimes on one host: each runtime's among its own, and `bind` between them.
  case sharedHost
}
