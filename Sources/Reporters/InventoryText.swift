import PortModel
import SourceText

/// The inventory as a table for people: where, who, what.
func inventoryText(of report: Report, options: ReportOptions) -> String {
  let locations = Locations(report)
  var rows = [["LOCATION", "OWNER", "ROLE", "ADDRESS", "PORT", "TARGET", "NAME"]]
  for number in report.rows {
    let binding = report.inventory.bindings[number]
    let start = locations.start(of: binding.place)
    rows.append(
      [
        "\(locations.path(of: binding.place)):\(start.line):\(start.column)", report.inventory[binding.owner].phrase,
        binding.role.rawValue, binding.address.shown, binding.shownPort, binding.target?.shown ?? "-",
        binding.name.value ?? "-",
      ].map { TerminalText.escaped($0) })
  }
  guard rows.count > 1 else { return "" }
  let widths = rows[0].indices.map { column in rows.map { TerminalText.width(of: $0[column]) }.max() ?? 0 }
  return rows.map { row in
    let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - TerminalText.width(of: $0)) }
    let line = cells.joined(separator: "  ")
    return String(line.reversed().drop { $0 == " " }.reversed()) + "\n"
  }.joined()
}

extension HostAddress {
  fileprivate var shown: String {
    switch self {
    case .every: "*"
    case .literal(let text, _), .unresolved(let text): text
    }
  }
}

extension Binding {
  fileprivate var shownPort: String {
    let transport = transport?.name ?? "?"
    switch port {
    case .fixed(let ports, let pick): return "\(pick == .any ? "one of " : "")\(ports)/\(transport)"
    case .dynamic: return "dynamic/\(transport)"
    case .unresolved: return "\(text)/\(transport)"
    }
  }
}

extension Binding.Target {
  fileprivate var shown: String {
    name ?? ports?.description ?? "-"
  }
}
