import Synchronization

/// Values that are each made once, by whoever asks for them first: others wait for it meanwhile.
package final class OnceTable<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private final class Entry: Sendable {
    let value = Mutex<Value?>(nil)
  }

  private let entries = Mutex<[Key: Entry]>([:])

  package init() {}

  /// How many values there are.
  package var count: Int {
    entries.withLock { $0.count }
  }

  /// The value of a key.
  ///
  /// - Parameter make: Makes it; it may not ask this table.
  package func value(for key: Key, make: () -> Value) -> Value {
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
  package func forget(_ key: Key) {
    entries.withLock { _ = $0.removeValue(forKey: key) }
  }
}
