import PortModel

/// Writes the findings as Checkstyle does, which many tools read.
func writeCheckstyle(_ report: Report, options: ReportOptions, to output: inout some TextOutputStream) {
  let locations = Locations(report)
  let shown = ShownFindings(report, as: .checkstyle, options: options)
  output.write(XMLText.declaration + XMLText.start("checkstyle", ["version": "10.0"]) + "\n")
  for findings in shown.byFile {
    let path = locations.path(of: shown.diagnostics[findings.lowerBound].place)
    output.write("  " + XMLText.start("file", ["name": path]) + "\n")
    for diagnostic in shown.diagnostics[findings] {
      let start = locations.start(of: diagnostic.place)
      let element = XMLText.start(
        "error",
        [
          "line": "\(start.line)", "column": "\(start.column)", "severity": diagnostic.severity.rawValue,
          "message": locations.sentence(of: diagnostic), "source": "portlint.\(diagnostic.rule)",
        ], isEmpty: true)
      output.write("    \(element)\n")
    }
    output.write("  </file>\n")
  }
  output.write("</checkstyle>\n")
}

extension ShownFindings {
  /// The numbers of the findings of each file, which stand together.
  var byFile: [Range<Int>] {
    var runs: [Range<Int>] = []
    for number in diagnostics.indices {
      if let last = runs.last, diagnostics[last.lowerBound].place.file == diagnostics[number].place.file {
        runs[runs.count - 1] = last.lowerBound..<number + 1
      } else {
        runs.append(number..<number + 1)
      }
    }
    return runs
  }
}
