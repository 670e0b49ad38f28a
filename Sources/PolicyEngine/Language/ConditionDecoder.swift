import PortModel
import SourceText
import SourceYAML

/// What a rule's `when` speaks of.
package enum Subject: String, CaseIterable {
  case binding
  case reference
}

/// The keys of a rule's `when`.
package enum ConditionKey: String, CaseIterable {
  case role
  case scope
  case format
  case kind
  case owner
  case namespace
  case container
  case file
  case labels
  case image
  case network
  case replicas
  case privilege
  case effect
  case address
  case `protocol`
  case name
  case named
  case appProtocol = "app-protocol"
  case service
  case authenticated
  case controlPlane = "control-plane"
  case field
  case wanted
  case port
  case target
  case all
  case any
  case not

  /// The one subject that has what the key asks for; nothing where every subject has it.
  fileprivate var onlySubject: Subject? {
    switch self {
    case .role, .scope, .privilege, .effect, .address, .named, .appProtocol, .service, .target: .binding
    case .field, .wanted: .reference
    case .format, .kind, .owner, .namespace, .container, .file, .labels, .image, .network, .replicas, .protocol, .name,
      .authenticated, .controlPlane, .port, .all, .any, .not:
      nil
    }
  }
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
  var problems: [DecodingProblem] = []
  /// How many conditions the one that is read stands in.
  private var depth = 0

  /// How deep conditions may stand in one another: each takes its part of the stack when it is judged.
  private static let mostDepth = 20

  init(subject: Subject, knownPorts: Set<String>?) {
    self.subject = subject
    self.knownPorts = knownPorts
  }

  mutating func bindingCondition(_ node: YAMLNode) -> BindingCondition? {
    condition(node, BindingFacts()) { decoder, mapping in
      var facts = BindingFacts()
      facts.roles = decoder.words(mapping[.role], as: Binding.Role.self, kind: "role")
      facts.scopes = decoder.words(mapping[.scope], as: BindingFacts.ScopeWord.self, kind: "scope")
      facts.privileges = decoder.words(mapping[.privilege], as: BindingFacts.PrivilegeWord.self, kind: "privilege")
      facts.effects = decoder.words(mapping[.effect], as: BindingFacts.EffectWord.self, kind: "effect")
      facts.addresses = decoder.addresses(mapping[.address])
      facts.protocols = decoder.protocols(mapping[.protocol])
      facts.names = decoder.globs(mapping[.name])
      facts.isNamed = decoder.boolean(mapping[.named])
      facts.applicationProtocols = decoder.globs(mapping[.appProtocol])
      facts.services = decoder.globs(mapping[.service])
      facts.ports = decoder.portCondition(mapping[.port])
      facts.targets = decoder.portCondition(mapping[.target])
      return facts
    }
  }

  mutating func referenceCondition(_ node: YAMLNode) -> ReferenceCondition? {
    condition(node, ReferenceFacts()) { decoder, mapping in
      var facts = ReferenceFacts()
      facts.fields = decoder.words(mapping[.field], as: Reference.Field.self, kind: "field")
      facts.wanted = decoder.words(mapping[.wanted], as: ReferenceFacts.WantedWord.self, kind: "way to point")
      facts.names = decoder.globs(mapping[.name])
      facts.protocols = decoder.protocols(mapping[.protocol])
      facts.ports = decoder.portCondition(mapping[.port])
      return facts
    }
  }

  private typealias FactsDecoder<Facts> = (inout ConditionDecoder, StrictMapping<ConditionKey>) -> Facts

  private mutating func condition<Facts>(
    _ node: YAMLNode, _ none: Facts, _ decode: FactsDecoder<Facts>
  ) -> Condition<Facts>? {
    guard let mapping = StrictMapping<ConditionKey>(node, problems: &problems) else { return nil }
    for entry in node.entries {
      guard let only = ConditionKey(rawValue: entry.key.text)?.onlySubject, only != subject else { continue }
      let sentence = "'\(entry.key.text)' is a condition on a \(only.rawValue), and this rule's subject is a "
      problems.append(DecodingProblem(.other(sentence + subject.rawValue), at: entry.key.textRange))
    }
    var condition = Condition(facts: decode(&self, mapping))
    condition.owner = ownerCondition(mapping)
    condition.all = conditions(mapping[.all], none, decode) ?? []
    condition.any = conditions(mapping[.any], none, decode)
    condition.not = conditions(mapping[.not], none, decode) ?? []
    return condition
  }

  /// A condition, or several.
  private mutating func conditions<Facts>(
    _ node: YAMLNode?, _ none: Facts, _ decode: FactsDecoder<Facts>
  ) -> [Condition<Facts>]? {
    guard let node else { return nil }
    let nodes = node.isSequence ? Array(node.items) : [node]
    guard depth < ConditionDecoder.mostDepth else {
      let sentence = "conditions stand in one another more than \(ConditionDecoder.mostDepth) deep"
      problems.append(DecodingProblem(.other(sentence), at: node.range))
      return []
    }
    depth += 1
    defer { depth -= 1 }
    if nodes.isEmpty { problems.append(DecodingProblem(.expected("a condition, or a list of them"), at: node.range)) }
    return nodes.compactMap { condition($0, none, decode) }
  }

  private mutating func ownerCondition(_ mapping: StrictMapping<ConditionKey>) -> OwnerCondition {
    var condition = OwnerCondition()
    condition.formats = words(mapping[.format], as: Format.self, kind: "format")
    condition.kinds = globs(mapping[.kind])
    condition.names = globs(mapping[.owner])
    condition.namespaces = globs(mapping[.namespace])
    condition.containers = globs(mapping[.container])
    condition.files = texts(mapping[.file])?.map { PathGlob($0) }
    condition.labels = labels(mapping[.labels])
    condition.images = globs(mapping[.image])
    condition.networks = words(mapping[.network], as: OwnerCondition.NetworkWord.self, kind: "network")
    condition.replicas = mapping[.replicas].flatMap { count($0) }
    condition.isAuthenticated = boolean(mapping[.authenticated])
    condition.isControlPlane = boolean(mapping[.controlPlane])
    return condition
  }

  private mutating func labels(_ node: YAMLNode?) -> [(key: String, values: Globs)] {
    guard let node else { return [] }
    guard node.isMapping else {
      problems.append(DecodingProblem(.expected("a mapping of labels"), at: node.range))
      return []
    }
    if node.count == 0 { problems.append(DecodingProblem(.expected("a mapping of labels"), at: node.range)) }
    var seen: Set<String> = []
    for entry in node.entries where !seen.insert(entry.key.text).inserted {
      problems.append(DecodingProblem(.duplicateKey(entry.key.text), at: entry.key.textRange))
    }
    return node.entries.map { ($0.key.text, globs($0.value) ?? Globs([])) }
  }

  private mutating func count(_ node: YAMLNode) -> CountCondition? {
    if node.isScalar { return number(node).map { CountCondition(least: $0, most: $0) } }
    guard let mapping = StrictMapping<CountKey>(node, problems: &problems) else { return nil }
    var condition = CountCondition()
    if let least = mapping[.least].flatMap({ number($0) }) { condition.least = least }
    if let most = mapping[.most].flatMap({ number($0) }) { condition.most = most }
    if node.count == 0 { problems.append(DecodingProblem(.expected("'at-least' or 'at-most'"), at: node.range)) }
    if condition.least > condition.most {
      problems.append(DecodingProblem(.other("'at-least' is above 'at-most'"), at: node.range))
      return nil
    }
    return condition
  }

  private mutating func number(_ node: YAMLNode) -> Int? {
    if node.isScalar, let number = Int(node.text), number >= 0 { return number }
    problems.append(DecodingProblem(.expected("a whole number"), at: node.range))
    return nil
  }

  private mutating func addresses(_ node: YAMLNode?) -> [BindingFacts.AddressPattern]? {
    guard let node else { return nil }
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
        problems.append(DecodingProblem(cause, at: node.textRange))
        return nil
      }
    }
  }

  private mutating func protocols(_ node: YAMLNode?) -> [TransportProtocol]? {
    node.map { node in
      decodeSomeTexts(node, "a protocol", problems: &problems).compactMap {
        decodeTransport($0.text, at: $0.textRange, problems: &problems)
      }
    }
  }

  private mutating func boolean(_ node: YAMLNode?) -> Bool? {
    guard let node else { return nil }
    if node.isText("true") { return true }
    if node.isText("false") { return false }
    problems.append(DecodingProblem(.expected("true or false"), at: node.range))
    return nil
  }

  private mutating func texts(_ node: YAMLNode?) -> [String]? {
    guard let node else { return nil }
    if node.isSequence, node.count == 0 {
      problems.append(DecodingProblem(.expected("text or a list of texts"), at: node.range))
    }
    return decodeTexts(node, problems: &problems).map(\.text)
  }

  private mutating func globs(_ node: YAMLNode?) -> Globs? {
    texts(node).map { Globs($0) }
  }

  /// Words, each once.
  private mutating func words<Word: RawRepresentable & CaseIterable>(
    _ node: YAMLNode?, as type: Word.Type, kind: String
  ) -> [Word]? where Word.RawValue == String {
    guard let node else { return nil }
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
  private mutating func portCondition(_ node: YAMLNode?) -> PortCondition? {
    guard let node else { return nil }
    var condition = PortCondition()
    guard node.isMapping else {
      condition.included = portSources(node)
      return condition
    }
    guard let mapping = StrictMapping<PortConditionKey>(node, problems: &problems) else { return nil }
    if node.count == 0 { problems.append(DecodingProblem(.expected("'in' or 'not-in'"), at: node.range)) }
    condition.included = mapping[.in].map { portSources($0) } ?? []
    condition.excluded = mapping[.notIn].map { portSources($0) } ?? []
    for table in mapping[.otherProtocolIn].map({ decodeSomeTexts($0, "a table", problems: &problems) }) ?? [] {
      switch portSource(table) {
      case .named(let name): condition.otherProtocols.append(name)
      case nil: break
      default: problems.append(DecodingProblem(.expected("a table"), at: table.textRange))
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
        problems.append(DecodingProblem(.unknownWord(name, of: "named range or table", near), at: node.textRange))
      }
      return .named(name)
    }
  }
}
