/// A name of a finding that survives moved lines.
package struct Fingerprint: Sendable {
  /// A sum of all that makes the finding this one.
  package var sum: UInt64
  /// How many findings before it are alike in all of that.
  package var repetition: UInt32 = 0

  package init(sum: UInt64) {
    self.sum = sum
  }
}

extension Fingerprint: CustomStringConvertible {
  /// Sixteen hexadecimal digits, and a number behind them for the second and later finding alike.
  package var description: String {
    let digits = String(sum, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits + (repetition == 0 ? "" : "-\(repetition + 1)")
  }
}
