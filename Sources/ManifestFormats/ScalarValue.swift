import SourceText
import SourceYAML

/// What a scalar resolves to in the readers of Compose and Kubernetes, both of which use go-yaml.
///
/// libyaml leaves scalars unresolved, and the YAML versions differ; this follows go-yaml v3 and later, so `0777` is
/// 511, `080` is the float 80, and `22:22` is a string.
enum ScalarValue: Equatable {
  case null
  case bool(Bool)
  case int(Int)
  case float(Double)
  case timestamp
  case string

  /// Resolves a scalar; collections count as strings.
  init(_ node: YAMLNode) {
    guard node.isScalar else {
      self = .string
      return
    }
    switch node.tag {
    case "tag:yaml.org,2002:str"?: self = .string
    case "tag:yaml.org,2002:int"?: self = ScalarValue(plain: node.bytes)
    case "tag:yaml.org,2002:float"?:
      let value = ScalarValue(plain: node.bytes)
      if case .int(let number) = value { self = .float(Double(number)) } else { self = value }
    case .some, nil: self = node.style.isPlain ? ScalarValue(plain: node.bytes) : .string
    }
  }

  /// Resolves the text of a plain scalar.
  init(plain text: YAMLText) {
    guard let first = text.first else {
      self = .null
      return
    }
    switch first {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
      self = ScalarValue(number: text)
    case UInt8(ascii: "~"), UInt8(ascii: "n"), UInt8(ascii: "N"), UInt8(ascii: "t"), UInt8(ascii: "T"),
      UInt8(ascii: "f"), UInt8(ascii: "F"):
      // None of the words is longer.
      self = text.count > 5 ? .string : ScalarValue.words[String(decoding: text, as: UTF8.self)] ?? .string
    default:
      self = .string
    }
  }

  /// The number that a plain scalar resolves to, where a person would read another one, or none: `010`, `0x1F90`.
  static func unexpectedNumber(of node: YAMLNode) -> Int? {
    let number: Int
    switch ScalarValue(node) {
    case .int(let value): number = value
    case .float(let value):
      guard let value = Int(exactly: value) else { return nil }
      number = value
    default: return nil
    }
    // Nearly every number is written as it reads, and needs no text.
    if ScalarValue.decimal(node.bytes) != nil { return nil }
    let text = node.text
    // `80.0` reads as what it is.
    return Double(text) == Double(number) && !text.lowercased().contains(where: { "xoe_".contains($0) }) ? nil : number
  }

  /// The number that readers of YAML 1.1 take a plain text for: `22:22` is 22 × 60 + 22.
  ///
  /// The pattern is that of YAML 1.1's int type, `[-+]?[1-9][0-9_]*(:[0-5]?[0-9])+`.
  static func sexagesimalNumber(of node: YAMLNode) -> Int? {
    guard node.isScalar, node.style.isPlain, node.tag == nil else { return nil }
    // Nearly no text has only such bytes: what follows is for those that have.
    let isPossible = node.bytes.allSatisfy { byte in
      byte.isASCIIDigit || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
        || byte == UInt8(ascii: "+")
    }
    guard isPossible, node.bytes.contains(UInt8(ascii: ":")) else { return nil }
    var text = node.text[...]
    let isNegative = text.hasPrefix("-")
    if isNegative || text.hasPrefix("+") { text.removeFirst() }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count > 1, let first = parts.first?.first, ("1"..."9").contains(first) else { return nil }
    guard parts[0].allSatisfy({ $0 == "_" || ("0"..."9").contains($0) }) else { return nil }
    guard var number = Int(parts[0].filter { $0 != "_" }) else { return nil }
    for part in parts.dropFirst() {
      guard (1...2).contains(part.count), part.utf8.allSatisfy(\.isASCIIDigit), let digit = Int(part), digit < 60 else {
        return nil
      }
      let (product, overflows) = number.multipliedReportingOverflow(by: 60)
      guard !overflows else { return nil }
      number = product &+ digit
    }
    return isNegative ? -number : number
  }

  private static let words: [String: ScalarValue] = [
    "~": .null, "null": .null, "Null": .null, "NULL": .null,
    "true": .bool(true), "True": .bool(true), "TRUE": .bool(true),
    "false": .bool(false), "False": .bool(false), "FALSE": .bool(false),
  ]

  /// The number of a decimal text without a sign, a leading zero or anything else that another base could read.
  private static func decimal(_ text: YAMLText) -> Int? {
    guard let first = text.first, text.count <= 18, first != UInt8(ascii: "0") || text.count == 1 else { return nil }
    var number = 0
    for byte in text {
      guard byte.isASCIIDigit else { return nil }
      number = number * 10 + Int(byte - UInt8(ascii: "0"))
    }
    return number
  }

  private init(number text: YAMLText) {
    if let number = ScalarValue.decimal(text) {
      self = .int(number)
      return
    }
    let digits = String(decoding: text.filter { $0 != UInt8(ascii: "_") }, as: UTF8.self)
    if let int = ScalarValue.int(fromLiteral: digits) {
      self = .int(int)
    } else if ScalarValue.isFloat(digits), let float = Double(digits) {
      self = .float(float)
    } else if ScalarValue.isDate(text) {
      self = .timestamp
    } else {
      self = .string
    }
  }

  /// Reads a number as Go's `strconv.ParseInt` does with base 0: `0x`, `0b`, `0o`, and a leading `0` for octal.
  private static func int(fromLiteral text: String) -> Int? {
    var magnitude = Substring(text)
    var sign = ""
    if let first = magnitude.first, first == "+" || first == "-" {
      sign = String(first)
      magnitude.removeFirst()
    }
    var radix = 10
    if magnitude.count > 1, magnitude.first == "0" {
      switch magnitude.dropFirst().first {
      case "x", "X": radix = 16
      case "b", "B": radix = 2
      case "o", "O": radix = 8
      default:
        radix = 8
        magnitude = "0o" + magnitude
      }
      magnitude = magnitude.dropFirst(2)
    }
    guard magnitude.first != "+", magnitude.first != "-" else { return nil }
    return Int(sign + magnitude, radix: radix)
  }

  /// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
  private static func isFloat(_ text: String) -> Bool {
    var rest = Substring(text).utf8
    func dropDigits() -> Int {
      let before = rest.count
      rest = rest.drop(while: \.isASCIIDigit)
      return before - rest.count
    }
    if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest.removeFirst() }
    let whole = dropDigits()
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      if dropDigits() == 0, whole == 0 { return false }
    } else if whole == 0 {
      return false
    }
    if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
      rest.removeFirst()
      if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest.removeFirst() }
      if dropDigits() == 0 { return false }
    }
    return rest.isEmpty
  }

  /// `YYYY-M-D`, with anything behind it: the only shape in which a date begins.
  private static func isDate(_ text: YAMLText) -> Bool {
    let parts = text.split(separator: UInt8(ascii: "-"), maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].count == 4, (1...2).contains(parts[1].count) else { return false }
    return parts[..<2].allSatisfy { $0.allSatisfy(\.isASCIIDigit) } && parts[2].first?.isASCIIDigit == true
  }
}

extension YAMLNode {
  /// How a message names a value of the wrong type: `a list`, `nothing`, or the text in quotes.
  var shown: String {
    switch kind {
    case .sequence: "a list"
    case .mapping: "a mapping"
    case .scalar: bytes.isEmpty ? "nothing" : "'\(text)'"
    }
  }
}

extension YAMLNode {
  /// Whether a Linux capability lets a process bind ports below 1024.
  var isReservedPortCapability: Bool {
    ["NET_BIND_SERVICE", "CAP_NET_BIND_SERVICE", "ALL"].contains(text)
  }
}
