import PortModel
import SourceText
import SourceYAML

/// Something that is wrong with a text.
struct TextProblem {
  var cause: Problem.Cause
  var node: YAMLNode
  var place: SourceRange
}

/// Reads single texts by the grammars that claims and references have in common.
struct TextReader {
  private let format: DeclaredFormat
  /// The values of what stands for one.
  private let parameters: ParameterValues
  private(set) var problems: [TextProblem] = []

  init(_ format: DeclaredFormat, _ parameters: ParameterValues) {
    self.format = format
    self.parameters = parameters
  }

  mutating func report(
    _ cause: Problem.Cause, _ node: YAMLNode, at place: SourceRange, file: StaticString = #fileID, line: UInt = #line
  ) {
    if isSilenced(file, line) { return }
    problems.append(TextProblem(cause: cause, node: node, place: place))
  }

  /// Whether a node cannot be known: a placeholder without a default, or a number that readers of YAML take for
  /// different ones.
  func isOpen(_ node: YAMLNode) -> Bool {
    if let text = read(node) { return isOpen(text) }
    return node.isOpen(beside: format.unresolved) || node.isCall(format.calls)
  }

  func isOpen(_ text: ReadText) -> Bool {
    if text.isElsewhere { return false }
    return isOpenAsAWhole(text.node)
      || text.bytes.withUnsafeBufferPointer {
        $0.contains(InterpolatedText.unknown) || $0.holdsExpression || $0.holds(anyOf: format.unresolved)
      }
  }

  /// Whether no part of a scalar can be known.
  private func isOpenAsAWhole(_ node: YAMLNode) -> Bool {
    node.hasOwnTag || ScalarValue.unexpectedNumber(of: node) != nil
  }

  /// A text whose placeholders are told from what can be known of it; nothing where they are not.
  func withUnknowns(_ text: ReadText) -> ReadText? {
    isOpenAsAWhole(text.node) ? nil : text.withUnknowns(format.unresolved)
  }

  /// What a text of arguments says under a key, as a mapping may too.
  func argument(at keys: [PreparedKey], of node: YAMLNode) -> ReadText? {
    guard format.arguments == .keysAndValues, keys.count == 1, let key = keys.first, node.isScalar else { return nil }
    return ReadText(node, defaultedBy: []).argument(key.text)
  }

  /// Says of a text that readers of older YAML take it for a number, where the format's is one of them.
  mutating func checkBase(of node: YAMLNode) {
    guard format.yaml == .oneDotOne, let number = ScalarValue.sexagesimalNumber(of: node) else { return }
    report(.sexagesimalPort(node.text, number: number), node, at: node.range)
  }

  /// The text of a scalar with the defaults of its placeholders, or of what something stands for.
  func read(_ node: YAMLNode) -> ReadText? {
    if let value = parameters.value(of: node) { return ReadText(node, standingFor: value) }
    return node.isScalar ? ReadText(node, defaultedBy: format.defaulted) : nil
  }

  /// Reads a port from 1 to 65535 that is a number, or a text of digits.
  ///
  /// - Parameters:
  ///   - dynamic: The numbers for which the system picks one.
  ///   - words: The words for which it does.
  mutating func port(
    _ node: YAMLNode, called name: String, dynamic: [Int] = [], words: [String] = [],
    as grammar: DeclaredFormat.PortGrammar = .port
  ) -> Binding.PortClaim? {
    guard let text = read(node) else {
      report(.invalidPort(.notAnEntry(node.shown)), node, at: node.range)
      return nil
    }
    if words.contains(text.text) { return .dynamic }
    if grammar == .portRange, text.bytes.dropFirst().contains(UInt8(ascii: "-")) { return range(text, called: name) }
    return port(text, called: name, dynamic: dynamic)
  }

  /// `8080` or `8080-8090`
  mutating func range(_ text: ReadText, called name: String) -> Binding.PortClaim? {
    switch parsePorts(text.bytes) {
    case .success(let ports) where ports.first == 0: report(.invalidPort(.zero(field: name)), text.node, at: text.range)
    case .success(let ports): return .fixed(ports, .all)
    case .failure(let cause): report(.invalidPort(cause), text.node, at: text.range)
    }
    return nil
  }

  mutating func port(_ text: ReadText, called name: String, dynamic: [Int]) -> Binding.PortClaim? {
    guard let number = (text.isAsWritten ? text.node.wholeNumber : nil) ?? Int(text.text) else {
      let isTooLong = text.bytes.allSatisfy(\.isASCIIDigit)
      report(.invalidPort(isTooLong ? .outOfRange(text.text) : .notAPort(text.text)), text.node, at: text.range)
      return nil
    }
    if dynamic.contains(number) { return .dynamic }
    switch UInt16(exactly: number) {
    case 0?: report(.invalidPort(.zero(field: name)), text.node, at: text.range)
    case let port?: return .fixed(PortRange(port), .all)
    case nil: report(.invalidPort(.outOfRange(text.text)), text.node, at: text.range)
    }
    return nil
  }

  /// Reads a port from 1 to 65535 that is part of a text.
  mutating func fixedPort(_ text: ReadText, _ part: Range<Int>, called name: String) -> UInt16? {
    switch parsePort(text.bytes[part]) {
    case .success(0): report(.invalidPort(.zero(field: name)), text.node, at: text.range(part))
    case .success(let port): return port
    case .failure(let cause): report(.invalidPort(cause), text.node, at: text.range(part))
    }
    return nil
  }

  /// The range from one port through another; nothing, and a problem, where that comes first.
  mutating func range(from first: UInt16, through last: UInt16, _ node: YAMLNode) -> PortRange? {
    if let range = PortRange(first, through: last) { return range }
    let place = read(node)?.range ?? node.range
    report(.invalidCombination("\(last)", .lastPortBelow), node, at: place)
    return nil
  }

  /// Reads the port of an address that is listened on: 0 lets the system pick, and a name is looked up.
  mutating func listeningPort(_ text: ReadText, _ part: Range<Int>) -> Binding.PortClaim? {
    guard let first = text.bytes[part].first else {
      report(.invalidPort(.notAPort("")), text.node, at: text.range)
      return nil
    }
    if first.isASCIILetter { return .unresolved }
    switch parsePort(text.bytes[part]) {
    case .success(0): return .dynamic
    case .success(let port): return .fixed(PortRange(port), .all)
    case .failure(let cause):
      report(.invalidPort(cause), text.node, at: text.range(part))
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
  ///
  /// - Parameter mapping: What holds the node, and may say more beside it.
  mutating func target(_ node: YAMLNode, in mapping: YAMLNode, as reference: DeclaredFormat.Reference) -> Target? {
    guard !node.isNull, !isOpen(node) else { return nil }
    let text = read(node)
    let name = reference.called
    switch reference.grammar {
    case .port:
      let first = port(node, called: name, dynamic: reference.none)
      let last = reference.last.flatMap { mapping.value(at: $0) }.flatMap { $0.isNull || isOpen($0) ? nil : $0 }
      let end = last.flatMap { port($0, called: name, dynamic: reference.none) }
      guard case .fixed(let ports, _)? = first, let text else { return nil }
      if let last, case .fixed(let end, _)? = end { _ = range(from: ports.first, through: end.first, last) }
      // Of a range nobody can say which port is meant.
      guard reference.last == nil else { return nil }
      let host = reference.host.flatMap { mapping.value(at: $0) }.flatMap { isOpen($0) ? nil : read($0)?.text }
      return Target(host: host, port: ports.first, place: text.range)
    case .ports, .portsWithProtocol:
      for part in text?.parts(between: ",") ?? [] {
        checkPorts(part, withProtocol: reference.grammar == .portsWithProtocol, called: name)
      }
      return nil
    case .hostPort: return text.flatMap { hostPort($0, of: nil, absent: reference.absent, called: name) }
    case .url: return text.flatMap { url($0, called: name) }
    }
  }

  /// `80`, `8000-8100` or `8000:8100`, and a protocol behind a slash: another text is a name.
  private mutating func checkPorts(_ text: ReadText, withProtocol: Bool, called name: String) {
    let end = text.bytes.firstIndex(of: UInt8(ascii: "/")) ?? text.bytes.count
    let middle = text.bytes[..<end].firstIndex { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ":") }
    let parts = [0..<(middle ?? end)] + (middle.map { [$0 + 1..<end] } ?? [])
    guard parts.allSatisfy({ !$0.isEmpty && text.bytes[$0].allSatisfy(\.isASCIIDigit) }) else { return }
    if withProtocol, end == text.bytes.count {
      report(
        .invalidPort(
          .unknownValue(text.text, field: name, expected: "a port with a protocol, such as \(text.text)/tcp")),
        text.node, at: text.range)
      return
    }
    let ports = parts.compactMap { fixedPort(text, $0, called: name) }
    guard let first = ports.first, let last = ports.last, ports.count == parts.count, last < first else { return }
    report(.invalidPort(.reversedRange(text.text(0..<end))), text.node, at: text.range(0..<end))
  }

  /// `[scheme:]//[user@]host[:port][/path]`; another text says no port, and without a scheme a host alone says none.
  private mutating func url(_ text: ReadText, called name: String) -> Target? {
    let bytes = text.bytes
    let authority = "//".utf8
    let colon = bytes.starts(with: authority) ? nil : bytes.firstIndex(of: UInt8(ascii: ":"))
    let slashes = colon.map { $0 + 1 } ?? 0
    guard bytes[slashes...].starts(with: authority) else { return nil }
    let rest = bytes[(slashes + authority.count)...]
    let end = rest.firstIndex { "/?#".utf8.contains($0) } ?? rest.endIndex
    let start = rest[..<end].lastIndex(of: UInt8(ascii: "@")).map { $0 + 1 } ?? rest.startIndex
    let absent = colon.flatMap { TextReader.ports[text.text(0..<$0)] }
    return hostPort(text, of: start..<end, absent: absent, called: name)
  }

  /// The ports of schemes.
  private static let ports: [String: UInt16] = ["http": 80, "https": 443, "ws": 80, "wss": 443]

  /// A host with a number behind the last colon. What has none, or another shape, is a host alone, or a text of whoever
  /// rewrites it.
  ///
  /// - Parameter absent: The port of a host alone.
  private mutating func hostPort(
    _ text: ReadText, of part: Range<Int>?, absent: UInt16?, called name: String
  ) -> Target? {
    let bytes = text.bytes[part ?? text.bytes.indices]
    guard let colon = bytes.lastIndex(of: UInt8(ascii: ":")), colon > bytes.startIndex else {
      guard let absent, !bytes.isEmpty, !bytes.contains(where: \.isOfOtherThanHost) else { return nil }
      let host = String(decoding: bytes, as: UTF8.self)
      return Target(host: host, port: absent, place: text.range(bytes.startIndex..<bytes.endIndex))
    }
    let (host, port) = (bytes[..<colon], bytes[(colon + 1)...])
    let isBracketed = host.first == UInt8(ascii: "[") && host.last == UInt8(ascii: "]")
    guard !port.isEmpty, port.allSatisfy(\.isASCIIDigit), isBracketed || !host.contains(where: \.isOfOtherThanHost)
    else {
      return nil
    }
    let place = text.range(colon + 1..<bytes.endIndex)
    switch parsePort(port) {
    case .success(0): report(.invalidPort(.zero(field: name)), text.node, at: place)
    case .success(let number):
      let host = String(decoding: isBracketed ? host.dropFirst().dropLast() : host, as: UTF8.self)
      return Target(host: host, port: number, place: place)
    case .failure(let cause): report(.invalidPort(cause), text.node, at: place)
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
