#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

extension [UInt8] {
  /// Whether the bytes hold a text. O(*n*), a pass of the C library's over the bytes that stops at the first hit.
  package func contains(text: StaticString) -> Bool {
    withUnsafeBufferPointer { $0.firstOffset(of: text, from: 0) != nil }
  }
}

extension [UInt8] {
  /// Whether one of some texts stands in the bytes, or would with the escapes of double-quoted YAML and JSON written out.
  /// O(*n*).
  package func contains(anyOf texts: [StaticString], unescaped: Bool) -> Bool {
    if texts.contains(where: { contains(text: $0) }) { return true }
    guard unescaped, contains(text: "\\") else { return false }
    return withEscapesWrittenOut.contains(anyOf: texts, unescaped: false)
  }

  /// The bytes with `\x`, `\u` and `\U` written out where they stand for ASCII, and without escaped line ends.
  private var withEscapesWrittenOut: [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(count)
    var at = 0
    while at < count {
      guard self[at] == UInt8(ascii: "\\"), at + 1 < count else {
        result.append(self[at])
        at += 1
        continue
      }
      at += 2
      let digits: Int
      switch self[at - 1] {
      case UInt8(ascii: "x"): digits = 2
      case UInt8(ascii: "u"): digits = 4
      case UInt8(ascii: "U"): digits = 8
      case 0x0A, 0x0D:
        while at < count, [0x0A, 0x0D, 0x20, 0x09].contains(self[at]) { at += 1 }
        continue
      default:
        result += self[at - 2..<at]
        continue
      }
      let text = String(decoding: self[at..<Swift.min(at + digits, count)], as: UTF8.self)
      if let code = UInt32(text, radix: 16), code < 0x80 { result.append(UInt8(code)) }
      at = Swift.min(at + digits, count)
    }
    return result
  }
}

extension StaticString {
  /// The text in UTF-8.
  package var bytes: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: utf8Start, count: utf8CodeUnitCount)
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// The offset at which `text` stands for the first time at or behind `start`.
  package func firstOffset(of text: StaticString, from start: Int) -> Int? {
    firstOffset(of: text.bytes, from: start)
  }

  /// The offset at which the bytes `wanted` stand for the first time at or behind `start`.
  package func firstOffset(of wanted: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    guard !wanted.isEmpty else { return start }
    let place = wanted.placeOfRarest
    var from = start + place
    while let hit = firstOffset(of: wanted[place], from: from) {
      if holds(wanted, at: hit - place) { return hit - place }
      from = hit + 1
    }
    return nil
  }

  /// Where the letter stands that manifests have least often: most of a search is the stops at what turns out not to be it.
  private var placeOfRarest: Int {
    let common = ("etaoinsrlcdmpuhgfybwvkxjqz" as StaticString).bytes
    var (place, rank) = (0, -1)
    for index in indices {
      let own = common.firstIndex(of: self[index]) ?? common.count
      if own > rank { (place, rank) = (index, own) }
    }
    return place
  }

  /// The offset of the first `byte` at or behind `start`.
  package func firstOffset(of byte: UInt8, from start: Int) -> Int? {
    guard let base = baseAddress, start < count else { return nil }
    return memchr(base + start, Int32(byte), count - start).map { UnsafeRawPointer($0) - UnsafeRawPointer(base) }
  }

  /// Whether the bytes from `start` on begin with those of `other`.
  package func holds(_ other: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
    guard start >= 0, start + other.count <= count else { return false }
    guard let base = baseAddress, let theirs = other.baseAddress, !other.isEmpty else { return true }
    return memcmp(base + start, theirs, other.count) == 0
  }

  /// Whether the bytes from `start` on begin with those of `other`, but for the case of ASCII's letters.
  ///
  /// - Parameter other: In lower case.
  package func holds(inAnyCase other: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
    guard start >= 0, start + other.count <= count else { return false }
    var at = 0
    while at < other.count, self[start + at].lowercasedASCII == other[at] { at += 1 }
    return at == other.count
  }

  /// Whether the bytes come before those of `other` in the order of dictionaries.
  func precedes(_ other: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let base = baseAddress, let theirs = other.baseAddress else { return count < other.count }
    let order = memcmp(base, theirs, Swift.min(count, other.count))
    return order == 0 ? count < other.count : order < 0
  }

  /// Whether every byte is ASCII, 32 of them looked at together.
  package var isASCII: Bool {
    let bytes = UnsafeRawBufferPointer(self)
    var at = 0
    while at + 32 <= bytes.count {
      let part = bytes.loadUnaligned(fromByteOffset: at, as: SIMD4<UInt64>.self)
      if part & 0x8080_8080_8080_8080 != .zero { return false }
      at += 32
    }
    return bytes[at...].allSatisfy { $0 < 0x80 }
  }
}
