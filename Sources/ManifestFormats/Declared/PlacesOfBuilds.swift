import SourceText

extension SourceFile {
  /// Where values begin with a build's placeholder, `@port@`.
  var placesOfBuilds: [Int] {
    bytes.withUnsafeBufferPointer { $0.startsOfPlaces }
  }

  /// The file with such values as YAML lets one begin, `$port@`: to every reader it is a variable, and nothing else moves.
  func writing(_ starts: [Int]) -> SourceFile {
    var text = bytes
    for start in starts { text[start] = UInt8(ascii: "$") }
    return SourceFile(id: id, path: path, shownAs: shownPath, contents: text)
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Where a placeholder stands with nothing before it but what a value of YAML may stand behind.
  fileprivate var startsOfPlaces: [Int] {
    var starts: [Int] = []
    var at = 0
    while let hit = firstOffset(of: UInt8(ascii: "@"), from: at) {
      let end = endOfPlaceholder(at: hit)
      if end != nil, mayBeginValue(at: hit) { starts.append(hit) }
      at = end ?? hit + 1
    }
    return starts
  }

  private func mayBeginValue(at offset: Int) -> Bool {
    var before = offset
    while before > 0, self[before - 1] == 0x20 { before -= 1 }
    guard before > 0 else { return true }
    switch self[before - 1] {
    case 0x0A, 0x0D, UInt8(ascii: "["), UInt8(ascii: ","): return true
    case UInt8(ascii: ":"), UInt8(ascii: "-"): return before < offset
    default: return false
    }
  }
}
