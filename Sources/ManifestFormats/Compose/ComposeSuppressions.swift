import PortModel
import SourceText
import SourceYAML

/// Adds what a Compose document silences: in comments, and in `x-portlint-ignore`, which means its service, or at the
/// root the file.
func readSuppressions(of document: YAMLDocument, in file: SourceFile, into inventory: inout Inventory) {
  SuppressionComments(of: document, in: file).read(into: &inventory)
  let key: StaticString = "x-portlint-ignore"
  if let node = document.root.value(key) {
    inventory.addSuppressions(.key, in: node, covering: file.covered(0..<file.bytes.count), of: file)
  }
  guard let services = document.root.value("services"), services.isMapping else { return }
  for service in services.entries {
    guard service.value.isMapping, service.value.alias == nil, let node = service.value.value(key) else { continue }
    let covered = file.covered(service.key.range.offsets.lowerBound..<service.value.range.offsets.upperBound)
    inventory.addSuppressions(.key, in: node, covering: covered, of: file)
  }
}
