import PortModel
import SourceYAML

extension KubernetesReader {
  /// Reports each annotation that gives a port as a number: annotations are texts, and the API refuses the object. Of a
  /// text, `prometheus.io/port` must be one that a pod can have.
  func checkAnnotations(in metadata: YAMLNode?, of object: KubernetesObject, into inventory: inout Inventory) {
    guard let annotations = metadata?.value("annotations"), !annotations.isOpen else { return }
    for entry in annotations.entries {
      guard let cause = entry.problemOfPort else { continue }
      var fields = KubernetesFields(owner: inventory.add(object.owner(in: file)))
      fields.report(.invalidPort(cause), entry.value)
      inventory.problems += fields.problems
    }
  }
}

extension YAMLEntry {
  /// What is wrong with an annotation that gives a port.
  fileprivate var problemOfPort: Problem.InvalidPort? {
    guard key.namesPort else { return nil }
    if value.wholeNumber != nil { return .unquoted(value.text, field: "the annotation \(key.text)") }
    guard key.isText("prometheus.io/port"), value.isDigits else { return nil }
    switch parsePort(value.bytes) {
    case .success(0): return .zero(field: "the annotation prometheus.io/port")
    case .success: return nil
    case .failure(let cause): return cause
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
