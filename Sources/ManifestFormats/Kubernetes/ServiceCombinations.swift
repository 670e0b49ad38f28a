import PortModel
import SourceText
import SourceYAML

/// What the API refuses of fields that are each right by themselves (core `ValidateService`).
extension ServiceReader {
  /// Whether the Service asks for no address of its own; nothing where that cannot be known.
  var isHeadless: Bool? {
    let addresses = [spec.value("clusterIP")].compactMap(\.self) + spec.items(of: "clusterIPs")
    if addresses.contains(where: \.isOpen) { return nil }
    return addresses.contains { $0.isText("None") }
  }

  /// A headless Service has nothing in front of which node ports could stand.
  func checkHeadless(_ fields: inout KubernetesFields) {
    guard let type, type == "NodePort" || type == "LoadBalancer", isHeadless == true else { return }
    guard let node = spec.value("clusterIP") ?? spec.items(of: "clusterIPs").first(where: { _ in true }) else { return }
    fields.report(.invalidCombination(type, .headless), node)
  }

  /// Only a headless Service, and one that is but a name, may do without ports.
  func checkThatNoneAreNeeded(_ fields: inout KubernetesFields) {
    guard spec.value("selector")?.isMapping == true, isHeadless == false else { return }
    guard let type, type != "ExternalName" else { return }
    fields.problems.report(.invalidPort(.missing(field: "ports")), owner: fields.owner, at: object.place)
  }

  /// Whether the Service is of a type that has a health check's node port; nothing where that cannot be known.
  var hasHealthCheck: Bool? {
    guard let type else { return nil }
    let policy = spec.value("externalTrafficPolicy")
    if policy?.isOpen == true { return nil }
    return type == "LoadBalancer" && policy?.isText("Local") == true
  }

  /// Reads a node port, of which the API looks at none where the Service's type has none.
  func nodePort(_ node: YAMLNode?, _ fields: inout KubernetesFields) -> PortField {
    guard type == "ClusterIP", let node, let number = node.wholeNumber, number != 0 else {
      return fields.port(node, "nodePort", zeroIsUnset: true)
    }
    fields.report(.invalidCombination("\(number)", .nodePort), node)
    return .invalid
  }

  /// Whether the API takes a port beside the others.
  func isAllowed(
    _ port: PortField, _ transport: TransportProtocol?, taken: inout [String: SourceRange],
    _ fields: inout KubernetesFields
  ) -> Bool {
    guard case .number(let number, let node) = port, let transport else { return true }
    let endpoint = "\(number)/\(transport.name)"
    guard let earlier = taken.earlier(than: node.textRange, for: endpoint) else { return true }
    fields.problems.report(
      .invalidCombination(endpoint, .servicePortTwice), owner: fields.owner, at: node.textRange,
      related: [Related("\(endpoint) is already given here", at: earlier)])
    return false
  }
}

extension YAMLNode {
  /// Whether the node is a mapping without entries, or null.
  var isEmptyMapping: Bool {
    isNull || isMapping && count == 0
  }

  /// Whether the node is a sequence without items.
  var isEmptyList: Bool {
    isSequence && count == 0
  }
}
