import PortModel
import SourceYAML

extension ObjectReader {
  /// Reads the ports of an Endpoints object, each subset by itself.
  mutating func readEndpoints() {
    for subset in object.node.items(of: "subsets") {
      let ports = Array(subset.items(of: "ports"))
      for entry in ports where entry.isMapping && !entry.isOpen {
        let port = fields.port(entry.value("port"), "an endpoint's port")
        if case .absent = port { fields.report(.invalidPort(.missing(field: "port")), entry, at: entry.range) }
        let name = fields.name(entry.value("name"), "an endpoint port's name", grammar: .dnsLabel)
        _ = fields.transport(entry.value("protocol"))
        guard case .absent? = name, ports.count > 1 else {
          referToService(named: object.node.value("metadata")?.value("name"), name, of: entry)
          continue
        }
        let said = entry.value("port") ?? entry
        fields.report(.invalidPortName(.missing(field: "an endpoint port")), said, at: said.range)
      }
    }
  }

  /// Reads the ports of an EndpointSlice, whose numbers the API takes as they are; a name stands once, even none.
  mutating func readEndpointSlice() {
    var names: [String: YAMLNode] = [:]
    let ports = Array(object.node.items(of: "ports"))
    if ports.count > 100 { report(.tooManyPorts, ports[100].value("port") ?? ports[100]) }
    for entry in ports where entry.isMapping && !entry.isOpen {
      _ = fields.port(entry.value("port"), "an endpoint's port", zeroIsUnset: true)
      _ = fields.transport(entry.value("protocol"), emptyIsUnset: false)
      let name = fields.name(entry.value("name"), "an endpoint port's name", grammar: .dnsLabel)
      guard let name, !name.isUnknown else { continue }
      let said = entry.value("name") ?? entry.value("port") ?? entry
      guard let earlier = names.updateValue(said, forKey: name.value ?? "") else {
        let labels = object.node.value("metadata")?.value("labels")
        referToService(named: labels?.value("kubernetes.io/service-name"), name, of: entry)
        continue
      }
      let related = [Related("'\(name.value ?? "")' is already given here", at: earlier.range)]
      let cause = Problem.InvalidPortName.duplicate(name.value ?? "", owner: object.owner(in: file).phrase)
      fields.problems.report(
        .invalidPortName(cause), owner: id, at: said.isScalar ? said.textRange : said.range, related: related)
    }
  }

  /// Points from the port of an endpoint at that of its Service: proxies pair them by their names, which may be none.
  private mutating func referToService(named service: YAMLNode?, _ name: Fact<String>?, of entry: YAMLNode) {
    guard let name, !name.isUnknown, let toward = self.service(service) else { return }
    let said = (name.isAbsent ? nil : entry.value("name")) ?? entry.value("port") ?? entry
    references.append(
      Reference(
        owner: id, field: .endpoint, wanted: .name(name.value ?? ""), transport: nil, toward: toward,
        place: said.isScalar ? said.textRange : said.range))
  }
}
