import PortModel
import SourceYAML

extension ObjectReader {
  /// Reads where the API server calls others: webhooks, conversions and extensions, each at a Service.
  mutating func readWebhooks() {
    for webhook in object.node.items(of: "webhooks") { readServiceReference(webhook.value("clientConfig")) }
    let conversion = object.spec?.value("conversion")
    readServiceReference(conversion?.value("webhook")?.value("clientConfig"))
    readServiceReference(conversion?.value("webhookClientConfig"))
    if object.kind == "APIService" { readServiceReference(object.spec) }
  }

  private mutating func readServiceReference(_ holder: YAMLNode?) {
    guard let target = holder?.value("service"), target.isMapping, !target.isOpen else { return }
    let name = target.value("name")
    let toward = service(name, namespace: target.value("namespace"))
    let port = fields.port(target.value("port"), "a webhook's port")
    guard case .absent = port else {
      refer(PortOrNameField(port), .webhook, to: toward)
      return
    }
    // Without one, it is 443 (admissionregistration/v1 `ServiceReference`).
    guard let name, let toward else { return }
    var reference = Reference(
      owner: id, field: .webhook, wanted: .number(443), transport: nil, toward: toward, place: name.textRange)
    reference.isDefault = true
    references.append(reference)
  }
}
