import SourceText
import Testing

@testable import SourceYAML

/// NB: Swift 6.3.1 misreads an optional that takes the last spare value of what it holds; see `LentPointer`.
@Suite struct LayoutTests {
  private func hasOneSpareValue<T>(_ type: T.Type) -> Bool {
    MemoryLayout<T?>.size == MemoryLayout<T>.size && MemoryLayout<T??>.size > MemoryLayout<T?>.size
  }

  @Test func whatIsLentHasNotExactlyOneSpareValue() {
    #expect(!hasOneSpareValue(YAMLNode.self))
    #expect(!hasOneSpareValue(YAMLNode.Children.self))
    #expect(!hasOneSpareValue(YAMLEntry.self))
    #expect(!hasOneSpareValue(YAMLNode.Entries.self))
    #expect(!hasOneSpareValue(YAMLText.self))
    #expect(!hasOneSpareValue(DocumentStorage.self))
    #expect(hasOneSpareValue((pointer: UnsafePointer<UInt8>, count: Int).self))
  }

  /// What generic code answers in memory that others wrote to before, for its own callers to compare.
  @Test(arguments: [0, 0x5A] as [UInt8]) func aMissingNodeIsNil(_ byte: UInt8) {
    _ = ReadText("a: 1") { root, _ in
      withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 16) { memory in
        memory.initializeMemory(as: UInt8.self, repeating: byte)
        let place = memory.baseAddress.map { $0.bindMemory(to: YAMLNode?.self, capacity: 1) }
        place.map { storeNil(in: $0) }
        #expect(place.map { $0.pointee == nil } == true)
        #expect(place.map { $0.pointee != nil } == false)
      }
      #expect(root.has("a"))
      #expect(!root.has("b"))
      return ""
    }
  }
}

@inline(never) @_semantics("optimize.sil.specialize.generic.never")
private func storeNil<T>(in place: UnsafeMutablePointer<T?>) {
  place.pointee = nil
}
