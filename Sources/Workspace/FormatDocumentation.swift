import ManifestFormats
import PolicyEngine
import PortModel
import SourceText
import SourceYAML

/// A declared format with all that its file says for people.
package struct FormatDocumentation: Sendable {
  package var description: FormatDescription
  package var why: String
  package var sources: [String]
  /// The first example in which something is found.
  package var example: RuleExample?
}

extension LoadedPolicy {
  /// All formats, by their ids: portlint's, and the team's own.
  package var formatDescriptions: [FormatDescription] {
    let builtIn = Set(FormatTable.builtIn.formats.map(\.id))
    let declared = formats.formats.map { format in
      var description = FormatDescription(format.definition())
      description.isOwn = !builtIn.contains(format.id)
      return description
    }
    return (FormatDescription.coded + declared).sorted { $0.format.id < $1.format.id }
  }

  /// What the file of a format says for people; nothing for one that there is not, or that is code.
  package func documentation(ofFormat id: String) -> FormatDocumentation? {
    guard let format = formats.formats.first(where: { $0.id == id }) else { return nil }
    let own = formatFiles.first { decodeFormat($0).format?.id == id }
    let builtIn = BuiltIn.formatFiles.first { $0.name == "\(id).yaml" }.map { file in
      SourceFile(id: .none, path: "rules/formats/\(file.name)", contents: Array(file.text.utf8))
    }
    guard let file = own ?? builtIn else { return nil }
    var documentation = FormatDocumentation(
      description: FormatDescription(format.definition()), why: "", sources: [],
      example: decodeFormatExamples(file).examples.map(\.manifests).first(where: \.fails))
    _ = readYAML(file, keepingCommentsWith: "portlint:") { document in
      documentation.why = document.root.value("why")?.text ?? ""
      documentation.sources = document.root.items(of: "sources").map(\.text)
    }
    return documentation
  }
}
