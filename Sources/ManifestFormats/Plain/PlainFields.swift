import PortModel
import SourceText
import SourceYAML

/// A field that may be left out.
enum PlainField<Value> {
  case absent
  case sound(Value)
  /// It is wrong, and has been reported: what it would hold for has no binding.
  case invalid

  /// This field, or where it is left out `other`.
  func orElse(_ other: PlainField) -> PlainField {
    if case .absent = self { other } else { self }
  }

  /// The value, or where the field is left out `default`; nothing where the field is wrong.
  func value(default value: Value) -> Value? {
    switch self {
    case .absent: value
    case .sound(let value): value
    case .invalid: nil
    }
  }
}

/// Reads the fields of a plain manifest and gathers what is wrong with them.
struct PlainFields {
  /// The service that the fields belong to, if they belong to one.
  let owner: OwnerID?
  var problems: [Problem] = []

  init(owner: OwnerID?) {
    self.owner = owner
  }

  /// Reads a port or a range of ports, from 1: as a number, or as digits without leading zeros.
  mutating func claim(_ node: YAMLNode) -> Binding.PortClaim? {
    if node.isOpen { return .unresolved }
    switch ports(node) {
    case .success(let ports) where ports.first == 0: report(.invalidPort(.zero(field: "port")), node)
    case .success(let ports): return .fixed(ports, .all)
    case .failure(let problem): report(.invalidPort(problem), node)
    }
    return nil
  }

  private func ports(_ node: YAMLNode) -> Result<PortRange, Problem.InvalidPort> {
    guard node.isScalar, !node.isNull else { return .failure(.notAnEntry(node.shown)) }
    switch ScalarValue(node) {
    case .int(let number):
      return UInt16(exactly: number).map { .success(PortRange($0)) } ?? .failure(.outOfRange(node.text))
    case .float where node.isDigits:
      // A number too long for an integer.
      return .failure(.outOfRange(node.text))
    case .string where node.bytes.split(separator: UInt8(ascii: "-")).allSatisfy(\.isPlainDecimal):
      return parsePorts(node.bytes)
    default: return .failure(.notAPort(node.text))
    }
  }

  /// Reads a protocol or a list of them; one that cannot be known is nothing.
  mutating func transports(_ node: YAMLNode?) -> PlainField<[TransportProtocol?]> {
    guard let node else { return .absent }
    let expected = "tcp, udp or sctp"
    let items = node.isSequence ? Array(node.items) : [node]
    if items.isEmpty {
      report(.invalidProtocol(.unknown("[]", expected: expected)), node)
      return .invalid
    }
    var result: [TransportProtocol?] = []
    var isSound = true
    for item in items {
      let transport = item.isOpen ? nil : TransportProtocol(name: item.text)
      if case .other = transport {
        report(.invalidProtocol(.unknown(item.isFilled ? item.text : item.shown, expected: expected)), item)
        isSound = false
      } else if !result.contains(transport) {
        result.append(transport)
      }
    }
    return isSound ? .sound(result) : .invalid
  }

  /// Reads an IPv4 or IPv6 address.
  mutating func address(_ node: YAMLNode?) -> PlainField<HostAddress> {
    guard let node else { return .absent }
    if node.isOpen { return .sound(.unresolved(node.sourceText)) }
    guard node.isScalar, !node.isNull else {
      reportUnknown(node, field: "address", expected: "an IP address")
      return .invalid
    }
    guard let address = IPAddress(node.text) else {
      report(.invalidAddress(node.text, Problem.InvalidAddress(text: node.text)), node)
      return .invalid
    }
    return .sound(.literal(node.text, address))
  }

  /// Reads `address`, `port` or a list of them: the socket options that let sockets share a port.
  mutating func reuse(_ node: YAMLNode?) -> PlainField<Binding.Reuse> {
    guard let node else { return .absent }
    var result = Binding.Reuse()
    var isSound = true
    for item in node.isSequence ? Array(node.items) : [node] {
      switch item.text {
      case "address": result.insert(.address)
      case "port": result.insert(.port)
      default:
        reportUnknown(item, field: "reuse", expected: "address or port")
        isSound = false
      }
    }
    return isSound ? .sound(result) : .invalid
  }

  /// Reads `true` or `false`.
  mutating func bool(_ node: YAMLNode?, _ field: String) -> PlainField<Bool> {
    guard let node else { return .absent }
    if node.isScalar, case .bool(let value) = ScalarValue(node) { return .sound(value) }
    reportUnknown(node, field: field, expected: "true or false")
    return .invalid
  }

  /// Reads the user that a process runs as, by name or number; one that is wrong cannot be known.
  mutating func user(_ node: YAMLNode?) -> Fact<String> {
    guard let node else { return .absent }
    if node.isOpen { return .unknown(node.sourceText, at: node.range) }
    // A colon would be the group of another format's `user`.
    if node.isName, !node.bytes.contains(where: \.isSpaceOrColon) {
      return .known(node.text, at: node.textRange)
    }
    reportUnknown(node, field: "user", expected: "a user's name or number")
    return .unknown(node.sourceText, at: node.range)
  }

  /// Reads a port's own name.
  mutating func portName(_ node: YAMLNode?) -> Fact<String> {
    guard let node else { return .absent }
    if node.isOpen { return .unknown(node.sourceText, at: node.range) }
    if node.isName { return .known(node.text, at: node.textRange) }
    reportUnknown(node, field: "name", expected: "text")
    return .absent
  }
}

// MARK: - Problems

extension PlainFields {
  /// Adds a problem of a text; one that came through an alias has its use related.
  mutating func report(
    _ cause: Problem.Cause, _ node: YAMLNode, at place: SourceRange? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    // There is no use in many more than are kept.
    guard problems.count <= ManifestReading.mostProblems else { return }
    let uses = node.alias.map { [Related("used here", at: $0)] } ?? []
    let place = place ?? (node.isScalar ? node.textRange : node.range)
    problems.report(cause, owner: owner, at: place, related: uses, file: file, line: line)
  }

  /// Reports a value that is none of those that its field takes.
  mutating func reportUnknown(
    _ node: YAMLNode, field: String, expected: String, file: StaticString = #fileID, line: UInt = #line
  ) {
    let text = node.isFilled ? node.text : node.shown
    report(.invalidPort(.unknownValue(text, field: field, expected: expected)), node, file: file, line: line)
  }

  /// Reports the keys of a mapping that are not `known`; `owner` is what a message calls the mapping.
  ///
  /// - Returns: Whether all are, and the known keys that the others most likely mean.
  mutating func checkKeys(of node: YAMLNode, known: [String], owner: String) -> (areKnown: Bool, meant: Set<String>) {
    var areKnown = true
    var meant: Set<String> = []
    for key in node.entries.map(\.key) where !key.isScalar || !known.contains(key.text) {
      let suggestion = key.isScalar ? nearestWord(to: key.text, among: known) : nil
      report(.invalidPort(.unknownKey(key.sourceText, suggestion: suggestion, owner: owner)), key)
      areKnown = false
      if let suggestion { meant.insert(suggestion) }
    }
    return (areKnown, meant)
  }

  /// Reports a key that another one excludes.
  mutating func refuseKey(_ key: String, of node: YAMLNode, owner: String) {
    for entry in node.entries where entry.key.text == key {
      report(.invalidPort(.unknownKey(key, suggestion: nil, owner: owner)), entry.key)
    }
  }
}

extension YAMLNode {
  /// Whether the node is text that may name something, or a number that does.
  var isName: Bool {
    isFilled && !isNull
  }

  /// Whether the node is a scalar with any text.
  fileprivate var isFilled: Bool {
    isScalar && !bytes.isEmpty
  }
}

extension Collection<UInt8> {
  /// Whether a text is a decimal number as people write it: digits, no sign, no leading zero.
  fileprivate var isPlainDecimal: Bool {
    !isEmpty && allSatisfy(\.isASCIIDigit) && (count == 1 || first != UInt8(ascii: "0"))
  }
}

extension UInt8 {
  fileprivate var isSpaceOrColon: Bool {
    self == UInt8(ascii: " ") || self == UInt8(ascii: ":")
  }
}
