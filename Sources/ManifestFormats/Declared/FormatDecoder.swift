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

struct FormatDecoder {
  let taken: Set<String>
  /// What stands for parts of paths, by their names.
  var parts: [(name: String, text: String)] = []
  /// How the format's readers take keys.
  var keys: DeclaredFormat.Keys?
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
    keys = mapping.word(.keys, as: DeclaredFormat.Keys.self, kind: "way to take keys", problems: &problems)
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
    let parameters = mapping[.parameters].map { node in
      (node.isSequence ? Array(node.items) : [node]).compactMap { self.parameters($0) }
    }
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
    holdsAtMost(Most.marks, parameters?.count ?? 0, "kinds of parameters", mapping[.parameters])
    holdsAtMost(
      Most.places, claims.count + references.count, "places of claims and references",
      mapping[.claims] ?? mapping[.references])
    if comments != nil, let node = mapping[.comments], recognition.allSatisfy(\.files.isEmpty) {
      report(
        .expected("'files' in a way to recognise a document, for comments are looked for in no others"), node.range)
    }
    if let node = mapping[.unresolved], unresolved.contains(where: { $0.opening.first == UInt8(ascii: "@") }),
      recognition.allSatisfy(\.files.isEmpty)
    {
      report(
        .expected(
          "'files' in a way to recognise a document, for values that begin with @ are looked for in no others"),
        node.range)
    }
    guard let id, let summary, mapping.has(.recognise) else { return nil }
    return DeclaredFormat(
      id: id, summary: summary, comments: comments, recognition: recognition, unresolved: unresolved,
      defaulted: defaulted, arguments: arguments, yaml: yaml, keys: keys, calls: calls, choices: choices,
      parameters: parameters ?? [], claims: claims, references: references)
  }

  /// `{modules: (a|b)}`: names for parts of paths, which `<modules>` stands for.
  mutating func readParts(_ node: YAMLNode) {
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
  mutating func id(_ node: YAMLNode) -> String? {
    guard node.isScalar, isFormatID(node.text) else {
      report(.expected("an id of lower-case letters, digits and hyphens, such as acme-gateway"), node.range)
      return nil
    }
    if taken.contains(node.text) { report(.other("there is a format '\(node.text)' already"), node.textRange) }
    return node.text
  }

  // MARK: Recognition

  mutating func recognition(_ node: YAMLNode) -> DeclaredFormat.Recognition? {
    guard let mapping = StrictMapping<RecognitionKey>(node, problems: &problems) else { return nil }
    if !mapping.has(.keys), !mapping.has(.apiVersion), !mapping.has(.beside) {
      if mapping.isMeant(.keys) || mapping.isMeant(.apiVersion) || mapping.isMeant(.beside) { return nil }
      report(.expected("'keys' that the document has, or its 'apiVersion'"), node.range)
    }
    let beside = mapping.text(.beside, problems: &problems)
    if let name = mapping[.beside], beside?.isEmpty ?? false || beside?.contains("/") ?? false {
      report(.expected("the name of a file, such as Chart.yaml"), name.range)
    } else if let name = mapping[.beside], !mapping.has(.files), !mapping.isMeant(.files) {
      report(.expected("'files' with 'beside', for it is looked for beside no others"), name.range)
    }
    return DeclaredFormat.Recognition(
      keys: keys(mapping[.keys]), apiVersion: mapping.text(.apiVersion, problems: &problems),
      kind: mapping.text(.kind, problems: &problems), place: mapping[.at].flatMap { keyPath($0) } ?? [],
      files: mapping[.files].map { texts($0, "a glob of paths").map { glob($0.text) } } ?? [],
      beside: beside, when: mapping[.when].map { textPatterns($0) } ?? [],
      unless: keys(mapping[.unless]))
  }

  /// Patterns by the keys that lead to the texts.
  mutating func textPatterns(_ node: YAMLNode) -> [DeclaredFormat.TextPattern] {
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
  func glob(_ text: String) -> PathGlob {
    PathGlob(text.utf8.contains(UInt8(ascii: "/")) && !text.isAbsolutePath ? "**/" + text : text)
  }

  /// Paths by which a document is recognised: each begins with a key, which says where there is nothing to look for, and
  /// looks at no more of a document than its steps; or with the items of a list that is the document.
  mutating func keys(_ node: YAMLNode?) -> [DocumentPath] {
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
  mutating func mark(_ node: YAMLNode) -> DeclaredFormat.PlaceholderMark? {
    let parts = node.text.split(separator: "*", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
      report(
        .expected("what opens and what closes a placeholder, with one star between, such as ${{*}}"), node.textRange)
      return nil
    }
    return DeclaredFormat.PlaceholderMark(opening: Array(parts[0].utf8), closing: Array(parts[1].utf8))
  }

  /// `${*:*}`
  mutating func defaultMark(_ node: YAMLNode) -> DeclaredFormat.DefaultMark? {
    let parts = node.text.split(separator: "*", omittingEmptySubsequences: false).map { Array($0.utf8) }
    guard parts.count == 3, parts.allSatisfy({ !$0.isEmpty }) else {
      let expected = "what opens a placeholder, what stands before its default, and what closes it, with stars between"
      report(.expected("\(expected), such as ${*:*}"), node.textRange)
      return nil
    }
    return DeclaredFormat.DefaultMark(opening: parts[0], separator: parts[1], closing: parts[2])
  }

  mutating func choices(_ node: YAMLNode) -> DeclaredFormat.Choices {
    let names = texts(node, "a tag, such as !If, or a key").map(\.text)
    return DeclaredFormat.Choices(
      tags: names.filter { $0.hasPrefix("!") }, keys: names.filter { !$0.hasPrefix("!") }.map { PreparedKey($0) })
  }

  mutating func parameters(_ node: YAMLNode) -> DeclaredFormat.Parameters? {
    guard let mapping = StrictMapping<ParametersKey>(node, problems: &problems) else { return nil }
    mapping.holds(.by, .values, problems: &problems)
    let names = mapping[.by].map { texts($0, "a tag, such as !Ref, a key, or what stands around a name") } ?? []
    let (around, alone) = (names.filter { $0.text.contains("*") }, names.map(\.text).filter { !$0.contains("*") })
    guard let at = mapping[.values], let path = path(at) else { return nil }
    guard path.captures.count == 1, path.steps.allSatisfy({ $0 != .items && !$0.isDescendants }) else {
      report(.expected("a path that leaves one key open, such as Parameters.*.Default"), at.textRange)
      return nil
    }
    return DeclaredFormat.Parameters(
      tags: alone.filter { $0.hasPrefix("!") }, keys: alone.filter { !$0.hasPrefix("!") }.map { PreparedKey($0) },
      texts: around.compactMap { mark($0) }, values: path)
  }

  // MARK: Shapes

  mutating func holdsAtMost(_ most: Int, _ count: Int, _ what: String, _ node: YAMLNode?) {
    guard count > most, let node else { return }
    report(.other("a format has at most \(most) \(what), and this has \(count)"), node.range)
  }

  mutating func report(
    _ cause: DecodingProblem.Cause, _ place: SourceRange, file: StaticString = #fileID, line: UInt = #line
  ) {
    problems.report(cause, at: place, file: file, line: line)
  }

  mutating func paths(_ node: YAMLNode?) -> [(path: DocumentPath, place: SourceRange)] {
    guard let node else { return [] }
    return texts(node, "a path, such as listeners[].port").compactMap { text in
      self.path(text).map { ($0, text.textRange) }
    }
  }

  mutating func path(_ node: YAMLNode) -> DocumentPath? {
    guard node.isScalar, !node.bytes.isEmpty else {
      report(.expected("a path, such as listeners[].port"), node.range)
      return nil
    }
    var text = node.text
    for part in parts { text.replace(part.name, with: part.text) }
    do throws(DocumentPath.Fault) {
      return try DocumentPath(text, anyCase: keys == .anyCase)
    } catch {
      let isAsWritten = text.isExactly(node.text)
      report(.expected(error.expected), isAsWritten ? node.range(ofText: error.part) : node.textRange)
      return nil
    }
  }

  /// The keys of a path that leads to one place.
  mutating func keyPath(_ node: YAMLNode) -> [PreparedKey]? {
    guard let path = path(node) else { return nil }
    if let keys = path.keys { return keys }
    report(.expected("a path of keys alone, from where the claim stands"), node.textRange)
    return nil
  }

  mutating func items(_ node: YAMLNode?, _ expected: String) -> [YAMLNode] {
    guard let node else { return [] }
    guard node.isSequence, node.count > 0 else {
      report(.expected(expected), node.range)
      return []
    }
    return Array(node.items)
  }

  /// A text or several, none of them empty.
  mutating func texts(_ node: YAMLNode, _ expected: String) -> [YAMLNode] {
    let nodes = node.isSequence ? Array(node.items) : [node]
    if nodes.isEmpty { report(.expected(expected), node.range) }
    return nodes.filter { item in
      if item.isScalar, !item.isUnsaid, !item.bytes.isEmpty { return true }
      report(.expected(expected), item.range)
      return false
    }
  }
}
