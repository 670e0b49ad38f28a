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
  /// The first who should answer, in the order of the inventory.
  let first: OwnerID?
  /// Whether there is somebody, and all that they offer can be read.
  let isKnown: Bool
  /// All bindings of the inventory, and the numbers of those that are meant.
  private let all: [Binding]
  private let bindings: ArraySlice<Int>

  /// Below this many ports, looking at each is faster.
  private static let few = 8
  /// Above this many names, none of them is suggested: comparing would take long, and hit by chance.
  private static let mostSuggested = 100

  init(first: OwnerID?, isKnown: Bool, bindings: ArraySlice<Int>, of all: [Binding]) {
    self.first = first
    self.isKnown = isKnown
    self.bindings = bindings
    self.all = all
  }

  private lazy var named: [String: [Int]] = bindings.reduce(into: [:]) { named, number in
    if let name = all[number].name.value { named[name, default: []].append(number) }
  }
  private lazy var hasUnknownName = bindings.contains { all[$0].name.isUnknown }

  /// `80 and 443`: the ports that there are.
  private(set) lazy var numbers: String = {
    let runs = PortSet(bindings.compactMap { all[$0].fixedPorts }).runs.map(\.description)
    guard let last = runs.last, runs.count > 1 else { return runs.first ?? "none" }
    return "\(runs.dropLast().joined(separator: ", ")) and \(last)"
  }()

  /// Whether one of the ports is, or may be, the one that is wanted.
  func answers(_ reference: Reference) -> Bool {
    switch reference.wanted {
    case .name(let name):
      if bindings.count > Offer.few {
        return hasUnknownName
          || named[name, default: []].contains { all[$0].answers(name, reference.transport) }
      }
      return bindings.contains { number in
        all[number].answers(name, reference.transport) || all[number].name.isUnknown
      }
    case .number(let port):
      return bindings.contains { number in
        all[number].answers(port, reference.transport) || all[number].port == .unresolved
      }
    }
  }

  /// The first port of that name.
  func port(named name: String) -> Binding? {
    named[name]?.first.map { all[$0] }
  }

  /// The name that is most like another.
  func name(nearest name: String) -> String? {
    named.count > Offer.mostSuggested ? nil : nearestWord(to: name, among: named.keys.filter { $0 != name }.sorted())
  }
}

extension Binding {
  fileprivate func answers(_ wanted: String, _ transport: TransportProtocol?) -> Bool {
    name.value == wanted && mayServe(transport)
  }

  fileprivate func answers(_ number: UInt16, _ transport: TransportProtocol?) -> Bool {
    guard let ports = listeningPorts?.value, ports.overlaps(PortRange(number)) else { return false }
    return mayServe(transport)
  }

  /// Whether the claim is of that protocol, as far as both are known.
  private func mayServe(_ transport: TransportProtocol?) -> Bool {
    transport == nil || self.transport == nil || self.transport == transport
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
    } else if let candidate = offer.first, candidate != reference.owner, !isOwn {
      let owner = inventory[candidate]
      let how = if case .service = reference.toward { "is here" } else { "is selected here" }
      related.append(Related("\(owner.objectPhrase) \(how)", at: owner.place, owner: candidate))
    }
    let values: PlaceholderValues = [
      .owner: inventory[reference.owner].phrase,
      .name: wanted,
      .field: reference.field.rawValue,
      .other: offer.first.map { inventory[$0].objectPhrase } ?? "",
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

  subscript(owner: Int) -> ArraySlice<Int> {
    numbers[starts[owner]..<starts[owner + 1]]
  }
}

/// Who references may mean: the containers of the pods in view, and the services.
private struct ReferenceIndex {
  private struct Key: Comparable {
    var cluster: Scope.Unit
    var namespace: String?

    static func < (a: Key, b: Key) -> Bool {
      guard a.cluster == b.cluster else { return a.cluster < b.cluster }
      guard let ours = a.namespace, let theirs = b.namespace else { return a.namespace == nil && b.namespace != nil }
      return ours < theirs
    }
  }

  private struct Name: Comparable {
    var key: Key
    var name: String

    static func < (a: Name, b: Name) -> Bool {
      a.key == b.key ? a.name < b.name : a.key < b.key
    }
  }

  /// The owners of one namespace by their numbers, and which of them have a label.
  private struct Pool {
    let key: Key
    let owners: ArraySlice<Int>
    /// Nothing before somebody asks.
    private var labelled: [Labels.Label: [Int]]?
    private var hasUnknown = false

    /// Up to this many owners, looking at each is faster.
    private static let few = 8

    init(_ owners: ArraySlice<Int>, of key: Key) {
      self.key = key
      self.owners = owners
    }

    /// Whether to look at each owner would take long.
    var isLarge: Bool {
      owners.count > Pool.few
    }

    /// Those whom a selector may pick; nothing where somebody's labels are not known.
    mutating func candidates(for selector: LabelSelector, _ inventory: Inventory) -> ArraySlice<Int>? {
      if !isLarge { return owners.allSatisfy { inventory.owners[$0].labels != nil } ? owners : nil }
      if labelled == nil { gather(inventory) }
      guard !hasUnknown, let labelled else { return nil }
      let postings = selector.requirements.compactMap { requirement -> ArraySlice<Int>? in
        guard case .equal(let value) = requirement.test else { return nil }
        return labelled[Labels.Label(key: requirement.key, value: value), default: []][...]
      }
      return postings.min { $0.count < $1.count } ?? owners
    }

    private mutating func gather(_ inventory: Inventory) {
      var gathered: [Labels.Label: [Int]] = [:]
      for owner in owners {
        guard let labels = inventory.owners[owner].labels else {
          hasUnknown = true
          continue
        }
        for label in labels.all { gathered[label, default: []].append(owner) }
      }
      labelled = gathered
    }
  }

  /// The pools of all namespaces, in the order of their keys.
  private struct Pools {
    private var pools: [Pool]
    private let hasLarge: Bool

    /// - Parameter isMember: Whether the owner of a number is one of those that are sought.
    init(_ inventory: Inventory, where isMember: (Int) -> Bool) {
      let groups = Groups(inventory.owners.indices) { owner -> Key? in
        guard let cluster = inventory.owners[owner].cluster, isMember(owner) else { return nil }
        return Key(cluster: cluster, namespace: inventory.owners[owner].namespace)
      }
      pools = groups.all.map { Pool($0.numbers, of: $0.key) }
      hasLarge = pools.contains(where: \.isLarge)
    }

    /// The number of the pool of a key. O(log *n*).
    private func number(of key: Key) -> Int? {
      let number = pools.indices.firstBehind { pools[$0].key < key }
      return number < pools.count && pools[number].key == key ? number : nil
    }

    /// The numbers of the pools of namespaces, in their order.
    private func numbers(of namespaces: Reference.Namespaces, _ cluster: Scope.Unit) -> [Int] {
      switch namespaces {
      case .these(let names): names.compactMap { number(of: Key(cluster: cluster, namespace: $0)) }
      case .every: pools.indices.filter { pools[$0].key.cluster == cluster }
      }
    }

    /// Whether there are so many to choose from that they are chosen once only.
    func areMany(in namespaces: Reference.Namespaces, _ cluster: Scope.Unit) -> Bool {
      if case .every = namespaces { return true }
      return hasLarge && numbers(of: namespaces, cluster).contains { pools[$0].isLarge }
    }

    /// The numbers of the owners whom a selector picks; nobody where that cannot be known.
    mutating func picked(
      by selector: LabelSelector, in namespaces: Reference.Namespaces, _ cluster: Scope.Unit, _ inventory: Inventory
    ) -> [Int] {
      // Whoever selects everything, or all that is not something, means more than what is in view.
      guard selector.asksForALabel else { return [] }
      var result: [Int] = []
      for number in numbers(of: namespaces, cluster) {
        guard let inView = pools[number].candidates(for: selector, inventory) else { return [] }
        result += inView.filter { inventory.owners[$0].labels.map(selector.picks) ?? false }
      }
      if case .every = namespaces { result.sort() }
      return result
    }
  }

  private let inventory: Inventory
  private let bindings: OwnedBindings
  /// What many may be asked for again.
  private var offers: [Reference.Toward: Offer] = [:]
  private var containers: Pools
  private var services: Pools
  private lazy var servicesByName = Groups(inventory.owners.indices) { [inventory] owner -> Name? in
    guard inventory.owners[owner].isService, let cluster = inventory.owners[owner].cluster else { return nil }
    let key = Key(cluster: cluster, namespace: inventory.owners[owner].namespace)
    return inventory.owners[owner].name.map { Name(key: key, name: $0) }
  }
  /// The containers that share a pod's network.
  private lazy var pods = Groups(inventory.owners.indices) { [inventory] in inventory.owners[$0].pod }

  init(_ inventory: Inventory) {
    self.inventory = inventory
    bindings = OwnedBindings(inventory)
    containers = Pools(inventory) { inventory.owners[$0].pod != nil && !inventory.owners[$0].isTransient }
    services = Pools(inventory) { inventory.owners[$0].isService }
  }

  /// What those offer who should answer a reference.
  mutating func offer(for reference: Reference) -> Offer {
    let isOfMany = isOfMany(reference.toward)
    if isOfMany, let known = offers[reference.toward] { return known }
    // Not within the call: with a copy of the index about, each change of a pool would copy them all.
    let owners = candidates(for: reference)
    let offer = offer(of: owners)
    if isOfMany { offers[reference.toward] = offer }
    return offer
  }

  private func offer(of owners: [Int]) -> Offer {
    let isKnown = owners.allSatisfy { !inventory.owners[$0].isPartial && inventory.owners[$0].hasKnownPorts }
    return Offer(
      first: owners.first.map { OwnerID($0) }, isKnown: isKnown && !owners.isEmpty,
      bindings: owners.count == 1 ? bindings[owners[0]] : ArraySlice(owners.flatMap { bindings[$0] }),
      of: inventory.bindings)
  }

  private func isOfMany(_ toward: Reference.Toward) -> Bool {
    switch toward {
    case .itself, .service: false
    case .pods(let namespaces, _, let cluster): containers.areMany(in: namespaces, cluster)
    case .services(let namespaces, _, let cluster): services.areMany(in: namespaces, cluster)
    }
  }

  /// The numbers of the owners who should answer a reference; nobody where that cannot be known.
  private mutating func candidates(for reference: Reference) -> [Int] {
    let own = Int(reference.owner.index)
    switch (reference.toward, reference.wanted) {
    case (.itself, .name):
      return [own]
    case (.itself, .number):
      // A number is listened on by whatever container of the pod: they share the network.
      return inventory.owners[own].pod.map { Array(pods[$0]) } ?? [own]
    case (.pods(let namespaces, let selector, let cluster), _):
      return containers.picked(by: selector, in: namespaces, cluster, inventory)
    case (.services(let namespaces, let selector, let cluster), _):
      return services.picked(by: selector, in: namespaces, cluster, inventory)
    case (.service(let namespace, let name, let cluster), _):
      return Array(servicesByName[Name(key: Key(cluster: cluster, namespace: namespace), name: name)])
    }
  }
}
