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
    case "tag:yaml.org,2002:int"?, "tag:yaml.org,2002:float"?: self = ScalarValue(plain: node.bytes)
    case .some, nil: self = node.style.isPlain ? ScalarValue(plain: node.bytes) : .string
    }
  }

  /// Resolves the text of a plain scalar.
  init(plain text: ArraySlice<UInt8>) {
    guard let first = text.first else {
      self = .null
      return
    }
    switch first {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
      self = ScalarValue(number: text)
    case UInt8(ascii: "~"), UInt8(ascii: "n"), UInt8(ascii: "N"), UInt8(ascii: "t"), UInt8(ascii: "T"),
      UInt8(ascii: "f"), UInt8(ascii: "F"):
      self = ScalarValue.words[String(decoding: text, as: UTF8.self)] ?? .string
    default:
      self = .string
    }
  }

  private static let words: [String: ScalarValue] = [
    "~": .null, "null": .null, "Null": .null, "NULL": .null,
    "true": .bool(true), "True": .bool(true), "TRUE": .bool(true),
    "false": .bool(false), "False": .bool(false), "FALSE": .bool(false),
  ]

  private init(number text: ArraySlice<UInt8>) {
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
  private static func isDate(_ text: ArraySlice<UInt8>) -> Bool {
    let parts = text.split(separator: UInt8(ascii: "-"), maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].count == 4, (1...2).contains(parts[1].count) else { return false }
    return (parts[0] + parts[1]).allSatisfy(\.isASCIIDigit) && parts[2].first?.isASCIIDigit == true
  }
}
