import Foundation

/// Holds JSON against a JSON Schema, as far as portlint's own use its words.
struct SchemaCheck {
  private let root: [String: Any]
  /// Where the JSON is not as the schema says, by path.
  private(set) var faults: [String] = []

  init(_ schema: String) throws {
    root = try JSONSerialization.jsonObject(with: Data(schema.utf8)) as? [String: Any] ?? [:]
  }

  /// Where a text is not as the schema says.
  static func faults(of text: String, under schema: String) throws -> [String] {
    var check = try SchemaCheck(schema)
    check.hold(try JSONSerialization.jsonObject(with: Data(text.utf8)), against: check.root, at: "")
    return check.faults
  }

  private static let words: Set = [
    "$schema", "$defs", "title", "type", "if", "then", "else", "required", "properties", "items", "anyOf", "enum",
    "const",
    "minimum", "maximum", "$ref",
  ]

  private func accepts(_ value: Any, _ schema: [String: Any]) -> Bool {
    var check = self
    check.faults = []
    check.hold(value, against: schema, at: "")
    return check.faults.isEmpty
  }

  private mutating func hold(_ value: Any, against schema: [String: Any], at path: String) {
    let strange = Set(schema.keys).subtracting(Self.words)
    if !strange.isEmpty { faults.append("\(path): the schema says \(strange)") }
    if let name = (schema["$ref"] as? String)?.split(separator: "/").last,
      let definition = (root["$defs"] as? [String: Any])?[String(name)] as? [String: Any]
    {
      hold(value, against: definition, at: path)
    }
    if let type = schema["type"] as? String, !Self.isOf(type, value) { faults.append("\(path): no \(type)") }
    if let words = schema["enum"] as? [NSObject], !words.contains(where: { $0 == value as? NSObject }) {
      faults.append("\(path): \(value) is none of \(words)")
    }
    if let word = schema["const"] as? NSObject, word != value as? NSObject { faults.append("\(path): not \(word)") }
    if let some = schema["anyOf"] as? [[String: Any]], !some.contains(where: { accepts(value, $0) }) {
      faults.append("\(path): none of several")
    }
    if let number = value as? Int {
      if let least = schema["minimum"] as? Int, number < least { faults.append("\(path): below \(least)") }
      if let most = schema["maximum"] as? Int, number > most { faults.append("\(path): above \(most)") }
    }
    if let condition = schema["if"] as? [String: Any],
      let then = schema[accepts(value, condition) ? "then" : "else"] as? [String: Any]
    {
      hold(value, against: then, at: path)
    }
    if let object = value as? [String: Any] { holdMembers(of: object, against: schema, at: path) }
    if let list = value as? [Any], let items = schema["items"] as? [String: Any] {
      for (number, item) in list.enumerated() { hold(item, against: items, at: "\(path)/\(number)") }
    }
  }

  private mutating func holdMembers(of object: [String: Any], against schema: [String: Any], at path: String) {
    for key in schema["required"] as? [String] ?? [] where object[key] == nil { faults.append("\(path): no \(key)") }
    guard let properties = schema["properties"] as? [String: [String: Any]] else { return }
    for (key, value) in object {
      // More may come within the version, and nothing is there that it does not say.
      guard let property = properties[key] else {
        faults.append("\(path): \(key) is not said")
        continue
      }
      hold(value, against: property, at: "\(path)/\(key)")
    }
  }

  private static func isOf(_ type: String, _ value: Any) -> Bool {
    switch type {
    case "object": value is [String: Any]
    case "array": value is [Any]
    case "string": value is String
    case "integer": value is Int
    case "boolean": value is Bool
    case "null": value is NSNull
    default: false
    }
  }
}
