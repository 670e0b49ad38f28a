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
    /// Each file stands for itself, and perhaps something is wrong: nothing is changed, or nobody can say what is built.
    case asItStands(AsItStands)
  }

  /// What is said where each file stands for itself.
  struct AsItStands {
    var problems: [Problem] = []
    /// What another kustomization names, and without which nothing is built.
    var absent: KustomizationPath?
  }

  /// How many objects are built of one kustomization, and how far kustomizations may bring one another in.
  private static let mostObjects = 10_000
  private static let mostSteps = 1000

  private let file: SourceFile
  private var sources: KustomizeSources
  private var parts: Set<ExactText> = []
  private var laid = 0
  /// How many kustomizations and objects were laid out, each object as often as one might change it.
  private var laidOut = 0
  /// How many of its claims the size of its files has no room for.
  private(set) var denseClaims = 0
  /// The kustomizations that bring in the one that is laid out, each with where it brings in what is at the moment.
  private var trail: [(layer: KustomizeLayer, entry: SourceRange?)] = []
  private var problems: [Problem] = []

  /// How much was built: what was laid out, and what was held against it, which takes less.
  var steps: Int { laidOut + sources.comparisons >> 6 }

  init(of file: SourceFile, _ supplied: SuppliedFiles) {
    self.file = file
    sources = KustomizeSources(of: file, supplied)
  }

  mutating func run() -> Outcome {
    do throws(KustomizeStop) {
      try sources.gather()
      if !sources.wanted.isEmpty { return .needs(sources.wanted) }
      // By itself a component builds nothing.
      guard let layer = sources.layers[file.path.exact], !layer.isComponent else { return .asItStands(AsItStands()) }
      var objects = try lay(layer)
      guard bringsTogether || sources.layers.values.contains(where: \.changesObjects) else {
        return .asItStands(AsItStands(problems: problems))
      }
      KustomizeNames(sources.store).mendReferences(of: &objects)
      return .built(try inventory(of: objects), parts: parts)
    } catch {
      return .asItStands(asItStands(stoppedBy: error))
    }
  }

  private func asItStands(stoppedBy stop: KustomizeStop) -> AsItStands {
    var result = AsItStands(problems: sources.problems + problems)
    let layer = sources.layers[file.path.exact]
    switch stop {
    case .refused: break
    case .absent(let path):
      // What it names itself is looked at wherever it is.
      if path.place.file != file.id { result.absent = path }
    case .notFollowed(let path):
      guard let path, sources.layers.values.contains(where: \.changesObjects) else { break }
      result.problems.report(.notBuilt(.everything, folder: file.folder.asFolderPath), at: path.place)
    case .tooMuch(let limit):
      let place = layer?.root.entries.first?.key.range ?? SourceRange(file: file.id, start: 0, end: 0)
      result.problems = []
      result.problems.report(.limitExceeded(limit), at: place)
    case .circle(let folder, let place):
      result.problems.report(.brokenInclude(.circle(folder.asFolderPath)), at: place)
    }
    return result
  }

  /// Whether what would stand for itself comes together: the manifests of one folder do so anyway.
  private var bringsTogether: Bool {
    sources.layers.count > 1 || parts.contains { !$0.text.folderPath.isExactly(file.folder) }
  }
}

// MARK: - Objects and their changes

extension KustomizeBuild {
  /// The objects that a kustomization makes.
  private mutating func lay(_ layer: KustomizeLayer) throws(KustomizeStop) -> [BuiltObject] {
    var objects: [BuiltObject] = []
    try lay(layer, over: &objects)
    return objects
  }

  /// Adds the objects that a kustomization brings, and changes them as it says; a component changes those of others too.
  private mutating func lay(_ layer: KustomizeLayer, over objects: inout [BuiltObject]) throws(KustomizeStop) {
    laid += 1
    if laid > KustomizeSources.mostLayers { throw .tooMuch(.broughtIn(KustomizeSources.mostLayers)) }
    if trail.count > KustomizeBuild.mostSteps { throw .tooMuch(.broughtIn(KustomizeBuild.mostSteps)) }
    trail.append((layer, nil))
    defer { trail.removeLast() }
    if trail.count > 1 { parts.insert(layer.file.path.exact) }
    var known: [BuiltObject.Identity: BuiltObject] = [:]
    for object in objects { known[object.identity] = object }
    for path in layer.paths where path.use == .resource {
      let brought = try self.objects(at: path)
      for object in brought { try check(object, against: known.updateValue(object, forKey: object.identity), at: path) }
      objects += brought
      if objects.count > KustomizeBuild.mostObjects { throw .tooMuch(.broughtIn(KustomizeBuild.mostObjects)) }
    }
    for path in layer.paths where path.use == .component {
      guard case .kustomization(let file) = try meaning(of: path) else { throw .absent(path) }
      let component = try self.layer(of: file, at: path)
      guard component.isComponent else {
        problems.report(.brokenInclude(.noComponent), at: path.place)
        throw .refused
      }
      try lay(component, over: &objects)
    }
    for path in layer.paths where path.use == .plugin || path.use == .settings {
      // What it says is not followed, but it has to say something.
      if path.mayBeFolder, case .kustomization = try meaning(of: path) { continue }
      _ = try sources.roots(at: path)
    }
    laidOut += 1 + objects.count
    try change(&objects, as: layer)
    try sources.checkNodes()
  }

  /// What a path of the kustomization that is laid out means.
  private mutating func meaning(of path: KustomizationPath) throws(KustomizeStop) -> KustomizeSources.Meaning {
    trail[trail.count - 1].entry = path.place
    guard let meaning = try sources.meaning(of: path) else { throw .absent(path) }
    return meaning
  }

  /// The kustomization of a file that the one which is laid out brings in.
  private func layer(of file: SourceFile, at path: KustomizationPath) throws(KustomizeStop) -> KustomizeLayer {
    if trail.contains(where: { $0.layer.file.path.isExactly(file.path) }) {
      // It is said of each that is part of the circle, and of whoever only leads to it at the last.
      let isOwn = file.path.isExactly(self.file.path)
      let link = isOwn ? trail.first : trail.last
      throw .circle(folder: link?.layer.file.folder ?? "", at: link?.entry ?? path.place)
    }
    guard let layer = sources.layers[file.path.exact] else { throw .absent(path) }
    return layer
  }

  /// The objects that a path brings in.
  private mutating func objects(at path: KustomizationPath) throws(KustomizeStop) -> [BuiltObject] {
    let file: SourceFile
    switch try meaning(of: path) {
    case .kustomization(let file):
      let layer = try layer(of: file, at: path)
      guard !layer.isComponent else {
        problems.report(.brokenInclude(.component), at: path.place)
        throw .refused
      }
      return try lay(layer)
    case .file(let found): file = found
    }
    // Without leave, kustomize takes no file from beside or above the kustomization: such a file stands for itself.
    if path.isOutside { throw .notFollowed(path) }
    parts.insert(file.path.exact)
    var objects: [BuiltObject] = []
    for root in try sources.roots(at: path) {
      guard KubernetesReader.recognises(root) else { throw stop(atNoObject: root, of: path) }
      let isList = root.value("kind")?.isText("List") == true
      for node in isList ? Array(root.items(of: "items")) : [root] {
        guard KubernetesReader.recognises(node), let object = BuiltObject(node) else {
          throw stop(atNameless: node, of: path)
        }
        objects.append(object)
      }
    }
    return objects
  }

  /// What becomes of a build that is to bring in an object whose name cannot be told.
  private mutating func stop(atNameless node: YAMLNode, of path: KustomizationPath) -> KustomizeStop {
    let metadata = node.value("metadata")
    let name = metadata?.value("name")
    let mayHaveName =
      [metadata, name].contains { $0?.isOpen ?? false } || name.map { !$0.isNull && !$0.isText("") } ?? false
    guard KubernetesReader.recognises(node), !mayHaveName, !node.has("items"), let kind = node.value("kind"),
      !kind.isOpen
    else { return .notFollowed(path) }
    problems.report(.brokenInclude(.brokenKustomization(.nameless(kind.text))), at: kind.textRange)
    return .refused
  }

  /// What becomes of a build that is to bring in what is no object.
  private mutating func stop(atNoObject root: YAMLNode, of path: KustomizationPath) -> KustomizeStop {
    let mayBeOne = root.isOpen || root.has("kind")
    // What is empty brings nothing.
    if mayBeOne || !root.isScalar && root.count == 0 { return .notFollowed(path) }
    let place = root.entries.first?.key.range ?? root.textRange
    problems.report(.brokenInclude(.noObject), at: place)
    return .refused
  }

  /// Sees that an object is not there already.
  private mutating func check(
    _ object: BuiltObject, against other: BuiltObject?, at path: KustomizationPath
  ) throws(KustomizeStop) {
    guard let other else { return }
    // Those of two versions are two, of which each may be meant.
    if object.isOpen || other.isOpen || !object.object.version.isExactly(other.object.version) {
      throw .notFollowed(path)
    }
    problems.report(.brokenInclude(.objectTwice(object.object.shown)), at: path.place)
    throw .refused
  }

  /// Changes objects in the order that kustomize keeps.
  private mutating func change(_ objects: inout [BuiltObject], as layer: KustomizeLayer) throws(KustomizeStop) {
    let patches = layer.patches
    try lay(patches.first, of: layer, over: &objects)
    let names = KustomizeNames(sources.store)
    if let namespace = layer.root.value("namespace"), !namespace.isNull { names.move(&objects, to: namespace) }
    names.rename(&objects, prefix: layer.root.value("namePrefix"), suffix: layer.root.value("nameSuffix"))
    try KustomizeLabels(sources.store, layer.root).label(&objects, of: sources)
    try lay(patches.last, of: layer, over: &objects)
    let idle = names.scale(&objects, layer.root.items(of: "replicas"))
    // With settings of its own, kustomize may count the copies of other kinds.
    if let name = idle.first, sources.areWhole, layer.keyOpeningAll == nil {
      problems.report(.brokenInclude(.nothingToScale(name.text)), at: name.textRange)
      throw .refused
    }
    names.exchangeImages(of: &objects, layer.root.items(of: "images"))
    try open(&objects, as: layer)
  }

  private mutating func lay(
    _ patches: [KustomizePatch], of layer: KustomizeLayer, over objects: inout [BuiltObject]
  ) throws(KustomizeStop) {
    var stage = KustomizePatches(of: layer)
    defer {
      problems += stage.problems
      parts.formUnion(stage.files)
    }
    try stage.lay(patches, over: &objects, &sources)
  }

  /// Marks those that are changed in ways that are not followed.
  private mutating func open(_ objects: inout [BuiltObject], as layer: KustomizeLayer) throws(KustomizeStop) {
    func openings(_ key: YAMLNode, _ mayChangePorts: Bool) -> BuiltObject.Opening {
      .notFollowed(
        BuiltObject.NotFollowed(
          field: key.text, place: key.textRange, folder: layer.file.folder, mayChangePorts: mayChangePorts))
    }
    if let key = layer.keyOpeningAll {
      for index in objects.indices { objects[index].open(by: openings(key, true)) }
    }
    let replacements = layer.replacements
    guard !replacements.isEmpty, let key = layer.root.key("replacements") else { return }
    var found = BuiltObjects(objects)
    for replacement in replacements {
      let numbers = replacement.target.map { found.numbers(pickedBy: $0) } ?? found.numbersOfAll()
      try sources.count(comparisons: found.takeComparisons())
      for number in numbers { found.open(number, by: openings(key, replacement.mayChangePorts)) }
    }
    objects = found.rest
  }
}

// MARK: - What is built

extension KustomizeBuild {
  /// What the objects claim, and what of them is not known.
  private mutating func inventory(of objects: [BuiltObject]) throws(KustomizeStop) -> Inventory {
    var inventory = Inventory()
    // One patch may add its claims to every object.
    var limit = ClaimLimit(ofBytes: file.bytes.count + sources.size(of: parts), at: file.path)
    defer { denseClaims = limit.dense }
    var unknown: [ExactText: BuiltObject.NotFollowed] = [:]
    for object in objects {
      let first = inventory.owners.count
      let before = inventory.claims
      KubernetesReader(root: object.inOrderOfPlaces(sources.store), file: file).read(into: &inventory)
      if case .refused(let limit?) = limit.answer(to: inventory.claims - before, of: nil) { throw .tooMuch(limit) }
      guard let opening = object.opening else { continue }
      if inventory.claims > before, case .notFollowed(let change) = opening, change.mayChangePorts {
        // Once for each kustomization is enough, at its first.
        let folder = change.folder.exact
        if unknown[folder].map({ change.place < $0.place }) ?? true { unknown[folder] = change }
      }
      inventory.makePartial(from: first)
    }
    for index in inventory.owners.indices { inventory.owners[index].build = file.id }
    inventory.problems += problems
    for change in unknown.values.sorted(by: { $0.place < $1.place }) {
      inventory.problems.report(
        .notBuilt(.change(field: change.field), folder: change.folder.asFolderPath), at: change.place)
    }
    return inventory
  }
}

extension Inventory {
  /// How much it says of ports.
  fileprivate var claims: Int { bindings.count + references.count }
}

extension String {
  /// The path of a folder that may be the current one, without the slash at its end.
  var asFolderPath: String {
    isEmpty ? "." : utf8.count > 1 ? withoutLastSlash : self
  }
}
