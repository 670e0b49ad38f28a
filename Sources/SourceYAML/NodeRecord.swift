/// What a node of a document is.
public enum YAMLKind: UInt8, Sendable {
  case scalar
  case sequence
  case mapping
}

/// How a scalar was written.
public enum YAMLScalarStyle: UInt8, Sendable, BitwiseCopyable {
  case plain
  case singleQuoted
  case doubleQuoted
  case literal
  case folded

  /// Whether the text may resolve to a number, a boolean or null: only a plain scalar does.
  @inlinable
  public var isPlain: Bool {
    self == .plain
  }
}

/// One node in a document's array: nodes stand in the order of the text, a collection before its children.
@usableFromInline
struct NodeRecord: Sendable, BitwiseCopyable {
  @usableFromInline
  enum Shape: UInt8, Sendable, BitwiseCopyable {
    case scalar
    case sequence
    case mapping
    /// Stands for another node of the document: `payload` is that node's index.
    case alias
  }

  @usableFromInline var shape: Shape
  @usableFromInline var style: YAMLScalarStyle
  /// Whether a scalar's text is a slice of the source, so that offsets in it are offsets in the file.
  @usableFromInline var isVerbatim: Bool
  /// Whether a mapping holds a merge key `<<`.
  @usableFromInline var hasMerge: Bool
  /// UTF-8 offsets in the source: a scalar with its quotes, without anchor and tag; a collection up to its last child.
  @usableFromInline var start: UInt32
  @usableFromInline var end: UInt32
  /// The index behind the node's last descendant.
  @usableFromInline var next: UInt32
  /// A scalar: the offset of its text, in the source when verbatim, else among the document's texts. An alias: its
  /// target's index.
  @usableFromInline var payload: UInt32
  /// A scalar: the UTF-8 length of its text. A collection: the number of children.
  @usableFromInline var count: UInt32
  /// The index of the tag among the document's tags, or -1 for none.
  @usableFromInline var tag: Int32
}
