import PortModel
import SourceText
import SourceYAML

/// What a rule's `when` speaks of.
package enum Subject: String, CaseIterable {
  case binding
  case reference
}

/// The keys of a condition on ports.
package enum PortConditionKey: String, CaseIterable {
  case `in`
  case notIn = "not-in"
  case otherProtocolIn = "other-protocol-in"
}

/// The keys of a condition on a number.
package enum CountKey: String, CaseIterable {
  case least = "at-least"
  case most = "at-most"
}

/// The words for addresses; an address or a network in CIDR notation may stand in their place.
package enum AddressWord: String, CaseIterable {
  case unnamed
  case every
  case loopback
  case `private`
}

/// Reads what a rule asks of its subject.
struct ConditionDecoder {
  let subject: Subject
  /// The names of ranges and tables that there are; nothing where tests see to it.
  let knownPorts: Set<String>?
  let knownFormats: Set<String>?
  var problems: [DecodingProblem] = []
  /// How many conditions the one that is read stands in.
  private var depth = 0

  /// How deep conditions may stand in one another: each takes its part of the stack when it is judged.
  private static let mostDepth = 20

  init(subject: Subject, knownPorts: Set<String>?, knownFormats: Set<String>?) {
    self.subject = subject
    self.knownPorts = knownPorts
    self.knownFormats = knownFormats
  }

  mutating func condition(_ node: YAMLNode) -> Condition? {
    guard let mapping = StrictMapping<ConditionKey>(node, problems: &problems) else { return nil }
    for entry in node.entries {
      guard let only = ConditionKey(rawValue: entry.key.text)?.form.only, only != subject else { continue }
      let sentence = "'\(entry.key.text)' is a condition on a \(only.rawValue), and this rule's subject is a "
      problems.report(.other(sentence + subject.rawValue), at: entry.key.textRange)
    }
    let predicates = ConditionKey.allCases.compactMap { key -> Predicate? in
      guard let value = mapping[key] else { return nil }
      let form = key.form
      return form.only ?? subject == subject ? form.decode(value, &self) : nil
    }
    return Condition(predicates: predicates)
  }

  /// A condition, or several.
  fileprivate mutating func conditions(_ node: YAMLNode) -> [Condition] {
    let nodes = node.isSequence ? Array(node.items) : [node]
    guard depth < ConditionDecoder.mostDepth else {
      let sentence = "conditions stand in one another more than \(ConditionDecoder.mostDepth) deep"
      problems.report(.other(sentence), at: node.range)
      return []
    }
    depth += 1
    defer { depth -= 1 }
    if nodes.isEmpty { problems.report(.expected("a condition, or a list of them"), at: node.range) }
    return nodes.compactMap { condition($0) }
  }

  fileprivate mutating func formats(_ node: YAMLNode) -> [Format] {
    decodeSomeTexts(node, "a format", problems: &problems).map { written in
      if let knownFormats, !knownFormats.contains(written.text) {
        let near = NearWords(to: written.text, among: knownFormats.sorted())
        problems.report(.unknownWord(written.text, of: "format", near), at: written.textRange)
      }
      return Format(id: written.text)
    }
  }

  fileprivate mutating func labels(_ node: YAMLNode) -> [Predicate.LabelPattern] {
    guard node.isMapping else {
      problems.report(.expected("a mapping of labels"), at: node.range)
      return []
    }
    if node.count == 0 { problems.report(.expected("a mapping of labels"), at: node.range) }
    var seen: Set<String> = []
    for entry in node.entries where !seen.insert(entry.key.text).inserted {
      problems.report(.duplicateKey(entry.key.text), at: entry.key.textRange)
    }
    return node.entries.map { Predicate.LabelPattern(key: $0.key.text, values: globs($0.value)) }
  }

  fileprivate mutating func count(_ node: YAMLNode) -> CountCondition? {
    if node.isScalar { return number(node).map { CountCondition(least: $0, most: $0) } }
    guard let mapping = StrictMapping<CountKey>(node, problems: &problems) else { return nil }
    var condition = CountCondition()
    if let least = mapping[.least].flatMap({ number($0) }) { condition.least = least }
    if let most = mapping[.most].flatMap({ number($0) }) { condition.most = most }
    if node.count == 0 { problems.report(.expected("'at-least' or 'at-most'"), at: node.range) }
    if condition.least > condition.most {
      problems.report(.other("'at-least' is above 'at-most'"), at: node.range)
      return nil
    }
    return condition
  }

  private mutating func number(_ node: YAMLNode) -> Int? {
    if node.isScalar, let number = Int(node.text), number >= 0 { return number }
    problems.report(.expected("a whole number"), at: node.range)
    return nil
  }

  fileprivate mutating func addresses(_ node: YAMLNode) -> [Predicate.AddressPattern] {
    let words = AddressWord.allCases.map(\.rawValue)
    let expected = "\(words.joined(separator: ", ")), an IP address, or a network such as 10.0.0.0/8"
    return decodeSomeTexts(node, expected, problems: &problems).compactMap { node in
      let text = node.text
      if let network = IPNetwork(text) { return .network(network) }
      switch AddressWord(rawValue: text) {
      case .unnamed: return .unnamed
      case .every: return .every
      case .loopback: return .loopback
      case .private: return .private
      case nil:
        let near = NearWords(to: text, among: words)
        let isNumber = text.utf8.first?.isASCIIDigit == true || text.contains(":")
        let cause: DecodingProblem.Cause =
          if text.contains("/"), IPAddress(text.prefix { $0 != "/" }) != nil {
            .other("'\(text)' is no network: its prefix is too long, or bits are set behind it")
          } else if near.nearest != nil, !isNumber {
            .unknownWord(text, of: "address", near)
          } else {
            .expected(expected)
          }
        problems.report(cause, at: node.textRange)
        return nil
      }
    }
  }

  fileprivate mutating func protocols(_ node: YAMLNode) -> [TransportProtocol] {
    decodeSomeTexts(node, "a protocol", problems: &problems).compactMap {
      decodeTransport($0.text, at: $0.textRange, problems: &problems)
    }
  }

  fileprivate mutating func flag(_ node: YAMLNode) -> Bool? {
    if node.isText("true") { return true }
    if node.isText("false") { return false }
    problems.report(.expected("true or false"), at: node.range)
    return nil
  }

  fileprivate mutating func texts(_ node: YAMLNode) -> [String] {
    if node.isSequence, node.count == 0 {
      problems.report(.expected("text or a list of texts"), at: node.range)
    }
    return decodeTexts(node, problems: &problems).map(\.text)
  }

  fileprivate mutating func globs(_ node: YAMLNode) -> Globs {
    Globs(texts(node))
  }

  /// Words, each once.
  fileprivate mutating func words<Word: RawRepresentable & CaseIterable>(
    _ node: YAMLNode, as type: Word.Type, kind: String
  ) -> [Word] where Word.RawValue == String {
    // Whatever is no word says what is one.
    let nodes = node.isSequence && node.count > 0 ? Array(node.items) : [node]
    var words: [Word] = []
    for node in nodes {
      let word = decodeWord(node, as: type, kind: kind, problems: &problems)
      if let word, !words.contains(where: { $0.rawValue == word.rawValue }) { words.append(word) }
    }
    return words
  }

  /// Ports, or a mapping that says more of them.
  fileprivate mutating func ports(_ node: YAMLNode) -> PortCondition? {
    var condition = PortCondition()
    guard node.isMapping else {
      condition.included = portSources(node)
      return condition
    }
    guard let mapping = StrictMapping<PortConditionKey>(node, problems: &problems) else { return nil }
    if node.count == 0 { problems.report(.expected("'in' or 'not-in'"), at: node.range) }
    condition.included = mapping[.in].map { portSources($0) } ?? []
    condition.excluded = mapping[.notIn].map { portSources($0) } ?? []
    for table in mapping[.otherProtocolIn].map({ decodeSomeTexts($0, "a table", problems: &problems) }) ?? [] {
      switch portSource(table) {
      case .named(let name): condition.otherProtocols.append(name)
      case nil: break
      default: problems.report(.expected("a table"), at: table.textRange)
      }
    }
    return condition
  }

  private mutating func portSources(_ node: YAMLNode) -> [PortCondition.PortSource] {
    var sources: [PortCondition.PortSource] = []
    var written: [PortRange] = []
    for text in decodeSomeTexts(node, "a port, a range such as 7000-7099, or the name of one", problems: &problems) {
      switch portSource(text) {
      case .ports(let ports): written += ports.runs
      case let source?: if !sources.contains(source) { sources.append(source) }
      case nil: break
      }
    }
    return (written.isEmpty ? [] : [.ports(PortSet(written))]) + sources
  }

  private mutating func portSource(_ node: YAMLNode) -> PortCondition.PortSource? {
    switch node.text {
    case "registered": return .registered
    case "de-facto": return .deFacto
    case "own-target": return .ownTarget
    case "allocated": return .allocated
    case "foreign": return .foreign
    case let text where text.utf8.first?.isASCIIDigit == true:
      return decodePorts(text, at: node.textRange, problems: &problems).map { .ports(PortSet($0)) }
    case let name:
      if let knownPorts, !knownPorts.contains(name) {
        let near = NearWords(to: name, among: PortCondition.PortSource.words + knownPorts.sorted())
        problems.report(.unknownWord(name, of: "named range or table", near), at: node.textRange)
      }
      return .named(name)
    }
  }
}

// MARK: - What may stand behind a key

/// How a value is read that a condition may have, and what the schema says of it.
struct ValueShape<Value> {
  fileprivate let schema: SchemaNode
  fileprivate let decode: (inout ConditionDecoder, YAMLNode) -> Value?
}

/// What may stand behind a key of a condition, and the predicate that it makes.
struct PredicateForm {
  /// The one subject that has what the key asks for; nothing where every subject has it.
  let only: Subject?
  let schema: SchemaNode
  fileprivate let decode: (YAMLNode, inout ConditionDecoder) -> Predicate?

  init<Value>(_ shape: ValueShape<Value>, _ make: @escaping (Value) -> Predicate, only: Subject? = nil) {
    self.only = only
    schema = shape.schema
    decode = { node, decoder in shape.decode(&decoder, node).map(make) }
  }
}

extension ValueShape {
  /// - Parameter kind: What one of the words is.
  static func words<Word: RawRepresentable & CaseIterable>(_ kind: String) -> ValueShape
  where Value == [Word], Word.RawValue == String {
    ValueShape(schema: .words(Word.self)) { $0.words($1, as: Word.self, kind: kind) }
  }
}

extension ValueShape<Globs> {
  static var globs: ValueShape { ValueShape(schema: .texts) { $0.globs($1) } }
}

extension ValueShape<[Format]> {
  static var formats: ValueShape { ValueShape(schema: .texts) { $0.formats($1) } }
}

extension ValueShape<[PathGlob]> {
  static var paths: ValueShape { ValueShape(schema: .texts) { $0.texts($1).map { PathGlob($0) } } }
}

extension ValueShape<[TransportProtocol]> {
  static var protocols: ValueShape { ValueShape(schema: .texts) { $0.protocols($1) } }
}

extension ValueShape<[Predicate.AddressPattern]> {
  static var addresses: ValueShape { ValueShape(schema: .texts) { $0.addresses($1) } }
}

extension ValueShape<[Predicate.LabelPattern]> {
  static var labels: ValueShape { ValueShape(schema: .map(to: .texts)) { $0.labels($1) } }
}

extension ValueShape<Bool> {
  static var flag: ValueShape { ValueShape(schema: .boolean) { $0.flag($1) } }
}

extension ValueShape<CountCondition> {
  static var count: ValueShape {
    ValueShape(schema: .either([.wholeNumber, .mapping(of: CountKey.self) { _ in .wholeNumber }])) { $0.count($1) }
  }
}

extension ValueShape<PortCondition> {
  static var ports: ValueShape {
    ValueShape(schema: .either([.ports, .mapping(of: PortConditionKey.self) { _ in .ports }])) { $0.ports($1) }
  }
}

extension ValueShape<[Condition]> {
  static var conditions: ValueShape {
    let one = SchemaNode.reference("condition")
    let several = SchemaNode.object(["type": .text("array"), "items": one, "minItems": .number(1)])
    return ValueShape(schema: .either([one, several])) { $0.conditions($1) }
  }
}
