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
    /// Text that is not empty.
    case path
    case number
    case flag
    /// A mapping of texts.
    case labels
    /// A mapping of flags.
    case flags
    case list(of: Shape)
    case fields([Field])

    /// What a value of another type is told to be.
    var expected: String {
      switch self {
      case .anything: ""
      case .text, .path: "text"
      case .number: "a whole number"
      case .flag: "true or false"
      case .labels, .flags, .fields: "a mapping"
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
    Field("apiVersion", .anything), Field("kind", .anything), Field("metadata", .fields(metadata)),
    Field("namePrefix", .text), Field("nameSuffix", .text), Field("namespace", .text),
    Field("commonLabels", .labels), Field("commonAnnotations", .labels),
    Field("labels", .list(of: .fields(labels))), Field("resources", .list(of: .path)),
    Field("components", .list(of: .path)), Field("bases", .list(of: .path)), Field("crds", .list(of: .path)),
    Field("patches", .list(of: .fields(patch))), Field("patchesJson6902", .list(of: .fields(patch))),
    Field("patchesStrategicMerge", .list(of: .anything)), Field("replacements", .list(of: .fields(replacement))),
    Field("vars", .list(of: .fields(variable))),
    Field("images", .list(of: .fields(image))), Field("imageTags", .list(of: .fields(image))),
    Field("replicas", .list(of: .fields([Field("name", .text), Field("count", .number)]))),
    Field("configMapGenerator", .list(of: .fields(generator))),
    Field("secretGenerator", .list(of: .fields(generator + [Field("type", .text)]))),
    Field("generatorOptions", .fields(generatorOptions)), Field("configurations", .list(of: .path)),
    Field("generators", .list(of: .text)), Field("transformers", .list(of: .text)),
    Field("validators", .list(of: .text)), Field("openapi", .labels),
    Field("helmGlobals", .fields([Field("chartHome", .text), Field("configHome", .text)])),
    Field("helmCharts", .list(of: .fields([]))), Field("helmChartInflationGenerator", .list(of: .fields([]))),
    Field("buildMetadata", .list(of: .text)), Field("sortOptions", .fields(sortOptions)),
  ]
  private static let metadata = [
    Field("name", .text), Field("namespace", .text), Field("labels", .labels), Field("annotations", .labels),
  ]
  private static let labels = [
    Field("pairs", .labels), Field("includeSelectors", .flag), Field("includeTemplates", .flag),
    Field("fields", .list(of: .fields(kind + [Field("path", .text), Field("create", .flag)]))),
  ]
  private static let patch = [
    Field("path", .text), Field("patch", .text), Field("target", .fields(target)), Field("options", .flags),
  ]
  private static let kind = [Field("group", .text), Field("version", .text), Field("kind", .text)]
  private static let object = kind + [Field("name", .text), Field("namespace", .text)]
  private static let target = object + [Field("labelSelector", .text), Field("annotationSelector", .text)]
  private static let replacement = [
    Field("path", .text),
    Field("source", .fields(object + [Field("fieldPath", .text), Field("options", .fields(fieldOptions))])),
    Field(
      "targets",
      .list(
        of: .fields([
          Field("select", .fields(target)), Field("reject", .list(of: .fields(target))),
          Field("fieldPaths", .list(of: .text)), Field("options", .fields(fieldOptions)),
        ]))),
  ]
  private static let fieldOptions = [
    Field("delimiter", .text), Field("index", .number), Field("encoding", .text), Field("create", .flag),
  ]
  private static let variable = [
    Field("name", .text), Field("objref", .fields(object + [Field("apiVersion", .text)])),
    Field("fieldref", .fields([Field("fieldPath", .text)])),
  ]
  private static let sortOptions = [
    Field("order", .text),
    Field(
      "legacySortOptions",
      .fields([Field("orderFirst", .list(of: .text)), Field("orderLast", .list(of: .text))])),
  ]
  private static let image = [
    Field("name", .text), Field("newName", .text), Field("newTag", .text), Field("tagSuffix", .text),
    Field("digest", .text),
  ]
  private static let generator = [
    Field("name", .text), Field("namespace", .text), Field("behavior", .text), Field("literals", .list(of: .text)),
    Field("files", .list(of: .text)), Field("envs", .list(of: .path)), Field("env", .text),
    Field("options", .fields(generatorOptions)),
  ]
  private static let generatorOptions = [
    Field("labels", .labels), Field("annotations", .labels), Field("disableNameSuffixHash", .flag),
    Field("immutable", .flag),
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
    for key in ["configMapGenerator", "secretGenerator"] as [StaticString] {
      for fault in KustomizationGenerators(root.items(of: key)).faults { report(fault.broken, at: fault.place) }
    }
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
    case .path where value.isText(""):
      report(.noPath, at: value.range)
      return
    case .text, .path:
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
    case .flag:
      if value.isScalar, case .bool = ScalarValue(value) { return }
      // Its reader knows more words than YAML 1.2 does.
      let words = ["y", "yes", "on", "n", "no", "off"]
      if value.isScalar, value.style == .plain, words.contains(value.text.lowercased()) { return }
    case .labels, .flags:
      guard value.isMapping else { break }
      let isOfFlags = if case .flags = shape { true } else { false }
      for entry in value.entries { check(entry.value, isOfFlags ? .flag : .text, of: entry.key.text) }
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
    // Where the entries of a generator stand, a password may.
    let shown = name == "literals" && value.isScalar ? "a value" : value.shown
    report(.type(shown, field: name, expected: shape.expected), at: value.isScalar ? value.textRange : value.range)
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
