import PortModel
import SourceText
import SourceYAML

/// Lowers Compose documents to owners and bindings (compose-spec 05-services.md).
struct ComposeReader {
  private let file: SourceFile
  private let environment: [String: String]
  private let environmentPath: String
  private var wantsEnvironment = false
  private var services: Int32 = 0

  /// The files that the documents read so far cannot be judged without.
  var wantedPaths: [String] {
    wantsEnvironment ? [environmentPath] : []
  }

  init(file: SourceFile, supplied: SuppliedFiles) {
    self.file = file
    environmentPath = file.folder + ".env"
    environment = (supplied[environmentPath] ?? nil).map(parseDotEnv) ?? [:]
  }

  /// Whether a document is Compose's: `services` maps names to mappings, at least one of which says what runs.
  ///
  /// A file that has one of Compose's own names may leave that open.
  static func recognises(_ root: YAMLNode, path: String) -> Bool {
    guard let services = root.value("services"), services.isMapping else { return false }
    // A Kubernetes object may have `services` of its own.
    if root.value("apiVersion") != nil, root.value("kind") != nil { return false }
    let entries = services.entries
    if entries.contains(where: { saysWhatRuns($0.value) }) { return true }
    return hasComposeName(path) && entries.allSatisfy { $0.value.isMapping || ScalarValue($0.value) == .null }
  }

  private static func saysWhatRuns(_ service: YAMLNode) -> Bool {
    ["image", "build", "ports", "extends", "provider"].contains { (key: StaticString) in service.value(key) != nil }
  }

  private static func hasComposeName(_ path: String) -> Bool {
    let name = path.split(separator: "/").last ?? ""
    let stem = name.prefix { $0 != "." }
    return (stem == "compose" || stem == "docker-compose") && (name.hasSuffix(".yaml") || name.hasSuffix(".yml"))
  }

  /// Adds what a document claims.
  mutating func read(_ document: YAMLDocument, into inventory: inout Inventory) {
    guard let services = document.root.value("services") else { return }
    for entry in services.entries where entry.value.isMapping && entry.value.tag != "!reset" {
      readService(entry, into: &inventory)
    }
  }

  private mutating func readService(_ entry: YAMLEntry, into inventory: inout Inventory) {
    let node = entry.value
    var owner = Owner(format: .compose, kind: "service", name: entry.key.text, place: entry.key.range)
    owner.image = fact(node.value("image"), in: &inventory)
    owner.profiles = node.value("profiles")?.items.map(\.text) ?? []
    owner.network = network(of: node, in: &inventory)
    owner.copies = copies(of: node, in: &inventory)
    let id = inventory.add(owner)
    defer { services += 1 }
    readPorts(of: node, owner: owner, id: id, into: &inventory)
    readExpose(of: node, owner: owner, id: id, into: &inventory)
  }

  private mutating func network(of service: YAMLNode, in inventory: inout Inventory) -> Owner.Network {
    switch fact(service.value("network_mode"), in: &inventory) {
    case .absent: return .private
    case .unknown: return .unknown
    case .known(let mode, _):
      if mode == "host" { return .host }
      if mode == "none" { return .none }
      let parts = mode.split(separator: ":", maxSplits: 1)
      if parts.count == 2, parts[0] == "service" || parts[0] == "container" { return .shared(with: String(parts[1])) }
      return .private
    }
  }

  private mutating func copies(of service: YAMLNode, in inventory: inout Inventory) -> Fact<Int> {
    let node = service.value("deploy")?.value("replicas") ?? service.value("scale")
    switch fact(node, in: &inventory) {
    case .absent: return .absent
    case .unknown(let text, let place): return .unknown(text, at: place)
    case .known(let text, let place): return Int(text).map { .known($0, at: place) } ?? .absent
    }
  }

  /// The text of a scalar with its variables replaced.
  private mutating func fact(_ node: YAMLNode?, in inventory: inout Inventory) -> Fact<String> {
    guard let node, node.isScalar, let text = composeText(node, in: &inventory) else { return .absent }
    return text.isKnown ? .known(text.string, at: node.textRange) : .unknown(node.text, at: node.textRange)
  }

  /// Replaces a scalar's variables; a `${` that Compose rejects is reported and gives nothing.
  private mutating func composeText(
    _ node: YAMLNode, owner: OwnerID? = nil, in inventory: inout Inventory
  ) -> ComposeText? {
    do {
      let text = try ComposeText(node, environment: environment)
      if !text.isKnown { wantsEnvironment = true }
      return text
    } catch {
      let source = node.bytes
      let range = source.startIndex + error.source.lowerBound..<source.startIndex + error.source.upperBound
      let written = String(decoding: source[range], as: UTF8.self)
      let place = node.range(ofText: error.source)
      inventory.problems.append(Problem(.invalidInterpolation(written), owner: owner, at: place))
      return nil
    }
  }
}

// MARK: - ports

extension ComposeReader {
  private mutating func readPorts(of service: YAMLNode, owner: Owner, id: OwnerID, into inventory: inout Inventory) {
    guard let ports = service.value("ports"), ports.tag != "!reset", !isNull(ports) else { return }
    guard ports.isSequence else {
      report(.invalidPort(.notAList(field: "ports")), ports, at: ports.range, owner: id, in: &inventory)
      return
    }
    var keys: [UnicityKey: Int] = [:]
    for item in ports.items {
      guard let (binding, key) = portEntry(item, owner: owner, id: id, in: &inventory) else { continue }
      inventory.bindings.append(binding)
      // Of entries that say the same, Compose keeps one: the later in the place of the earlier.
      if let earlier = keys.updateValue(inventory.bindings.count - 1, forKey: key) {
        inventory.bindings[earlier].effect = .superseded
      }
    }
  }

  /// What Compose tells entries of one service apart by.
  private struct UnicityKey: Hashable {
    var address: String
    var published: String
    /// Published ports written as a number in a long entry: Compose takes them for another text.
    var isNumber: Bool
    var target: String
    var transport: String
  }

  private mutating func portEntry(
    _ item: YAMLNode, owner: Owner, id: OwnerID, in inventory: inout Inventory
  ) -> (Binding, UnicityKey)? {
    switch item.kind {
    case .mapping:
      return longEntry(item, owner: owner, id: id, in: &inventory)
    case .sequence:
      report(.invalidPort(.notAnEntry(described(item))), item, at: item.range, owner: id, in: &inventory)
      return nil
    case .scalar:
      switch ScalarValue(item) {
      case .string:
        guard let text = composeText(item, owner: id, in: &inventory) else { return nil }
        return shortEntry(text, owner: owner, id: id, in: &inventory)
      case .int(let number):
        return shortEntry(ComposeText(item, number: number), owner: owner, id: id, in: &inventory)
      case .null, .bool, .float, .timestamp:
        report(.invalidPort(.notAnEntry(described(item))), item, at: item.range, owner: id, in: &inventory)
        return nil
      }
    }
  }

  private mutating func shortEntry(
    _ text: ComposeText, owner: Owner, id: OwnerID, in inventory: inout Inventory
  ) -> (Binding, UnicityKey)? {
    let port: ShortPort
    do throws(ShortPort.Failure) {
      port = try ShortPort(text.bytes)
      if port.targetPorts?.first == 0 {
        throw ShortPort.Failure(cause: .invalidPort(.zero(field: "a container port")), part: port.target)
      }
      if let ports = port.publishedPorts, ports.first == 0, !ports.isSingle, let part = port.published {
        throw ShortPort.Failure(cause: .invalidPort(.zero(field: "a range of host ports")), part: part)
      }
    } catch {
      report(error.cause, text.node, at: text.place(of: error.part), owner: id, in: &inventory)
      return nil
    }
    reportTraps(of: port, text, owner: id, in: &inventory)
    let part = port.published ?? port.target
    var address = HostAddress.every
    if let range = port.address {
      address =
        port.addressText.map { .literal($0, port.addressValue) } ?? .unresolved(text.written(range))
    }
    // Without a host part, one open variable may hold the whole entry.
    let isOpen = port.published == nil && port.address == nil && text.text.isOpen(port.target)
    var binding = Binding(
      owner: id, role: .publish, scope: hostScope, address: address, port: isOpen ? .unresolved : port.claim,
      transport: port.transportValue, place: text.place(of: part), entry: text.node.range, text: text.written(part))
    binding.target = port.targetPorts.map { Binding.Target(ports: $0, place: text.place(of: port.target)) }
    complete(&binding, owner: owner, node: text.node)
    let key = UnicityKey(
      address: port.addressText ?? (port.address == nil ? "0.0.0.0" : address.phrase),
      published: port.publishedPorts?.description ?? port.published.map { text.written($0) } ?? "", isNumber: false,
      target: port.targetPorts?.description ?? text.written(port.target), transport: port.transportValue?.name ?? "")
    return (binding, key)
  }

  /// Reports what the entry silently becomes when a variable is unset.
  private func reportTraps(of port: ShortPort, _ text: ComposeText, owner: OwnerID, in inventory: inout Inventory) {
    guard !text.isKnown, (try? ShortPort(text.text.whenUnset)) != nil else { return }
    var variables = text.text.openVariables[...]
    for offset in text.bytes.indices where text.bytes[offset] == InterpolatedText.unknown {
      guard let variable = variables.popFirst(), variable.vanishesWhenUnset else { continue }
      let place = text.place(of: offset..<offset + 1)
      let trap: Problem.UnsetVariable
      if port.address == offset..<offset + 1 {
        trap = .everyAddress
      } else if port.published == offset..<offset + 1 {
        trap = .randomPort
      } else {
        trap = .otherEntry
      }
      report(.unsetVariable(variable.name, trap), text.node, at: place, owner: owner, in: &inventory)
      return
    }
  }

  private mutating func longEntry(
    _ item: YAMLNode, owner: Owner, id: OwnerID, in inventory: inout Inventory
  ) -> (Binding, UnicityKey)? {
    let entries = item.entries
    if entries.count == 1, let only = entries.first, only.key.style.isPlain, isNumber(ScalarValue(only.key)) {
      let written = "\(only.key.text): \(only.value.text)"
      report(.invalidPort(.spaceAfterColon(written)), item, at: item.range, owner: id, in: &inventory)
      return nil
    }
    var long = LongPort()
    var isSound = true
    for entry in entries {
      let problems = inventory.problems.count
      if let problem = read(entry, into: &long, owner: id, in: &inventory) {
        let place = problem.isAboutKey ? entry.key.textRange : entry.value.textRange
        report(problem.cause, problem.isAboutKey ? entry.key : entry.value, at: place, owner: id, in: &inventory)
        isSound = false
      } else if inventory.problems[problems...].contains(where: { $0.isInvalidInterpolation }) {
        isSound = false
      }
    }
    guard item.value("target") != nil else {
      // A merge or another file may not supply it: Compose asks for it in each entry.
      report(.invalidPort(.missing(field: "target")), item, at: item.range, owner: id, in: &inventory)
      return nil
    }
    guard isSound else { return nil }
    guard let target = long.target else { return nil }
    let published = long.published.flatMap { $0.bytes.isEmpty ? nil : $0 }
    let said = published ?? target
    var binding = Binding(
      owner: id, role: .publish, scope: hostScope, address: long.address, port: long.claim,
      transport: long.transport, place: said.place, entry: item.range, text: said.written)
    binding.target = long.targetPort.map { Binding.Target(ports: PortRange($0), place: target.place) }
    binding.name = fact(item.value("name"), in: &inventory)
    binding.applicationProtocol = fact(item.value("app_protocol"), in: &inventory)
    // The entry itself may be written here and what says the port be merged from elsewhere.
    complete(&binding, owner: owner, node: said.node)
    let publishedNode = item.value("published")
    let key = UnicityKey(
      address: long.address == .every ? "0.0.0.0" : long.address.phrase,
      published: published.map { $0.isKnown ? $0.string : $0.written } ?? "",
      isNumber: publishedNode.map { isNumber(ScalarValue($0)) } ?? false,
      target: target.isKnown ? target.string : target.written, transport: long.transport?.name ?? "")
    return (binding, key)
  }

  /// What every port entry of a service has in common.
  private func complete(_ binding: inout Binding, owner: Owner, node: YAMLNode) {
    switch owner.network {
    case .host, .none: binding.effect = .ignored
    case .shared: binding.effect = .refused
    case .private, .unknown: break
    }
    if let alias = node.alias { binding.ways = [WayIn(.alias, at: alias)] }
  }

  private var hostScope: Scope {
    Scope(.host, .manifest(file.id, part: 0), .docker)
  }
}

// MARK: - The long form

/// The fields of a long port entry that have been understood.
private struct LongPort {
  var target: ComposeText?
  var targetPort: UInt16?
  var published: ComposeText?
  var publishedPorts: PortRange?
  var address = HostAddress.every
  var transport: TransportProtocol? = .tcp

  var claim: Binding.PortClaim {
    guard let published else { return .dynamic }
    guard published.isKnown else { return .unresolved }
    guard let ports = publishedPorts, ports != PortRange(0) else { return .dynamic }
    return .fixed(ports, ports.isSingle ? .all : .any)
  }

  struct Fault {
    var cause: Problem.Cause
    var isAboutKey = false
  }
}

extension ComposeReader {
  private static let longKeys = ["target", "published", "host_ip", "protocol", "mode", "name", "app_protocol"]

  /// Reads one field of a long entry; answers what is wrong with it.
  private mutating func read(
    _ entry: YAMLEntry, into long: inout LongPort, owner: OwnerID, in inventory: inout Inventory
  ) -> LongPort.Fault? {
    let key = entry.key.text
    guard ComposeReader.longKeys.contains(key) else {
      if key.hasPrefix("x-") { return nil }
      let suggestion = nearestWord(to: key, among: ComposeReader.longKeys)
      let cause = Problem.InvalidPort.unknownKey(key, suggestion: suggestion, owner: "a port entry")
      return LongPort.Fault(cause: .invalidPort(cause), isAboutKey: true)
    }
    let resolved = ScalarValue(entry.value)
    let isText = entry.value.isScalar && resolved == .string
    guard isText || isNumber(resolved) else {
      if resolved == .null, entry.value.isScalar, key != "target" { return nil }
      return LongPort.Fault(cause: .invalidPort(.notAnEntry(described(entry.value))))
    }
    guard let text = number(resolved, entry.value) ?? composeText(entry.value, owner: owner, in: &inventory) else {
      return nil
    }
    switch key {
    case "target": return readTarget(text, into: &long)
    case "published": return readPublished(text, into: &long, owner: owner, in: &inventory)
    case "host_ip": return readAddress(text, into: &long)
    case "protocol": return readTransport(text, into: &long)
    case "mode" where text.isKnown && text.string != "ingress" && text.string != "host":
      return LongPort.Fault(
        cause: .invalidPort(.unknownValue(text.string, field: "mode", expected: "ingress or host")))
    default: return nil
    }
  }

  private func readTarget(_ text: ComposeText, into long: inout LongPort) -> LongPort.Fault? {
    long.target = text
    guard text.isKnown else { return nil }
    switch parsePort(text.bytes) {
    case .success(0): return LongPort.Fault(cause: .invalidPort(.zero(field: "target")))
    case .success(let port): long.targetPort = port
    case .failure(let problem):
      if case .success = parsePorts(text.bytes) {
        return LongPort.Fault(cause: .invalidPort(.rangeForOne(text.string, field: "target")))
      }
      return LongPort.Fault(cause: .invalidPort(problem))
    }
    return nil
  }

  private func readPublished(
    _ text: ComposeText, into long: inout LongPort, owner: OwnerID, in inventory: inout Inventory
  ) -> LongPort.Fault? {
    long.published = text
    guard text.isKnown else {
      if text.text.whenUnset.isEmpty, let variable = text.text.openVariables.first, variable.vanishesWhenUnset {
        report(
          .unsetVariable(variable.name, .randomPort), text.node, at: text.node.textRange, owner: owner, in: &inventory)
      }
      return nil
    }
    guard !text.bytes.isEmpty else { return nil }
    switch parsePorts(text.bytes) {
    case .success(let ports) where ports.first == 0 && !ports.isSingle:
      return LongPort.Fault(cause: .invalidPort(.zero(field: "a range of host ports")))
    case .success(let ports): long.publishedPorts = ports
    case .failure(let problem): return LongPort.Fault(cause: .invalidPort(problem))
    }
    return nil
  }

  private func readAddress(_ text: ComposeText, into long: inout LongPort) -> LongPort.Fault? {
    guard text.isKnown else {
      long.address = .unresolved(text.node.text)
      return nil
    }
    guard let address = IPAddress(text.string) else {
      let kind = Problem.InvalidAddress(text: text.string)
      return LongPort.Fault(cause: .invalidAddress(text.string, kind))
    }
    long.address = .literal(text.string, address)
    return nil
  }

  private func readTransport(_ text: ComposeText, into long: inout LongPort) -> LongPort.Fault? {
    guard text.isKnown else {
      long.transport = nil
      return nil
    }
    let transport = TransportProtocol(name: text.bytes.isEmpty ? "tcp" : text.string)
    if case .other = transport {
      return LongPort.Fault(cause: .invalidProtocol(.unknown(text.string, expected: "tcp, udp or sctp")))
    }
    long.transport = transport
    return nil
  }
}

// MARK: - expose

extension ComposeReader {
  private mutating func readExpose(of service: YAMLNode, owner: Owner, id: OwnerID, into inventory: inout Inventory) {
    guard let expose = service.value("expose"), expose.tag != "!reset", !isNull(expose) else { return }
    guard expose.isSequence else {
      report(.invalidPort(.notAList(field: "expose")), expose, at: expose.range, owner: id, in: &inventory)
      return
    }
    for item in expose.items {
      let resolved = ScalarValue(item)
      guard item.isScalar, resolved == .string || isNumber(resolved) else {
        report(.invalidPort(.notAnEntry(described(item))), item, at: item.range, owner: id, in: &inventory)
        continue
      }
      guard let text = number(resolved, item) ?? composeText(item, owner: id, in: &inventory) else { continue }
      readExposed(text, owner: owner, id: id, into: &inventory)
    }
  }

  /// Reads `<port>[/protocol]` or `<start>-<end>[/protocol]`; the daemon takes any text for the protocol.
  private func readExposed(_ text: ComposeText, owner: Owner, id: OwnerID, into inventory: inout Inventory) {
    let slash = text.bytes.firstIndex(of: UInt8(ascii: "/"))
    let part = 0..<(slash ?? text.bytes.count)
    var claim = Binding.PortClaim.unresolved
    if !text.text.isOpen(part) {
      switch parsePorts(text.bytes[part]) {
      case .success(let ports): claim = .fixed(ports, .all)
      case .failure(let problem):
        report(.invalidPort(problem), text.node, at: text.place(of: part), owner: id, in: &inventory)
        return
      }
    }
    var transport: TransportProtocol? = .tcp
    if let slash, slash + 1 < text.bytes.count {
      let name = slash + 1..<text.bytes.count
      transport =
        text.text.isOpen(name) ? nil : TransportProtocol(name: String(decoding: text.bytes[name], as: UTF8.self))
    }
    let scope: Scope =
      owner.network == .host ? hostScope : Scope(.networkNamespace, .manifest(file.id, part: services + 1), .docker)
    var binding = Binding(
      owner: id, role: .listen, scope: scope, address: .every, port: claim, transport: transport,
      place: text.place(of: part), entry: text.node.range, text: text.written(part))
    if case .shared = owner.network { binding.effect = .refused }
    if let alias = text.node.alias { binding.ways = [WayIn(.alias, at: alias)] }
    inventory.bindings.append(binding)
  }
}

// MARK: - Helpers

extension ComposeReader {
  /// Adds a problem of a text, which stands once however often an alias uses it; the use is related.
  private func report(
    _ cause: Problem.Cause, _ node: YAMLNode, at place: SourceRange, owner: OwnerID, in inventory: inout Inventory
  ) {
    let uses = node.alias.map { [Related("used here", at: $0)] } ?? []
    inventory.problems.append(Problem(cause, owner: owner, at: place, related: uses))
  }

  /// How a message names a value that is no entry.
  private func described(_ node: YAMLNode) -> String {
    switch node.kind {
    case .sequence: "a list"
    case .mapping: "a mapping"
    case .scalar: node.bytes.isEmpty ? "nothing" : "'\(node.text)'"
    }
  }

  private func isNull(_ node: YAMLNode) -> Bool {
    node.isScalar && ScalarValue(node) == .null
  }

  private func isNumber(_ value: ScalarValue) -> Bool {
    if case .int = value { true } else { false }
  }

  private func number(_ value: ScalarValue, _ node: YAMLNode) -> ComposeText? {
    if case .int(let number) = value { ComposeText(node, number: number) } else { nil }
  }
}

extension Problem {
  /// Whether a `${` is at fault, of which nothing can be said but that.
  fileprivate var isInvalidInterpolation: Bool {
    if case .invalidInterpolation = cause { true } else { false }
  }
}
