#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// A stack of plain values, in memory that serves again for one document after the other.
struct Arena<Element: BitwiseCopyable>: ~Copyable {
  private var memory: UnsafeMutableBufferPointer<Element>
  private(set) var count = 0

  /// - Parameter capacity: For how many elements there is room before the arena grows.
  init(capacity: Int) {
    memory = Arena.resized(nil, to: max(capacity, 8))
  }

  deinit {
    free(memory.baseAddress)
  }

  /// The elements, until one is added.
  var all: UnsafeBufferPointer<Element> {
    UnsafeBufferPointer(start: memory.baseAddress, count: count)
  }

  subscript(index: Int) -> Element {
    get {
      precondition(index < count)
      return memory[index]
    }
    _modify {
      precondition(index < count)
      yield &memory[index]
    }
  }

  @inline(__always)
  mutating func append(_ element: Element) {
    if count == memory.count { grow() }
    memory[count] = element
    count += 1
  }

  mutating func popLast() -> Element? {
    guard count > 0 else { return nil }
    count -= 1
    return memory[count]
  }

  /// Takes away what stands at `newCount` and behind.
  mutating func truncate(to newCount: Int) {
    count = min(count, newCount)
  }

  private mutating func grow() {
    memory = Arena.resized(memory.baseAddress, to: memory.count * 2)
  }

  /// Memory of another size with what stood in the old one: the C library moves large memory without a copy, so that it is
  /// never there twice.
  private static func resized(
    _ old: UnsafeMutablePointer<Element>?, to capacity: Int
  ) -> UnsafeMutableBufferPointer<Element> {
    let size = capacity * MemoryLayout<Element>.stride
    // As Swift's own arrays do: a document's nodes have a limit, so it is the machine that has no more.
    guard let new = realloc(old, size) else { fatalError("no memory for \(size) bytes of a document's nodes") }
    return UnsafeMutableBufferPointer(start: new.bindMemory(to: Element.self, capacity: capacity), count: capacity)
  }
}
