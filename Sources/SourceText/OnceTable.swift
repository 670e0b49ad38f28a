import Synchronization

/// Values that are each made once, by whoever asks for them first: others wait for it meanwhile.
///
/// What is generic is written out for each type where it is used, which needs `public`, and saves a run over many files
/// some 3 %.
public final class OnceTable<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  @usableFromInline
  final class Entry: Sendable {
    @usableFromInline let value = Mutex<Value?>(nil)

    @inlinable
    init() {}
  }

  @usableFromInline let entries = Mutex<[Key: Entry]>([:])

  /// An empty table.
  @inlinable
  public init() {}

  /// How many values there are.
  @inlinable
  public var count: Int {
    entries.withLock { $0.count }
  }

  /// The value of a key.
  ///
  /// - Parameter make: Makes it; it may not ask this table.
  @inlinable
  public func value(for key: Key, make: () -> Value) -> Value {
    let entry = entries.withLock { entries in
      if let known = entries[key] { return known }
      let new = Entry()
      entries[key] = new
      return new
    }
    return entry.value.withLock { known in
      if let known { return known }
      let new = make()
      known = new
      return new
    }
  }

  /// Forgets what nobody will ask for again.
  @inlinable
  public func forget(_ key: Key) {
    entries.withLock { _ = $0.removeValue(forKey: key) }
  }
}
