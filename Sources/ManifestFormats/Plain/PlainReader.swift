import PortModel
import SourceText
import SourceYAML

struct PlainReader {
  let document: YAMLDocument
  let file: SourceFile
  static func recognises(_ root: YAMLNode) -> Bool { false }
  func read(into inventory: inout Inventory) {}
}
