import SourceText

/// What a terminal makes of a character. The numbers are those of the table.
enum CharacterKind: UInt32 {
  /// Drawn into the square of the one before it.
  case combining
  case narrow
  /// Drawn over two columns (Unicode Standard Annex #11, wide and full-width).
  case wide
  /// Not seen itself: it steers, turns around, joins or is passed over. Terminals differ in what they make of it.
  case hidden

  init(_ scalar: Unicode.Scalar) {
    if scalar.value >= 0x20, scalar.value < 0x7F {
      self = .narrow
    } else {
      let runs = CharacterKind.runs
      let next = runs.indices.firstBehind { runs[$0] >> 2 <= scalar.value }
      self = CharacterKind(rawValue: runs[next - 1] & 3) ?? .hidden
    }
  }

  /// How many columns it takes as it is.
  var columns: Int {
    switch self {
    case .combining, .hidden: 0
    case .narrow: 1
    case .wide: 2
    }
  }
}
