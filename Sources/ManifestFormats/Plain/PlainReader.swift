import PortModel
import SourceText
import SourceYAML

/// Reads portlint's own manifest of services, strictly: it has no other reader that could say what is wrong with it.
///
/// `docs/plain-manifests.md` is its grammar.
struct PlainReader {
  private let file: SourceFile
  /// The number of each host, by its name; the documents of a file share the hosts.
  private var hosts: [ExactText?: Int32] = [:]
  /// What the file claims.
  private(set) var claims: ClaimLimit

  init(file: SourceFile) {
    self.file = file
    claims = ClaimLimit(of: file)
  }

  /// Whether a document is a plain manifest: it names the format's version.
  static func recognises(_ root: YAMLNode) -> Bool {
    root.has("portlint")
  }

  /// Adds what a document claims.
  mutating func read(_ document: YAMLDocument, into inventory: inout Inventory) {
    let root = document.root
    guard let version = root.value("portlint") else { return }
    var fields = PlainFields(owner: nil)
    defer { inventory.problems += fields.problems }
    guard version.isText("1") else {
      // Of another version, not even the keys are known.
      fields.reportUnknown(version, field: "portlint", expected: "1")
      return
    }
    let keys = fields.checkKeys(of: root, known: ["portlint", "hosts", "services"], owner: "a plain manifest")
    let named = root.value("hosts")
    let nameless = root.value("services")
    if named != nil { fields.refuseKey("services", of: root, owner: "a manifest with 'hosts'") }
    if named == nil, nameless == nil, keys.meant.isDisjoint(with: ["hosts", "services"]) {
      fields.report(.invalidPort(.missing(field: "services")), root)
    }
    if let named { readHosts(named, &fields, into: &inventory) }
    if let nameless { readServices(nameless, host: nil, &fields, into: &inventory) }
  }

  private mutating func readHosts(_ node: YAMLNode, _ fields: inout PlainFields, into inventory: inout Inventory) {
    guard node.isMapping else {
      fields.report(.invalidPort(.notAMapping(field: "hosts")), node)
      return
    }
    for entry in node.entries {
      guard entry.key.isScalar, !entry.key.isNull else {
        fields.reportUnknown(entry.key, field: "a host's name", expected: "text")
        continue
      }
      guard entry.value.isMapping else {
        fields.report(.invalidPort(.notAMapping(field: "a host")), entry.value)
        continue
      }
      let keys = fields.checkKeys(of: entry.value, known: ["services"], owner: "a host")
      guard let services = entry.value.value("services") else {
        if !keys.meant.contains("services") {
          fields.report(.invalidPort(.missing(field: "services")), entry.value, at: entry.key.textRange)
        }
        continue
      }
      readServices(services, host: entry.key.text, &fields, into: &inventory)
    }
  }

  private mutating func readServices(
    _ node: YAMLNode, host: String?, _ fields: inout PlainFields, into inventory: inout Inventory
  ) {
    guard node.isSequence else {
      fields.report(.invalidPort(.notAList(field: "services")), node)
      return
    }
    let part = hosts[host?.exact] ?? Int32(hosts.count)
    hosts[host?.exact] = part
    let scope = Scope(.host, .manifest(file.id, part: part), .linux)
    for item in node.items {
      if claims.isPassed { return }
      guard item.isMapping else {
        fields.report(.invalidPort(.notAMapping(field: "a service")), item)
        continue
      }
      PlainService.read(item, host: host, scope: scope, within: &claims, into: &inventory)
    }
  }
}
