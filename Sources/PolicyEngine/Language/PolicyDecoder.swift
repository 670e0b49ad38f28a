import PortModel
import SourceText
import SourceYAML

/// The keys of a policy file.
package enum PolicyKey: String, CaseIterable {
  case extends
  case platform
  case ranges
  case services
  case rules
  case allocations
  case deployments
  case projects
  case exclude
  case ruleFiles = "rule-files"
  case formats
  case baseline
  case failOn = "fail-on"
  case environmentFile = "env-file"
}

extension PolicyKey {
  /// A line of a policy that has the key.
  package var example: String {
    switch self {
    case .extends: "extends: [strict, base/policy.yaml]"
    case .platform: "platform: linux"
    case .ranges: "ranges: {payments: 7000-7099}"
    case .services: "services: {database: iana, add: {acme-ledger: 7001/tcp}}"
    case .rules:
      "rules: {ephemeral-port: error, every-address: {severity: warning, except: [{owner: web, reason: behind a VPN}]}}"
    case .allocations: "allocations: [{ports: 7000-7099, owner: \"payments-*\"}]"
    case .deployments: "deployments: [{name: edge-1, files: [\"edge/**/compose.yaml\"]}]"
    case .projects: "projects: [{files: [compose.yaml, compose.prod.yaml]}]"
    case .exclude: "exclude: [\"vendor/**\"]"
    case .ruleFiles: "rule-files: [\"policy/*.yaml\"]"
    case .formats: "formats: [\"policy/formats/*.yaml\"]"
    case .baseline: "baseline: .portlint-baseline.json"
    case .failOn: "fail-on: warning"
    case .environmentFile: "env-file: deploy/prod.env"
    }
  }
}

/// The keys of a policy's `services`.
package enum ServicesKey: String, CaseIterable {
  case database
  case add
}

/// The keys of what a policy says of a rule.
package enum RuleSettingKey: String, CaseIterable {
  case severity
  case except
}

/// The keys of an exception from a rule.
package enum ExceptionKey: String, CaseIterable {
  case owner
  case namespace
  case file
  case port
  case `protocol`
  case reason
}

/// The keys of an allocation.
package enum AllocationKey: String, CaseIterable {
  case ports
  case owner
  case `protocol`
  case reservedFor = "reserved-for"
}

/// The keys of a deployment.
package enum DeploymentKey: String, CaseIterable {
  case name
  case files
}

/// The keys of a project.
package enum ProjectKey: String, CaseIterable {
  case files
}

/// Reads a policy file; a file without a document says nothing, and is none the worse for it.
///
/// - Parameter tables: The names of the tables of ports, which no range may take.
package func decodePolicy(
  _ file: SourceFile, tables: Set<String> = []
) -> (policy: PolicyFile, problems: [DecodingProblem]) {
  var decoder = PolicyDecoder(tables: tables)
  let outcome = readYAML(file, keepingCommentsWith: "portlint:") { document in
    if document.root.isScalar, document.root.style.isPlain, document.root.text.isEmpty { return }
    decoder.decode(document.root)
  }
  if let failure = outcome.failure {
    decoder.problems = []
    decoder.problems.report(failure)
  } else if outcome.documents > 1 {
    let place = SourceRange(file: file.id, start: 0, end: 0)
    decoder.problems.report(.expected("one document"), at: place)
  }
  return (decoder.policy, decoder.problems)
}

private struct PolicyDecoder {
  let tables: Set<String>
  var policy = PolicyFile()
  var problems: [DecodingProblem] = []

  mutating func decode(_ root: YAMLNode) {
    guard let mapping = StrictMapping<PolicyKey>(root, problems: &problems) else { return }
    // In the order in which mistakes are said that stand at one place.
    for key in PolicyKey.allCases {
      let before = problems.count
      decode(key, of: mapping)
      for number in before..<problems.count { problems[number].example = key.example }
    }
  }

  private mutating func decode(_ key: PolicyKey, of mapping: StrictMapping<PolicyKey>) {
    let value = mapping[key]
    switch key {
    case .extends: policy.extends = texts(value, "a preset or the path of a policy")
    case .platform:
      policy.platform = mapping.word(.platform, as: Platform.self, kind: "platform", problems: &problems)
    case .ranges: decodeRanges(value)
    case .services: decodeServices(value)
    case .rules: decodeRules(value)
    case .allocations: policy.allocations = items(value).compactMap { decodeAllocation($0) }
    case .deployments:
      var names: Set<ExactText> = []
      policy.deployments = items(value).compactMap { decodeDeployment($0, names: &names) }
    case .projects: policy.projects = items(value).compactMap { decodeProject($0) }
    case .exclude:
      policy.exclude = texts(value, "a glob of paths").map { Located(PathGlob($0.value), at: $0.place) }
    case .ruleFiles: policy.ruleFiles = texts(value, "a glob of paths")
    case .formats: policy.formats = texts(value, "a glob of paths")
    case .baseline: policy.baseline = text(value, "the path of a baseline")
    case .failOn:
      policy.failOn = mapping.word(.failOn, as: Threshold.self, kind: "threshold", problems: &problems)
    case .environmentFile: policy.environmentFile = text(value, "the path of an environment file")
    }
  }

  // MARK: Ranges and services

  private mutating func decodeRanges(_ node: YAMLNode?) {
    for entry in entries(node) {
      let name = entry.key.text
      let isTaken = PortCondition.PortSource.words.contains(name) || tables.contains(name)
      if isTaken || name.utf8.first?.isASCIIDigit != false {
        problems.report(.expected("a name that no other ports have"), at: entry.key.textRange)
        continue
      }
      guard let ports = ports(entry.value) else { continue }
      policy.ranges.append(
        PolicyFile.NamedRange(name: Located(name, at: entry.key.textRange), ports: PortSet(ports)))
    }
  }

  private mutating func decodeServices(_ node: YAMLNode?) {
    guard let node, let mapping = StrictMapping<ServicesKey>(node, problems: &problems) else { return }
    policy.database = text(mapping[.database], "'iana', 'system', or the path of a file")
    for entry in entries(mapping[.add]) {
      if entry.key.bytes.isEmpty {
        problems.report(.expected("a service's name"), at: entry.key.range)
      }
      for written in someTexts(entry.value, "a port with its protocol, such as 7001/tcp") {
        guard let (ports, transport) = socket(written) else { continue }
        policy.addedServices.append(
          ServicesDatabase.Entry(
            name: entry.key.text, ports: ports, transport: transport, description: "", origin: .policy))
      }
    }
  }

  /// `7001/tcp`, `7001-7003/udp`
  private mutating func socket(_ node: YAMLNode) -> (PortRange, TransportProtocol)? {
    let parts = node.bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard parts.count == 2, let first = parts[0].first, first.isASCIIDigit, !parts[1].isEmpty else {
      problems.report(.expected("a port with its protocol, such as 7001/tcp"), at: node.textRange)
      return nil
    }
    let slash = parts[0].count
    let name = String(decoding: parts[1], as: UTF8.self)
    let place = node.range(ofText: slash + 1..<slash + 1 + parts[1].count)
    let ports = decodePorts(
      String(decoding: parts[0], as: UTF8.self), at: node.range(ofText: 0..<slash), problems: &problems)
    let transport = decodeTransport(name, at: place, problems: &problems)
    guard let ports, let transport else { return nil }
    return (ports, transport)
  }

  /// Ports and ranges, written out.
  private mutating func ports(_ node: YAMLNode) -> [PortRange]? {
    let texts = someTexts(node, "a port or a range such as 7000-7099")
    let ranges = texts.compactMap { decodePorts($0.text, at: $0.textRange, problems: &problems) }
    return ranges.isEmpty || ranges.count < texts.count ? nil : ranges
  }

  // MARK: Rules

  private mutating func decodeRules(_ node: YAMLNode?) {
    for entry in entries(node) {
      var setting = PolicyFile.RuleSetting(
        id: Located(entry.key.text, at: entry.key.textRange), severity: nil, exceptions: [])
      if entry.value.isMapping {
        guard let mapping = StrictMapping<RuleSettingKey>(entry.value, problems: &problems) else { continue }
        setting.severity = mapping[.severity].flatMap { severity($0) }
        setting.exceptions = items(mapping[.except]).compactMap { decodeException($0) }
      } else {
        setting.severity = severity(entry.value)
      }
      policy.rules.append(setting)
    }
  }

  private mutating func severity(_ node: YAMLNode) -> Severity?? {
    decodeWord(node, as: SeverityWord.self, kind: "severity", problems: &problems).map(\.severity)
  }

  private mutating func decodeException(_ node: YAMLNode) -> RuleException? {
    guard let mapping = StrictMapping<ExceptionKey>(node, problems: &problems) else { return nil }
    let reason = mapping.requiredText(.reason, problems: &problems)
    if let reason, reason.utf8.allSatisfy({ $0 == UInt8(ascii: " ") }), let node = mapping[.reason] {
      problems.report(.expected("a reason"), at: node.range)
    }
    if mapping.keys.subtracting([.reason]).isEmpty {
      problems.report(
        .expected("what is excepted: an owner, a namespace, a file, a port or a protocol"), at: node.range)
      return nil
    }
    let owners = globs(mapping[.owner], "an owner")
    let namespaces = globs(mapping[.namespace], "a namespace")
    let files = globs(mapping[.file], "a glob of paths")
    let protocols = protocols(mapping[.protocol])
    guard let reason else { return nil }
    return RuleException(
      owners: owners.map { Globs($0) }, namespaces: namespaces.map { Globs($0) }, files: files?.map { PathGlob($0) },
      ports: mapping[.port].flatMap { ports($0) }.map { PortSet($0) }, protocols: protocols, reason: reason,
      place: node.range)
  }

  // MARK: Allocations and groups of files

  private mutating func decodeAllocation(_ node: YAMLNode) -> PolicyFile.WrittenAllocation? {
    guard let mapping = StrictMapping<AllocationKey>(node, problems: &problems) else { return nil }
    let isFor = mapping.has(.owner) || mapping.has(.reservedFor)
    if !isFor, !mapping.isMeant(.owner), !mapping.isMeant(.reservedFor) {
      problems.report(.expected("'owner' or 'reserved-for' beside 'ports'"), at: node.range)
    }
    guard mapping.holds(.ports, problems: &problems), let written = mapping[.ports] else { return nil }
    var sources: [Located<PortCondition.PortSource>] = []
    for text in someTexts(written, "a port, a range such as 7000-7099, or the name of one") {
      if text.text.utf8.first?.isASCIIDigit != true {
        sources.append(Located(.named(text.text), at: text.textRange))
      } else if let range = decodePorts(text.text, at: text.textRange, problems: &problems) {
        sources.append(Located(.ports(PortSet(range)), at: text.textRange))
      }
    }
    let allocation = Allocation(
      owners: Globs(globs(mapping[.owner], "an owner") ?? []), protocols: protocols(mapping[.protocol]),
      reservedFor: mapping.text(.reservedFor, problems: &problems), place: written.range)
    return PolicyFile.WrittenAllocation(ports: sources, allocation: allocation)
  }

  private mutating func decodeDeployment(_ node: YAMLNode, names: inout Set<ExactText>) -> FileGroup? {
    guard let mapping = StrictMapping<DeploymentKey>(node, problems: &problems) else { return nil }
    let name = mapping.text(.name, problems: &problems)
    if let name, let node = mapping[.name], !names.insert(name.exact).inserted {
      problems.report(.other("there is a deployment '\(name)' already"), at: node.textRange)
    }
    guard mapping.holds(.files, problems: &problems), let files = mapping[.files] else { return nil }
    return FileGroup(name: name, files: self.files(files))
  }

  private mutating func decodeProject(_ node: YAMLNode) -> FileGroup? {
    guard let mapping = StrictMapping<ProjectKey>(node, problems: &problems) else { return nil }
    guard mapping.holds(.files, problems: &problems), let files = mapping[.files] else { return nil }
    return FileGroup(name: nil, files: self.files(files))
  }

  private mutating func files(_ node: YAMLNode) -> [Located<PathGlob>] {
    someTexts(node, "a glob of paths").map { Located(PathGlob($0.text), at: $0.textRange) }
  }

  // MARK: Shapes

  /// Texts of a list that may be empty.
  private mutating func texts(_ node: YAMLNode?, _ expected: String) -> [Located<String>] {
    guard let node, !(node.isSequence && node.count == 0) else { return [] }
    return someTexts(node, expected).map { Located($0.text, at: $0.textRange) }
  }

  /// One text, which is not empty.
  private mutating func text(_ node: YAMLNode?, _ expected: String) -> Located<String>? {
    guard let node, let written = someTexts(node, expected).first else { return nil }
    if node.isSequence { problems.report(.expected(expected), at: node.range) }
    return Located(written.text, at: written.textRange)
  }

  /// A text or several, none of them empty.
  private mutating func someTexts(_ node: YAMLNode, _ expected: String) -> [YAMLNode] {
    decodeSomeTexts(node, expected, problems: &problems)
  }

  private mutating func globs(_ node: YAMLNode?, _ expected: String) -> [String]? {
    node.map { someTexts($0, expected).map(\.text) }
  }

  private mutating func protocols(_ node: YAMLNode?) -> [TransportProtocol]? {
    node.map { node in
      someTexts(node, "a protocol").compactMap { decodeTransport($0.text, at: $0.textRange, problems: &problems) }
    }
  }

  private mutating func items(_ node: YAMLNode?) -> [YAMLNode] {
    guard let node else { return [] }
    guard node.isSequence else {
      problems.report(.expected("a list"), at: node.range)
      return []
    }
    return Array(node.items)
  }

  /// The entries of a mapping whose keys are names, each once.
  private mutating func entries(_ node: YAMLNode?) -> [(key: YAMLNode, value: YAMLNode)] {
    guard let node else { return [] }
    guard node.isMapping else {
      problems.report(.expected("a mapping"), at: node.range)
      return []
    }
    var seen: Set<ExactText> = []
    return node.entries.compactMap { entry in
      guard seen.insert(entry.key.text.exact).inserted else {
        problems.report(.duplicateKey(entry.key.text), at: entry.key.textRange)
        return nil
      }
      return (entry.key, entry.value)
    }
  }
}

/// The severities, and `off`.
package enum SeverityWord: String, CaseIterable {
  case error
  case warning
  case info
  case off

  package var severity: Severity? {
    Severity(rawValue: rawValue)
  }
}
