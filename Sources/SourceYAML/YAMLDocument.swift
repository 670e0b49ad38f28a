import SourceText

/// One document of a YAML stream: a read-only tree over the file's own bytes.
///
/// It is not `Sendable`: a document and its nodes stay with the worker that reads them, and what outlives them is
/// values and `SourceRange`s.
public final class YAMLDocument {
  @usableFromInline let nodes: [NodeRecord]
  @usableFromInline let source: [UInt8]
  @usableFromInline let texts: [UInt8]
  @usableFromInline let tags: [String]
  @usableFromInline let file: FileID
  @usableFromInline let duplicates: [(first: UInt32, second: UInt32)]

  /// The document's place in its stream, from 0.
  package let ordinal: Int
  /// The comments that hold the reader's mark, from the end of the previous document to the end of this one.
  package let comments: [YAMLComment]

  init(
    nodes: [NodeRecord], source: [UInt8], texts: [UInt8], tags: [String], file: FileID, ordinal: Int,
    duplicates: [(first: UInt32, second: UInt32)], comments: [YAMLComment]
  ) {
    self.nodes = nodes
    self.source = source
    self.texts = texts
    self.tags = tags
    self.file = file
    self.ordinal = ordinal
    self.duplicates = duplicates
    self.comments = comments
  }

  /// The document's only node that is nobody's child; an empty document has an empty plain scalar.
  @inlinable
  public var root: YAMLNode {
    YAMLNode(resolving: 0, in: self, arrival: -1)
  }

  /// The keys that stand twice in one mapping, both sites of each, in the order of the text.
  ///
  /// Keys are compared as text. Whether `80` and `"80"` are one key is up to the reader, which knows what plain
  /// scalars resolve to.
  package var duplicateKeys: some Sequence<(first: YAMLNode, second: YAMLNode)> {
    // A mapping's pairs are found when it closes, the inner mapping's first.
    duplicates.sorted { $0.second < $1.second }.lazy.map { pair in
      (
        YAMLNode(resolving: pair.first, in: self, arrival: -1),
        YAMLNode(resolving: pair.second, in: self, arrival: -1)
      )
    }
  }
}

/// A comment that holds the mark a reader asked for.
package struct YAMLComment: Hashable, Sendable {
  /// The comment from its `#` to the end of the line.
  package let range: SourceRange
  /// Whether nothing but white space stands before it on its line.
  package let isAlone: Bool
}
