/// A file's contents as UTF-8 without a byte order mark.
///
/// The encoding is chosen as YAML 1.2 §5.2 has it for files with a byte order mark; without one, it is UTF-8.
struct DecodedText {
  let bytes: [UInt8]
  let encoding: TextEncoding
  /// The UTF-8 offset at which UTF-16 stops being well-formed.
  let malformedAt: Int?

  init(_ contents: [UInt8]) {
    if contents.starts(with: [0xEF, 0xBB, 0xBF]) {
      self.init(bytes: Array(contents.dropFirst(3)), encoding: .markedUTF8, malformedAt: nil)
    } else if contents.starts(with: [0xFF, 0xFE]) {
      self.init(utf16: contents.dropFirst(2), highByte: 1)
    } else if contents.starts(with: [0xFE, 0xFF]) {
      self.init(utf16: contents.dropFirst(2), highByte: 0)
    } else {
      self.init(bytes: contents, encoding: .utf8, malformedAt: nil)
    }
  }

  private init(bytes: [UInt8], encoding: TextEncoding, malformedAt: Int?) {
    self.bytes = bytes
    self.encoding = encoding
    self.malformedAt = malformedAt
  }

  private init(utf16 contents: ArraySlice<UInt8>, highByte: Int) {
    let units = (0..<contents.count / 2).lazy.map { number in
      let at = contents.startIndex + 2 * number
      return UInt16(contents[at + highByte]) << 8 | UInt16(contents[at + 1 - highByte])
    }
    var text: [UInt8] = []
    // No unit takes more than three bytes; what is not written to takes no memory.
    text.reserveCapacity(3 * units.count)
    let isWhole = !transcode(
      units.makeIterator(), from: UTF16.self, to: UTF8.self, stoppingOnError: true, into: { text.append($0) })
    self.init(
      bytes: text, encoding: highByte == 0 ? .utf16BigEndian : .utf16LittleEndian,
      malformedAt: isWhole && contents.count % 2 == 0 ? nil : text.count)
  }
}
