import PortModel
import SourceText
import SourceYAML

/// A claim as it is written, taken apart.
struct ReadEntry {
  var port: Binding.PortClaim
  var address = HostAddress.every
  var transport: TransportProtocol? = .tcp
  var target: Binding.Target?
  /// The characters that say the port.
  var place: SourceRange
  var text: String
  /// All of it, where it is one of several in what the claim's path leads to.
  var whole: SourceRange?
  /// The alias through which they were reached.
  var alias: SourceRange?
  /// Whether no characters say it: it is what holds where nothing is written.
  var isImplied = false

  init(port: Binding.PortClaim, _ node: YAMLNode, at place: SourceRange, text: String) {
    self.port = port
    self.place = place
    self.text = text
    alias = node.alias
  }
}

/// Reads the claims of a format, each by itself.
struct EntryReader {
  private let claim: DeclaredFormat.Claim
  private var texts: TextReader

  init(_ texts: TextReader, _ claim: DeclaredFormat.Claim) {
    self.claim = claim
    self.texts = texts
  }

  var problems: [TextProblem] { texts.problems }

  /// What a node claims; nothing where it claims nothing, and with a problem where it cannot be read.
  ///
  /// - Parameter key: The key whose value the node is.
  mutating func entries(_ node: YAMLNode, key: YAMLNode?) -> [ReadEntry] {
    let entries =
      switch claim.entry {
      case .text(let entry): textEntries(entry, node, key)
      case .fields(let fields): [self.entry(of: fields, node)].compactMap(\.self)
      }
    for entry in entries { checkIsFree(entry, node) }
    return entries
  }

  /// Says of a port, or of the one inside, that the runtime keeps it for itself.
  private mutating func checkIsFree(_ entry: ReadEntry, _ node: YAMLNode) {
    guard let refused = claim.refused else { return }
    if case .fixed(let ports, _) = entry.port, refused.ports.contains(where: ports.overlaps) {
      texts.report(.invalidPort(.reserved(entry.text, by: refused.by)), node, at: entry.place)
    }
    if let target = entry.target, let ports = target.ports, refused.targets.contains(where: ports.overlaps) {
      texts.report(.invalidPort(.reserved("\(ports)", by: refused.by)), node, at: target.place)
    }
  }

  // MARK: Texts

  private mutating func textEntries(
    _ entry: DeclaredFormat.TextEntry, _ node: YAMLNode, _ key: YAMLNode?
  ) -> [ReadEntry] {
    let isInside = !entry.path.isEmpty
    if isInside, let argument = texts.argument(at: entry.path, of: node) { return textEntries(entry, in: argument) }
    if isInside, !node.isMapping, !node.isNull { return [] }
    guard let written = isInside ? node.value(at: entry.path) : node, !written.isNull else {
      return [entry.absent.flatMap { absent in key.map { implied(absent, entry.transport, $0) } }].compactMap(\.self)
    }
    if !entry.options.isEmpty {
      return arguments(of: written, behind: entry.options).flatMap { argument in
        textEntries(entry, in: argument).map { read in
          var read = read
          read.whole = argument.range
          return read
        }
      }
    }
    if written.isScalar, written.bytes.isEmpty || entry.only.map({ !written.isOne(of: $0) }) ?? false { return [] }
    guard let text = texts.read(written) else {
      // Whether there is such an entry in it is not known either.
      if texts.isOpen(written) { return entry.beginning == nil ? [unknown(written, at: written.range, entry)] : [] }
      // A list or a mapping has places of its own.
      if entry.only != nil || entry.separator != nil { return [] }
      texts.report(.invalidPort(.notAnEntry(written.shown)), written, at: written.range)
      return []
    }
    texts.checkBase(of: written)
    return textEntries(entry, in: text)
  }

  /// What stands behind options in a list of arguments: `--publish=80:80`, `-p80:80`, or the argument after `-p`.
  private func arguments(of list: YAMLNode, behind options: [String]) -> [ReadText] {
    var (found, isBehind): ([ReadText], Bool) = ([], false)
    for text in list.items.lazy.compactMap({ texts.read($0) }) {
      // The option may be the value of another one.
      if isBehind, text.bytes.first != UInt8(ascii: "-") {
        found.append(text)
      } else if let option = options.first(where: { text.bytes.starts(with: ($0 + "=").utf8) }) {
        found.append(text.part(option.utf8.count + 1..<text.bytes.count))
      } else if text.bytes.count > 2, text.bytes[2].isASCIIDigit,
        options.contains(where: { text.bytes[..<2].elementsEqual($0.utf8) })
      {
        found.append(text.part(2..<text.bytes.count))
      }
      isBehind = options.contains { text.bytes.elementsEqual($0.utf8) }
    }
    return found
  }

  private mutating func textEntries(_ entry: DeclaredFormat.TextEntry, in written: ReadText) -> [ReadEntry] {
    let text = texts.isOpen(written) ? texts.withUnknowns(written) ?? written : written
    // A list of which nothing is known may have any number.
    if entry.separator != nil, entry.beginning == nil, texts.isOpen(text), !text.isKnownInPart {
      return [unknown(text.node, at: text.range, entry, shown: written.text)]
    }
    let parts = entry.separator.map { text.parts(between: $0) } ?? [text]
    return parts.compactMap { part in
      part.behind(entry.beginning).flatMap { textEntry(entry, $0.before(entry.ending)) }
    }
  }

  private mutating func textEntry(_ entry: DeclaredFormat.TextEntry, _ text: ReadText) -> ReadEntry? {
    switch entry.grammar {
    case .port: portEntry(text, entry)
    case .pair: pairEntry(text, entry)
    case .portRange: rangeEntry(text, entry)
    case .dockerShort: dockerEntry(text)
    case .addressPortProtocol: addressEntry(text, entry)
    case .addressPort: isPathOrURL(text) ? nil : addressEntry(text, entry)
    }
  }

  /// What holds where nothing is written; the key is where one would write it.
  private func implied(
    _ absent: DeclaredFormat.Endpoint, _ transport: TransportProtocol, _ key: YAMLNode
  ) -> ReadEntry {
    var entry = ReadEntry(
      port: .fixed(PortRange(absent.port), .all), key, at: key.textRange, text: "\(absent.port)")
    entry.address = texts.host(absent.host)
    entry.transport = transport
    entry.isImplied = true
    return entry
  }

  /// A claim on nobody knows what; of a port alone, only that is not known, and of an address the protocol is.
  private func unknown(
    _ node: YAMLNode, at place: SourceRange, _ declared: DeclaredFormat.TextEntry? = nil, shown: String? = nil
  ) -> ReadEntry {
    var entry = ReadEntry(port: .unresolved, node, at: place, text: shown ?? node.sourceText)
    (entry.address, entry.transport) = (.unresolved(entry.text), nil)
    if let declared, declared.grammar == .port { (entry.address, entry.transport) = (.every, declared.transport) }
    if let declared, declared.grammar == .addressPort { entry.transport = declared.transport }
    return entry
  }

  /// `unix:///run/a.sock`, `/run/a.sock`, `@name`: no port of the host.
  private func isPathOrURL(_ text: ReadText) -> Bool {
    let first = text.bytes.first
    return first == UInt8(ascii: "/") || first == UInt8(ascii: "@") || text.text.contains("://")
  }

  private mutating func portEntry(_ text: ReadText, _ entry: DeclaredFormat.TextEntry) -> ReadEntry? {
    let isOpen = texts.isOpen(text)
    guard let port = isOpen ? .unresolved : texts.port(text, called: "a port", dynamic: entry.dynamic) else {
      return nil
    }
    var read = ReadEntry(port: port, text.node, at: text.range, text: text.written(text.bytes.indices))
    read.transport = entry.transport
    if let address = entry.address { read.address = texts.host(address) }
    return read
  }

  /// `port[:target][/protocol]`
  private mutating func pairEntry(_ text: ReadText, _ entry: DeclaredFormat.TextEntry) -> ReadEntry? {
    if texts.isOpen(text) { return unknown(text.node, at: text.range) }
    let end = text.bytes.firstIndex(of: UInt8(ascii: "/")) ?? text.bytes.count
    let colon = text.bytes[..<end].firstIndex(of: UInt8(ascii: ":"))
    let (outer, inner) = (0..<(colon ?? end), (colon.map { $0 + 1 } ?? 0)..<end)
    guard let transport = transport(of: text, behind: end, entry.transport),
      let port = texts.fixedPort(text, outer, called: "a port"),
      let target = colon == nil ? port : texts.fixedPort(text, inner, called: "a target port")
    else { return nil }
    var read = ReadEntry(port: .fixed(PortRange(port), .all), text.node, at: text.range(outer), text: text.text(outer))
    read.transport = transport
    read.target = Binding.Target(ports: PortRange(target), place: text.range(inner))
    if let address = entry.address { read.address = texts.host(address) }
    return read
  }

  /// `port[-last][/protocol]`, as `docker run --expose` takes it.
  private mutating func rangeEntry(_ text: ReadText, _ entry: DeclaredFormat.TextEntry) -> ReadEntry? {
    if texts.isOpen(text) { return unknown(text.node, at: text.range) }
    let end = text.bytes.firstIndex(of: UInt8(ascii: "/")) ?? text.bytes.count
    let ports = text.part(0..<end)
    guard let transport = transport(of: text, behind: end, entry.transport),
      let port = texts.range(ports, called: "a port")
    else { return nil }
    var read = ReadEntry(port: port, text.node, at: ports.range, text: ports.text)
    read.transport = transport
    if let address = entry.address { read.address = texts.host(address) }
    return read
  }

  /// `[[address:][host]:]container[/protocol]`, as `docker run --publish` takes it.
  private mutating func dockerEntry(_ text: ReadText) -> ReadEntry? {
    if texts.isOpen(text), !text.isKnownInPart {
      return unknown(text.node, at: text.range, shown: text.written(text.bytes.indices))
    }
    do throws(ShortPort.Failure) {
      let port = try ShortPort(text.bytes, shown: text.written)
      // Without a host's part, one placeholder may hold the whole entry.
      if port.published == nil, port.address == nil, port.targetPorts == nil {
        return unknown(text.node, at: text.range, shown: text.written(text.bytes.indices))
      }
      if port.targetPorts?.first == 0 {
        throw ShortPort.Failure(cause: .invalidPort(.zero(field: "a container port")), part: port.target)
      }
      let said = port.published ?? port.target
      var entry = ReadEntry(port: port.claim, text.node, at: text.range(said), text: text.written(said))
      entry.address =
        port.addressText.map { .literal($0, port.addressValue) }
        ?? port.address.map { .unresolved(text.written($0)) } ?? .every
      entry.transport = port.transportValue
      entry.target = Binding.Target(ports: port.targetPorts, place: text.range(port.target))
      return entry
    } catch {
      texts.report(error.cause, text.node, at: text.range(error.part))
      return nil
    }
  }

  /// `[address]:port[/protocol]`, as Go's `net.Listen` takes it: a name of a host or a port is looked up where it runs.
  private mutating func addressEntry(_ text: ReadText, _ declared: DeclaredFormat.TextEntry) -> ReadEntry? {
    let bytes = text.bytes
    let isOpen = texts.isOpen(text)
    // Of `${HOST}:4317` the port is known.
    let end = isOpen ? bytes.endOfPortAtEnd : bytes.firstIndex(of: UInt8(ascii: "/")) ?? bytes.endIndex
    guard let end else { return unknown(text.node, at: text.node.textRange, declared) }
    guard let colon = bytes[..<end].lastIndex(of: UInt8(ascii: ":")) else {
      let expected = "an address with a port, such as :8080"
      texts.report(
        .invalidPort(.unknownValue(text.text, field: "an address", expected: expected)), text.node, at: text.range)
      return nil
    }
    guard let transport = transport(of: text, behind: end, declared.transport) else { return nil }
    guard let port = texts.listeningPort(text, colon + 1..<end) else { return nil }
    var entry = ReadEntry(port: port, text.node, at: text.range(colon + 1..<end), text: text.text(colon + 1..<end))
    entry.transport = transport
    entry.address = isOpen ? .unresolved(text.written(0..<colon)) : texts.host(text.text(0..<colon))
    return entry
  }

  private mutating func transport(
    of text: ReadText, behind slash: Int, _ absent: TransportProtocol
  ) -> TransportProtocol? {
    guard slash < text.bytes.count else { return absent }
    let part = slash + 1..<text.bytes.count
    let transport = TransportProtocol(name: text.text(part))
    if transport == .tcp || transport == .udp { return transport }
    texts.report(
      .invalidProtocol(.unknown(text.text(part), expected: "tcp or udp")), text.node, at: text.range(part))
    return nil
  }

  // MARK: Fields

  private mutating func entry(of fields: DeclaredFormat.Fields, _ node: YAMLNode) -> ReadEntry? {
    guard node.isMapping, !texts.isOpen(node) else { return nil }
    let target = fields.target.flatMap { node.value(at: $0.path) }.flatMap { $0.isNull ? nil : $0 }
    let inside = target.flatMap { target in
      texts.isOpen(target) ? nil : texts.port(target, called: "a target port", as: fields.target?.grammar ?? .port)
    }
    let said = node.value(at: fields.port.path).flatMap { $0.isNull ? nil : $0 }
    guard let shown = said ?? (fields.port.isDynamicWhenAbsent ? target ?? node : nil) else { return nil }
    let name = fields.port.path.last?.text ?? ""
    let isOpen = said.map { texts.isOpen($0) } ?? false
    let port =
      isOpen
      ? .unresolved
      : said.map {
        texts.port(
          $0, called: name, dynamic: fields.port.dynamic, words: fields.port.dynamicWords, as: fields.port.grammar)
      } ?? .dynamic
    let address = address(fields.address, of: node)
    let transport = transport(fields.transport, of: node)
    if let same = fields.port.same.flatMap({ node.value(at: $0) }), !same.isNull, !texts.isOpen(same),
      case .fixed(let ports, _)? = port, case .fixed(let wanted, _)? = texts.port(same, called: "a target port"),
      ports != wanted
    {
      texts.report(.invalidCombination("\(ports)", .otherHostPort), shown, at: texts.read(shown)?.range ?? shown.range)
    }
    guard
      let port = port.flatMap({ self.range($0, to: fields.port.last.flatMap { node.value(at: $0) }, called: name) }),
      let address, let transport, target == nil || inside != nil || target.map({ texts.isOpen($0) }) == true
    else { return nil }
    let read = texts.read(shown)
    var entry = ReadEntry(port: port, shown, at: read?.range ?? shown.range, text: read?.text ?? "")
    entry.address = address
    entry.transport = transport
    entry.target = target.map { target in
      var ports: PortRange?
      if case .fixed(let range, _)? = inside { ports = range }
      return Binding.Target(ports: ports, place: target.isScalar ? target.textRange : target.range)
    }
    return entry
  }

  /// The ports from one to the last one, where such a one is written.
  private mutating func range(
    _ first: Binding.PortClaim, to last: YAMLNode?, called name: String
  ) -> Binding.PortClaim? {
    guard let last, !last.isNull, case .fixed(let ports, _) = first else { return first }
    if texts.isOpen(last) { return .unresolved }
    guard case .fixed(let end, _)? = texts.port(last, called: name),
      let range = texts.range(from: ports.first, through: end.first, last)
    else { return nil }
    return .fixed(range, .all)
  }

  private mutating func address(_ field: DeclaredFormat.AddressField?, of node: YAMLNode) -> HostAddress? {
    guard let field else { return .every }
    guard let written = node.value(at: field.path), !written.isNull, !(written.isScalar && written.bytes.isEmpty) else {
      return field.absent.map { .literal($0, IPAddress($0)) } ?? .every
    }
    guard !texts.isOpen(written), let text = texts.read(written) else { return .unresolved(written.sourceText) }
    if let address = IPAddress(text.text) { return .literal(text.text, address) }
    // What looks names up may listen on one.
    guard claim.model == .docker, field.names == nil else { return .unresolved(text.text) }
    texts.report(.invalidAddress(text.text, Problem.InvalidAddress(text: text.text)), written, at: text.range)
    return nil
  }

  /// An inner nothing where it cannot be known.
  private mutating func transport(
    _ field: DeclaredFormat.ProtocolField?, of node: YAMLNode
  ) -> TransportProtocol?? {
    guard let field else { return .some(.tcp) }
    guard let written = node.value(at: field.path), !written.isNull, !(written.isScalar && written.bytes.isEmpty) else {
      return .some(TransportProtocol(name: field.absent))
    }
    if texts.isOpen(written) { return .some(nil) }
    let text = texts.read(written)?.text ?? ""
    if field.values.contains(where: { $0.lowercased() == text.lowercased() }) {
      return .some(TransportProtocol(name: text))
    }
    let expected =
      field.values.count > 1
      ? "\(field.values.dropLast().joined(separator: ", ")) or \(field.values.last ?? "")" : field.values.joined()
    texts.report(
      .invalidProtocol(.unknown(written.isScalar ? text : written.shown, expected: expected)), written,
      at: written.isScalar ? written.textRange : written.range)
    return nil
  }
}

extension [UInt8] {
  /// Where a port ends that stands behind the last colon, with nothing but a protocol behind it, whatever stands before.
  fileprivate var endOfPortAtEnd: Int? {
    guard let colon = lastIndex(of: UInt8(ascii: ":")) else { return nil }
    let end = self[colon...].firstIndex(of: UInt8(ascii: "/")) ?? endIndex
    let port = self[(colon + 1)..<end]
    let transport = self[end...].dropFirst()
    return !port.isEmpty && port.allSatisfy(\.isASCIIDigit) && transport.allSatisfy(\.isASCIILetter) ? end : nil
  }
}

extension YAMLNode {
  /// Whether a scalar is one of such.
  fileprivate func isOne(of kind: DeclaredFormat.TextEntry.Kind) -> Bool {
    switch (kind, ScalarValue(self)) {
    case (.numbers, .int), (.numbers, .float), (.texts, .string): true
    case (.ports, .int), (.ports, .string): tag == nil && (Int(text).map { 1...65535 ~= $0 } ?? false)
    default: false
    }
  }
}
