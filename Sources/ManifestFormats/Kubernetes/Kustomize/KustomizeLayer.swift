import PortModel
import SourceText
import SourceYAML

/// One `kustomization.yaml` of those that a build is made of.
struct KustomizeLayer {
  let file: SourceFile
  /// The mapping that the file is; nothing where it is none that kustomize takes.
  let root: YAMLNode

  /// What changes objects in ways that are not followed, so that nothing of what is built is known.
  private static let openingKeys: [StaticString] = ["transformers", "configurations", "openapi"]
  /// What brings in objects that are not in view.
  private static let generatingKeys: [StaticString] = [
    "helmCharts", "helmChartInflationGenerator", "generators",
  ]
  /// What changes objects.
  private static let changingKeys: [StaticString] = [
    "patches", "patchesStrategicMerge", "patchesJson6902", "namespace", "namePrefix", "nameSuffix", "labels",
    "commonLabels", "replicas", "images",
  ]

  /// A layer, unless the file is none, or does what is not followed.
  init?(_ file: SourceFile, _ roots: [YAMLNode]) {
    guard roots.count == 1, let root = roots.first, root.isMapping else { return nil }
    if let version = root.value("apiVersion"), !version.text.hasPrefix("kustomize.config.k8s.io/") { return nil }
    self.file = file
    self.root = root
  }

  /// Whether it changes what others bring, and builds nothing by itself.
  var isComponent: Bool {
    root.value("kind")?.isText("Component") == true
  }

  /// Whether objects are changed by it.
  var changesObjects: Bool {
    saysAny(of: KustomizeLayer.changingKeys) || opensAll || saysAny(of: ["replacements"])
  }

  /// Whether nobody can say what becomes of the objects.
  var opensAll: Bool {
    saysAny(of: KustomizeLayer.openingKeys) || root.items(of: "labels").contains { $0.has("fields") }
  }

  /// What picks the objects of which a replacement changes a field; nothing where another file says so.
  var replaced: [KustomizeTarget]? {
    var targets: [KustomizeTarget] = []
    for replacement in root.items(of: "replacements") {
      guard replacement.isMapping, !replacement.has("path") else { return nil }
      for target in replacement.items(of: "targets") {
        guard let selected = target.value("select"), let picks = KustomizeTarget(selected) else { return nil }
        targets.append(picks)
      }
    }
    return targets
  }

  private func saysAny(of keys: [StaticString]) -> Bool {
    keys.contains { root.value($0).map { !$0.isNull && !$0.isEmptyList } ?? false }
  }

  /// Whether it brings in what is not in view.
  var bringsMore: Bool {
    KustomizeLayer.generatingKeys.contains { root.has($0) } || resourceNodes.contains { !$0.isInTree }
  }

  private var resourceNodes: [YAMLNode] {
    (["resources", "bases", "components"] as [StaticString]).flatMap { root.items(of: $0) }
  }

  /// What lists of paths name, by paths from where portlint runs.
  func resources(_ keys: StaticString...) -> [(path: String, node: YAMLNode)] {
    keys.flatMap { root.items(of: $0) }.filter(\.isInTree).map { (resolvedPath($0.text, from: file.folder), $0) }
  }

  /// The patches, in the order in which they are laid over the objects, those of the older list of operations apart.
  var patches: (first: [KustomizePatch], last: [KustomizePatch]) {
    let older = root.items(of: "patchesStrategicMerge").map { KustomizePatch(older: $0, in: file) }
    let patches = root.items(of: "patches").map { KustomizePatch($0, in: file) }
    return (older + patches, root.items(of: "patchesJson6902").map { KustomizePatch($0, in: file) })
  }
}

/// A patch, as an entry of a kustomization says it.
struct KustomizePatch {
  let content: Content
  /// The objects that it is for, where the patch does not say so itself.
  let target: YAMLNode?
  /// The entry.
  let entry: YAMLNode

  enum Content {
    case file(String)
    case inline(YAMLNode)
    case unknown
  }

  init(_ entry: YAMLNode, in file: SourceFile) {
    self.entry = entry
    target = entry.value("target").flatMap { $0.isNull ? nil : $0 }
    if let options = entry.value("options"), !options.isNull {
      // What may change an object's name or kind is not followed.
      content = .unknown
    } else if let path = entry.isScalar ? entry : entry.value("path"), path.isFilePath {
      content = .file(resolvedPath(path.text, from: file.folder))
    } else {
      content = entry.value("patch").map { .inline($0) } ?? .unknown
    }
  }

  /// An entry of the older list: a path, or the patch itself.
  init(older entry: YAMLNode, in file: SourceFile) {
    self.entry = entry
    target = nil
    content = entry.isFilePath ? .file(resolvedPath(entry.text, from: file.folder)) : .inline(entry)
  }

  /// The path of the file that it is, where it is one.
  var path: String? {
    if case .file(let path) = content { path } else { nil }
  }
}

/// The objects that a patch's `target` picks.
struct KustomizeTarget {
  private let fields: [(read: (KubernetesObject) -> String, pattern: NamePattern)]
  private let labels: LabelSelector?
  private let annotations: LabelSelector?

  /// - Returns: Nothing where it asks for what is not followed.
  init?(_ node: YAMLNode) {
    var fields: [(read: (KubernetesObject) -> String, pattern: NamePattern)] = []
    let readers: [(key: StaticString, read: (KubernetesObject) -> String)] = [
      ("group", \.group), ("version", \.version), ("kind", \.kind), ("name", { $0.name ?? "" }),
      ("namespace", { $0.namespace ?? "default" }),
    ]
    for (key, read) in readers {
      guard let said = node.value(key), !said.isNull, !said.isText("") else { continue }
      guard said.isScalar, !said.isOpen, let pattern = NamePattern(said.text) else { return nil }
      fields.append((read, pattern))
    }
    guard let labels = KustomizeTarget.selector(node.value("labelSelector")),
      let annotations = KustomizeTarget.selector(node.value("annotationSelector"))
    else { return nil }
    self.fields = fields
    self.labels = labels.picksAll ? nil : labels
    self.annotations = annotations.picksAll ? nil : annotations
  }

  private static func selector(_ said: YAMLNode?) -> LabelSelector? {
    guard let said, !said.isNull, !said.isText("") else { return LabelSelector() }
    return said.isScalar && !said.isOpen ? LabelSelector(terms: said.text) : nil
  }

  func picks(_ object: KubernetesObject) -> Bool {
    guard fields.allSatisfy({ $0.pattern.matches($0.read(object)) }) else { return false }
    let metadata = object.node.value("metadata")
    func picks(_ selector: LabelSelector?, _ key: StaticString) -> Bool {
      guard let selector else { return true }
      let labels = metadata?.value(key).map(\.labels) ?? Labels()
      return labels.map(selector.picks) ?? false
    }
    return picks(labels, "labels") && picks(annotations, "annotations")
  }
}

/// A regular expression of those that are written in targets: names, one of several, with `.*` for anything.
private struct NamePattern {
  private let alternatives: [[String]]

  /// - Returns: Nothing for any other expression.
  init?(_ text: String) {
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

  func matches(_ name: String) -> Bool {
    alternatives.contains { parts in
      guard let first = parts.first, let last = parts.last, name.utf8.starts(with: first.utf8) else { return false }
      if parts.count == 1 { return name.isExactly(first) }
      var rest = Array(name.utf8.dropFirst(first.utf8.count))[...]
      for part in parts.dropFirst().dropLast() {
        guard let found = rest.firstRange(of: Array(part.utf8)) else { return part.isEmpty }
        rest = rest[found.upperBound...]
      }
      return rest.count >= last.utf8.count && rest.suffix(last.utf8.count).elementsEqual(last.utf8)
    }
  }
}

extension YAMLNode {
  /// Whether a list of paths can mean a file of the tree by the value.
  var isInTree: Bool {
    isFilePath && !isOpen && !Kustomization.mayBeElsewhere(text)
  }

  /// Whether a list of paths can mean one by the value.
  var isFilePath: Bool {
    isScalar && !bytes.isEmpty && !bytes.contains(UInt8(ascii: "\n"))
  }
}
