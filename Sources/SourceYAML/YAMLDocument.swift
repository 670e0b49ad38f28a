import SourceText

/// One document of a YAML stream: a read-only tree over the file's own bytes.
///
/// It is lent to whoever reads it, and neither it nor its nodes may outlive that: they hold no memory of their own and
/// are not `Sendable`. What outlives them is values and `SourceRange`s.
@frozen
public struct YAMLDocument {
  @usableFromInline let storage: UnsafePointer<DocumentStorage>

  @inlinable
  init(storage: UnsafePointer<DocumentStorage>) {
    self.storage = storage
  }

  /// The comments that hold the reader's mark, from the end of the previous document to the end of this one.
  package var comments: [YAMLComment] { storage.pointee.comments }

  /// Whether it is a part of a list too long to be kept at once, without those items that are in what is lent next.
  package var isContinued: Bool { storage.pointee.isContinued }

  /// The document's only node that is nobody's child; an empty document has an empty plain scalar.
  @inlinable
  public var root: YAMLNode {
    YAMLNode(resolving: 0, in: storage, arrival: -1)
  }

  /// Whether a key stands twice in one mapping.
  package var hasDuplicateKeys: Bool { !storage.pointee.duplicates.isEmpty }

  /// The keys that stand twice in one mapping, both sites of each, in the order of the text.
  ///
  /// Keys are compared as text. Whether `80` and `"80"` are one key is up to the reader, which knows what plain
  /// scalars resolve to.
  package var duplicateKeys: some Sequence<(first: YAMLNode, second: YAMLNode)> {
    // A mapping's pairs are found when it closes, the inner mapping's first.
    storage.pointee.duplicates.sorted { $0.second < $1.second }.lazy.map { pair in
      (
        YAMLNode(resolving: pair.first, in: storage, arrival: -1),
        YAMLNode(resolving: pair.second, in: storage, arrival: -1)
      )
    }
  }
}

/// What the nodes of a document share, while it is lent.
@usableFromInline
struct DocumentStorage {
  @usableFromInline let nodes: UnsafePointer<NodeRecord>
  /// The file's bytes.
  @usableFromInline let source: UnsafePointer<UInt8>
  /// The texts of scalars that do not stand in the file as they are.
  @usableFromInline let texts: UnsafePointer<UInt8>
  let textCount: Int
  @usableFromInline let tags: [String]
  @usableFromInline let file: FileID
  let duplicates: [(first: UInt32, second: UInt32)]
  /// The nodes that aliases stand for, each with all below it: apart from one another, and in order.
  let shared: [Range<UInt32>]
  let comments: [YAMLComment]
  /// Whether it is a part of a long list, and what is lent next is another.
  let isContinued: Bool
  /// Where the text is written, if it is not the file's own.
  @usableFromInline var places: PlacesOfText?
  /// Where the nodes of other documents lie that this one has.
  @usableFromInline var links: UnsafePointer<NodeLink>?
}

extension DocumentStorage {
  /// Where in the file a part of the source stands.
  @inlinable
  func place(_ start: Int, _ end: Int) -> SourceRange {
    guard let places else { return SourceRange(file: file, start: start, end: end) }
    return places(start..<Swift.max(start, end))
  }
}

/// Where in a file parts of a text are written that is no file's own, by their UTF-8 offsets.
public typealias PlacesOfText = (Range<Int>) -> SourceRange

/// A node of another document, and the way it was reached there.
@usableFromInline
struct NodeLink: BitwiseCopyable {
  @usableFromInline let document: LentPointer<DocumentStorage>
  @usableFromInline let index: UInt32
  @usableFromInline let arrival: Int32
}

/// A comment that holds the mark a reader asked for.
package struct YAMLComment: Hashable, Sendable {
  /// The comment from its `#` to the end of the line.
  package let range: SourceRange
  /// Whether nothing but white space stands before it on its line.
  package let isAlone: Bool

  /// The comment where it is written.
  func moved(to places: PlacesOfText) -> YAMLComment {
    YAMLComment(range: places(range.offsets), isAlone: isAlone)
  }
}
