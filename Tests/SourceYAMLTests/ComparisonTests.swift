import Foundation
import SourceText
import Testing

@testable import SourceYAML

/// Writes what every file of a folder reads as, for `.ci/compare-with-libyaml` to compare with libyaml's own answer.
@Suite struct ComparisonTests {
  private static let folder = ProcessInfo.processInfo.environment["PORTLINT_COMPARE_DIR"]

  /// A node: for a scalar `["s", start, end, tag, style, text]`, for a collection its kind, places, tag and children,
  /// for an alias `["*", start, end]` and the text or the kind of what it leads to. Offsets count UTF-8 bytes.
  private static func tree(_ node: YAMLNode, under alias: SourceRange? = nil) -> [Any] {
    if let site = node.alias, site != alias {
      return ["*", Int(site.start), Int(site.end), node.isScalar ? node.text : "\(node.kind)"]
    }
    let head: [Any] = [Int(node.range.start), Int(node.range.end), node.tag ?? NSNull()]
    switch node.kind {
    case .scalar: return ["s"] + head + ["\(node.style)", node.text]
    case .sequence, .mapping:
      let kind = node.isSequence ? "q" : "m"
      return [kind] + head + [node.children.map { tree($0, under: alias) }]
    }
  }

  @Test(.enabled(if: folder != nil)) func writesTrees() throws {
    let root = URL(filePath: try #require(Self.folder))
    var output = Data()
    for path in try FileManager.default.subpathsOfDirectory(atPath: root.path).sorted() {
      guard [".yaml", ".yml", ".json"].contains(where: path.hasSuffix),
        let contents = try? Data(contentsOf: root.appending(path: path))
      else { continue }
      let file = SourceFile(id: FileID(0), path: path, contents: Array(contents))
      var trees: [[Any]] = []
      let outcome = readYAML(file, keepingCommentsWith: "portlint:") { trees.append(Self.tree($0.root)) }
      var line: [String: Any] = ["path": path, "trees": trees]
      if let failure = outcome.failure {
        line["failure"] = PlaceText(file).failure(failure)
        line["offset"] = Int(failure.place.start)
      }
      output += try JSONSerialization.data(withJSONObject: line, options: .withoutEscapingSlashes) + Data("\n".utf8)
    }
    try output.write(to: URL(filePath: try #require(ProcessInfo.processInfo.environment["PORTLINT_COMPARE_OUT"])))
  }
}
