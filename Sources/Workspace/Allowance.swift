import SourceText
import Synchronization

/// Holds the files of a run to what they may have together, such as what projects bring in: many may include one large file.
///
/// Which of them have too much hangs on the order of the files only: those before which others have taken it all. A worker
/// need not wait to know it, for what others are still at only adds to that.
final class Allowance: Sendable {
  let most: Int
  private let known = Mutex<(sizes: [FileID: Int], sum: Int)>(([:], 0))

  init(most: Int) {
    self.most = most
  }

  /// Notes what a file has, in the place of what was noted of it before.
  func set(_ size: Int, for file: FileID) {
    known.withLock { known in
      guard size > 0 || known.sizes[file] != nil else { return }
      known.sum += size - (known.sizes.updateValue(size, forKey: file) ?? 0)
    }
  }

  /// Whether the files before this one are known to have taken too much.
  func isTooMuch(before file: FileID) -> Bool {
    known.withLock { known in
      known.sum > most && known.sizes.reduce(0) { $1.key < file ? $0 + $1.value : $0 } > most
    }
  }
}
