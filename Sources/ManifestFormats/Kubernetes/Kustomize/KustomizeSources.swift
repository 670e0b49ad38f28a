import PortModel
import SourceText
import SourceYAML

/// Why nothing is built of a kustomization.
enum KustomizeStop: Error {
  /// kustomize refuses what is said in a file, and that is reported at its place.
  case refused
  /// What a path names is not there, or cannot be read: that is said of the path.
  case absent(KustomizationPath)
  /// It does what is not followed, and where others bring that in; nothing where it is no kustomization at all.
  case notFollowed(KustomizationPath?)
  /// More is made of it than may be.
  case tooMuch(Problem.Limit)
  /// A kustomization leads back to itself, whose folder and whose entry these are.
  case circle(folder: String, at: SourceRange)
}

/// The files that a kustomization and those that it brings in are made of: the first stage of a build.
struct KustomizeSources {
  private let file: SourceFile
  private let supplied: SuppliedFiles
  let store = NodeStore()
  /// The kustomizations, by their files' paths.
  private(set) var layers: [ExactText: KustomizeLayer] = [:]
  private var documents: [ExactText: Documents] = [:]
  /// How often objects were held against patches.
  private(set) var comparisons = 0
  /// The files that are not there yet.
  private(set) var wanted: [String] = []
  /// What is wrong with the files' texts.
  private(set) var problems: [Problem] = []

  init(of file: SourceFile, _ supplied: SuppliedFiles) {
    self.file = file
    self.supplied = supplied
  }

  /// What a file holds.
  private struct Documents {
    var roots: [YAMLNode] = []
    /// Whether there are others, which can hold no port.
    var haveOthers = false
  }

  /// How many kustomizations may be brought in.
  static let mostLayers = 2000
  /// How many nodes all files and all that is made of them may be.
  static let mostNodes = 1 << 20

  /// What a path means.
  enum Meaning {
    case file(SourceFile)
    case kustomization(SourceFile)
  }

  /// Finds all kustomizations, unless something is not there yet, which it asks for.
  mutating func gather() throws(KustomizeStop) {
    askForMissing()
    if !wanted.isEmpty { return }
    var pending: [(file: SourceFile, path: KustomizationPath?)] = [(file, nil)]
    var isRefused = false
    while let (next, path) = pending.popLast() {
      guard layers[next.path.exact] == nil else { continue }
      if layers.count >= KustomizeSources.mostLayers { throw .tooMuch(.broughtIn(KustomizeSources.mostLayers)) }
      guard let layer = KustomizeLayer(next, try roots(of: next)) else { throw .notFollowed(path) }
      layers[next.path.exact] = layer
      if !layer.faults.isEmpty {
        isRefused = true
        // What is wrong with the kustomization itself, whoever reads it has said.
        if path != nil { problems += layer.faults }
        continue
      }
      for path in layer.paths where path.mayBeFolder {
        guard case .kustomization(let file)? = try meaning(of: path), path.use != .plugin else { continue }
        pending.append((file, path))
      }
    }
    if isRefused { throw .refused }
  }

  /// Asks for what is not there yet, as far as what is there tells. It is done again for each step down a chain.
  private mutating func askForMissing() {
    var (pending, seen): ([SourceFile], Set<ExactText>) = ([file], [])
    while let next = pending.popLast(), seen.count < KustomizeSources.mostLayers {
      guard seen.insert(next.path.exact).inserted else { continue }
      for path in cache.pathsNamed(byKustomization: next) {
        if path.mayBeFolder {
          guard let meaning = try? meaning(of: path), case .kustomization(let file) = meaning, path.use != .plugin
          else {
            continue
          }
          pending.append(file)
        } else if path.use.isRead, supplied[path.path] == nil {
          wanted.append(path.path)
        }
      }
    }
  }

  /// What a path means: a file, or the kustomization of a folder; nothing before that is known.
  mutating func meaning(of path: KustomizationPath) throws(KustomizeStop) -> Meaning? {
    if supplied.cause(unreadAt: path.path) != nil { throw .absent(path) }
    guard let found = supplied[path.path] else {
      wanted.append(path.path)
      return nil
    }
    if let file = found {
      guard path.mayBeFile else { throw .absent(path) }
      return .file(file)
    }
    let names = path.kustomizations
    if names.contains(where: { supplied.cause(unreadAt: $0) != nil }) { throw .absent(path) }
    let missing = names.filter { supplied[$0] == nil && !$0.isExactly(file.path) }
    guard missing.isEmpty else {
      wanted += missing
      return nil
    }
    let files = names.compactMap { $0.isExactly(file.path) ? file : supplied[$0] ?? nil }
    if files.count > 1 { throw .notFollowed(path) }
    guard let file = files.first else { throw .absent(path) }
    return .kustomization(file)
  }

  /// The roots of the documents of the file that a path names, but for those that hold no port.
  mutating func roots(at path: KustomizationPath) throws(KustomizeStop) -> [YAMLNode] {
    // What an environment file holds is nobody's business.
    guard let file = supplied[path.path] ?? nil, file.isShown else { throw .absent(path) }
    return try roots(of: file)
  }

  /// Whether the file that a path names has documents that can hold no port.
  func holdsOthers(at path: KustomizationPath) -> Bool {
    documents[path.path.exact]?.haveOthers ?? false
  }

  /// The file that a path names.
  func file(at path: KustomizationPath) -> SourceFile? { supplied[path.path] ?? nil }

  /// Whether the file that a path names says nothing at all.
  func isEmpty(at path: KustomizationPath) -> Bool {
    (supplied[path.path] ?? nil)?.bytes.isEmpty ?? false
  }

  /// The roots of a file's documents, but for those that hold no port.
  private mutating func roots(of file: SourceFile) throws(KustomizeStop) -> [YAMLNode] {
    if let known = documents[file.path.exact] { return known.roots }
    let source = store.keep(file)
    var found = Documents()
    let lend = Kustomization.isOne(file.path) ? supplied.cache.lendDocuments : supplied.cache.parseDocuments
    let outcome = lend(file) { document in
      if !document.root.isNull { found.roots.append(store.keep(document, of: source)) }
    }
    found.haveOthers = outcome.passedOver > 0
    guard outcome.failure == nil else {
      // What is wrong with the kustomization itself, whoever reads it has said.
      if !file.path.isExactly(self.file.path) {
        let areOthersRead = found.haveOthers || found.roots.contains(where: KubernetesReader.recognises)
        problems.reportUnread(outcome, besideOthers: areOthersRead)
      }
      throw .refused
    }
    try checkNodes()
    documents[file.path.exact] = found
    return found.roots
  }

  /// The roots of the documents that a text within a kustomization is.
  mutating func roots(in text: YAMLNode) throws(KustomizeStop) -> [YAMLNode] {
    if !text.isScalar { return [text] }
    let (roots, outcome) = store.keepDocuments(in: text)
    guard outcome.failure == nil else {
      problems.reportUnread(outcome, besideOthers: true)
      throw .refused
    }
    try checkNodes()
    return roots.filter { !$0.isNull }
  }

  /// How much the files at some paths are, in bytes.
  func size(of paths: Set<ExactText>) -> Int {
    paths.reduce(0) { $0 + ((supplied[$1.text] ?? nil)?.bytes.count ?? 0) }
  }

  func checkNodes() throws(KustomizeStop) {
    if store.count >= KustomizeSources.mostNodes { throw .tooMuch(.broughtIn(KustomizeSources.mostNodes)) }
  }

  /// Counts how often objects were held against a patch.
  mutating func count(comparisons more: Int) throws(KustomizeStop) {
    comparisons += more
    cache.countComparisons(more)
    if comparisons > cache.mostComparisons { throw .tooMuch(.comparisons(cache.mostComparisons)) }
  }

  /// Whether all that is brought in is in view.
  var areWhole: Bool { !layers.values.contains(where: \.bringsMore) }

  /// What has been worked out of files.
  var cache: ReadingCache { supplied.cache }
}
