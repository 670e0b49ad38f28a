/// A stack of plain values, in memory that serves again for one document after the other.
struct Arena<Element: BitwiseCopyable>: ~Copyable {
  private var base: UnsafeMutablePointer<Element>
  private var capacity: Int
  private(set) var count = 0

  /// - Parameter capacity: For how many elements there is room before the arena grows.
  init(capacity: Int) {
    self.capacity = max(capacity, 8)
    base = .allocate(capacity: self.capacity)
  }

  deinit {
    base.deallocate()
  }

  /// The elements, until one is added.
  var all: UnsafeBufferPointer<Element> {
    UnsafeBufferPointer(start: base, count: count)
  }

  subscript(index: Int) -> Element {
    get {
      precondition(index < count)
      return base[index]
    }
    _modify {
      precondition(index < count)
      yield &base[index]
    }
  }

  @inline(__always)
  mutating func append(_ element: Element) {
    if count == capacity { grow() }
    base[count] = element
    count += 1
  }

  mutating func popLast() -> Element? {
    guard count > 0 else { return nil }
    count -= 1
    return base[count]
  }

  /// Takes away what stands at `newCount` and behind.
  mutating func truncate(to newCount: Int) {
    count = min(count, newCount)
  }

  private mutating func grow() {
    let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity * 2)
    larger.initialize(from: base, count: count)
    base.deallocate()
    base = larger
    capacity *= 2
  }
}
