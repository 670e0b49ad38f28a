import Foundation

/// A table of `Fixtures/`: rows of tab-separated columns under a line of headings.
func fixtureTable(_ name: String) -> [[String]] {
  let text = (try? fixtureText(name)) ?? ""
  return text.components(separatedBy: "\n").dropFirst().filter { !$0.isEmpty }
    .map { $0.components(separatedBy: "\t") }
}

/// The text of a file in `Fixtures/`.
func fixtureText(_ name: String) throws -> String {
  let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/\(name)")
  return try String(contentsOf: file, encoding: .utf8)
}
