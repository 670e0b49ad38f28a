import SourceText
import SourceYAML

/// Lays a patch over an object as kustomize does: mappings key by key, and a list that the API tells the items of apart in
/// by keys item by item; of all other lists the patch's counts.
///
/// Source: kustomize `kyaml/yaml/merge2`, `kyaml/yaml/walk`; the `x-kubernetes-list-map-keys` of the API's schema.
struct StrategicMerge {
  let store: NodeStore
  /// Whether the API knows the object's lists.
  let isBuiltIn: Bool
  let kind: String

  /// What a patch does that nobody can foresee, or that kustomize refuses.
  struct NotKnown: Error {}

  /// What is left of an object; nothing where the patch takes it away.
  func merge(_ patch: YAMLNode, into base: YAMLNode) throws(NotKnown) -> YAMLNode? {
    try merged(base, patch, at: .object)
  }

  /// Where in an object a mapping lies, as far as that decides about its lists.
  private enum Level {
    case object
    case serviceSpec
    case container
    case other
  }

  /// The keys by which the API tells the items of a list apart; nothing for a list that is one value.
  private func keys(of field: YAMLNode, at level: Level) -> [StaticString]? {
    guard isBuiltIn else { return nil }
    switch (level, field.text) {
    case (.serviceSpec, "ports"): return ["port", "protocol"]
    case (.container, "ports"): return ["containerPort", "protocol"]
    case (.container, "env"): return ["name"]
    case (.container, "volumeMounts"): return ["mountPath"]
    case (.container, "volumeDevices"): return ["devicePath"]
    case (.object, "webhooks"): return ["name"]
    case (.other, "containers"), (.other, "initContainers"), (.other, "ephemeralContainers"): return ["name"]
    case (.other, "volumes"), (.other, "imagePullSecrets"), (.other, "resourceClaims"): return ["name"]
    case (.other, "hostAliases"): return ["ip"]
    case (.other, "topologySpreadConstraints"): return ["topologyKey", "whenUnsatisfiable"]
    default: return nil
    }
  }

  private func level(of field: YAMLNode, at level: Level) -> Level {
    level == .object && kind == "Service" && field.isText("spec") ? .serviceSpec : .other
  }

  private func merged(_ base: YAMLNode, _ patch: YAMLNode, at level: Level) throws(NotKnown) -> YAMLNode? {
    guard patch.isMapping, base.isMapping else {
      // What is of another kind kustomize refuses.
      guard patch.isScalar, base.isScalar else { throw NotKnown() }
      return patch
    }
    switch try directive(of: patch) {
    case .delete: return nil
    case .replace: return try withoutDirectives(patch)
    case .merge: break
    }
    var entries = Array(base.entries)
    for entry in patch.entries where !entry.key.isDirective {
      let number = entries.firstIndex { $0.key.isScalar && $0.key.bytes.elementsEqual(entry.key.bytes) }
      let value = try value(of: entry, over: number.map { entries[$0].value }, at: level)
      switch (number, value) {
      case (let number?, let value?): entries[number] = YAMLEntry(key: entries[number].key, value: value)
      case (let number?, nil): entries.remove(at: number)
      case (nil, let value?): entries.append(YAMLEntry(key: entry.key, value: value))
      case (nil, nil): break
      }
    }
    return store.mapping(entries, like: base)
  }

  private func value(of entry: YAMLEntry, over base: YAMLNode?, at level: Level) throws(NotKnown) -> YAMLNode? {
    if entry.value.isNull { return nil }
    guard let base, !base.isNull else { return try withoutDirectives(entry.value) }
    if entry.value.isSequence {
      guard base.isSequence else { throw NotKnown() }
      guard let keys = keys(of: entry.key, at: level) else { return entry.value }
      let isOfContainers = entry.key.text.hasSuffix("ontainers")
      return try items(base, entry.value, keys: keys, at: isOfContainers ? .container : .other)
    }
    return try merged(base, entry.value, at: self.level(of: entry.key, at: level))
  }

  /// Merges lists whose items have keys.
  private func items(
    _ base: YAMLNode, _ patch: YAMLNode, keys: [StaticString], at level: Level
  ) throws(NotKnown) -> YAMLNode? {
    let rest = patch.items.filter { !$0.isDirectiveAlone }
    if rest.count < patch.count {
      guard patch.items.contains(where: { $0.value("$patch")?.isText("replace") == true }) else { throw NotKnown() }
      return store.sequence(try rest.map { item throws(NotKnown) in try withoutDirectives(item) }, like: base)
    }
    var below = Array(base.items).map { Optional($0) }
    let known = try ItemKeys(below.compactMap(\.self), rest, keys)
    // What the patch speaks of comes first.
    var items: [YAMLNode] = []
    for item in rest {
      if let number = known[item], let old = below[number] {
        if let merged = try merged(old, item, at: level) { items.append(merged) }
        below[number] = nil
      } else if try directive(of: item) != .delete {
        items.append(try withoutDirectives(item))
      }
    }
    return store.sequence(items + below.compactMap(\.self), like: base)
  }

  private enum Directive {
    case merge
    case replace
    case delete
  }

  private func directive(of node: YAMLNode) throws(NotKnown) -> Directive {
    guard node.isMapping else { return .merge }
    if node.entries.contains(where: { $0.key.isDirective && !$0.key.isText("$patch") }) { throw NotKnown() }
    guard let said = node.value("$patch") else { return .merge }
    switch said.text {
    case "merge": return .merge
    case "replace": return .replace
    case "delete": return .delete
    default: throw NotKnown()
    }
  }

  /// What a patch brings where there was nothing before.
  private func withoutDirectives(_ node: YAMLNode) throws(NotKnown) -> YAMLNode {
    _ = try directive(of: node)
    guard node.isMapping, node.has("$patch") else { return node }
    return store.mapping(node.entries.filter { !$0.key.isDirective }, like: node)
  }
}

/// The places of a list's items by their keys.
private struct ItemKeys {
  private let keys: [StaticString]
  private var places: [ExactText: Int] = [:]

  /// - Throws: Where kustomize loses items: some say what others of the same first key leave out, or one is there twice.
  init(_ base: [YAMLNode], _ patch: [YAMLNode], _ keys: [StaticString]) throws(StrategicMerge.NotKnown) {
    self.keys = keys
    var saying: [ExactText: [Bool]] = [:]
    for item in base + patch {
      let first = item.value(keys[0])
      guard item.isMapping, !item.isOpen, let first, first.isScalar, !first.isOpen, !first.isNull else {
        throw StrategicMerge.NotKnown()
      }
      let said = keys.map { item.value($0).map { !$0.isNull } ?? false }
      let known = saying.updateValue(said, forKey: first.text.exact)
      if let known, known != said { throw StrategicMerge.NotKnown() }
    }
    for (number, item) in base.enumerated() {
      if places.updateValue(number, forKey: name(of: item)) != nil { throw StrategicMerge.NotKnown() }
    }
    guard Set(patch.map(name)).count == patch.count else { throw StrategicMerge.NotKnown() }
  }

  private func name(of item: YAMLNode) -> ExactText {
    keys.map { item.value($0)?.text ?? "" }.joined(separator: "\n").exact
  }

  subscript(item: YAMLNode) -> Int? { places[name(of: item)] }
}

extension YAMLNode {
  /// Whether a key says what is done, and not what is there.
  fileprivate var isDirective: Bool {
    isScalar && bytes.first == UInt8(ascii: "$")
  }

  /// Whether an item of a list speaks of the whole list.
  fileprivate var isDirectiveAlone: Bool {
    isMapping && count == 1 && has("$patch")
  }
}
