import PortModel
import SourceText

/// A policy file as it is written: what it says, with the places, and nothing that it does not say.
package struct PolicyFile: Sendable {
  /// Presets by name and policy files by path, in the order in which they apply.
  package var extends: [Located<String>] = []
  package var platform: Platform?
  package var ranges: [NamedRange] = []
  /// `iana`, `system`, or the path of a file in the syntax of `/etc/services`.
  package var database: Located<String>?
  package var addedServices: [ServicesDatabase.Entry] = []
  package var rules: [RuleSetting] = []
  package var allocations: [WrittenAllocation] = []
  package var deployments: [FileGroup] = []
  package var projects: [FileGroup] = []
  package var exclude: [Located<PathGlob>] = []
  /// Globs of rule files, from the policy's folder.
  package var ruleFiles: [Located<String>] = []
  /// Globs of format files, likewise.
  package var formats: [Located<String>] = []
  /// The path of a file with the findings that are let pass.
  package var baseline: Located<String>?
  package var failOn: Threshold?
  /// The path of the file that stands in the place of every project's `.env`.
  package var environmentFile: Located<String>?

  package init() {}

  /// How many exceptions, allocations and globs it has.
  package var patternCount: Int {
    let groups = deployments + projects
    return groups.reduce(0) { $0 + $1.files.count } + rules.reduce(0) { $0 + $1.exceptions.count }
      + allocations.count + exclude.count + ruleFiles.count + formats.count
  }

  /// A range that conditions and allocations may name.
  package struct NamedRange: Sendable {
    package var name: Located<String>
    package var ports: PortSet
  }

  /// What a policy says of a rule.
  package struct RuleSetting: Sendable {
    /// The rule's id, or `*` for every rule that may be turned off.
    package var id: Located<String>
    /// Nothing where the setting leaves it; `.some(nil)` for off.
    package var severity: Severity??
    package var exceptions: [RuleException]
  }

  /// Ports that the policy gives to an owner, with names of ranges not yet looked up.
  package struct WrittenAllocation: Sendable {
    package var ports: [Located<PortCondition.PortSource>]
    package var allocation: Allocation
  }
}

/// An exception from a rule: everything that is given must match.
package struct RuleException: Sendable {
  /// Globs of an owner's name, or of its namespace and name.
  package var owners: Globs?
  package var namespaces: Globs?
  package var files: [PathGlob]?
  package var ports: PortSet?
  package var protocols: [TransportProtocol]?
  package var reason: String
  package var place: SourceRange
}

/// Ports that a team has given away.
package struct Allocation: Sendable {
  package var ports = PortSet()
  /// Globs of the owners that may have them; none where they are only reserved.
  package var owners: Globs
  package var protocols: [TransportProtocol]?
  /// What they are kept for, where nobody may have them yet or where it says more than the owner.
  package var reservedFor: String?
  package var place: SourceRange

  /// Whether the ports are given away for a protocol.
  package func isOf(_ transport: TransportProtocol) -> Bool {
    protocols?.contains(transport) ?? true
  }

  /// How a message names who has the ports.
  package var holder: String {
    let names = listed(owners.patterns.lazy.map { "'\($0)'" })
    return reservedFor.map { names.isEmpty ? $0 : "\(names) for \($0)" } ?? names
  }
}

/// Files that belong together: that share a host or a cluster, or make one project.
package struct FileGroup: Sendable {
  package var name: String?
  package var files: [Located<PathGlob>]
}
