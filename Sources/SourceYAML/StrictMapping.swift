import SourceText

/// What is wrong with a file that is read strictly, such as a rule or a policy.
package struct DecodingProblem: Error, Hashable, Sendable {
  package enum Cause: Hashable, Sendable {
    /// A key that the mapping does not know, with the known one it most likely means.
    case unknownKey(String, NearWords)
    case missingKeys([String])
    case duplicateKey(String)
    /// A value of another type or form than this.
    case expected(String)
    /// A word that is none of those known here, with the one it most likely means.
    case unknownWord(String, of: String, NearWords)
    /// What libyaml says of a text that it rejects.
    case noYAML(String)
    /// A sentence of its own.
    case other(String)
  }

  package var cause: Cause
  package var place: SourceRange
  /// A line of the file as it should be, where one is known.
  package var example: String?

  package init(_ cause: Cause, at place: SourceRange, example: String? = nil) {
    self.cause = cause
    self.place = place
    self.example = example
  }

  /// The problem in words, without the place.
  package var message: String {
    switch cause {
    case .unknownKey(let key, let near): "unknown key '\(key)'\(near.phrase)"
    case .missingKeys(let keys):
      keys.count == 1
        ? "the key '\(keys[0])' is missing" : "the keys \(listed(keys.map { "'\($0)'" }, "and")) are missing"
    case .duplicateKey(let key): "the key '\(key)' stands twice"
    case .expected(let what): "expected \(what)"
    case .unknownWord(let word, let kind, let near): "'\(word)' is no \(kind)\(near.phrase)"
    case .noYAML(let reason): "this is no YAML: \(reason)"
    case .other(let sentence): sentence
    }
  }
}

extension [DecodingProblem] {
  /// Says that something is wrong: the one way in which files that are read strictly are said to be.
  package mutating func report(
    _ cause: DecodingProblem.Cause, at place: SourceRange, example: String? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    if isSilenced(file, line) { return }
    append(DecodingProblem(cause, at: place, example: example))
  }

  /// Says why a file cannot be read to its end.
  package mutating func report(_ failure: YAMLFailure, file: StaticString = #fileID, line: UInt = #line) {
    if isSilenced(file, line) { return }
    append(DecodingProblem(failure))
  }
}

extension DecodingProblem {
  /// The problem of a file that cannot be read to its end.
  package init(_ failure: YAMLFailure) {
    let reason =
      switch failure.reason {
      case .syntax(let reason, _, _): reason
      case .tab: "a tab stands here, where only spaces may indent"
      case .unquotedAddress(let address): "the address '\(address)' in brackets needs quotes"
      case .undefinedAlias(let name): "the alias '\(name)' has no anchor"
      case .recursiveAlias(let name, _): "the alias '\(name)' stands inside its own anchor"
      case .tooDeep(let limit): "it nests deeper than \(limit)"
      case .tooManyNodes(let limit): "its nodes and tags take more than \(limit) MiB"
      case .tooManyDocuments(let limit): "it has more than \(limit) documents"
      case .tooManyAliasedNodes(let limit): "its aliases stand for more than \(limit) nodes"
      case .tooManyDirectives(let limit): "more than \(limit) directives follow one another"
      case .tooManyFailures(let limit): "more than \(limit) of its documents cannot be read"
      }
    self.init(.noYAML(reason), at: failure.place)
  }
}

/// What a word that nobody knows may have been meant to be.
package struct NearWords: Hashable, Sendable {
  /// The known word that is near enough to be meant.
  package let nearest: String?
  /// All known words, where none is near and they are few enough to be read.
  package let known: [String]

  package init(to word: String, among known: [String]) {
    nearest = nearestWord(to: word, among: known)
    self.known = nearest == nil && known.count <= NearWords.most ? known : []
  }

  /// The words in a message, behind what is unknown.
  fileprivate var phrase: String {
    if let nearest { return ", did you mean '\(nearest)'?" }
    return known.isEmpty ? "" : ": \(listed(known, "or"))"
  }

  private static let most = 15
}

/// `a, b or c`
private func listed(_ words: [String], _ conjunction: String) -> String {
  guard let last = words.last, words.count > 1 else { return words.first ?? "" }
  return "\(words.dropLast().joined(separator: ", ")) \(conjunction) \(last)"
}

/// A mapping all of whose keys are known: what a key table says, no more.
package struct StrictMapping<Key: RawRepresentable & CaseIterable & Hashable> where Key.RawValue == String {
  package let node: YAMLNode
  private var values: [Key: YAMLNode] = [:]
  /// The keys that unknown ones most likely mean: they are not missed too.
  private var meant: Set<String> = []

  /// Reads a mapping; unknown and repeated keys go to `problems`, as does a node that is no mapping.
  package init?(_ node: YAMLNode, problems: inout [DecodingProblem]) {
    guard node.isMapping else {
      problems.report(.expected("a mapping"), at: node.range)
      return nil
    }
    self.node = node
    for entry in node.entries {
      let text = entry.key.text
      guard let key = Key(rawValue: text) else {
        let near = NearWords(to: text, among: Key.allCases.map(\.rawValue))
        if let nearest = near.nearest { meant.insert(nearest) }
        problems.report(.unknownKey(text, near), at: entry.key.textRange)
        continue
      }
      if values.updateValue(entry.value, forKey: key) != nil {
        problems.report(.duplicateKey(text), at: entry.key.textRange)
      }
    }
  }

  /// The value of a key, if it is there.
  package subscript(key: Key) -> YAMLNode? {
    values[key]
  }

  /// Whether a key is there.
  package func has(_ key: Key) -> Bool {
    values.keys.contains(key)
  }

  /// The keys that are there.
  package var keys: Set<Key> {
    Set(values.keys)
  }

  /// Whether all of some keys are there; those that are missing go to `problems` as one.
  @discardableResult
  package func holds(_ keys: Key..., problems: inout [DecodingProblem]) -> Bool {
    let missing = keys.filter { !has($0) }.map(\.rawValue)
    let missed = missing.filter { !meant.contains($0) }
    if !missed.isEmpty { problems.report(.missingKeys(missed), at: node.range) }
    return missing.isEmpty
  }

  /// Whether an unknown key most likely means this one.
  package func isMeant(_ key: Key) -> Bool {
    meant.contains(key.rawValue)
  }

  /// The text of a key's scalar; anything else goes to `problems`.
  package func text(_ key: Key, problems: inout [DecodingProblem]) -> String? {
    guard let node = values[key] else { return nil }
    guard node.isScalar, !node.isUnsaid else {
      problems.report(.expected("text"), at: node.range)
      return nil
    }
    return node.text
  }

  /// The text of a key that must be there.
  package func requiredText(_ key: Key, problems: inout [DecodingProblem]) -> String? {
    holds(key, problems: &problems) ? text(key, problems: &problems) : nil
  }

  /// One of the words of `Word`; another word goes to `problems` as "no `kind`".
  package func word<Word: RawRepresentable & CaseIterable>(
    _ key: Key, as type: Word.Type, kind: String, problems: inout [DecodingProblem]
  ) -> Word? where Word.RawValue == String {
    values[key].flatMap { decodeWord($0, as: type, kind: kind, problems: &problems) }
  }
}

/// Reads a scalar that must be one of the words of `Word`.
package func decodeWord<Word: RawRepresentable & CaseIterable>(
  _ node: YAMLNode, as type: Word.Type, kind: String, problems: inout [DecodingProblem]
) -> Word? where Word.RawValue == String {
  let known = Word.allCases.map(\.rawValue)
  guard node.isScalar, !node.isEmptyText else {
    let article = "aeiou".contains(kind.prefix(1)) ? "an" : "a"
    problems.report(.expected("\(article) \(kind): \(listed(known, "or"))"), at: node.range)
    return nil
  }
  if let word = Word(rawValue: node.text) { return word }
  let near = NearWords(to: node.text, among: known)
  problems.report(.unknownWord(node.text, of: kind, near), at: node.textRange)
  return nil
}

/// A scalar with a text, or the scalars of a sequence of them; a text in quotes may be empty.
package func decodeTexts(_ node: YAMLNode, problems: inout [DecodingProblem]) -> [YAMLNode] {
  let nodes = node.isSequence ? Array(node.items) : [node]
  let isText = { (node: YAMLNode) in node.isScalar && !node.isUnsaid }
  for bad in nodes where !isText(bad) {
    problems.report(.expected("text or a list of texts"), at: bad.range)
  }
  return nodes.filter(isText)
}

extension YAMLNode {
  /// Whether the scalar is YAML's null: nothing, or a word for it.
  package var isUnsaid: Bool {
    isScalar && style.isPlain && tag == nil
      && (bytes.isEmpty || isText("~") || isText("null") || isText("Null") || isText("NULL"))
  }

  /// Whether the scalar says nothing that a name, a word or a sentence could be.
  fileprivate var isEmptyText: Bool {
    isUnsaid || bytes.isEmpty
  }
}
