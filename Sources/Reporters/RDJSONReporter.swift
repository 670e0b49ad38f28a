import PortModel
import SourceText

/// The findings in reviewdog's diagnostic format. Columns count bytes of UTF-8, ends are exclusive.
private struct RDJSONDocument: Encodable {
  struct Source: Encodable {
    var name = "portlint"
  }

  struct Finding: Encodable {
    var message: String
    var location: Location
    var severity: String
    var code: Code
    var relatedLocations: [Related]
    var suggestions: [Suggestion]

    enum CodingKeys: String, CodingKey {
      case message
      case location
      case severity
      case code
      case relatedLocations = "related_locations"
      case suggestions
    }
  }

  struct Suggestion: Encodable {
    var range: Location.Range
    var text: String
  }

  struct Code: Encodable {
    var value: String
  }

  struct Related: Encodable {
    var message: String
    var location: Location
  }

  struct Location: Encodable {
    struct Range: Encodable {
      var start: PositionObject
      var end: PositionObject
    }

    var path: String
    var range: Range
  }

  var source = Source()
  var diagnostics: [Finding] = []
}

/// Writes the findings in reviewdog's diagnostic format.
func writeRDJSON(_ report: Report, options: ReportOptions, to output: inout some TextOutputStream) {
  let shown = ShownFindings(report, as: .rdjson, options: options)
  var text = encoded(RDJSONDocument())[...]
  EncodedList(of: shown.diagnostics, with: options) {
    let locations = Locations(report)
    return { diagnostic in
      let help = diagnostic.help.isEmpty ? "" : "\nhelp: " + TerminalText.escaped(diagnostic.help)
      return RDJSONDocument.Finding(
        message: TerminalText.escaped(diagnostic.message) + help,
        location: RDJSONDocument.Location(diagnostic.place, locations),
        severity: diagnostic.severity.rawValue.uppercased(), code: RDJSONDocument.Code(value: diagnostic.rule),
        relatedLocations: diagnostic.related.map {
          RDJSONDocument.Related(
            message: TerminalText.escaped($0.message), location: RDJSONDocument.Location($0.place, locations))
        },
        // Reviewdog suggests each by itself, and of the finding's own file.
        suggestions: diagnostic.fixes.filter { $0.edits.count == 1 && $0.edits[0].place.file == diagnostic.place.file }
          .flatMap(\.edits).map { edit in
            RDJSONDocument.Suggestion(
              range: RDJSONDocument.Location(edit.place, locations).range, text: edit.replacement)
          })
    }
  }
  .write(asValueOf: "diagnostics", from: &text, to: &output)
  output.write(String(text))
}

extension RDJSONDocument.Location {
  init(_ place: SourceRange, _ locations: Locations) {
    let start = locations.start(of: place)
    let end = locations.end(of: place)
    self.init(
      path: locations.path(of: place),
      range: Range(
        start: PositionObject(line: start.line, column: locations.bytesBefore(place.start, in: place.file) + 1),
        end: PositionObject(line: end.line, column: locations.bytesBefore(place.end, in: place.file) + 1)))
  }
}
