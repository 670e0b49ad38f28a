import PortModel
import SourceText
import SourceYAML

/// A field that takes a port number.
enum PortField {
  case absent
  case number(UInt16, YAMLNode)
  /// A template's expression or a variable stands there.
  case unresolved(YAMLNode)
  /// It is wrong, and has been reported.
  case invalid

  var node: YAMLNode? {
    switch self {
    case .number(_, let node), .unresolved(let node): node
    case .absent, .invalid: nil
    }
  }

  /// Whether anything stands there.
  var isSaid: Bool {
    if case .absent = self { false } else { true }
  }
}

/// A field that takes a port number or a port's name.
enum PortOrNameField {
  case absent
  case number(UInt16, YAMLNode)
  case name(String, YAMLNode)
  case unresolved(YAMLNode)
  case invalid
}

/// Reads the fields of one object and gathers what is wrong with them.
struct KubernetesFields {
  let owner: OwnerID
  var problems: [Problem] = []

  init(owner: OwnerID) {
    self.owner = owner
  }

  /// Says of keys that they are nearly some that say ports: a strict kubectl refuses them, and the API drops them.
  ///
  /// - Parameter part: What has them, with its article.
  /// - Returns: What was meant by them.
  @discardableResult
  mutating func reportMisspelt(among keys: [StaticString], of node: YAMLNode, in part: String) -> [String] {
    let misspelt = node.misspeltKeys(among: keys)
    for (key, meant) in misspelt {
      report(.invalidPort(.unknownKey(key.text, suggestion: meant, owner: part)), key)
    }
    return misspelt.map(\.meant)
  }

  /// Adds a problem of a text; one that came through an alias has its use related.
  mutating func report(
    _ cause: Problem.Cause, _ node: YAMLNode, at place: SourceRange? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    // There is no use in many more than are kept.
    guard problems.count <= ManifestReading.mostProblems else { return }
    let uses = node.alias.map { [Related("used here", at: $0)] } ?? []
    problems.report(
      cause, owner: owner, at: place ?? node.textRange, related: uses, file: file, line: line)
  }

  /// Reads an `int32` that is a port, 1–65535.
  ///
  /// - Parameter zeroIsUnset: Whether 0 means that nothing is set, as in `hostPort` and `nodePort`.
  mutating func port(_ node: YAMLNode?, _ field: String, zeroIsUnset: Bool = false) -> PortField {
    guard let node, !node.isNull else { return .absent }
    if node.isOpen { return .unresolved(node) }
    guard node.isScalar else {
      report(.invalidPort(.notAnEntry(node.shown)), node, at: node.range)
      return .invalid
    }
    if let number = ScalarValue.unexpectedNumber(of: node) {
      let remedy = Problem.NumberRemedy(of: node.text, readsText: false)
      report(.nonDecimalPort(node.text, number: number, remedy: remedy), node)
    }
    switch node.wholeNumber {
    case .some(0):
      if zeroIsUnset { return .absent }
      report(.invalidPort(.zero(field: field)), node)
    case .some(let number):
      if let port = UInt16(exactly: number) { return .number(port, node) }
      report(.invalidPort(.outOfRange(node.text)), node)
    case nil where node.isDigits: report(.invalidPort(.quotedNumber(node.text, field: field)), node)
    case nil: report(.invalidPort(.notAPort(node.text)), node)
    }
    return .invalid
  }

  /// Reads a port that is the key of a mapping: as JSON, which the API takes, it is text with or without quotes.
  mutating func port(key node: YAMLNode, _ field: String) -> PortField {
    guard node.readsAsText, node.isDigits else { return port(node, field) }
    switch parsePort(node.bytes) {
    case .success(0): report(.invalidPort(.zero(field: field)), node)
    case .success(let port): return .number(port, node)
    case .failure(let cause): report(.invalidPort(cause), node)
    }
    return .invalid
  }

  /// Reads an `IntOrString` that is a port's number or its name.
  ///
  /// - Parameter emptyIsUnset: Whether 0 and the empty text mean that nothing is set, as in `targetPort`.
  mutating func portOrName(_ node: YAMLNode?, _ field: String, emptyIsUnset: Bool = false) -> PortOrNameField {
    guard let node, !node.isNull else { return .absent }
    if node.isOpen { return .unresolved(node) }
    guard node.readsAsText else {
      switch port(node, field, zeroIsUnset: emptyIsUnset) {
      case .absent: return .absent
      case .number(let port, let node): return .number(port, node)
      case .unresolved(let node): return .unresolved(node)
      case .invalid: return .invalid
      }
    }
    let text = node.text
    if text.isEmpty, emptyIsUnset { return .absent }
    if node.isDigits {
      report(.invalidPort(.quotedNumberAsName(text, field: field)), node)
      return .invalid
    }
    let faults = PortNameGrammar.container.faults(in: text)
    guard faults.isEmpty else {
      report(.invalidPortName(.malformed(text, field: field, reason: faults.joined(separator: "; "))), node)
      return .invalid
    }
    return .name(text, node)
  }

  /// Reads the port of an address, `host:port`; nothing where it has none, and nothing with a problem where that is none.
  mutating func address(_ node: YAMLNode?, _ field: String) -> (host: String, port: UInt16, place: SourceRange)? {
    guard let node, node.isScalar, !node.isOpen, let colon = node.bytes.lastIndex(of: UInt8(ascii: ":")) else {
      return nil
    }
    let start = colon - node.bytes.startIndex
    guard start + 1 < node.bytes.count else { return nil }
    let place = node.range(ofText: start + 1..<node.bytes.count)
    switch parsePort(node.bytes[(colon + 1)...]) {
    case .success(0): report(.invalidPort(.zero(field: field)), node, at: place)
    case .success(let port): return (String(decoding: node.bytes[..<colon], as: UTF8.self), port, place)
    case .failure(let cause): report(.invalidPort(cause), node, at: place)
    }
    return nil
  }

  /// Reads a port's own name; nothing, and a problem, where it is not one.
  mutating func name(_ node: YAMLNode?, _ field: String, grammar: PortNameGrammar) -> Fact<String>? {
    guard let node, !node.isNull, !(node.isScalar && node.bytes.isEmpty) else { return .absent }
    if node.isOpen { return .unknown(node.sourceText, at: node.range) }
    guard node.readsAsText else {
      report(.invalidPortName(.notText(node.sourceText, field: field)), node, at: node.isScalar ? nil : node.range)
      return nil
    }
    let faults = grammar.faults(in: node.text)
    guard faults.isEmpty else {
      report(.invalidPortName(.malformed(node.text, field: field, reason: faults.joined(separator: "; "))), node)
      return nil
    }
    return .known(node.text, at: node.textRange)
  }

  /// Reads a protocol: upper-case `TCP`, `UDP` or `SCTP`, TCP where none is written.
  ///
  /// - Parameter emptyIsUnset: Whether the empty text is as good as none, which it is for pods and Services only.
  /// - Returns: Nothing, and a problem, where it is none; an inner nothing where it cannot be known.
  mutating func transport(_ node: YAMLNode?, emptyIsUnset: Bool = true) -> TransportProtocol?? {
    guard let node, !node.isNull else { return .some(.tcp) }
    if emptyIsUnset, node.isText("") { return .some(.tcp) }
    if node.isOpen { return .some(nil) }
    let transport = TransportProtocol(name: node.text)
    if case .other = transport {
      report(.invalidProtocol(.unknown(node.text, expected: "TCP, UDP or SCTP")), node)
      return nil
    }
    guard node.text == transport.name.uppercased() else {
      report(.invalidProtocol(.lowerCase(node.text, expected: transport.name.uppercased())), node)
      return nil
    }
    return .some(transport)
  }
}

extension YAMLNode {
  /// Whether the node is null: written so, or nothing at all.
  var isNull: Bool {
    isScalar && ScalarValue(self) == .null
  }

  /// Whether a template's expression or a variable stands here, so that the value cannot be known.
  ///
  /// `{{ .Values.port }}` without quotes is YAML: a mapping whose key is a mapping; `$PORT` is `envsubst`'s.
  var isOpen: Bool {
    if isScalar { return bytes.withContiguousStorageIfAvailable { $0.holdsExpression } ?? false }
    return isMapping && count == 1 && entries.first?.key.isMapping == true
  }

  /// What a field that takes a text says; any other value says nothing.
  var textFact: Fact<String> {
    if isOpen { return .unknown(sourceText, at: range) }
    return isScalar && !isNull ? .known(text, at: textRange) : .absent
  }

  /// The number of a scalar that Kubernetes reads as a whole one: an int, or a float without a fraction.
  var wholeNumber: Int? {
    switch ScalarValue(self) {
    case .int(let number): number
    case .float(let number): Int(exactly: number)
    default: nil
    }
  }

  /// Whether a text is all digits.
  var isDigits: Bool {
    isScalar && !bytes.isEmpty && bytes.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
  }

  /// Whether a scalar says yes, in the words of YAML 1.1 too: Kubernetes' reader knows them.
  var isTrue: Bool {
    guard isScalar, style.isPlain else { return false }
    return YAMLNode.yes.contains(text)
  }

  /// Whether Kubernetes' reader takes a scalar for text, as it does dates, and not for a number, or YAML 1.1's yes or
  /// no.
  var readsAsText: Bool {
    guard isScalar else { return false }
    switch ScalarValue(self) {
    case .string, .timestamp: break
    case .null, .bool, .int, .float: return false
    }
    guard style.isPlain, tag == nil, bytes.count <= 3 else { return true }
    return !YAMLNode.yes.contains(text) && !YAMLNode.no.contains(text)
  }

  // Source: go-yaml v2 `resolve.go`.
  private static let yes: Set = ["true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y"]
  private static let no: Set = ["no", "No", "NO", "off", "Off", "OFF", "n", "N"]

  /// The labels that a mapping says; nothing where one cannot be known.
  var labels: Labels? {
    var labels: [Labels.Label] = []
    labels.reserveCapacity(count)
    for entry in entries {
      guard entry.key.isScalar, entry.value.isScalar, !entry.value.isOpen, !entry.key.isOpen else { return nil }
      labels.append(Labels.Label(key: entry.key.labelKey, value: entry.value.text))
    }
    return Labels(labels)
  }

  /// The text of a label's key. Most keys are among a few long ones, which then share their memory.
  private var labelKey: String {
    let labels = YAMLNode.recommendedLabels
    let index = labels.indices.first { isText(labels[$0].written) }
    return index.map { labels[$0].text } ?? text
  }

  // Source: kubernetes.io, "Recommended Labels".
  private static let recommendedLabels: [(written: StaticString, text: String)] = [
    ("app.kubernetes.io/name", "app.kubernetes.io/name"),
    ("app.kubernetes.io/instance", "app.kubernetes.io/instance"),
    ("app.kubernetes.io/component", "app.kubernetes.io/component"),
    ("app.kubernetes.io/part-of", "app.kubernetes.io/part-of"),
    ("app.kubernetes.io/managed-by", "app.kubernetes.io/managed-by"),
    ("app.kubernetes.io/version", "app.kubernetes.io/version"),
  ]
}

extension UnsafeBufferPointer<UInt8> {
  /// Whether a template's expression or a variable stands in a text.
  var holdsExpression: Bool {
    var at = 0
    while at + 1 < count {
      let next = self[at + 1]
      switch self[at] {
      // Most bytes are letters.
      case UInt8(ascii: "a")...UInt8(ascii: "z"): break
      case UInt8(ascii: "$"):
        if next == UInt8(ascii: "{") || next == UInt8(ascii: "(") || next == UInt8(ascii: "_") || next.isASCIILetter {
          return true
        }
      case UInt8(ascii: "{"): if next == UInt8(ascii: "{") || next == UInt8(ascii: "%") { return true }
      case UInt8(ascii: "["): if next == UInt8(ascii: "[") { return true }
      case UInt8(ascii: "<"): if next == UInt8(ascii: "%") { return true }
      case UInt8(ascii: "%"), UInt8(ascii: "@"), UInt8(ascii: "_"): if endOfPlaceholder(at: at) != nil { return true }
      default: break
      }
      at += 1
    }
    return false
  }

  /// The offset behind the expression or the variable that begins at `start`, if one does: the end where nothing closes it.
  func endOfExpression(at start: Int) -> Int? {
    guard start + 1 < count else { return nil }
    let next = self[start + 1]
    switch self[start] {
    case UInt8(ascii: "$") where next == UInt8(ascii: "{"):
      return endOfBrackets(UInt8(ascii: "{"), UInt8(ascii: "}"), from: start + 1)
    case UInt8(ascii: "$") where next == UInt8(ascii: "("):
      return endOfBrackets(UInt8(ascii: "("), UInt8(ascii: ")"), from: start + 1)
    case UInt8(ascii: "$") where next == UInt8(ascii: "_") || next.isASCIILetter:
      let name = self[(start + 1)...].prefix { $0 == UInt8(ascii: "_") || $0.isASCIILetter || $0.isASCIIDigit }
      return name.endIndex
    case UInt8(ascii: "{") where next == UInt8(ascii: "{") || next == UInt8(ascii: "%"):
      return endOfBrackets(UInt8(ascii: "{"), UInt8(ascii: "}"), from: start)
    case UInt8(ascii: "[") where next == UInt8(ascii: "["):
      return endOfBrackets(UInt8(ascii: "["), UInt8(ascii: "]"), from: start)
    default: return endOfPlaceholder(at: start)
    }
  }

  /// The offset behind the bracket that closes the one at an offset.
  private func endOfBrackets(_ opening: UInt8, _ closing: UInt8, from start: Int) -> Int {
    var depth = 0
    for at in start..<count {
      if self[at] == opening { depth += 1 }
      if self[at] == closing { depth -= 1 }
      if depth == 0 { return at + 1 }
    }
    return count
  }
}
