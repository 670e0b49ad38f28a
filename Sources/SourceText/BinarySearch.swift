extension Range<Int> {
  /// The first number that does not come before something, where those that do come first; the end if all do.
  /// O(log *n*).
  @inlinable
  package func firstBehind(_ isBefore: (Int) -> Bool) -> Int {
    var (low, high) = (lowerBound, upperBound)
    while low < high {
      let middle = (low + high) / 2
      if isBefore(middle) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
