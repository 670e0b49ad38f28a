import PortModel
import SourceYAML

extension ObjectReader {
  /// Reads a route of Traefik's, or what stands between routes and Services: the ports are Services'.
  mutating func readTraefik() {
    guard let spec = object.spec else { return }
    for route in spec.items(of: "routes") {
      for service in route.items(of: "services") { readTraefikService(service) }
    }
    for key in ["weighted", "highestRandomWeight"] as [StaticString] {
      guard let several = spec.value(key) else { continue }
      for service in several.items(of: "services") { readTraefikService(service) }
    }
    if let mirroring = spec.value("mirroring") {
      readTraefikService(mirroring)
      for mirror in mirroring.items(of: "mirrors") { readTraefikService(mirror) }
    }
    if let service = spec.value("errors")?.value("service") { readTraefikService(service) }
  }

  private mutating func readTraefikService(_ service: YAMLNode) {
    guard service.isMapping, !service.isOpen else { return }
    // Another kind is one of Traefik's own.
    if let kind = service.value("kind"), !kind.isNull, !kind.isText(""), !kind.isText("Service") { return }
    let port = servicePort(service.value("port"), "a service's port")
    refer(port, .backend, to: self.service(service.value("name"), namespace: service.value("namespace")))
  }

  /// A Service's port by its number or its name, which may be longer than a container port's.
  private mutating func servicePort(_ node: YAMLNode?, _ field: String) -> PortOrNameField {
    guard let node, !node.isOpen, node.readsAsText, !node.bytes.isEmpty, !node.isDigits else {
      return fields.portOrName(node, field, emptyIsUnset: true)
    }
    return PortNameGrammar.dnsLabel.faults(in: node.text).isEmpty ? .name(node.text, node) : .absent
  }

  /// Reads an HTTPProxy of Contour's, whose ports are those of Services of its own namespace.
  mutating func readHTTPProxy() {
    guard let spec = object.spec else { return }
    let routes = Array(spec.items(of: "routes")) + [spec.value("tcpproxy")].compactMap(\.self)
    for route in routes where route.isMapping && !route.isOpen {
      for service in route.items(of: "services") where service.isMapping && !service.isOpen {
        let toward = self.service(service.value("name"))
        refer(PortOrNameField(fields.port(service.value("port"), "a service's port")), .backend, to: toward)
        let health = fields.port(service.value("healthPort"), "healthPort", zeroIsUnset: true)
        refer(PortOrNameField(health), .backend, to: toward)
      }
    }
  }
}
