import SourceText

// What `rules`, `explain` and `service` answer with `--format json`, version 1: these structs are what is promised, as
// those of `JSONDocuments.swift` are.

/// The answer to `portlint rules` and to `portlint explain` without a rule.
package struct RulesDocument: Encodable {
  var version = 1
  var tool: ToolObject
  var columns = "unicodeCodePoints"
  /// The path of the policy that is in force.
  var policy: Nullable<String>
  /// The presets in force, the strongest last.
  var presets: [String]
  var rules: [RuleObject]

  package init(_ rules: [RuleObject], policy: String?, presets: [String], version: String) {
    tool = ToolObject(version: version)
    self.policy = Nullable(policy)
    self.presets = presets
    self.rules = rules
  }
}

package struct RuleObject: Encodable {
  var id: String
  var family: String
  /// In this run: `error`, `warning`, `info` or `off`.
  var severity: String
  var summary: String
  var setBy: SetByObject

  package init(id: String, family: String, severity: String, summary: String, setBy: SetByObject) {
    self.id = id
    self.family = family
    self.severity = severity
    self.summary = summary
    self.setBy = setBy
  }
}

/// Who set a rule's severity.
package struct SetByObject: Encodable {
  /// `rule-file`, `preset`, `policy` or `command-line`.
  var kind: String
  /// The name of the preset.
  var preset: Nullable<String>
  /// Where the policy sets it, or the file of a rule of the team's own.
  var location: Nullable<LocationObject>

  private init(_ kind: String, preset: String? = nil, location: LocationObject? = nil) {
    self.kind = kind
    self.preset = Nullable(preset)
    self.location = Nullable(location)
  }

  package static var ruleFile: SetByObject { SetByObject("rule-file") }
  package static var commandLine: SetByObject { SetByObject("command-line") }

  package static func preset(_ name: String) -> SetByObject {
    SetByObject("preset", preset: name)
  }

  /// A rule of the team's own, which its file sets.
  package static func ruleFile(_ place: SourceRange, in file: SourceFile) -> SetByObject {
    var object = policy(place, in: file)
    object.kind = ruleFile.kind
    return object
  }

  package static func policy(_ place: SourceRange, in file: SourceFile) -> SetByObject {
    let lines = LineTable(of: file.bytes)
    func position(_ offset: UInt32) -> PositionObject {
      let position = lines.position(of: Int(offset))
      return PositionObject(line: position.line, column: position.column)
    }
    return SetByObject(
      "policy",
      location: LocationObject(file: file.shownPath, start: position(place.start), end: position(place.end)))
  }

  /// `built in`, `preset strict`, `.portlint.yaml:7`, `the command line`.
  package var phrase: String {
    if let preset = preset.value { return "preset \(preset)" }
    if let location = location.value { return "\(location.file):\(location.start.line)" }
    return kind == SetByObject.commandLine.kind ? "the command line" : "built in"
  }
}

/// The answer to `portlint explain RULE`.
package struct ExplanationDocument: Encodable {
  var version = 1
  var tool: ToolObject
  var rule: ExplanationObject

  package init(_ rule: ExplanationObject, version: String) {
    tool = ToolObject(version: version)
    self.rule = rule
  }
}

package struct ExplanationObject: Encodable {
  package struct Case: Encodable {
    var name: String
    var message: String
    var help: String

    package init(name: String, message: String, help: String) {
      self.name = name
      self.message = message
      self.help = help
    }
  }

  package struct File: Encodable {
    var path: String
    var text: String

    package init(path: String, text: String) {
      self.path = path
      self.text = text
    }
  }

  package struct Finding: Encodable {
    /// `7:10-14`, with the path before it where an example has several files.
    var at: String
    var message: String

    package init(at: String, message: String) {
      self.at = at
      self.message = message
    }
  }

  package struct Example: Encodable {
    var files: [File]
    var findings: [Finding]

    package init(files: [File], findings: [Finding]) {
      self.files = files
      self.findings = findings
    }
  }

  package var id = ""
  package var family = ""
  /// In this run: `error`, `warning`, `info` or `off`.
  package var severity = ""
  package var setBy = SetByObject.ruleFile
  /// Whether it may not be turned off.
  package var required = false
  package var summary = ""
  package var why = ""
  /// The lines of the rule file that say when it fires.
  package var condition = ""
  /// With placeholders in braces, as are those of the cases.
  package var message = ""
  package var help = ""
  package var cases: [Case] = []
  /// Rules that, where they fire on the same claim, say it better.
  package var yieldsTo: [String] = []
  package var passes: [Example] = []
  package var fails: [Example] = []
  package var references: [String] = []

  package init() {}
}

/// The answer to `portlint service`.
package struct ServicesDocument: Encodable {
  var version = 1
  var tool: ToolObject
  var services: [ServiceObject]

  package init(_ services: [ServiceObject], version: String) {
    tool = ToolObject(version: version)
    self.services = services
  }
}

package struct ServiceObject: Encodable {
  var name: String
  var port: PortRangeObject
  var `protocol`: String
  /// `iana`, `de-facto`, `policy`, `system` or `file`.
  var source: String
  var description: String

  package init(name: String, ports: ClosedRange<UInt16>, transport: String, source: String, description: String) {
    self.name = name
    port = PortRangeObject(start: Int(ports.lowerBound), end: Int(ports.upperBound))
    self.protocol = transport
    self.source = source
    self.description = description
  }
}
