// Writes the files of `rules/` or `rules/formats/` as Swift: embed-rules rules|formats OUTPUT FOLDER FILE ...
//
// Each file becomes text, and each rule, table and format also the value that it means, so that a run reads none of them.
// A mistake in a file ends the build with its place.

import PolicyEngine
import PortModel
import SourceText
import SourceYAML

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

guard CommandLine.arguments.count >= 4, ["rules", "formats"].contains(CommandLine.arguments[1]) else {
  fail(["usage: embed-rules rules|formats OUTPUT FOLDER FILE ..."])
}
let folder = CommandLine.arguments[3]
let files = try CommandLine.arguments[4...].map { try EmbeddedFolderFile(path: $0, folder: folder) }
let text: String
if CommandLine.arguments[1] == "rules" {
  let tables = try decodedTables(files)
  text = source(files, decodedRules(files, tables: tables.ports.map(\.name)), tables)
} else {
  text = source(files, decodedFormats(files))
}
try Data(text.utf8).write(to: URL(filePath: CommandLine.arguments[2]))

// MARK: - Reading

/// One file of the folder.
struct EmbeddedFolderFile {
  /// Where it lies, for messages.
  var path: String
  /// The path below the folder.
  var name: String
  var text: String

  init(path: String, folder: String) throws {
    self.path = path
    name = String(path.dropFirst(folder.count).drop { $0 == "/" })
    text = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
  }

  /// What the file is called without its folder and its ending.
  var id: String {
    let last = name.split(separator: "/").last ?? ""
    return String(last.prefix { $0 != "." })
  }

  var isRule: Bool { !name.contains("/") }
  var isTable: Bool { name.hasPrefix("tables/") }
  var isPreset: Bool { name.hasPrefix("presets/") }

  /// The file's mistakes in the form that compilers use.
  func mistakes(_ problems: [DecodingProblem], in source: SourceFile) -> [String] {
    let lines = LineTable(of: source.bytes)
    return problems.map { problem in
      let position = lines.position(of: Int(problem.place.start))
      return "\(path):\(position.line):\(position.column): error: \(problem.message)"
    }
  }

  var source: SourceFile {
    SourceFile(id: FileID(0), path: path, contents: Array(text.utf8))
  }
}

/// The rules and presets that the files declare; ends the process where one is wrong.
func decodedRules(_ files: [EmbeddedFolderFile], tables: [String]) -> [Rule] {
  let known = Set(tables).union(Policy.ranges(of: .linux, []).keys)
  var rules: [Rule] = []
  var mistakes: [String] = []
  for file in files where file.isRule {
    let source = file.source
    let (rule, problems) = decodeRule(source, knownPorts: known, knownFormats: Set(Format.coded.map(\.id)))
    mistakes += file.mistakes(problems, in: source)
    guard let rule else { continue }
    if rule.id != file.id { mistakes.append("\(file.path):1:1: error: expected the id '\(file.id)'") }
    rules.append(rule)
  }
  for file in files where file.isPreset {
    let source = file.source
    mistakes += file.mistakes(decodePolicy(source).problems, in: source)
  }
  if !mistakes.isEmpty { fail(mistakes) }
  return rules
}

/// The tables of ports that conditions name, and those that hold more.
typealias Tables = (ports: [(name: String, table: PortTable)], services: KnownServices, exposed: ExposedServices)

/// The tables of the files; ends the process where one is wrong.
func decodedTables(
  _ files: [EmbeddedFolderFile]
) throws -> Tables {
  var ports: [(name: String, table: PortTable)] = []
  var services = KnownServices()
  var exposed = ExposedServices()
  var mistakes: [String] = []
  for file in files where file.isTable && file.id != "de-facto" {
    do throws(TableProblem) {
      if file.id == "known-services" {
        services = try decodeKnownServices(file.text)
      } else if file.id == "exposed" {
        exposed = try decodeExposedServices(file.text)
        ports.append((file.id, exposed.ports))
      } else {
        ports.append((file.id, try decodePortTable(file.text)))
      }
    } catch {
      mistakes.append("\(file.path):\(error.line):1: error: \(error.message)")
    }
  }
  if !mistakes.isEmpty { fail(mistakes) }
  return (ports, services, exposed)
}

func fail(_ messages: [String]) -> Never {
  let text = messages.joined(separator: "\n") + "\n"
  _ = text.withCString { write(2, $0, text.utf8.count) }
  exit(1)
}

// MARK: - Writing

/// The extension of `BuiltInRules` with the files and what they mean.
func source(
  _ files: [EmbeddedFolderFile], _ rules: [Rule], _ tables: Tables
) -> String {
  var output =
    "// Made by embed-rules from rules/.\n\nimport PolicyEngine\nimport PortModel\n\nextension BuiltInRules {\n"
  output += "  package static let files: [EmbeddedFile] = [\n"
  for file in files { output += embedded(file) }
  output += "  ]\n\n  package static let rules: [Rule] = [\n"
  output += rules.map { "    rule_\(functionName($0.id))(),\n" }.joined()
  output += "  ]\n\n  package static let portTables: [String: PortTable] = [\n"
  output += tables.ports.map { "    \"\($0.name)\": table_\(functionName($0.name))(),\n" }.joined()
  output += "  ]\n\n  package static let knownServices: KnownServices =\n    \(swiftExpression(tables.services))\n"
  output += "\n  package static let exposed: ExposedServices =\n    \(swiftExpression(tables.exposed))\n"
  // A function for each keeps the expressions small, which the type checker is grateful for.
  for rule in rules {
    output += "\n  private static func rule_\(functionName(rule.id))() -> Rule {\n    \(swiftExpression(rule))\n  }\n"
  }
  for (name, table) in tables.ports {
    output +=
      "\n  private static func table_\(functionName(name))() -> PortTable {\n    \(swiftExpression(table))\n  }\n"
  }
  return output + "}\n"
}

/// A file's text, split before its line `why:`: what the rule does, and what a person reads.
func embedded(_ file: EmbeddedFolderFile) -> String {
  let split = file.text.firstRange(of: "\nwhy:")?.lowerBound ?? file.text.endIndex
  return "    EmbeddedFile(\n      name: \"\(file.name)\",\n      head: \(rawLiteral(file.text[..<split])),\n"
    + "      tail: \(rawLiteral(file.text[split...].dropFirst()))),\n"
}

/// A literal over several lines, as the text stands.
func rawLiteral(_ text: Substring) -> String {
  // One `#` more than any run of them behind a quote keeps the text from ending its own literal.
  var fence = "#"
  while text.contains("\"" + fence) || text.contains("\\" + fence) { fence += "#" }
  return "\(fence)\"\"\"\n\(text)\n\"\"\"\(fence)"
}

func functionName(_ id: String) -> String {
  String(id.map { $0 == "-" ? "_" : $0 })
}
