import PortModel
import SourceText
import SourceYAML

/// The texts of a file that may be documents of declared formats: the files that a ConfigMap, a Secret or a Compose file
/// holds, and what is one where a format says so.
struct EmbeddedDocuments {
  private let file: SourceFile
  private let formats: FormatTable
  /// The texts, in the order in which they stand, each once however many aliases stand for it.
  private(set) var texts: [EmbeddedText] = []
  /// Where they begin.
  private var starts: Set<UInt32> = []

  init(in file: SourceFile, among formats: FormatTable) {
    self.file = file
    self.formats = formats
  }

  var isEmpty: Bool { texts.isEmpty }

  /// Looks for texts in Kubernetes' objects.
  mutating func look(intoObjectsOf root: YAMLNode) {
    KubernetesReader.visitObjects(in: root) { object, kind, version in
      guard !version.contains("/"), let key = PortlessKind.keyOfFiles(in: kind) else { return }
      for entry in object.entries(of: key) where entry.key.text.mayNameYAML {
        add(entry.value, named: entry.key.text) { EmbeddedText($0, named: $1) }
      }
    }
  }

  /// Looks for texts in a Compose file.
  ///
  /// - Parameter content: What Compose makes of a text.
  mutating func look(intoConfigsOf root: YAMLNode, _ content: (YAMLNode, String) -> EmbeddedText?) {
    for entry in root.entries(of: "configs") {
      if let node = entry.value.value("content") { add(node, named: entry.key.text, content) }
    }
  }

  /// Looks at a document that is a text.
  mutating func look(at document: FormatTable.Document) {
    add(document.root, named: document.format.id) { EmbeddedText($0, named: $1) }
  }

  private mutating func add(_ node: YAMLNode, named name: String, _ text: (YAMLNode, String) -> EmbeddedText?) {
    // A plain scalar holds no mapping, and what has a tag is more than text.
    guard node.isScalar, node.style != .plain, node.tag == nil else { return }
    guard node.bytes.withBytes({ formats.mayBeEmbedded(in: $0, named: name) }) else { return }
    guard starts.insert(node.range.start).inserted, let text = text(node, name) else { return }
    texts.append(text)
  }
}

extension EmbeddedText {
  /// The text of a scalar as it is.
  init(_ node: YAMLNode, named name: String) {
    let places = TextPlaces(of: node)
    self.init(Array(node.bytes), named: name, in: node.range.file) { places.range(of: $0) }
  }
}

extension FormatTable {
  /// Whether a file that cannot be read, and that another one holds, is one of a format: its name says that it is YAML, or
  /// which format it is of, and its lines do too.
  func seemsMeant(_ file: SourceFile) -> Bool {
    let isNamed = file.path.endsAsYAML || formats.contains { file.path.utf8.starts(with: $0.id.utf8) }
    return isNamed && beginLine(of: file)
  }
}

extension String {
  /// Whether a file of that name may be YAML: it has such an ending, or none.
  fileprivate var mayNameYAML: Bool {
    endsAsYAML || !utf8.contains(UInt8(ascii: "."))
  }

  private var ending: Substring? {
    lastIndex(of: ".").map { self[index(after: $0)...] }
  }

  fileprivate var endsAsYAML: Bool {
    ending.map { ["yml", "yaml", "json"].contains($0.lowercased()) } ?? false
  }
}
