import PortModel
import SourceText
import SourceYAML

/// Builds in memory what kustomize makes of a kustomization and of all that it brings in, each part at the place where it
/// is written.
///
/// Source: kustomize `api/internal/target/kusttarget.go`.
struct KustomizeBuild {
  enum Outcome {
    /// It cannot go on without these files.
    case needs([String])
    /// The objects, with what is wrong with the building, and the files whose objects they are.
    case built(Inventory, parts: Set<ExactText>)
    /// Nothing is changed, or nobody can say what is built: each file stands for itself, and perhaps something is wrong.
    case asItStands([Problem])
  }

  /// How many objects are built of one kustomization, and how many kustomizations it is made of.
  private static let mostObjects = 10_000
  private static let mostLayers = 1000
  /// How many nodes all parts and all that is made of them may be.
  static let mostNodes = 1 << 20

  private let file: SourceFile
  private let supplied: SuppliedFiles
  private let store = NodeStore()
  private var layers: [ExactText: KustomizeLayer] = [:]
  private var sources: [ExactText: [YAMLNode]] = [:]
  private var wanted: [String] = []
  private var parts: Set<ExactText> = []
  private var laid = 0
  /// What this kustomization brings in at the moment.
  private var entry: YAMLNode?
  private var problems: [Problem] = []

  init(of file: SourceFile, _ supplied: SuppliedFiles) {
    self.file = file
    self.supplied = supplied
  }

  /// Why nothing is built.
  private enum Stop: Error {
    case notKnown
    /// More is made of it than may be.
    case tooMuch
    /// A kustomization of that path leads back to itself.
    case circle(String)
  }

  mutating func run() -> Outcome {
    do throws(Stop) {
      try gather()
    } catch {
      return asItStands(stoppedBy: error)
    }
    if !wanted.isEmpty { return .needs(wanted) }
    // By itself a component builds nothing.
    if layers[file.path.exact]?.isComponent ?? false { return .asItStands([]) }
    do throws(Stop) {
      var objects: [BuiltObject] = []
      try lay(file.path, over: &objects, under: [])
      guard bringsTogether || layers.values.contains(where: \.changesObjects) else { return .asItStands([]) }
      KustomizeNames(store).mendReferences(of: &objects)
      var inventory = Inventory()
      for object in objects {
        let first = inventory.owners.count
        KubernetesReader(root: object.inOrderOfPlaces(store), file: file).read(into: &inventory)
        if object.isOpen { inventory.makePartial(from: first) }
      }
      for index in inventory.owners.indices { inventory.owners[index].build = file.id }
      inventory.problems += problems
      return .built(inventory, parts: parts)
    } catch {
      return asItStands(stoppedBy: error)
    }
  }

  private mutating func asItStands(stoppedBy stop: Stop) -> Outcome {
    switch stop {
    case .notKnown: return .asItStands([])
    case .tooMuch:
      let place = layers[file.path.exact]?.root.entries.first?.key.range
      problems = []
      problems.report(
        .limitExceeded(.broughtIn(KustomizeBuild.mostNodes)), at: place ?? SourceRange(file: file.id, start: 0, end: 0))
    case .circle(let path):
      // Whoever only leads to a circle is no part of it.
      if path.isExactly(file.path), let entry {
        problems.report(.brokenInclude(.circle(file.folder.withoutLastSlash)), at: entry.textRange)
      }
    }
    return .asItStands(problems)
  }

  /// Whether what would stand for itself comes together: the manifests of one folder do so anyway.
  private var bringsTogether: Bool {
    layers.count > 1 || parts.contains { !$0.text.folderPath.isExactly(file.folder) }
  }

  // MARK: - What it is made of

  /// Finds all kustomizations, and asks for what is not there yet.
  private mutating func gather() throws(Stop) {
    var pending = [file]
    while let next = pending.popLast() {
      guard layers[next.path.exact] == nil else { continue }
      guard layers.count < KustomizeBuild.mostLayers, let layer = KustomizeLayer(next, try roots(of: next)) else {
        throw .notKnown
      }
      layers[next.path.exact] = layer
      for brought in layer.resources("resources", "bases", "components") {
        switch try resource(at: brought.path) {
        case .kustomization(let file): pending.append(file)
        case .manifest, nil: break
        }
      }
      let patches = layer.patches
      for path in (patches.first + patches.last).compactMap(\.path) where supplied[path] == nil { wanted.append(path) }
    }
  }

  private enum Resource {
    case manifest(SourceFile)
    case kustomization(SourceFile)
  }

  /// What a path of resources means: a file, or the kustomization of a folder; nothing before that is known.
  private mutating func resource(at path: String) throws(Stop) -> Resource? {
    if supplied.cause(unreadAt: path) != nil { throw .notKnown }
    guard let found = supplied[path] else {
      wanted.append(path)
      return nil
    }
    if let file = found { return .manifest(file) }
    let folder = path.isEmpty || path.endsInSlash ? path : path + "/"
    let names = Kustomization.names.map { folder + $0 }
    if names.contains(where: { supplied.cause(unreadAt: $0) != nil }) { throw .notKnown }
    let missing = names.filter { supplied[$0] == nil && !$0.isExactly(file.path) }
    guard missing.isEmpty else {
      wanted += missing
      return nil
    }
    let files = names.compactMap { $0.isExactly(file.path) ? file : supplied[$0] ?? nil }
    guard files.count == 1 else { throw .notKnown }
    return .kustomization(files[0])
  }

  /// The roots of a file's documents, but for those that hold no port.
  private mutating func roots(of file: SourceFile) throws(Stop) -> [YAMLNode] {
    if let known = sources[file.path.exact] { return known }
    let source = store.keep(file)
    var roots: [YAMLNode] = []
    let lend =
      Kustomization.isOne(file.path) ? supplied.cache.lendDocuments : supplied.cache.parseDocuments
    let outcome = lend(file) { document in
      if !document.root.isNull { roots.append(store.keep(document, of: source)) }
    }
    guard outcome.failure == nil else { throw .notKnown }
    try checkNodes()
    sources[file.path.exact] = roots
    return roots
  }

  // MARK: - What is made of it

  /// Adds the objects that a kustomization brings, and changes them as it says; a component changes those of others too.
  private mutating func lay(
    _ path: String, over objects: inout [BuiltObject], under above: Set<ExactText>
  ) throws(Stop) {
    laid += 1
    if above.contains(path.exact) { throw .circle(path) }
    guard let layer = layers[path.exact], laid <= KustomizeBuild.mostLayers else { throw .notKnown }
    let below = above.union([path.exact])
    let isOuter = path.isExactly(file.path)
    if !isOuter { parts.insert(path.exact) }
    for brought in layer.resources("resources", "bases") {
      if isOuter { entry = brought.node }
      switch try resource(at: brought.path) {
      case .kustomization(let file):
        var own: [BuiltObject] = []
        try lay(file.path, over: &own, under: below)
        objects += own
      case .manifest(let file):
        parts.insert(file.path.exact)
        objects += try self.objects(of: file)
      case nil: throw .notKnown
      }
      guard objects.count <= KustomizeBuild.mostObjects else { throw .notKnown }
    }
    guard BuiltObject.areDistinct(objects) else { throw .notKnown }
    for brought in layer.resources("components") {
      if isOuter { entry = brought.node }
      guard case .kustomization(let file)? = try resource(at: brought.path) else { throw .notKnown }
      try lay(file.path, over: &objects, under: below)
    }
    try change(&objects, as: layer, isOwn: isOuter || layer.isComponent)
    try checkNodes()
  }

  private func checkNodes() throws(Stop) {
    if store.count >= KustomizeBuild.mostNodes { throw .tooMuch }
  }

  private mutating func objects(of file: SourceFile) throws(Stop) -> [BuiltObject] {
    var objects: [BuiltObject] = []
    for root in try roots(of: file) {
      guard KubernetesReader.recognises(root) else { throw .notKnown }
      let isList = root.value("kind")?.isText("List") == true
      for node in isList ? Array(root.items(of: "items")) : [root] {
        guard KubernetesReader.recognises(node), let object = BuiltObject(node) else { throw .notKnown }
        objects.append(object)
      }
    }
    return objects
  }

  /// Changes objects in the order that kustomize keeps.
  ///
  /// - Parameter isOwn: Whether what is wrong with it is said nowhere else.
  private mutating func change(
    _ objects: inout [BuiltObject], as layer: KustomizeLayer, isOwn: Bool
  ) throws(Stop) {
    let patches = layer.patches
    let before = problems.count
    for patch in patches.first { try apply(patch, to: &objects) }
    let names = KustomizeNames(store)
    if let namespace = layer.root.value("namespace"), !namespace.isNull { names.move(&objects, to: namespace) }
    names.rename(&objects, prefix: layer.root.value("namePrefix"), suffix: layer.root.value("nameSuffix"))
    KustomizeLabels(store, layer.root).label(&objects)
    for patch in patches.last { try apply(patch, to: &objects) }
    if !isOwn { problems.removeLast(problems.count - before) }
    names.scale(&objects, layer.root.items(of: "replicas"))
    names.exchangeImages(of: &objects, layer.root.items(of: "images"))
    open(&objects, as: layer)
  }

  /// Marks those that are changed in ways that are not followed.
  private func open(_ objects: inout [BuiltObject], as layer: KustomizeLayer) {
    let replaced = layer.replaced
    if replaced?.isEmpty == true, !layer.opensAll { return }
    for index in objects.indices {
      let isPicked = replaced.map {
        $0.contains { $0.picks(objects[index].object) || objects[index].wasPicked(by: $0) }
      }
      if layer.opensAll || isPicked ?? true { objects[index].open() }
    }
  }

  /// The documents of a patch.
  private mutating func documents(of patch: KustomizePatch) throws(Stop) -> [YAMLNode] {
    switch patch.content {
    case .file(let path):
      guard let file = supplied[path] ?? nil else { throw .notKnown }
      return try roots(of: file)
    case .inline(let node):
      if !node.isScalar { return [node] }
      guard let roots = store.keepDocuments(in: node) else { throw .notKnown }
      return roots.filter { !$0.isNull }
    case .unknown: throw .notKnown
    }
  }

  private mutating func apply(_ patch: KustomizePatch, to objects: inout [BuiltObject]) throws(Stop) {
    let target: KustomizeTarget?
    if let node = patch.target {
      guard let known = KustomizeTarget(node) else { throw .notKnown }
      target = known
    } else {
      target = nil
    }
    for document in try documents(of: patch) {
      let places: [Int]
      if let target {
        places = objects.indices.filter { target.picks(objects[$0].object) || objects[$0].wasPicked(by: target) }
      } else {
        guard let meant = BuiltObject(document) else { throw .notKnown }
        places = objects.indices.filter { objects[$0].isMeant(by: meant.object) }
        // Which of several is meant kustomize does not say.
        if places.count > 1 { throw .notKnown }
        if places.isEmpty, !objects.isEmpty { report(patchOf: meant.object) }
      }
      if !places.isEmpty, let path = patch.path { parts.insert(path.exact) }
      var isRefused = false
      for place in places.reversed() {
        try checkNodes()
        let object = objects[place].object
        switch objects[place].apply(document, store) {
        case .changed: break
        case .removed: objects.remove(at: place)
        case .refused(let path, let range, let isTest):
          // Once is enough, however many objects it is for.
          if isRefused { continue }
          isRefused = true
          let broken: Problem.BrokenInclude =
            isTest ? .failedTest(path, object: object.shown) : .missingPath(path, object: object.shown)
          problems.report(.brokenInclude(broken), at: range)
        }
      }
    }
  }
}

extension KustomizeBuild {
  /// Says that there is no object that a patch is for, where all that is brought in is in view.
  private mutating func report(patchOf object: KubernetesObject) {
    let isPassedOver = PortlessKind.all.contains { object.kind == "\($0.kind)" && object.group == "\($0.group)" }
    if isPassedOver || layers.values.contains(where: \.bringsMore) { return }
    problems.report(.brokenInclude(.missingObject(object.shown)), at: object.place)
  }
}

/// An object on its way through a build.
struct BuiltObject {
  private(set) var object: KubernetesObject
  /// The names and namespaces that it had before.
  private(set) var earlier: [(name: ExactText, namespace: ExactText?)] = []
  /// Whether something was done to it that nobody can foresee.
  private(set) var isOpen = false

  init?(_ node: YAMLNode) {
    guard node.isMapping, let kind = node.value("kind"), let version = node.value("apiVersion") else { return nil }
    object = KubernetesObject(node, kind: kind.text, version: version.text)
    guard object.name != nil else { return nil }
  }

  mutating func open() {
    isOpen = true
  }

  /// Changes the object's text.
  mutating func become(_ node: YAMLNode) {
    let now = KubernetesObject(node, kind: object.kind, version: node.value("apiVersion")?.text ?? "v1")
    if let name = object.name, now.name?.exact != name.exact || now.namespace?.exact != object.namespace?.exact {
      earlier.append((name.exact, object.namespace?.exact))
    }
    object = now
  }

  /// Whether it has a name, or had it before.
  func isOrWasCalled(_ name: String) -> Bool {
    object.name?.isExactly(name) == true || earlier.contains { $0.name == name.exact }
  }

  /// Whether a patch speaks of it.
  func isMeant(by other: KubernetesObject) -> Bool {
    guard other.kind.isExactly(object.kind), other.group == object.group, other.version == object.version,
      let name = other.name
    else { return false }
    let space = { (namespace: ExactText?) in namespace?.text ?? "default" }
    let wanted = space(other.namespace?.exact)
    let names = earlier + [(object.name?.exact ?? "".exact, object.namespace?.exact)]
    return names.contains { $0.name == name.exact && space($0.namespace).isExactly(wanted) }
  }

  /// Whether a target picks it by a name that it had before.
  func wasPicked(by target: KustomizeTarget) -> Bool {
    earlier.contains { target.picks(object.called($0.name.text, in: $0.namespace?.text)) }
  }

  /// What a patch does to an object.
  enum Effect {
    case changed
    case removed
    /// kustomize refuses the operation of this path.
    case refused(path: String, at: SourceRange, isTest: Bool)
  }

  /// Lays a patch over the object.
  mutating func apply(_ patch: YAMLNode, _ store: NodeStore) -> Effect {
    if patch.isSequence { return carryOut(patch, store) }
    do throws(StrategicMerge.NotKnown) {
      let merge = StrategicMerge(store: store, isBuiltIn: object.isBuiltIn, kind: object.kind)
      guard let merged = try merge.merge(patch, into: object.node) else { return .removed }
      become(keepingNames(merged, store))
    } catch {
      isOpen = true
    }
    return .changed
  }

  private mutating func carryOut(_ operations: YAMLNode, _ store: NodeStore) -> Effect {
    // Of what nobody can foresee, nobody knows what fails on it.
    let wasOpen = isOpen
    do throws(OperationsPatch.Failure) {
      become(try OperationsPatch(store: store).apply(operations, to: object.node))
    } catch {
      isOpen = true
      if case .refused(let path, let range, let isTest) = error, !wasOpen {
        return .refused(path: path, at: range, isTest: isTest)
      }
    }
    return .changed
  }

  /// The object with its ports and containers as they are written, and behind them what patches brought: of two that do
  /// not go together, the later is at fault.
  func inOrderOfPlaces(_ store: NodeStore) -> YAMLNode {
    let home = object.place.file
    let inOrder = { (list: YAMLNode) -> YAMLNode in
      guard list.isSequence else { return list }
      let items = Array(list.items)
      let own = items.filter { $0.range.file == home }
      return store.sequence(own.sorted { $0.range < $1.range } + items.filter { $0.range.file != home }, like: list)
    }
    var node = object.node
    for pod in object.pathsOfPods {
      for list in ["containers", "initContainers"] as [StaticString] {
        node = store.changing((pod + [list, "ports"])[...], of: node, inOrder)
        node = store.changing((pod + [list])[...], of: node, inOrder)
      }
    }
    return object.kind == "Service" ? store.changing(["spec", "ports"], of: node, inOrder) : node
  }

  /// What is left of a patch's own names, which only say what it is for.
  private func keepingNames(_ merged: YAMLNode, _ store: NodeStore) -> YAMLNode {
    guard let metadata = merged.value("metadata"), metadata.isMapping else { return merged }
    let isName = { (key: YAMLNode) in key.isText("name") || key.isText("namespace") }
    let names = object.node.value("metadata")?.entries.filter { isName($0.key) } ?? []
    let kept = store.mapping(names + metadata.entries.filter { !isName($0.key) }, like: metadata)
    return store.setting(["metadata"], of: merged, to: kept)
  }

  /// Whether no two are one object.
  static func areDistinct(_ objects: [BuiltObject]) -> Bool {
    var seen: Set<[ExactText]> = []
    return objects.allSatisfy { built in
      let object = built.object
      return seen.insert(
        [object.group, object.kind, object.namespace ?? "", object.name ?? ""].map(\.exact)
      ).inserted
    }
  }
}

extension KubernetesObject {
  /// Whether the object is of a kind that the API server brings.
  fileprivate var isBuiltIn: Bool {
    ["", "apps", "batch", "networking.k8s.io", "admissionregistration.k8s.io", "discovery.k8s.io", "policy"]
      .contains(group)
  }

  /// How a message names the object.
  fileprivate var shown: String { "\(kind) '\(name ?? "")'" }

  /// The object under another name.
  fileprivate func called(_ name: String, in namespace: String?) -> KubernetesObject {
    var other = self
    (other.name, other.namespace) = (name, namespace)
    return other
  }
}
