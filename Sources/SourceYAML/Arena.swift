/// A stack of plain values, in memory that serves again for one document after the other.
struct Arena<Element: BitwiseCopyable>: ~Copyable {
  private var memory: UnsafeMutableBufferPointer<Element>
  private(set) var count = 0

  /// - Parameter capacity: For how many elements there is room before the arena grows.
  init(capacity: Int) {
    memory = .allocate(capacity: max(capacity, 8))
  }

  deinit {
    memory.deallocate()
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
    let larger = UnsafeMutableBufferPointer<Element>.allocate(capacity: memory.count * 2)
    _ = larger.initialize(fromContentsOf: all)
    memory.deallocate()
    memory = larger
  }
}
