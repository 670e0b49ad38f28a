extension Dictionary {
  /// Takes notice of a value for a key; answers the first that there was, which stays.
  mutating func earlier(than value: Value, for key: Key) -> Value? {
    updateValue(self[key] ?? value, forKey: key)
  }
}
