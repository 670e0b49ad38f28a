/// A line of an ignore file, as git takes it (gitignore(5)).
struct IgnorePattern: Sendable {
  /// Where it stands, from 1.
  let line: Int
  /// Whether it takes back what earlier lines ignore.
  let takesBack: Bool
  let isForFolders: Bool
  /// Whether it means a name in whatever folder, and not a path.
  let isOfNames: Bool
  let shape: Shape

  enum Shape: Sendable {
    /// The very name or path.
    case literal([UInt8])
    /// The end of a name.
    case ending([UInt8])
    /// What a name or a path begins with, and the pattern for the rest.
    case glob(prefix: [UInt8], IgnoreGlob)
  }

  /// Reads a line; nothing where it can match no path.
  init?(_ text: ArraySlice<UInt8>, line: Int) {
    // To git, a text ends there.
    var text = text.prefix { $0 != 0 }
    if text.first == UInt8(ascii: "#") { return nil }
    text = IgnorePattern.withoutLastBlanks(text)
    takesBack = text.first == UInt8(ascii: "!")
    if takesBack { text.removeFirst() }
    isForFolders = text.last == UInt8(ascii: "/")
    if isForFolders { text.removeLast() }
    isOfNames = !text.contains(UInt8(ascii: "/"))
    if text.first == UInt8(ascii: "/") { text.removeFirst() }
    guard !text.isEmpty else { return nil }
    self.line = line
    let prefix = text.prefix { !$0.isGlobSign }
    let rest = text[prefix.endIndex...]
    if rest.isEmpty {
      shape = .literal(Array(text))
    } else if isOfNames, rest.startIndex == text.startIndex, rest.first == UInt8(ascii: "*"),
      !rest.dropFirst().contains(where: \.isGlobSign)
    {
      shape = .ending(Array(rest.dropFirst()))
    } else if let glob = IgnoreGlob(rest, ofNames: isOfNames) {
      shape = .glob(prefix: Array(prefix), glob)
    } else {
      return nil
    }
  }

  /// The text without spaces at its end, but for those behind a backslash.
  private static func withoutLastBlanks(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var end = text.startIndex
    var index = text.startIndex
    while index < text.endIndex {
      if text[index] == UInt8(ascii: "\\") {
        index += 1
        if index == text.endIndex { return text }
        end = index + 1
      } else if text[index] != UInt8(ascii: " ") {
        end = index + 1
      }
      index += 1
    }
    return text[..<end]
  }

  /// Whether it matches what stands in a path behind a place.
  ///
  /// - Parameter steps: Gets how much there was to compare.
  func matches(_ path: [UInt8], from start: Int, steps: inout Int) -> Bool {
    steps += 1
    switch shape {
    case .literal(let text):
      return path.count - start == text.count && path[start...].elementsEqual(text)
    case .ending(let text):
      return path.count - start >= text.count && path.suffix(text.count).elementsEqual(text)
    case .glob(let prefix, let glob):
      guard path.count - start >= prefix.count else { return false }
      for (offset, byte) in prefix.enumerated() where path[start + offset] != byte { return false }
      return glob.matches(path, from: start + prefix.count, steps: &steps)
    }
  }
}

/// What stands in a pattern from its first sign on, as git's `wildmatch` takes it.
struct IgnoreGlob: Sendable {
  private enum Part: Sendable {
    case byte(UInt8)
    /// Any byte but a slash.
    case any
    case oneOf(ByteSet)
    /// Any bytes but slashes.
    case star
    /// No folder or several, each with its slash.
    case folders
    /// Any bytes.
    case anything
  }

  private var parts: [Part] = []

  /// Reads a pattern; nothing for one that can match no text.
  init?(_ text: ArraySlice<UInt8>, ofNames: Bool) {
    var index = text.startIndex
    while index < text.endIndex {
      let byte = text[index]
      index += 1
      switch byte {
      case UInt8(ascii: "*"):
        let first = index - 1
        while index < text.endIndex, text[index] == byte { index += 1 }
        parts.append(IgnoreGlob.part(ofStars: first..<index, in: text, ofNames: ofNames))
        // Its slash is one of the folders'.
        if case .folders? = parts.last { index += 1 }
      case UInt8(ascii: "?"): parts.append(.any)
      case UInt8(ascii: "["):
        guard let set = ByteSet(readingFrom: text, &index) else { return nil }
        parts.append(.oneOf(set))
      case UInt8(ascii: "\\"):
        guard index < text.endIndex else { return nil }
        parts.append(.byte(text[index]))
        index += 1
      default: parts.append(.byte(byte))
      }
    }
  }

  /// What a star stands for, or several in a row.
  private static func part(ofStars stars: Range<Int>, in text: ArraySlice<UInt8>, ofNames: Bool) -> Part {
    let slash = UInt8(ascii: "/")
    guard stars.count > 1, !ofNames, stars.lowerBound == text.startIndex || text[stars.lowerBound - 1] == slash
    else { return .star }
    let rest = text[stars.upperBound...]
    if rest.isEmpty || rest.starts(with: [UInt8(ascii: "\\"), slash]) { return .anything }
    return rest.first == slash ? .folders : .star
  }

  /// Whether it matches all of a path from a place on.
  ///
  /// Of several stars, only the last that was met is tried with more bytes, and of several `**` likewise: an earlier one
  /// with more of them could come to nothing else.
  func matches(_ text: [UInt8], from start: Int, steps: inout Int) -> Bool {
    var (part, place) = (0, start)
    var star: (part: Int, place: Int)?
    var wide: (part: Int, place: Int, isOfFolders: Bool)?
    while true {
      steps += 1
      if part < parts.count {
        switch parts[part] {
        case .star:
          part += 1
          star = (part, place)
          continue
        case .folders, .anything:
          var isOfFolders = false
          if case .folders = parts[part] { isOfFolders = true }
          part += 1
          (star, wide) = (nil, (part, place, isOfFolders))
          continue
        case .byte(let byte):
          if place < text.count, text[place] == byte {
            (part, place) = (part + 1, place + 1)
            continue
          }
        case .any:
          if place < text.count, text[place] != UInt8(ascii: "/") {
            (part, place) = (part + 1, place + 1)
            continue
          }
        case .oneOf(let set):
          if place < text.count, text[place] != UInt8(ascii: "/"), set.contains(text[place]) {
            (part, place) = (part + 1, place + 1)
            continue
          }
        }
      } else if place == text.count {
        return true
      }
      if let last = star, last.place < text.count, text[last.place] != UInt8(ascii: "/") {
        (part, place) = (last.part, last.place + 1)
        star = (part, place)
      } else if let last = wide {
        var next = last.place
        if last.isOfFolders {
          while next < text.count, text[next] != UInt8(ascii: "/") { next += 1 }
          steps += next - last.place
        }
        guard next < text.count else { return false }
        (part, place) = (last.part, next + 1)
        (star, wide) = (nil, (part, place, last.isOfFolders))
      } else {
        return false
      }
    }
  }
}

/// A set of bytes, as brackets in a pattern say it.
private struct ByteSet: Sendable {
  private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

  func contains(_ byte: UInt8) -> Bool {
    let word =
      switch byte >> 6 {
      case 0: words.0
      case 1: words.1
      case 2: words.2
      default: words.3
      }
    return word >> UInt64(byte & 63) & 1 == 1
  }

  private mutating func insert(_ byte: UInt8) {
    let bit: UInt64 = 1 << UInt64(byte & 63)
    switch byte >> 6 {
    case 0: words.0 |= bit
    case 1: words.1 |= bit
    case 2: words.2 |= bit
    default: words.3 |= bit
    }
  }

  private mutating func insert(where isMeant: (UInt8) -> Bool) {
    for byte in UInt8.min...UInt8.max where isMeant(byte) { insert(byte) }
  }

  /// Reads what stands behind an opening bracket, up to the closing one; nothing where git finds no set there.
  init?(readingFrom text: ArraySlice<UInt8>, _ index: inout Int) {
    let isNegated = index < text.endIndex && (text[index] == UInt8(ascii: "!") || text[index] == UInt8(ascii: "^"))
    if isNegated { index += 1 }
    var previous: UInt8 = 0
    var isFirst = true
    while true {
      guard index < text.endIndex else { return nil }
      var byte = text[index]
      if byte == UInt8(ascii: "]"), !isFirst { break }
      isFirst = false
      index += 1
      let next = index < text.endIndex ? text[index] : 0
      if byte == UInt8(ascii: "\\") {
        guard index < text.endIndex else { return nil }
        byte = next
        index += 1
        insert(byte)
      } else if byte == UInt8(ascii: "-"), previous != 0, next != 0, next != UInt8(ascii: "]") {
        index += 1
        var last = next
        if last == UInt8(ascii: "\\") {
          guard index < text.endIndex else { return nil }
          last = text[index]
          index += 1
        }
        if previous <= last { insert { (previous...last).contains($0) } }
        byte = 0
      } else if byte == UInt8(ascii: "["), next == UInt8(ascii: ":") {
        guard let end = text[index...].dropFirst().firstIndex(of: UInt8(ascii: "]")) else { return nil }
        let name = text[(index + 1)..<end]
        if name.last == UInt8(ascii: ":") {
          guard let isMeant = ByteSet.classes[String(decoding: name.dropLast(), as: UTF8.self)] else { return nil }
          insert(where: isMeant)
          index = end + 1
          byte = 0
        } else {
          insert(byte)
        }
      } else {
        insert(byte)
      }
      previous = byte
    }
    index += 1
    if isNegated { words = (~words.0, ~words.1, ~words.2, ~words.3) }
  }

  /// POSIX's classes of characters.
  private static let classes: [String: @Sendable (UInt8) -> Bool] = [
    "alnum": { isLetter($0) || isDigit($0) },
    "alpha": isLetter,
    "blank": { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") },
    "cntrl": { $0 < 0x20 || $0 == 0x7F },
    "digit": isDigit,
    "graph": { (0x21...0x7E).contains($0) },
    "lower": { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) },
    "print": { (0x20...0x7E).contains($0) },
    "punct": { (0x21...0x7E).contains($0) && !isLetter($0) && !isDigit($0) },
    "space": { $0 == UInt8(ascii: " ") || (0x09...0x0D).contains($0) },
    "upper": { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) },
    "xdigit": { isDigit($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0 | 0x20) },
  ]

  @Sendable private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  @Sendable private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
