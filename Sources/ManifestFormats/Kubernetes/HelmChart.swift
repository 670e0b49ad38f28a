import SourceText
import SourceYAML

/// What a `Chart.yaml` says of the chart whose folder it lies in.
package struct HelmChart: Sendable {
  /// Where the chart is named.
  package let name: SourceRange

  /// Reads a document of a file that Helm looks for; nothing for any other file.
  init?(_ document: YAMLDocument, file: SourceFile) {
    guard HelmChart.isOne(file.path), let name = document.root.value("name"), name.isScalar else { return nil }
    self.name = name.textRange
  }

  /// The name of the file that makes a folder a chart.
  package static let fileName = "Chart.yaml"

  static func isOne(_ path: String) -> Bool {
    path.isPath(toFile: fileName)
  }
}
