import SourceText

/// An inclusive range of port numbers, 0–65535.
package struct PortRange: Hashable, Sendable {
  /// The lowest port.
  package let first: UInt16
  /// The highest port; never less than `first`.
  package let last: UInt16

  /// Makes the range of a single port.
  package init(_ port: UInt16) {
    first = port
    last = port
  }

  /// Makes a range, or nothing when it is reversed.
  package init?(_ first: UInt16, through last: UInt16) {
    guard first <= last else { return nil }
    self.first = first
    self.last = last
  }

  /// Every port.
  package static let all = PortRange(unchecked: 0, 65535)

  init(unchecked first: UInt16, _ last: UInt16) {
    self.first = first
    self.last = last
  }

  /// How many ports the range holds.
  package var count: Int {
    Int(last) - Int(first) + 1
  }

  /// Whether the range is one port.
  package var isSingle: Bool {
    first == last
  }

  /// Whether both ranges hold a common port.
  package func overlaps(_ other: PortRange) -> Bool {
    first <= other.last && other.first <= last
  }

  /// The ports of both ranges.
  package func intersection(_ other: PortRange) -> PortRange? {
    PortRange(max(first, other.first), through: min(last, other.last))
  }
}

extension PortRange: Comparable {
  package static func < (a: PortRange, b: PortRange) -> Bool {
    (a.first, a.last) < (b.first, b.last)
  }
}

extension PortRange: CustomStringConvertible {
  /// `80` or `8000-8010`.
  package var description: String {
    isSingle ? String(first) : "\(first)-\(last)"
  }
}

extension PortRange {
  /// Reads `80` or `7000-7099`: digits only, not reversed.
  package init?(_ text: String) {
    let bounds = text.split(separator: "-", omittingEmptySubsequences: false)
    guard bounds.count <= 2, bounds.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(\.isASCIIDigit) }) else {
      return nil
    }
    guard let first = UInt16(bounds[0]), let last = UInt16(bounds[bounds.count - 1]) else { return nil }
    self.init(first, through: last)
  }
}
