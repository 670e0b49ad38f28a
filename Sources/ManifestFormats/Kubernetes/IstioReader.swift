import PortModel
import SourceText
import SourceYAML

/// The kinds of Istio's networking API that hold ports.
enum IstioKind: String {
  case gateway = "Gateway"
  case virtualService = "VirtualService"
  case serviceEntry = "ServiceEntry"
  case destinationRule = "DestinationRule"
  case sidecar = "Sidecar"
  case workloadEntry = "WorkloadEntry"
  case workloadGroup = "WorkloadGroup"
  case envoyFilter = "EnvoyFilter"
}

extension ObjectReader {
  mutating func readMesh(_ kind: IstioKind) {
    guard let spec = object.spec else { return }
    switch kind {
    case .gateway: readServers(spec)
    case .virtualService: readVirtualService(spec)
    case .serviceEntry: readServiceEntry(spec)
    case .destinationRule:
      let toward = spec.value("host")?.knownText.flatMap(meshService)
      readTrafficPolicy(spec.value("trafficPolicy"), toward: toward)
      for subset in spec.items(of: "subsets") { readTrafficPolicy(subset.value("trafficPolicy"), toward: toward) }
    case .sidecar:
      for key in ["ingress", "egress"] as [StaticString] {
        for listener in spec.items(of: key) { readMeshPort(listener.value("port"), "a Sidecar's port number") }
      }
      for listener in spec.items(of: "ingress") {
        guard let end = listener.value("defaultEndpoint"), !end.text.hasPrefix("unix:") else { continue }
        _ = fields.address(end, "defaultEndpoint")
      }
    case .workloadEntry: readPortMap(spec.value("ports"))
    case .workloadGroup: readPortMap(spec.value("template")?.value("ports"))
    case .envoyFilter:
      for patch in spec.items(of: "configPatches") {
        for key in ["listener", "routeConfiguration", "cluster"] as [StaticString] {
          let port = patch.value("match")?.value(key)?.value("portNumber")
          _ = fields.port(port, "portNumber", zeroIsUnset: true)
        }
      }
    }
  }

  /// Reads a port of `number`, `protocol` and `name`; Istio takes a protocol in any case.
  ///
  /// - Returns: What it claims, where that can be read.
  @discardableResult
  private mutating func readMeshPort(_ node: YAMLNode?, _ field: String) -> Binding? {
    guard let node, node.isMapping, !node.isOpen else { return nil }
    let port = fields.port(node.value("number"), field)
    let spoken = node.value("protocol")
    if let spoken, let text = spoken.knownText, !ObjectReader.meshProtocols.contains(text.lowercased()) {
      fields.report(
        .invalidProtocol(.unknown(text, expected: "HTTP, HTTPS, HTTP2, GRPC, TLS, TCP, UDP, MONGO, MYSQL or REDIS")),
        spoken)
    }
    guard let number = port.node else { return nil }
    var binding = Binding(
      owner: id, role: .service, scope: Scope(.virtual, .cluster(file.id), .proxies), address: .every,
      port: port.claim, transport: spoken?.isOpen == true ? nil : spoken?.text.lowercased() == "udp" ? .udp : .tcp,
      place: number.isScalar ? number.textRange : number.range, entry: node.range, text: number.sourceText)
    binding.name = node.value("name")?.textFact ?? .absent
    binding.applicationProtocol = spoken?.textFact ?? .absent
    if let alias = number.alias { binding.ways = [WayIn(.alias, at: alias)] }
    return binding
  }

  /// Reads the servers of a Gateway, each with a whole port of a name of its own (istio `validateServerPort`).
  private mutating func readServers(_ spec: YAMLNode) {
    var names: [ExactText: YAMLNode] = [:]
    proxies = spec.value("selector")?.labels.flatMap { $0.isEmpty ? nil : LabelSelector(labels: $0) }
    for server in spec.items(of: "servers") {
      guard let port = server.value("port"), port.isMapping, !port.isOpen else { continue }
      let binding = readMeshPort(port, "a server's port number")
      let number = port.value("number") ?? port
      if port.value("protocol").map({ $0.isNull || $0.isText("") }) ?? true {
        report(.portWithoutProtocol, number)
      }
      guard let name = port.value("name"), !name.isNull, !name.isText("") else {
        fields.report(
          .invalidPortName(.nameless(field: "a server's port")), number,
          at: number.isScalar ? number.textRange : number.range)
        continue
      }
      if let text = name.knownText, let earlier = names.earlier(than: name, for: text.exact) {
        report(.serverNameTwice, name, related: [Related("'\(text)' is already given here", at: earlier.textRange)])
        continue
      }
      // Without a selector it may be for any proxies.
      guard var binding, proxies != nil else { continue }
      if let bind = server.value("bind"), !bind.isNull, !bind.isText("") {
        binding.address = bind.isOpen ? .unresolved(bind.sourceText) : .literal(bind.text, IPAddress(bind.text))
      }
      bindings.append(binding)
    }
  }

  /// Reads a ServiceEntry, whose ports differ in number and name (istio `ValidateServiceEntry`), and its endpoints, which
  /// name them.
  private mutating func readServiceEntry(_ spec: YAMLNode) {
    var names: [ExactText: YAMLNode] = [:]
    var numbers: [UInt16: YAMLNode] = [:]
    hasKnownPorts = spec.value("ports")?.isSequence == true
    for port in spec.items(of: "ports") {
      let binding = readMeshPort(port, "a ServiceEntry's port number")
      _ = fields.port(port.value("targetPort"), "targetPort", zeroIsUnset: true)
      if let node = port.value("number"), let number = binding?.fixedPorts?.first,
        let earlier = numbers.earlier(than: node, for: number)
      {
        report(
          .entryNumberTwice, node, related: [Related("\(number) is already given here", at: earlier.textRange)])
      }
      if let name = port.value("name"), let text = name.knownText,
        let earlier = names.earlier(than: name, for: text.exact)
      {
        report(.entryNameTwice, name, related: [Related("'\(text)' is already given here", at: earlier.textRange)])
      }
      guard var binding else {
        hasKnownPorts = false
        continue
      }
      binding.scope = Scope(.virtual, .manifest(file.id, part: id.index), .pod)
      bindings.append(binding)
    }
    for endpoint in spec.items(of: "endpoints") {
      guard let ports = endpoint.value("ports") else { continue }
      readPortMap(ports)
      for entry in ports.entries {
        guard let name = entry.key.knownText else { continue }
        refer(.name(name, entry.key), .endpoint, to: .itself)
      }
    }
  }

  /// Source: istio `pkg/config/protocol`, `Parse`.
  private static let meshProtocols: Set<String> = [
    "tcp", "udp", "grpc", "grpc-web", "http", "http_proxy", "http2", "https", "tls", "mongo", "redis", "mysql", "hbone",
    "doublehbone",
  ]

  /// Reads a mapping of names to numbers.
  private mutating func readPortMap(_ node: YAMLNode?) {
    guard let node else { return }
    for entry in node.entries { _ = fields.port(entry.value, "an endpoint's port") }
  }

  /// - Parameter toward: The Service whose own ports the levels are of.
  private mutating func readTrafficPolicy(_ policy: YAMLNode?, toward: Reference.Toward?) {
    guard let policy else { return }
    for level in policy.items(of: "portLevelSettings") {
      let port = fields.port(level.value("port")?.value("number"), "a port level's number")
      refer(PortOrNameField(port), .backend, to: toward)
    }
    _ = fields.port(policy.value("tunnel")?.value("targetPort"), "tunnel.targetPort")
  }

  private mutating func readVirtualService(_ spec: YAMLNode) {
    for key in ["http", "tls", "tcp"] as [StaticString] {
      for rule in spec.items(of: key) {
        for match in rule.items(of: "match") { _ = fields.port(match.value("port"), "match.port", zeroIsUnset: true) }
        for route in rule.items(of: "route") { readDestination(route.value("destination")) }
        readDestination(rule.value("mirror"))
        for mirror in rule.items(of: "mirrors") { readDestination(mirror.value("destination")) }
        _ = fields.port(rule.value("redirect")?.value("port"), "redirect.port", zeroIsUnset: true)
      }
    }
  }

  private mutating func readDestination(_ destination: YAMLNode?) {
    guard let destination, destination.isMapping, !destination.isOpen else { return }
    let port = fields.port(destination.value("port")?.value("number"), "a destination's port number")
    guard let node = destination.value("host"), let host = node.knownText else { return }
    if destination.value("port").map(\.isNull) ?? true {
      return referAnywhere(from: node, .backend, to: meshService(host))
    }
    refer(PortOrNameField(port), .backend, to: meshService(host))
  }

  /// The Service that a host name means: `name`, or `name.namespace.svc` with whatever domain.
  private func meshService(_ host: String) -> Reference.Toward? {
    let parts = host.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    if parts.count == 1 {
      return .service(namespace: object.namespace?.exact, name: host.exact, cluster: .cluster(file.id))
    }
    guard parts.count >= 3, parts[2] == "svc" else { return nil }
    return .service(namespace: parts[1].exact, name: parts[0].exact, cluster: .cluster(file.id))
  }
}

extension ObjectReader {
  /// Reads an AuthorizationPolicy: its ports are those of pods, never of Services, and texts (istio `ValidatePorts`).
  mutating func readAuthorizationPolicy() {
    guard let spec = object.spec else { return }
    // Without a selector it is for all pods of a namespace, or for what its targets are.
    let toward = spec.has("targetRefs") || spec.has("targetRef") ? nil : podsOfMesh(spec)
    for rule in spec.items(of: "rules") {
      for target in rule.items(of: "to") {
        guard let operation = target.value("operation"), operation.isMapping, !operation.isOpen else { continue }
        for key in ["ports", "notPorts"] as [StaticString] {
          for node in operation.items(of: key) {
            guard node.isScalar, !node.isOpen, !node.isNull, let port = authorizedPort(node) else { continue }
            refer(.number(port, node), .networkPolicy, to: toward, transport: .tcp, among: operation.value(key))
          }
        }
      }
    }
  }

  /// A text of a number from 1 on; nothing, and mostly a problem, where it is none.
  private mutating func authorizedPort(_ node: YAMLNode) -> UInt16? {
    guard node.readsAsText else {
      fields.report(.invalidPort(.unquoted(node.text, field: "a policy's port")), node)
      return nil
    }
    switch parsePort(node.bytes) {
    case .success(let port): return port > 0 ? port : nil
    case .failure(let cause):
      fields.report(.invalidPort(cause), node)
      return nil
    }
  }

  /// The pods of its namespace that an object of Istio's selects.
  private func podsOfMesh(_ spec: YAMLNode) -> Reference.Toward? {
    spec.value("selector")?.labelSelector.map {
      .pods(.these([object.namespace?.exact]), $0, cluster: .cluster(file.id))
    }
  }

  /// Reads a PeerAuthentication: its ports are those of pods, never of Services.
  mutating func readPeerAuthentication() {
    guard let spec = object.spec, let levels = spec.value("portLevelMtls"), levels.isMapping, !levels.isOpen else {
      return
    }
    // Without a selector, Istio passes the ports over.
    let toward = podsOfMesh(spec)
    for entry in levels.entries {
      let port = fields.port(key: entry.key, "a port of portLevelMtls")
      refer(PortOrNameField(port), .peerAuthentication, to: toward, transport: .tcp, among: levels)
    }
  }
}
