import PortModel
import SourceText

/// The relation `unresolved-reference`: a port's name that nobody offers, where those who should are in view.
enum UnresolvedReference {
  /// The references that need words of their own.
  enum Variant: String, CaseIterable {
    /// To a port of the container that holds the reference.
    case ownContainer = "own-container"
    /// The name is there, but for another protocol.
    case otherProtocol = "other-protocol"
  }

  static func matches(in inventory: Inventory) -> [Relation.Outcome: [Match]] {
    guard !inventory.references.isEmpty else { return [:] }
    var offers: [OwnerID: [Binding]] = [:]
    for binding in inventory.bindings where binding.role != .service && binding.name.value != nil {
      offers[binding.owner, default: []].append(binding)
    }
    var pods = PodIndex(inventory)
    var matches: [Match] = []
    for reference in inventory.references {
      guard case .name(let name) = reference.wanted else { continue }
      let candidates: [OwnerID]
      switch reference.toward {
      case .itself: candidates = [reference.owner]
      case .pods(let namespace, let selector, let cluster):
        guard let picked = pods.owners(namespace: namespace, selector: selector, cluster: cluster) else { continue }
        candidates = picked
      }
      // Who has no ports in view, or one that cannot be read, may offer anything.
      guard !candidates.isEmpty, !candidates.contains(where: { inventory[$0].mayOfferMore }) else { continue }
      let ports = candidates.flatMap { offers[$0] ?? [] }
      if ports.contains(where: { offer($0, name, reference.transport) }) { continue }
      if candidates.contains(where: { pods.hasOpenNames($0) }) { continue }
      matches.append(match(reference, name, candidates: candidates, ports: ports, in: inventory))
    }
    return [.holds: matches]
  }

  private static func offer(_ binding: Binding, _ name: String, _ transport: TransportProtocol?) -> Bool {
    guard binding.name.value == name else { return false }
    return transport == nil || binding.transport == nil || binding.transport == transport
  }

  private static func match(
    _ reference: Reference, _ name: String, candidates: [OwnerID], ports: [Binding], in inventory: Inventory
  ) -> Match {
    let names = Set(ports.compactMap(\.name.value)).subtracting([name]).sorted()
    let nearest = nearestWord(to: name, among: names)
    let suggestion = nearest.map { " (did you mean '\($0)'?)" } ?? ""
    let otherTransport = ports.first { $0.name.value == name }
    var related: [Related] = []
    let shown = otherTransport ?? ports.first { $0.name.value == nearest }
    if let shown, let transport = shown.transport, let place = shown.name.place {
      related.append(
        Related("'\(shown.name.value ?? "")' is \(shown.text)/\(transport.name) here", at: place, owner: shown.owner))
    } else if let candidate = candidates.first, candidate != reference.owner {
      let owner = inventory[candidate]
      related.append(Related("\(owner.podPhrase) is selected here", at: owner.place, owner: candidate))
    }
    let values: [Placeholder: String] = [
      .owner: inventory[reference.owner].phrase,
      .name: name,
      .field: reference.field.rawValue,
      .other: candidates.first.map { inventory[$0].podPhrase } ?? "",
      .protocol: reference.transport?.name.uppercased() ?? "",
      .suggestion: otherTransport == nil ? suggestion : "",
    ]
    var variant: Variant?
    if case .itself = reference.toward { variant = .ownContainer }
    if otherTransport != nil { variant = .otherProtocol }
    return Match(
      variant: variant?.rawValue, values: values, owner: reference.owner, transport: reference.transport,
      place: reference.place, related: related)
  }
}

extension Owner {
  /// Whether the owner may have ports that are not in view.
  fileprivate var mayOfferMore: Bool {
    isPartial || hasUnreadPorts
  }

  /// The object that makes the pod, without the container.
  fileprivate var podPhrase: String {
    var pod = self
    pod.container = nil
    return pod.phrase
  }
}

/// The containers of the pods in view, by cluster and namespace.
private struct PodIndex {
  private struct Key: Hashable {
    var cluster: Scope.Unit
    var namespace: String?
  }

  private let inventory: Inventory
  private var containers: [Key: [OwnerID]] = [:]
  private var openNames: Set<OwnerID> = []

  init(_ inventory: Inventory) {
    self.inventory = inventory
    for (index, owner) in inventory.owners.enumerated() where owner.pod != nil {
      guard let cluster = owner.cluster else { continue }
      containers[Key(cluster: cluster, namespace: owner.namespace), default: []].append(OwnerID(index))
    }
    for binding in inventory.bindings where binding.name.isUnknown { openNames.insert(binding.owner) }
  }

  /// Whether a port of the container has a name that cannot be known.
  func hasOpenNames(_ owner: OwnerID) -> Bool {
    openNames.contains(owner)
  }

  /// The containers of the pods that a selector picks; nothing where that cannot be known.
  mutating func owners(namespace: String?, selector: [String: String], cluster: Scope.Unit) -> [OwnerID]? {
    guard !selector.isEmpty else { return nil }
    var result: [OwnerID] = []
    for owner in containers[Key(cluster: cluster, namespace: namespace)] ?? [] {
      guard let labels = inventory[owner].labels else { return nil }
      if selector.allSatisfy({ labels[$0.key] == $0.value }) { result.append(owner) }
    }
    return result
  }
}
