import PortModel
import SourceText

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
struct ReferenceIndex {
  /// By containers, the numbers that their own probes and hooks ask: declared or not, somebody listens there.
  private lazy var probed: [Int: Set<UInt16>] = {
    var probed: [Int: Set<UInt16>] = [:]
    for reference in inventory.references {
      guard case .itself = reference.toward, case .number(let number) = reference.wanted else { continue }
      probed[Int(reference.owner.index), default: []].insert(number)
    }
    return probed
  }()

  private struct PortOfNamespace: Hashable {
    var number: UInt16
    var cluster: Scope.Unit
    var namespace: ExactText?
  }

  /// The numbers of the Services' bindings, their own ports and those that they have on the nodes, by what they are.
  private lazy var servicePorts: [PortOfNamespace: [Int]] = {
    var found: [PortOfNamespace: [Int]] = [:]
    for number in inventory.bindings.indices {
      let role = inventory.bindings[number].role
      guard role == .service || inventory.bindings[number].scope.kind == .nodePorts,
        let port = inventory.bindings[number].fixedPorts
      else { continue }
      let owner = Int(inventory.bindings[number].owner.index)
      guard inventory.owners[owner].isService, let cluster = inventory.owners[owner].cluster else { continue }
      let key = PortOfNamespace(
        number: port.first, cluster: cluster, namespace: inventory.owners[owner].namespace?.exact)
      found[key, default: []].append(number)
    }
    return found
  }()

  /// The numbers of the policies' and monitors' references to pods, by the ports that they name.
  private lazy var lettingThrough: [UInt16: [Int]] = {
    var found: [UInt16: [Int]] = [:]
    for (number, reference) in inventory.references.enumerated() {
      guard case .pods = reference.toward, case .number(let port) = reference.wanted, reference.field != .targetPort
      else { continue }
      found[port, default: []].append(number)
    }
    return found
  }()
  /// By such ports, the containers that are meant, once somebody has asked.
  private var letThrough: [UInt16: Set<Int>] = [:]

  private struct Key: Comparable {
    var cluster: Scope.Unit
    var namespace: ExactText?

    static func < (a: Key, b: Key) -> Bool {
      guard a.cluster == b.cluster else { return a.cluster < b.cluster }
      guard let ours = a.namespace, let theirs = b.namespace else { return a.namespace == nil && b.namespace != nil }
      return ours < theirs
    }
  }

  private struct Name: Comparable {
    var key: Key
    var name: ExactText

    static func < (a: Name, b: Name) -> Bool {
      a.key == b.key ? a.name < b.name : a.key < b.key
    }
  }

  /// Owners of one pool with the same labels, by the numbers of both: who selects one of them selects all.
  private struct Alike: Hashable {
    var pool: Int
    var number: Int
  }

  /// The owners of one namespace by their numbers, and which of them have a label.
  private struct Pool {
    let key: Key
    let owners: ArraySlice<Int>
    /// Nothing before somebody asks, and where looking at each owner is faster.
    private var index: LabelIndex?

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

    /// The owners of a number that `picked` gave.
    func owners(_ number: Int) -> ArraySlice<Int> {
      index?.alike[number].owners[...] ?? [number]
    }

    /// Those whom a selector picks; nothing where somebody's labels are not known.
    mutating func picked(by selector: LabelSelector, _ inventory: Inventory, _ work: WorkMeter) -> [Int]? {
      guard isLarge else {
        guard owners.allSatisfy({ inventory.owners[$0].labels != nil }) else { return nil }
        work.take(owners.count * (1 + selector.requirements.count))
        return owners.filter { inventory.owners[$0].labels.map(selector.picks) ?? false }
      }
      if index == nil { index = LabelIndex(owners, inventory) }
      return index?.picked(by: selector, work)
    }
  }

  /// Owners by their labels.
  private struct LabelIndex {
    private(set) var alike: [(labels: Labels, owners: [Int])] = []
    /// The numbers of those who have a label, with its value and with whatever value.
    private var labelled: [Labels.Label: [Int]] = [:]
    private var keyed: [ExactText: [Int]] = [:]
    private var hasUnknown = false

    init(_ owners: ArraySlice<Int>, _ inventory: Inventory) {
      var numbers: [Labels: Int] = [:]
      for owner in owners {
        guard let labels = inventory.owners[owner].labels else {
          hasUnknown = true
          continue
        }
        if let number = numbers[labels] {
          alike[number].owners.append(owner)
          continue
        }
        for label in labels.all {
          labelled[label, default: []].append(alike.count)
          keyed[label.key.exact, default: []].append(alike.count)
        }
        numbers[labels] = alike.count
        alike.append((labels, [owner]))
      }
    }

    /// Those whom a selector picks; nothing where somebody's labels are not known.
    func picked(by selector: LabelSelector, _ work: WorkMeter) -> [Int]? {
      if hasUnknown { return nil }
      let candidates = candidates(for: selector, work)
      work.take(candidates.count * (1 + selector.requirements.count))
      return candidates.filter { selector.picks(alike[$0].labels) }
    }

    /// Those whom a selector may pick, in rising order: who has the label that fewest have.
    private func candidates(for selector: LabelSelector, _ work: WorkMeter) -> [Int] {
      let postings = selector.requirements.compactMap { requirement -> [[Int]]? in
        let of = { (value: ExactText) in labelled[Labels.Label(key: requirement.key.text, value: value.text)] ?? [] }
        switch requirement.test {
        case .equal(let value): return [of(value)]
        case .among(let values): return values.map(of)
        case .exists: return [keyed[requirement.key] ?? []]
        case .notAmong, .absent: return nil
        }
      }
      work.take(postings.reduce(0) { $0 + $1.count })
      let size = { (lists: [[Int]]) in lists.reduce(0) { $0 + $1.count } }
      guard let fewest = postings.min(by: { size($0) < size($1) }) else { return Array(alike.indices) }
      return fewest.count == 1 ? fewest[0] : fewest.flatMap { $0 }.sorted()
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
        return Key(cluster: cluster, namespace: inventory.owners[owner].namespace?.exact)
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

    /// The numbers of the owners of a key.
    func owners(of key: Key) -> ArraySlice<Int> {
      number(of: key).map { pools[$0].owners } ?? []
    }

    /// Whether there are so many to choose from that they are chosen once only.
    func areMany(in namespaces: Reference.Namespaces, _ cluster: Scope.Unit) -> Bool {
      if case .every = namespaces { return true }
      return hasLarge && numbers(of: namespaces, cluster).contains { pools[$0].isLarge }
    }

    /// Those whom a selector picks; nobody where that cannot be known.
    mutating func picked(
      by selector: LabelSelector, in namespaces: Reference.Namespaces, _ cluster: Scope.Unit, _ inventory: Inventory,
      _ work: WorkMeter
    ) -> [Alike] {
      // Whoever selects everything, or all that is not something, means more than what is in view.
      guard selector.asksForALabel else { return [] }
      var result: [Alike] = []
      let numbers = numbers(of: namespaces, cluster)
      work.take(namespaces.isEvery ? pools.count : numbers.count)
      for number in numbers {
        if work.isSpent { return [] }
        guard let picked = pools[number].picked(by: selector, inventory, work) else { return [] }
        result += picked.map { Alike(pool: number, number: $0) }
      }
      return result
    }

    /// The numbers of the owners who are meant, in the order of the inventory.
    func owners(_ picked: [Alike]) -> ArraySlice<Int> {
      if picked.count == 1 { return pools[picked[0].pool].owners(picked[0].number) }
      return picked.flatMap { pools[$0.pool].owners($0.number) }.sorted()[...]
    }
  }

  private let inventory: Inventory
  private let work: WorkMeter
  private let bindings: OwnedBindings
  /// What many ask for.
  private var offers: [Asked: Offer] = [:]
  /// What was asked for last, and what came of it: an object's references mostly mean the same.
  private var last: (toward: Reference.Toward, offer: Offer)?
  /// By the numbers of those who are sought.
  private var pools: [Pools]
  private lazy var servicesByName = Groups(inventory.owners.indices) { [inventory] owner -> Name? in
    guard inventory.owners[owner].isService, let cluster = inventory.owners[owner].cluster else { return nil }
    let key = Key(cluster: cluster, namespace: inventory.owners[owner].namespace?.exact)
    return inventory.owners[owner].name.map { Name(key: key, name: $0.exact) }
  }
  private lazy var gatewaysByName = Groups(inventory.owners.indices) { [inventory] owner -> Name? in
    guard inventory.owners[owner].apiGroup == "gateway.networking.k8s.io", inventory.owners[owner].kind == "Gateway",
      let cluster = inventory.owners[owner].cluster
    else { return nil }
    let key = Key(cluster: cluster, namespace: inventory.owners[owner].namespace?.exact)
    return inventory.owners[owner].name.map { Name(key: key, name: $0.exact) }
  }
  /// The containers that share a pod's network.
  private lazy var pods = Groups(inventory.owners.indices) { [inventory] in inventory.owners[$0].pod }

  private enum Sought: Int {
    case containers
    case services
  }

  /// Whose ports are asked for.
  private enum Asked: Hashable {
    case toward(Reference.Toward)
    /// The owners whom some selector picks.
    case picked(Sought, [Alike])
    /// One owner, or all of a pod or of a name, by the first.
    case owners(first: Int, count: Int)
    /// All of a name, by the first, as a reference of a file asks for them.
    case named(first: Int, file: FileID, isByAddress: Bool, isEndpoint: Bool)
  }

  init(_ inventory: Inventory, _ work: WorkMeter) {
    self.inventory = inventory
    self.work = work
    bindings = OwnedBindings(inventory)
    pools = [
      Pools(inventory) { inventory.owners[$0].pod != nil && !inventory.owners[$0].isTransient },
      Pools(inventory) { inventory.owners[$0].isService },
    ]
  }

  /// The numbers of the containers of the pods that a selector picks; nobody where that cannot be known.
  mutating func containers(
    picked selector: LabelSelector, in namespace: String?, of cluster: Scope.Unit
  ) -> ArraySlice<Int> {
    owners(of: .containers, pickedBy: selector, in: .these([namespace?.exact]), cluster)
  }

  private mutating func owners(
    of sought: Sought, pickedBy selector: LabelSelector, in namespaces: Reference.Namespaces, _ cluster: Scope.Unit
  ) -> ArraySlice<Int> {
    // Before the pools are asked for the owners: the first who picks some of a large pool makes its index.
    let picked = pools[sought.rawValue].picked(by: selector, in: namespaces, cluster, inventory, work)
    return pools[sought.rawValue].owners(picked)
  }

  /// The port of a container that a Service's port leads to, by its number or by the name that the container gives it.
  func port(of container: Int, behind service: Binding) -> UInt16? {
    guard let target = service.target else { return nil }
    guard let name = target.name else { return target.ports?.first }
    let named = bindings[container].first { inventory.bindings[$0].name.value == name }
    return named.flatMap { inventory.bindings[$0].innerPorts?.first }
  }

  /// What those offer who should answer a reference; nobody where that cannot be known.
  mutating func offer(for reference: Reference) -> Offer {
    if let last, last.toward == reference.toward { return last.offer }
    let own = Int(reference.owner.index)
    switch (reference.toward, reference.wanted) {
    case (.itself, .name):
      return offer(of: [own])
    case (.itself, .number):
      // A number is listened on by whatever container of the pod: they share the network.
      return offer(of: inventory.owners[own].pod.map { pods[$0] } ?? [own])
    case (.itself, .anything):
      return offer(of: [])
    case (.owner(let owner), _):
      return offer(of: [Int(owner.index)])
    case (.service(let namespace, let name, let cluster), _):
      let named = servicesByName[Name(key: Key(cluster: cluster, namespace: namespace), name: name)]
      return offer(ofNamed: named, for: reference)
    case (.gateway(let namespace, let name, let cluster), _):
      let named = gatewaysByName[Name(key: Key(cluster: cluster, namespace: namespace), name: name)]
      return offer(ofNamed: named, for: reference)
    case (.podsBehind(let namespaces, let selector, let cluster), _):
      if let known = offers[.toward(reference.toward)] { return known }
      let offer = newOffer(of: containers(behind: selector, in: namespaces, cluster))
      offers[.toward(reference.toward)] = offer
      return offer
    case (.pods(let namespaces, let selector, let cluster), _):
      return offer(of: .containers, selector, in: namespaces, cluster, reference.toward)
    case (.services(let namespaces, let selector, let cluster), _):
      return offer(of: .services, selector, in: namespaces, cluster, reference.toward)
    }
  }

  /// What the Services or Gateways of one name offer; of many, many may ask.
  private mutating func offer(ofNamed named: ArraySlice<Int>, for reference: Reference) -> Offer {
    let own = Int(reference.owner.index)
    guard named.count > Offer.few, let first = named.first else {
      return offer(of: answering(named, reference))
    }
    let asked = Asked.named(
      first: first, file: inventory.owners[own].place.file, isByAddress: reference.isByAddress,
      isEndpoint: reference.field == .endpoint)
    if let known = offers[asked] { return known }
    work.take(named.count)
    let offer = offer(of: answering(named, reference))
    offers[asked] = offer
    return offer
  }

  /// Those of one name who answer a reference; nobody where that cannot be known.
  private func answering(_ named: ArraySlice<Int>, _ reference: Reference) -> ArraySlice<Int> {
    let owners = nearest(named, to: Int(reference.owner.index))
    // Behind the name of a headless Service are pods, which listen on more than it lists.
    let areOpen = reference.isByAddress && owners.contains { inventory.owners[$0].isHeadless != .no }
    // Who selects pods has its endpoints from Kubernetes, and to a headless one nothing leads by a port's name.
    let areOthers =
      reference.field == .endpoint
      && owners.contains { !inventory.owners[$0].isSelectorless || inventory.owners[$0].isHeadless != .no }
    return areOpen || areOthers ? [] : owners
  }

  /// Of several objects of one name, those of the file that points at them, if there are any.
  private func nearest(_ owners: ArraySlice<Int>, to own: Int) -> ArraySlice<Int> {
    guard owners.count > 1 else { return owners }
    let near = owners.filter { inventory.owners[$0].place.file == inventory.owners[own].place.file }
    return near.isEmpty ? owners : near[...]
  }

  /// The containers of the pods behind the services that a selector picks; nobody where they are not all in view.
  private mutating func containers(
    behind selector: LabelSelector, in namespaces: Reference.Namespaces, _ cluster: Scope.Unit
  ) -> ArraySlice<Int> {
    let services = owners(of: .services, pickedBy: selector, in: namespaces, cluster)
    var result: Set<Int> = []
    for service in services {
      if work.isSpent { return [] }
      let owner = inventory.owners[service]
      guard let selected = owner.selected, !owner.isPartial else { return [] }
      let containers = containers(picked: selected, in: owner.namespace, of: cluster)
      work.take(containers.count)
      if containers.isEmpty { return [] }
      result.formUnion(containers)
    }
    return result.sorted()[...]
  }

  /// The claim outside that has the number of a reference to pods' own ports, and the number inside that it leads to;
  /// nothing unless that is certain.
  mutating func outerPort(of reference: Reference, _ offer: Offer) -> (claim: Binding, inner: UInt16)? {
    guard case .number(let number) = reference.wanted else { return nil }
    switch (reference.toward, reference.field) {
    case (.itself, .probe), (.itself, .lifecycle):
      return outerPort(number, askedOf: Int(reference.owner.index), reference, offer)
    case (.pods, .targetPort):
      if isProbed(number, offer) { return nil }
      return hostPort(number, reference.transport, offer)
    case (.pods, .networkPolicy), (.pods, .peerAuthentication):
      if isProbed(number, offer) { return nil }
      return servicePort(number, of: reference, offer) ?? hostPort(number, reference.transport, offer)
    default: return nil
    }
  }

  private mutating func isProbed(_ number: UInt16, _ offer: Offer) -> Bool {
    if offer.probed == nil {
      work.take(offer.owners.count)
      offer.probed = offer.owners.reduce(into: []) { $0.formUnion(probed[$1] ?? []) }
    }
    return offer.probed?.contains(number) ?? false
  }

  private func hostPort(
    _ number: UInt16, _ transport: TransportProtocol?, _ offer: Offer
  ) -> (claim: Binding, inner: UInt16)? {
    offer.hostPort(number, transport).flatMap { claim in claim.target?.ports.map { (claim, $0.first) } }
  }

  /// What a container is asked on from within, where the number is its own outside: that of its node, or of a Service
  /// which leads to another port of the container.
  private mutating func outerPort(
    _ number: UInt16, askedOf own: Int, _ reference: Reference, _ offer: Offer
  ) -> (claim: Binding, inner: UInt16)? {
    // On a node's network, somebody else may answer; what a policy names too, the container may listen on.
    guard inventory.owners[own].network == .private, !isLetThrough(number, to: own) else { return nil }
    var asked = reference
    asked.transport = .tcp
    if let outer = hostPort(number, .tcp, offer), outer.claim.owner == reference.owner { return outer }
    guard let outer = servicePort(number, of: asked, offer),
      bindings[own].contains(where: {
        inventory.bindings[$0].innerPorts == PortRange(outer.inner) && inventory.bindings[$0].transport == .tcp
      })
    else { return nil }
    return outer
  }

  /// Whether a policy or a monitor names a number of a container's.
  private mutating func isLetThrough(_ number: UInt16, to container: Int) -> Bool {
    if let known = letThrough[number] { return known.contains(container) }
    var containers: Set<Int> = []
    var asked: Set<ObjectIdentifier> = []
    for reference in lettingThrough[number] ?? [] {
      let offer = offer(for: inventory.references[reference])
      guard asked.insert(ObjectIdentifier(offer)).inserted else { continue }
      work.take(offer.owners.count)
      containers.formUnion(offer.owners)
    }
    letThrough[number] = containers
    return containers.contains(container)
  }

  /// The port of a Service in front of all of those who are meant, or the one that it has on the nodes, where none of
  /// their Services leads to that number.
  private mutating func servicePort(
    _ number: UInt16, of reference: Reference, _ offer: Offer
  ) -> (claim: Binding, inner: UInt16)? {
    let key = Offer.Numbered(number: number, transport: reference.transport)
    if let known = offer.servicePorts[key] { return known }
    let found = newServicePort(number, of: reference, offer)
    offer.servicePorts[key] = .some(found)
    return found
  }

  private mutating func newServicePort(
    _ number: UInt16, of reference: Reference, _ offer: Offer
  ) -> (claim: Binding, inner: UInt16)? {
    guard let first = offer.owners.first, let cluster = inventory.owners[first].cluster else { return nil }
    let namespace = inventory.owners[first].namespace?.exact
    let key = PortOfNamespace(number: number, cluster: cluster, namespace: namespace)
    var found: (claim: Binding, inner: UInt16)?
    for claim in servicePorts[key] ?? [] where found == nil {
      if work.isSpent { return nil }
      let claim = inventory.bindings[claim]
      work.take(1)
      guard claim.transport == reference.transport, let selected = inventory.owners[Int(claim.owner.index)].selected
      else { continue }
      work.take(offer.owners.count)
      guard offer.owners.allSatisfy({ inventory.owners[$0].labels.map(selected.picks) ?? false }),
        let right = offer.owners.compactMap({ port(of: $0, behind: claim) }).first
      else { continue }
      var there = reference
      there.wanted = .number(right)
      if offer.answers(there) { found = (claim, right) }
    }
    return found != nil && mayLead(to: number, Key(cluster: cluster, namespace: namespace), offer) ? nil : found
  }

  /// Whether a Service leads, or may lead, to a number of somebody who is meant.
  private func mayLead(to number: UInt16, _ key: Key, _ offer: Offer) -> Bool {
    for service in pools[Sought.services.rawValue].owners(of: key) {
      work.take(1 + offer.owners.count)
      guard let selected = inventory.owners[service].selected else { continue }
      let picked = offer.owners.filter { inventory.owners[$0].labels.map(selected.picks) ?? false }
      if picked.isEmpty { continue }
      guard !inventory.owners[service].isPartial, inventory.owners[service].hasKnownPorts else { return true }
      for claim in bindings[service].map({ inventory.bindings[$0] }) {
        // Who leads there knows that somebody listens, and where a template leads is not known.
        if claim.target?.isOpen ?? true || claim.fixedPorts == nil { return true }
        if picked.contains(where: { port(of: $0, behind: claim) == number }) { return true }
      }
    }
    return false
  }

  /// What those offer whom a selector picks; of many, several selectors may pick the same.
  private mutating func offer(
    of sought: Sought, _ selector: LabelSelector, in namespaces: Reference.Namespaces, _ cluster: Scope.Unit,
    _ toward: Reference.Toward
  ) -> Offer {
    let isOfMany = pools[sought.rawValue].areMany(in: namespaces, cluster)
    if isOfMany, let known = offers[.toward(toward)] { return known }
    let picked = pools[sought.rawValue].picked(by: selector, in: namespaces, cluster, inventory, work)
    let offer =
      (isOfMany ? offers[.picked(sought, picked)] : nil) ?? newOffer(of: pools[sought.rawValue].owners(picked))
    if isOfMany {
      work.take(picked.count)
      offers[.picked(sought, picked)] = offer
      offers[.toward(toward)] = offer
    }
    last = (toward, offer)
    return offer
  }

  /// What owners offer whom others may ask too: those of a pod, or of a name.
  private mutating func offer(of owners: ArraySlice<Int>) -> Offer {
    let isLong = owners.count > Offer.few || owners.contains { bindings[$0].count > Offer.few }
    guard isLong, let first = owners.first else { return newOffer(of: owners) }
    let asked = Asked.owners(first: first, count: owners.count)
    if let known = offers[asked] { return known }
    let offer = newOffer(of: owners)
    offers[asked] = offer
    return offer
  }

  private func newOffer(of owners: ArraySlice<Int>) -> Offer {
    let isKnown = owners.allSatisfy { !inventory.owners[$0].isPartial && inventory.owners[$0].hasKnownPorts }
    let numbers =
      owners.count == 1 ? owners.first.map { bindings[$0] } ?? [] : ArraySlice(owners.flatMap { bindings[$0] })
    // Each is kept, and found by its name: that takes many times what a comparison takes.
    work.take(10 * numbers.count)
    return Offer(
      owners: owners, isKnown: isKnown && !owners.isEmpty, bindings: numbers,
      of: inventory.bindings)
  }
}

extension Reference.Namespaces {
  fileprivate var isEvery: Bool {
    if case .every = self { true } else { false }
  }
}
