// Writes the files of `rules/` as Swift literals: embed-rules OUTPUT FOLDER FILE ...
//
// Each file becomes two strings, split before its line `why:`. A run needs only the first, which holds what a rule
// does; the second holds what a person reads and the examples.

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

let arguments = CommandLine.arguments
struct UsageError: Error {
  let usage = "embed-rules OUTPUT FOLDER FILE ..."
}

guard arguments.count >= 3 else { throw UsageError() }

func literal(_ text: Substring) -> String {
  // One `#` more than any run of them behind a quote keeps the text from ending its own literal.
  var fence = "#"
  while text.contains("\"" + fence) || text.contains("\\" + fence) { fence += "#" }
  return "\(fence)\"\"\"\n\(text)\n\"\"\"\(fence)"
}

var output =
  "// Made by embed-rules from rules/.\n\nextension BuiltInRules {\n  package static let files: [EmbeddedFile] = [\n"
for path in arguments[3...] {
  let text = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
  let split = text.firstRange(of: "\nwhy:")?.lowerBound ?? text.endIndex
  let name = path.dropFirst(arguments[2].count).drop { $0 == "/" }
  output += "    EmbeddedFile(\n      name: \"\(name)\",\n      head: \(literal(text[..<split])),\n"
  output += "      tail: \(literal(text[split...].dropFirst()))),\n"
}
output += "  ]\n}\n"
try Data(output.utf8).write(to: URL(filePath: arguments[1]))
