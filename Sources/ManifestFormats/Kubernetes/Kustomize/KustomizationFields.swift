import PortModel
import SourceText
import SourceYAML

/// What is wrong with the fields of a kustomization, so that kustomize builds nothing of it.
///
/// Its reader heeds no case in the names of fields, and takes none that it does not know. Of those within others only
/// what is nearly a known one is told: they are what later versions add to.
///
/// Source: kustomize `api/types/kustomization.go` and the types that it names.
struct KustomizationFields {
  private(set) var problems: [Problem] = []
  /// Whether a field of the root is written in another case, which is taken but not followed.
  private(set) var hasOtherCase = false

  /// What a field holds.
  private indirect enum Shape: Sendable {
    case anything
    case text
    case number
    /// A mapping of texts.
    case labels
    case list(of: Shape)
    case fields([Field])

    /// What a value of another type is told to be.
    var expected: String {
      switch self {
      case .anything: ""
      case .text: "text"
      case .number: "a whole number"
      case .labels, .fields: "a mapping"
      case .list: "a list"
      }
    }
  }

  private struct Field: Sendable {
    let name: StaticString
    let shape: Shape

    init(_ name: StaticString, _ shape: Shape) {
      self.name = name
      self.shape = shape
    }
  }

  private static let fields: [Field] = [
    Field("apiVersion", .anything), Field("kind", .anything), Field("metadata", .anything),
    Field("namePrefix", .text), Field("nameSuffix", .text), Field("namespace", .text),
    Field("commonLabels", .labels), Field("commonAnnotations", .labels),
    Field("labels", .list(of: .fields(labels))), Field("resources", .list(of: .text)),
    Field("components", .list(of: .text)), Field("bases", .list(of: .text)), Field("crds", .list(of: .text)),
    Field("patches", .list(of: .fields(patch))), Field("patchesJson6902", .list(of: .fields(patch))),
    Field("patchesStrategicMerge", .list(of: .anything)), Field("replacements", .list(of: .anything)),
    Field("vars", .list(of: .anything)),
    Field("images", .list(of: .fields(image))), Field("imageTags", .anything),
    Field("replicas", .list(of: .fields([Field("name", .text), Field("count", .number)]))),
    Field("configMapGenerator", .list(of: .fields(generator))),
    Field("secretGenerator", .list(of: .fields(generator + [Field("type", .text)]))),
    Field("generatorOptions", .fields(generatorOptions)), Field("configurations", .anything),
    Field("generators", .anything), Field("transformers", .anything), Field("validators", .anything),
    Field("openapi", .anything), Field("helmGlobals", .anything), Field("helmCharts", .anything),
    Field("helmChartInflationGenerator", .anything), Field("buildMetadata", .anything),
    Field("sortOptions", .anything),
  ]
  private static let labels = [
    Field("pairs", .labels), Field("includeSelectors", .anything), Field("includeTemplates", .anything),
    Field("fields", .anything),
  ]
  private static let patch = [
    Field("path", .text), Field("patch", .text), Field("target", .fields(target)), Field("options", .anything),
  ]
  private static let target = [
    Field("group", .text), Field("version", .text), Field("kind", .text), Field("name", .text),
    Field("namespace", .text), Field("labelSelector", .text), Field("annotationSelector", .text),
  ]
  private static let image = [
    Field("name", .text), Field("newName", .text), Field("newTag", .text), Field("tagSuffix", .text),
    Field("digest", .text),
  ]
  private static let generator = [
    Field("name", .text), Field("namespace", .text), Field("behavior", .text), Field("literals", .list(of: .text)),
    Field("files", .list(of: .text)), Field("envs", .list(of: .text)), Field("env", .text),
    Field("options", .fields(generatorOptions)),
  ]
  private static let generatorOptions = [
    Field("labels", .labels), Field("annotations", .labels), Field("disableNameSuffixHash", .anything),
    Field("immutable", .anything),
  ]

  /// - Parameter root: The mapping that the file is.
  init(of root: YAMLNode) {
    if root.isOpen || root.entries.contains(where: { $0.key.isOpen }) { return }
    guard checkKind(of: root) else { return }
    let isEmpty = root.entries.allSatisfy { entry in
      entry.key.isText("kind") || entry.key.isText("apiVersion") || entry.value.isNull || entry.value.isText("")
    }
    if isEmpty { report(.empty, at: root.entries.first?.key.range ?? root.range) }
    check(root, KustomizationFields.fields, isRoot: true)
  }

  /// Whether a document has a field by which it is told for a kustomization, whatever its kind is said to be.
  private static func saysWhatToBuild(_ root: YAMLNode) -> Bool {
    !root.has("spec")
      && (["resources", "bases", "components", "patches", "patchesStrategicMerge", "images"] as [StaticString])
        .contains { root.has($0) }
  }

  /// - Returns: Whether it is kustomize's by what it says of itself.
  private mutating func checkKind(of root: YAMLNode) -> Bool {
    let said = { (key: StaticString) in
      root.value(key).flatMap { $0.isNull || $0.isText("") ? nil : $0 }
    }
    let (kind, version) = (said("kind"), said("apiVersion"))
    let isText = { (node: YAMLNode?) in node.map { $0.isScalar && !$0.isOpen } ?? true }
    guard isText(kind), isText(version) else { return false }
    let isOwn = version.map { $0.text.hasPrefix("kustomize.config.k8s.io/") } ?? true
    if !isOwn, !KustomizationFields.saysWhatToBuild(root) { return false }
    let isComponent = kind?.isText("Component") ?? false
    if let kind, !isComponent, !kind.isText("Kustomization") {
      // Any other object may go by the file's name.
      guard isOwn, version != nil || KustomizationFields.saysWhatToBuild(root) else { return false }
      report(.kind(kind.text), at: kind.textRange)
      return true
    }
    let expected = isComponent ? "kustomize.config.k8s.io/v1alpha1" : "kustomize.config.k8s.io/v1beta1"
    if let version, !version.text.isExactly(expected) {
      let name = isComponent ? "Component" : "Kustomization"
      report(.version(version.text, kind: name, expected: expected), at: version.textRange)
    }
    return isOwn
  }

  private mutating func check(_ value: YAMLNode, _ shape: Shape, of name: String) {
    if value.isNull || value.isOpen { return }
    switch shape {
    case .anything: return
    case .text:
      switch value.isScalar ? ScalarValue(value) : .null {
      case .int, .float, .bool, .null: break
      case .string, .timestamp: return
      }
    case .number:
      switch value.isScalar ? ScalarValue(value) : .string {
      case .int: return
      case .float(let number) where number.rounded() == number && abs(number) < 0x1p63: return
      case .float, .bool, .null, .string, .timestamp: break
      }
    case .labels:
      guard value.isMapping else { break }
      for entry in value.entries { check(entry.value, .text, of: entry.key.text) }
      return
    case .list(let shape):
      guard value.isSequence else { break }
      for item in value.items { checkItem(item, shape, of: name) }
      return
    case .fields(let fields):
      guard value.isMapping else { break }
      check(value, fields, isRoot: false)
      return
    }
    report(
      .type(value.shown, field: name, expected: shape.expected), at: value.isScalar ? value.textRange : value.range)
  }

  private mutating func checkItem(_ item: YAMLNode, _ shape: Shape, of name: String) {
    // Before it held mappings, `patches` held paths.
    if case .fields = shape, item.isScalar, name == "patches" { return }
    check(item, shape, of: name)
  }

  private mutating func check(_ mapping: YAMLNode, _ fields: [Field], isRoot: Bool) {
    let names = fields.map(\.name)
    // Each key of a root is one of these, or wrong.
    let misspelt = isRoot ? [] : mapping.misspeltKeys(among: names)
    for entry in mapping.entries where entry.key.isScalar {
      if let field = fields.first(where: { entry.key.isText($0.name) }) {
        check(entry.value, field.shape, of: "\(field.name)")
        continue
      }
      let text = entry.key.text
      if names.contains(where: { "\($0)".lowercased().isExactly(text.lowercased()) }) {
        hasOtherCase = hasOtherCase || isRoot
      } else if isRoot {
        report(
          .unknownField(text, suggestion: nearestWord(to: text, among: names.map { "\($0)" })), at: entry.key.textRange)
      } else if let meant = misspelt.first(where: { $0.key.isSameNode(as: entry.key) })?.meant {
        report(.unknownField(text, suggestion: meant), at: entry.key.textRange)
      }
    }
  }

  private mutating func report(
    _ broken: Problem.BrokenKustomization, at place: SourceRange, file: StaticString = #fileID, line: UInt = #line
  ) {
    guard problems.count <= ManifestReading.mostProblems else { return }
    problems.report(.brokenInclude(.brokenKustomization(broken)), at: place, file: file, line: line)
  }
}
