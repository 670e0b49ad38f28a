import PortModel
import SourceText
import SourceYAML

/// One `kustomization.yaml` of those that a build is made of.
struct KustomizeLayer {
  let file: SourceFile
  /// The mapping that the file is.
  let root: YAMLNode
  /// What it names of the tree.
  let paths: [KustomizationPath]
  /// What kustomize refuses of its fields.
  let faults: [Problem]

  /// What changes objects in ways that are not followed, so that nothing of what is built is known.
  private static let openingKeys: [StaticString] = ["transformers", "configurations", "openapi"]
  /// What brings in objects that are not in view.
  private static let generatingKeys: [StaticString] = [
    "helmCharts", "helmChartInflationGenerator", "generators",
  ]
  /// What changes objects.
  private static let changingKeys: [StaticString] = [
    "patches", "patchesStrategicMerge", "patchesJson6902", "namespace", "namePrefix", "nameSuffix", "labels",
    "commonLabels", "replicas", "images", "replacements",
  ]

  /// A layer, unless the file is none that kustomize takes.
  init?(_ file: SourceFile, _ roots: [YAMLNode]) {
    guard roots.count == 1, let root = roots.first, root.isMapping else { return nil }
    let fields = KustomizationFields(of: root)
    if fields.hasOtherCase { return nil }
    let version = root.value("apiVersion")?.text ?? ""
    if fields.problems.isEmpty, !version.isEmpty, !version.hasPrefix("kustomize.config.k8s.io/") { return nil }
    faults = fields.problems
    self.file = file
    self.root = root
    paths = Kustomization.paths(of: root, in: file)
  }

  /// Whether it changes what others bring, and builds nothing by itself.
  var isComponent: Bool {
    root.value("kind")?.isText("Component") == true
  }

  /// Whether objects are changed by it.
  var changesObjects: Bool {
    says(anyOf: KustomizeLayer.changingKeys) || keyOpeningAll != nil
  }

  /// The key by which nobody can say what becomes of the objects, if there is one.
  var keyOpeningAll: YAMLNode? {
    if let key = KustomizeLayer.openingKeys.first(where: { says($0) }) { return root.key(key) }
    return root.items(of: "labels").contains { $0.has("fields") } ? root.key("labels") : nil
  }

  /// The key of a kustomization's root by which programs make objects, if there is one.
  static func keyGeneratingObjects(_ root: YAMLNode) -> YAMLNode? {
    generatingKeys.lazy.filter { root.has(beyondNothing: $0) }.compactMap { root.key($0) }.first
  }

  /// Whether it brings in what is not in view.
  var bringsMore: Bool {
    if KustomizeLayer.keyGeneratingObjects(root) != nil { return true }
    let named = paths.count { $0.use == .resource || $0.use == .component }
    return named
      < (["resources", "bases", "components"] as [StaticString]).reduce(0) { $0 + Array(root.items(of: $1)).count }
  }

  private func says(anyOf keys: [StaticString]) -> Bool {
    keys.contains { says($0) }
  }

  private func says(_ key: StaticString) -> Bool { root.has(beyondNothing: key) }

  /// The patches, in the order in which they are laid over the objects, those of the older list of operations apart.
  var patches: (first: [KustomizePatch], last: [KustomizePatch]) {
    let patches = { (list: KustomizePatch.List) in
      root.items(of: list.key).map { KustomizePatch($0, of: list, in: file) }
    }
    return (patches(.merges) + patches(.patches), patches(.operations))
  }

  /// What its replacements change, as far as that can be told.
  var replacements: [KustomizeReplacement] {
    root.items(of: "replacements").flatMap { KustomizeReplacement.all(of: $0) }
  }
}

/// The objects in which a replacement changes fields.
struct KustomizeReplacement {
  /// What picks them; nothing where any may be meant.
  var target: KustomizeTarget?
  /// Whether ports, or who is reached through them, may hang on the fields.
  var mayChangePorts = true

  static func all(of replacement: YAMLNode) -> [KustomizeReplacement] {
    guard replacement.isMapping, !replacement.has("path") else { return [KustomizeReplacement()] }
    return replacement.items(of: "targets").map { target in
      let picked = target.value("select").flatMap { try? KustomizeTarget($0) }
      let paths = Array(target.items(of: "fieldPaths"))
      return KustomizeReplacement(
        target: picked?.unfollowed == nil ? picked : nil,
        mayChangePorts: paths.isEmpty || paths.contains(where: \.mayLeadToPort))
    }
  }
}

extension YAMLNode {
  /// Whether a mapping says something under a key.
  fileprivate func has(beyondNothing key: StaticString) -> Bool {
    value(key).map { !$0.isNull && !$0.isEmptyList } ?? false
  }

  /// The key of a mapping.
  func key(_ key: StaticString) -> YAMLNode? {
    entries.first { $0.key.isText(key) }?.key
  }

  /// Whether a path to a field may lead to a port, or to what decides who is reached through one.
  fileprivate var mayLeadToPort: Bool {
    guard isScalar, !isOpen else { return true }
    let text = text.lowercased()
    if text.contains("port") { return true }
    let words: Set<Substring> = [
      "selector", "matchlabels", "labels", "replicas", "hostnetwork", "type", "clusterip", "namespace", "annotations",
    ]
    let steps = text.split { $0 == "." || $0 == "/" }
    if steps.contains(where: words.contains) { return true }
    // A whole part of an object, or its name.
    let wholes: Set<Substring> = ["metadata", "spec", "template", "containers", "initcontainers", "rules"]
    guard let last = steps.last else { return true }
    if wholes.contains(last) || steps == ["metadata", "name"] { return true }
    return steps.count > 1 && last.allSatisfy(\.isNumber) && wholes.contains(steps[steps.count - 2])
  }
}
