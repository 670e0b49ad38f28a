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

extension SourceFile {
  /// Where values of JSON are a template's variables or expressions without quotes, `${port}`, as Terraform's
  /// `templatefile` takes them: no YAML has such a value between brackets.
  var variablesInJSON: [Range<Int>] {
    bytes.withUnsafeBufferPointer { $0.variablesInJSON }
  }

  /// The file with such values as a variable that YAML takes, `$_port_`, and nothing else moved.
  func writing(variables: [Range<Int>]) -> SourceFile {
    var text = bytes
    for variable in variables {
      for at in variable.dropFirst() where !text[at].isOfVariable { text[at] = UInt8(ascii: "_") }
    }
    return SourceFile(id: id, path: path, shownAs: shownPath, contents: text)
  }
}

extension UInt8 {
  fileprivate var isOfVariable: Bool {
    isASCIILetter || isASCIIDigit || self == 0x0A || self == 0x0D || self >= 0x80
  }
}

extension UnsafeBufferPointer<UInt8> {
  fileprivate var variablesInJSON: [Range<Int>] {
    guard isJSON, firstOffset(of: "${", from: 0) != nil else { return [] }
    var (found, at): ([Range<Int>], Int) = ([], 0)
    while at < count {
      switch self[at] {
      case UInt8(ascii: "\""): at = endOfString(from: at)
      case UInt8(ascii: "$") where beginsValueOfJSON(at: at):
        let end = endOfExpression(at: at) ?? count
        found.append(at..<end)
        at = end
      default: at += 1
      }
    }
    return found
  }

  /// Whether a list or a mapping of JSON begins here, and no template's expression.
  private var isJSON: Bool {
    guard let first = firstIndex(where: { $0 > 0x20 }), first + 1 < count else { return false }
    return self[first] == UInt8(ascii: "[")
      || self[first] == UInt8(ascii: "{") && !"{%".utf8.contains(self[first + 1])
  }

  private func beginsValueOfJSON(at offset: Int) -> Bool {
    guard offset + 1 < count, self[offset + 1] == UInt8(ascii: "{") else { return false }
    var before = offset
    while before > 0, self[before - 1] <= 0x20 { before -= 1 }
    return before > 0 && ":[,".utf8.contains(self[before - 1])
  }

  /// Where a string of JSON ends whose first quote stands at an offset: behind the other quote, or with its line.
  private func endOfString(from start: Int) -> Int {
    var at = start + 1
    while at < count, self[at] != UInt8(ascii: "\""), self[at] != 0x0A {
      at += self[at] == UInt8(ascii: "\\") ? 2 : 1
    }
    return Swift.min(at + 1, count)
  }

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
