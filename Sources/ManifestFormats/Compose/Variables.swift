import SourceText

/// Variables with their values, in layers: what one project has, those that it includes share, however many they are.
struct Variables: Sendable {
  /// What a file says of a variable.
  struct Setting: Sendable {
    var value: String
    /// Where it says so, from the name on.
    var place: SourceRange?
  }

  /// The outermost project's first: its values win.
  private(set) var layers: [[ExactText: Setting]] = []

  /// The value of a variable.
  subscript(name: ExactText) -> String? {
    setting(of: name)?.value
  }

  /// What is said of a variable. O(*n*) in the layers, of which each include may add one.
  func setting(of name: ExactText) -> Setting? {
    for layer in layers {
      if let setting = layer[name] { return setting }
    }
    return nil
  }

  /// Adds variables that count where there are none of these names yet.
  mutating func lay(under settings: [ExactText: Setting]) {
    if !settings.isEmpty { layers.append(settings) }
  }
}
