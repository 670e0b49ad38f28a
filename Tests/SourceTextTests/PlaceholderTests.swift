import SourceText
import Testing

/// Where placeholders of templates end.
@Suite struct PlaceholderTests {
  @Test(
    arguments: [
      ("<% x %>", 7), ("%{x}", 4), ("%NAME%", 6), ("@NAME@", 6), ("@@NAME@@", 8), ("<% x", nil), ("<% x\n%>", nil),
      ("%{x", nil), ("%%", nil), ("@1@", nil),
      // What opens first is text where another opens before it ends: so each byte is passed once, however many open.
      ("<% <% x %>", nil), ("%{ %{x}", nil), ("<% %{x} %>", 10),
    ] as [(String, Int?)])
  func aPlaceholderEnds(_ text: String, _ end: Int?) {
    #expect(ends(in: text).first == .some(end))
  }

  @Test(arguments: ["<%", "%{", "@a "])
  func openingsWithoutAnEndBeginNothing(_ opening: String) {
    #expect(ends(in: String(repeating: opening, count: 100_000)).allSatisfy { $0 == nil })
  }

  /// For each byte of a text, the end of the placeholder that begins there.
  private func ends(in text: String) -> [Int?] {
    Array(text.utf8).withUnsafeBufferPointer { bytes in bytes.indices.map { bytes.endOfPlaceholder(at: $0) } }
  }
}
