import PortModel
import SourceText
import SourceYAML

/// Lowers Kubernetes documents to owners, bindings and references.
struct KubernetesReader {
  private let root: YAMLNode
  let file: SourceFile

  init(root: YAMLNode, file: SourceFile) {
    self.root = root
    self.file = file
  }

  /// Whether a document is a Kubernetes object: `apiVersion` and `kind` are text.
  static func recognises(_ root: YAMLNode) -> Bool {
    guard let version = root.value("apiVersion"), let kind = root.value("kind") else { return false }
    return [version, kind].allSatisfy { $0.isScalar && ScalarValue($0) == .string }
  }

  /// Adds what the document's objects claim and point at.
  func read(into inventory: inout Inventory) {
    KubernetesReader.visitObjects(in: root) { node, kind, version in
      let object = KubernetesObject(node, kind: kind, version: version)
      checkAnnotations(in: object.node.value("metadata"), of: object, into: &inventory)
      checkSpec(of: object, into: &inventory)
      if object.group.isEmpty, object.kind == "Service" {
        ServiceReader(object: object, file: file)?.read(into: &inventory)
        return
      }
      if var reader = ObjectReader(object, file: file, in: &inventory) {
        reader.read()
        reader.finish(into: &inventory)
        return
      }
      checkPortName(of: object, into: &inventory)
      for template in object.podTemplates {
        if template.flavour != .embedded, object.kind != "Pod" {
          checkAnnotations(in: template.metadata, of: object, into: &inventory)
        }
        PodReader(object: object, template: template, file: file).read(into: &inventory)
      }
    }
  }

  /// The kinds that are nothing without a `spec`, by their groups.
  private static let kindsWithSpec: [String: Set<String>] = [
    "": ["Pod", "ReplicationController", "Service"],
    "apps": ["DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"], "batch": ["CronJob", "Job"],
    "networking.k8s.io": ["Ingress", "NetworkPolicy"],
  ]

  /// Says that an object has its `spec` under a key of another case: the API knows no such key, and has nothing of it.
  private func checkSpec(of object: KubernetesObject, into inventory: inout Inventory) {
    guard object.spec == nil, KubernetesReader.kindsWithSpec[object.group]?.contains(object.kind) ?? false else {
      return
    }
    let other = object.node.entries.first { $0.key.isScalar && $0.key.text.lowercased() == "spec" }
    guard let other, !other.value.isScalar else { return }
    var fields = KubernetesFields(owner: inventory.add(object.owner(in: file)))
    fields.report(
      .invalidPort(.unknownKey(other.key.text, suggestion: "spec", owner: "an object of its kind")), other.key)
    inventory.problems += fields.problems
  }

  /// Visits the object of a node, or those of a list, each with its kind and its version.
  static func visitObjects(
    in node: YAMLNode, typedBy list: (kind: String, version: String)? = nil,
    _ visit: (YAMLNode, _ kind: String, _ version: String) -> Void
  ) {
    guard node.isMapping else { return }
    let kind = node.value("kind")?.text ?? list?.kind ?? ""
    let version = node.value("apiVersion")?.text ?? list?.version ?? "v1"
    if kind == "Template", let parts = node.value("objects"), parts.isSequence {
      // One of OpenShift's, of objects with parameters.
      for part in parts.items { visitObjects(in: part, visit) }
      return
    }
    if kind.hasSuffix("List"), let items = node.value("items"), items.isSequence {
      // The items of a typed list, such as a `PodList`, may leave out what they are.
      let inner = kind == "List" ? nil : (kind: String(kind.dropLast(4)), version: version)
      for item in items.items { visitObjects(in: item, typedBy: inner, visit) }
      return
    }
    visit(node, kind, version)
  }
}

/// What every Kubernetes object says of itself.
struct KubernetesObject {
  let node: YAMLNode
  let kind: String
  /// The group of `apiVersion`, empty for the core; what moved out of `extensions` is where it moved to.
  let group: String
  /// The version in `apiVersion`, without the group.
  let version: String
  var name: String?
  /// As it is written where it cannot be known: what is written alike is in one namespace.
  var namespace: String?
  let isNamespaceOpen: Bool
  /// Where the object is named, or begins.
  let place: SourceRange

  init(_ node: YAMLNode, kind: String, version: String) {
    self.node = node
    self.kind = kind
    let slash = version.utf8.firstIndex(of: UInt8(ascii: "/"))
    self.version = slash.map { String(version[version.utf8.index(after: $0)...]) } ?? version
    let written = slash.map { String(version[..<$0]) } ?? ""
    switch (written, kind) {
    case ("extensions", "Ingress"), ("extensions", "NetworkPolicy"): group = "networking.k8s.io"
    case ("extensions", _): group = "apps"
    default: group = written
    }
    let metadata = node.value("metadata")
    let nameNode = metadata?.value("name")
    name = nameNode.flatMap { $0.isScalar && !$0.isOpen && !$0.bytes.isEmpty ? $0.text : nil }
    let namespaceNode = metadata?.value("namespace")
    namespace = namespaceNode.flatMap { $0.isOpen ? $0.sourceText : $0.isScalar && !$0.isNull ? $0.text : nil }
    isNamespaceOpen = namespaceNode?.isOpen == true
    place = nameNode?.range ?? node.value("kind")?.range ?? node.range
  }

  /// The object's `spec`.
  var spec: YAMLNode? {
    node.value("spec")
  }

  /// An owner for the object.
  func owner(in file: SourceFile) -> Owner {
    var owner = Owner(format: .kubernetes, kind: kind, name: name, place: place)
    owner.namespace = namespace
    if isNamespaceOpen { owner.openNames.insert(.namespace) }
    if name == nil { owner.openNames.insert(.name) }
    owner.cluster = .cluster(file.id)
    owner.apiGroup = group
    return owner
  }
}
