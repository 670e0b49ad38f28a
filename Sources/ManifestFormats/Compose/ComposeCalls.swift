import PortModel
import SourceText
import SourceYAML

/// What a text of a service's says of a host or of a port to reach.
struct ComposeCall: Sendable {
  var origin: Origin
  var target: Target

  /// Where the text stands.
  enum Origin: Hashable, Sendable {
    case healthcheck
    case command
    case entrypoint
    case variable(ExactText)
    case label(ExactText)
  }

  enum Target: Sendable {
    /// A host with a port, whose digits stand there.
    case address(host: ExactText, port: UInt16, place: SourceRange)
    /// The host of variables that have a beginning in common, such as `DB_HOST`.
    case host(ExactText, of: ExactText)
    /// Their port, such as `DB_PORT`.
    case port(UInt16, of: ExactText, place: SourceRange)
    /// The port of the service itself, for a proxy.
    case proxied(UInt16, TransportProtocol, place: SourceRange)
  }

  /// The host that it says by itself, behind what its variable begins with.
  var host: (prefix: ExactText, name: ExactText)? {
    if case .host(let name, let prefix) = target { (prefix, name) } else { nil }
  }
}

// MARK: - Reading

extension ComposeLowering {
  /// What a service says of hosts and ports to reach.
  mutating func calls(of service: YAMLNode) -> [ComposeCall] {
    var calls: [ComposeCall] = []
    if let check = word("healthcheck", of: service), word("disable", of: check)?.isTrue != true {
      addCalls(of: word("test", of: check), from: .healthcheck, to: &calls)
    }
    addCalls(of: word("command", of: service), from: .command, to: &calls)
    addCalls(of: word("entrypoint", of: service), from: .entrypoint, to: &calls)
    if let environment = word("environment", of: service) {
      for entry in environment.entries where !isTakenBack(entry.value) && entry.value.isScalar {
        guard mayCall(entry.value, named: entry.key), let text = text(of: entry.value) else { continue }
        addCalls(ofVariable: entry.key.text.exact, text, 0..<text.bytes.count, to: &calls)
      }
      for item in environment.items where item.isScalar && mayCall(item, named: nil) {
        guard let text = text(of: item), let sign = text.bytes.firstIndex(of: UInt8(ascii: "=")) else { continue }
        let name = String(decoding: text.bytes[..<sign], as: UTF8.self).exact
        addCalls(ofVariable: name, text, sign + 1..<text.bytes.count, to: &calls)
      }
    }
    addCalls(ofLabels: word("labels", of: service), to: &calls)
    // A swarm's proxy reads these alone.
    if let labels = word("labels", of: word("deploy", of: service)), areForProxies(labels) {
      addCalls(ofLabels: labels, to: &calls)
    }
    return calls
  }

  /// Whether a variable may say a host or a port, by its name or by a colon or a slash in its value: most do not, and to
  /// see that costs least.
  ///
  /// - Parameter name: Nothing where it stands in the value, before `=`.
  private func mayCall(_ value: YAMLNode, named name: YAMLNode?) -> Bool {
    func isOfPair(_ name: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
      // Both words have an `o` for their second letter, and a `t` at the end.
      guard name.count >= 4, name[name.endIndex - 1] | 0x20 == UInt8(ascii: "t") else { return false }
      return name[name.endIndex - 3] | 0x20 == UInt8(ascii: "o")
    }
    return value.bytes.withBytes { bytes in
      if bytes.firstOffset(of: UInt8(ascii: ":"), from: 0) != nil { return true }
      if let name { return name.bytes.withBytes { isOfPair($0[...]) } }
      return bytes.firstOffset(of: UInt8(ascii: "="), from: 0).map { isOfPair(bytes[..<$0]) } ?? false
    }
  }

  private mutating func addCalls(
    ofVariable name: ExactText, _ text: ComposeText, _ value: Range<Int>, to calls: inout [ComposeCall]
  ) {
    let origin = ComposeCall.Origin.variable(name)
    func add(_ target: ComposeCall.Target) { calls.append(ComposeCall(origin: origin, target: target)) }
    let bytes = text.bytes
    var finder = PartFinder(text.node)
    if let prefix = name.text.prefix(before: "host"), !text.text.isOpen(value) {
      add(.host(String(decoding: bytes[value], as: UTF8.self).exact, of: prefix.exact))
    }
    if let prefix = name.text.prefix(before: "port"), let port = wholePort(bytes[value]) {
      let place = text.place(of: value)
      add(
        name.text.isExactly("\(Startup.proxyVariable)")
          ? .proxied(port, .tcp, place: place) : .port(port, of: prefix.exact, place: place))
    }
    for address in addresses(in: bytes, value) {
      add(.address(host: address.host, port: address.port, place: text.place(of: address.digits, &finder)))
    }
  }

  private mutating func addCalls(ofLabels labels: YAMLNode?, to calls: inout [ComposeCall]) {
    guard let labels else { return }
    for entry in labels.entries
    where entry.key.bytes.first.map({ $0 | 0x20 }) == UInt8(ascii: "t") && !isTakenBack(entry.value)
      && entry.value.isScalar
    {
      let key = entry.key.text
      guard let transport = transportOfProxied(key), let text = text(of: entry.value) else { continue }
      guard let port = wholePort(text.bytes[...]) else { continue }
      let target = ComposeCall.Target.proxied(port, transport, place: text.place)
      calls.append(ComposeCall(origin: .label(key.exact), target: target))
    }
    for item in labels.items where item.isScalar && item.bytes.first.map({ $0 | 0x20 }) == UInt8(ascii: "t") {
      guard let text = text(of: item), let sign = text.bytes.firstIndex(of: UInt8(ascii: "=")) else { continue }
      let key = String(decoding: text.bytes[..<sign], as: UTF8.self)
      guard let transport = transportOfProxied(key), let port = wholePort(text.bytes[(sign + 1)...]) else { continue }
      let target = ComposeCall.Target.proxied(port, transport, place: text.place(of: sign + 1..<text.bytes.count))
      calls.append(ComposeCall(origin: .label(key.exact), target: target))
    }
  }

  /// Whether Traefik sends requests to what labels name: not where they say otherwise, or a router goes to one of its own
  /// services, whose port is any.
  private func areForProxies(_ labels: YAMLNode) -> Bool {
    let pairs = labels.entries.map { ($0.key.text, $0.value.text) }
    let items = labels.items.map { item in
      let text = item.text
      let sign = text.firstIndex(of: "=") ?? text.endIndex
      return (String(text[..<sign]), String(text[sign...].dropFirst()))
    }
    return (pairs + items).allSatisfy { key, value in
      !value.hasSuffix("@internal") && (key != "traefik.enable" || value == "true")
    }
  }

  /// The transport of the container's port that a label gives to Traefik, or to its first version; nothing for another
  /// label.
  private func transportOfProxied(_ key: String) -> TransportProtocol? {
    let key = key.lowercased()
    guard key.hasPrefix("traefik."), key.hasSuffix(".loadbalancer.server.port") || key.isExactly("traefik.port") else {
      return nil
    }
    return key.hasPrefix("traefik.udp.") ? .udp : .tcp
  }

  /// Adds what a command says, be it in one text or in words.
  private mutating func addCalls(of line: YAMLNode?, from origin: ComposeCall.Origin, to calls: inout [ComposeCall]) {
    guard let line, mayHoldPort(line) || line.items.contains(where: mayHoldPort) else { return }
    let nodes = line.isSequence ? Array(line.items) : [line]
    if origin == .healthcheck, line.isSequence, nodes.first?.isText("NONE") == true { return }
    func add(_ host: ExactText, _ port: UInt16, _ place: SourceRange) {
      let target = ComposeCall.Target.address(host: host, port: port, place: place)
      calls.append(ComposeCall(origin: origin, target: target))
    }
    var command = CheckCommand()
    for node in nodes where node.isScalar {
      // A word without a digit has no port, and may be the host of the one behind it.
      if node.bytes.withBytes({ $0.allSatisfy(Self.ofPortlessWords.contains) }) {
        command.take(node.bytes.withBytes { Array($0) }[...]) { _ in node.range }
        continue
      }
      guard let text = text(of: node) else { break }
      let bytes = text.bytes
      var finder = PartFinder(node)
      for address in addresses(in: bytes, 0..<bytes.count) {
        add(address.host, address.port, text.place(of: address.digits, &finder))
      }
      finder = PartFinder(node)
      var end = 0
      for word in words(in: bytes) {
        command.take(between: bytes[end..<word.lowerBound])
        command.take(bytes[word]) { text.place(of: $0, &finder) }
        end = word.upperBound
      }
    }
    command.end()
    for asked in command.asked { add(asked.host, asked.port, asked.place) }
  }

  /// Whether a text holds a digit, or what may stand for one: without, it says no port.
  private func mayHoldPort(_ node: YAMLNode) -> Bool {
    node.mayHoldVariable || node.bytes.withBytes { $0.contains(where: \.isASCIIDigit) }
  }

  /// What ends a word of a command.
  private static let ends = ASCIISet(" \t\n;|&()\"'`")
  private static let ofPortlessWords = ASCIISet("._-:/").union(.letters)
  /// What may stand behind a port of an address.
  private static let behindPorts = ASCIISet("/, \t\n;?#\"'`)|&<>")
  /// What may stand before a host of an address.
  private static let beforeHosts = ASCIISet("@, \t\n(=\"'`;|<>")

  private static let loopback = Array("[::1]".utf8)

  private func words(in bytes: [UInt8]) -> [Range<Int>] {
    var words: [Range<Int>] = []
    var start = 0
    for at in 0...bytes.count where at == bytes.count || Self.ends.contains(bytes[at]) {
      if start < at { words.append(start..<at) }
      start = at + 1
    }
    return words
  }

  /// The hosts of a text that stand alone, in a list or behind `//`, `@` or `/dev/tcp/`, each with the port behind it.
  private func addresses(
    in bytes: [UInt8], _ part: Range<Int>
  ) -> [(host: ExactText, port: UInt16, digits: Range<Int>)] {
    var found: [(host: ExactText, port: UInt16, digits: Range<Int>)] = []
    let devices = Array("/dev/tcp/".utf8)
    for sign in part where bytes[sign] == UInt8(ascii: ":") || bytes[sign] == UInt8(ascii: "/") {
      let end = bytes[sign + 1..<part.upperBound].firstIndex { !$0.isASCIIDigit } ?? part.upperBound
      guard end > sign + 1, let port = wholePort(bytes[sign + 1..<end]) else { continue }
      // Of a password or a path, or the beginning of a word, nothing is known.
      if end < part.upperBound, !Self.behindPorts.contains(bytes[end]) { continue }
      var start = sign
      while start > part.lowerBound, ASCIISet.ofHosts.contains(bytes[start - 1]) { start -= 1 }
      // Of all addresses in brackets, the container's own is the one that people write.
      if bytes[part.lowerBound..<sign].suffix(Self.loopback.count).elementsEqual(Self.loopback) {
        start = sign - Self.loopback.count
      }
      guard start < sign else { continue }
      let before = bytes[part.lowerBound..<start]
      let isBehindDevice = before.count >= devices.count && before.suffix(devices.count).elementsEqual(devices)
      if bytes[sign] == UInt8(ascii: "/") {
        guard isBehindDevice else { continue }
      } else if let last = before.last {
        guard Self.beforeHosts.contains(last) || before.suffix(2).elementsEqual("//".utf8) else { continue }
      }
      found.append((String(decoding: bytes[start..<sign], as: UTF8.self).exact, port, sign + 1..<end))
    }
    return found
  }
}

/// A port from 1 on that is all of a text.
func wholePort(_ text: ArraySlice<UInt8>) -> UInt16? {
  guard !text.isEmpty, text.allSatisfy(\.isASCIIDigit) else { return nil }
  return UInt16(String(decoding: text, as: UTF8.self)).flatMap { $0 > 0 ? $0 : nil }
}

extension ASCIISet {
  /// What the name of a host is made of.
  static let ofHosts = ASCIISet("._-").union(.digits).union(.letters)
}

extension String {
  /// What stands before a word at the end, in whatever case; nothing where the word is missing or all there is.
  fileprivate func prefix(before word: String) -> String? {
    guard utf8.count > word.utf8.count, lowercased().hasSuffix(word) else { return nil }
    return String(dropLast(word.count))
  }
}

// MARK: - Whose ports are meant

extension ComposeProject {
  /// What the services of a project say of ports of their own, or of one another's.
  ///
  /// - Parameter ids: The owners, in the order of the services.
  func references(of whole: ComposeFile, _ ids: [OwnerID]) -> [Reference] {
    guard whole.services.contains(where: { !$0.calls.isEmpty }) else { return [] }
    let names = ProjectNames(whole.services)
    let inside = PortSet(
      whole.services.flatMap { service in
        service.ports.entries.compactMap { $0.binding.target?.ports } + service.expose.entries.compactMap(\.fixedPorts)
      })
    var references: [Reference] = []
    let neighbours = neighbours(of: whole.services, names)
    for (number, service) in whole.services.enumerated() where !service.calls.isEmpty {
      func add(
        _ callee: Int, _ field: Reference.Field, _ port: UInt16, _ transport: TransportProtocol, _ place: SourceRange
      ) {
        var reference = Reference(
          owner: ids[number], field: field, wanted: .number(port), transport: transport, toward: .owner(ids[callee]),
          place: place)
        reference.isDeclaredBeside = inside.contains(port)
        let beside = neighbours[callee, default: []]
        // Each may be who answers.
        if beside.count > ComposeProject.mostNeighbours { return }
        reference.neighbours = beside.map { ids[$0] }
        references.append(reference)
      }
      /// The service that answers on a service's own network.
      let own: Int? =
        switch service.network?.value {
        case .shared(let other)?: names.number(ofService: other.exact)
        case .sharedOutside?, .unknown?, .host?: nil
        default: number
        }
      // Of variables that are said twice, the last counts.
      let hosts = Dictionary(service.calls.compactMap(\.host), uniquingKeysWith: { $1 })
      for call in service.calls {
        switch (call.origin, call.target) {
        case (.healthcheck, .address(let host, let port, let place)) where service.isCalled(host):
          if let own { add(own, .healthcheck, port, .tcp, place) }
        case (_, .address(let host, let port, let place)):
          if let callee = names.number(of: host, from: number) { add(callee, .environment, port, .tcp, place) }
        case (_, .port(let port, let prefix, let place)):
          if let callee = hosts[prefix].flatMap({ names.number(of: $0, from: number) }) {
            add(callee, .environment, port, .tcp, place)
          }
        case (_, .proxied(let port, let transport, let place)):
          if service.network == nil { add(number, .proxy, port, transport, place) }
        case (_, .host): break
        }
      }
    }
    return references
  }

  /// How many services share one's network at most where it is told who answers: nobody lets so many.
  private static let mostNeighbours = 50

  /// For each service, by numbers, those that have its network, be it through others.
  private func neighbours(of services: [ComposeService], _ names: ProjectNames) -> [Int: [Int]] {
    var found: [Int: [Int]] = [:]
    func shared(_ number: Int) -> Int? {
      guard case .shared(let other)? = services[number].network?.value else { return nil }
      return names.number(ofService: other.exact)
    }
    for number in services.indices {
      var known: Set<Int> = [number]
      var next = shared(number)
      // A circle is said elsewhere, and so long a chain is none that somebody wrote.
      while let other = next, known.count <= 10, known.insert(other).inserted {
        found[other, default: []].append(number)
        next = shared(other)
      }
    }
    return found
  }

  /// For each service, those that run wherever something runs that depends on it, itself among them.
  ///
  /// - Returns: Nothing where no two publish one port: then nobody asks.
  func companions(in whole: ComposeFile) -> [ExactText: Set<ExactText>] {
    // Each is looked at in its place, for it is large.
    var ports: [PortRange] = []
    for number in whole.services.indices {
      for entry in whole.services[number].ports.entries.indices {
        if let fixed = whole.services[number].ports.entries[entry].binding.fixedPorts { ports.append(fixed) }
      }
    }
    let total = { (ranges: [PortRange]) in ranges.reduce(0) { $0 + $1.count } }
    if total(PortSet(ports).runs) == total(ports) { return [:] }
    let needs = Dictionary(
      whole.services.indices.map { (whole.services[$0].name.exact, whole.services[$0].dependencies.map(\.service)) },
      uniquingKeysWith: { first, _ in first })
    var companions: [ExactText: Set<ExactText>] = [:]
    var steps = 0
    for number in whole.services.indices where !whole.services[number].dependencies.isEmpty {
      var together: Set<ExactText> = [whole.services[number].name.exact]
      var next = whole.services[number].dependencies.map(\.service)
      while let name = next.popLast() {
        steps += 1
        if let needed = needs[name], together.insert(name).inserted { next += needed }
      }
      steps += together.count * together.count
      // Of so many, nobody is taken for an alternative.
      if steps > 100_000 {
        let all = Set(needs.keys)
        return needs.mapValues { _ in all }
      }
      for name in together { companions[name, default: []].formUnion(together) }
    }
    return companions
  }
}

/// The services of a project, by the names that they have on its networks.
private struct ProjectNames {
  private let services: [ComposeService]
  private var numbers: [ExactText: Int] = [:]
  /// Nothing for a name that several have.
  private var known: [ExactText: Int?] = [:]
  /// The networks of those services that have many.
  private var networks: [Int: Set<ExactText>] = [:]

  /// Up to this many networks, looking at each is faster.
  private static let few = 8

  init(_ services: [ComposeService]) {
    self.services = services
    for (number, service) in services.enumerated() {
      numbers[service.name.exact] = numbers[service.name.exact] ?? number
      if service.networkNames.count > ProjectNames.few { networks[number] = Set(service.networkNames) }
      let others = service.aliases + [service.containerName?.value?.value.exact].compactMap(\.self)
      for name in Set([service.name.exact] + others) {
        known.updateValue(known[name] == nil ? number : nil, forKey: name)
      }
    }
  }

  func number(ofService name: ExactText) -> Int? {
    numbers[name]
  }

  /// Another service by a name, as one knows it; nothing where they have no network in common.
  func number(of name: ExactText, from own: Int) -> Int? {
    let service = services[own]
    guard service.network == nil else { return nil }
    let found: Int?
    if let linked = service.otherHosts[name] {
      found = linked.flatMap { numbers[$0] }
    } else {
      found = known[name] ?? nil
    }
    guard let found, found != own, haveNetworkInCommon(own, found) else { return nil }
    return found
  }

  private func haveNetworkInCommon(_ own: Int, _ other: Int) -> Bool {
    let (ours, theirs) = (services[own].networkNames, services[other].networkNames)
    if ours.isEmpty && theirs.isEmpty { return true }
    // A service may have thousands, and thousands may call it.
    let (few, many, of) = ours.count < theirs.count ? (ours, theirs, other) : (theirs, ours, own)
    let names: [ExactText] = few.isEmpty ? ["default"] : few
    if let networks = networks[of] { return names.contains(where: networks.contains) }
    return names.contains(where: many.contains)
  }
}

extension ComposeService {
  /// Whether its container calls itself so.
  fileprivate func isCalled(_ host: ExactText) -> Bool {
    let own: [ExactText] = ["127.0.0.1", "0.0.0.0", "[::1]", name.exact]
    if own.contains(host) || host.text.lowercased() == "localhost" { return true }
    return [containerName, hostname].contains { $0?.value.map { $0.value.exact == host } ?? false }
  }
}
