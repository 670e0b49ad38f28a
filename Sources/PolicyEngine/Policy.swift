import PortModel
import SourceText

/// What a run holds the inventory against.
package struct Policy: Sendable {
  /// Every rule with the severity it has in this run, and who set it.
  package internal(set) var rules: [RuleStatus] = []
  /// The exceptions from each rule, by its id.
  package internal(set) var exceptions: [String: [RuleException]] = [:]
  /// The named ranges.
  package internal(set) var ranges: [String: PortSet]
  package internal(set) var services: ServicesDatabase
  package let knownServices: KnownServices
  package let exposed: ExposedServices
  /// The tables of ports that conditions name.
  package let tables: [String: PortTable]
  package internal(set) var platform: Platform
  package internal(set) var allocations = Allocations([])
  package internal(set) var deployments: [FileGroup] = []
  package internal(set) var projects: [FileGroup] = []
  package internal(set) var exclude: [Located<PathGlob>] = []
  /// Where the policy's globs begin.
  package var folder = PolicyFolder()

  /// A rule with the severity it has in a run.
  package struct RuleStatus: Sendable {
    package var rule: Rule
    /// Nothing for a rule that is off.
    package var severity: Severity?
    package var origin: Origin
  }

  /// Who set a rule's severity, the weakest first.
  package enum Origin: Hashable, Sendable {
    case ruleFile
    case preset(String)
    case policyFile(SourceRange)
    case commandLine
  }

  /// One of the texts that a policy is made of.
  package struct Layer: Sendable {
    package var source: Source
    package var file: PolicyFile

    package init(_ source: Source, _ file: PolicyFile) {
      self.source = source
      self.file = file
    }

    package enum Source: Hashable, Sendable {
      case preset(String)
      case policyFile
    }
  }

  /// What the command line says, which wins over every layer.
  package struct Overrides: Sendable {
    package var platform: Platform?
    /// A preset whose severities win over those of the policy file, with those that it extends.
    package var preset: [Layer]?
    /// Severities; nothing for off.
    package var severities: [String: Severity?] = [:]

    package init() {}
  }

  /// Why a policy cannot be had.
  package enum Fault: Error {
    case unknownRule(String, suggestion: String?)
    case requiredRule(String)
    case softenedRule(String)
  }

  /// The rules that are not off.
  package var activeRules: [(rule: Rule, severity: Severity)] {
    rules.compactMap { status in status.severity.map { (status.rule, $0) } }
  }

  /// Adds a rule, or takes it in the place of one with its id; one that is off is made a warning.
  package mutating func add(_ rule: Rule) {
    rules.removeAll { $0.rule.id == rule.id }
    rules.append(RuleStatus(rule: rule, severity: rule.severity ?? .warning, origin: .ruleFile))
  }

  /// The policy with what it says of ports, held by one rule: nothing of it hangs on a tree of files.
  package func testing(_ rule: Rule) -> Policy {
    var policy = self
    policy.rules = rules.filter { $0.rule.isRequired || rule.yieldsTo.contains($0.rule.id) }
    policy.add(rule)
    policy.exceptions = [:]
    policy.deployments = []
    policy.projects = []
    policy.exclude = []
    policy.folder = PolicyFolder()
    return policy
  }

  /// What the policy says of ports and of nobody in particular, for another to build on; its services are not in it.
  package var groundwork: Layer {
    var file = PolicyFile()
    file.platform = platform
    let nowhere = SourceRange(file: .none, start: 0, end: 0)
    file.ranges = ranges.filter { $0.value != Policy.ranges(of: platform, [])[$0.key] }
      .map { PolicyFile.NamedRange(name: Located($0.key, at: nowhere), ports: $0.value) }
    return Layer(.policyFile, file)
  }

  /// The first allocation that has a port.
  package func allocation(of port: UInt16, _ transport: TransportProtocol?) -> Allocation? {
    allocations.overlapping(PortRange(port)).map { allocations.all[$0.number] }
      .first { allocation in transport.map { allocation.isOf($0) } ?? true }
  }

  /// A file's path as the policy's globs see it.
  package func globPath(of path: String) -> String {
    folder.relativePath(of: path)
  }
}

/// The folder of a policy file, against which its globs are held.
package struct PolicyFolder: Hashable, Sendable {
  /// The absolute path of the folder, with a slash at its end; nothing where it is the current one.
  private var path: String?
  /// The absolute path of the current folder, with a slash at its end.
  private var current = "/"

  /// The current folder.
  package init() {}

  /// - Parameters:
  ///   - path: The absolute path of the folder.
  ///   - current: The absolute path of the current folder.
  package init(_ path: String, current: String) {
    let ended = { (path: String) in path.endsInSlash ? path : path + "/" }
    self.current = ended(current)
    self.path = ended(path) == self.current ? nil : ended(path)
  }

  /// Whether all of the policy's folder lies in another folder, given by its path.
  package func lies(in other: String) -> Bool {
    let root = PolicyFolder("/", current: current).relativePath(of: other)
    return root.isEmpty || (path ?? current).utf8.dropFirst().starts(with: (root + "/").utf8)
  }

  /// A file's path from the folder, wherever both stand: it begins with `../` where the file lies outside.
  package func relativePath(of file: String) -> String {
    if path == nil, !file.isAbsolutePath, !file.hasPrefix("../") { return file }
    var parts: [String] = []
    for part in (file.isAbsolutePath ? file : current + file).pathParts where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    let folder = (path ?? current).pathParts
    let shared = zip(folder, parts).prefix { $0.isExactly($1) }.count
    return (Array(repeating: "..", count: folder.count - shared) + parts.dropFirst(shared)).joined(separator: "/")
  }
}
