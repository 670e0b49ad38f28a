import PortModel
import SourceText
import SourceYAML

extension ObjectReader {
  /// Reads a ServiceMonitor: `port` is the name of a Service's port.
  mutating func readServiceMonitor() {
    guard let spec = object.spec else { return }
    let selector = spec.value("selector")?.labelSelector
    let toward = selector.flatMap { selector in
      monitoredNamespaces.map { Reference.Toward.services($0, selector, cluster: .cluster(file.id)) }
    }
    let pods = selector.flatMap { selector in
      monitoredNamespaces.map { Reference.Toward.podsBehind($0, selector, cluster: .cluster(file.id)) }
    }
    for endpoint in spec.items(of: "endpoints") { readEndpoint(endpoint, toward, pods: pods) }
  }

  /// Reads a Probe: what does the asking is at `host:port`.
  mutating func readProbe() {
    guard let prober = object.spec?.value("prober"), prober.isMapping, !prober.isOpen else { return }
    guard let (host, port, place) = fields.address(prober.value("url"), "prober.url") else { return }
    // A bare name is one of the namespace of whoever asks, wherever that is.
    let parts = host.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2 || parts.count > 2 && parts[2] == "svc" else { return }
    let toward = Reference.Toward.service(namespace: parts[1].exact, name: parts[0].exact, cluster: .cluster(file.id))
    references.append(
      Reference(
        owner: id, field: .monitor, wanted: .number(port), transport: nil, toward: toward, place: place))
  }

  /// Reads a PodMonitor: `port` is the name of a container's port.
  mutating func readPodMonitor() {
    guard let spec = object.spec else { return }
    let selector = spec.value("selector")?.labelSelector
    let toward = selector.flatMap { selector in
      monitoredNamespaces.map { Reference.Toward.pods($0, selector, cluster: .cluster(file.id)) }
    }
    for endpoint in spec.items(of: "podMetricsEndpoints") {
      readEndpoint(endpoint, toward, pods: toward)
      let number = fields.port(endpoint.value("portNumber"), "portNumber")
      if endpoint.value("port").map({ $0.isNull || $0.isText("") }) ?? true {
        refer(PortOrNameField(number), .monitor, to: toward)
      }
    }
  }

  /// Reads what is scraped.
  ///
  /// - Parameters:
  ///   - toward: Whose ports `port` names.
  ///   - pods: Among whose declared ports the operator looks `targetPort` up.
  private mutating func readEndpoint(
    _ endpoint: YAMLNode, _ toward: Reference.Toward?, pods: Reference.Toward?
  ) {
    guard endpoint.isMapping, !endpoint.isOpen else { return }
    guard let port = endpoint.value("port"), !port.isNull, !port.isText("") else {
      // A text is a pattern that container ports' names are held against, so what is all digits matches none.
      guard let target = endpoint.value("targetPort"), !target.isNull else { return }
      if !target.readsAsText || target.isDigits {
        refer(
          fields.portOrName(target, "an endpoint's targetPort", emptyIsUnset: true), .monitor, to: pods)
      } else if !target.isOpen, PortNameGrammar.container.faults(in: target.text).isEmpty {
        refer(.name(target.text, target), .monitor, to: pods)
      }
      return
    }
    guard !port.isOpen, port.isScalar else { return }
    guard ScalarValue(port) == .string else {
      fields.report(.invalidPortName(.notText(port.text, field: "an endpoint's port")), port)
      return
    }
    // So is this one, of which only a plain name says what it matches.
    guard PortNameGrammar.dnsLabel.faults(in: port.text).isEmpty else { return }
    refer(.name(port.text, port), .monitor, to: toward)
  }

  /// Where a monitor looks: its own namespace, unless it says otherwise; nothing where that cannot be known.
  private var monitoredNamespaces: Reference.Namespaces? {
    guard let selector = object.spec?.value("namespaceSelector"), !selector.isNull else {
      return .these([object.namespace?.exact])
    }
    guard selector.isMapping, !selector.isOpen else { return nil }
    if selector.value("any")?.isTrue == true { return .every }
    guard let names = selector.value("matchNames"), !names.isNull else { return .these([object.namespace?.exact]) }
    let texts = names.items.map { $0.knownText?.exact }
    return texts.contains(nil) ? nil : .these(texts)
  }
}

extension KubernetesReader {
  /// Reports what cannot be the name of the port that the operator gives the pods of an object of its own.
  func checkPortName(of object: KubernetesObject, into inventory: inout Inventory) {
    guard object.group == "monitoring.coreos.com", let name = object.spec?.value("portName") else { return }
    var fields = KubernetesFields(owner: inventory.add(object.owner(in: file)))
    _ = fields.name(name, "portName", grammar: .container)
    inventory.problems += fields.problems
  }
}
