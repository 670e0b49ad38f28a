import PortModel
import SourceText
import SourceYAML
import Synchronization

/// Runs work on every core that the run has, and returns when all of them are done.
package typealias OnEveryCore = (@Sendable () -> Void) -> Void

/// Reads a large file of many documents on every core.
///
/// - Returns: Nothing where the file must be read as a whole: its stream cannot be parted, or a document cannot be read, or
///   is of a format whose documents bear on one another. Only Kubernetes' do not.
func readInParts(
  _ file: SourceFile, among formats: FormatTable, _ cache: ReadingCache, onEveryCore: OnEveryCore
) -> ManifestReading? {
  guard !Kustomization.isOne(file.path), !HelmChart.isOne(file.path), let parts = cache.parts(of: file) else {
    return nil
  }
  let next = Atomic(0)
  let mustStayWhole = Atomic(false)
  let documents = Atomic(0)
  let readings = Mutex([ManifestReading](repeating: ManifestReading(), count: parts.count))
  onEveryCore {
    var own: [(part: Int, reading: ManifestReading)] = []
    let read = parts.read {
      let part = next.add(1, ordering: .relaxed).oldValue
      guard part < parts.count, !mustStayWhole.load(ordering: .relaxed) else { return nil }
      own.append((part, ManifestReading()))
      return part
    } _: { document in
      switch Recognised(document, path: file.path, among: formats) {
      case nil: break
      case .kubernetes:
        var embedded = EmbeddedDocuments(in: file, among: formats)
        embedded.look(intoObjectsOf: document.root)
        let isOfFormats = !formats.documents(inListAt: document.root, path: file.path).isEmpty
        if isOfFormats || !embedded.isEmpty { mustStayWhole.store(true, ordering: .relaxed) }
        own[own.count - 1].reading.count(document, of: .kubernetes)
        own[own.count - 1].reading.readKubernetes(document, in: file)
      default: mustStayWhole.store(true, ordering: .relaxed)
      }
    }
    if let read { documents.add(read, ordering: .relaxed) } else { mustStayWhole.store(true, ordering: .relaxed) }
    readings.withLock { readings in
      while let last = own.popLast() { readings[last.part] = last.reading }
    }
  }
  guard !mustStayWhole.load(ordering: .relaxed), documents.load(ordering: .relaxed) <= YAMLLimits.standard.documents
  else {
    return nil
  }
  var reading = ManifestReading()
  reading.countPassedOver(parts.passedOver)
  for part in readings.withLock({ $0 }) { reading.append(part) }
  reading.limitProblems()
  return reading
}

extension ManifestReading {
  /// Adds what a document of Kubernetes' objects came to.
  mutating func readKubernetes(_ document: YAMLDocument, in file: SourceFile) {
    SuppressionComments(of: document, in: file).read(into: &inventory)
    KubernetesReader.readSuppressions(of: document, in: file, into: &inventory)
    KubernetesReader(root: document.root, file: file).read(into: &inventory)
  }

  /// Counts a document of a format, and reports the keys that it has twice.
  mutating func count(_ document: YAMLDocument, of format: Format) {
    if !document.isContinued { documents += 1 }
    if !formats.contains(format) { formats.append(format) }
    reportDuplicateKeys(of: document, format: format, in: &inventory)
  }

  /// Counts the documents that need not be read: all are Kubernetes' objects.
  mutating func countPassedOver(_ count: Int) {
    guard count > 0 else { return }
    documents += count
    if !formats.contains(.kubernetes) { formats.append(.kubernetes) }
  }

  /// Adds the reading of Kubernetes' objects that stand behind in the file.
  fileprivate mutating func append(_ other: consuming ManifestReading) {
    documents += other.documents
    for format in other.formats where !formats.contains(format) { formats.append(format) }
    inventory.append(other.inventory)
  }
}
