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

extension StaticString {
  /// The text in UTF-8.
  package var bytes: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: utf8Start, count: utf8CodeUnitCount)
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// The offset at which `text` stands for the first time at or behind `start`.
  package func firstOffset(of text: StaticString, from start: Int) -> Int? {
    let wanted = text.bytes
    guard let first = wanted.first else { return start }
    var from = start
    while let hit = firstOffset(of: first, from: from) {
      if holds(wanted, at: hit) { return hit }
      from = hit + 1
    }
    return nil
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
