import BuiltInFormats
import ManifestFormats
import PortModel

extension FormatTable {
  /// The formats that ship with portlint.
  package static let builtIn = FormatTable(BuiltInFormats.formats)

  /// The table with a team's own formats too.
  func adding(_ formats: [DeclaredFormat]) -> FormatTable {
    formats.isEmpty ? self : FormatTable(self.formats + formats.map { KnownFormat($0) })
  }

  /// The table with a format in the place of the one that has its id.
  func replacing(_ format: DeclaredFormat) -> FormatTable {
    FormatTable(formats.filter { $0.id != format.id } + [KnownFormat(format)])
  }

  /// The ids of all formats, those that are code among them.
  var ids: Set<String> {
    Set(Format.coded.map(\.id) + formats.map(\.id))
  }
}

extension BuiltIn {
  /// The ids of the formats that ship with portlint.
  package static var formatIDs: [String] {
    FormatTable.builtIn.ids.sorted()
  }

  /// The whole text of each format file, by its name.
  package static var formatFiles: [(name: String, text: String)] {
    BuiltInFormats.files.map { ("\($0.name)", "\($0.text)") }
  }
}
