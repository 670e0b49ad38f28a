import PortModel
import SourceText
import SourceYAML
import Synchronization

/// What several manifests of a run need of other files: each is worked out once, however many ask.
package final class ReadingCache: Sendable {
  /// A file by its path, and by its number, which it may get late.
  private struct FileKey: Hashable {
    var path: ExactText
    var id: FileID

    init(_ file: SourceFile) {
      path = file.path.exact
      id = file.id
    }
  }

  /// The variables that files say by themselves.
  private let environments = OnceTable<FileKey, ComposeEnvironment>()
  /// The files that a folder's variables name.
  private let lists = OnceTable<ExactText, ListedFiles>()
  /// What kustomizations name.
  private let named = OnceTable<FileKey, [KustomizationPath]>()
  private let streams = OnceTable<ExactText, KeptStream>()
  private let parsed = Atomic(0)
  private let compared = Atomic(0)

  /// Beyond this size, in bytes, a file is parsed again where it is needed again: its nodes take several times its room.
  private static let mostKept = 1 << 20

  /// Tells the documents that need not be read; nothing where all are.
  private let passesOver: (@Sendable (YAMLHead) -> Bool)?

  /// How large the parts of a file are at least that is read on several cores, in bytes.
  private let partSize: Int

  /// How often the objects of one kustomization may be held against patches.
  let mostComparisons: Int

  /// - Parameters:
  ///   - readsAll: Whether also those documents are read that can hold no port.
  ///   - formats: The formats beside those that are code.
  ///   - mostComparisons: How often the objects of one kustomization may be held against patches.
  package init(
    readsAll: Bool = false, formats: FormatTable = .none, partSize: Int = 1 << 20, mostComparisons: Int = 1 << 21
  ) {
    self.partSize = partSize
    self.mostComparisons = mostComparisons
    let isPortless: @Sendable (YAMLHead) -> Bool = { PortlessKind.isSaid(by: $0, formats) }
    passesOver = readsAll ? nil : isPortless
  }

  /// How many files of variables have been worked out, and how many folders' lists.
  var counts: (environments: Int, lists: Int) {
    (environments.count, lists.count)
  }

  /// How many streams have been parsed.
  package var parses: Int { parsed.load(ordering: .relaxed) }

  /// How often a kustomization's objects were held against patches.
  package var comparisons: Int { compared.load(ordering: .relaxed) }

  func countComparisons(_ count: Int) {
    compared.add(count, ordering: .relaxed)
  }

  /// The variables of a file that lies in a project's folder, or stands for the one that would.
  ///
  /// - Parameter path: Where the project's own would lie.
  func environment(of file: SourceFile, insteadOf path: String) -> ComposeEnvironment {
    var environment = environments.value(for: FileKey(file)) { ComposeEnvironment(of: file, insteadOf: path) }
    environment.isNamed = !file.path.isExactly(path)
    return environment
  }

  /// What a folder's file of variables names, if it names files, which of them are known where not all are, and what is
  /// wrong with it.
  ///
  /// - Returns: Nothing where it does not seem to name any.
  package func fileList(
    of variables: SourceFile
  ) -> (names: ComposeFileList?, known: ComposeFileList?, problems: [Problem])? {
    guard variables.bytes.contains(text: "COMPOSE_FILE") else { return nil }
    let environment = environment(of: variables, insteadOf: variables.path)
    return (environment.fileList, environment.knownFiles, environment.problems)
  }

  /// The files that the variables of a folder name.
  func listedFiles(in environment: ComposeEnvironment, of folder: String) -> ListedFiles? {
    guard let list = environment.fileList else { return nil }
    return lists.value(for: folder.exact) { ListedFiles(list.paths(from: folder)) }
  }

  /// What a kustomization names of the tree; nothing of one that cannot be read to its end.
  func pathsNamed(byKustomization file: SourceFile) -> [KustomizationPath] {
    named.value(for: FileKey(file)) {
      var paths: [KustomizationPath] = []
      let outcome = lendDocuments(of: file) { document in
        paths += Kustomization(document, file: file)?.paths ?? []
      }
      return outcome.failure == nil ? paths : []
    }
  }

  /// Lends the documents of a file that others may need too, or that is asked for in several steps.
  func lendDocuments(of file: SourceFile, to body: (YAMLDocument) -> Void) -> YAMLOutcome {
    guard file.bytes.count <= ReadingCache.mostKept else { return parseDocuments(of: file, body) }
    let stream = streams.value(for: file.path.exact) {
      parsed.add(1, ordering: .relaxed)
      return KeptStream(of: file, keepingCommentsWith: suppressionMark, passingOver: passesOver)
    }
    return stream.lend(as: file, to: body)
  }

  /// Lends the documents of a file that nobody needs again.
  func parseDocuments(of file: SourceFile, _ body: (YAMLDocument) -> Void) -> YAMLOutcome {
    parsed.add(1, ordering: .relaxed)
    return readYAML(file, keepingCommentsWith: suppressionMark, passingOver: passesOver, body)
  }

  /// The parts of a large file that can be read side by side; nothing for one that must be read as a whole.
  func parts(of file: SourceFile) -> StreamParts? {
    let parts = StreamParts(
      of: file, eachOf: partSize, keepingCommentsWith: suppressionMark, passingOver: passesOver ?? { _ in false })
    if parts != nil { parsed.add(1, ordering: .relaxed) }
    return parts
  }

  /// Forgets the documents of a file that nobody will need again.
  func forget(_ file: SourceFile) {
    streams.forget(file.path.exact)
  }
}

/// What a comment holds that keeps findings from counting.
let suppressionMark: StaticString = "portlint:"

/// Whether other manifests may need a file: it has a key of a Compose file's.
package func mayBeShared(_ file: SourceFile) -> Bool {
  ComposeReader.hasComposeName(file.path) || file.bytes.contains(anyOf: ["services", "include"], unescaped: true)
}
