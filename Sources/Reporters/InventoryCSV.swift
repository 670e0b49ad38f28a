import PortModel
import SourceText

/// Writes the inventory as comma-separated values (RFC 4180, with the line ends of this system): one value a cell, and
/// nothing in it where there is none.
///
/// What a spreadsheet would take for a formula has an apostrophe before it, which makes it text there.
func writeInventoryCSV(of report: Report, to output: inout some TextOutputStream) {
  func field(_ text: String) -> String {
    let text = withoutFormulas(text)
    guard text.utf8.contains(where: ",;\"".utf8.contains) else { return text }
    return "\"\(putting("\"", before: ["\""], in: text))\""
  }
  func line(_ cells: [String]) -> String { cells.map(field).joined(separator: ",") + "\n" }
  let locations = Locations(report)
  let scopes = ClaimScopes(report, locations)
  output.write("location,kind,owner,container,role,address,port,protocol,target,name,scope\n")
  for number in report.rows {
    let binding = report.inventory.bindings[number]
    let owner = report.inventory[binding.owner]
    let name = [owner.namespace, owner.name].compactMap(\.self).joined(separator: "/")
    let cells = [
      locations.text(of: binding.place), owner.kind, name, owner.container, binding.role.rawValue,
      binding.address.shown, binding.shownPort, binding.transport?.name, binding.target?.shown, binding.name.value,
      scopes.label(of: binding).phrase,
    ]
    output.write(line(escapedCells(cells.map { $0 ?? "" })))
  }
}

/// A cell's text with an apostrophe before each sign that begins a formula, be it full-width: at the start, and behind
/// a semicolon, at which spreadsheets of many languages part cells.
private func withoutFormulas(_ text: String) -> String {
  let signs: [Unicode.Scalar] = ["=", "+", "-", "@", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}"]
  // A sign alone is none.
  guard text.utf8.count > 1, text.unicodeScalars.contains(where: signs.contains) else { return text }
  var result = ""
  var isAtStart = true
  for scalar in text.unicodeScalars {
    if isAtStart, signs.contains(scalar) { result += "'" }
    result.unicodeScalars.append(scalar)
    // Some spreadsheets pass over blanks.
    isAtStart = scalar == ";" || isAtStart && scalar.properties.isWhitespace
  }
  return result
}
