import PortModel
import SourceText

/// The guard against files that say nothing but ports, three bytes each: a claim takes far more than it is written in.
struct ClaimLimit {
  /// How many claims a run takes that are written in less than `bytesOfClaim`: as many as there are ports.
  static let mostDense = 65_536
  /// How much is written for a claim at least, as people write them, in bytes: `- 10.0.0.1:8080:8080` and a line's end.
  private static let bytesOfClaim = 24
  /// How long a name may be, in bytes, whose claims count once: whatever is said of a claim says its owner's name.
  private static let bytesOfName = 64
  /// How long the file's path may be beside it: the inventory says it with each claim.
  private static let bytesOfPath = 256

  private let ample: Int
  /// How much longer the path is.
  private let excessOfPath: Int
  private var count = 0
  /// Whether the file has claimed more than it may: then it claims nothing further.
  private(set) var isPassed = false

  init(of file: SourceFile) {
    self.init(ofBytes: file.bytes.count, at: file.path)
  }

  /// The limit of what is written in so many bytes, in files of which one is named.
  init(ofBytes count: Int, at path: String) {
    ample = count / ClaimLimit.bytesOfClaim
    excessOfPath = max(0, path.utf8.count - ClaimLimit.bytesOfPath)
  }

  /// How many claims the file makes beyond what its size makes ample room for.
  var dense: Int {
    max(count - ample, 0)
  }

  /// Takes notice of claims before they are made.
  ///
  /// - Parameter name: Their owner's.
  mutating func answer(to claims: Int = 1, of name: String?) -> Answer {
    if isPassed { return .refused(nil) }
    let claims = claims * (1 + ((name?.shortened.utf8.count ?? 0) + excessOfPath) / ClaimLimit.bytesOfName)
    guard count + claims <= ample + ClaimLimit.mostDense else {
      isPassed = true
      return .refused(.claims(ample + ClaimLimit.mostDense))
    }
    count += claims
    return .taken
  }

  enum Answer {
    case taken
    /// They are not to be made, and the limit is to be said, unless it has been.
    case refused(Problem.Limit?)
  }
}
