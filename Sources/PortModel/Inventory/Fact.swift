import SourceText

/// A value with the place it is written at.
package struct Located<Value: Sendable>: Sendable {
  package var value: Value
  package var place: SourceRange

  package init(_ value: Value, at place: SourceRange) {
    self.value = value
    self.place = place
  }
}

extension Located: Equatable where Value: Equatable {}
extension Located: Hashable where Value: Hashable {}

/// What a manifest says of something: a value, nothing, or what cannot be known from the text.
package enum Fact<Value: Sendable>: Sendable {
  /// A value, with its place.
  case known(Value, at: SourceRange)
  /// The manifest says nothing of it.
  case absent
  /// A variable or a template stands there: its text, and its place.
  case unknown(String, at: SourceRange)

  /// The value, where it is known.
  package var value: Value? {
    if case .known(let value, _) = self { value } else { nil }
  }

  /// Where the value or the variable is written.
  package var place: SourceRange? {
    switch self {
    case .known(_, let place), .unknown(_, let place): place
    case .absent: nil
    }
  }

  /// Whether the manifest says nothing.
  package var isAbsent: Bool {
    if case .absent = self { true } else { false }
  }

  /// Whether the text leaves the value open.
  package var isUnknown: Bool {
    if case .unknown = self { true } else { false }
  }
}

/// The answer to a condition. Only `yes` fires a rule: what depends on the unknown stays silent.
package enum Truth: Sendable {
  case yes
  case no
  case unknown

  package init(_ answer: Bool) {
    self = answer ? .yes : .no
  }

  /// `no` if either is, else `unknown` if either is.
  package static func && (a: Truth, b: @autoclosure () -> Truth) -> Truth {
    guard a != .no else { return .no }
    let b = b()
    return b == .no ? .no : (a == .yes && b == .yes ? .yes : .unknown)
  }

  /// `yes` if either is, else `unknown` if either is.
  package static func || (a: Truth, b: @autoclosure () -> Truth) -> Truth {
    guard a != .yes else { return .yes }
    let b = b()
    return b == .yes ? .yes : (a == .no && b == .no ? .no : .unknown)
  }

  package static prefix func ! (a: Truth) -> Truth {
    switch a {
    case .yes: .no
    case .no: .yes
    case .unknown: .unknown
    }
  }
}
