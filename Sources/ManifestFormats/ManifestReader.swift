import PortModel
import SourceText
import SourceYAML

/// Reads one file: every document goes to the format that it shows to be of, and none of it is an error.
///
/// - Parameters:
///   - file: The manifest.
///   - supplied: What was asked for in earlier answers.
///   - companions: What lies beside the file; nothing where that is not known.
///   - project: The Compose project that the file is of, where something beyond its folder says so; without it Docker's
///     own way to find one counts.
///   - idle: Files that lead no Compose project, whatever says that they are the first of one.
///   - formats: The formats beside those that are code.
///   - onlyDeclared: Whether documents of other formats are not read.
///   - isShared: Whether other manifests may need the file too, where that is known.
///   - onEveryCore: Where a large file may be read on several.
package func readManifest(
  _ file: SourceFile, supplied: SuppliedFiles, beside companions: Companions? = nil, project: ComposeListing? = nil,
  idle: Set<ExactText> = [], formats: FormatTable = .none, onlyDeclared: Bool = false,
  isShared: Bool? = nil, onEveryCore: OnEveryCore? = nil
) -> ReadingStep {
  let wanted = supplied.isEmpty ? ComposeReader.wantedPaths(for: file, beside: companions, of: project) : []
  guard wanted.isEmpty else { return .needs(wanted) }
  if let onEveryCore, !onlyDeclared,
    let reading = readInParts(file, among: formats, supplied.cache, onEveryCore: onEveryCore)
  {
    return .done(reading)
  }
  var reading = ManifestReading()
  // Most files hold no document of Compose's.
  var compose: ComposeReader?
  var plain = PlainReader(file: file)
  var declared = DeclaredReader(file: file)
  var embedded = EmbeddedDocuments(in: file, among: formats)
  let cache = supplied.cache
  let isKustomization = Kustomization.isOne(file.path)
  let lend = isShared ?? mayBeShared(file) || isKustomization ? cache.lendDocuments : cache.parseDocuments
  var hasNothing = true
  // What a document holds that is to be a kustomization, and is no mapping.
  var noMapping: (shown: String, place: SourceRange)?
  let outcome = lend(formats.asYAML(file)) { document in
    hasNothing = hasNothing && document.root.isNull
    if isKustomization, noMapping == nil, !document.root.isMapping, !document.root.isNull, !document.root.isOpen {
      noMapping = (document.root.shown, document.root.isScalar ? document.root.textRange : document.root.range)
    }
    let kustomization = onlyDeclared ? nil : Kustomization(document, file: file)
    if let kustomization {
      reading.kustomized += kustomization.paths
      // kustomize builds the first document alone.
      if !reading.isKustomization { reading.inventory.problems += kustomization.problems(in: file) }
      reading.isKustomization = true
    }
    if !onlyDeclared, let chart = HelmChart(document, file: file) { reading.chart = chart }
    guard let reader = Recognised(document, path: file.path, among: formats), reader.isDeclared || !onlyDeclared else {
      if kustomization != nil { SuppressionComments(of: document, in: file).read(into: &reading.inventory) }
      return
    }
    reading.count(document, of: reader.format)
    switch reader {
    case .compose:
      readSuppressions(of: document, in: file, into: &reading.inventory)
      if compose == nil {
        compose = ComposeReader(file: file, supplied: supplied, companions: companions, project: project, idle: idle)
      }
      compose?.read(document)
      embedded.look(intoConfigsOf: document.root) { compose?.content(of: $0, named: $1) }
    case .kubernetes:
      embedded.look(intoObjectsOf: document.root)
      for item in formats.documents(inListAt: document.root, path: file.path) {
        declared.read(item, or: &embedded, into: &reading.inventory)
      }
      reading.readKubernetes(document, in: file)
    case .plain:
      SuppressionComments(of: document, in: file).read(into: &reading.inventory)
      plain.read(document, into: &reading.inventory)
    case .declared(let part):
      SuppressionComments(of: document, in: file).read(into: &reading.inventory)
      declared.read(part, or: &embedded, into: &reading.inventory)
    }
  }
  for text in embedded.texts {
    let name = text.file.path
    var isMeant = formats.seemsMeant(text.file)
    let outcome = text.replaced(formats.asYAML).read(keepingCommentsWith: suppressionMark) { document in
      guard case .declared(let part)? = Recognised(document, path: name, among: formats) else { return }
      isMeant = true
      reading.count(document, of: Format(id: part.format.id))
      SuppressionComments(of: document, in: file).read(into: &reading.inventory)
      if !part.root.isScalar { declared.read(part, named: name, into: &reading.inventory) }
    }
    if isMeant { reading.inventory.problems.reportUnread(outcome, besideOthers: true) }
  }
  reading.countPassedOver(outcome.passedOver)
  // What has nothing but a word that a declared format has too may be anything.
  if outcome.failure != nil,
    reading.documents > 0 || mayBeManifest(file) || formats.names(file.path) || seemsDeclared(file, formats)
  {
    reading.reportUnread(outcome)
  }
  if compose == nil, !isKustomization { cache.forget(file) }
  reading.denseClaims = max(plain.claims.dense, declared.claims.dense, compose?.denseClaims ?? 0)
  if let (limit, place) = compose?.excess { reading.inventory.problems.report(.limitExceeded(limit), at: place) }
  if let files = compose?.files { (reading.overlays, reading.hasFileList) = files }
  if isKustomization, !onlyDeclared, !reading.isKustomization, outcome.failure == nil {
    let start = SourceRange(file: file.id, start: 0, end: 0)
    if hasNothing {
      reading.inventory.problems.report(.brokenInclude(.brokenKustomization(.empty)), at: start)
    } else if let (shown, place) = noMapping {
      reading.inventory.problems.report(.brokenInclude(.brokenKustomization(.noMapping(shown))), at: place)
    }
  }
  let documents = ReadDocuments(
    file: file, isBuilt: isKustomization && !onlyDeclared, reading: reading, compose: compose)
  return documents.finish(with: supplied)
}

/// What a file's documents came to, each by itself.
package struct ReadDocuments: Sendable {
  fileprivate let file: SourceFile
  /// Whether it is a kustomization that is to be built.
  fileprivate let isBuilt: Bool
  fileprivate var reading: ManifestReading
  fileprivate var compose: ComposeReader?

  /// What the file comes to with what it includes.
  package consuming func finish(with supplied: SuppliedFiles) -> ReadingStep {
    switch compose?.finish(with: supplied) {
    case nil: break
    case .partOf(let files): reading.precedingFiles = files
    case .needs(let paths): return .needs(paths)
    case .includes(let paths): return .includes(paths, self)
    case .project(let inventory, let parts):
      reading.inventory.append(inventory)
      reading.projectParts = parts
    }
    if isBuilt {
      var build = KustomizeBuild(of: file, supplied)
      let outcome = build.run()
      reading.builtSteps = build.steps
      reading.denseClaims = max(reading.denseClaims, build.denseClaims)
      switch outcome {
      case .needs(let paths): return .needs(paths)
      case .built(let inventory, let parts):
        reading.inventory.append(inventory)
        reading.builtParts = parts
      case .asItStands(let result):
        reading.inventory.problems += result.problems
        if let path = result.absent { reading.kustomized.append(path) }
      }
    }
    reading.limitProblems()
    return .done(reading)
  }
}

extension DeclaredReader {
  /// Reads a document, or, where it is a text, leaves it to those that are read behind all others.
  fileprivate mutating func read(
    _ document: FormatTable.Document, or embedded: inout EmbeddedDocuments, into inventory: inout Inventory
  ) {
    for root in [document.root] + document.others {
      let part = FormatTable.Document(format: document.format, root: root)
      if root.isScalar { embedded.look(at: part) } else { read(part, into: &inventory) }
    }
    for document in document.besides { read(document, into: &inventory) }
  }
}

/// What reads a document, by its content and, where that leaves a doubt, its file's name.
enum Recognised {
  case compose
  case kubernetes
  case plain
  case declared(FormatTable.Document)

  /// - Returns: Nothing for YAML that is no manifest.
  init?(_ document: YAMLDocument, path: String, among formats: FormatTable) {
    let root = document.root
    guard root.isMapping else {
      guard root.isSequence, let part = formats.document(in: root, path: path) else { return nil }
      self = .declared(part)
      return
    }
    if PlainReader.recognises(root) {
      self = .plain
    } else if KubernetesReader.recognises(root) {
      self = formats.document(inObject: root, path: path).map { .declared($0) } ?? .kubernetes
    } else if ComposeReader.recognises(root, path: path), !formats.tellsByNeighbours(root, path: path) {
      self = .compose
    } else if let part = formats.document(in: root, path: path) {
      self = .declared(part)
    } else {
      return nil
    }
  }

  var isDeclared: Bool {
    if case .declared = self { true } else { false }
  }

  /// The format that the document is of.
  var format: Format {
    switch self {
    case .compose: .compose
    case .kubernetes: .kubernetes
    case .plain: .plain
    case .declared(let part): Format(id: part.format.id)
    }
  }
}

/// The files that a kustomization, a Compose file or a file of variables names as those that something is made of.
package func filesNamed(by file: SourceFile) -> [String] {
  if file.path.isPath(toFile: Companions.variablesName) {
    return ComposeFileList(of: file)?.paths(from: file.folder) ?? []
  }
  guard Kustomization.isOne(file.path) else {
    var compose = ComposeReader(file: file, supplied: [:], companions: nil, project: nil, idle: [])
    _ = ReadingCache().parseDocuments(of: file) { document in
      if ComposeReader.recognises(document.root, path: file.path) { compose.read(document) }
    }
    return compose.broughtIn
  }
  var paths: [String] = []
  _ = ReadingCache().parseDocuments(of: file) { document in
    for named in Kustomization(document, file: file)?.paths ?? [] {
      if named.mayBeFile { paths.append(named.path) }
      if named.mayBeFolder { paths += named.kustomizations }
    }
  }
  return paths
}

/// What Compose takes a file for that somebody lists among a project's.
package enum ComposeMembership {
  case member
  /// It has no document at all.
  case withoutDocument
  /// It has one, and nothing stands in it.
  case emptyDocument
  /// It holds something else.
  case stranger
  /// It is no YAML, or nothing that can be read to its end.
  case unknown
}

package func membership(of file: SourceFile, _ cache: ReadingCache) -> ComposeMembership {
  var membership = ComposeMembership.withoutDocument
  let outcome = cache.lendDocuments(of: file) { document in
    let root = document.root
    if ScalarValue(root) == .null {
      if membership == .withoutDocument { membership = .emptyDocument }
      return
    }
    let keys = root.entries.map(\.key.text)
    let isCompose = keys.contains { $0.hasPrefix("x-") || ComposeKey(rawValue: $0) != nil }
    let isOther = !root.isMapping || keys.contains("apiVersion") || !keys.isEmpty && !isCompose
    if membership != .stranger { membership = isOther ? .stranger : .member }
  }
  if membership == .stranger { return .stranger }
  if outcome.failure != nil { return .unknown }
  return outcome.passedOver > 0 ? .member : membership
}

/// The keys at the root of a Compose file.
private enum ComposeKey: String {
  case version, name, services, include, networks, volumes, secrets, configs, models
}

func reportDuplicateKeys(of document: YAMLDocument, format: Format, in inventory: inout Inventory) {
  guard document.hasDuplicateKeys else { return }
  for (first, second) in document.duplicateKeys {
    // There is no use in more.
    if inventory.problems.count > ManifestReading.mostProblems { return }
    // Kubernetes' reader tells `80` from `"80"`: keys are the same only if both resolve alike. Compose's compares texts.
    guard format == .compose || ScalarValue(first) == ScalarValue(second) else { continue }
    // Compose's reader refuses a second `<<`; Kubernetes' merges each.
    if second.isText("<<"), second.style.isPlain, format != .compose, format != .plain { continue }
    inventory.problems.report(
      .duplicateKey(second.text), at: second.textRange,
      related: [Related("'\(first.text)' is already defined here", at: first.textRange)])
  }
}

extension ManifestReading {
  /// Says which documents could not be read: each that is at fault, and once that others are a template's.
  fileprivate mutating func reportUnread(_ outcome: YAMLOutcome) {
    hasUnread = true
    if outcome.expression != nil { isTemplate = true }
    inventory.problems.reportUnread(outcome, besideOthers: documents > 0)
  }
}

extension YAMLOutcome {
  /// Where a template begins that keeps documents from being read.
  fileprivate var expression: SourceRange? {
    failures.lazy.compactMap(\.template).first ?? blockLeftOut
  }
}

extension [Problem] {
  /// Says which documents could not be read: each that is at fault, and once that others are a template's.
  ///
  /// - Parameter areOthersRead: Whether what stands beside them is as good as any other.
  mutating func reportUnread(_ outcome: YAMLOutcome, besideOthers areOthersRead: Bool) {
    for failure in outcome.failures where failure.template == nil { report(failure) }
    guard let expression = outcome.expression else { return }
    report(.templateNotRendered(checked: areOthersRead ? .otherDocuments : .nothing), at: expression)
  }

  /// Says what stopped the reading of a document.
  mutating func report(_ failure: YAMLFailure, file: StaticString = #fileID, line: UInt = #line) {
    if isSilenced(file, line) { return }
    switch failure.reason {
    case .syntax(let reason, let context, let contextPlace):
      let related = contextPlace.map { [Related(context ?? "", at: $0)] } ?? []
      report(.yamlSyntax(.rejected(reason: reason)), at: failure.place, related: related)
    case .tab: report(.yamlSyntax(.tab), at: failure.place)
    case .unquotedAddress(let address): report(.yamlSyntax(.unquotedAddress(address)), at: failure.place)
    case .undefinedAlias(let name):
      report(.yamlSyntax(.undefinedAlias(name)), at: failure.place)
    case .recursiveAlias(let name, let anchor):
      report(
        .yamlSyntax(.recursiveAlias(name)), at: failure.place, related: [Related("the anchor stands here", at: anchor)])
    case .tooDeep(let limit):
      report(.limitExceeded(.depth(limit)), at: failure.place)
    case .tooManyNodes(let limit):
      report(.limitExceeded(.nodes(limit)), at: failure.place)
    case .tooManyDocuments(let limit):
      report(.limitExceeded(.documents(limit)), at: failure.place)
    case .tooManyAliasedNodes(let limit):
      report(.limitExceeded(.aliasedNodes(limit)), at: failure.place)
    case .tooManyDirectives(let limit):
      report(.limitExceeded(.directives(limit)), at: failure.place)
    case .tooManyFailures(let limit):
      report(.limitExceeded(.problems(limit)), at: failure.place)
    }
  }
}
