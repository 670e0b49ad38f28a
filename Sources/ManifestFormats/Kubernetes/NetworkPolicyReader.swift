import PortModel
import SourceText
import SourceYAML

extension ObjectReader {
  /// Reads a NetworkPolicy: its ports are those of pods, never of Services.
  mutating func readNetworkPolicy() {
    guard let spec = object.spec else { return }
    let own = spec.value("podSelector").flatMap { pods($0) }
    for rule in spec.items(of: "ingress") { readPorts(of: rule, toward: own) }
    for rule in spec.items(of: "egress") {
      let peers = Array(rule.items(of: "to"))
      var toward: Reference.Toward?
      if peers.count == 1, !peers[0].has("namespaceSelector"), !peers[0].has("ipBlock") {
        toward = peers[0].value("podSelector").flatMap { pods($0) }
      }
      readPorts(of: rule, toward: toward)
    }
  }

  private func pods(_ selector: YAMLNode) -> Reference.Toward? {
    selector.labelSelector.map { .pods(.these([object.namespace?.exact]), $0, cluster: .cluster(file.id)) }
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
