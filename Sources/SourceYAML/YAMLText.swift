import SourceText

/// The UTF-8 of a scalar's text, or a part of it, where it lies: lent like the document's nodes.
@frozen
public struct YAMLText: RandomAccessCollection {
  @usableFromInline let lent: LentPointer<UInt8>
  /// UTF-8 offsets in the scalar's text.
  public let startIndex: Int
  /// UTF-8 offsets in the scalar's text.
  public let endIndex: Int

  @inlinable
  init(base: UnsafePointer<UInt8>, count: Int) {
    self.init(base: base, 0, count)
  }

  @inlinable
  init(base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) {
    lent = LentPointer(base)
    startIndex = start
    endIndex = end
  }

  @inlinable
  var base: UnsafePointer<UInt8> { lent.pointer }

  /// A byte of the text.
  @inlinable
  public subscript(position: Int) -> UInt8 {
    precondition(position >= startIndex && position < endIndex)
    return base[position]
  }

  /// A part of the text, with the same offsets.
  @inlinable
  public subscript(bounds: Range<Int>) -> YAMLText {
    precondition(bounds.lowerBound >= startIndex && bounds.upperBound <= endIndex)
    return YAMLText(base: base, bounds.lowerBound, bounds.upperBound)
  }

  /// Whether the text is `text`.
  package func isText(_ text: StaticString) -> Bool {
    count == text.utf8CodeUnitCount
      && UnsafeBufferPointer(start: base + startIndex, count: count).holds(text.bytes, at: 0)
  }

  /// The bytes where they lie.
  @inlinable
  public func withContiguousStorageIfAvailable<Result>(
    _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result? {
    try withBytes(body)
  }

  /// The bytes where they lie.
  @inlinable
  public func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result {
    try body(UnsafeBufferPointer(start: base + startIndex, count: endIndex - startIndex))
  }
}
