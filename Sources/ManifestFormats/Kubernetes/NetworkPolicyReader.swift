import PortModel
import SourceText
import SourceYAML

extension ObjectReader {
  /// Reads a NetworkPolicy: its ports are those of pods, never of Services.
  mutating func readNetworkPolicy() {
    guard let spec = object.spec else { return }
    let own = spec.value("podSelector").flatMap { pods($0, in: object.namespace?.exact) }
    for rule in spec.items(of: "ingress") { readPorts(of: rule, toward: own) }
    for rule in spec.items(of: "egress") {
      let peers = Array(rule.items(of: "to"))
      let toward = peers.count == 1 ? self.pods(of: peers[0]) : nil
      readPorts(of: rule, toward: toward)
    }
  }

  /// The pods that a peer is; nothing where that cannot be known, or they may be of several namespaces.
  private func pods(of peer: YAMLNode) -> Reference.Toward? {
    guard let selector = peer.value("podSelector"), !peer.has("ipBlock") else { return nil }
    guard peer.has("namespaceSelector") else { return pods(selector, in: object.namespace?.exact) }
    guard let name = peer.value("namespaceSelector")?.labelSelector?.namespace else { return nil }
    return pods(selector, in: name)
  }

  private func pods(_ selector: YAMLNode, in namespace: ExactText?) -> Reference.Toward? {
    selector.labelSelector.map { .pods(.these([namespace]), $0, cluster: .cluster(file.id)) }
  }

  private mutating func readPorts(of rule: YAMLNode, toward: Reference.Toward?) {
    for entry in rule.items(of: "ports") where entry.isMapping && !entry.isOpen {
      let port = fields.portOrName(entry.value("port"), "a NetworkPolicy's port")
      let end = fields.port(entry.value("endPort"), "endPort")
      if let endNode = end.node {
        switch (port, end) {
        case (.absent, _): report(.endPortAlone, endNode)
        case (.name, _): report(.endPortWithName, endNode)
        case (.number(let first, let node), .number(let last, _)) where last < first:
          report(.endPortBelow, endNode, related: [Related("the port is here", at: node.textRange)])
        default: break
        }
      }
      guard let transport = fields.transport(entry.value("protocol"), emptyIsUnset: false) else { continue }
      // Of a range nobody can say which port is meant.
      if case .number = port, end.isSaid { continue }
      refer(port, .networkPolicy, to: toward, transport: transport, among: rule.value("ports"))
    }
  }
}

extension LabelSelector {
  /// The one namespace that this asks for, by the label that each has with its name.
  fileprivate var namespace: ExactText? {
    guard requirements.count == 1, requirements[0].key == "kubernetes.io/metadata.name".exact,
      case .equal(let name) = requirements[0].test
    else { return nil }
    return name
  }
}
