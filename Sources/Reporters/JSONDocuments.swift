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

extension KeyedEncodingContainer {
  /// What the synthesised `encode(to:)` calls for a `Nullable`: the value needs no encoder between it and its object.
  mutating func encode<Value>(_ nullable: Nullable<Value>, forKey key: Key) throws {
    if let value = nullable.value { try encode(value, forKey: key) } else { try encodeNil(forKey: key) }
  }
}

struct FindingsDocument: Encodable {
  var version = 1
  var tool: ToolObject
  var columns = "unicodeCodePoints"
  var complete: Bool
  var summary: SummaryObject
  var diagnostics: [DiagnosticObject]
  /// Left out unless it is asked for.
  var suppressed: [SuppressedObject]?
  /// Left out where the document has all findings.
  var omitted: [OmittedObject]?
}

/// Findings of one rule that are not listed, for there are too many; the summary counts them.
struct OmittedObject: Encodable {
  var rule: String
  var severity: String
  /// Null where several files are meant.
  var file: Nullable<String>
  var count: Int
  var suppressed: Bool
}

struct SuppressedObject: Encodable {
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
  var name = "portlint"
  var version: String
}

struct SummaryObject: Encodable {
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
  var rule: String
  var severity: String
  var message: String
  var help: String
  var fingerprint: String
  var location: LocationObject
  var owner: Nullable<OwnerObject>
  var port: Nullable<PortRangeObject>
  var `protocol`: Nullable<String>
  var related: [RelatedObject]
  /// What mends it; empty where nothing certain does.
  var fixes: [FixObject]
}

struct FixObject: Encodable {
  var title: String
  /// `safe` or `unsafe`.
  var safety: String
  var edits: [EditObject]
}

struct EditObject: Encodable {
  var location: LocationObject
  /// What stands there then.
  var replacement: String
}

struct RelatedObject: Encodable {
  var message: String
  var location: LocationObject
}

struct LocationObject: Encodable {
  var file: String
  var start: PositionObject
  /// Exclusive.
  var end: PositionObject
}

struct PositionObject: Encodable {
  var line: Int
  var column: Int
}

struct OwnerObject: Encodable {
  var kind: String
  var name: Nullable<String>
  var namespace: Nullable<String>
  var container: Nullable<String>
}

struct PortRangeObject: Encodable {
  var start: Int
  var end: Int
}

struct PortObject: Encodable {
  var location: LocationObject
  var format: String
  var role: String
  /// `fixed`, `dynamic` or `unresolved`.
  var state: String
  var owner: OwnerObject
  var address: AddressObject
  var port: Nullable<PortRangeObject>
  /// `all` or `any`.
  var pick: String
  var `protocol`: Nullable<String>
  var target: Nullable<TargetObject>
  var name: Nullable<String>
  var text: String
}

struct AddressObject: Encodable {
  /// `every`, `literal` or `unresolved`.
  var kind: String
  var value: Nullable<String>
}

struct TargetObject: Encodable {
  var start: Nullable<Int>
  var end: Nullable<Int>
  var name: Nullable<String>
}
