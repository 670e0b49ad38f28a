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
  /// Whether a key is that of a port, such as `prometheus.io/port` or `metricsPort`, and not of `support`.
  fileprivate var namesPort: Bool {
    guard isScalar, bytes.suffix(3).elementsEqual("ort".utf8) else { return false }
    let before = bytes.dropLast(3)
    if before.last == UInt8(ascii: "P") { return true }
    guard before.last == UInt8(ascii: "p") else { return false }
    return before.dropLast().last.map { !$0.isASCIILetter } ?? true
  }
}
