import ManifestFormats
import PortModel
import SourceText

/// The Helm charts among the files of a run: of a chart's templates nothing is known before they are rendered, and so it
/// is one finding however many they are.
struct HelmCharts {
  /// Where each chart is named, by its folder's path.
  private var names: [ExactText: SourceRange] = [:]

  init(_ readings: [FileReading]) {
    for index in readings.indices {
      guard let chart = readings[index].reading.chart else { continue }
      names[readings[index].file.folder.exact] = chart.name
    }
  }

  /// The folder of the outermost chart that a template belongs to, itself or in a chart that it brings along.
  private func folder(ofTemplate path: String) -> String? {
    var parts = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).dropLast()
      .map { String(decoding: $0, as: UTF8.self) }
    while let last = parts.popLast() {
      var folder = parts.map { $0 + "/" }.joined()
      guard last == "templates", names.keys.contains(folder.exact) else { continue }
      while let outer = parts.dropLast().last == "charts" ? parts.dropLast(2).map({ $0 + "/" }).joined() : nil,
        names.keys.contains(outer.exact)
      {
        folder = outer
        parts.removeLast(2)
      }
      return folder
    }
    return nil
  }

  /// Leaves of the templates that were not rendered one finding a chart.
  func gather(_ readings: inout [FileReading]) {
    guard !names.isEmpty else { return }
    var charts: Set<ExactText> = []
    for index in readings.indices where readings[index].reading.isTemplate {
      guard let folder = folder(ofTemplate: readings[index].file.path) else { continue }
      readings[index].reading.inventory.problems.removeAll { $0.cause.isTemplateNotRendered }
      charts.insert(folder.exact)
    }
    for index in readings.indices where charts.contains(readings[index].file.folder.exact) {
      guard let chart = readings[index].reading.chart else { continue }
      let folder = readings[index].file.folder
      let path = folder.isEmpty ? "." : folder == "/" ? folder : folder.withoutLastSlash
      readings[index].reading.inventory.problems.report(.chartNotRendered(path), at: chart.name)
    }
  }
}

extension Problem.Cause {
  fileprivate var isTemplateNotRendered: Bool {
    if case .templateNotRendered = self { true } else { false }
  }
}
