import ManifestFormats
import SourceText

/// The formats that the files declare; ends the process where one is wrong.
func decodedFormats(_ files: [EmbeddedFolderFile]) -> [DeclaredFormat] {
  var formats: [DeclaredFormat] = []
  var mistakes: [String] = []
  for file in files {
    let source = file.source
    let (format, problems) = decodeFormat(source, taken: Set(formats.map(\.id)))
    mistakes += file.mistakes(problems, in: source)
    guard let format else { continue }
    if format.id != file.id { mistakes.append("\(file.path):1:1: error: expected the format '\(file.id)'") }
    formats.append(format)
  }
  if !mistakes.isEmpty { fail(mistakes) }
  return formats
}

/// The extension of `BuiltInFormats` with the files and what they mean: a format is made when the first document of it is
/// met.
func source(_ files: [EmbeddedFolderFile], _ formats: [DeclaredFormat]) -> String {
  var output =
    "// Made by embed-rules from rules/formats/.\n\nimport ManifestFormats\nimport PortModel\nimport SourceText\nimport SourceYAML\n\n"
    + "extension BuiltInFormats {\n  package static let files: [EmbeddedFile] = [\n"
  for file in files {
    output += "    EmbeddedFile(\n      name: \"\(file.name)\",\n      text: \(rawLiteral(file.text[...]))),\n"
  }
  output += "  ]\n\n  package static let formats: [KnownFormat] = [\n"
  for format in formats {
    output +=
      "    KnownFormat(id: \"\(format.id)\", recognition: \(swiftExpression(format.recognition)), "
      + "comments: \(swiftExpression(format.comments as Any)), placesBeginValues: \(format.placesBeginValues), isAnyCase: \(format.keys == .anyCase), placeWords: \(swiftExpression(format.placeWords))) { format_\(functionName(format.id)) },\n"
  }
  output += "  ]\n"
  for format in formats {
    output +=
      "\n  private static let format_\(functionName(format.id)): DeclaredFormat =\n    \(swiftExpression(format))\n"
  }
  return output + "}\n"
}
