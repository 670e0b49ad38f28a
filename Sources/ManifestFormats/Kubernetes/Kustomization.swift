import SourceText
import SourceYAML

/// What a `kustomization.yaml` says of other files of the tree.
///
/// Source: kustomize `api/types/kustomization.go`.
package struct Kustomization {
  /// The files that change objects and are none themselves, by paths from where portlint runs.
  let patches: [String]

  /// Reads a document of a file that kustomize looks for; nothing for any other file.
  init?(_ document: YAMLDocument, file: SourceFile) {
    guard Kustomization.isOne(file.path), document.root.isMapping else { return nil }
    var written: [YAMLNode] = []
    for key in ["patches", "patchesJson6902"] as [StaticString] {
      // Before it held mappings, `patches` held paths.
      written += document.root.items(of: key).compactMap { $0.isScalar ? $0 : $0.value("path") }
    }
    // Of this older form an entry is a path, or a patch itself.
    written += document.root.items(of: "patchesStrategicMerge")
    patches = written.filter { $0.isScalar && !$0.bytes.isEmpty && !$0.bytes.contains(UInt8(ascii: "\n")) }
      .map { resolvedPath($0.text, from: file.folder) }
  }

  /// What kustomize looks for in a folder.
  package static let names = ["kustomization.yaml", "kustomization.yml", "Kustomization"]

  /// Whether a file has one of the names.
  package static func isOne(_ path: String) -> Bool {
    names.contains(where: path.isPath(toFile:))
  }
}
