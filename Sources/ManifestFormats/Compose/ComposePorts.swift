import PortModel
import SourceText
import SourceYAML

// MARK: - ports

extension ComposeLowering {
  /// Lowers the `ports` of a service.
  mutating func ports(of service: YAMLNode, named name: String) -> ComposeList<ComposePort> {
    var list = ComposeList<ComposePort>()
    guard let node = begin(&list, service, field: "ports") else { return list }
    var entries = StackEntries()
    for item in node.items where !isTakenBack(item) {
      if isRepeated(item, &entries) { continue }
      guard let entry = portEntry(item) else {
        list.lacksEntries = true
        continue
      }
      guard takesClaim(of: name, at: item) else {
        list.lacksEntries = true
        break
      }
      list.entries.append(entry)
    }
    return list
  }

  /// Whether a stack's list has an entry already; says so.
  private mutating func isRepeated(_ item: YAMLNode, _ entries: inout StackEntries) -> Bool {
    guard isForSwarmAlone, let said = stackEntry(item), !entries.insert(said).inserted else { return false }
    let shown =
      item.isScalar
      ? text(of: item)?.value.shown ?? item.text
      : item.entries.map { "\($0.key.text): \(text(of: $0.value)?.value.shown ?? $0.value.text)" }.sorted()
        .joined(separator: ", ")
    report(.invalidCombination(shown, .entryTwice), item, at: item.range)
    return true
  }

  /// What an entry is to a stack's schema, once its variables are replaced; nothing where one is not known.
  private func stackEntry(_ item: YAMLNode) -> StackEntry? {
    if item.isScalar { return stackValue(item).map { StackEntry(scalar: $0) } }
    guard item.isMapping else { return nil }
    var fields: [ExactText: StackValue] = [:]
    for entry in item.entries {
      guard entry.value.isScalar, let value = stackValue(entry.value) else { return nil }
      // A variable's number is one, by the field that it stands in.
      let isNumber = entry.key.isText("target") || entry.key.isText("published")
      if isNumber, case .text(let text) = value, let number = Int(text.text) {
        fields[entry.key.text.exact] = .number(Double(number))
      } else {
        fields[entry.key.text.exact] = value
      }
    }
    return StackEntry(fields: fields)
  }

  private func stackValue(_ scalar: YAMLNode) -> StackValue? {
    switch ScalarValue(scalar) {
    case .int(let number): return .number(Double(number))
    case .float(let number): return .number(number)
    default:
      guard let text = text(of: scalar), text.isKnown else { return nil }
      return .text(text.value.value.exact)
    }
  }

  /// Whether one more claim is within the file's limit; says once that it is not.
  private mutating func takesClaim(of name: String, at item: YAMLNode) -> Bool {
    guard case .refused(let limit) = claims.answer(of: name) else { return true }
    if let limit { problems.report(.limitExceeded(limit), at: item.range) }
    return false
  }

  /// Sees to the tags of a list; nothing where there is none to read.
  private mutating func begin<Entry>(
    _ list: inout ComposeList<Entry>, _ service: YAMLNode, field: StaticString
  ) -> YAMLNode? {
    guard let written = service.value(field) else { return nil }
    list.replaces = clears(written)
    reportDropped(written, of: service, field)
    guard let node = isTakenBack(written) ? word(field, of: service) : written else { return nil }
    let field = "\(field)"
    if isNull(node) {
      list.bareKey = service.entries.first { $0.key.isScalar && $0.key.text == field }?.key.range
      return nil
    }
    list.isWritten = true
    guard node.isSequence else {
      report(.invalidPort(.notAList(field: field)), node, at: node.range)
      list.lacksEntries = true
      return nil
    }
    return node
  }

  /// Reports what stands in a list that a tag takes away.
  private mutating func reportDropped(_ list: YAMLNode, of service: YAMLNode, _ field: StaticString) {
    guard isTakenBack(list), list.isSequence, list.count > 0 else { return }
    guard let key = service.entries.first(where: { $0.key.isText(field) })?.key else { return }
    let start = key.range.offsets.upperBound
    guard start < list.range.offsets.upperBound else { return }
    let bytes = file.bytes[start..<list.range.offsets.upperBound]
    let tag = Array("!reset".utf8)
    guard let at = bytes.firstRange(of: tag) else { return }
    let place = SourceRange(file: file.id, start: at.lowerBound, end: at.upperBound)
    report(.droppedPort(field: "\(field)"), list, at: place)
  }

  private mutating func portEntry(_ item: YAMLNode) -> ComposePort? {
    switch item.kind {
    case .mapping:
      return longEntry(item)
    case .sequence:
      report(.invalidPort(.notAnEntry(item.shown)), item, at: item.range)
      return nil
    case .scalar:
      switch ScalarValue(item) {
      case .string:
        guard let text = wholeText(of: item, isPort: true), let port = shortEntry(text) else { return nil }
        if let number = ScalarValue.sexagesimalNumber(of: item) {
          report(.sexagesimalPort(item.text, number: number), item, at: item.range)
        }
        return port
      case .int(let number):
        reportUnexpectedNumber(item)
        return shortEntry(ComposeText(item, number: number))
      case .null, .bool, .float, .timestamp:
        report(.invalidPort(.notAnEntry(item.shown)), item, at: item.range)
        return nil
      }
    }
  }

  /// - Parameter readsText: Whether Compose reads a text in the number's place as decimals.
  private mutating func reportUnexpectedNumber(_ node: YAMLNode, readsText: Bool = true) {
    guard let number = ScalarValue.unexpectedNumber(of: node) else { return }
    let remedy = Problem.NumberRemedy(of: node.text, readsText: readsText)
    report(.nonDecimalPort(node.text, number: number, remedy: remedy), node, at: node.range)
  }

  private mutating func shortEntry(
    _ text: ComposeText
  ) -> ComposePort? {
    let port: ShortPort
    do throws(ShortPort.Failure) {
      port = try ShortPort(text)
      if port.targetPorts?.first == 0 {
        throw ShortPort.Failure(cause: .invalidPort(.zero(field: "a container port")), part: port.target)
      }
      if let ports = port.publishedPorts, ports.first == 0, !ports.isSingle, let part = port.published {
        throw ShortPort.Failure(cause: .invalidPort(.zero(field: "a range of host ports")), part: part)
      }
    } catch {
      report(error.cause, text.node, at: text.place(of: error.part), origins(of: text, error.part))
      return nil
    }
    reportTraps(of: port, text)
    let part = port.published ?? port.target
    var address = HostAddress.every
    if let range = port.address {
      address =
        port.addressText.map { .literal($0, port.addressValue) } ?? .unresolved(text.written(range))
    }
    // Without a host part, one open variable may hold the whole entry.
    let isOpen = port.published == nil && port.address == nil && text.text.isOpen(port.target)
    var binding = Binding(
      owner: .undecided, role: .publish, scope: .undecided(file.id), address: address,
      port: isOpen ? .unresolved : port.claim,
      transport: port.transportValue, place: text.place(of: part), entry: text.node.range, text: text.written(part))
    binding.target = Binding.Target(ports: port.targetPorts, place: text.place(of: port.target))
    if let alias = text.node.alias { binding.ways = [WayIn(.alias, at: alias)] }
    if !text.text.usedVariables.isEmpty {
      let said = [port.address, part, port.transport].compactMap { $0 }
      binding.ways += said.flatMap { settings(of: text, $0, areTarget: false) }
      if part != port.target { binding.ways += settings(of: text, port.target, areTarget: true) }
    }
    let key = ComposePort.Key(
      address: port.addressText ?? (port.address == nil ? "0.0.0.0" : address.phrase),
      published: port.published.map { port.publishedPorts?.description ?? text.written($0) } ?? "", isNumber: false,
      target: port.targetPorts?.description ?? text.written(port.target), transport: port.transportValue?.name ?? "")
    return ComposePort(binding: binding, key: key, addressPlace: port.address.map(text.place))
  }

  /// Reports what the entry silently becomes when a variable is unset.
  private mutating func reportTraps(of port: ShortPort, _ text: ComposeText) {
    guard !text.isKnown else { return }
    // Where a port is written, Compose refuses loudly what is left of it.
    let isRefused = (try? ShortPort(text.text.whenUnset) { text.shown($0) }) == nil
    if isRefused, !hasPortsOfVariables(port, text) { return }
    var variables = text.text.openVariables[...]
    for offset in text.bytes.indices where text.bytes[offset] == InterpolatedText.unknown {
      guard let variable = variables.popFirst(), variable.vanishesWhenUnset else { continue }
      if isRefused, port.address?.contains(offset) == true { continue }
      let place = text.place(of: offset..<offset + 1)
      let trap: Problem.UnsetVariable
      if isRefused {
        trap = .refusedEntry
      } else if port.address == offset..<offset + 1 {
        trap = .everyAddress
      } else if port.published == offset..<offset + 1 {
        trap = .randomPort
      } else {
        trap = .otherEntry
      }
      report(trap, of: variable.name, text.node, at: place)
      return
    }
  }

  /// Whether nothing but variables that may be unset says which ports an entry has.
  private func hasPortsOfVariables(_ port: ShortPort, _ text: ComposeText) -> Bool {
    let parts = [port.published, port.target].compactMap(\.self)
    return text.text.openVariables.allSatisfy(\.vanishesWhenUnset)
      && parts.allSatisfy { part in
        text.bytes[part].allSatisfy { $0 == InterpolatedText.unknown || $0 == UInt8(ascii: "-") }
      }
  }

  private mutating func longEntry(
    _ item: YAMLNode
  ) -> ComposePort? {
    let entries = item.entries.filter { !isTakenBack($0.value) }
    if entries.count == 1, let only = entries.first, only.key.style.isPlain, isNumber(ScalarValue(only.key)) {
      let written = "\(only.key.text): \(only.value.text)"
      report(.invalidPort(.spaceAfterColon(written)), item, at: item.range)
      return nil
    }
    var long = LongPort()
    var isSound = true
    var isMisspelt = false
    for entry in entries {
      if let problem = read(entry, into: &long) {
        if case .invalidPort(.unknownKey(_, suggestion: "target", _)) = problem.cause { isMisspelt = true }
        let node = problem.isAboutKey ? entry.key : entry.value
        let origins = problem.isAboutKey ? [] : text(of: node).map { self.origins(of: $0) } ?? []
        report(problem.cause, node, at: node.textRange, origins)
        isSound = false
      } else if entry.value.isScalar, text(of: entry.value) == nil {
        isSound = false
      }
    }
    guard word("target", of: item) != nil else {
      // A merge or another file may not supply it: Compose asks for it in each entry.
      if !isMisspelt { report(.invalidPort(.missing(field: "target")), item, at: item.range) }
      return nil
    }
    guard isSound, let target = long.target else { return nil }
    let published = long.published.flatMap { $0.bytes.isEmpty ? nil : $0 }
    let said = published ?? target
    var binding = Binding(
      owner: .undecided, role: .publish, scope: .undecided(file.id), address: long.address, port: long.claim,
      transport: long.transport, place: said.place, entry: item.range, text: said.written)
    binding.target = Binding.Target(ports: long.targetPort.map { PortRange($0) }, place: target.place)
    binding.name = shownFact(word("name", of: item))
    binding.applicationProtocol = shownFact(word("app_protocol", of: item))
    // The entry itself may be written here and what says the port be merged from elsewhere.
    if let alias = said.node.alias { binding.ways = [WayIn(.alias, at: alias)] }
    for text in [long.hostAddress, said, long.protocolName].compactMap({ $0 }) where !text.text.usedVariables.isEmpty {
      binding.ways += settings(of: text, areTarget: false)
    }
    if published != nil, !target.text.usedVariables.isEmpty { binding.ways += settings(of: target, areTarget: true) }
    let publishedNode = word("published", of: item)
    let key = ComposePort.Key(
      address: long.address == .every ? "0.0.0.0" : long.address.phrase,
      published: published.map(\.keyText) ?? "",
      isNumber: publishedNode.map { isNumber(ScalarValue($0)) } ?? false,
      target: target.keyText, transport: long.transportText)
    return ComposePort(binding: binding, key: key, isNodesOwn: long.isNodesOwn)
  }
}

/// The entries of a stack's list, of which no two may say the same (docker/cli `compose/schema/data`, `uniqueItems`).
private typealias StackEntries = Set<StackEntry>

/// An entry of a stack's list, as the schema compares it: `80` is another than `"80"`.
private struct StackEntry: Hashable {
  var scalar: StackValue?
  var fields: [ExactText: StackValue] = [:]
}

private enum StackValue: Hashable {
  case number(Double)
  case text(ExactText)
}

// MARK: - The long form

/// The fields of a long port entry that have been understood.
private struct LongPort {
  var target: ComposeText?
  var targetPort: UInt16?
  var published: ComposeText?
  var publishedPorts: PortRange?
  var address = HostAddress.every
  var hostAddress: ComposeText?
  var transport: TransportProtocol? = .tcp
  var protocolName: ComposeText?
  /// The protocol as Compose tells entries apart by it: in the case in which it is written.
  var transportText = "tcp"
  /// Whether the port is to be the node's own, which only Swarm heeds.
  var isNodesOwn = false

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

extension ComposeLowering {
  private static let longKeys = ["target", "published", "host_ip", "protocol", "mode", "name", "app_protocol"]

  /// Reads one field of a long entry; answers what is wrong with it.
  private mutating func read(
    _ entry: YAMLEntry, into long: inout LongPort
  ) -> LongPort.Fault? {
    let key = entry.key.text
    if isForSwarmAlone, let problem = refusedByStack(entry) { return problem }
    guard ComposeLowering.longKeys.contains(key) else {
      if key.hasPrefix("x-") { return nil }
      let suggestion = nearestWord(to: key, among: ComposeLowering.longKeys)
      let cause = Problem.InvalidPort.unknownKey(key, suggestion: suggestion, owner: "a port entry")
      return LongPort.Fault(cause: .invalidPort(cause), isAboutKey: true)
    }
    var resolved = ScalarValue(entry.value)
    let isText = entry.value.isScalar && resolved == .string
    if resolved == .null { return LongPort.Fault(cause: .invalidPort(.empty(field: key)), isAboutKey: true) }
    // Only here does Compose take a float for the whole number that it is; a stack's schema takes it for both.
    if key == "target" || key == "published" && isForSwarmAlone, case .float(let value) = resolved,
      let number = Int(exactly: value)
    {
      resolved = .int(number)
    }
    let isReadable = ["target", "published"].contains(key) ? isText || isNumber(resolved) : isText
    guard isReadable else {
      let shown = entry.value.isScalar ? entry.value.text : entry.value.shown
      switch key {
      case "host_ip": return LongPort.Fault(cause: .invalidAddress(shown, Problem.InvalidAddress(text: shown)))
      case "protocol":
        return LongPort.Fault(cause: .invalidProtocol(.unknown(shown, expected: "tcp, udp or sctp")))
      case "mode":
        return LongPort.Fault(cause: .invalidPort(.unknownValue(shown, field: key, expected: "ingress or host")))
      case "name", "app_protocol":
        return LongPort.Fault(cause: .invalidPort(.unknownValue(shown, field: key, expected: "text in quotes")))
      default: return LongPort.Fault(cause: .invalidPort(.notAnEntry(entry.value.shown)))
      }
    }
    reportUnexpectedNumber(entry.value, readsText: key == "published" && !isForSwarmAlone)
    guard let text = number(resolved, entry.value) ?? wholeText(of: entry.value, isPort: true) else {
      return nil
    }
    switch key {
    case "target": return readTarget(text, into: &long)
    case "published": return readPublished(text, into: &long)
    case "host_ip": return readAddress(text, into: &long)
    case "protocol": return readTransport(text, into: &long)
    case "mode" where text.isKnown && !text.isWord("ingress") && !text.isWord("host"):
      return LongPort.Fault(
        cause: .invalidPort(.unknownValue(text.value.shown, field: "mode", expected: "ingress or host")))
    case "mode":
      long.isNodesOwn = text.isWord("host")
      return nil
    default: return nil
    }
  }

  /// What a stack's schema does not take of what Compose takes (docker/cli `compose/schema/data`): an address and names,
  /// and text where no variable stands for a number.
  private func refusedByStack(_ entry: YAMLEntry) -> LongPort.Fault? {
    let key = entry.key.text
    switch key {
    case _ where StackSchema.lackingPortKeys.contains(key) || key.hasPrefix("x-"):
      let cause = Problem.InvalidPort.unknownKey(key, suggestion: nil, owner: "a port entry of a stack")
      return LongPort.Fault(cause: .invalidPort(cause), isAboutKey: true)
    case _ where StackSchema.numericPortKeys.contains(key):
      guard StackSchema.isTextForNumber(entry.value) else { return nil }
      return LongPort.Fault(cause: .invalidPort(.quotedNumber(entry.value.text, field: key)))
    default: return nil
    }
  }

  private func readTarget(_ text: ComposeText, into long: inout LongPort) -> LongPort.Fault? {
    long.target = text
    guard text.isKnown else { return nil }
    let shown = { text.value.shown }
    switch parsePort(text.bytes, shown: shown) {
    case .success(0): return LongPort.Fault(cause: .invalidPort(.zero(field: "target")))
    case .success(let port): long.targetPort = port
    case .failure(let problem):
      if case .success = parsePorts(text.bytes) {
        return LongPort.Fault(cause: .invalidPort(.rangeForOne(shown(), field: "target")))
      }
      return LongPort.Fault(cause: .invalidPort(problem))
    }
    return nil
  }

  private mutating func readPublished(
    _ text: ComposeText, into long: inout LongPort
  ) -> LongPort.Fault? {
    long.published = text
    guard text.isKnown else {
      if text.text.whenUnset.isEmpty, let variable = text.text.openVariables.first, variable.vanishesWhenUnset {
        // A stack's has to be a number.
        let trap: Problem.UnsetVariable = isForSwarmAlone ? .refusedEntry : .randomPort
        report(trap, of: variable.name, text.node, at: text.node.textRange)
      }
      return nil
    }
    guard !text.bytes.isEmpty else { return nil }
    switch parsePorts(text.bytes, shown: { text.value.shown }) {
    case .success(let ports) where ports.first == 0 && !ports.isSingle:
      return LongPort.Fault(cause: .invalidPort(.zero(field: "a range of host ports")))
    case .success(let ports): long.publishedPorts = ports
    case .failure(let problem): return LongPort.Fault(cause: .invalidPort(problem))
    }
    return nil
  }

  private func readAddress(_ text: ComposeText, into long: inout LongPort) -> LongPort.Fault? {
    long.hostAddress = text
    guard text.isKnown else {
      long.address = .unresolved(text.node.text)
      return nil
    }
    let written = text.value
    guard let address = IPAddress(written.value) else {
      return LongPort.Fault(cause: .invalidAddress(written.shown, Problem.InvalidAddress(text: written.value)))
    }
    // An address may be shown, whoever says it.
    long.address = .literal(written.value, address)
    return nil
  }

  private func readTransport(_ text: ComposeText, into long: inout LongPort) -> LongPort.Fault? {
    long.protocolName = text
    long.transportText = text.keyText
    guard text.isKnown else {
      long.transport = nil
      return nil
    }
    let transport = TransportProtocol(name: text.bytes.isEmpty ? "tcp" : text.value.value)
    if case .other = transport {
      return LongPort.Fault(cause: .invalidProtocol(.unknown(text.value.shown, expected: "tcp, udp or sctp")))
    }
    long.transport = transport
    return nil
  }
}

// MARK: - expose

extension ComposeLowering {
  /// Lowers the `expose` of a service.
  mutating func expose(of service: YAMLNode, named name: String) -> ComposeList<Binding> {
    var list = ComposeList<Binding>()
    guard let node = begin(&list, service, field: "expose") else { return list }
    var entries = StackEntries()
    for item in node.items where !isTakenBack(item) {
      if isRepeated(item, &entries) { continue }
      let resolved = ScalarValue(item)
      if isForSwarmAlone, case .float = resolved {
        list.lacksEntries = true
        continue
      }
      guard item.isScalar, resolved == .string || isNumber(resolved) else {
        report(.invalidPort(.notAnEntry(item.shown)), item, at: item.range)
        list.lacksEntries = true
        continue
      }
      reportUnexpectedNumber(item)
      guard let text = number(resolved, item) ?? wholeText(of: item, isPort: true), let binding = exposed(text) else {
        list.lacksEntries = true
        continue
      }
      guard takesClaim(of: name, at: item) else {
        list.lacksEntries = true
        break
      }
      list.entries.append(binding)
    }
    return list
  }

  /// Reads `<port>[/protocol]` or `<start>-<end>[/protocol]`; the daemon takes any text for the protocol.
  private mutating func exposed(_ text: ComposeText) -> Binding? {
    let slash = text.bytes.firstIndex(of: UInt8(ascii: "/"))
    let part = 0..<(slash ?? text.bytes.count)
    var claim = Binding.PortClaim.unresolved
    if !text.text.isOpen(part) {
      switch parsePorts(text.bytes[part], shown: { text.shown(part) }) {
      case .success(let ports): claim = .fixed(ports, .all)
      case .failure(let problem):
        // Swarm passes over it, whatever it says.
        if isForSwarmAlone { return nil }
        let isMapping = (try? ShortPort(text))?.published != nil
        let cause = isMapping ? .mappingUnderExpose(text.shown(part)) : problem
        report(.invalidPort(cause), text.node, at: text.place(of: part), origins(of: text, part))
        return nil
      }
    }
    var transport: TransportProtocol? = .tcp
    if let slash, slash + 1 < text.bytes.count {
      let name = slash + 1..<text.bytes.count
      transport =
        text.text.isOpen(name) ? nil : TransportProtocol(name: String(decoding: text.bytes[name], as: UTF8.self))
      // A word that is no protocol's name, and may be a secret, is as good as unknown.
      if case .other = transport, text.text.isFromEnvironment(name) { transport = nil }
    }
    var binding = Binding(
      owner: .undecided, role: .listen, scope: .undecided(file.id), address: .every, port: claim, transport: transport,
      place: text.place(of: part), entry: text.node.range, text: text.written(part))
    if let alias = text.node.alias { binding.ways = [WayIn(.alias, at: alias)] }
    if !text.text.usedVariables.isEmpty { binding.ways += settings(of: text, areTarget: false) }
    return binding
  }

  private func isNumber(_ value: ScalarValue) -> Bool {
    if case .int = value { true } else { false }
  }

  private func number(_ value: ScalarValue, _ node: YAMLNode) -> ComposeText? {
    if case .int(let number) = value { ComposeText(node, number: number) } else { nil }
  }
}

extension OwnerID {
  /// Stands for the owner until the project has one.
  fileprivate static let undecided = OwnerID(0)
}

extension Scope {
  /// Stands for the scope until the project has one.
  fileprivate static func undecided(_ file: FileID) -> Scope {
    Scope(.host, .manifest(file, part: 0), .docker)
  }
}
