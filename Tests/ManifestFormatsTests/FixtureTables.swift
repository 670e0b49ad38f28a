import Foundation

/// A table of `Fixtures/`: rows of tab-separated columns under a line of headings.
func fixtureTable(_ name: String) -> [[String]] {
  let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/\(name)")
  let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
  return text.components(separatedBy: "\n").dropFirst().filter { !$0.isEmpty }
    .map { $0.components(separatedBy: "\t") }
}
