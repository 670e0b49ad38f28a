import PortModel
import SourceText

@testable import ManifestFormats

/// Reads a manifest as `path`; files that it asks for are looked up in `others`, and are missing there if not.
func readToEnd(_ text: String, as path: String, others: [String: String] = [:]) -> (SourceFile, ManifestReading) {
  let file = SourceFile(id: FileID(0), path: path, contents: Array(text.utf8))
  var supplied: SuppliedFiles = [:]
  var documents: ReadDocuments?
  while true {
    let wanted: [String]
    switch documents.take()?.finish(with: supplied) ?? readManifest(file, supplied: supplied) {
    case .done(let reading): return (file, reading)
    case .needs(let paths): wanted = paths
    case .includes(let paths, let read): (wanted, documents) = (paths, read)
    }
    for path in wanted {
      supplied[path] = .some(others[path].map { SourceFile(id: FileID(0), path: path, contents: Array($0.utf8)) })
    }
  }
}

extension SourceFile {
  /// A place as a person writes it: `7:10-14`, or `7:10-8:3` over several lines.
  func placeText(of place: SourceRange) -> String {
    let lines = LineTable(of: bytes)
    let start = lines.position(of: Int(place.start))
    let end = lines.position(of: Int(place.end))
    let stop = end.line == start.line ? "\(end.column)" : "\(end.line):\(end.column)"
    return "\(start.line):\(start.column)-\(stop)"
  }
}

extension ManifestReading {
  /// A line for each claim, in order; what is as usual is left out.
  func rows(in file: SourceFile) -> [String] {
    inventory.bindings.map { binding in
      var row = "\(file.placeText(of: binding.place)) \(inventory[binding.owner].phrase) \(binding.role) "
      row += "\(binding.port.shown)/\(binding.transport?.name ?? "?") on \(binding.address.shown)"
      if let target = binding.target {
        row += " to \(target.name ?? target.ports?.description ?? "?") at \(file.placeText(of: target.place))"
      }
      row += " '\(binding.text)'"
      if case .known(let name, let place) = binding.name { row += ", name \(name) at \(file.placeText(of: place))" }
      if case .known(let name, let place) = binding.applicationProtocol {
        row += ", speaks \(name) at \(file.placeText(of: place))"
      }
      if binding.effect != .takes { row += ", \(binding.effect)" }
      if binding.privilege != .unneeded { row += ", privilege \(binding.privilege)" }
      for way in binding.ways { row += ", \(way.kind.shown) \(file.placeText(of: way.place))" }
      return row
    }
  }

  /// A line for each reference, in order.
  func references(in file: SourceFile) -> [String] {
    inventory.references.map { reference in
      var row = "\(file.placeText(of: reference.place)) \(inventory[reference.owner].phrase) \(reference.field) "
      switch reference.wanted {
      case .number(let port): row += "\(port)"
      case .name(let name): row += name
      case .anything: row += "any port"
      }
      if let transport = reference.transport { row += "/\(transport.name)" }
      if case .pods(.these(let namespaces), let selector, _) = reference.toward {
        row += " of \(namespaces.map { $0?.text ?? "any namespace" }.joined(separator: ", "))"
        row += selector.requirements.map { requirement in
          guard case .equal(let value) = requirement.test else { return " \(requirement.key)?" }
          return " \(requirement.key)=\(value)"
        }.joined()
      }
      return row
    }
  }

  /// A line for each problem, in the order of the text.
  func problems(in file: SourceFile) -> [String] {
    inventory.problems.sorted { $0.place < $1.place }.map { problem in
      let (variant, values) = problem.cause.wording
      let words = values.keys.sorted { $0.rawValue < $1.rawValue }.map { " \($0)='\(values[$0] ?? "")'" }.joined()
      let related = problem.related.map { ", \($0.message) at \(file.placeText(of: $0.place))" }.joined()
      return
        "\(file.placeText(of: problem.place)) \(problem.cause.rule)\(variant.map { "/\($0)" } ?? "")\(words)\(related)"
    }
  }
}

extension Binding.PortClaim {
  fileprivate var shown: String {
    switch self {
    case .fixed(let ports, let pick): ports.isSingle && pick == .all ? "\(ports)" : "\(pick) of \(ports)"
    case .dynamic: "dynamic"
    case .unresolved: "unresolved"
    }
  }
}

extension HostAddress {
  fileprivate var shown: String {
    switch self {
    case .every: "every"
    case .literal(let text, let address): address == nil ? "'\(text)', no address" : text
    case .unresolved(let text): "open \(text)"
    }
  }
}

extension WayIn.Kind {
  /// The kind's name, or what a variable is set to.
  var shown: String {
    if case .variable(let setting, let isTarget) = self {
      "\(isTarget ? "target " : "")\(setting.phrase)"
    } else {
      "\(self)"
    }
  }
}
