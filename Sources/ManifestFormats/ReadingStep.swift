import PortModel
import SourceText

/// What a format answers when it is given a file.
package enum ReadingStep: Sendable {
  /// The file cannot be judged without these files, named by paths; ask again with them.
  case needs([String])
  /// Nor without these, which it includes, or whose services it extends; its own documents are read, and come to
  /// something with them too.
  case includes([String], ReadDocuments)
  case done(ManifestReading)
}

/// What a file came to.
package struct ManifestReading: Sendable {
  /// How much may be wrong with one file: each thing that is takes a place, a message and an excerpt.
  static let mostProblems = 10_000

  package var inventory = Inventory()
  /// How many documents of a known format the file holds.
  package var documents = 0
  /// The formats of those documents, each once.
  package var formats: [Format] = []
  /// Whether the file is a template that was not rendered.
  package var isTemplate = false
  /// Whether documents of the file could not be read: what its comments silence may stand there.
  package var hasUnread = false

  /// How many of its claims its size has no room for.
  package var denseClaims = 0
  /// How many such claims a run takes.
  package static let mostDenseClaims = ClaimLimit.mostDense

  /// The files that may be the first of the Compose project that this one is laid over or listed in, in their order:
  /// there stands what it claims, and where one leads no project, the next does.
  package var precedingFiles: [String] = []
  /// The files that are laid over this one, the first of its Compose project.
  package var overlays: [String] = []
  /// Whether the variables of the folder name the files of the Compose project there.
  package var hasFileList = false
  /// The other files of this file's Compose project.
  package var projectParts = ComposeParts()

  /// Whether the file is a kustomization, which says what becomes of manifests and is none of a format by itself.
  package var isKustomization = false
  /// The paths that a kustomization names, and one that another does without which it is not built.
  package var kustomized: [KustomizationPath] = []
  /// The files whose objects are what a kustomization builds of them, and stand for nothing by themselves.
  package var builtParts: Set<ExactText> = []
  /// How much was built: each kustomization that was laid out for it, and each object as often as one might change it.
  package var builtSteps = 0
  /// The Helm chart whose folder the file lies in, if it is the one that names it.
  package var chart: HelmChart?

  package init() {}

  /// Leaves out what is wrong and what is silenced beyond the limit, and says so.
  package mutating func limitProblems() {
    let most = ManifestReading.mostProblems
    var rules = 0
    let excess = inventory.suppressions.firstIndex { suppression in
      rules += suppression.rules.count
      return rules > most
    }
    if let excess {
      let place = inventory.suppressions[excess].place
      inventory.suppressions.removeSubrange(excess...)
      var problems: [Problem] = []
      problems.report(.limitExceeded(.suppressions(most)), at: place)
      inventory.problems = problems + inventory.problems
    }
    guard inventory.problems.count > most else { return }
    let place = inventory.problems[most].place
    inventory.problems.removeSubrange(most...)
    inventory.problems.report(.limitExceeded(.problems(most)), at: place)
  }
}

/// The files that are parts of Compose projects, and no projects themselves.
package struct ComposeParts: Sendable {
  /// The files that a project includes: what they claim, the project claims.
  package var included: Set<ExactText> = []
  /// The files that have services which others extend: whether they run themselves is not known.
  package var extended: Set<ExactText> = []
  /// Shell's patterns of the files that it includes through variables; `*` stands for slashes too.
  package var possible: Set<ExactText> = []
  /// The files that give variables their values.
  package var environment: Set<ExactText> = []

  package init() {}

  /// Whether no file is such a part.
  package var isEmpty: Bool {
    included.isEmpty && extended.isEmpty && possible.isEmpty
  }

  /// Above this many patterns, any file may be meant: to try them would take long.
  private static let mostPatterns = 1000

  /// Whether a project may include a file through a variable.
  package func mayInclude(_ path: String) -> Bool {
    possible.count > ComposeParts.mostPatterns || possible.contains { path.matches(glob: $0.text) }
  }

  /// Whether a file has one of the names that Docker picks by itself: then it is a project, whoever includes it.
  package static func isProject(_ path: String) -> Bool {
    ComposeLayout.mainNames.contains(String(path.fileName))
  }

  package mutating func formUnion(_ other: ComposeParts) {
    included.formUnion(other.included)
    extended.formUnion(other.extended)
    possible.formUnion(other.possible)
  }
}

/// The files that a format asked for: a path without a file is one that is not there, or was not read.
package struct SuppliedFiles: Sendable, ExpressibleByDictionaryLiteral {
  private var files: [ExactText: SourceFile?] = [:]
  private var unread: [ExactText: Problem.Cause] = [:]
  /// What is not there, and need not be: git ignores it, so that something else brings it.
  private var ignored: Set<ExactText> = []
  /// What has been worked out of files.
  let cache: ReadingCache

  /// No files yet.
  ///
  /// - Parameter cache: What has been worked out of files, in which what is learnt of others is kept.
  package init(sharing cache: ReadingCache) {
    self.cache = cache
  }

  package init(dictionaryLiteral elements: (String, SourceFile?)...) {
    files = Dictionary(elements.lazy.map { ($0.exact, $1) }, uniquingKeysWith: { $1 })
    cache = ReadingCache()
  }

  package var isEmpty: Bool { files.isEmpty }

  package var values: some Collection<SourceFile?> { files.values }

  package mutating func reserveCapacity(_ count: Int) {
    files.reserveCapacity(count)
  }

  /// How many paths were asked for.
  package var count: Int { files.count }

  /// The file at a path: an outer nothing where nobody has asked for it.
  package subscript(path: String) -> SourceFile?? {
    get { files[path.exact] }
    set { files[path.exact] = newValue }
  }

  /// Why a file was not read that is there, or may be.
  package func cause(unreadAt path: String) -> Problem.Cause? {
    unread[path.exact]
  }

  /// Whether there is nothing at a path that git ignores.
  package func isIgnored(_ path: String) -> Bool {
    ignored.contains(path.exact)
  }

  /// Notes that git ignores what was asked for and is not there.
  package mutating func noteIgnored(_ path: String) {
    ignored.insert(path.exact)
  }

  /// Notes why what was asked for was not read.
  package mutating func note(unread cause: Problem.Cause, at path: String) {
    files.updateValue(nil, forKey: path.exact)
    unread[path.exact] = cause
  }
}
