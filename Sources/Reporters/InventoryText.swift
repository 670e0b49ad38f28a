import PortModel
import SourceText

/// The inventory as rows of text: where, who, what. Each is made when it is asked for: all would take many times what was
/// read.
func inventoryTable(of report: Report) -> TextTable<some Collection<[String]>> {
  let locations = Locations(report)
  let scopes = ClaimScopes(report, locations)
  let rows = report.rows.lazy.map { number in
    let binding = report.inventory.bindings[number]
    return [
      locations.text(of: binding.place), report.inventory[binding.owner].phrase, binding.role.rawValue,
      binding.address.shown, "\(binding.shownPort)/\(binding.transport?.name ?? "?")", binding.target?.shown ?? "-",
      binding.name.value ?? "-", scopes.label(of: binding).phrase,
    ]
  }
  return TextTable(
    headings: ["LOCATION", "OWNER", "ROLE", "ADDRESS", "PORT", "TARGET", "NAME", "SCOPE"], rows: rows,
    // Where a claim stands says more than on which host it is.
    yielding: [.narrow(7), .narrow(6), .narrow(5), .narrow(3), .narrow(1), .drop(7), .narrow(0)])
}

/// The host or cluster that each claim of a report is held against others on.
package struct ClaimScopes {
  private let report: Report
  private let locations: Locations

  package init(_ report: Report) {
    self.init(report, Locations(report))
  }

  init(_ report: Report, _ locations: Locations) {
    self.report = report
    self.locations = locations
  }

  package func label(of binding: Binding) -> ScopeNames.Label {
    report.scopes.label(of: report.inventory[binding.owner], claimingIn: binding.scope.unit, paths: locations)
  }
}

extension ScopeNames.Label {
  /// `project compose.yaml`, `deployment edge`
  var phrase: String {
    ([kind.rawValue] + [name ?? path].compactMap(\.self)).joined(separator: " ")
  }
}

/// Rows of texts under a row of headings.
struct TextTable<Rows: Collection<[String]>> {
  var headings: [String]
  var rows: Rows
  /// What becomes of columns where there is too little room, the first first.
  var yielding: [Yielding] = []

  enum Yielding {
    case narrow(Int)
    case drop(Int)
  }
}

/// The policy's allocations with what has become of each: who uses it, who should not, what is left.
func allocationTable(of uses: [AllocationUse], in report: Report) -> TextTable<[[String]]> {
  let locations = Locations(report)
  var rows: [[String]] = []
  for use in uses {
    let protocols = use.protocols.map { "/" + $0.map(\.name).joined(separator: ",") } ?? ""
    rows.append([use.ports.shown + protocols, use.holder, "allocated", "-", locations.text(of: use.place)])
    for claim in use.claims {
      let binding = report.inventory.bindings[claim.row]
      rows.append([
        "  \(claim.ports.shown)\(binding.transport.map { "/\($0.name)" } ?? "")", "",
        claim.isForeign ? "foreign" : "used",
        report.inventory[binding.owner].phrase, locations.text(of: binding.place),
      ])
    }
    if !use.free.isEmpty { rows.append(["  \(use.free.shown)", "", "free", "-", "-"]) }
  }
  return TextTable(
    headings: ["PORTS", "OWNER", "STATE", "CLAIMED BY", "LOCATION"], rows: rows,
    yielding: [.narrow(3), .narrow(1), .narrow(4), .narrow(0)])
}

/// Rows as columns of even width; nothing without a row under the headings.
package func tableText(headings: [String], _ rows: [[String]]) -> String {
  var text = ""
  writeTable(TextTable(headings: headings, rows: rows), to: &text)
  return text
}

/// Writes rows as columns of even width; nothing without a row under the headings.
///
/// - Parameter most: How wide a line may be. Of columns that say nothing, and of those that say the most, something is left
///   out where it has to be.
func writeTable(
  _ table: TextTable<some Collection<[String]>>, fitting most: Int? = nil, to output: inout some TextOutputStream
) {
  if table.rows.isEmpty { return }
  func cells(_ row: [String]) -> [(text: String, width: Int)] {
    escapedCells(row).map { ($0, TerminalText.width(of: $0)) }
  }
  // Nothing for a column that is left out.
  var widths = cells(table.headings).map { Int?.some($0.width) }
  var isEmpty = widths.map { _ in true }
  for row in table.rows {
    for (column, cell) in cells(row).enumerated() {
      widths[column] = max(widths[column] ?? 0, cell.width)
      if !cell.text.isEmpty, cell.text != "-" { isEmpty[column] = false }
    }
  }
  if let most { fit(&widths, isEmpty, of: table, into: most) }
  func write(_ row: [String]) {
    var line = ""
    // What follows the last text of a row is left out.
    var pending = 0
    for (cell, width) in zip(cells(row), widths) {
      guard let width else { continue }
      let cell = cell.width > width ? shortened(cell.text, to: width) : cell
      if cell.width > 0 {
        line += TerminalText.repeated(" ", count: pending) + cell.text
        pending = 0
      }
      pending += width - cell.width + 2
    }
    output.write(line + "\n")
  }
  write(table.headings)
  for row in table.rows { write(row) }
}

/// How narrow columns are made at most, and how narrow where that does not do.
private let leastWidths = [16, 8]

/// Makes columns narrower until a line is no wider than it may be, as far as that goes: first those go that say nothing, then
/// some become narrower or go, one after another.
private func fit<Rows>(_ widths: inout [Int?], _ isEmpty: [Bool], of table: TextTable<Rows>, into most: Int) {
  func sum() -> Int { widths.reduce(-2) { $0 + ($1.map { $0 + 2 } ?? 0) } }
  for column in widths.indices.reversed() where isEmpty[column] && sum() > most { widths[column] = nil }
  for least in leastWidths {
    for step in table.yielding {
      let excess = sum() - most
      if excess <= 0 { return }
      switch step {
      case .drop(let column): widths[column] = nil
      case .narrow(let column):
        if let width = widths[column], width > least { widths[column] = max(least, width - excess) }
      }
    }
  }
}

/// A text without its middle, or a path without its start: its end says where something stands.
private func shortened(_ text: String, to width: Int) -> (text: String, width: Int) {
  var (start, end) = ("", "")
  var (left, right) = (0, 0)
  let isPath = text.utf8.contains(UInt8(ascii: "/"))
  for character in text {
    let next = TerminalText.width(of: String(character))
    if isPath || left + next > (width - 1) / 3 { break }
    start.append(character)
    left += next
  }
  for character in text.reversed() {
    let next = TerminalText.width(of: String(character))
    if left + right + next > width - 1 { break }
    end.append(character)
    right += next
  }
  return (start + "…" + String(end.reversed()), left + right + 1)
}

/// The cells of a row of which the first begins a line.
func escapedCells(_ row: [String]) -> [String] {
  row.enumerated().map { $0.offset == 0 ? TerminalText.escapedLine($0.element) : TerminalText.escaped($0.element) }
}

/// The text with a mark before each of some characters, also those that others combine with.
func putting(_ mark: Unicode.Scalar, before marked: Set<Unicode.Scalar>, in text: String) -> String {
  guard text.unicodeScalars.contains(where: marked.contains) else { return text }
  var result = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    if marked.contains(scalar) { result.append(mark) }
    result.append(scalar)
  }
  return String(result)
}

/// Writes rows as a table in Markdown.
func writeMarkdown(_ table: TextTable<some Collection<[String]>>, to output: inout some TextOutputStream) {
  // An ampersand begins the name of a character, which may be one that is not seen.
  let marks = Set("|\\`*_<>[]&".unicodeScalars)
  func cell(_ text: String) -> String { putting("\\", before: marks, in: TerminalText.escaped(text)) }
  func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |\n" }
  let headings = table.headings.map { $0.prefix(1) + $0.dropFirst().lowercased() }
  output.write(line(headings.map { String($0) }) + line(headings.map { _ in "---" }))
  for row in table.rows { output.write(line(row.map(cell))) }
}

extension Locations {
  /// `compose.yaml:4:10`
  func text(of place: SourceRange) -> String {
    let start = start(of: place)
    return "\(path(of: place)):\(start.line):\(start.column)"
  }
}

extension PortSet {
  fileprivate var shown: String {
    runs.map(\.description).joined(separator: ", ")
  }
}

extension HostAddress {
  /// The address, `*` for every one.
  var shown: String {
    switch self {
    case .every: "*"
    case .literal(let text, _), .unresolved(let text): text
    }
  }
}

extension Binding {
  /// `8080`, `one of 8080-8090`, `dynamic`; what is written where that cannot be known.
  var shownPort: String {
    switch port {
    case .fixed(let ports, let pick): "\(pick == .any ? "one of " : "")\(ports)"
    case .dynamic: "dynamic"
    case .unresolved: text
    }
  }
}

extension Binding.Target {
  /// Its number or name, where there is one.
  var shown: String? {
    name ?? ports?.description
  }
}
