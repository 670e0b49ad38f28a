/// The number of a file within one run.
///
/// Numbers follow the order of the sorted paths and are given before anything is read, so a smaller number is an
/// earlier file whatever the order in which workers finish.
public struct FileID: Hashable, Comparable, Sendable {
  /// The position of the file among the sorted paths of the run, from 0.
  public let index: UInt32

  /// Makes the identifier of the file at `index` among the sorted paths.
  @inlinable
  public init(_ index: Int) {
    self.index = UInt32(truncatingIfNeeded: index)
  }

  /// Stands for a file that is not one of the run's.
  public static let none = FileID(Int(UInt32.max))

  /// Orders by the files' sorted paths.
  @inlinable
  public static func < (a: FileID, b: FileID) -> Bool {
    a.index < b.index
  }
}

/// A half-open range of UTF-8 offsets in one file.
///
/// Offsets count the bytes of `SourceFile.bytes`, from 0.
public struct SourceRange: Hashable, Sendable {
  /// The file that holds the range.
  public let file: FileID
  /// The UTF-8 offset of the first byte.
  public let start: UInt32
  /// The UTF-8 offset behind the last byte; never less than `start`.
  public let end: UInt32

  /// Makes the range from `start` up to, not including, `end`.
  @inlinable
  public init(file: FileID, start: Int, end: Int) {
    self.file = file
    self.start = UInt32(truncatingIfNeeded: start)
    self.end = UInt32(truncatingIfNeeded: max(start, end))
  }

  /// The range as `Int` offsets, for subscripting bytes.
  @inlinable
  public var offsets: Range<Int> {
    Int(start)..<Int(end)
  }

  /// Whether both ranges lie in one file and `other` lies within this one.
  @inlinable
  public func contains(_ other: SourceRange) -> Bool {
    file == other.file && start <= other.start && other.end <= end
  }
}

extension SourceRange: Comparable {
  /// Orders by file, then start, then end: "earlier" in every message means this order.
  @inlinable
  public static func < (a: SourceRange, b: SourceRange) -> Bool {
    (a.file.index, a.start, a.end) < (b.file.index, b.start, b.end)
  }
}
