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
package func decodePolicy(_ file: SourceFile) -> (policy: PolicyFile, problems: [DecodingProblem]) {
  var decoder = PolicyDecoder()
  let outcome = readYAML(file, keepingCommentsWith: "portlint:") { document in
    if document.root.isScalar, document.root.style.isPlain, document.root.text.isEmpty { return }
    decoder.decode(document.root)
  }
  if let failure = outcome.failure {
    decoder.problems = [DecodingProblem(failure)]
  } else if outcome.documents > 1 {
    let place = SourceRange(file: file.id, start: 0, end: 0)
    decoder.problems.append(DecodingProblem(.expected("one document"), at: place))
  }
  return (decoder.policy, decoder.problems)
}

private struct PolicyDecoder {
  var policy = PolicyFile()
  var problems: [DecodingProblem] = []

  mutating func decode(_ root: YAMLNode) {
    guard let mapping = StrictMapping<PolicyKey>(root, problems: &problems) else { return }
    policy.extends = texts(mapping[.extends])
    policy.platform = mapping.word(.platform, as: Platform.self, kind: "platform", problems: &problems)
    decodeRanges(mapping[.ranges])
    decodeServices(mapping[.services])
    decodeRules(mapping[.rules])
    policy.allocations = items(mapping[.allocations]).compactMap { decodeAllocation($0) }
    policy.deployments = items(mapping[.deployments]).compactMap { decodeDeployment($0) }
    policy.projects = items(mapping[.projects]).compactMap { decodeProject($0) }
    policy.exclude = texts(mapping[.exclude]).map { PathGlob($0.value) }
    policy.ruleFiles = texts(mapping[.ruleFiles])
  }

  // MARK: Ranges and services

  private mutating func decodeRanges(_ node: YAMLNode?) {
    for entry in entries(node) {
      let name = entry.key.text
      if PortCondition.PortSource.words.contains(name) || name.utf8.first?.isASCIIDigit != false {
        problems.append(DecodingProblem(.expected("a name that no other ports have"), at: entry.key.textRange))
        continue
      }
      guard let ports = ports(entry.value) else { continue }
      policy.ranges.append(
        PolicyFile.NamedRange(name: Located(name, at: entry.key.textRange), ports: PortSet(ports)))
    }
  }

  private mutating func decodeServices(_ node: YAMLNode?) {
    guard let node, let mapping = StrictMapping<ServicesKey>(node, problems: &problems) else { return }
    if let text = mapping.text(.database, problems: &problems), let node = mapping[.database] {
      policy.database = Located(text, at: node.textRange)
    }
    for entry in entries(mapping[.add]) {
      for written in decodeTexts(entry.value, problems: &problems) {
        let parts = written.text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let ports = PortRange(String(parts[0])), !parts[1].isEmpty else {
          problems.append(
            DecodingProblem(.expected("a port with its protocol, such as 7001/tcp"), at: written.textRange))
          continue
        }
        policy.addedServices.append(
          ServicesDatabase.Entry(
            name: entry.key.text, ports: ports, transport: TransportProtocol(name: parts[1]), description: "",
            origin: .policy))
      }
    }
  }

  /// Ports and ranges, written out.
  private mutating func ports(_ node: YAMLNode) -> [PortRange]? {
    let texts = decodeTexts(node, problems: &problems)
    let ranges = texts.compactMap { text in
      let range = PortRange(text.text)
      if range == nil {
        problems.append(DecodingProblem(.expected("a port or a range such as 7000-7099"), at: text.textRange))
      }
      return range
    }
    if node.isSequence, texts.isEmpty {
      problems.append(DecodingProblem(.expected("a port or a range such as 7000-7099"), at: node.range))
    }
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
      problems.append(DecodingProblem(.expected("a reason"), at: node.range))
    }
    if mapping.keys.subtracting([.reason]).isEmpty {
      problems.append(
        DecodingProblem(
          .expected("what is excepted: an owner, a namespace, a file, a port or a protocol"), at: node.range))
      return nil
    }
    guard let reason else { return nil }
    return RuleException(
      owners: globs(mapping[.owner]), namespaces: globs(mapping[.namespace]),
      files: globs(mapping[.file])?.map { PathGlob($0) },
      ports: mapping[.port].flatMap { ports($0) }.map { PortSet($0) },
      protocols: globs(mapping[.protocol])?.map { TransportProtocol(name: $0) }, reason: reason, place: node.range)
  }

  // MARK: Allocations and groups of files

  private mutating func decodeAllocation(_ node: YAMLNode) -> PolicyFile.WrittenAllocation? {
    guard let mapping = StrictMapping<AllocationKey>(node, problems: &problems) else { return nil }
    guard let written = mapping[.ports] else {
      problems.append(DecodingProblem(.missingKey(AllocationKey.ports.rawValue), at: node.range))
      return nil
    }
    if mapping[.owner] == nil, mapping[.reservedFor] == nil {
      problems.append(DecodingProblem(.expected("'owner' or 'reserved-for' beside 'ports'"), at: node.range))
    }
    var sources: [Located<PortCondition.PortSource>] = []
    for text in decodeTexts(written, problems: &problems) {
      if text.text.utf8.first?.isASCIIDigit != true {
        sources.append(Located(.named(text.text), at: text.textRange))
      } else if let range = PortRange(text.text) {
        sources.append(Located(.range(range), at: text.textRange))
      } else {
        problems.append(DecodingProblem(.expected("a port or a range such as 7000-7099"), at: text.textRange))
      }
    }
    let allocation = Allocation(
      owners: globs(mapping[.owner]) ?? [], protocols: globs(mapping[.protocol])?.map { TransportProtocol(name: $0) },
      reservedFor: mapping.text(.reservedFor, problems: &problems), place: written.range)
    return PolicyFile.WrittenAllocation(ports: sources, allocation: allocation)
  }

  private mutating func decodeDeployment(_ node: YAMLNode) -> FileGroup? {
    guard let mapping = StrictMapping<DeploymentKey>(node, problems: &problems) else { return nil }
    let name = mapping.text(.name, problems: &problems)
    return files(mapping[.files], of: node).map { FileGroup(name: name, files: $0) }
  }

  private mutating func decodeProject(_ node: YAMLNode) -> FileGroup? {
    guard let mapping = StrictMapping<ProjectKey>(node, problems: &problems) else { return nil }
    return files(mapping[.files], of: node).map { FileGroup(name: nil, files: $0) }
  }

  private mutating func files(_ node: YAMLNode?, of group: YAMLNode) -> [PathGlob]? {
    guard let node else {
      problems.append(DecodingProblem(.missingKey(DeploymentKey.files.rawValue), at: group.range))
      return nil
    }
    let globs = texts(node).map { PathGlob($0.value) }
    if globs.isEmpty { problems.append(DecodingProblem(.expected("files"), at: node.range)) }
    return globs
  }

  // MARK: Shapes

  private mutating func texts(_ node: YAMLNode?) -> [Located<String>] {
    guard let node else { return [] }
    return decodeTexts(node, problems: &problems).map { Located($0.text, at: $0.textRange) }
  }

  private mutating func globs(_ node: YAMLNode?) -> [String]? {
    node.map { texts($0).map(\.value) }
  }

  private mutating func items(_ node: YAMLNode?) -> [YAMLNode] {
    guard let node else { return [] }
    guard node.isSequence else {
      problems.append(DecodingProblem(.expected("a list"), at: node.range))
      return []
    }
    return Array(node.items)
  }

  /// The entries of a mapping whose keys are names, each once.
  private mutating func entries(_ node: YAMLNode?) -> [(key: YAMLNode, value: YAMLNode)] {
    guard let node else { return [] }
    guard node.isMapping else {
      problems.append(DecodingProblem(.expected("a mapping"), at: node.range))
      return []
    }
    var seen: Set<String> = []
    return node.entries.compactMap { entry in
      guard seen.insert(entry.key.text).inserted else {
        problems.append(DecodingProblem(.duplicateKey(entry.key.text), at: entry.key.textRange))
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

  var severity: Severity? {
    Severity(rawValue: rawValue)
  }
}
