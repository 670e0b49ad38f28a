import SourceText

/// A file's YAML stream, kept after it was read: what needs it again need not read it anew.
package struct KeptStream: Sendable {
  private let documents: [KeptDocument]
  private let outcome: YAMLOutcome

  /// Reads a file's stream, as `readYAML` does.
  package init(
    of file: SourceFile, limits: YAMLLimits = .standard, keepingCommentsWith mark: StaticString,
    passingOver passesOver: ((YAMLHead) -> Bool)? = nil
  ) {
    var documents: [KeptDocument] = []
    outcome = readYAML(file, limits: limits, keepingCommentsWith: mark, passingOver: passesOver) {
      documents.append(KeptDocument($0))
    }
    self.documents = documents
  }

  /// Lends the documents, one after the other, and answers what reading them came to.
  ///
  /// - Parameter file: The file that was read; by now it may have another number.
  package func lend(as file: SourceFile, to body: (YAMLDocument) -> Void) -> YAMLOutcome {
    file.bytes.withUnsafeBufferPointer { source in
      for document in documents { document.lend(over: source, as: file.id, to: body) }
    }
    return outcome.numbered(file.id)
  }
}

/// A document in memory of its own, but for the file's bytes.
private struct KeptDocument: Sendable {
  private let nodes: [NodeRecord]
  private let texts: [UInt8]
  private let tags: [String]
  private let duplicates: [(first: UInt32, second: UInt32)]
  private let shared: [Range<UInt32>]
  private let comments: [YAMLComment]
  private let isContinued: Bool

  init(_ document: YAMLDocument) {
    let storage = document.storage.pointee
    // The root's last descendant is the document's last node.
    nodes = Array(UnsafeBufferPointer(start: storage.nodes, count: Int(storage.nodes.pointee.next)))
    texts = Array(UnsafeBufferPointer(start: storage.texts, count: storage.textCount))
    tags = storage.tags
    duplicates = storage.duplicates
    shared = storage.shared
    comments = storage.comments
    isContinued = storage.isContinued
  }

  func lend(over source: UnsafeBufferPointer<UInt8>, as file: FileID, to body: (YAMLDocument) -> Void) {
    nodes.withUnsafeBufferPointer { nodes in
      texts.withUnsafeBufferPointer { texts in
        withStorage(
          nodes, source, texts, tags: tags, file: file, duplicates: duplicates, shared: shared,
          comments: comments.map { $0.numbered(file) }, isContinued: isContinued, body)
      }
    }
  }
}

/// Lends a document whose parts lie somewhere and stay there meanwhile.
func withStorage(
  _ nodes: UnsafeBufferPointer<NodeRecord>, _ source: UnsafeBufferPointer<UInt8>, _ texts: UnsafeBufferPointer<UInt8>,
  tags: [String], file: FileID, duplicates: [(first: UInt32, second: UInt32)], shared: [Range<UInt32>],
  comments: [YAMLComment], isContinued: Bool = false, writtenAt places: PlacesOfText? = nil,
  _ body: (YAMLDocument) -> Void
) {
  guard let first = nodes.baseAddress else { return }
  // What is empty has no address, and is never read.
  let nothing = UnsafeRawPointer(first).assumingMemoryBound(to: UInt8.self)
  let storage = DocumentStorage(
    nodes: first, source: source.baseAddress ?? nothing, texts: texts.baseAddress ?? nothing, textCount: texts.count,
    tags: tags, file: file, duplicates: duplicates, shared: shared,
    comments: places.map { places in comments.map { $0.moved(to: places) } } ?? comments, isContinued: isContinued,
    places: places)
  withUnsafePointer(to: storage) { body(YAMLDocument(storage: $0)) }
}

// MARK: - Files that get their numbers late

extension YAMLComment {
  fileprivate func numbered(_ file: FileID) -> YAMLComment {
    YAMLComment(range: range.numbered(file), isAlone: isAlone)
  }
}

extension YAMLOutcome {
  /// The same of the same file by another number.
  fileprivate func numbered(_ file: FileID) -> YAMLOutcome {
    var outcome = self
    outcome.blockLeftOut = blockLeftOut?.numbered(file)
    outcome.failures = failures.map { $0.numbered(file) }
    return outcome
  }
}

extension YAMLFailure {
  fileprivate func numbered(_ file: FileID) -> YAMLFailure {
    var failure = YAMLFailure(reason: reason.numbered(file), place: place.numbered(file))
    failure.template = template?.numbered(file)
    return failure
  }
}

extension YAMLFailure.Reason {
  fileprivate func numbered(_ file: FileID) -> Self {
    switch self {
    case .syntax(let reason, let context, let place):
      .syntax(reason, context: context, contextPlace: place?.numbered(file))
    case .recursiveAlias(let name, let anchor): .recursiveAlias(name, anchor: anchor.numbered(file))
    default: self
    }
  }
}

extension SourceRange {
  fileprivate func numbered(_ file: FileID) -> SourceRange {
    SourceRange(file: file, start: Int(start), end: Int(end))
  }
}
