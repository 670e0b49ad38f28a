import PortModel
import SourceText
import SourceYAML

/// What a `kustomization.yaml` says of other files of the tree.
///
/// Source: kustomize `api/types/kustomization.go`.
package struct Kustomization {
  /// The files that change objects and are none themselves, by paths from where portlint runs.
  let patches: [String]
  /// The files that it brings in, and the folders of other kustomizations, by such paths.
  let resources: [Located<String>]

  /// Reads a document of a file that kustomize looks for; nothing for any other file.
  init?(_ document: YAMLDocument, file: SourceFile) {
    guard Kustomization.isOne(file.path), document.root.isMapping else { return nil }
    let root = document.root
    var written: [YAMLNode] = []
    for key in ["patches", "patchesJson6902"] as [StaticString] {
      // Before it held mappings, `patches` held paths.
      written += root.items(of: key).compactMap { $0.isScalar ? $0 : $0.value("path") }
    }
    // Of this older form an entry is a path, or a patch itself.
    written += root.items(of: "patchesStrategicMerge")
    patches = written.filter(\.isFilePath).map { resolvedPath($0.text, from: file.folder) }
    resources = (["resources", "bases", "components"] as [StaticString]).flatMap { root.items(of: $0) }
      .filter(\.isInTree)
      .map { Located(resolvedPath($0.text, from: file.folder), at: $0.textRange) }
  }

  /// What kustomize looks for in a folder.
  package static let names = ["kustomization.yaml", "kustomization.yml", "Kustomization"]

  /// Whether a file has one of the names.
  package static func isOne(_ path: String) -> Bool {
    names.contains(where: path.isPath(toFile:))
  }

  /// Whether kustomize may take a path for what lies on another machine: a URL, or one that begins with a host's name
  /// (kustomize `api/internal/git/repospec.go`).
  static func mayBeElsewhere(_ path: String) -> Bool {
    if path.utf8.contains(UInt8(ascii: ":")) || path.utf8.contains(UInt8(ascii: "?")) { return true }
    let host = path.utf8.prefix { $0 != UInt8(ascii: "/") }
    return host.count < path.utf8.count && host.first != UInt8(ascii: ".") && host.contains(UInt8(ascii: "."))
  }
}
