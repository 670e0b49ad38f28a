import SourceText

/// Reads a `.env` file as Compose does: `KEY=value` or `KEY: value`, `export`, comments, quotes that may span lines.
///
/// A value that itself holds a variable without a value is left out: it cannot be known. So is one whose quote nothing
/// closes.
///
/// - Parameters:
///   - values: What its values may use besides one another, and where they are put.
///   - outer: Which of the values stay as they are.
///   - most: How many bytes the values may come to, for they may use one another.
/// - Returns: Whether the file was read to its end.
func parseDotEnv(
  _ file: SourceFile, into values: inout [String: String], but outer: [String: String], most: Int
) -> Bool {
  var rest = file.bytes[...]
  var size = 0
  while !rest.isEmpty {
    let lineEnd = rest.firstIndex(where: \.endsLine) ?? rest.endIndex
    var line = rest[..<lineEnd].drop(while: \.isBlank)
    rest = rest[lineEnd...].dropFirst()
    if line.first == UInt8(ascii: "#") { continue }
    if line.starts(with: "export ".utf8) { line = line.dropFirst(7).drop(while: \.isBlank) }
    guard let separator = line.firstIndex(where: { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: ":") }) else {
      continue
    }
    let key = String(decoding: line[..<separator].trimmingBlanks, as: UTF8.self)
    let value = line[(separator + 1)...].drop(while: \.isBlank)
    var meant: String?
    if let quote = value.first, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") {
      if let end = closingQuote(quote, in: file.bytes[(value.startIndex + 1)...]) {
        meant = quotedValue(file.bytes[value.startIndex + 1..<end], quote, known: values)
        rest = file.bytes[end...].drop { !$0.endsLine }.dropFirst()
      }
    } else {
      meant = plainValue(value, known: values)
    }
    size += meant?.utf8.count ?? 0
    if size > most { return false }
    if outer[key] == nil { values[key] = meant }
  }
  return true
}

private func closingQuote(_ quote: UInt8, in text: ArraySlice<UInt8>) -> Int? {
  text.indices.first { text[$0] == quote && ($0 == text.startIndex || text[$0 - 1] != UInt8(ascii: "\\")) }
}

private func quotedValue(_ text: ArraySlice<UInt8>, _ quote: UInt8, known: [String: String]) -> String? {
  if quote == UInt8(ascii: "'") { return String(decoding: text, as: UTF8.self) }
  var unescaped: [UInt8] = []
  var rest = text
  while let byte = rest.popFirst() {
    guard byte == UInt8(ascii: "\\"), let escaped = rest.popFirst() else {
      unescaped.append(byte)
      continue
    }
    switch escaped {
    case UInt8(ascii: "n"): unescaped.append(0x0A)
    case UInt8(ascii: "r"): unescaped.append(0x0D)
    // `\$` is a dollar sign that begins no variable, which templates write `$$`.
    case UInt8(ascii: "$"): unescaped += [escaped, escaped]
    default: unescaped.append(escaped)
    }
  }
  return interpolated(unescaped[...], known: known)
}

private func plainValue(_ text: ArraySlice<UInt8>, known: [String: String]) -> String? {
  let comment = text.indices.first { index in
    text[index] == UInt8(ascii: "#") && (index == text.startIndex || text[index - 1].isBlank)
  }
  return interpolated(text[..<(comment ?? text.endIndex)].trimmingBlanks, known: known)
}

private func interpolated(_ text: ArraySlice<UInt8>, known: [String: String]) -> String? {
  guard let text = try? InterpolatedText(text, environment: known), text.openVariables.isEmpty else { return nil }
  return String(decoding: text.bytes, as: UTF8.self)
}

extension ArraySlice<UInt8> {
  /// The text without the blanks behind it.
  fileprivate var trimmingBlanks: ArraySlice<UInt8> {
    self[..<(lastIndex { !$0.isBlank }.map { $0 + 1 } ?? startIndex)]
  }
}

extension UInt8 {
  /// Whether the byte is a space or a tab.
  fileprivate var isBlank: Bool {
    self == 0x20 || self == 0x09
  }

  fileprivate var endsLine: Bool {
    self == 0x0A || self == 0x0D
  }
}
