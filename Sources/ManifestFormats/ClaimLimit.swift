import PortModel
import SourceText

/// The guard against files that say nothing but ports, three bytes each: a claim takes far more than it is written in.
struct ClaimLimit {
  /// How many claims a run takes that are written in less than `bytesOfClaim`: as many as there are ports.
  static let mostDense = 65_536
  /// How much is written for a claim at least, as people write them, in bytes.
  private static let bytesOfClaim = 16

  private let ample: Int
  private var count = 0

  init(of file: SourceFile) {
    ample = file.bytes.count / ClaimLimit.bytesOfClaim
  }

  /// How many claims the file makes beyond what its size makes ample room for.
  var dense: Int {
    max(count - ample, 0)
  }

  /// Takes notice of claims before they are made.
  ///
  /// - Returns: The limit that they pass: then they are not to be made.
  mutating func limitPassed(by claims: Int = 1) -> Problem.Limit? {
    guard count + claims <= ample + ClaimLimit.mostDense else { return .claims(ample + ClaimLimit.mostDense) }
    count += claims
    return nil
  }
}
