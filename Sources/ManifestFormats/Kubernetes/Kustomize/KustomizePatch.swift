import PortModel
import SourceText
import SourceYAML

/// A patch, as an entry of a kustomization says it.
struct KustomizePatch {
  let content: Content
  /// The objects that it is for, where the patch does not say so itself.
  let target: YAMLNode?
  /// What is not followed of how it is laid over objects.
  let options: YAMLNode?
  let list: List
  /// Where the kustomization says it: at its path, or the key of its text.
  let place: SourceRange

  /// The lists that hold patches.
  enum List {
    case patches
    case merges
    case operations

    var key: StaticString {
      switch self {
      case .patches: "patches"
      case .merges: "patchesStrategicMerge"
      case .operations: "patchesJson6902"
      }
    }
  }

  enum Content {
    case file(KustomizationPath)
    case inline(YAMLNode)
    /// It lies elsewhere, or its path cannot be known.
    case notInView
    /// Both a path and a text, or neither.
    case broken(Problem.BrokenPatch)
  }

  init(_ entry: YAMLNode, of list: List, in file: SourceFile) {
    self.list = list
    if entry.isScalar || list == .merges {
      // Of this older form an entry is a path, or in one list the patch itself.
      (target, options) = (nil, nil)
      place = entry.textRange
      if entry.isFilePath {
        content = KustomizationPath(entry, .patch, in: file).map { .file($0) } ?? .notInView
      } else {
        content = .inline(entry)
      }
      return
    }
    target = entry.value("target").flatMap { $0.isNull ? nil : $0 }
    options = entry.value("options").flatMap { $0.isNull ? nil : entry.key("options") }
    let isSaid = { (node: YAMLNode) in !(node.isScalar && node.bytes.isEmpty || node.isNull) }
    let (path, text) = (
      entry.value("path").flatMap { isSaid($0) ? $0 : nil }, entry.value("patch").flatMap { isSaid($0) ? $0 : nil }
    )
    switch (path, text) {
    case (let path?, nil):
      place = path.textRange
      content = KustomizationPath(path, .patch, in: file).map { .file($0) } ?? .notInView
    case (nil, let text?):
      place = entry.key("patch")?.textRange ?? text.range
      content = .inline(text)
    case (nil, nil):
      place = entry.entries.first?.key.textRange ?? entry.range
      content = .broken(.empty)
    case (let path?, _?):
      place = path.textRange
      content = .broken(.twofold)
    }
  }
}

/// The objects that a patch's `target` picks.
struct KustomizeTarget {
  private enum Field: CaseIterable {
    case group, version, kind, name, namespace

    var key: StaticString {
      switch self {
      case .group: "group"
      case .version: "version"
      case .kind: "kind"
      case .name: "name"
      case .namespace: "namespace"
      }
    }
  }

  private var fields: [(field: Field, pattern: NamePattern)] = []
  private var labels: LabelSelector?
  private var annotations: LabelSelector?
  /// What it asks for that is not followed: it may pick fewer objects than are told.
  private(set) var unfollowed: YAMLNode?

  /// What kustomize refuses to pick by.
  struct Broken: Error {
    var fault: Problem.BrokenPatch
    var place: SourceRange
  }

  init(_ node: YAMLNode) throws(Broken) {
    for field in Field.allCases {
      guard let said = node.value(field.key), !said.isNull, !said.isText("") else { continue }
      switch said.isScalar && !said.isOpen ? NamePattern.Reading(said.text) : .notFollowed {
      case .followed(let pattern): fields.append((field, pattern))
      case .notFollowed: unfollowed = unfollowed ?? said
      case .broken: throw Broken(fault: .pattern(said.text), place: said.textRange)
      }
    }
    labels = try selector(node.value("labelSelector"))
    annotations = try selector(node.value("annotationSelector"))
  }

  private mutating func selector(_ said: YAMLNode?) throws(Broken) -> LabelSelector? {
    guard let said, !said.isNull, !said.isText("") else { return nil }
    if said.isScalar, !said.isOpen {
      if let selector = LabelSelector(terms: said.text) { return selector.picksAll ? nil : selector }
      // Numbers are compared by `<` and `>`.
      let mayBeOne = said.bytes.contains { $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: ">") || $0 < 0x20 }
      if !mayBeOne { throw Broken(fault: .selector(said.text), place: said.textRange) }
    }
    unfollowed = unfollowed ?? said
    return nil
  }

  /// How a name begins.
  struct Beginning {
    var text: String
    /// Whether that is the whole name.
    var isWhole: Bool
  }

  /// How the names begin that it picks; nothing where they may begin with anything.
  var beginningsOfNames: [Beginning]? {
    fields.first { $0.field == .name }?.pattern.beginnings
  }

  /// Labels or annotations of which it asks for one; nothing where it does not.
  var marks: [BuiltObjects.Mark]? {
    for (selector, isAnnotation) in [(labels, false), (annotations, true)] {
      for requirement in selector?.requirements ?? [] {
        let mark = { BuiltObjects.Mark(isAnnotation: isAnnotation, key: requirement.key, value: $0) }
        switch requirement.test {
        case .equal(let value): return [mark(value)]
        case .among(let values): return values.map(mark)
        case .notAmong, .exists, .absent: continue
        }
      }
    }
    return nil
  }

  /// Whether it asks for labels or annotations.
  var asksForMarks: Bool { labels != nil || annotations != nil }

  /// Whether it picks an object by a name that it has, or had before, in a namespace.
  func picks(_ object: KubernetesObject, called name: String, in namespace: String?) -> Bool {
    fields.allSatisfy { field, pattern in
      switch field {
      case .group: pattern.matches(object.group)
      case .version: pattern.matches(object.version)
      case .kind: pattern.matches(object.kind)
      case .name: pattern.matches(name)
      case .namespace: pattern.matches(namespace ?? "default")
      }
    }
  }

  /// Whether it picks by labels and annotations; those of which one cannot be known are not picked.
  func picks(labels own: Labels?, annotations others: Labels?) -> Bool {
    (labels.map { selector in own.map(selector.picks) ?? false } ?? true)
      && (annotations.map { selector in others.map(selector.picks) ?? false } ?? true)
  }
}

/// A regular expression of those that are written in targets: names, one of several, with `.*` for anything.
private struct NamePattern {
  private let alternatives: [[String]]

  enum Reading {
    case followed(NamePattern)
    /// Any other expression.
    case notFollowed
    /// None at all.
    case broken

    init(_ text: String) {
      if let pattern = NamePattern(text) {
        self = .followed(pattern)
      } else {
        self = isBrokenExpression(text.utf8) ? .broken : .notFollowed
      }
    }
  }

  private init?(_ text: String) {
    var text = text[...]
    if text.first == "^" { text.removeFirst() }
    if text.last == "$" { text.removeLast() }
    if text.first == "(", text.last == ")" { text = text.dropFirst().dropLast() }
    let isPlain = { (byte: UInt8) in
      byte.isASCIILetter || byte.isASCIIDigit || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "/")
    }
    var alternatives: [[String]] = []
    for alternative in text.split(separator: "|", omittingEmptySubsequences: false) {
      // A dot by itself stands for any character, itself too.
      let parts = alternative.replacing(".*", with: "\0").split(separator: "\0", omittingEmptySubsequences: false)
      guard parts.allSatisfy({ $0.utf8.allSatisfy(isPlain) }) else { return nil }
      alternatives.append(parts.map { String($0) })
    }
    self.alternatives = alternatives
  }

  /// How the texts begin that it matches; nothing where they may begin with anything.
  var beginnings: [KustomizeTarget.Beginning]? {
    let beginnings = alternatives.map { KustomizeTarget.Beginning(text: $0.first ?? "", isWhole: $0.count == 1) }
    return beginnings.contains { $0.text.isEmpty } ? nil : beginnings
  }

  func matches(_ name: String) -> Bool {
    alternatives.contains { parts in
      guard let first = parts.first, let last = parts.last, name.utf8.starts(with: first.utf8) else { return false }
      if parts.count == 1 { return name.utf8.count == first.utf8.count }
      var rest = Array(name.utf8.dropFirst(first.utf8.count))[...]
      for part in parts.dropFirst().dropLast() {
        guard let found = rest.firstRange(of: Array(part.utf8)) else { return part.isEmpty }
        rest = rest[found.upperBound...]
      }
      return rest.count >= last.utf8.count && rest.suffix(last.utf8.count).elementsEqual(last.utf8)
    }
  }
}

/// Whether a regular expression is surely none that Go takes: brackets without their others, repetitions of nothing or of
/// repetitions, and what looks ahead or behind.
///
/// Source: Go `regexp/syntax`, `parse.go`.
private func isBrokenExpression(_ text: String.UTF8View) -> Bool {
  let text = Array(text)
  var depth = 0
  /// What stands before: nothing that can be repeated, something, or a repetition.
  enum Before { case nothing, something, repetition }
  var before = Before.nothing
  var at = 0
  while at < text.count {
    let byte = text[at]
    at += 1
    switch byte {
    case UInt8(ascii: "\\"):
      // What is quoted up to `\E`, and a backslash at the end, are left alone.
      guard at < text.count, text[at] != UInt8(ascii: "Q") else { return false }
      at += 1
      before = .something
    case UInt8(ascii: "["):
      // A bracket that stands first is one of the class.
      if at < text.count, text[at] == UInt8(ascii: "^") { at += 1 }
      if at < text.count, text[at] == UInt8(ascii: "]") { at += 1 }
      while at < text.count, text[at] != UInt8(ascii: "]") {
        if text[at] == UInt8(ascii: "\\") { at += 1 }
        // A class within has brackets of its own.
        if at + 1 < text.count, text[at] == UInt8(ascii: "["), text[at + 1] == UInt8(ascii: ":") { return false }
        at += 1
      }
      if at >= text.count { return true }
      at += 1
      before = .something
    case UInt8(ascii: "("):
      depth += 1
      before = .nothing
      guard at < text.count, text[at] == UInt8(ascii: "?") else { continue }
      let rest = text[(at + 1)...]
      let looks = ["=", "!", "<=", "<!"].contains { rest.starts(with: $0.utf8) }
      if looks { return true }
      // What flags and names do is left alone.
      guard rest.first == UInt8(ascii: ":") else { return false }
      at += 2
    case UInt8(ascii: ")"):
      depth -= 1
      // The expression stands in brackets of kustomize's own.
      if depth < 0 { return !text[at...].contains(UInt8(ascii: "(")) }
      before = .something
    case UInt8(ascii: "|"): before = .nothing
    case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"):
      switch before {
      case .nothing: return true
      case .repetition: return true
      case .something: break
      }
      // It takes as little as it can.
      if at < text.count, text[at] == UInt8(ascii: "?") { at += 1 }
      before = .repetition
    default: before = .something
    }
  }
  return depth > 0
}
