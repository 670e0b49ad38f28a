import SourceText

/// Turns libyaml's marks, which count code points, into UTF-8 offsets.
///
/// Marks come nearly in order, so the cursor walks from one to the next; in a file of ASCII both are the same.
struct MarkCursor {
  private let bytes: UnsafeBufferPointer<UInt8>
  private let isASCII: Bool
  /// The offset at which the marks' count begins.
  private var start = 0
  private var characters = 0
  private var offset = 0

  init(over bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
    isASCII = bytes.isASCII
  }

  /// Makes ready for the marks of a stream that begins at an offset.
  mutating func begin(at start: Int) {
    self.start = start
    offset = start
    characters = 0
  }

  /// The UTF-8 offset of the stream's code point numbered `index` from 0; at most the length of the text.
  @inline(__always)
  mutating func offset(ofCharacter index: Int) -> Int {
    isASCII ? min(start + index, bytes.count) : searchedOffset(ofCharacter: index)
  }

  private mutating func searchedOffset(ofCharacter index: Int) -> Int {
    while characters < index, offset < bytes.count {
      offset += 1
      while offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
      characters += 1
    }
    while characters > index, offset > start {
      offset -= 1
      while offset > start, bytes[offset] & 0xC0 == 0x80 { offset -= 1 }
      characters -= 1
    }
    return offset
  }
}
