import PortModel
import SourceText
import SourceYAML
import Testing

@testable import ManifestFormats

@Suite struct RecognitionTests {
  @Test(arguments: table("recognition"))
  func knowsFormats(_ row: [String]) {
    let file = SourceFile(id: FileID(0), path: row[0], contents: Array(row[1].utf8))
    var formats: [String] = []
    _ = readYAML(file, keepingCommentsWith: "-") { document in
      formats.append(Recognised(document, path: file.path, among: .none)?.format.id ?? "none")
    }
    #expect(formats.joined(separator: " ") == row[2])
  }
}
