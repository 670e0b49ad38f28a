import Foundation

/// A table of `Fixtures/`: its rows as columns, without the heading.
///
/// A row is a line, a column ends at a tab; `\n`, `\r`, `\t`, `\\` and `\u{85}` stand for what they do in Swift.
func table(_ name: String) -> [[String]] {
  let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
  guard let text = try? String(contentsOf: folder.appending(path: "\(name).tsv"), encoding: .utf8) else { return [] }
  return text.split(separator: "\n").dropFirst().map { line in
    line.split(separator: "\t", omittingEmptySubsequences: false).map(unescaped)
  }
}

private func unescaped(_ text: Substring) -> String {
  guard text.contains("\\") else { return String(text) }
  var result = ""
  var rest = text
  while let character = rest.popFirst() {
    guard character == "\\", let kind = rest.popFirst() else {
      result.append(character)
      continue
    }
    switch kind {
    case "n": result.append("\n")
    case "r": result.unicodeScalars.append("\r")
    case "t": result.append("\t")
    case "u":
      let digits = rest.dropFirst().prefix { $0 != "}" }
      rest = rest.dropFirst(digits.count + 2)
      UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init).map { result.unicodeScalars.append($0) }
    default: result.append(kind)
    }
  }
  return result
}
