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
    /// Stands for a node of another document: `payload` is the index of the link to it.
    case link
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
  /// target's index. A mapping: the bits of its scalar keys.
  @usableFromInline var payload: UInt32
  /// A scalar: the UTF-8 length of its text. A collection: the number of children.
  @usableFromInline var count: UInt32
  /// The index of the tag among the document's tags, or -1 for none.
  @usableFromInline var tag: Int32
  /// A mapping's scalar key, or an alias to a scalar: the sum of its text.
  @usableFromInline var sum: UInt32
}

extension NodeRecord {
  /// A sum over a text's length, its first bytes and its last, which tells most keys apart: unequal sums are unequal
  /// texts.
  @inlinable
  static func sum(of text: UnsafeBufferPointer<UInt8>) -> UInt32 {
    let bytes = UnsafeRawBufferPointer(text)
    let count = bytes.count
    let ends: UInt64
    if count >= 8 {
      let first = bytes.loadUnaligned(as: UInt64.self)
      let last = bytes.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
      ends = first ^ last &* 31
    } else if count >= 4 {
      let first = bytes.loadUnaligned(as: UInt32.self)
      let last = bytes.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self)
      ends = UInt64(first) << 32 | UInt64(last)
    } else if count > 0 {
      ends = UInt64(bytes[0]) << 16 | UInt64(bytes[count / 2]) << 8 | UInt64(bytes[count - 1])
    } else {
      ends = 0
    }
    let mixed = (ends ^ UInt64(count)) &* 0x9E37_79B9_7F4A_7C15
    return UInt32(truncatingIfNeeded: mixed >> 32)
  }

  /// The bit by which a mapping remembers, beside other keys perhaps, that it holds a key of that sum.
  @inlinable @inline(__always)
  static func bit(of sum: UInt32) -> UInt32 {
    1 << (sum & 31)
  }

  /// The sum of a literal text.
  @inlinable @inline(__always)
  static func sum(of text: StaticString) -> UInt32 {
    sum(of: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }
}
