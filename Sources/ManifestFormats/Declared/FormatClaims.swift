import PortModel
import SourceText
import SourceYAML

// What a format file says of the ports that its documents claim, and of those that they point at.

extension FormatDecoder {
  mutating func claims(_ node: YAMLNode, _ shared: YAMLNode?) -> [DeclaredFormat.Claim] {
    guard let mapping = StrictMapping<ClaimKey>(node, problems: &problems) else { return [] }
    mapping.holds(.at, .role, .scope, .model, problems: &problems)
    let role = mapping.word(.role, as: Binding.Role.self, kind: "role", problems: &problems)
    let scope = mapping.word(.scope, as: ScopeWord.self, kind: "scope", problems: &problems)
    let model = mapping.word(.model, as: ModelWord.self, kind: "conflict model", problems: &problems)
    if let scope, let model, let node = mapping[.model], (scope == .nodePorts) != (model == .nodePorts) {
      report(.expected(scope == .nodePorts ? "the model node-ports for node ports" : "docker or linux"), node.range)
    }
    let entry = self.entry(mapping)
    let unitBy = mapping[.unitBy].flatMap { keyPath($0) }
    let refused = mapping[.refuses].flatMap { self.refused($0) }
    var claims: [DeclaredFormat.Claim] = []
    for (path, place) in paths(mapping[.at]) {
      let unit = self.unit(mapping[.unit], of: path)
      let owner = self.owner(mapping[.owner] ?? shared, of: path, at: place)
      let circumstances = circumstances(mapping[.when], mapping[.unless], mapping[.usedBy], of: path)
      guard let role, let scope, let model, let entry, let unit, let owner else { continue }
      claims.append(
        DeclaredFormat.Claim(
          path: path, owner: owner, role: role, scope: scope.kind, unit: unit, unitBy: unitBy,
          model: model.model, refused: refused, circumstances: circumstances, entry: entry))
    }
    return claims
  }

  /// `{ports: [22, 10400-10500], by: App Engine}`
  mutating func refused(_ node: YAMLNode) -> DeclaredFormat.Refused? {
    guard let mapping = StrictMapping<RefusedKey>(node, problems: &problems) else { return nil }
    mapping.holds(.ports, .by, problems: &problems)
    let (ports, targets) = (self.ports(mapping[.ports]), self.ports(mapping[.targets]))
    return mapping.text(.by, problems: &problems).map {
      DeclaredFormat.Refused(ports: ports, targets: targets, by: $0)
    }
  }

  mutating func ports(_ node: YAMLNode?) -> [PortRange] {
    let expected = "a port or a range, such as 8080 or 10400-10500"
    return (node.map { texts($0, expected) } ?? []).compactMap { node in
      let range = PortRange(node.text)
      if range == nil { report(.expected(expected), node.textRange) }
      return range
    }
  }

  /// How many steps of a path lead to the unit.
  mutating func unit(_ node: YAMLNode?, of path: DocumentPath) -> Int? {
    guard let node, !node.isText("document") else { return 0 }
    if node.isText("each") { return path.steps.count }
    return steps(node, of: path)
  }

  /// How many steps of a path lead to where another one leads, which must be the beginning of it.
  mutating func steps(_ node: YAMLNode, of path: DocumentPath) -> Int? {
    guard let beginning = self.path(node) else { return nil }
    guard path.begins(with: beginning) else {
      report(.expected("the beginning of '\(path)'"), node.textRange)
      return nil
    }
    return beginning.steps.count
  }

  mutating func entry(_ mapping: StrictMapping<ClaimKey>) -> DeclaredFormat.Entry? {
    guard mapping.has(.entry) != mapping.has(.port) else {
      if !mapping.isMeant(.entry), !mapping.isMeant(.port) {
        report(.expected("either 'entry', a text, or 'port', a field"), mapping.node.range)
      }
      return nil
    }
    if mapping.has(.entry) {
      for key in [ClaimKey.address, .protocol, .target] {
        if let other = mapping[key] { report(.expected("'port' beside '\(key.rawValue)'"), other.range) }
      }
      return mapping[.entry].flatMap { textEntry($0) }.map { .text($0) }
    }
    guard let port = mapping[.port].flatMap({ portField($0) }) else { return nil }
    return .fields(
      DeclaredFormat.Fields(
        port: port, address: mapping[.address].flatMap { addressField($0) },
        transport: mapping[.protocol].flatMap { protocolField($0) },
        target: mapping[.target].flatMap { targetField($0) }))
  }

  /// A grammar, or a mapping of what more there is to say of a text.
  mutating func textEntry(_ node: YAMLNode) -> DeclaredFormat.TextEntry? {
    if !node.isMapping {
      let grammar = decodeWord(node, as: DeclaredFormat.EntryGrammar.self, kind: "grammar", problems: &problems)
      return grammar.map {
        DeclaredFormat.TextEntry(
          path: [], options: [], grammar: $0, absent: nil, transport: .tcp, dynamic: [], address: nil, only: nil,
          separator: nil, beginning: nil, ending: nil)
      }
    }
    guard let mapping = StrictMapping<TextEntryKey>(node, problems: &problems) else { return nil }
    mapping.holds(.grammar, problems: &problems)
    let grammar = mapping.word(.grammar, as: DeclaredFormat.EntryGrammar.self, kind: "grammar", problems: &problems)
    let path = mapping[.path].map { keyPath($0) } ?? []
    let options = mapping[.options].map { texts($0, "an option, such as --publish").map(\.text) } ?? []
    let absent = mapping[.default].map { endpoint($0) }
    if grammar == .dockerShort, let node = mapping[.default] ?? mapping[.protocol] {
      report(.expected("a grammar that says one port"), node.range)
    }
    if let node = mapping[.dynamic], let grammar, grammar != .port { report(.expected("the grammar port"), node.range) }
    let dynamic = numbers(mapping[.dynamic])
    let only = mapping.word(
      .only, as: DeclaredFormat.TextEntry.Kind.self, kind: "kind of scalars", problems: &problems)
    let separator = mapping.text(.split, problems: &problems)
    if separator?.isEmpty == true, let node = mapping[.split] { report(.expected("what parts entries"), node.range) }
    let beginning = mapping.text(.behind, problems: &problems)
    if beginning?.isEmpty == true, let node = mapping[.behind] {
      report(.expected("what stands before it"), node.range)
    }
    let ending = mapping.text(.before, problems: &problems)
    if ending?.isEmpty == true, let node = mapping[.before] { report(.expected("what stands behind it"), node.range) }
    let address = mapping.text(.address, problems: &problems)
    if let node = mapping[.address], let grammar, ![.port, .pair, .portRange].contains(grammar) {
      report(.expected("a grammar without addresses"), node.range)
    } else if let address, IPAddress(address) == nil, let node = mapping[.address] {
      report(.expected("an IP address"), node.textRange)
    }
    let transport = mapping.word(.protocol, as: TransportWord.self, kind: "protocol", problems: &problems)
    guard let grammar, let path else { return nil }
    return DeclaredFormat.TextEntry(
      path: path, options: options, grammar: grammar, absent: absent.flatMap(\.self),
      transport: transport?.transport ?? .tcp, dynamic: dynamic, address: address, only: only, separator: separator,
      beginning: beginning, ending: ending)
  }

  mutating func numbers(_ node: YAMLNode?) -> [Int] {
    (node.map { texts($0, "a number") } ?? []).compactMap { node in
      if node.wholeNumber == nil { report(.expected("a number"), node.textRange) }
      return node.wholeNumber
    }
  }

  /// `localhost:4317`, `:8080` or `8080`.
  mutating func endpoint(_ node: YAMLNode) -> DeclaredFormat.Endpoint? {
    let text = node.text
    let host = text.lastIndex(of: ":").map { text[..<$0] } ?? ""
    let port = text[(text.lastIndex(of: ":").map { text.index(after: $0) } ?? text.startIndex)...]
    guard node.isScalar, let number = UInt16(port), number > 0 else {
      report(.expected("a port from 1 to 65535, behind an address and a colon or alone"), node.range)
      return nil
    }
    return DeclaredFormat.Endpoint(host: String(host), port: number)
  }

  // MARK: Circumstances

  mutating func circumstances(
    _ when: YAMLNode?, _ unless: YAMLNode?, _ usedBy: YAMLNode?, of path: DocumentPath
  ) -> DeclaredFormat.Circumstances {
    DeclaredFormat.Circumstances(
      when: conditions(when, of: path), unless: conditions(unless, of: path),
      usedBy: usedBy.flatMap { use($0, of: path) })
  }

  /// Patterns by the paths of the texts that they are held against.
  mutating func conditions(_ node: YAMLNode?, of path: DocumentPath) -> [DeclaredFormat.Condition] {
    guard let node else { return [] }
    guard node.isMapping, node.count > 0 else {
      report(.expected("patterns by paths, such as {services[].type: web}"), node.range)
      return []
    }
    return node.entries.compactMap { entry in
      let patterns = texts(entry.value, "a pattern").map(\.text)
      guard let asked = self.path(entry.key) else { return nil }
      if case .entries(let name?)? = asked.steps.first, asked.steps.count == 1 {
        return key(name, of: path, entry.key).map { number in
          DeclaredFormat.Condition(steps: 0, subject: .key(number), patterns: patterns)
        }
      }
      let shared = zip(path.steps, asked.steps).prefix { $0 == $1 }.count
      guard let keys = DocumentPath(steps: Array(asked.steps.dropFirst(shared))).keys else {
        report(.expected("a path that parts from '\(path)' with keys alone"), entry.key.textRange)
        return nil
      }
      return DeclaredFormat.Condition(steps: shared, subject: .value(keys), patterns: patterns)
    }
  }

  mutating func use(_ node: YAMLNode, of path: DocumentPath) -> DeclaredFormat.Use? {
    let paths = paths(node).map(\.path)
    guard let key = path.captures.lastIndex(where: { $0 != nil }) else {
      report(.expected("a key that '\(path)' keeps, such as {name}"), node.range)
      return nil
    }
    return DeclaredFormat.Use(key: key, paths: paths)
  }

  /// The number of a key that a path keeps.
  mutating func key(_ name: String, of path: DocumentPath, _ node: YAMLNode) -> Int? {
    if let number = path.captures.firstIndex(of: name) { return number }
    let known = path.captures.compactMap(\.self)
    report(.unknownWord(name, of: "key that '\(path)' captures", NearWords(to: name, among: known)), node.textRange)
    return nil
  }

  // MARK: Fields

  /// The path of a field, which may be all that is said of it.
  mutating func field(
    _ node: YAMLNode, knows known: Set<ClaimFieldKey>
  ) -> (path: [PreparedKey], mapping: StrictMapping<ClaimFieldKey>?)? {
    if node.isScalar { return keyPath(node).map { ($0, nil) } }
    guard let mapping = StrictMapping<ClaimFieldKey>(node, problems: &problems) else { return nil }
    for key in mapping.keys.subtracting(known).sorted(by: { $0.rawValue < $1.rawValue }) {
      guard let value = mapping[key] else { continue }
      let near = NearWords(to: key.rawValue, among: known.map(\.rawValue).sorted())
      report(.unknownKey(key.rawValue, near), value.range)
    }
    guard mapping.holds(.path, problems: &problems), let path = mapping[.path].flatMap({ keyPath($0) }) else {
      return nil
    }
    return (path, mapping)
  }

  mutating func targetField(_ node: YAMLNode) -> DeclaredFormat.TargetField? {
    field(node, knows: [.path, .grammar]).map { DeclaredFormat.TargetField(path: $0, grammar: portGrammar($1)) }
  }

  mutating func portGrammar(_ mapping: StrictMapping<ClaimFieldKey>?) -> DeclaredFormat.PortGrammar {
    mapping?.word(.grammar, as: DeclaredFormat.PortGrammar.self, kind: "grammar", problems: &problems) ?? .port
  }

  mutating func portField(_ node: YAMLNode) -> DeclaredFormat.PortField? {
    guard let (path, mapping) = field(node, knows: [.path, .grammar, .to, .dynamic, .sameAs]) else { return nil }
    var numbers: [Int] = []
    var words: [String] = []
    var isDynamicWhenAbsent = false
    for value in mapping?[.dynamic].map({ texts($0, "a number, a word of the format, or absent") }) ?? [] {
      if value.isText("absent") {
        isDynamicWhenAbsent = true
      } else if let number = value.wholeNumber {
        numbers.append(number)
      } else {
        let near = NearWords(to: value.text, among: ["absent"])
        if near.nearest != nil { report(.unknownWord(value.text, of: "number", near), value.textRange) }
        words.append(value.text)
      }
    }
    return DeclaredFormat.PortField(
      path: path, last: mapping?[.to].flatMap { keyPath($0) }, dynamic: numbers, dynamicWords: words,
      isDynamicWhenAbsent: isDynamicWhenAbsent, same: mapping?[.sameAs].flatMap { keyPath($0) },
      grammar: portGrammar(mapping))
  }

  mutating func addressField(_ node: YAMLNode) -> DeclaredFormat.AddressField? {
    guard let (path, mapping) = field(node, knows: [.path, .default, .names]) else { return nil }
    let absent = mapping?.text(.default, problems: &problems)
    if let absent, IPAddress(absent) == nil, let node = mapping?[.default] {
      report(.expected("an IP address"), node.textRange)
    }
    let names = mapping?.word(
      .names, as: DeclaredFormat.AddressField.Names.self, kind: "way to take names", problems: &problems)
    return DeclaredFormat.AddressField(path: path, absent: absent, names: names)
  }

  mutating func protocolField(_ node: YAMLNode) -> DeclaredFormat.ProtocolField? {
    guard let (path, mapping) = field(node, knows: [.path, .default, .values]) else { return nil }
    let values = mapping?[.values].map { texts($0, "a protocol").map(\.text) } ?? ["tcp", "udp"]
    let absent = mapping?.text(.default, problems: &problems) ?? "tcp"
    if let node = mapping?[.default], !values.contains(where: { $0.lowercased() == absent.lowercased() }) {
      report(.unknownWord(absent, of: "protocol", NearWords(to: absent, among: values)), node.textRange)
    }
    return DeclaredFormat.ProtocolField(path: path, values: values, absent: absent)
  }

  // MARK: References

  mutating func references(_ node: YAMLNode, _ shared: YAMLNode?) -> [DeclaredFormat.Reference] {
    guard let mapping = StrictMapping<ReferenceKey>(node, problems: &problems) else { return [] }
    mapping.holds(.at, .grammar, .called, problems: &problems)
    let grammar = mapping.word(
      .grammar, as: DeclaredFormat.ReferenceGrammar.self, kind: "grammar", problems: &problems)
    let called = mapping.text(.called, problems: &problems)
    let field = mapping.word(.field, as: Reference.Field.self, kind: "field", problems: &problems)
    let toward = mapping.word(.toward, as: DeclaredFormat.Toward.self, kind: "target", problems: &problems)
    if toward == .host, grammar == .ports || grammar == .portsWithProtocol || grammar == .port && !mapping.has(.host),
      let node = mapping[.toward]
    {
      report(.expected("a grammar that says a host, or 'host' beside the port"), node.range)
    }
    let last = mapping[.to].flatMap { keyPath($0) }
    let host = mapping[.host].flatMap { keyPath($0) }
    let none = numbers(mapping[.none])
    let absent = mapping[.default].flatMap { endpoint($0)?.port }
    if let node = mapping[.default], let grammar, grammar != .hostPort {
      report(.expected("the grammar host-port"), node.range)
    }
    if let node = mapping[.to] ?? mapping[.host] ?? mapping[.none], let grammar, grammar != .port {
      report(.expected("the grammar port"), node.range)
    }
    var references: [DeclaredFormat.Reference] = []
    for (path, place) in paths(mapping[.at]) {
      guard let owner = self.owner(mapping[.owner] ?? shared, of: path, at: place), let grammar, let called else {
        continue
      }
      if last != nil || host != nil, !path.endsWithKey {
        report(.expected("a path that ends with a key, beside which others may stand"), place)
      }
      references.append(
        DeclaredFormat.Reference(
          path: path, owner: owner, grammar: grammar, last: last, host: host, none: none, absent: absent,
          called: called, field: field ?? .backend, toward: toward ?? .nothing,
          circumstances: circumstances(mapping[.when], mapping[.unless], mapping[.usedBy], of: path)))
    }
    return references
  }

  // MARK: Owners

  /// Who claims or points at what a path leads to.
  mutating func owner(_ node: YAMLNode?, of path: DocumentPath, at place: SourceRange) -> DeclaredFormat.Owner? {
    guard let node else {
      return DeclaredFormat.Owner(kind: "file", steps: 0, name: [], namedBy: nil, image: nil, runsIf: nil, idleIf: [])
    }
    guard let mapping = StrictMapping<DeclaredOwnerKey>(node, problems: &problems) else { return nil }
    let kind = mapping.requiredText(.kind, problems: &problems)
    let name = mapping[.name].flatMap { nameParts($0, of: path) } ?? []
    let keys = name.compactMap { part in if case .key(let number) = part { number } else { nil } }
    var steps = keys.max().map { path.steps(toKey: $0) } ?? 0
    if let at = mapping[.at] { steps = self.steps(at, of: path) ?? 0 }
    let namedBy = mapping[.namedBy].flatMap { keyPath($0) }
    let image = mapping[.image].flatMap { keyPath($0) }
    let runsIf = mapping[.runsIf].flatMap { keyPath($0) }
    let idleIf = mapping[.idleIf].map { textPatterns($0) } ?? []
    return kind.map {
      DeclaredFormat.Owner(
        kind: $0, steps: steps, name: name, namedBy: namedBy, image: image, runsIf: runsIf, idleIf: idleIf)
    }
  }

  /// Reads a name of text and captured keys: `{job}/{service}`.
  mutating func nameParts(_ node: YAMLNode, of path: DocumentPath) -> [DeclaredFormat.NamePart]? {
    var parts: [DeclaredFormat.NamePart] = []
    var rest = node.text[...]
    while let open = rest.firstIndex(of: "{") {
      let inner = rest[rest.index(after: open)...]
      guard let close = inner.firstIndex(of: "}") else {
        report(.other("no brace closes this one"), node.textRange)
        return nil
      }
      let name = String(inner[..<close])
      guard let number = key(name, of: path, node) else { return nil }
      if open > rest.startIndex { parts.append(.text(String(rest[..<open]))) }
      parts.append(.key(number))
      rest = inner[inner.index(after: close)...]
    }
    if !rest.isEmpty { parts.append(.text(String(rest))) }
    return parts
  }
}

extension DocumentPath {
  fileprivate var endsWithKey: Bool {
    if case .key? = steps.last { true } else { false }
  }

  /// How many steps lead to the value of a key that the path leaves open, by the key's number.
  fileprivate func steps(toKey number: Int) -> Int {
    var left = number
    for (index, step) in steps.enumerated() {
      guard case .entries = step else { continue }
      if left == 0 { return index + 1 }
      left -= 1
    }
    return 0
  }
}
