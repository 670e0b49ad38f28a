import PortModel
import SourceYAML

extension ObjectReader {
  /// Reads an Ingress in the form of `networking.k8s.io/v1`, or in the older one with `serviceName` and `servicePort`.
  mutating func readIngress() {
    guard let spec = object.spec else { return }
    for key in ["defaultBackend", "backend"] as [StaticString] {
      if let backend = spec.value(key) { readBackend(backend) }
    }
    for rule in spec.items(of: "rules") {
      readHost(rule.value("host"))
      guard let http = rule.value("http") else { continue }
      for path in http.items(of: "paths") {
        if let backend = path.value("backend") { readBackend(backend) }
      }
    }
  }

  /// A rule is for a host by its name, on whatever port the controller listens.
  private mutating func readHost(_ node: YAMLNode?) {
    guard let node, !node.isOpen, let text = node.knownText, let colon = text.utf8.firstIndex(of: UInt8(ascii: ":"))
    else { return }
    let port = text.utf8[colon...].dropFirst()
    guard !port.isEmpty, port.allSatisfy(\.isASCIIDigit) else { return }
    let end = text.utf8.count
    let place = node.range(ofText: end - port.count..<end)
    fields.report(.invalidPort(.unwanted(String(port) ?? "", field: "a host")), node, at: place)
  }

  private mutating func readBackend(_ backend: YAMLNode) {
    guard backend.isMapping, !backend.isOpen else { return }
    if let port = backend.value("servicePort"), !port.isNull, !port.isText("") {
      // What the AWS controller looks up in an annotation.
      if port.isText("use-annotation") { return }
      let wanted = fields.portOrName(port, "servicePort")
      refer(wanted, .backend, to: service(backend.value("serviceName")))
      return
    }
    let resource = backend.value("resource").flatMap { $0.isNull ? nil : $0 }
    guard let target = backend.value("service"), !target.isNull else {
      guard resource == nil else { return }
      let name = backend.value("serviceName").flatMap { $0.isNull || $0.isText("") ? nil : $0 }
      return name.map { report(.backendWithoutPort, $0) } ?? report(.backendEmpty, backend)
    }
    if let resource { return report(.backendServiceAndResource, resource) }
    guard target.isMapping, !target.isOpen else { return }
    guard let port = target.value("port"), !port.isNull else { return report(.backendWithoutPort, target) }
    // As the field was before `networking.k8s.io/v1`.
    if port.isScalar, !port.isOpen {
      return fields.report(.invalidPort(.notAMapping(field: "a backend's port")), port)
    }
    guard port.isMapping, !port.isOpen else { return }
    // Of both, the API looks at neither.
    if let number = port.value("number")?.wholeNumber, number != 0, let name = port.value("name"),
      name.knownText != nil
    {
      return report(.backendNameAndNumber, name)
    }
    let number = fields.port(port.value("number"), "a backend's port number", zeroIsUnset: true)
    let name = fields.backendName(port.value("name"))
    let toward = service(target.value("name"))
    switch (number, name) {
    case (.absent, .absent): report(.backendWithoutPort, port)
    case (.absent, .name(_, let node)) where node.isText("use-annotation"): break
    case (.absent, _): refer(name, .backend, to: toward)
    case (_, .absent): refer(PortOrNameField(number), .backend, to: toward)
    default: break
    }
  }
}

extension KubernetesFields {
  /// Reads the name of a Service's port in a field that takes names only.
  mutating func backendName(_ node: YAMLNode?) -> PortOrNameField {
    switch name(node, "a backend's port name", grammar: .container) {
    case .known(let text, _)?: node.map { .name(text, $0) } ?? .absent
    case .absent?: .absent
    case .unknown?: node.map { .unresolved($0) } ?? .absent
    case nil: .invalid
    }
  }
}
