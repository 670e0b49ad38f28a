import PortModel
import SourceText
import SourceYAML

/// Lowers Kubernetes documents to owners, bindings and references.
struct KubernetesReader {
  private let document: YAMLDocument
  private let file: SourceFile

  init(document: YAMLDocument, file: SourceFile) {
    self.document = document
    self.file = file
  }

  /// Whether a document is a Kubernetes object: `apiVersion` and `kind` are text.
  static func recognises(_ root: YAMLNode) -> Bool {
    guard let version = root.value("apiVersion"), let kind = root.value("kind") else { return false }
    return [version, kind].allSatisfy { $0.isScalar && ScalarValue($0) == .string }
  }

  /// Adds what the document's objects claim and point at.
  func read(into inventory: inout Inventory) {
    for object in objects(in: document.root) {
      switch object.content {
      case .pod(let template): PodReader(object: object, template: template, file: file).read(into: &inventory)
      case .service(let spec): ServiceReader(object: object, spec: spec, file: file).read(into: &inventory)
      case .other: break
      }
    }
  }

  /// The object of a node, or those of a list.
  private func objects(in node: YAMLNode, typedBy list: (kind: String, version: String)? = nil) -> [KubernetesObject] {
    guard node.isMapping else { return [] }
    let kind = node.value("kind")?.text ?? list?.kind ?? ""
    let version = node.value("apiVersion")?.text ?? list?.version ?? "v1"
    if kind.hasSuffix("List"), let items = node.value("items"), items.isSequence {
      // The items of a typed list, such as a `PodList`, may leave out what they are.
      let inner = kind == "List" ? nil : (kind: String(kind.dropLast(4)), version: version)
      return items.items.flatMap { objects(in: $0, typedBy: inner) }
    }
    return [KubernetesObject(node, kind: kind, version: version)]
  }
}

/// What every Kubernetes object says of itself.
struct KubernetesObject {
  let kind: String
  /// The group of `apiVersion`, empty for the core.
  let group: String
  let name: String?
  let namespace: String?
  /// Where the object is named, or begins.
  let place: SourceRange
  let content: Content

  enum Content {
    /// A pod, or the template of one: a mapping with `metadata` and `spec`.
    case pod(YAMLNode)
    case service(YAMLNode)
    case other
  }

  init(_ node: YAMLNode, kind: String, version: String) {
    self.kind = kind
    group = version.contains("/") ? String(version.prefix { $0 != "/" }) : ""
    let metadata = node.value("metadata")
    let nameNode = metadata?.value("name")
    name = nameNode.flatMap { $0.isScalar && !$0.isOpen && !$0.bytes.isEmpty ? $0.text : nil }
    let namespaceNode = metadata?.value("namespace")
    namespace = namespaceNode.flatMap { $0.isScalar && !$0.isNull ? $0.text : nil }
    place = nameNode?.range ?? node.value("kind")?.range ?? node.range
    content = KubernetesObject.content(of: node, kind: kind, group: group)
  }

  private static func content(of node: YAMLNode, kind: String, group: String) -> Content {
    let template: YAMLNode?
    switch (group, kind) {
    case ("", "Service"): return node.value("spec").map(Content.service) ?? .other
    case ("", "Pod"): template = node
    case ("", "PodTemplate"): template = node.value("template")
    case ("batch", "CronJob"):
      template = node.value("spec")?.value("jobTemplate")?.value("spec")?.value("template")
    case ("", "ReplicationController"), ("batch", "Job"), ("apps", _), ("extensions", _):
      template = node.value("spec")?.value("template")
    default: template = nil
    }
    guard let template, template.value("spec")?.isMapping == true else { return .other }
    return .pod(template)
  }

  /// An owner for the object.
  func owner(in file: SourceFile) -> Owner {
    var owner = Owner(format: .kubernetes, kind: kind, name: name, place: place)
    owner.namespace = namespace
    owner.cluster = .cluster(file.id)
    owner.identity = name.map { ObjectIdentity(group: group, kind: kind, namespace: namespace, name: $0) }
    return owner
  }
}
