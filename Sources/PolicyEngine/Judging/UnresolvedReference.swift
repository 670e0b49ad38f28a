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

  static func matches(in context: JudgingContext) -> OutcomeTable<[Match]> {
    let (inventory, work) = (context.inventory, context.work)
    guard !inventory.references.isEmpty else { return [:] }
    var index = ReferenceIndex(inventory, work.selections)
    var matches: OutcomeTable<[Match]> = [:]
    for reference in inventory.references where !inventory.owners[Int(reference.owner.index)].isPartial {
      let offer = index.offer(for: reference)
      if work.selections.isSpent {
        work.stop(.selections(work.selections.most), at: reference.place)
        break
      }
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

  /// Up to this many ports or owners, looking at each is faster.
  static let few = 8
  /// Above this many names, none of them is suggested: comparing would take long, and hit by chance.
  private static let mostSuggested = 100

  init(first: OwnerID?, isKnown: Bool, bindings: ArraySlice<Int>, of all: [Binding]) {
    self.first = first
    self.isKnown = isKnown
    self.bindings = bindings
    self.all = all
  }

  /// The ports of one name.
  private struct Named {
    /// The number of the first of them.
    let first: Int
    /// Nothing among them where one's is not known.
    var transports: Set<TransportProtocol?> = []
  }

  private lazy var named: [String: Named] = bindings.reduce(into: [:]) { named, number in
    guard let name = all[number].name.value else { return }
    named[name, default: Named(first: number)].transports.insert(all[number].transport)
  }
  private lazy var hasUnknownName = bindings.contains { all[$0].name.isUnknown }

  /// The numbers that are listened on, by protocol; those of nothing are of one that is not known.
  private lazy var listened: [TransportProtocol?: PortSet] = {
    var ranges: [TransportProtocol?: [PortRange]] = [:]
    for number in bindings {
      if let ports = all[number].listeningPorts?.value { ranges[all[number].transport, default: []].append(ports) }
    }
    return ranges.mapValues { PortSet($0) }
  }()
  private lazy var hasUnknownNumber = bindings.contains { all[$0].port == .unresolved }

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
        return hasUnknownName || named[name]?.transports.contains { mayServe($0, reference.transport) } ?? false
      }
      return bindings.contains { number in
        all[number].answers(name, reference.transport) || all[number].name.isUnknown
      }
    case .number(let port):
      if bindings.count > Offer.few {
        return hasUnknownNumber
          || listened.contains { mayServe($0.key, reference.transport) && $0.value.contains(port) }
      }
      return bindings.contains { number in
        all[number].answers(port, reference.transport) || all[number].port == .unresolved
      }
    }
  }

  /// The first port of that name.
  func port(named name: String) -> Binding? {
    named[name].map { all[$0.first] }
  }

  /// The name that is most like another.
  func name(nearest name: String) -> String? {
    named.count > Offer.mostSuggested ? nil : nearestWord(to: name, among: named.keys.filter { $0 != name }.sorted())
  }
}

extension Binding {
  fileprivate func answers(_ wanted: String, _ transport: TransportProtocol?) -> Bool {
    name.value == wanted && mayServe(self.transport, transport)
  }

  fileprivate func answers(_ number: UInt16, _ transport: TransportProtocol?) -> Bool {
    guard let ports = listeningPorts?.value, ports.overlaps(PortRange(number)) else { return false }
    return mayServe(self.transport, transport)
  }
}

/// Whether a claim's protocol is the one that is wanted, as far as both are known.
private func mayServe(_ transport: TransportProtocol?, _ wanted: TransportProtocol?) -> Bool {
  transport == nil || wanted == nil || transport == wanted
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
struct ReferenceIndex {
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
    let number = Sought.containers.rawValue
    return pools[number].owners(
      pools[number].picked(by: selector, in: .these([namespace?.exact]), cluster, inventory, work))
  }

  /// The port of a container that a Service's port leads to, by its number or by the name that the container gives it.
  func port(of container: Int, behind service: Binding) -> UInt16? {
    guard let target = service.target else { return nil }
    guard let name = target.name else { return target.ports?.first }
    let named = bindings[container].first { inventory.bindings[$0].name.value == name }
    return named.flatMap { inventory.bindings[$0].innerPorts?.first }
  }

  /// What those offer who should answer a reference; nobody where that cannot be known.
  fileprivate mutating func offer(for reference: Reference) -> Offer {
    if let last, last.toward == reference.toward { return last.offer }
    let own = Int(reference.owner.index)
    switch (reference.toward, reference.wanted) {
    case (.itself, .name):
      return offer(of: [own])
    case (.itself, .number):
      // A number is listened on by whatever container of the pod: they share the network.
      return offer(of: inventory.owners[own].pod.map { pods[$0] } ?? [own])
    case (.service(let namespace, let name, let cluster), _):
      return offer(of: servicesByName[Name(key: Key(cluster: cluster, namespace: namespace), name: name)])
    case (.pods(let namespaces, let selector, let cluster), _):
      return offer(of: .containers, selector, in: namespaces, cluster, reference.toward)
    case (.services(let namespaces, let selector, let cluster), _):
      return offer(of: .services, selector, in: namespaces, cluster, reference.toward)
    }
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
      first: owners.first.map { OwnerID($0) }, isKnown: isKnown && !owners.isEmpty, bindings: numbers,
      of: inventory.bindings)
  }
}

extension Reference.Namespaces {
  fileprivate var isEvery: Bool {
    if case .every = self { true } else { false }
  }
}
