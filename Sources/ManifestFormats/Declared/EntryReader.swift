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
  /// The alias through which they were reached.
  var alias: SourceRange?

  init(port: Binding.PortClaim, _ node: YAMLNode, at place: SourceRange, text: String) {
    self.port = port
    self.place = place
    self.text = text
    alias = node.alias
  }
}

/// Something that is wrong with a text.
struct TextProblem {
  var cause: Problem.Cause
  var node: YAMLNode
  var place: SourceRange
}

/// Reads the claims of a format, each by itself.
struct EntryReader {
  private let claim: DeclaredFormat.Claim
  private var texts: TextReader

  init(_ format: DeclaredFormat, _ claim: DeclaredFormat.Claim) {
    self.claim = claim
    texts = TextReader(format)
  }

  var problems: [TextProblem] { texts.problems }

  /// What a node claims; nothing where it claims nothing, and with a problem where it cannot be read.
  mutating func entry(_ node: YAMLNode) -> ReadEntry? {
    switch claim.entry {
    case .text(.port): portEntry(node)
    case .text(.dockerShort): dockerEntry(node)
    case .text(.addressPortProtocol): addressEntry(node)
    case .fields(let fields): entry(of: fields, node)
    }
  }

  // MARK: Texts

  /// A text that is to be taken apart; nothing, and an entry, where it cannot be known.
  private mutating func text(_ node: YAMLNode) -> (text: YAMLNode?, open: ReadEntry?) {
    if node.isNull || node.isScalar && node.bytes.isEmpty { return (nil, nil) }
    if texts.isOpen(node) {
      var entry = ReadEntry(
        port: .unresolved, node, at: node.isScalar ? node.textRange : node.range, text: node.sourceText)
      (entry.address, entry.transport) = (.unresolved(node.sourceText), nil)
      return (nil, entry)
    }
    guard node.isScalar else {
      texts.report(.invalidPort(.notAnEntry(node.shown)), node, at: node.range)
      return (nil, nil)
    }
    return (node, nil)
  }

  private mutating func portEntry(_ node: YAMLNode) -> ReadEntry? {
    let (text, open) = text(node)
    guard let text else { return open }
    guard let port = texts.port(text, called: "a port", dynamic: []) else { return nil }
    return ReadEntry(port: port, text, at: text.textRange, text: text.text)
  }

  /// `[[address:][host]:]container[/protocol]`, as `docker run --publish` takes it.
  private mutating func dockerEntry(_ node: YAMLNode) -> ReadEntry? {
    let (text, open) = text(node)
    guard let text else { return open }
    let bytes = Array(text.bytes)
    let part = { (range: Range<Int>) in String(decoding: bytes[range], as: UTF8.self) }
    do throws(ShortPort.Failure) {
      let port = try ShortPort(bytes, shown: part)
      if port.targetPorts?.first == 0 {
        throw ShortPort.Failure(cause: .invalidPort(.zero(field: "a container port")), part: port.target)
      }
      let said = port.published ?? port.target
      var entry = ReadEntry(port: port.claim, text, at: text.range(ofText: said), text: part(said))
      entry.address = port.addressText.map { .literal($0, port.addressValue) } ?? .every
      entry.transport = port.transportValue
      entry.target = Binding.Target(ports: port.targetPorts, place: text.range(ofText: port.target))
      return entry
    } catch {
      texts.report(error.cause, text, at: text.range(ofText: error.part))
      return nil
    }
  }

  /// `[address]:port[/protocol]`, as Go's `net.Listen` takes it: a name of a host or a port is looked up where it runs.
  private mutating func addressEntry(_ node: YAMLNode) -> ReadEntry? {
    let (text, open) = text(node)
    guard let text else { return open }
    let bytes = text.bytes
    let slash = bytes.firstIndex(of: UInt8(ascii: "/")) ?? bytes.endIndex
    guard let colon = bytes[..<slash].lastIndex(of: UInt8(ascii: ":")) else {
      let expected = "an address with a port, such as :8080"
      texts.report(
        .invalidPort(.unknownValue(text.text, field: "an address", expected: expected)), text, at: text.textRange)
      return nil
    }
    guard let transport = transport(of: text, behind: slash) else { return nil }
    let place = text.range(ofText: colon + 1..<slash)
    let written = String(decoding: bytes[(colon + 1)..<slash], as: UTF8.self)
    guard let port = texts.listeningPort(bytes[(colon + 1)..<slash], of: text, at: place) else { return nil }
    var entry = ReadEntry(port: port, text, at: place, text: written)
    entry.transport = transport
    entry.address = texts.host(String(decoding: bytes[..<colon], as: UTF8.self))
    return entry
  }

  private mutating func transport(of text: YAMLNode, behind slash: Int) -> TransportProtocol? {
    let bytes = text.bytes
    guard slash < bytes.endIndex else { return .tcp }
    let name = String(decoding: bytes[(slash + 1)...], as: UTF8.self)
    let transport = TransportProtocol(name: name)
    if transport == .tcp || transport == .udp { return transport }
    texts.report(
      .invalidProtocol(.unknown(name, expected: "tcp or udp")), text, at: text.range(ofText: slash + 1..<bytes.endIndex)
    )
    return nil
  }

  // MARK: Fields

  private mutating func entry(of fields: DeclaredFormat.Fields, _ node: YAMLNode) -> ReadEntry? {
    guard node.isMapping, !texts.isOpen(node) else { return nil }
    let target = fields.target.flatMap { node.value(at: $0) }.flatMap { $0.isNull ? nil : $0 }
    let inside = target.flatMap { texts.isOpen($0) ? nil : texts.port($0, called: "a target port", dynamic: []) }
    let said = node.value(at: fields.port.path).flatMap { $0.isNull ? nil : $0 }
    guard let shown = said ?? (fields.port.isDynamicWhenAbsent ? target ?? node : nil) else { return nil }
    let name = fields.port.path.last?.text ?? ""
    let isOpen = said.map { texts.isOpen($0) } ?? false
    let port =
      isOpen
      ? .unresolved : said.map { texts.port($0, called: name, dynamic: fields.port.dynamic) } ?? .dynamic
    let address = address(fields.address, of: node)
    let transport = transport(fields.transport, of: node)
    guard let port, let address, let transport,
      target == nil || inside != nil || target.map({ texts.isOpen($0) }) == true
    else { return nil }
    var entry = ReadEntry(
      port: port, shown, at: shown.isScalar ? shown.textRange : shown.range, text: shown.isScalar ? shown.text : "")
    entry.address = address
    entry.transport = transport
    entry.target = target.map { target in
      var ports: PortRange?
      if case .fixed(let range, _)? = inside { ports = range }
      return Binding.Target(ports: ports, place: target.isScalar ? target.textRange : target.range)
    }
    return entry
  }

  private mutating func address(_ field: DeclaredFormat.AddressField?, of node: YAMLNode) -> HostAddress? {
    guard let field else { return .every }
    guard let written = node.value(at: field.path), !written.isNull, !(written.isScalar && written.bytes.isEmpty) else {
      return field.absent.map { .literal($0, IPAddress($0)) } ?? .every
    }
    if texts.isOpen(written) || !written.isScalar { return .unresolved(written.sourceText) }
    if let address = IPAddress(written.text) { return .literal(written.text, address) }
    // What looks names up may listen on one.
    guard claim.model == .docker else { return .unresolved(written.text) }
    texts.report(
      .invalidAddress(written.text, Problem.InvalidAddress(text: written.text)), written, at: written.textRange)
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
    let text = written.text
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

/// Reads single texts by the grammars that claims and references have in common.
struct TextReader {
  private let format: DeclaredFormat
  private(set) var problems: [TextProblem] = []

  init(_ format: DeclaredFormat) {
    self.format = format
  }

  mutating func report(
    _ cause: Problem.Cause, _ node: YAMLNode, at place: SourceRange, file: StaticString = #fileID, line: UInt = #line
  ) {
    if isSilenced(file, line) { return }
    problems.append(TextProblem(cause: cause, node: node, place: place))
  }

  /// Whether a node cannot be known: a placeholder, or a number that readers of YAML take for different ones.
  func isOpen(_ node: YAMLNode) -> Bool {
    node.isOpen(beside: format.unresolved) || ScalarValue.unexpectedNumber(of: node) != nil
  }

  /// Reads a port from 1 to 65535 that is a number, or a text of digits.
  ///
  /// - Parameter dynamic: The numbers for which the system picks one.
  mutating func port(_ node: YAMLNode, called name: String, dynamic: [Int]) -> Binding.PortClaim? {
    guard node.isScalar else {
      report(.invalidPort(.notAnEntry(node.shown)), node, at: node.range)
      return nil
    }
    guard let number = node.wholeNumber ?? Int(node.text) else {
      let isTooLong = node.isDigits
      report(.invalidPort(isTooLong ? .outOfRange(node.text) : .notAPort(node.text)), node, at: node.textRange)
      return nil
    }
    if dynamic.contains(number) { return .dynamic }
    switch UInt16(exactly: number) {
    case 0?: report(.invalidPort(.zero(field: name)), node, at: node.textRange)
    case let port?: return .fixed(PortRange(port), .all)
    case nil: report(.invalidPort(.outOfRange(node.text)), node, at: node.textRange)
    }
    return nil
  }

  /// Reads the port of an address that is listened on: 0 lets the system pick, and a name is looked up.
  mutating func listeningPort(_ text: YAMLText, of node: YAMLNode, at place: SourceRange) -> Binding.PortClaim? {
    guard let first = text.first else {
      report(.invalidPort(.notAPort("")), node, at: node.textRange)
      return nil
    }
    if first.isASCIILetter { return .unresolved }
    switch parsePort(text) {
    case .success(0): return .dynamic
    case .success(let port): return .fixed(PortRange(port), .all)
    case .failure(let cause):
      report(.invalidPort(cause), node, at: place)
      return nil
    }
  }

  /// The address that a host is, in brackets where it is one of IPv6: none for every one, unknown for a name.
  func host(_ text: String) -> HostAddress {
    if text.isEmpty { return .every }
    let inner = text.hasPrefix("[") && text.hasSuffix("]") ? String(text.dropFirst().dropLast()) : text
    return IPAddress(inner).map { .literal(inner, $0) } ?? .unresolved(text)
  }

  /// A port somewhere.
  struct Target {
    /// Without brackets; nothing where none is said.
    var host: String?
    var port: UInt16
    var place: SourceRange
  }

  /// Reads what points at a port; nothing where it says none.
  mutating func target(
    _ node: YAMLNode, as grammar: DeclaredFormat.ReferenceGrammar, called name: String
  ) -> Target? {
    guard !node.isNull, !isOpen(node) else { return nil }
    switch grammar {
    case .port:
      guard case .fixed(let ports, _)? = port(node, called: name, dynamic: []) else { return nil }
      return Target(host: nil, port: ports.first, place: node.textRange)
    case .hostPort: return hostPort(node, called: name)
    }
  }

  /// A host with a number behind the last colon. What has none, or another shape, is a host alone, or a text of whoever
  /// rewrites it.
  private mutating func hostPort(_ node: YAMLNode, called name: String) -> Target? {
    let bytes = node.bytes
    guard node.isScalar, let colon = bytes.lastIndex(of: UInt8(ascii: ":")), colon > bytes.startIndex else {
      return nil
    }
    let (host, port) = (bytes[..<colon], bytes[(colon + 1)...])
    let isBracketed = host.first == UInt8(ascii: "[") && host.last == UInt8(ascii: "]")
    guard !port.isEmpty, port.allSatisfy(\.isASCIIDigit), isBracketed || !host.contains(where: \.isOfOtherThanHost)
    else {
      return nil
    }
    let place = node.range(ofText: colon + 1..<bytes.endIndex)
    switch parsePort(port) {
    case .success(0): report(.invalidPort(.zero(field: name)), node, at: place)
    case .success(let number):
      let text = String(decoding: isBracketed ? host.dropFirst().dropLast() : host, as: UTF8.self)
      return Target(host: text, port: number, place: place)
    case .failure(let cause): report(.invalidPort(cause), node, at: place)
    }
    return nil
  }
}

extension UInt8 {
  /// Whether no name of a host has the byte: it is one of a URL's, or of an address that needs brackets.
  fileprivate var isOfOtherThanHost: Bool {
    self == UInt8(ascii: "/") || self == UInt8(ascii: ":") || self == UInt8(ascii: " ") || self == UInt8(ascii: "@")
  }
}
