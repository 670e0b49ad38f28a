import PortModel

/// A finding as GitLab's Code Quality report has it.
private struct CodeQualityObject: Encodable {
  struct Location: Encodable {
    var path: String
    var lines: Lines
  }

  struct Lines: Encodable {
    var begin: Int
    var end: Int
  }

  var description: String
  var checkName: String
  var fingerprint: String
  /// `info`, `minor`, `major`, `critical` or `blocker`.
  var severity: String
  var location: Location

  enum CodingKeys: String, CodingKey {
    case description
    case checkName = "check_name"
    case fingerprint
    case severity
    case location
  }
}

/// Writes the findings as a Code Quality report of GitLab.
func writeGitLab(_ report: Report, options: ReportOptions, to output: inout some TextOutputStream) {
  output.write("[")
  EncodedList(of: ShownFindings(report, as: .gitlab, options: options).diagnostics, with: options) {
    let locations = Locations(report)
    return { diagnostic in
      CodeQualityObject(
        description: locations.sentence(of: diagnostic), checkName: diagnostic.rule,
        fingerprint: diagnostic.fingerprint.description, severity: diagnostic.severity.inCodeQuality,
        location: CodeQualityObject.Location(
          path: locations.path(of: diagnostic.place),
          lines: CodeQualityObject.Lines(
            begin: locations.start(of: diagnostic.place).line, end: locations.end(of: diagnostic.place).line)))
    }
  }
  .write(to: &output)
  output.write("]\n")
}

extension Severity {
  fileprivate var inCodeQuality: String {
    switch self {
    case .error: "major"
    case .warning: "minor"
    case .info: "info"
    }
  }
}
