import PortModel
import SourceYAML

extension KubernetesReader {
  /// Reports each annotation that gives a port as a number: annotations are texts, and the API refuses the object.
  func checkAnnotations(in metadata: YAMLNode?, of object: KubernetesObject, into inventory: inout Inventory) {
    guard let annotations = metadata?.value("annotations"), !annotations.isOpen else { return }
    for entry in annotations.entries where entry.key.namesPort && entry.value.wholeNumber != nil {
      var fields = KubernetesFields(owner: inventory.add(object.owner(in: file)))
      fields.report(.invalidPort(.unquoted(entry.value.text, field: "the annotation \(entry.key.text)")), entry.value)
      inventory.problems += fields.problems
    }
  }
}

extension YAMLNode {
  /// Whether a key is that of a port, such as `prometheus.io/port`.
  fileprivate var namesPort: Bool {
    isScalar && bytes.suffix(4).map { $0 | 0x20 } == Array("port".utf8)
  }
}
