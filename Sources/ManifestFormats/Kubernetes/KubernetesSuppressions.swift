import PortModel
import SourceText
import SourceYAML

extension KubernetesReader {
  /// Adds what the annotation `portlint/ignore` of an object silences, for that object.
  ///
  /// Comments do not survive tools that write manifests anew; annotations do.
  static func readSuppressions(of document: YAMLDocument, in file: SourceFile, into inventory: inout Inventory) {
    var pending = [document.root]
    while let object = pending.popLast() {
      guard object.isMapping else { continue }
      for key in ["items", "objects"] as [StaticString] { pending += object.items(of: key).filter { $0.alias == nil } }
      guard let node = object.value("metadata")?.value("annotations")?.value("portlint/ignore") else { continue }
      inventory.addSuppressions(.annotation, in: node, covering: file.covered(object.range.offsets), of: file)
    }
  }
}
