import Foundation
import PortModel
import Reporters
import SourceText

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// What of a finding every format has.
struct FoundAgain: Equatable, Comparable {
  var rule: String
  var line: Int

  static func < (a: FoundAgain, b: FoundAgain) -> Bool {
    (a.rule, a.line) < (b.rule, b.line)
  }

  init(rule: String, line: Int) {
    self.rule = rule
    self.line = line
  }

  init(_ diagnostic: Diagnostic, in report: Report) {
    let lines = LineTable(of: report.files[diagnostic.place.file]?.bytes ?? [])
    self.init(rule: diagnostic.rule, line: lines.line(of: Int(diagnostic.place.start)))
  }
}

/// A report as a reader of its format takes it.
struct ReadReport {
  private(set) var findings: [FoundAgain] = []

  struct Failure: Error {
    var text: String
  }

  init(_ text: String, as format: OutputFormat) throws {
    switch format {
    case .text, .compact:
      findings = try text.matches(of: /(?m)^[^ ].*?:(\d+):\d+: (?:error|warning|info): .* \[([a-z0-9-]+)\]$/).map(
        Self.reversed)
    case .grouped: findings = try Self.grouped(text)
    case .azure: findings = try Self.azure(text)
    case .github: findings = try Self.gitHub(text)
    case .markdown: findings = try Self.markdown(text)
    case .json:
      findings = try Self.json(text, list: "diagnostics", rule: ["rule"], line: ["location", "start", "line"])
    case .jsonl: findings = try Self.jsonLines(text)
    case .sarif: findings = try Self.sarif(text)
    case .gitlab:
      findings = try Self.json(
        "{\"all\":\(text)}", list: "all", rule: ["check_name"], line: ["location", "lines", "begin"])
    case .sonarqube:
      findings = try Self.json(
        text, list: "issues", rule: ["ruleId"], line: ["primaryLocation", "textRange", "startLine"])
    case .rdjson:
      findings = try Self.json(
        text, list: "diagnostics", rule: ["code", "value"], line: ["location", "range", "start", "line"])
    case .junit, .checkstyle: findings = try Self.xml(text)
    }
  }

  private static func reversed(_ match: Regex<(Substring, Substring, Substring)>.Match) throws -> FoundAgain {
    try found(match.output.2, line: match.output.1)
  }

  private static func found(_ rule: some StringProtocol, line: some StringProtocol) throws -> FoundAgain {
    guard let line = Int(line) else { throw Failure(text: "line \(line)") }
    return FoundAgain(rule: String(rule), line: line)
  }
}

// MARK: - Lines

extension ReadReport {
  private static func lines(_ text: String) -> [String] {
    text.components(separatedBy: "\n").dropLast()
  }

  private static func grouped(_ text: String) throws -> [FoundAgain] {
    var found: [FoundAgain] = []
    var rule: Substring?
    var saysMany = false
    for line in lines(text) {
      if let match = line.wholeMatch(of: /(?:error|warning|info): (.*) \[([a-z0-9-]+)\](?: \(\d+ places\))?/) {
        rule = match.output.2
        saysMany = match.output.1.wholeMatch(of: /.*, \d+ findings/) != nil
      } else if let rule, line.hasPrefix("  "), !line.hasPrefix("    "), !line.hasPrefix("  help: ") {
        if saysMany {
          guard let match = line.firstMatch(of: /^\s\s.*?:(\d+):\d+:\s/) else { throw Failure(text: line) }
          found.append(try Self.found(rule, line: match.output.1))
        } else {
          found += try line.matches(of: /:(\d+):\d+(?:, |,$|$)/).map { try Self.found(rule, line: $0.output.1) }
        }
      } else if line.isEmpty {
        rule = nil
      }
    }
    return found
  }

  private static func azure(_ text: String) throws -> [FoundAgain] {
    try lines(text).map { line in
      if let match = line.wholeMatch(of: /.*?:(\d+):\d+: info: .* \[([a-z0-9-]+)\]/) { return try reversed(match) }
      let pattern =
        /##vso\[task\.logissue type=(?:error|warning);sourcepath=[^;\]]*;linenumber=(\d+);columnnumber=\d+;code=([a-z0-9-]+);\].*/
      guard let match = line.wholeMatch(of: pattern) else { throw Failure(text: line) }
      return try reversed(match)
    }
  }

  private static func gitHub(_ text: String) throws -> [FoundAgain] {
    try lines(text).map { line in
      let pattern =
        /::(?:error|warning|notice) file=[^,:]*,line=(\d+),endLine=\d+,(?:col=\d+,endColumn=\d+,)?title=portlint ([a-z0-9-]+)::.*/
      guard let match = line.wholeMatch(of: pattern) else { throw Failure(text: line) }
      return try reversed(match)
    }
  }

  private static func markdown(_ text: String) throws -> [FoundAgain] {
    let rows = lines(text).filter { $0.hasPrefix("| ") }.dropFirst(2)
    return try rows.filter { !$0.contains("| and ") }.map { row in
      let pattern = /\| (?:error|warning|info) \| (`+) ?.*?:(\d+):\d+ ?\1 \| .*? `\[([a-z0-9-]+)\]`(?:<br>.*)? \|/
      guard let match = row.wholeMatch(of: pattern) else { throw Failure(text: row) }
      return try found(match.output.3, line: match.output.2)
    }
  }
}

// MARK: - JSON

extension ReadReport {
  private static func value(_ object: Any, at path: [String]) -> Any? {
    path.reduce(object) { object, key in (object as? [String: Any])?[key] ?? NSNull() }
  }

  private static func found(_ object: Any, rule: [String], line: [String]) throws -> FoundAgain {
    guard let rule = value(object, at: rule) as? String, let line = value(object, at: line) as? Int else {
      throw Failure(text: "\(object)")
    }
    return FoundAgain(rule: rule, line: line)
  }

  private static func json(_ text: String, list: String, rule: [String], line: [String]) throws -> [FoundAgain] {
    let document = try JSONSerialization.jsonObject(with: Data(text.utf8))
    guard let objects = value(document, at: [list]) as? [Any] else { throw Failure(text: text) }
    return try objects.map { try found($0, rule: rule, line: line) }
  }

  private static func jsonLines(_ text: String) throws -> [FoundAgain] {
    let objects = try lines(text).map { try JSONSerialization.jsonObject(with: Data($0.utf8)) }
    guard let head = objects.first, value(head, at: ["report", "version"]) as? Int == 1 else {
      throw Failure(text: text)
    }
    return try objects.dropFirst().map {
      try found($0, rule: ["diagnostic", "rule"], line: ["diagnostic", "location", "start", "line"])
    }
  }

  private static func sarif(_ text: String) throws -> [FoundAgain] {
    let document = try JSONSerialization.jsonObject(with: Data(text.utf8))
    let run = (value(document, at: ["runs"]) as? [Any])?.first ?? document
    let rules = value(run, at: ["tool", "driver", "rules"]) as? [Any] ?? []
    return try (value(run, at: ["results"]) as? [Any] ?? []).map { result in
      let location = (value(result, at: ["locations"]) as? [Any])?.first ?? result
      guard let rule = value(result, at: ["ruleId"]) as? String, let number = value(result, at: ["ruleIndex"]) as? Int,
        rules.indices.contains(number), value(rules[number], at: ["id"]) as? String == rule,
        let line = value(location, at: ["physicalLocation", "region", "startLine"]) as? Int
      else { throw Failure(text: "\(result)") }
      return FoundAgain(rule: rule, line: line)
    }
  }
}

// MARK: - XML

extension ReadReport {
  private static func xml(_ text: String) throws -> [FoundAgain] {
    let reader = FindingElements()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = reader
    guard parser.parse() else { throw Failure(text: "\(parser.parserError.map { "\($0)" } ?? "") \(text)") }
    return try reader.found.map { try found($0.rule, line: $0.line) }
  }
}

private final class FindingElements: NSObject, XMLParserDelegate {
  var found: [(rule: String, line: String)] = []

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    guard let line = attributes["line"] else { return }
    if name == "error", let source = attributes["source"] { found.append((String(source.dropFirst(9)), line)) }
    if name == "testcase", let test = attributes["name"] { found.append((String(test.prefix { $0 != ":" }), line)) }
  }
}
