import SourceText
import SourceYAML

/// Gives objects the names, namespaces, copies and images that a kustomization says.
///
/// Source: kustomize `api/internal/konfig/builtinpluginconsts`.
struct KustomizeNames {
  private let store: NodeStore

  init(_ store: NodeStore) {
    self.store = store
  }

  /// The kinds that are in no namespace.
  private static let clusterWide: Set = [
    "Namespace", "CustomResourceDefinition", "APIService", "ValidatingWebhookConfiguration",
    "MutatingWebhookConfiguration", "GatewayClass", "IngressClass", "ClusterRole", "ClusterRoleBinding", "StorageClass",
    "PersistentVolume", "PriorityClass", "Node",
  ]
  /// The kinds whose names stay as they are.
  private static let namedForGood: Set = ["CustomResourceDefinition", "APIService", "Namespace"]

  /// Puts objects in a namespace.
  func move(_ objects: inout [BuiltObject], to namespace: YAMLNode) {
    for index in objects.indices where !KustomizeNames.clusterWide.contains(objects[index].object.kind) {
      let node = objects[index].object.node
      objects[index].become(store.setting(["metadata", "namespace"], of: node, to: namespace))
    }
  }

  /// Puts texts before and behind the names of objects.
  func rename(_ objects: inout [BuiltObject], prefix: YAMLNode?, suffix: YAMLNode?) {
    let (prefix, suffix) = (prefix?.knownText ?? "", suffix?.knownText ?? "")
    if prefix.isEmpty, suffix.isEmpty { return }
    for index in objects.indices where !KustomizeNames.namedForGood.contains(objects[index].object.kind) {
      let node = objects[index].object.node
      guard let name = node.value("metadata")?.value("name") else { continue }
      let renamed = store.text(prefix + name.text + suffix, like: name)
      objects[index].become(store.setting(["metadata", "name"], of: node, to: renamed))
    }
  }

  /// Sets how many copies run.
  ///
  /// - Returns: The names that no object has which could have copies; none where an object's name is not known.
  func scale(_ objects: inout [BuiltObject], _ entries: YAMLNode.Children) -> [YAMLNode] {
    let kinds: Set = ["Deployment", "ReplicaSet", "StatefulSet", "ReplicationController"]
    let entries = entries.filter { $0.value("name")?.knownText != nil }
    if entries.isEmpty { return [] }
    var idle: [YAMLNode] = []
    let scaled = objects.numbersByName { kinds.contains($0.object.kind) }
    for entry in entries {
      guard let name = entry.value("name")?.knownText, let count = entry.value("count") else { continue }
      let numbers = scaled[name.exact] ?? []
      if numbers.isEmpty, let name = entry.value("name") { idle.append(name) }
      for index in numbers {
        objects[index].become(store.setting(["spec", "replicas"], of: objects[index].object.node, to: count))
      }
    }
    return objects.contains { kinds.contains($0.object.kind) && $0.isOpen } ? [] : idle
  }

  /// Makes references to Services follow their names: where one of that name was, and is none now.
  func mendReferences(of objects: inout [BuiltObject]) {
    let services = Services(of: objects)
    guard services.haveOtherNames else { return }
    for index in objects.indices {
      let object = objects[index].object
      guard let holders = KustomizeNames.holdersOfServices[object.kind] else { continue }
      var node = object.node
      for path in holders {
        node = store.changing(path[...], of: node) { reference in
          reference.isMapping ? followed(reference, from: object, services) : reference
        }
      }
      objects[index].become(node)
    }
  }

  /// Where objects name a Service, in a mapping with its name and perhaps its namespace.
  private static let holdersOfServices: [String: [[StaticString]]] = [
    "Ingress": [
      ["spec", "defaultBackend", "service"], ["spec", "rules", "http", "paths", "backend", "service"],
    ],
    "APIService": [["spec", "service"]],
    "ValidatingWebhookConfiguration": [["webhooks", "clientConfig", "service"]],
    "MutatingWebhookConfiguration": [["webhooks", "clientConfig", "service"]],
    "CustomResourceDefinition": [["spec", "conversion", "webhook", "clientConfig", "service"]],
  ]

  /// A reference to a Service under its present name.
  private func followed(_ reference: YAMLNode, from object: KubernetesObject, _ services: Services) -> YAMLNode {
    guard let name = reference.value("name"), let text = name.knownText else { return reference }
    let namespace = reference.value("namespace")
    let meant = services.called(text).filter { service in
      if namespace == nil, service.object.namespace?.exact != object.namespace?.exact { return false }
      return service.isOrWasCalled(text, in: namespace?.text)
    }
    // Whoever still has the name is meant, and of several nobody knows which.
    guard meant.count == 1, let service = meant.first, let now = service.object.name else { return reference }
    var changed = store.setting(["name"], of: reference, to: store.text(now, like: name))
    if let namespace, let now = service.object.namespace {
      changed = store.setting(["namespace"], of: changed, to: store.text(now, like: namespace))
    }
    return changed
  }

  /// The Services of a build, by the names that they have or had.
  private struct Services {
    private let all: [BuiltObject]
    private let byName: [ExactText: [Int]]

    init(of objects: [BuiltObject]) {
      all = objects.filter { $0.object.kind == "Service" && $0.object.group.isEmpty }
      byName = all.numbersByName { _ in true }
    }

    /// Whether one was called otherwise before.
    var haveOtherNames: Bool { all.contains(where: \.hadOtherName) }

    func called(_ name: String) -> [BuiltObject] {
      (byName[name.exact] ?? []).map { all[$0] }
    }
  }

  /// Exchanges images by their names.
  func exchangeImages(of objects: inout [BuiltObject], _ entries: YAMLNode.Children) {
    let exchanges = Array(entries).filter { $0.value("name")?.knownText != nil }
    if exchanges.isEmpty { return }
    for index in objects.indices {
      for template in objects[index].object.pathsOfPods {
        for list in ["containers", "initContainers"] as [StaticString] {
          let path = template + [list, "image"]
          let node = store.changing(path[...], of: objects[index].object.node) { image in
            exchanges.reduce(image) { exchanged($0, by: $1) }
          }
          objects[index].become(node)
        }
      }
    }
  }

  private func exchanged(_ image: YAMLNode, by exchange: YAMLNode) -> YAMLNode {
    guard image.isScalar, !image.isOpen, let name = exchange.value("name")?.text else { return image }
    let text = image.text
    let rest = text.utf8.dropFirst(name.utf8.count)
    guard text.utf8.starts(with: name.utf8),
      rest.isEmpty || rest.first == UInt8(ascii: ":") || rest.first == UInt8(ascii: "@")
    else { return image }
    var changed = exchange.value("newName")?.knownText ?? name
    if let tag = exchange.value("newTag")?.knownText {
      changed += ":" + tag
    } else if let digest = exchange.value("digest")?.knownText {
      changed += "@" + digest
    } else {
      changed += String(decoding: rest, as: UTF8.self)
    }
    return store.text(changed, like: image)
  }
}

/// Adds a kustomization's labels to objects, and to what selects them.
struct KustomizeLabels {
  private let store: NodeStore
  private let pairs: [Pairs]

  /// Labels that are set together.
  private struct Pairs {
    /// One of each key.
    let entries: [YAMLEntry]
    let keys: Set<ExactText>
    let isSelected: Bool
    let isInTemplates: Bool

    init(_ entries: YAMLNode.Entries, isSelected: Bool, isInTemplates: Bool) {
      var keys: Set<ExactText> = []
      self.entries = entries.reversed().filter { keys.insert($0.key.text.exact).inserted }.reversed()
      self.keys = keys
      self.isSelected = isSelected
      self.isInTemplates = isInTemplates
    }
  }

  init(_ store: NodeStore, _ root: YAMLNode) {
    self.store = store
    var pairs = [Pairs(root.entries(of: "commonLabels"), isSelected: true, isInTemplates: true)]
    for item in root.items(of: "labels") {
      let isSelected = item.value("includeSelectors")?.isTrue == true
      let isInTemplates = isSelected || item.value("includeTemplates")?.isTrue == true
      pairs.append(Pairs(item.entries(of: "pairs"), isSelected: isSelected, isInTemplates: isInTemplates))
    }
    self.pairs = pairs.filter { !$0.entries.isEmpty }
  }

  func label(_ objects: inout [BuiltObject], of sources: KustomizeSources) throws(KustomizeStop) {
    for pairs in pairs {
      for index in objects.indices {
        try sources.checkNodes()
        let object = objects[index].object
        var node = set(pairs, at: ["metadata", "labels"], of: object.node, making: true)
        if pairs.isInTemplates, let template = object.pathOfTemplate {
          node = set(pairs, at: template + ["metadata", "labels"], of: node, making: true)
        }
        if pairs.isSelected {
          for (path, isMade) in object.pathsOfSelectors {
            node = set(pairs, at: path, of: node, making: isMade)
          }
        }
        objects[index].become(node)
      }
    }
  }

  private func set(_ pairs: Pairs, at path: [StaticString], of node: YAMLNode, making isMade: Bool) -> YAMLNode {
    store.changing(path[...], of: node, making: isMade) { labels in
      let others = labels.isMapping ? labels.entries.filter { !pairs.keys.contains($0.key.text.exact) } : []
      return store.mapping(others + pairs.entries, like: labels)
    }
  }
}

extension [BuiltObject] {
  /// The places of some by each name that they have or had.
  fileprivate func numbersByName(where isMeant: (BuiltObject) -> Bool) -> [ExactText: [Int]] {
    var numbers: [ExactText: [Int]] = [:]
    for (number, object) in enumerated() where isMeant(object) {
      for name in Set(object.names.map(\.name)) { numbers[name, default: []].append(number) }
    }
    return numbers
  }
}

extension BuiltObject {
  /// Whether it was called otherwise before, or was elsewhere.
  fileprivate var hadOtherName: Bool { names.count > 1 }

  /// Whether it has a name in a namespace, or had both before.
  ///
  /// - Parameter namespace: Nothing where any will do.
  fileprivate func isOrWasCalled(_ name: String, in namespace: String?) -> Bool {
    guard let namespace else { return isOrWasCalled(name) }
    return names.contains { $0.name == name.exact && $0.namespace == namespace.exact }
  }
}

extension KubernetesObject {
  /// Where the object's pods have their template.
  fileprivate var pathOfTemplate: [StaticString]? {
    switch (group, kind) {
    case ("apps", _), ("batch", "Job"), ("", "ReplicationController"): ["spec", "template"]
    case ("batch", "CronJob"): ["spec", "jobTemplate", "spec", "template"]
    default: nil
    }
  }

  /// Where the object says what its pods run.
  var pathsOfPods: [[StaticString]] {
    kind == "Pod" && group.isEmpty ? [["spec"]] : pathOfTemplate.map { [$0 + ["spec"]] } ?? []
  }

  /// Where the object selects by labels, and whether a selector is made where there is none.
  fileprivate var pathsOfSelectors: [(path: [StaticString], isMade: Bool)] {
    switch (group, kind) {
    case ("", "Service"), ("", "ReplicationController"): [(["spec", "selector"], true)]
    case ("apps", _): [(["spec", "selector", "matchLabels"], true)]
    case ("batch", "Job"): [(["spec", "selector", "matchLabels"], false)]
    case ("networking.k8s.io", "NetworkPolicy"):
      [
        (["spec", "podSelector", "matchLabels"], false),
        (["spec", "ingress", "from", "podSelector", "matchLabels"], false),
        (["spec", "egress", "to", "podSelector", "matchLabels"], false),
      ]
    default: []
    }
  }
}

extension NodeStore {
  /// An object in which a field has another value.
  func setting(_ path: [StaticString], of node: YAMLNode, to value: YAMLNode) -> YAMLNode {
    changing(path[...], of: node, making: true) { _ in value }
  }

  /// An object in which the values at a path are changed, those of each item where lists lie on the way.
  ///
  /// - Parameter isMade: Whether mappings are made where the path ends too soon.
  func changing(
    _ path: ArraySlice<StaticString>, of node: YAMLNode, making isMade: Bool = false, _ change: (YAMLNode) -> YAMLNode
  ) -> YAMLNode {
    guard let key = path.first else { return change(node) }
    if node.isSequence {
      return sequence(node.items.map { changing(path, of: $0, making: isMade, change) }, like: node)
    }
    guard node.isMapping || node.isNull && isMade else { return node }
    var entries = Array(node.entries)
    if let number = entries.lastIndex(where: { $0.key.isText(key) }) {
      let value = changing(path.dropFirst(), of: entries[number].value, making: isMade, change)
      entries[number] = YAMLEntry(key: entries[number].key, value: value)
    } else if isMade {
      let inner = changing(path.dropFirst(), of: mapping([], like: node), making: true, change)
      entries.append(YAMLEntry(key: text("\(key)", like: node), value: inner))
    } else {
      return node
    }
    return mapping(entries, like: node)
  }
}
