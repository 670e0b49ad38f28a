/// What is seldom said of something, kept apart so that whoever says nothing of it stays small and cheap to copy.
struct Uncommon<Traits: UsuallyPlain>: Sendable {
  /// Nothing, or the one value.
  private var said: [Traits] = []

  /// The traits, where any is not as usual.
  var traits: Traits? { said.first }

  /// Sets a trait.
  ///
  /// - Parameter isUsual: Whether the trait is set to what it is where nothing is said.
  mutating func set(_ isUsual: Bool, _ change: (inout Traits) -> Void) {
    if said.isEmpty {
      if isUsual { return }
      said.append(Traits())
    }
    change(&said[0])
  }
}

/// Traits that nearly everything has in their initial state.
protocol UsuallyPlain: Sendable {
  init()
}
