import PortModel

/// A line of `--format jsonl`: what it is and, under that key, the object that `--format json` has for it.
private enum FindingsLine: Encodable {
  case report(FindingsDocument)
  case diagnostic(DiagnosticObject)
  case suppressed(SuppressedObject)

  enum CodingKeys: String, CodingKey {
    case report
    case diagnostic
    case suppressed
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .report(let object): try container.encode(object, forKey: .report)
    case .diagnostic(let object): try container.encode(object, forKey: .diagnostic)
    case .suppressed(let object): try container.encode(object, forKey: .suppressed)
    }
  }
}

/// Writes the findings as JSON, version 1, one object a line.
func writeFindingsJSONLines(of report: Report, options: ReportOptions, to output: inout some TextOutputStream) {
  let shown = ShownFindings(report, as: .jsonl, options: options)
  output.write(encoded(FindingsLine.report(FindingsDocument(report, shown, options, Locations(report)))))
  EncodedList(of: shown.diagnostics, with: options, separatedBy: .lines) {
    let locations = Locations(report)
    let owners = OwnerObjects(report, locations)
    return { FindingsLine.diagnostic(DiagnosticObject($0, owners, locations)) }
  }
  .write(to: &output)
  EncodedList(of: shown.suppressed, with: options, separatedBy: .lines) {
    let locations = Locations(report)
    let owners = OwnerObjects(report, locations)
    return { FindingsLine.suppressed(SuppressedObject($0, owners, locations)) }
  }
  .write(to: &output)
}
