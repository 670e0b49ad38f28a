import SourceText

/// Reads a `.env` file as Compose does: `KEY=value` or `KEY: value` lines, `export`, comments, quotes.
///
/// A value that itself holds a variable without a value is left out: it cannot be known.
func parseDotEnv(_ file: SourceFile) -> [String: String] {
  var values: [String: String] = [:]
  for line in file.bytes.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
    var line = line.drop(while: \.isBlank)
    if line.first == UInt8(ascii: "#") { continue }
    if line.starts(with: "export ".utf8) { line = line.dropFirst(7).drop(while: \.isBlank) }
    guard let separator = line.firstIndex(where: { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: ":") }) else {
      continue
    }
    let key = String(decoding: line[..<separator].reversed().drop(while: \.isBlank).reversed(), as: UTF8.self)
    let value = line[line.index(after: separator)...].drop(while: \.isBlank)
    values[key] = dotEnvValue(value, known: values)
  }
  return values
}

private func dotEnvValue(_ text: ArraySlice<UInt8>, known: [String: String]) -> String? {
  if let quote = text.first, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\""),
    let end = text.dropFirst().firstIndex(of: quote)
  {
    let inner = text[text.startIndex + 1..<end]
    return quote == UInt8(ascii: "'") ? String(decoding: inner, as: UTF8.self) : interpolated(inner, known: known)
  }
  var end = text.endIndex
  for index in text.indices where text[index] == UInt8(ascii: "#") {
    guard index == text.startIndex || text[index - 1].isBlank else { continue }
    end = index
    break
  }
  let trimmed = ArraySlice(text[..<end].reversed().drop(while: \.isBlank).reversed())
  return interpolated(trimmed, known: known)
}

private func interpolated(_ text: ArraySlice<UInt8>, known: [String: String]) -> String? {
  guard let text = try? InterpolatedText(text, environment: known), text.openVariables.isEmpty else { return nil }
  return String(decoding: text.bytes, as: UTF8.self)
}

extension UInt8 {
  /// Whether the byte is a space or a tab.
  fileprivate var isBlank: Bool {
    self == 0x20 || self == 0x09
  }
}
