import PortModel
import SourceText
import SourceYAML

/// Recognises Compose documents and gathers those of one file.
struct ComposeReader {
  private let file: SourceFile
  private var supplied: SuppliedFiles
  private let companions: Companions?
  private let project: ComposeListing?
  private let idle: Set<ExactText>
  // Most files are none of Compose's, so their projects are not looked for.
  private lazy var layout = ComposeLayout(of: file, supplied: supplied, project: project, idle: idle)
  private lazy var lowering = ComposeLowering(file: file, environment: layout.environment)
  /// The documents that are Compose's, in their order.
  private var documents: [ComposeFile] = []

  init(
    file: SourceFile, supplied: SuppliedFiles, companions: Companions?, project: ComposeListing?, idle: Set<ExactText>
  ) {
    self.file = file
    self.supplied = supplied
    self.companions = companions
    self.project = project
    self.idle = idle
  }

  /// The files that must be known before the first document can be lowered, where the file's name says that it is
  /// Compose's: so it is not read twice.
  static func wantedPaths(
    for file: SourceFile, beside companions: Companions?, of project: ComposeListing?
  ) -> [String] {
    hasComposeName(file.path) ? ComposeLayout.wantedPaths(for: file, beside: companions, of: project) : []
  }

  /// Whether a document is Compose's: `services` maps names to mappings, at least one of which says what runs.
  ///
  /// A file that has one of Compose's own names may leave that open.
  static func recognises(_ root: YAMLNode, path: String) -> Bool {
    // A Kubernetes object may have `services` of its own.
    if root.has("apiVersion"), root.has("kind") { return false }
    if hasComposeName(path) || hasComposeName(path, before: "-"), root.value("include")?.isSequence == true {
      return true
    }
    guard let services = root.value("services"), services.isMapping else {
      return hasComposeName(path) && ComposeLayout.isDockersOwn(path.fileName) && misspeltServices(of: root) != nil
    }
    let entries = services.entries
    if entries.contains(where: { saysWhatRuns($0.value) }) {
      return hasComposeName(path) || hasComposeName(path, before: "-") || !entries.contains { isOfChart($0.value) }
        || ComposeLowering.stackNames.contains { $0 == path.fileName }
    }
    return hasComposeName(path) && entries.allSatisfy { $0.value.isMapping || ScalarValue($0.value) == .null }
  }

  /// The key that nearly says `services`, where what stands behind it is services: Compose refuses it.
  static func misspeltServices(of root: YAMLNode) -> YAMLNode? {
    guard let (key, _) = root.misspeltKeys(among: ["services"]).first else { return nil }
    let services = root.entries.first { $0.key.range == key.range }?.value
    return services?.entries.contains { saysWhatRuns($0.value) } == true ? key : nil
  }

  private static func saysWhatRuns(_ service: YAMLNode) -> Bool {
    ["image", "build", "ports", "extends", "provider"].contains { (key: StaticString) in service.has(key) }
  }

  /// Whether a service is described as the values of Helm charts describe theirs: by a mapping where Compose takes a text
  /// or a list, or by ports with Kubernetes' keys.
  private static func isOfChart(_ service: YAMLNode) -> Bool {
    guard service.isMapping else { return false }
    if service.value("image")?.isMapping == true || service.value("ports")?.isMapping == true { return true }
    return service.items(of: "ports").contains { item in
      (["containerPort", "targetPort", "servicePort"] as [StaticString]).contains { item.has($0) }
    }
  }

  /// - Parameter sign: What stands behind Compose's own word.
  static func hasComposeName(_ path: String, before sign: StaticString = ".") -> Bool {
    guard path.hasSuffix(".yaml") || path.hasSuffix(".yml") else { return false }
    return path.fileName.utf8.withContiguousStorageIfAvailable { name in
      (["compose", "docker-compose"] as [StaticString]).contains { word in
        name.holds(word.bytes, at: 0) && name.dropFirst(word.utf8CodeUnitCount).first == sign.utf8Start.pointee
      }
    } ?? false
  }

  /// How many documents of one file make a project: all are kept until the last is read.
  private static let mostDocuments = 10_000
  /// What keeps a file's further documents from being read.
  private(set) var excess: (limit: Problem.Limit, place: SourceRange)?

  /// Lowers a document.
  mutating func read(_ document: YAMLDocument) {
    let most = ComposeReader.mostDocuments
    if documents.count == most, excess == nil {
      excess = (.documents(most), document.root.range)
    }
    guard excess == nil else { return }
    documents.append(lowering.lower(document))
  }

  /// The content of a config as Compose writes it; nothing where Compose refuses it.
  mutating func content(of node: YAMLNode, named name: String) -> EmbeddedText? {
    lowering.content(of: node, named: name)
  }

  /// How many of the file's own claims its size has no room for.
  var denseClaims: Int {
    mutating get { lowering.claims.dense }
  }

  /// The files that it includes, or whose services it extends, as far as it names them without variables.
  var broughtIn: [String] {
    documents.flatMap { document in
      let included = document.includes.flatMap(\.paths)
      let extended = document.services.compactMap { $0.extends?.file }
      return (included + extended).map { resolvedPath($0.path.value, from: file.folder) }
    }
  }

  /// Which files its project has.
  var files: (overlays: [String], areListed: Bool) {
    mutating get { (layout.underlays + layout.overrides, layout.isListed) }
  }

  /// What the file comes to, once all documents are read.
  ///
  /// - Parameter supplied: What the documents were read with, and maybe what they asked for.
  mutating func finish(with supplied: SuppliedFiles) -> ComposeOutcome {
    self.supplied = supplied
    // These are the first that are asked for, and all at once.
    if supplied.isEmpty {
      let wanted = ComposeLayout.wantedPaths(for: file, beside: companions, of: project)
      if !wanted.isEmpty { return .needs(wanted) }
    }
    if let main = layout.preceding.first {
      guard layout.isListed else { return .partOf(layout.preceding) }
      // What a list names that cannot be read is said where it names that.
      if supplied.cause(unreadAt: main) != nil { return .project(Inventory(), parts: ComposeParts()) }
      guard case .some = supplied[main] else { return .needs([main]) }
      return .partOf(layout.preceding)
    }
    if isFragment { return finishFragment() }
    var project = ComposeProject(file: file, environment: layout.environment, supplied: supplied)
    return project.assemble(
      documents, over: layout.underlays, under: layout.overrides, listedAt: layout.placeOfList)
  }

  /// Whether the file cannot run alone, for none of its services says what runs, and nobody says which files it belongs
  /// to.
  private var isFragment: Bool {
    mutating get {
      guard project == nil, layout.overrides.isEmpty, !layout.isListed, !ComposeParts.isProject(file.path) else {
        return false
      }
      let isWhole = documents.contains { document in
        !document.includes.isEmpty || document.lacksIncludes || document.services.contains(where: \.saysWhatRuns)
      }
      return !isWhole && documents.contains { !$0.services.isEmpty }
    }
  }

  private mutating func finishFragment() -> ComposeOutcome {
    let mains = ComposeLayout.mainPaths(of: file.folder, beside: companions)
    let wanted = mains.filter { supplied[$0] == nil }
    if !wanted.isEmpty { return .needs(wanted) }
    if let main = mains.compactMap({ supplied[$0] ?? nil }).first {
      var project = ComposeProject(file: file, environment: layout.environment, supplied: supplied)
      if let outcome = project.assemble(documents, over: main) { return outcome }
    }
    var project = ComposeProject(file: file, environment: layout.environment, supplied: supplied)
    let outcome = project.assemble(documents, under: [], listedAt: nil)
    // Nobody knows what lies beside what is piped in: under a name of its own it stands for a whole project.
    let mayBeWhole = companions == nil && !ComposeReader.hasComposeName(file.path)
    guard case .project(var inventory, let parts) = outcome, !mayBeWhole else { return outcome }
    inventory.makePartial()
    return .project(inventory, parts: parts)
  }
}

/// What the Compose documents of a file come to.
enum ComposeOutcome {
  /// The file belongs to the project of another, which says what it claims: of the first of these that leads one.
  case partOf([String])
  /// What lies beside the file has to be read first.
  case needs([String])
  /// Files that the project is put together from have to be read first.
  case includes([String])
  case project(Inventory, parts: ComposeParts)
}
