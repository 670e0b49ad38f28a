/// What a manifest says where variables are replaced: what is judged, and what of it may be shown.
///
/// What an environment file gives to a variable may be a secret. It is judged, and people see the variable's name.
package struct ManifestValue<Value: Hashable & Sendable>: Hashable, Sendable {
  /// What the manifest says. It is for judging alone: no message, report or list of ports may hold it.
  package let value: Value
  private let written: String?

  /// - Parameter written: The text with the names of its variables, where an environment file gave one of them a value.
  package init(_ value: Value, written: String? = nil) {
    self.value = value
    self.written = written
  }

  /// What people are shown: the value, or its variables' names where an environment file has a part in it.
  package var shown: String {
    written ?? "\(value)"
  }

  /// Whether an environment file has a part in it.
  package var isHidden: Bool {
    written != nil
  }

  /// What is made of the value, which may be shown where the value may.
  package func map<Other>(_ transform: (Value) -> Other?) -> ManifestValue<Other>? {
    transform(value).map { ManifestValue<Other>($0, written: written) }
  }
}

package typealias ManifestText = ManifestValue<String>
package typealias ManifestNumber = ManifestValue<Int>

extension Fact {
  /// The same of what is made of the value.
  package func map<Other>(_ transform: (Value) -> Other) -> Fact<Other> {
    switch self {
    case .known(let value, let place): .known(transform(value), at: place)
    case .absent: .absent
    case .unknown(let text, let place): .unknown(text, at: place)
    }
  }
}
