import PortModel
import SourceText
import SourceYAML

extension ObjectReader {
  /// Reads the listeners of a Gateway or a ListenerSet.
  mutating func readListeners() {
    var taken: [ExactText: YAMLNode] = [:]
    var names: [ExactText: YAMLNode] = [:]
    readPortsOfTLS()
    guard let spec = object.spec else { return }
    hasKnownPorts = spec.value("listeners")?.isSequence == true
    for entry in spec.items(of: "listeners") {
      guard entry.isMapping, !entry.isOpen else {
        hasKnownPorts = false
        continue
      }
      if let name = entry.value("name"), let text = name.knownText,
        let earlier = names.earlier(than: name, for: text.exact)
      {
        report(.listenerNameTwice, name, related: [Related("'\(text)' is already given here", at: earlier.textRange)])
      }
      let port = fields.port(entry.value("port"), "a listener's port")
      // A ListenerSet may leave its ports to the Gateway.
      if case .absent = port, object.kind == "Gateway" {
        fields.report(.invalidPort(.missing(field: "port")), entry, at: entry.range)
      }
      guard let node = port.node else {
        hasKnownPorts = false
        continue
      }
      let spoken = entry.value("protocol")
      if let key = entry.listenerKey, let earlier = taken.earlier(than: node, for: key) {
        report(.listenerTwice, node, related: [Related("the same listener is here", at: earlier.textRange)])
        hasKnownPorts = false
        continue
      }
      var binding = Binding(
        owner: id, role: .service, scope: Scope(.virtual, .manifest(file.id, part: id.index), .listeners),
        address: .every,
        port: port.claim, transport: listenerTransport(spoken), place: node.isScalar ? node.textRange : node.range,
        entry: entry.range, text: node.sourceText)
      if let name = entry.value("name"), name.isScalar {
        binding.name =
          name.isOpen ? .unknown(name.sourceText, at: name.range) : .known(name.text, at: name.textRange)
      }
      if let text = spoken?.knownText, let spoken { binding.applicationProtocol = .known(text, at: spoken.textRange) }
      if let host = entry.value("hostname"), !host.isNull, !host.isText("") {
        binding.hostname =
          host.isOpen ? .unknown(host.sourceText, at: host.range) : .known(host.text, at: host.textRange)
      }
      if let alias = node.alias { binding.ways = [WayIn(.alias, at: alias)] }
      bindings.append(binding)
    }
  }

  /// Reads the ports for which a Gateway checks its clients in a way of their own, each once.
  private mutating func readPortsOfTLS() {
    var taken: [UInt16: YAMLNode] = [:]
    guard let frontend = object.spec?.value("tls")?.value("frontend") else { return }
    for entry in frontend.items(of: "perPort") {
      guard case .number(let port, let node) = fields.port(entry.value("port"), "perPort.port") else { continue }
      guard let earlier = taken.earlier(than: node, for: port) else { continue }
      report(.portOfTLSTwice, node, related: [Related("\(port) is already given here", at: earlier.textRange)])
    }
  }

  /// The transport under a listener's protocol, of which vendors may add their own (`ProtocolType`).
  private func listenerTransport(_ node: YAMLNode?) -> TransportProtocol? {
    switch node?.text {
    case "HTTP", "HTTPS", "TLS", "TCP": .tcp
    case "UDP": .udp
    default: nil
    }
  }

  /// Reads a route of the Gateway API.
  mutating func readRoute() {
    guard let spec = object.spec else { return }
    for parent in spec.items(of: "parentRefs") {
      let port = fields.port(parent.value("port"), "a parentRef's port")
      guard parent.isMapping, !parent.isOpen, parent.namesGateway else { continue }
      let gateway = gateway(parent.value("name"), namespace: parent.value("namespace"))
      let section = parent.value("sectionName").flatMap { node in node.knownText.map { (name: $0, node: node) } }
      refer(PortOrNameField(port), .parent, to: gateway, of: section?.name)
      if let section { refer(.name(section.name, section.node), .parent, to: gateway) }
    }
    for rule in spec.items(of: "rules") {
      for filter in rule.items(of: "filters") { readFilter(filter) }
      for backend in rule.items(of: "backendRefs") {
        readBackendReference(backend)
        for filter in backend.items(of: "filters") { readFilter(filter) }
      }
    }
  }

  private mutating func readFilter(_ filter: YAMLNode) {
    _ = fields.port(filter.value("requestRedirect")?.value("port"), "requestRedirect.port")
    if let mirror = filter.value("requestMirror")?.value("backendRef") { readBackendReference(mirror) }
  }

  private mutating func readBackendReference(_ backend: YAMLNode) {
    guard backend.isMapping, !backend.isOpen else { return }
    let port = fields.port(backend.value("port"), "a backendRef's port")
    guard backend.namesService else { return }
    if case .absent = port, let name = backend.value("name"), !name.isOpen { report(.routeWithoutPort, name) }
    refer(
      PortOrNameField(port), .backend, to: service(backend.value("name"), namespace: backend.value("namespace")))
  }

  /// Reads an OpenShift Route: a name is that of a Service's port, a number that of a pod's.
  mutating func readOpenShiftRoute() {
    guard let spec = object.spec else { return }
    let port = spec.value("port").flatMap { $0.isMapping && !$0.isOpen ? $0 : nil }
    let node = port?.value("targetPort")
    let backends = [spec.value("to")].compactMap(\.self) + spec.items(of: "alternateBackends")
    let services = backends.filter { $0.value("kind").map { $0.isText("Service") } ?? true }
    if spec.value("port").map(\.isNull) ?? true {
      for name in services.compactMap({ $0.value("name") }) { referAnywhere(from: name, .backend, to: service(name)) }
      return
    }
    // Whoever picks a port has to say which (library-go `ValidateRoute`).
    if let port, node.map({ $0.isNull || $0.isText("") }) ?? true {
      return fields.report(.invalidPort(.missing(field: "targetPort")), port, at: port.range)
    }
    // The router takes digits in quotes for the number that they are.
    guard let name = node?.knownText, let node, ScalarValue(node) == .string, !node.isDigits else {
      _ = fields.port(node.flatMap { $0.isDigits && ScalarValue($0) == .string ? nil : $0 }, "a Route's targetPort")
      return
    }
    for backend in services { refer(.name(name, node), .backend, to: service(backend.value("name"))) }
  }
}

extension YAMLNode {
  /// Port, protocol and host name of a listener, which together must be its own; nothing where one cannot be known.
  fileprivate var listenerKey: ExactText? {
    let parts = (["port", "protocol", "hostname"] as [StaticString]).map { value($0) }
    guard !parts.contains(where: { $0?.isOpen == true }) else { return nil }
    return parts.map { $0.map { $0.isNull ? "" : $0.text } ?? "" }.joined(separator: " ").exact
  }

  /// Whether a `parentRef` means a Gateway: that is the default of its group and kind.
  var namesGateway: Bool {
    let isGroup = value("group").map { $0.isNull || $0.isText("gateway.networking.k8s.io") } ?? true
    return isGroup && value("kind").map { $0.isNull || $0.isText("Gateway") } ?? true
  }

  /// Whether a `backendRef` means a Service: that is the default of its kind.
  var namesService: Bool {
    let group = value("group")
    guard group == nil || group?.isNull == true || group?.isText("") == true else { return false }
    let kind = value("kind")
    return kind == nil || kind?.isText("Service") == true
  }
}
