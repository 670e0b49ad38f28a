import SourceText

/// What is wrong with a file that is read strictly, such as a rule or a policy.
package struct DecodingProblem: Error, Hashable, Sendable {
  package enum Cause: Hashable, Sendable {
    /// A key that the mapping does not know, with the known one it most likely means.
    case unknownKey(String, suggestion: String?)
    case missingKey(String)
    case duplicateKey(String)
    /// A value of another type or form than this.
    case expected(String)
    /// A word that is none of those known here, with the one it most likely means.
    case unknownWord(String, of: String, suggestion: String?)
    /// What libyaml says of a text that it rejects.
    case noYAML(String)
    /// A sentence of its own.
    case other(String)
  }

  package var cause: Cause
  package var place: SourceRange

  package init(_ cause: Cause, at place: SourceRange) {
    self.cause = cause
    self.place = place
  }

  /// The problem in words, without the place.
  package var message: String {
    switch cause {
    case .unknownKey(let key, let suggestion):
      "unknown key '\(key)'" + (suggestion.map { ", did you mean '\($0)'?" } ?? "")
    case .missingKey(let key): "the key '\(key)' is missing"
    case .duplicateKey(let key): "the key '\(key)' stands twice"
    case .expected(let what): "expected \(what)"
    case .unknownWord(let word, let kind, let suggestion):
      "'\(word)' is no \(kind)" + (suggestion.map { ", did you mean '\($0)'?" } ?? "")
    case .noYAML(let reason): "this is no YAML: \(reason)"
    case .other(let sentence): sentence
    }
  }
}

extension DecodingProblem {
  /// The problem of a file that cannot be read to its end.
  package init(_ failure: YAMLFailure) {
    let reason =
      switch failure.reason {
      case .syntax(let reason, _, _): reason
      case .undefinedAlias(let name): "the alias '\(name)' has no anchor"
      case .recursiveAlias(let name, _): "the alias '\(name)' stands inside its own anchor"
      case .tooDeep(let limit): "it nests deeper than \(limit)"
      case .tooManyNodes(let limit): "its nodes and tags take more than \(limit) MiB"
      case .tooManyDocuments(let limit): "it has more than \(limit) documents"
      case .tooManyAliasedNodes(let limit): "its aliases stand for more than \(limit) nodes"
      case .tooManyDirectives(let limit): "more than \(limit) directives follow one another"
      }
    self.init(.noYAML(reason), at: failure.place)
  }
}

/// A mapping all of whose keys are known: what a key table says, no more.
package struct StrictMapping<Key: RawRepresentable & CaseIterable & Hashable> where Key.RawValue == String {
  package let node: YAMLNode
  private var values: [Key: YAMLNode] = [:]

  /// Reads a mapping; unknown and repeated keys go to `problems`, as does a node that is no mapping.
  package init?(_ node: YAMLNode, problems: inout [DecodingProblem]) {
    guard node.isMapping else {
      problems.append(DecodingProblem(.expected("a mapping"), at: node.range))
      return nil
    }
    self.node = node
    for entry in node.entries {
      let text = entry.key.text
      guard let key = Key(rawValue: text) else {
        let suggestion = nearestWord(to: text, among: Key.allCases.map(\.rawValue))
        problems.append(DecodingProblem(.unknownKey(text, suggestion: suggestion), at: entry.key.textRange))
        continue
      }
      if values.updateValue(entry.value, forKey: key) != nil {
        problems.append(DecodingProblem(.duplicateKey(text), at: entry.key.textRange))
      }
    }
  }

  /// The value of a key, if it is there.
  package subscript(key: Key) -> YAMLNode? {
    values[key]
  }

  /// The keys that are there.
  package var keys: Set<Key> {
    Set(values.keys)
  }

  /// The text of a key's scalar; anything else goes to `problems`.
  package func text(_ key: Key, problems: inout [DecodingProblem]) -> String? {
    guard let node = values[key] else { return nil }
    guard node.isScalar else {
      problems.append(DecodingProblem(.expected("text"), at: node.range))
      return nil
    }
    return node.text
  }

  /// The text of a key that must be there.
  package func requiredText(_ key: Key, problems: inout [DecodingProblem]) -> String? {
    guard values[key] != nil else {
      problems.append(DecodingProblem(.missingKey(key.rawValue), at: node.range))
      return nil
    }
    return text(key, problems: &problems)
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
  guard node.isScalar else {
    problems.append(DecodingProblem(.expected(kind), at: node.range))
    return nil
  }
  if let word = Word(rawValue: node.text) { return word }
  let suggestion = nearestWord(to: node.text, among: Word.allCases.map(\.rawValue))
  problems.append(DecodingProblem(.unknownWord(node.text, of: kind, suggestion: suggestion), at: node.textRange))
  return nil
}

/// A scalar's text, or the texts of a sequence of scalars.
package func decodeTexts(_ node: YAMLNode, problems: inout [DecodingProblem]) -> [YAMLNode] {
  let nodes = node.isSequence ? Array(node.items) : [node]
  for bad in nodes where !bad.isScalar {
    problems.append(DecodingProblem(.expected("text or a list of texts"), at: bad.range))
  }
  return nodes.filter(\.isScalar)
}
