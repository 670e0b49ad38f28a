import PortModel
import SourceText
import SourceYAML

/// Reads a format file.
///
/// - Parameter taken: The ids that other formats have.
/// - Returns: The format, unless something is wrong with the file, and what that is.
package func decodeFormat(
  _ file: SourceFile, taken: Set<String> = []
) -> (format: DeclaredFormat?, problems: [DecodingProblem]) {
  var decoder = FormatDecoder(taken: taken)
  var format: DeclaredFormat?
  let outcome = readYAML(file, keepingCommentsWith: "portlint:") { format = decoder.decode($0.root) }
  if let failure = outcome.failure {
    decoder.problems = []
    decoder.problems.report(failure)
  } else if outcome.documents != 1 {
    let place = SourceRange(file: file.id, start: 0, end: 0)
    decoder.problems.report(.expected(outcome.documents == 0 ? "a format" : "one document"), at: place)
  }
  // What several claims share is read for each of them.
  var said: Set<DecodingProblem> = []
  let problems = decoder.problems.filter { said.insert($0).inserted }
  return (problems.isEmpty ? format : nil, problems)
}

/// Whether a file is one of formats: it has the key that says which.
package func isFormatFile(_ file: SourceFile) -> Bool {
  var isFormat = false
  _ = readYAML(file, keepingCommentsWith: "portlint:") { document in
    isFormat = isFormat || document.root.has("format") && document.root.has("recognise")
  }
  return isFormat
}

/// Whether a text is lower-case letters, digits and hyphens behind a letter.
package func isFormatID(_ text: String) -> Bool {
  text.utf8.first?.isASCIILetter == true
    && text.utf8.allSatisfy { byte in
      byte == UInt8(ascii: "-") || byte.isASCIIDigit || byte.isASCIILetter && byte == byte.lowercasedASCII
    }
}

/// How much a format may look for: the time that a document takes grows with it.
private enum Most {
  /// Paths and globs by which documents are recognised.
  static let recognition = 200
  /// Places of claims and references.
  static let places = 200
  /// Marks of placeholders, each looked for in every text.
  static let marks = 20
}

private struct FormatDecoder {
  let taken: Set<String>
  /// What stands for parts of paths, by their names.
  var parts: [(name: String, text: String)] = []
  var problems: [DecodingProblem] = []

  init(taken: Set<String>) {
    self.taken = taken
  }

  mutating func decode(_ root: YAMLNode) -> DeclaredFormat? {
    guard let mapping = StrictMapping<FormatKey>(root, problems: &problems) else { return nil }
    mapping.holds(.format, .summary, .recognise, problems: &problems)
    if !mapping.has(.claims), !mapping.has(.references), !mapping.isMeant(.claims), !mapping.isMeant(.references) {
      report(.expected("'claims' or 'references'"), root.range)
    }
    _ = mapping.text(.why, problems: &problems)
    if let sources = mapping[.sources] { _ = decodeTexts(sources, problems: &problems) }
    if let node = mapping[.parts] { readParts(node) }
    let id = mapping[.format].flatMap { self.id($0) }
    let summary = mapping.text(.summary, problems: &problems)
    let comments = mapping.word(
      .comments, as: DeclaredFormat.Comments.self, kind: "kind of comments", problems: &problems)
    let recognition = items(mapping[.recognise], "a list of what tells a document").compactMap { self.recognition($0) }
    let unresolved = mapping[.unresolved].map { texts($0, "a pattern").compactMap { mark($0) } } ?? []
    let defaulted = mapping[.defaulted].map { texts($0, "a pattern").compactMap { defaultMark($0) } } ?? []
    let arguments = mapping.word(
      .arguments, as: DeclaredFormat.Arguments.self, kind: "way to write arguments", problems: &problems)
    let yaml = mapping.word(.yaml, as: DeclaredFormat.YAMLVersion.self, kind: "version of YAML", problems: &problems)
    let calls = mapping[.calls].map { texts($0, "a pattern of keys").map(\.text) } ?? []
    let choices = mapping[.choices].map { self.choices($0) }
    let parameters = mapping[.parameters].flatMap { self.parameters($0) }
    let owner = mapping[.owner]
    let claims = items(mapping[.claims], "a list of claims").flatMap { self.claims($0, owner) }
    let references = items(mapping[.references], "a list of references").flatMap { self.references($0, owner) }
    let recognitionParts = recognition.reduce(0) {
      $0 + $1.keys.count + $1.when.count + $1.unless.count + $1.files.count + 1
    }
    holdsAtMost(Most.recognition, recognitionParts, "paths and globs to recognise documents", mapping[.recognise])
    holdsAtMost(Most.marks, unresolved.count, "marks of placeholders", mapping[.unresolved])
    holdsAtMost(Most.marks, calls.count, "patterns of calls", mapping[.calls])
    holdsAtMost(Most.marks, defaulted.count, "marks of placeholders", mapping[.defaulted])
    holdsAtMost(
      Most.places, claims.count + references.count, "places of claims and references",
      mapping[.claims] ?? mapping[.references])
    if comments != nil, let node = mapping[.comments], recognition.contains(where: \.files.isEmpty) {
      report(
        .expected("'files' in each way to recognise a document, for comments are looked for in no others"), node.range)
    }
    if let node = mapping[.unresolved], unresolved.contains(where: { $0.opening.first == UInt8(ascii: "@") }),
      recognition.contains(where: \.files.isEmpty)
    {
      report(
        .expected(
          "'files' in each way to recognise a document, for values that begin with @ are looked for in no others"),
        node.range)
    }
    guard let id, let summary, mapping.has(.recognise) else { return nil }
    return DeclaredFormat(
      id: id, summary: summary, comments: comments, recognition: recognition, unresolved: unresolved,
      defaulted: defaulted, arguments: arguments, yaml: yaml, calls: calls, choices: choices, parameters: parameters,
      claims: claims, references: references)
  }

  /// `{modules: (a|b)}`: names for parts of paths, which `<modules>` stands for.
  private mutating func readParts(_ node: YAMLNode) {
    guard node.isMapping, node.count > 0 else {
      report(.expected("parts of paths by their names"), node.range)
      return
    }
    for entry in node.entries {
      guard let text = texts(entry.value, "a part of a path").first?.text else { continue }
      do throws(DocumentPath.Fault) {
        _ = try DocumentPath(text)
        parts.append(("<\(entry.key.text)>", text))
      } catch {
        report(.expected(error.expected), entry.value.range(ofText: error.part))
      }
    }
  }

  /// `acme-gateway`
  private mutating func id(_ node: YAMLNode) -> String? {
    guard node.isScalar, isFormatID(node.text) else {
      report(.expected("an id of lower-case letters, digits and hyphens, such as acme-gateway"), node.range)
      return nil
    }
    if taken.contains(node.text) { report(.other("there is a format '\(node.text)' already"), node.textRange) }
    return node.text
  }

  // MARK: Recognition

  private mutating func recognition(_ node: YAMLNode) -> DeclaredFormat.Recognition? {
    guard let mapping = StrictMapping<RecognitionKey>(node, problems: &problems) else { return nil }
    if !mapping.has(.keys), !mapping.has(.apiVersion) {
      if mapping.isMeant(.keys) || mapping.isMeant(.apiVersion) { return nil }
      report(.expected("'keys' that the document has, or its 'apiVersion'"), node.range)
    }
    return DeclaredFormat.Recognition(
      keys: keys(mapping[.keys]), apiVersion: mapping.text(.apiVersion, problems: &problems),
      kind: mapping.text(.kind, problems: &problems),
      files: mapping[.files].map { texts($0, "a glob of paths").map { glob($0.text) } } ?? [],
      when: mapping[.when].map { textPatterns($0) } ?? [],
      unless: keys(mapping[.unless]))
  }

  /// Patterns by the keys that lead to the texts.
  private mutating func textPatterns(_ node: YAMLNode) -> [DeclaredFormat.TextPattern] {
    guard node.isMapping, node.count > 0 else {
      report(.expected("patterns by paths, such as {type: web}"), node.range)
      return []
    }
    return node.entries.compactMap { entry in
      let patterns = texts(entry.value, "a pattern").map(\.text)
      return keyPath(entry.key).map { DeclaredFormat.TextPattern(path: $0, patterns: patterns) }
    }
  }

  /// A glob with a folder means it wherever it lies.
  private func glob(_ text: String) -> PathGlob {
    PathGlob(text.utf8.contains(UInt8(ascii: "/")) && !text.isAbsolutePath ? "**/" + text : text)
  }

  /// Paths by which a document is recognised: each begins with a key, which says where there is nothing to look for, and
  /// looks at no more of a document than its steps; or with the items of a list that is the document.
  private mutating func keys(_ node: YAMLNode?) -> [DocumentPath] {
    guard let node else { return [] }
    let expected = "a key of the root or of a list's items, or a path below one, such as listeners[].port"
    return texts(node, expected).compactMap { text in
      guard let path = path(text) else { return nil }
      if case .key? = path.steps.first, !path.steps.contains(where: \.isDescendants) { return path }
      // Of lists, few are manifests: a word of the path must stand in them, and one look finds it.
      if path.steps.first == .items, !path.lastKeys.isEmpty { return path }
      report(.expected(expected), text.textRange)
      return nil
    }
  }

  /// `${{*}}`
  private mutating func mark(_ node: YAMLNode) -> DeclaredFormat.PlaceholderMark? {
    let parts = node.text.split(separator: "*", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
      report(
        .expected("what opens and what closes a placeholder, with one star between, such as ${{*}}"), node.textRange)
      return nil
    }
    return DeclaredFormat.PlaceholderMark(opening: Array(parts[0].utf8), closing: Array(parts[1].utf8))
  }

  /// `${*:*}`
  private mutating func defaultMark(_ node: YAMLNode) -> DeclaredFormat.DefaultMark? {
    let parts = node.text.split(separator: "*", omittingEmptySubsequences: false).map { Array($0.utf8) }
    guard parts.count == 3, parts.allSatisfy({ !$0.isEmpty }) else {
      let expected = "what opens a placeholder, what stands before its default, and what closes it, with stars between"
      report(.expected("\(expected), such as ${*:*}"), node.textRange)
      return nil
    }
    return DeclaredFormat.DefaultMark(opening: parts[0], separator: parts[1], closing: parts[2])
  }

  private mutating func choices(_ node: YAMLNode) -> DeclaredFormat.Choices {
    let names = texts(node, "a tag, such as !If, or a key").map(\.text)
    return DeclaredFormat.Choices(
      tags: names.filter { $0.hasPrefix("!") }, keys: names.filter { !$0.hasPrefix("!") }.map { PreparedKey($0) })
  }

  private mutating func parameters(_ node: YAMLNode) -> DeclaredFormat.Parameters? {
    guard let mapping = StrictMapping<ParametersKey>(node, problems: &problems) else { return nil }
    mapping.holds(.by, .values, problems: &problems)
    let names = mapping[.by].map { texts($0, "a tag, such as !Ref, or a key").map(\.text) } ?? []
    guard let at = mapping[.values], let path = path(at) else { return nil }
    guard path.captures.count == 1, path.steps.allSatisfy({ $0 != .items && !$0.isDescendants }) else {
      report(.expected("a path that leaves one key open, such as Parameters.*.Default"), at.textRange)
      return nil
    }
    return DeclaredFormat.Parameters(
      tags: names.filter { $0.hasPrefix("!") }, keys: names.filter { !$0.hasPrefix("!") }.map { PreparedKey($0) },
      values: path)
  }

  // MARK: Claims

  private mutating func claims(_ node: YAMLNode, _ shared: YAMLNode?) -> [DeclaredFormat.Claim] {
    guard let mapping = StrictMapping<ClaimKey>(node, problems: &problems) else { return [] }
    mapping.holds(.at, .role, .scope, .model, problems: &problems)
    let role = mapping.word(.role, as: Binding.Role.self, kind: "role", problems: &problems)
    let scope = mapping.word(.scope, as: ScopeWord.self, kind: "scope", problems: &problems)
    let model = mapping.word(.model, as: ModelWord.self, kind: "conflict model", problems: &problems)
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
  private mutating func refused(_ node: YAMLNode) -> DeclaredFormat.Refused? {
    guard let mapping = StrictMapping<RefusedKey>(node, problems: &problems) else { return nil }
    mapping.holds(.ports, .by, problems: &problems)
    let (ports, targets) = (self.ports(mapping[.ports]), self.ports(mapping[.targets]))
    return mapping.text(.by, problems: &problems).map {
      DeclaredFormat.Refused(ports: ports, targets: targets, by: $0)
    }
  }

  private mutating func ports(_ node: YAMLNode?) -> [PortRange] {
    let expected = "a port or a range, such as 8080 or 10400-10500"
    return (node.map { texts($0, expected) } ?? []).compactMap { node in
      let range = PortRange(node.text)
      if range == nil { report(.expected(expected), node.textRange) }
      return range
    }
  }

  /// How many steps of a path lead to the unit.
  private mutating func unit(_ node: YAMLNode?, of path: DocumentPath) -> Int? {
    guard let node, !node.isText("document") else { return 0 }
    return steps(node, of: path)
  }

  /// How many steps of a path lead to where another one leads, which must be the beginning of it.
  private mutating func steps(_ node: YAMLNode, of path: DocumentPath) -> Int? {
    guard let beginning = self.path(node) else { return nil }
    guard path.begins(with: beginning) else {
      report(.expected("the beginning of '\(path)'"), node.textRange)
      return nil
    }
    return beginning.steps.count
  }

  private mutating func entry(_ mapping: StrictMapping<ClaimKey>) -> DeclaredFormat.Entry? {
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
        target: mapping[.target].flatMap { fieldPath(of: $0) }))
  }

  /// A grammar, or a mapping of what more there is to say of a text.
  private mutating func textEntry(_ node: YAMLNode) -> DeclaredFormat.TextEntry? {
    if !node.isMapping {
      let grammar = decodeWord(node, as: DeclaredFormat.EntryGrammar.self, kind: "grammar", problems: &problems)
      return grammar.map {
        DeclaredFormat.TextEntry(
          path: [], grammar: $0, absent: nil, transport: .tcp, dynamic: [], address: nil, only: nil, separator: nil,
          beginning: nil, ending: nil)
      }
    }
    guard let mapping = StrictMapping<TextEntryKey>(node, problems: &problems) else { return nil }
    mapping.holds(.grammar, problems: &problems)
    let grammar = mapping.word(.grammar, as: DeclaredFormat.EntryGrammar.self, kind: "grammar", problems: &problems)
    let path = mapping[.path].map { keyPath($0) } ?? []
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
    if let node = mapping[.address], let grammar, grammar != .port, grammar != .pair {
      report(.expected("a grammar without addresses"), node.range)
    } else if let address, IPAddress(address) == nil, let node = mapping[.address] {
      report(.expected("an IP address"), node.textRange)
    }
    let transport = mapping.word(.protocol, as: TransportWord.self, kind: "protocol", problems: &problems)
    guard let grammar, let path else { return nil }
    return DeclaredFormat.TextEntry(
      path: path, grammar: grammar, absent: absent.flatMap(\.self), transport: transport?.transport ?? .tcp,
      dynamic: dynamic, address: address, only: only, separator: separator, beginning: beginning, ending: ending)
  }

  private mutating func numbers(_ node: YAMLNode?) -> [Int] {
    (node.map { texts($0, "a number") } ?? []).compactMap { node in
      if node.wholeNumber == nil { report(.expected("a number"), node.textRange) }
      return node.wholeNumber
    }
  }

  /// `localhost:4317`, `:8080` or `8080`.
  private mutating func endpoint(_ node: YAMLNode) -> DeclaredFormat.Endpoint? {
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

  private mutating func circumstances(
    _ when: YAMLNode?, _ unless: YAMLNode?, _ usedBy: YAMLNode?, of path: DocumentPath
  ) -> DeclaredFormat.Circumstances {
    DeclaredFormat.Circumstances(
      when: conditions(when, of: path), unless: conditions(unless, of: path),
      usedBy: usedBy.flatMap { use($0, of: path) })
  }

  /// Patterns by the paths of the texts that they are held against.
  private mutating func conditions(_ node: YAMLNode?, of path: DocumentPath) -> [DeclaredFormat.Condition] {
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

  private mutating func use(_ node: YAMLNode, of path: DocumentPath) -> DeclaredFormat.Use? {
    let paths = paths(node).map(\.path)
    guard let key = path.captures.lastIndex(where: { $0 != nil }) else {
      report(.expected("a key that '\(path)' keeps, such as {name}"), node.range)
      return nil
    }
    return DeclaredFormat.Use(key: key, paths: paths)
  }

  /// The number of a key that a path keeps.
  private mutating func key(_ name: String, of path: DocumentPath, _ node: YAMLNode) -> Int? {
    if let number = path.captures.firstIndex(of: name) { return number }
    let known = path.captures.compactMap(\.self)
    report(.unknownWord(name, of: "key that '\(path)' captures", NearWords(to: name, among: known)), node.textRange)
    return nil
  }

  // MARK: Fields

  /// The path of a field, which may be all that is said of it.
  private mutating func field(
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

  private mutating func fieldPath(of node: YAMLNode) -> [PreparedKey]? {
    field(node, knows: [.path])?.path
  }

  private mutating func portField(_ node: YAMLNode) -> DeclaredFormat.PortField? {
    guard let (path, mapping) = field(node, knows: [.path, .to, .dynamic, .sameAs]) else { return nil }
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
      isDynamicWhenAbsent: isDynamicWhenAbsent, same: mapping?[.sameAs].flatMap { keyPath($0) })
  }

  private mutating func addressField(_ node: YAMLNode) -> DeclaredFormat.AddressField? {
    guard let (path, mapping) = field(node, knows: [.path, .default]) else { return nil }
    let absent = mapping?.text(.default, problems: &problems)
    if let absent, IPAddress(absent) == nil, let node = mapping?[.default] {
      report(.expected("an IP address"), node.textRange)
    }
    return DeclaredFormat.AddressField(path: path, absent: absent)
  }

  private mutating func protocolField(_ node: YAMLNode) -> DeclaredFormat.ProtocolField? {
    guard let (path, mapping) = field(node, knows: [.path, .default, .values]) else { return nil }
    let values = mapping?[.values].map { texts($0, "a protocol").map(\.text) } ?? ["tcp", "udp"]
    let absent = mapping?.text(.default, problems: &problems) ?? "tcp"
    if let node = mapping?[.default], !values.contains(where: { $0.lowercased() == absent.lowercased() }) {
      report(.unknownWord(absent, of: "protocol", NearWords(to: absent, among: values)), node.textRange)
    }
    return DeclaredFormat.ProtocolField(path: path, values: values, absent: absent)
  }

  // MARK: References

  private mutating func references(_ node: YAMLNode, _ shared: YAMLNode?) -> [DeclaredFormat.Reference] {
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
  private mutating func owner(_ node: YAMLNode?, of path: DocumentPath, at place: SourceRange) -> DeclaredFormat.Owner?
  {
    guard let node else {
      return DeclaredFormat.Owner(kind: "file", steps: 0, name: [], namedBy: nil, image: nil, runsIf: nil)
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
    return kind.map {
      DeclaredFormat.Owner(kind: $0, steps: steps, name: name, namedBy: namedBy, image: image, runsIf: runsIf)
    }
  }

  /// Reads a name of text and captured keys: `{job}/{service}`.
  private mutating func nameParts(_ node: YAMLNode, of path: DocumentPath) -> [DeclaredFormat.NamePart]? {
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

  // MARK: Shapes

  private mutating func holdsAtMost(_ most: Int, _ count: Int, _ what: String, _ node: YAMLNode?) {
    guard count > most, let node else { return }
    report(.other("a format has at most \(most) \(what), and this has \(count)"), node.range)
  }

  private mutating func report(
    _ cause: DecodingProblem.Cause, _ place: SourceRange, file: StaticString = #fileID, line: UInt = #line
  ) {
    problems.report(cause, at: place, file: file, line: line)
  }

  private mutating func paths(_ node: YAMLNode?) -> [(path: DocumentPath, place: SourceRange)] {
    guard let node else { return [] }
    return texts(node, "a path, such as listeners[].port").compactMap { text in
      self.path(text).map { ($0, text.textRange) }
    }
  }

  private mutating func path(_ node: YAMLNode) -> DocumentPath? {
    guard node.isScalar, !node.bytes.isEmpty else {
      report(.expected("a path, such as listeners[].port"), node.range)
      return nil
    }
    var text = node.text
    for part in parts { text.replace(part.name, with: part.text) }
    do throws(DocumentPath.Fault) {
      return try DocumentPath(text)
    } catch {
      let isAsWritten = text.isExactly(node.text)
      report(.expected(error.expected), isAsWritten ? node.range(ofText: error.part) : node.textRange)
      return nil
    }
  }

  /// The keys of a path that leads to one place.
  private mutating func keyPath(_ node: YAMLNode) -> [PreparedKey]? {
    guard let path = path(node) else { return nil }
    if let keys = path.keys { return keys }
    report(.expected("a path of keys alone, from where the claim stands"), node.textRange)
    return nil
  }

  private mutating func items(_ node: YAMLNode?, _ expected: String) -> [YAMLNode] {
    guard let node else { return [] }
    guard node.isSequence, node.count > 0 else {
      report(.expected(expected), node.range)
      return []
    }
    return Array(node.items)
  }

  /// A text or several, none of them empty.
  private mutating func texts(_ node: YAMLNode, _ expected: String) -> [YAMLNode] {
    let nodes = node.isSequence ? Array(node.items) : [node]
    if nodes.isEmpty { report(.expected(expected), node.range) }
    return nodes.filter { item in
      if item.isScalar, !item.isUnsaid, !item.bytes.isEmpty { return true }
      report(.expected(expected), item.range)
      return false
    }
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
