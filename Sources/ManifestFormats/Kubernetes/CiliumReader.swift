import PortModel
import SourceText
import SourceYAML

extension ObjectReader {
  /// Reads a policy of Cilium's: its ports are those of pods, as texts that are numbers or names.
  mutating func readCiliumPolicy() {
    let specs = [object.spec].compactMap(\.self) + Array(object.node.items(of: "specs"))
    for spec in specs where spec.isMapping && !spec.isOpen {
      let own = object.kind == "CiliumNetworkPolicy" ? spec.value("endpointSelector").flatMap { endpoints($0) } : nil
      for key in ["ingress", "ingressDeny"] as [StaticString] {
        for rule in spec.items(of: key) { readCiliumPorts(of: rule, toward: own) }
      }
      for key in ["egress", "egressDeny"] as [StaticString] {
        for rule in spec.items(of: key) { readCiliumPorts(of: rule, toward: nil) }
      }
    }
  }

  /// The pods of the policy's namespace that a selector picks; nothing where that cannot be known.
  private func endpoints(_ selector: YAMLNode) -> Reference.Toward? {
    guard selector.isMapping, !selector.isOpen, selector.value("matchExpressions").map(\.isNull) ?? true,
      let labels = selector.value("matchLabels")?.labels
    else { return nil }
    var own: [Labels.Label] = []
    for label in labels.all {
      // A label is of one source, which goes before its key; what Kubernetes says of a pod has none.
      let key = label.key.hasPrefix("k8s:") ? String(label.key.dropFirst(4)) : label.key
      if key.utf8.contains(UInt8(ascii: ":")) || key.hasPrefix("io.kubernetes.") || key.hasPrefix("io.cilium.") {
        return nil
      }
      own.append(Labels.Label(key: key, value: label.value))
    }
    return .pods(
      .these([object.namespace?.exact]), LabelSelector(labels: Labels(own)), cluster: .cluster(file.id))
  }

  private mutating func readCiliumPorts(of rule: YAMLNode, toward: Reference.Toward?) {
    for list in rule.items(of: "toPorts") where list.isMapping && !list.isOpen {
      for entry in list.items(of: "ports") where entry.isMapping && !entry.isOpen {
        readCiliumPort(entry, toward: toward, among: list.value("ports"))
      }
    }
  }

  private mutating func readCiliumPort(_ entry: YAMLNode, toward: Reference.Toward?, among list: YAMLNode?) {
    let port = ciliumPort(entry.value("port"))
    let end = fields.port(entry.value("endPort"), "endPort", zeroIsUnset: true)
    if case .number(let first, let node) = port, case .number(let last, let endNode) = end, last < first {
      report(.endPortBelow, endNode, related: [Related("the port is here", at: node.textRange)])
    }
    guard let transport = ciliumTransport(entry.value("protocol")) else { return }
    switch port {
    case .number where end.isSaid: return
    // Of a number, TCP is what is meant where nothing says more.
    case .number: refer(port, .networkPolicy, to: toward, transport: transport ?? .tcp, among: list)
    default: refer(port, .networkPolicy, to: toward, transport: transport, among: list)
    }
  }

  /// A text of a number, of which 0 is any, or of a name.
  private mutating func ciliumPort(_ node: YAMLNode?) -> PortOrNameField {
    guard let node, node.isScalar, !node.isNull, !node.isOpen else { return .absent }
    guard node.readsAsText else {
      fields.report(.invalidPort(.unquoted(node.text, field: "a policy's port")), node)
      return .invalid
    }
    guard node.isDigits else {
      if PortNameGrammar.container.faults(in: node.text).isEmpty { return .name(node.text, node) }
      // Cilium knows names in any case, and numbers of other bases.
      if PortNameGrammar.container.faults(in: node.text.lowercased()).isEmpty || node.text.hasPrefix("0") {
        return .absent
      }
      fields.report(.invalidPort(.notAPort(node.text)), node)
      return .invalid
    }
    switch parsePort(node.bytes) {
    case .success(0): return .absent
    case .success(let port): return .number(port, node)
    case .failure(let cause):
      fields.report(.invalidPort(cause), node)
      return .invalid
    }
  }

  /// Nothing, and a problem, where it is none; an inner nothing where it is any, which goes without saying. The API server
  /// knows them in upper case alone (`PortProtocol` in cilium's `pkg/policy/api/l4.go`).
  private mutating func ciliumTransport(_ node: YAMLNode?) -> TransportProtocol?? {
    guard let node, node.isScalar, !node.isNull, !node.bytes.isEmpty, !node.isOpen else { return .some(nil) }
    let known = ["TCP", "UDP", "SCTP", "ANY"]
    let others = ["ICMP", "ICMPV6", "VRRP", "IGMP"]
    let text = node.text.uppercased()
    if known.contains(text) {
      guard node.text.isExactly(text) else {
        fields.report(.invalidProtocol(.lowerCase(node.text, expected: text)), node)
        return nil
      }
      return .some(text == "ANY" ? nil : TransportProtocol(name: text))
    }
    if others.contains(text) { return .some(nil) }
    fields.report(.invalidProtocol(.unknown(node.text, expected: "TCP, UDP, SCTP or ANY")), node)
    return nil
  }
}
