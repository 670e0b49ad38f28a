import PortModel
import SourceText

/// The ports of those whom a reference means; many references may mean the same.
final class Offer {
  /// The numbers of those who should answer, in the order of the inventory.
  let owners: ArraySlice<Int>
  /// Whether there is somebody, and all that they offer can be read.
  let isKnown: Bool
  /// All bindings of the inventory, and the numbers of those that are meant.
  private let all: [Binding]
  private let bindings: ArraySlice<Int>

  /// Up to this many ports or owners, looking at each is faster.
  static let few = 8
  /// Above this many names, none of them is suggested: comparing would take long, and hit by chance.
  private static let mostSuggested = 100

  init(owners: ArraySlice<Int>, isKnown: Bool, bindings: ArraySlice<Int>, of all: [Binding]) {
    self.owners = owners
    self.isKnown = isKnown
    self.bindings = bindings
    self.all = all
  }

  /// The first who should answer.
  var first: OwnerID? {
    owners.first.map { OwnerID($0) }
  }

  /// The ports of one name.
  private struct Named {
    /// The number of the first of them.
    let first: Int
    var count = 0
    /// Nothing among them where one's is not known.
    var transports: Set<TransportProtocol?> = []
  }

  private lazy var named: [String: Named] = bindings.reduce(into: [:]) { named, number in
    guard let name = all[number].name.text else { return }
    named[name, default: Named(first: number)].transports.insert(all[number].transport)
    named[name]?.count += 1
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
    // A message is no longer, however many there are.
    return "\(runs.dropLast().joined(separator: ", ")) and \(last)".shortened(to: 1000)
  }()

  /// Whether all that is declared can be told.
  private(set) lazy var isDeclaredWhole = bindings.allSatisfy { number in
    all[number].transport != nil && all[number].innerPorts != nil && all[number].port != .unresolved
      && all[number].effect != .refused
  }

  /// The only port inside that is declared for TCP.
  private(set) lazy var onlyInnerPort: Located<PortRange>? = {
    var only: Located<PortRange>?
    for number in bindings where all[number].transport == .tcp {
      guard let inner = all[number].innerPorts else { continue }
      if let only, only.value != inner { return nil }
      only = only ?? Located(inner, at: all[number].target?.place ?? all[number].place)
    }
    return only
  }()

  /// Whether that port is published by its own number.
  private(set) lazy var isPublishedAsItIs = bindings.contains { number in
    all[number].role == .publish && all[number].fixedPorts == onlyInnerPort?.value
  }

  private lazy var published: [TransportProtocol?: PortSet] = {
    var ranges: [TransportProtocol?: [PortRange]] = [:]
    for number in bindings where all[number].role == .publish {
      if let ports = all[number].fixedPorts { ranges[all[number].transport, default: []].append(ports) }
    }
    return ranges.mapValues { PortSet($0) }
  }()

  /// The first claim that publishes a port of the host.
  func claim(publishing port: UInt16, _ transport: TransportProtocol?) -> Binding? {
    guard published[transport]?.contains(port) ?? false else { return nil }
    return bindings.first { number in
      all[number].role == .publish && all[number].transport == transport
        && all[number].fixedPorts?.overlaps(PortRange(port)) == true
    }.map { all[$0] }
  }

  /// How many ports there are.
  var count: Int { bindings.count }

  /// Whether none of the ports has a name.
  private(set) lazy var isNameless = bindings.allSatisfy { all[$0].name.isAbsent }

  /// `'sql' and 'admin'`: the names that there are.
  private(set) lazy var names: String = {
    let names = Set(bindings.compactMap { all[$0].name.value }).sorted().map { "'\($0)'" }
    guard let last = names.last, names.count > 1 else { return names.first ?? "none" }
    return "\(names.dropLast().joined(separator: ", ")) and \(last)".shortened(to: 1000)
  }()

  /// The name, where all ports that have one have the same.
  var onlyName: String? {
    let names = named.keys.filter { !$0.isEmpty }
    return names.count == 1 && !hasUnknownName ? names.first : nil
  }

  /// What several containers of one pod have was asked for, for each name and protocol.
  private var repeated: [RepeatedName: [Binding]] = [:]

  private struct RepeatedName: Hashable {
    var name: String
    var transport: TransportProtocol?
  }

  /// The first two ports of one name and protocol, as far as they are known, where several containers of one pod have it;
  /// none where that is not so.
  func portsOfSeveralContainers(
    named name: String, _ transport: TransportProtocol?, pod: (OwnerID) -> Scope.Unit?
  ) -> [Binding] {
    guard let named = named[name], named.count > 1 else { return [] }
    // Of thousands of pods, hundreds of Services may ask.
    let key = RepeatedName(name: name, transport: transport)
    if let known = repeated[key] { return known }
    let ports = bindings.lazy.map { self.all[$0] }.filter { $0.name.value == name && mayServe($0.transport, transport) }
    let pods = Dictionary(grouping: ports) { pod($0.owner) }
    let isRepeated = pods.values.contains { ports in ports.contains { $0.owner != ports[0].owner } }
    let found = isRepeated ? Array(ports.prefix(2)) : []
    repeated[key] = found
    return found
  }

  /// A number for one protocol.
  struct Numbered: Hashable {
    var number: UInt16
    var transport: TransportProtocol?
  }

  /// The first ports of a node that lead to other numbers: of thousands of pods, thousands of Services may ask.
  private lazy var hostPorts: [Numbered: Int] = bindings.reduce(into: [:]) { found, number in
    guard all[number].role == .publish, let ports = all[number].fixedPorts, ports.isSingle,
      let inner = all[number].target?.ports, inner != ports
    else { return }
    let key = Numbered(number: ports.first, transport: all[number].transport)
    if found[key] == nil { found[key] = number }
  }

  /// A port of a node that leads to another number.
  func hostPort(_ number: UInt16, _ transport: TransportProtocol?) -> Binding? {
    hostPorts[Numbered(number: number, transport: transport)].map { all[$0] }
  }

  /// The numbers that own probes and hooks ask of those who should answer; nothing before somebody looks.
  var probed: Set<UInt16>?
  /// What Services in front of all of them lead to by a number, once somebody has looked.
  var servicePorts: [Numbered: (claim: Binding, inner: UInt16)?] = [:]

  /// Whether one of the ports is, or may be, the one that is wanted.
  func answers(_ reference: Reference) -> Bool {
    switch reference.wanted {
    case .anything: return true
    case .name(let name):
      if bindings.count > Offer.few {
        return hasUnknownName || named[name]?.transports.contains { mayServe($0, reference.transport) } ?? false
      }
      return bindings.contains { number in
        all[number].answers(name, reference.transport) || all[number].name.isUnknown
      }
    case .number(let port):
      // Where there is none of that name, the name is at fault.
      if let named = reference.listener.flatMap(self.port(named:)) {
        return named.answers(port, reference.transport) || named.port == .unresolved
      }
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
    named.count > Offer.mostSuggested
      ? nil : nearestWord(to: name, among: named.keys.filter { $0 != name && !$0.isEmpty }.sorted())
  }
}

extension Fact<String> {
  /// The text that stands or may be pointed at; empty where nothing stands.
  fileprivate var text: String? {
    isAbsent ? "" : value
  }
}

extension Binding {
  fileprivate func answers(_ wanted: String, _ transport: TransportProtocol?) -> Bool {
    name.text == wanted && mayServe(self.transport, transport)
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
