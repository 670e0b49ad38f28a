import PortModel
import SourceText

/// The relation `unresolved-reference`: a port that nobody offers, where those who should are in view.
///
/// A port's name, or a Service's port, that is not there fails when the cluster runs (`holds`); a container's number
/// that nobody declares may still be listened on (`undeclared`).
enum UnresolvedReference {
  /// The references that need words of their own.
  enum Variant: String, CaseIterable {
    /// To a port of the container that holds the reference.
    case ownContainer = "own-container"
    /// The name is there, but for another protocol.
    case otherProtocol = "other-protocol"
    /// A name among the ports of pods, from what is no Service.
    case selectedPods = "selected-pods"
    /// A Service's port by its number.
    case servicePort = "service-port"
    /// A Service's port by its name.
    case servicePortName = "service-port-name"

    /// What the reference may come to.
    var outcomes: [Relation.Outcome] {
      self == .ownContainer ? [.holds, .undeclared] : [.holds]
    }
  }

  static func matches(in inventory: Inventory) -> OutcomeTable<[Match]> {
    guard !inventory.references.isEmpty else { return [:] }
    var index = ReferenceIndex(inventory)
    var matches: OutcomeTable<[Match]> = [:]
    for reference in inventory.references where !inventory.owners[Int(reference.owner.index)].isPartial {
      let offer = index.offer(for: reference)
      // Who is a fragment, or has ports that cannot be read, may offer anything.
      guard offer.isKnown, !offer.answers(reference) else { continue }
      let match = UnresolvedMatch(reference: reference, offer: offer, inventory: inventory)
      matches[match.outcome, default: []].append(match.match)
    }
    return matches
  }
}

/// The ports of those whom a reference means; many references may mean the same.
private final class Offer {
  /// Who should answer, in the order of the inventory.
  let candidates: [OwnerID]
  /// Whether there is somebody, and all that they offer can be read.
  let isKnown: Bool
  private let inventory: Inventory
  private let bindings: ArraySlice<Int>

  /// Below this many ports, looking at each is faster.
  private static let few = 8
  /// Above this many names, none of them is suggested: comparing would take long, and hit by chance.
  private static let mostSuggested = 100

  init(of candidates: [OwnerID], bindings: OwnedBindings, _ inventory: Inventory) {
    self.candidates = candidates
    self.inventory = inventory
    self.bindings =
      candidates.count == 1 ? bindings[candidates[0]] : ArraySlice(candidates.flatMap { bindings[$0] })
    isKnown =
      !candidates.isEmpty
      && candidates.allSatisfy {
        !inventory.owners[Int($0.index)].isPartial && inventory.owners[Int($0.index)].hasKnownPorts
      }
  }

  private lazy var named: [String: [Int]] = bindings.reduce(into: [:]) { named, number in
    if let name = inventory.bindings[number].name.value { named[name, default: []].append(number) }
  }
  private lazy var hasUnknownName = bindings.contains { inventory.bindings[$0].name.isUnknown }

  /// `80 and 443`: the ports that there are.
  private(set) lazy var numbers: String = {
    let runs = PortSet(bindings.compactMap { inventory.bindings[$0].fixedPorts }).runs.map(\.description)
    guard let last = runs.last, runs.count > 1 else { return runs.first ?? "none" }
    return "\(runs.dropLast().joined(separator: ", ")) and \(last)"
  }()

  /// Whether one of the ports is, or may be, the one that is wanted.
  func answers(_ reference: Reference) -> Bool {
    switch reference.wanted {
    case .name(let name):
      if bindings.count > Offer.few {
        return hasUnknownName
          || named[name, default: []].contains { inventory.bindings[$0].answers(name, reference.transport) }
      }
      return bindings.contains { number in
        inventory.bindings[number].answers(name, reference.transport) || inventory.bindings[number].name.isUnknown
      }
    case .number(let port):
      return bindings.contains { number in
        inventory.bindings[number].answers(port, reference.transport) || inventory.bindings[number].port == .unresolved
      }
    }
  }

  /// The first port of that name.
  func port(named name: String) -> Binding? {
    named[name]?.first.map { inventory.bindings[$0] }
  }

  /// The name that is most like another.
  func name(nearest name: String) -> String? {
    named.count > Offer.mostSuggested ? nil : nearestWord(to: name, among: named.keys.filter { $0 != name }.sorted())
  }
}

extension Binding {
  fileprivate func answers(_ wanted: String, _ transport: TransportProtocol?) -> Bool {
    guard name.value == wanted else { return false }
    return transport == nil || self.transport == nil || self.transport == transport
  }

  fileprivate func answers(_ number: UInt16, _ transport: TransportProtocol?) -> Bool {
    let ports = role == .service ? fixedPorts : listeningPorts?.value
    guard let ports, ports.overlaps(PortRange(number)) else { return false }
    return transport == nil || self.transport == nil || self.transport == transport
  }
}

/// A reference that nobody in view answers, in words.
private struct UnresolvedMatch {
  let reference: Reference
  let offer: Offer
  let inventory: Inventory

  var outcome: Relation.Outcome {
    switch (reference.wanted, reference.toward) {
    case (.number, .itself), (.number, .pods): .undeclared
    case (.number, .service), (.number, .services), (.name, _): .holds
    }
  }

  var match: Match {
    var related: [Related] = []
    let sameName = sameName
    let nearest = nearest
    let shown = sameName ?? nearest.flatMap(offer.port(named:))
    if let shown, let transport = shown.transport, let place = shown.name.place {
      related.append(
        Related("'\(shown.name.value ?? "")' is \(shown.text)/\(transport.name) here", at: place, owner: shown.owner))
    } else if let candidate = offer.candidates.first, candidate != reference.owner, !isOwn {
      let owner = inventory[candidate]
      let how = if case .service = reference.toward { "is here" } else { "is selected here" }
      related.append(Related("\(owner.objectPhrase) \(how)", at: owner.place, owner: candidate))
    }
    let values: PlaceholderValues = [
      .owner: inventory[reference.owner].phrase,
      .name: wanted,
      .field: reference.field.rawValue,
      .other: offer.candidates.first.map { inventory[$0].objectPhrase } ?? "",
      .protocol: reference.transport?.name.uppercased() ?? "",
      .suggestion: sameName == nil ? nearest.map { " (did you mean '\($0)'?)" } ?? "" : "",
      .expected: offer.numbers,
    ]
    return Match(
      variant: variant?.rawValue, values: values, owner: reference.owner, transport: reference.transport,
      place: reference.place, related: related)
  }

  private var variant: UnresolvedReference.Variant? {
    switch (reference.wanted, reference.toward) {
    case (.number, .service), (.number, .services): .servicePort
    case (.name, .service), (.name, .services): .servicePortName
    case (_, .itself): .ownContainer
    case (.number, .pods): nil
    case (.name, .pods) where reference.field == .targetPort: sameName == nil ? nil : .otherProtocol
    case (.name, .pods): .selectedPods
    }
  }

  private var isOwn: Bool {
    if case .itself = reference.toward { true } else { false }
  }

  private var wanted: String {
    switch reference.wanted {
    case .name(let name): name
    case .number(let number): "\(number)"
    }
  }

  /// A port of that name, for another protocol.
  private var sameName: Binding? {
    guard case .name(let name) = reference.wanted else { return nil }
    return offer.port(named: name)
  }

  private var nearest: String? {
    guard case .name(let name) = reference.wanted else { return nil }
    return offer.name(nearest: name)
  }
}

extension Owner {
  /// The object, without the container.
  fileprivate var objectPhrase: String {
    var object = self
    object.container = nil
    return object.phrase
  }
}

/// The numbers of the bindings that each owner offers, those of the nodes' own ports left out.
private struct OwnedBindings {
  /// The bindings' numbers, owner by owner.
  private var numbers: [Int]
  /// Where each owner's begin among them, and where the last one's end.
  private var starts: [Int]

  init(_ inventory: Inventory) {
    starts = [Int](repeating: 0, count: inventory.owners.count + 1)
    numbers = []
    // Each is looked at in its place: copies of all would cost more than the rest.
    let offered = inventory.bindings.indices.filter { inventory.bindings[$0].scope.kind != .nodePorts }
    for number in offered { starts[Int(inventory.bindings[number].owner.index) + 1] += 1 }
    for owner in inventory.owners.indices { starts[owner + 1] += starts[owner] }
    numbers = [Int](repeating: 0, count: offered.count)
    var next = starts
    for number in offered {
      let owner = Int(inventory.bindings[number].owner.index)
      numbers[next[owner]] = number
      next[owner] += 1
    }
  }

  subscript(owner: OwnerID) -> ArraySlice<Int> {
    numbers[starts[Int(owner.index)]..<starts[Int(owner.index) + 1]]
  }
}

/// Who references may mean: the containers of the pods in view, and the services.
private struct ReferenceIndex {
  private struct Key: Hashable {
    var cluster: Scope.Unit
    var namespace: String?
  }

  private struct Name: Hashable {
    var key: Key
    var name: String
  }

  /// The owners of one namespace, and which of them have a label.
  private struct Pool {
    var owners: [OwnerID] = []
    /// Nothing before somebody asks.
    private var labelled: [Labels.Label: [OwnerID]]?
    private var hasUnknown = false

    /// Below this many owners, looking at each is faster.
    static let few = 8

    /// Those whom a selector may pick; nothing where somebody's labels are not known.
    mutating func candidates(for selector: LabelSelector, _ inventory: Inventory) -> [OwnerID]? {
      if owners.count <= Pool.few {
        return owners.allSatisfy { inventory.owners[Int($0.index)].labels != nil } ? owners : nil
      }
      if labelled == nil { gather(inventory) }
      guard !hasUnknown, let labelled else { return nil }
      let postings = selector.requirements.compactMap { requirement -> [OwnerID]? in
        guard case .equal(let value) = requirement.test else { return nil }
        return labelled[Labels.Label(key: requirement.key, value: value)] ?? []
      }
      return postings.min { $0.count < $1.count } ?? owners
    }

    private mutating func gather(_ inventory: Inventory) {
      var gathered: [Labels.Label: [OwnerID]] = [:]
      for owner in owners {
        guard let labels = inventory.owners[Int(owner.index)].labels else {
          hasUnknown = true
          continue
        }
        for label in labels.all { gathered[label, default: []].append(owner) }
      }
      labelled = gathered
    }
  }

  private let inventory: Inventory
  private let bindings: OwnedBindings
  /// What many may be asked for again.
  private var offers: [Reference.Toward: Offer] = [:]
  private var containers: [Key: Pool] = [:]
  private var services: [Key: Pool] = [:]
  /// Nothing before somebody asks.
  private var servicesByName: [Name: [OwnerID]]?
  /// The containers of each pod; nothing before somebody asks.
  private var pods: [Scope.Unit: [OwnerID]]?

  init(_ inventory: Inventory) {
    self.inventory = inventory
    bindings = OwnedBindings(inventory)
    for index in inventory.owners.indices {
      let id = OwnerID(index)
      let pod = inventory.owners[index].pod
      guard let cluster = inventory.owners[index].cluster else { continue }
      let key = Key(cluster: cluster, namespace: inventory.owners[index].namespace)
      if pod != nil, !inventory.owners[index].isTransient { containers[key, default: Pool()].owners.append(id) }
      guard inventory.owners[index].isService else { continue }
      services[key, default: Pool()].owners.append(id)
    }
  }

  /// The containers that share a pod's network.
  private mutating func containers(of pod: Scope.Unit) -> [OwnerID] {
    if pods == nil {
      var gathered: [Scope.Unit: [OwnerID]] = [:]
      for index in inventory.owners.indices {
        if let pod = inventory.owners[index].pod { gathered[pod, default: []].append(OwnerID(index)) }
      }
      pods = gathered
    }
    return pods?[pod] ?? []
  }

  /// The services of a name.
  private mutating func services(of name: Name) -> [OwnerID] {
    if servicesByName == nil {
      var gathered: [Name: [OwnerID]] = [:]
      for (key, pool) in services {
        for id in pool.owners {
          guard let name = inventory.owners[Int(id.index)].name else { continue }
          gathered[Name(key: key, name: name), default: []].append(id)
        }
      }
      servicesByName = gathered
    }
    return servicesByName?[name] ?? []
  }

  /// What those offer who should answer a reference.
  mutating func offer(for reference: Reference) -> Offer {
    guard isOfMany(reference.toward) else {
      return Offer(of: candidates(for: reference), bindings: bindings, inventory)
    }
    if let known = offers[reference.toward] { return known }
    let offer = Offer(of: candidates(for: reference), bindings: bindings, inventory)
    offers[reference.toward] = offer
    return offer
  }

  /// Whether there are so many to choose from that they are chosen once only.
  private func isOfMany(_ toward: Reference.Toward) -> Bool {
    switch toward {
    case .itself, .service: false
    case .pods(.every, _, _), .services(.every, _, _): true
    case .pods(.these(let names), _, let cluster):
      names.contains { isLarge(containers[Key(cluster: cluster, namespace: $0)]) }
    case .services(.these(let names), _, let cluster):
      names.contains { isLarge(services[Key(cluster: cluster, namespace: $0)]) }
    }
  }

  private func isLarge(_ pool: Pool?) -> Bool {
    pool.map { $0.owners.count > Pool.few } ?? false
  }

  /// Who should answer a reference; nobody where that cannot be known.
  private mutating func candidates(for reference: Reference) -> [OwnerID] {
    switch (reference.toward, reference.wanted) {
    case (.itself, .name):
      [reference.owner]
    case (.itself, .number):
      // A number is listened on by whatever container of the pod: they share the network.
      inventory.owners[Int(reference.owner.index)].pod.map { containers(of: $0) } ?? [reference.owner]
    case (.pods(let namespaces, let selector, let cluster), _):
      ReferenceIndex.picked(from: &containers, namespaces, selector, cluster, inventory)
    case (.services(let namespaces, let selector, let cluster), _):
      ReferenceIndex.picked(from: &services, namespaces, selector, cluster, inventory)
    case (.service(let namespace, let name, let cluster), _):
      services(of: Name(key: Key(cluster: cluster, namespace: namespace), name: name))
    }
  }

  // A static function: a copy of the index would make each change of a pool copy them all.
  private static func picked(
    from pools: inout [Key: Pool], _ namespaces: Reference.Namespaces, _ selector: LabelSelector,
    _ cluster: Scope.Unit, _ inventory: Inventory
  ) -> [OwnerID] {
    // Whoever selects everything, or all that is not something, means more than what is in view.
    guard selector.asksForALabel else { return [] }
    let keys =
      switch namespaces {
      case .these(let names): names.map { Key(cluster: cluster, namespace: $0) }
      case .every: pools.keys.filter { $0.cluster == cluster }
      }
    var result: [OwnerID] = []
    for key in keys {
      guard pools[key] != nil else { continue }
      guard let inView = pools[key]?.candidates(for: selector, inventory) else { return [] }
      result += inView.filter { owner in
        inventory.owners[Int(owner.index)].labels.map { selector.picks($0) } ?? false
      }
    }
    if case .every = namespaces { result.sort { $0.index < $1.index } }
    return result
  }
}
