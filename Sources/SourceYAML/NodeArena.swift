/// The nodes of one document after the other, in memory that serves again.
struct NodeArena: ~Copyable {
  private var base: UnsafeMutablePointer<NodeRecord>
  private var capacity: Int
  private(set) var count = 0

  /// - Parameter capacity: For how many nodes there is room before the arena grows.
  init(capacity: Int) {
    self.capacity = max(capacity, 8)
    base = .allocate(capacity: self.capacity)
  }

  deinit {
    base.deallocate()
  }

  /// The nodes, until one is added.
  var all: UnsafeBufferPointer<NodeRecord> {
    UnsafeBufferPointer(start: base, count: count)
  }

  subscript(index: Int) -> NodeRecord {
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
  mutating func append(_ node: NodeRecord) {
    if count == capacity { grow() }
    base[count] = node
    count += 1
  }

  mutating func removeAll() {
    count = 0
  }

  @inline(never)
  private mutating func grow() {
    let larger = UnsafeMutablePointer<NodeRecord>.allocate(capacity: capacity * 2)
    larger.update(from: base, count: count)
    base.deallocate()
    base = larger
    capacity *= 2
  }
}
