// The public interface of `--format json`, version 1: these structs are what is promised. A field may be added within
// the version; none may be renamed, removed or change its meaning.

/// A value that is written as `null` where there is none, instead of being left out.
struct Nullable<Value: Encodable>: Encodable {
  var value: Value?

  init(_ value: Value?) {
    self.value = value
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let value { try container.encode(value) } else { try container.encodeNil() }
  }
}

extension Nullable: Sendable where Value: Sendable {}

extension KeyedEncodingContainer {
  /// What the synthesised `encode(to:)` calls for a `Nullable`: the value needs no encoder between it and its object.
  mutating func encode<Value>(_ nullable: Nullable<Value>, forKey key: Key) throws {
    if let value = nullable.value { try encode(value, forKey: key) } else { try encodeNil(forKey: key) }
  }
}

struct FindingsDocument: Encodable {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case version, tool, columns, complete, summary, rules, diagnostics, suppressed, omitted
  }

  var version = 1
  var tool: ToolObject
  var columns = "unicodeCodePoints"
  var complete: Bool
  var summary: SummaryObject
  /// The rules of the findings that are listed, by id.
  var rules: [FoundRuleObject]
  /// Left out where each finding is a line of its own.
  var diagnostics: [DiagnosticObject]?
  /// Left out unless it is asked for, and where each finding is a line of its own.
  var suppressed: [SuppressedObject]?
  /// Left out where the document has all findings.
  var omitted: [OmittedObject]?
}

/// What is said of a rule that has found something.
struct FoundRuleObject: Encodable {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case id, family, summary, severity, url
  }

  /// The severity of a rule that does not run unless it is asked for.
  static let off = "off"

  var id: String
  var family: String
  var summary: String
  /// Without any policy: `error`, `warning`, `info` or `off`.
  var severity: String
  /// The page about it; null while portlint has none on the web.
  var url: Nullable<String>
}

/// Findings of one rule that are not listed, for there are too many; the summary counts them.
struct OmittedObject: Encodable {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case rule, severity, file, count, suppressed
  }

  var rule: String
  var severity: String
  /// Null where several files are meant.
  var file: Nullable<String>
  var count: Int
  var suppressed: Bool
}

struct SuppressedObject: Encodable {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case by, reason, location, diagnostic
  }

  /// `comment`, `annotation`, `key`, `except` or `baseline`.
  var by: String
  var reason: Nullable<String>
  /// Where the suppression stands.
  var location: Nullable<LocationObject>
  var diagnostic: DiagnosticObject
}

/// A baseline: the findings that are let pass.
struct BaselineDocument: Encodable {
  var version = 1
  var tool: ToolObject
  var findings: [BaselineObject]
}

struct BaselineObject: Encodable {
  var fingerprint: String
  var rule: String
  var file: String
  var message: String
}

struct InventoryDocument: Encodable {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case version, tool, columns, complete, ports
  }

  var version = 1
  var tool: ToolObject
  var columns = "unicodeCodePoints"
  var complete: Bool
  var ports: [PortObject]
}

/// What has become of a policy's allocations.
struct AllocationsDocument: Encodable {
  var version = 1
  var tool: ToolObject
  var columns = "unicodeCodePoints"
  var complete: Bool
  var allocations: [AllocationObject]
}

struct AllocationObject: Encodable {
  var location: LocationObject
  var holder: String
  /// Null where every protocol is meant.
  var protocols: Nullable<[String]>
  var ports: [PortRangeObject]
  var free: [PortRangeObject]
  var claims: [AllocationClaimObject]
}

struct AllocationClaimObject: Encodable {
  var location: LocationObject
  var owner: OwnerObject
  var `protocol`: Nullable<String>
  var ports: [PortRangeObject]
  /// `used` or `foreign`.
  var state: String
}

struct ToolObject: Encodable {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case name, version
  }

  var name = "portlint"
  var version: String
}

struct SummaryObject: Encodable {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case files, documents, ports, errors, warnings, infos, suppressed, unresolved, templates
  }

  var files: Int
  var documents: Int
  var ports: Int
  var errors: Int
  var warnings: Int
  var infos: Int
  var suppressed: Int
  var unresolved: Int
  var templates: Int
}

struct DiagnosticObject: Encodable {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case rule, severity, message, help, fingerprint, location, owner, port, `protocol`, source, related, fixes
  }

  var rule: String
  var severity: String
  var message: String
  var help: String
  var fingerprint: String
  var location: LocationObject
  var owner: Nullable<OwnerObject>
  var port: Nullable<PortRangeObject>
  var `protocol`: Nullable<String>
  /// The variables of files that the finding hangs on.
  var source: [SourceObject]
  var related: [RelatedObject]
  /// What mends it; empty where nothing certain does.
  var fixes: [FixObject]
}

struct FixObject: Encodable {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case title, safety, edits
  }

  var title: String
  /// `safe` or `unsafe`.
  var safety: String
  var edits: [EditObject]
}

struct EditObject: Encodable {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case location, replacement
  }

  var location: LocationObject
  /// What stands there then.
  var replacement: String
}

/// A variable of a file that brings a value, and where it is set.
struct SourceObject: Encodable {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case name, value, location
  }

  var name: String
  /// Null where it is more than a port, a range, an address or a protocol.
  var value: Nullable<String>
  var location: LocationObject
}

struct RelatedObject: Encodable {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case message, location
  }

  var message: String
  var location: LocationObject
}

struct LocationObject: Encodable {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case file, start, end
  }

  var file: String
  var start: PositionObject
  /// Exclusive.
  var end: PositionObject
}

struct PositionObject: Encodable {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case line, column
  }

  var line: Int
  var column: Int
}

struct OwnerObject: Encodable {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case kind, name, namespace, container, scope
  }

  var kind: String
  var name: Nullable<String>
  var namespace: Nullable<String>
  var container: Nullable<String>
  var scope: ScopeObject
}

/// The host or cluster that claims are held against one another on.
struct ScopeObject: Encodable {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case kind, name, path
  }

  /// `host`, `project`, `cluster` or `deployment`.
  var kind: String
  /// The name that a policy or a manifest gives to it.
  var name: Nullable<String>
  /// The file or the folder that makes it; null where a policy or the command line does.
  var path: Nullable<String>
}

struct PortRangeObject: Encodable {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case start, end
  }

  var start: Int
  var end: Int
}

struct PortObject: Encodable {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case location, format, role, state, owner, scope, address, port, pick, `protocol`, target, name, text, source
  }

  var location: LocationObject
  var format: String
  var role: String
  /// `fixed`, `dynamic` or `unresolved`.
  var state: String
  var owner: OwnerObject
  var scope: ScopeObject
  var address: AddressObject
  var port: Nullable<PortRangeObject>
  /// `all` or `any`.
  var pick: String
  var `protocol`: Nullable<String>
  var target: Nullable<TargetObject>
  var name: Nullable<String>
  var text: String
  /// The variables of files that say the port, its address or its protocol.
  var source: [SourceObject]
}

struct AddressObject: Encodable {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case kind, value
  }

  /// `every`, `literal` or `unresolved`.
  var kind: String
  var value: Nullable<String>
}

struct TargetObject: Encodable {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case start, end, name, source
  }

  var start: Nullable<Int>
  var end: Nullable<Int>
  var name: Nullable<String>
  /// The variables of files that say it.
  var source: [SourceObject]
}
