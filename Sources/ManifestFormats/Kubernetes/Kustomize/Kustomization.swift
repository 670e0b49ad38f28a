import PortModel
import SourceText
import SourceYAML

/// What a `kustomization.yaml` says of other files of the tree.
///
/// Source: kustomize `api/types/kustomization.go`.
package struct Kustomization {
  /// What it names, in the order in which it is looked for.
  let paths: [KustomizationPath]
  /// The first of what brings in objects that are not in view: a key, or an entry that leads to another machine.
  private let beyond: YAMLNode?
  /// What kustomize refuses of its fields.
  private let faults: [Problem]

  /// Reads a document of a file that kustomize looks for; nothing for any other file.
  init?(_ document: YAMLDocument, file: SourceFile) {
    guard Kustomization.isOne(file.path), document.root.isMapping else { return nil }
    paths = Kustomization.paths(of: document.root, in: file)
    faults = KustomizationFields(of: document.root).problems
    let remote = (["resources", "bases", "components"] as [StaticString]).lazy.compactMap { key in
      document.root.items(of: key).first(where: KustomizationPath.leadsElsewhere)
    }
    let key = KustomizeLayer.keyGeneratingObjects(document.root)
    beyond = ([remote.first, key].compactMap(\.self)).min { $0.range.start < $1.range.start }
  }

  /// What kustomize refuses of it, and what is to be said of objects that it brings in and nobody can look at; once, at
  /// the first.
  func problems(in file: SourceFile) -> [Problem] {
    var problems = faults
    guard let beyond else { return problems }
    let renderer = Problem.Renderer.kustomize(folder: file.folder.asFolderPath)
    problems.report(.notInView(beyond.text, knownTo: renderer), at: beyond.textRange)
    return problems
  }

  /// The paths that the root of a kustomization names.
  static func paths(of root: YAMLNode, in file: SourceFile) -> [KustomizationPath] {
    var paths: [KustomizationPath] = []
    func add(_ nodes: some Sequence<YAMLNode>, _ use: KustomizationPath.Use) {
      for node in nodes {
        if let path = KustomizationPath(node, use, in: file) { paths.append(path) }
      }
    }
    add(root.items(of: "resources"), .resource)
    add(root.items(of: "bases"), .resource)
    add(root.items(of: "components"), .component)
    add(root.items(of: "patchesStrategicMerge"), .patch)
    for key in ["patches", "patchesJson6902"] as [StaticString] {
      // Before it held mappings, `patches` held paths.
      add(root.items(of: key).compactMap { $0.isScalar ? $0 : $0.value("path") }, .patch)
    }
    add(root.items(of: "replacements").compactMap { $0.value("path") }, .settings)
    add(root.items(of: "configurations"), .settings)
    for key in ["transformers", "generators", "validators"] as [StaticString] { add(root.items(of: key), .plugin) }
    add(root.items(of: "crds"), .schema)
    add([root.value("openapi")?.value("path")].compactMap(\.self), .schema)
    // What secrets are made of is not to be in a repository.
    for generator in root.items(of: "configMapGenerator") {
      paths += generator.items(of: "files").compactMap { KustomizationPath(namedBy: $0, in: file) }
      add(generator.items(of: "envs"), .content)
      add([generator.value("env")].compactMap(\.self), .content)
    }
    return paths
  }

  /// What kustomize looks for in a folder.
  package static let names = ["kustomization.yaml", "kustomization.yml", "Kustomization"]

  /// Whether a file has one of the names.
  package static func isOne(_ path: String) -> Bool {
    names.contains(where: path.isPath(toFile:))
  }
}

/// A path that a kustomization names, from where portlint runs.
package struct KustomizationPath: Hashable, Sendable {
  package let path: String
  package let use: Use
  package let place: SourceRange

  package enum Use: Hashable, Sendable {
    /// Objects, or another kustomization that builds some.
    case resource
    /// Another kustomization, which changes objects.
    case component
    case patch
    /// Objects, or what builds some, of which each tells kustomize to do something.
    case plugin
    /// How kustomize itself changes objects.
    case settings
    /// What kinds of objects there are.
    case schema
    /// What an object is to hold, whatever it is.
    case content

    /// Whether what is built hangs on what the file says.
    var isRead: Bool { self != .schema && self != .content }
  }

  /// Whether it leads out of the kustomization's folder, from where kustomize takes folders alone.
  let isOutside: Bool

  /// - Returns: Nothing for what names no file of the tree.
  init?(_ node: YAMLNode, _ use: Use, in file: SourceFile) {
    guard node.isFilePath, !node.isOpen else { return nil }
    let text = node.text
    // What is no file is a text to kustomize, in which nothing may stand.
    if use == .plugin, node.isNull || text.utf8.allSatisfy(\.isBlank) { return nil }
    guard !KustomizationPath.isURL(text) else { return nil }
    let mayBeFolder = use == .resource || use == .component || use == .plugin
    if mayBeFolder, KustomizationPath.beginsWithHost(text) { return nil }
    self.init(text, use, at: node.textRange, in: file)
  }

  /// The file whose content a generator takes, perhaps under a name of its own: `name=path`.
  fileprivate init?(namedBy source: YAMLNode, in file: SourceFile) {
    guard source.isFilePath, !source.isOpen else { return nil }
    let text = source.text
    let parts = text.utf8.split(separator: UInt8(ascii: "="), omittingEmptySubsequences: false)
    guard parts.count <= 2, let path = parts.last.flatMap({ String($0) }), !path.isEmpty,
      !KustomizationPath.isURL(path)
    else { return nil }
    let end = text.utf8.count
    self.init(path, .content, at: source.range(ofText: end - path.utf8.count..<end), in: file)
  }

  private init(_ text: String, _ use: Use, at place: SourceRange, in file: SourceFile) {
    path = resolvedPath(text, from: file.folder)
    self.use = use
    self.place = place
    isOutside =
      !path.begins(with: file.folder) || path.utf8.dropFirst(file.folder.utf8.count).starts(with: "../".utf8)
      || file.folder.isEmpty && path.isAbsolutePath
  }

  package var mayBeFile: Bool { use != .component }

  /// The path of a folder, as those of its files begin.
  package var folder: String { path.isEmpty || path.endsInSlash ? path : path + "/" }

  /// Where the kustomization lies, if the path is that of a folder: at one of these.
  package var kustomizations: [String] { Kustomization.names.map { folder + $0 } }

  package var mayBeFolder: Bool {
    switch use {
    case .resource, .component, .plugin: true
    case .patch, .settings, .schema, .content: false
    }
  }

  /// Whether an entry names what lies on another machine.
  static func leadsElsewhere(_ node: YAMLNode) -> Bool {
    node.isFilePath && !node.isOpen && (isURL(node.text) || beginsWithHost(node.text))
  }

  /// Whether kustomize may take a path for what lies on another machine.
  private static func isURL(_ path: String) -> Bool {
    path.utf8.contains(UInt8(ascii: ":")) || path.utf8.contains(UInt8(ascii: "?"))
  }

  /// Whether kustomize may take a path for that of a repository (kustomize `api/internal/git/repospec.go`).
  private static func beginsWithHost(_ path: String) -> Bool {
    let host = path.utf8.prefix { $0 != UInt8(ascii: "/") }
    return host.count < path.utf8.count && host.first != UInt8(ascii: ".") && host.contains(UInt8(ascii: "."))
  }
}

extension YAMLNode {
  /// Whether a list of paths can mean a file by the value: some lists hold objects as text too.
  var isFilePath: Bool {
    guard isScalar, !bytes.isEmpty, bytes.first != UInt8(ascii: "{") else { return false }
    var before: UInt8 = 0
    for byte in bytes {
      if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: " ") && before == UInt8(ascii: ":") { return false }
      before = byte
    }
    return true
  }
}
