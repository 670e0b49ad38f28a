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
}

extension ObjectReader {
  mutating func readMesh(_ kind: IstioKind) {
    guard let spec = object.spec else { return }
    switch kind {
    case .gateway:
      for server in spec.items(of: "servers") { readMeshPort(server.value("port"), "a server's port number") }
    case .virtualService: readVirtualService(spec)
    case .serviceEntry:
      for port in spec.items(of: "ports") {
        readMeshPort(port, "a ServiceEntry's port number")
        _ = fields.port(port.value("targetPort"), "targetPort", zeroIsUnset: true)
      }
      for endpoint in spec.items(of: "endpoints") { readPortMap(endpoint.value("ports")) }
    case .destinationRule:
      readTrafficPolicy(spec.value("trafficPolicy"))
      for subset in spec.items(of: "subsets") { readTrafficPolicy(subset.value("trafficPolicy")) }
    case .sidecar:
      for key in ["ingress", "egress"] as [StaticString] {
        for listener in spec.items(of: key) { readMeshPort(listener.value("port"), "a Sidecar's port number") }
      }
      for listener in spec.items(of: "ingress") {
        guard let end = listener.value("defaultEndpoint"), !end.text.hasPrefix("unix:") else { continue }
        _ = fields.address(end, "defaultEndpoint")
      }
    case .workloadEntry: readPortMap(spec.value("ports"))
    }
  }

  /// Reads a port of `number`, `protocol` and `name`; Istio takes a protocol in any case.
  private mutating func readMeshPort(_ node: YAMLNode?, _ field: String) {
    guard let node, node.isMapping, !node.isOpen else { return }
    _ = fields.port(node.value("number"), field)
    guard let spoken = node.value("protocol"), let text = spoken.knownText else { return }
    if !ObjectReader.meshProtocols.contains(text.lowercased()) {
      fields.report(
        .invalidProtocol(.unknown(text, expected: "HTTP, HTTPS, HTTP2, GRPC, TLS, TCP, UDP, MONGO, MYSQL or REDIS")),
        spoken)
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

  private mutating func readTrafficPolicy(_ policy: YAMLNode?) {
    guard let policy else { return }
    for level in policy.items(of: "portLevelSettings") {
      _ = fields.port(level.value("port")?.value("number"), "a port level's number")
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
    guard let host = destination.value("host")?.knownText else { return }
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
