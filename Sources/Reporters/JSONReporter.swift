import PortModel
import SourceText

/// Writes the findings as JSON, version 1.
func writeFindingsJSON(of report: Report, options: ReportOptions, to output: inout some TextOutputStream) {
  let locations = Locations(report)
  let shown = ShownFindings(report, withSuppressed: options.showsSuppressed)
  var document = FindingsDocument(report, shown, options, locations)
  document.diagnostics = []
  document.suppressed = options.showsSuppressed ? [] : nil
  var text = encoded(document)[...]
  EncodedList(of: shown.diagnostics, with: options) {
    let locations = Locations(report)
    let owners = OwnerObjects(report, locations)
    return { DiagnosticObject($0, owners, locations) }
  }
  .write(asValueOf: "diagnostics", from: &text, to: &output)
  EncodedList(of: shown.suppressed, with: options) {
    let locations = Locations(report)
    let owners = OwnerObjects(report, locations)
    return { SuppressedObject($0, owners, locations) }
  }
  .write(asValueOf: "suppressed", from: &text, to: &output)
  output.write(String(text))
}

/// A baseline of findings: they are let pass from then on.
///
/// - Parameter path: A file's path as the policy sees it, so that the baseline serves from every folder.
package func baselineJSON(
  of diagnostics: [Diagnostic], in report: Report, options: ReportOptions, path: (String) -> String
) -> String {
  let findings = diagnostics.map { diagnostic in
    BaselineObject(
      fingerprint: diagnostic.fingerprint.description, rule: diagnostic.rule,
      file: path(report.files[diagnostic.place.file]?.shownPath ?? ""), message: diagnostic.message)
  }
  // One finding a line's breadth: a baseline is read in reviews.
  return encoded(
    BaselineDocument(tool: ToolObject(version: options.version), findings: findings), formatting: [.prettyPrinted])
}

/// Writes the inventory as JSON, version 1.
func writeInventoryJSON(of report: Report, options: ReportOptions, to output: inout some TextOutputStream) {
  let document = InventoryDocument(
    tool: ToolObject(version: options.version), complete: report.isComplete, ports: [])
  var text = encoded(document)[...]
  EncodedList(of: report.rows, with: options) {
    let locations = Locations(report)
    let owners = OwnerObjects(report, locations)
    return { PortObject(report.inventory.bindings[$0], report.inventory, owners, locations) }
  }
  .write(asValueOf: "ports", from: &text, to: &output)
  output.write(String(text))
}

/// Writes what has become of a policy's allocations, as JSON, version 1.
func writeAllocationsJSON(
  of uses: [AllocationUse], in report: Report, options: ReportOptions, to output: inout some TextOutputStream
) {
  let document = AllocationsDocument(
    tool: ToolObject(version: options.version), complete: report.isComplete, allocations: [])
  var text = encoded(document)[...]
  EncodedList(of: uses, with: options) {
    let locations = Locations(report)
    let owners = OwnerObjects(report, locations)
    return { AllocationObject($0, report.inventory, owners, locations) }
  }
  .write(asValueOf: "allocations", from: &text, to: &output)
  output.write(String(text))
}

extension AllocationObject {
  fileprivate init(_ use: AllocationUse, _ inventory: Inventory, _ owners: OwnerObjects, _ locations: Locations) {
    self.init(
      location: LocationObject(use.place, locations), holder: use.holder,
      protocols: Nullable(use.protocols?.map(\.name)), ports: use.ports.runs.map { PortRangeObject($0) },
      free: use.free.runs.map { PortRangeObject($0) },
      claims: use.claims.map { claim in
        let binding = inventory.bindings[claim.row]
        return AllocationClaimObject(
          location: LocationObject(binding.place, locations),
          owner: owners.object(of: binding.owner),
          protocol: Nullable(binding.transport?.name), ports: claim.ports.runs.map { PortRangeObject($0) },
          state: claim.isForeign ? "foreign" : "used")
      })
  }
}

extension DiagnosticObject {
  init(_ diagnostic: Diagnostic, _ owners: OwnerObjects, _ locations: Locations) {
    self.init(
      rule: diagnostic.rule, severity: diagnostic.severity.rawValue, message: diagnostic.message,
      help: diagnostic.help, fingerprint: diagnostic.fingerprint.description,
      location: LocationObject(diagnostic.place, locations),
      owner: Nullable(diagnostic.owner.map(owners.object(of:))),
      port: Nullable(diagnostic.ports.map { PortRangeObject($0) }),
      protocol: Nullable(diagnostic.transport?.name),
      source: diagnostic.related.compactMap { related in
        related.origin.map { SourceObject($0, at: related.place, locations) }
      },
      related: diagnostic.related.map {
        RelatedObject(message: $0.message, location: LocationObject($0.place, locations))
      },
      fixes: diagnostic.fixes.map { FixObject($0, locations) })
  }
}

extension FixObject {
  fileprivate init(_ fix: Fix, _ locations: Locations) {
    self.init(
      title: fix.title, safety: fix.safety.rawValue,
      edits: fix.edits.map { EditObject(location: LocationObject($0.place, locations), replacement: $0.replacement) })
  }
}

extension FindingsDocument {
  /// The document without findings.
  init(_ report: Report, _ shown: ShownFindings, _ options: ReportOptions, _ locations: Locations) {
    self.init(
      tool: ToolObject(version: options.version), complete: report.isComplete, summary: SummaryObject(report),
      rules: shown.rules(in: report).map { FoundRuleObject($0) },
      omitted: shown.omissions.isEmpty ? nil : shown.omissions.map { OmittedObject($0, locations) })
  }
}

extension SummaryObject {
  init(_ report: Report) {
    let summary = report.summary
    self.init(
      files: summary.files, documents: summary.documents, ports: summary.ports, errors: report.count(of: .error),
      warnings: report.count(of: .warning), infos: report.count(of: .info), suppressed: summary.suppressed,
      unresolved: summary.unresolved, templates: summary.templates)
  }
}

extension OmittedObject {
  init(_ omission: ShownFindings.Omission, _ locations: Locations) {
    self.init(
      rule: omission.rule, severity: omission.severity.rawValue,
      file: Nullable(omission.file.map(locations.path(of:))), count: omission.count,
      suppressed: omission.isSuppressed)
  }
}

extension SuppressedObject {
  init(_ waived: WaivedDiagnostic, _ owners: OwnerObjects, _ locations: Locations) {
    self.init(
      by: waived.waiver.kind.rawValue, reason: Nullable(waived.waiver.reason),
      location: Nullable(waived.waiver.place.map { LocationObject($0, locations) }),
      diagnostic: DiagnosticObject(waived.diagnostic, owners, locations))
  }
}

extension LocationObject {
  fileprivate init(_ range: SourceRange, _ locations: Locations) {
    let start = locations.start(of: range)
    let end = locations.end(of: range)
    self.init(
      file: locations.path(of: range), start: PositionObject(line: start.line, column: start.column),
      end: PositionObject(line: end.line, column: end.column))
  }
}

extension SourceObject {
  fileprivate init(_ setting: WayIn.Setting, at place: SourceRange, _ locations: Locations) {
    self.init(name: setting.name, value: Nullable(setting.value), location: LocationObject(place, locations))
  }

  /// The variables that say a claim, or what it leads to.
  fileprivate static func all(of binding: Binding, areTarget: Bool, _ locations: Locations) -> [SourceObject] {
    binding.ways.compactMap { way in
      guard case .variable(let setting, areTarget) = way.kind else { return nil }
      return SourceObject(setting, at: way.place, locations)
    }
  }
}

extension FoundRuleObject {
  init(_ rule: RuleInfo) {
    self.init(
      id: rule.id, family: rule.family.rawValue, summary: rule.summary,
      severity: rule.defaultSeverity?.rawValue ?? FoundRuleObject.off,
      url: Nullable(rule.page))
  }
}

extension OwnerObject {
  init(_ owner: OwnerLabel, _ scope: ScopeObject) {
    self.init(
      kind: owner.kind, name: Nullable(owner.name), namespace: Nullable(owner.namespace),
      container: Nullable(owner.container), scope: scope)
  }
}

extension PortRangeObject {
  fileprivate init(_ ports: PortRange) {
    self.init(start: Int(ports.first), end: Int(ports.last))
  }
}

extension PortObject {
  fileprivate init(
    _ binding: Binding, _ inventory: Inventory, _ owners: OwnerObjects, _ locations: Locations
  ) {
    var pick = Binding.Pick.all
    if case .fixed(_, let how) = binding.port { pick = how }
    self.init(
      location: LocationObject(binding.place, locations), format: inventory[binding.owner].format.id,
      role: binding.role.rawValue,
      state: binding.port.state, owner: owners.object(of: binding.owner), scope: owners.scope(of: binding),
      address: AddressObject(binding.address),
      port: Nullable(binding.fixedPorts.map { PortRangeObject($0) }), pick: pick.rawValue,
      protocol: Nullable(binding.transport?.name),
      target: Nullable(
        binding.target.flatMap { target in
          target.isOpen ? nil : TargetObject(target, source: SourceObject.all(of: binding, areTarget: true, locations))
        }),
      name: Nullable(binding.name.value), text: binding.text,
      source: SourceObject.all(of: binding, areTarget: false, locations))
  }
}

/// What is known of a claim's port.
enum StateWord: String, CaseIterable {
  case fixed
  case dynamic
  case unresolved
}

/// What is known of a claim's address.
enum AddressWord: String, CaseIterable {
  case every
  case literal
  case unresolved
}

extension Binding.PortClaim {
  /// The word for it in reports.
  var state: String {
    let state: StateWord =
      switch self {
      case .fixed: .fixed
      case .dynamic: .dynamic
      case .unresolved: .unresolved
      }
    return state.rawValue
  }
}

extension AddressObject {
  fileprivate init(_ address: HostAddress) {
    switch address {
    case .every: self.init(kind: AddressWord.every.rawValue, value: Nullable(nil))
    case .literal(let text, _): self.init(kind: AddressWord.literal.rawValue, value: Nullable(text))
    case .unresolved: self.init(kind: AddressWord.unresolved.rawValue, value: Nullable(nil))
    }
  }
}

extension TargetObject {
  fileprivate init(_ target: Binding.Target, source: [SourceObject]) {
    self.init(
      start: Nullable(target.ports.map { Int($0.first) }), end: Nullable(target.ports.map { Int($0.last) }),
      name: Nullable(target.name), source: source)
  }
}
