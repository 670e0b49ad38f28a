import PolicyEngine
import PortModel
import SourceText
import SourceYAML

/// The Swift expression that makes a value, written from what reflection sees in it: a new key of the language needs no
/// line here. What cannot be made from its visible parts has a case of its own.
func swiftExpression(_ value: Any) -> String {
  switch value {
  case let text as String: return literal(text)
  case let range as PortRange:
    return range.isSingle
      ? "PortRange(\(range.first))" : "PortRange(\(range.first), through: \(range.last)) ?? .all"
  case let ports as PortSet: return "PortSet(\(swiftExpression(ports.runs)))"
  case let key as PreparedKey: return "PreparedKey(\(literal(key.text))\(key.isAnyCase ? ", anyCase: true" : ""))"
  case let globs as Globs: return "Globs(\(swiftExpression(globs.patterns)))"
  case let glob as PathGlob: return "PathGlob(\(literal(glob.description)))"
  case let table as PortTable: return "PortTable(rows: \(swiftExpression(table.rows)))"
  default: break
  }
  let mirror = Mirror(reflecting: value)
  let children = mirror.children.map { $0 }
  switch mirror.displayStyle {
  case nil: return "\(value)"
  case .optional: return children.first.map { swiftExpression($0.value) } ?? "nil"
  case .collection: return list(children.map { swiftExpression($0.value) })
  case .dictionary: return dictionary(children.map(\.value))
  case .tuple: return "(" + arguments(children) + ")"
  case .enum:
    guard let payload = children.first, let name = payload.label else { return ".\(value)" }
    let parts = Mirror(reflecting: payload.value)
    return ".\(name)(" + (parts.displayStyle == .tuple ? arguments(parts.children) : swiftExpression(payload.value))
      + ")"
  default: return "\(String(reflecting: mirror.subjectType))(\(arguments(mirror.children)))"
  }
}

/// A literal that stands on one line.
private func literal(_ text: String) -> String {
  "\"" + text.unicodeScalars.map { $0.escaped(asASCII: false) }.joined() + "\""
}

private func dictionary(_ pairs: [Any]) -> String {
  let entries = pairs.map { pair in
    Mirror(reflecting: pair).children.map { swiftExpression($0.value) }.joined(separator: ": ")
  }
  return entries.isEmpty ? "[:]" : list(entries.sorted())
}

/// Elements on one line if they fit there: compilers point at lines.
private func list(_ elements: [String]) -> String {
  let line = elements.joined(separator: ", ")
  return "[" + (line.utf8.count <= 100 ? line : elements.joined(separator: ",\n      ")) + "]"
}

private func arguments(_ children: some Sequence<Mirror.Child>) -> String {
  children.map { child in
    // Parts without a label are called ".0", ".1" and so on.
    let label = child.label.flatMap { $0.hasPrefix(".") ? nil : "\($0): " }
    return (label ?? "") + swiftExpression(child.value)
  }.joined(separator: ", ")
}
