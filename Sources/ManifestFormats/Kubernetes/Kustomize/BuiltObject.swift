import PortModel
import SourceText
import SourceYAML

/// An object on its way through a build.
struct BuiltObject {
  private(set) var object: KubernetesObject
  /// The names and namespaces that it had, and behind them those that it has.
  private(set) var names: [(name: ExactText, namespace: ExactText?)]
  /// What was done to it first that nobody can foresee.
  private(set) var opening: Opening?

  /// What leaves open what becomes of an object.
  enum Opening {
    /// What kustomize refuses, as is said at its place.
    case refused
    case notFollowed(NotFollowed)
  }

  /// What a kustomization does that is not followed.
  struct NotFollowed {
    /// The key under which it is said.
    var field: String
    var place: SourceRange
    /// The kustomization's folder.
    var folder: String
    /// Whether ports, or who is reached through them, may hang on it.
    var mayChangePorts = true
  }

  init?(_ node: YAMLNode) {
    guard node.isMapping, let kind = node.value("kind"), let version = node.value("apiVersion") else { return nil }
    object = KubernetesObject(node, kind: kind.text, version: version.text)
    guard let name = object.name else { return nil }
    names = [(name.exact, object.namespace?.exact)]
  }

  /// Whether something was done to it that nobody can foresee.
  var isOpen: Bool { opening != nil }

  mutating func open(by opening: Opening) {
    if self.opening == nil { self.opening = opening }
  }

  /// Changes the object's text.
  mutating func become(_ node: YAMLNode) {
    let now = KubernetesObject(node, kind: object.kind, version: node.value("apiVersion")?.text ?? "v1")
    if now.name?.exact != object.name?.exact || now.namespace?.exact != object.namespace?.exact {
      names.append(((now.name ?? "").exact, now.namespace?.exact))
    }
    object = now
  }

  /// What tells it from others.
  struct Identity: Hashable {
    var group: ExactText
    var kind: ExactText
    var namespace: ExactText
    var name: ExactText
  }

  var identity: Identity {
    Identity(
      group: object.group.exact, kind: object.kind.exact, namespace: (object.namespace ?? "").exact,
      name: (object.name ?? "").exact)
  }

  /// Whether it has a name, or had it before.
  func isOrWasCalled(_ name: String) -> Bool {
    names.contains { $0.name == name.exact }
  }

  /// Whether a patch speaks of it.
  func isMeant(by other: KubernetesObject) -> Bool {
    guard other.kind.isExactly(object.kind), other.group == object.group, other.version == object.version,
      let name = other.name
    else { return false }
    let space = { (namespace: ExactText?) in namespace?.text ?? "default" }
    let wanted = space(other.namespace?.exact)
    return names.contains { $0.name == name.exact && space($0.namespace).isExactly(wanted) }
  }

  /// What a patch does to an object.
  enum Effect {
    case changed
    case removed
    /// kustomize refuses one of its operations.
    case refused(OperationsPatch.Refusal, at: SourceRange)
  }

  /// Lays a patch over the object, which is opened where it cannot be told what that does.
  mutating func apply(_ patch: YAMLNode, openingWith opening: Opening, _ store: NodeStore) -> Effect {
    if patch.isSequence { return carryOut(patch, openingWith: opening, store) }
    do throws(StrategicMerge.NotKnown) {
      let merge = StrategicMerge(store: store, isBuiltIn: object.isBuiltIn, kind: object.kind)
      guard let merged = try merge.merge(patch, into: object.node) else { return .removed }
      become(keepingNames(merged, store))
    } catch {
      open(by: opening)
    }
    return .changed
  }

  private mutating func carryOut(_ operations: YAMLNode, openingWith opening: Opening, _ store: NodeStore) -> Effect {
    // Of what nobody can foresee, nobody knows what fails on it.
    let wasOpen = isOpen
    do throws(OperationsPatch.Failure) {
      become(try OperationsPatch(store: store).apply(operations, to: object.node))
    } catch {
      if case .refused(let refusal, let place) = error, !wasOpen {
        open(by: .refused)
        return .refused(refusal, at: place)
      }
      open(by: opening)
    }
    return .changed
  }

  /// The object with its ports and containers as they are written, and behind them what patches brought: of two that do
  /// not go together, the later is at fault.
  func inOrderOfPlaces(_ store: NodeStore) -> YAMLNode {
    let home = object.place.file
    let inOrder = { (list: YAMLNode) -> YAMLNode in
      guard list.isSequence else { return list }
      let items = Array(list.items)
      let own = items.filter { $0.range.file == home }
      return store.sequence(own.sorted { $0.range < $1.range } + items.filter { $0.range.file != home }, like: list)
    }
    var node = object.node
    for pod in object.pathsOfPods {
      for list in ["containers", "initContainers"] as [StaticString] {
        node = store.changing((pod + [list, "ports"])[...], of: node, inOrder)
        node = store.changing((pod + [list])[...], of: node, inOrder)
      }
    }
    return object.kind == "Service" ? store.changing(["spec", "ports"], of: node, inOrder) : node
  }

  /// What is left of a patch's own names, which only say what it is for.
  private func keepingNames(_ merged: YAMLNode, _ store: NodeStore) -> YAMLNode {
    guard let metadata = merged.value("metadata"), metadata.isMapping else { return merged }
    let isName = { (key: YAMLNode) in key.isText("name") || key.isText("namespace") }
    let names = object.node.value("metadata")?.entries.filter { isName($0.key) } ?? []
    let kept = store.mapping(names + metadata.entries.filter { !isName($0.key) }, like: metadata)
    return store.setting(["metadata"], of: merged, to: kept)
  }
}

extension KubernetesObject {
  /// Whether the object is of a kind that the API server brings.
  fileprivate var isBuiltIn: Bool {
    ["", "apps", "batch", "networking.k8s.io", "admissionregistration.k8s.io", "discovery.k8s.io", "policy"]
      .contains(group)
  }

  /// How a message names the object.
  var shown: String { "\(kind) '\(name ?? "")'" }
}
