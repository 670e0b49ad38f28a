import PortModel
import SourceText

@testable import ManifestFormats

/// An inventory, written so that a table can expect it.
///
/// A binding is `owner role address port[ any]/protocol >target "text"@line:column-column`, with what is out of the
/// ordinary behind it; a problem is `!rule[.variant] values@place`.
struct InventoryText {
  private let lines: LineTable
  private(set) var rows: [String] = []

  init(_ text: String, path: String = "compose.yaml", environment: String? = nil) {
    let file = SourceFile(id: FileID(0), path: path, contents: Array(text.utf8))
    lines = LineTable(of: file.bytes)
    var supplied: SuppliedFiles = [:]
    let dotEnv = environment.map { SourceFile(id: FileID(1), path: ".env", contents: Array($0.utf8)) }
    if case .needs(let paths) = readManifest(file, supplied: supplied) {
      for path in paths { supplied[path] = .some(path == ".env" ? dotEnv : nil) }
    }
    guard case .done(let reading) = readManifest(file, supplied: supplied) else {
      rows = ["asks again"]
      return
    }
    rows = reading.inventory.bindings.map { row($0, owner: reading.inventory[$0.owner]) }
    rows += reading.inventory.problems.map(row)
  }

  private func row(_ binding: Binding, owner: Owner) -> String {
    var row = "\(owner.name ?? "-") \(binding.role) \(binding.address.phrase) "
    switch binding.port {
    case .fixed(let ports, .all): row += "\(ports)"
    case .fixed(let ports, .any): row += "\(ports) any"
    case .dynamic: row += "dynamic"
    case .unresolved: row += "unresolved"
    }
    row += "/\(binding.transport?.name ?? "?")"
    if let target = binding.target {
      row += " >\(target.ports?.description ?? "?")"
      if target.place != binding.place { row += "@\(place(target.place))" }
    }
    row += " \"\(binding.text)\"@\(place(binding.place))"
    if binding.effect != .takes { row += " \(binding.effect)" }
    if let name = binding.name.value { row += " name=\(name)" }
    for way in binding.ways { row += " \(way.kind.shown)@\(place(way.place))" }
    return row
  }

  private func row(_ problem: Problem) -> String {
    let wording = problem.cause.wording
    let values = wording.values.keys.sorted { $0.rawValue < $1.rawValue }.map { " \($0)='\(wording.values[$0] ?? "")'" }
    let related = problem.related.map { " (\($0.message) @\(place($0.place)))" }
    return "!" + ([problem.cause.rule, wording.variant].compactMap(\.self).joined(separator: ".")) + values.joined()
      + "@\(place(problem.place))" + related.joined()
  }

  func place(_ range: SourceRange) -> String {
    let start = lines.position(of: Int(range.start))
    let end = lines.position(of: Int(range.end))
    return "\(start.line):\(start.column)-" + (start.line == end.line ? "" : "\(end.line):") + "\(end.column)"
  }
}
