import ArgumentParser
import PolicyEngine
import PortModel
import Reporters
import SourceText
import Workspace

extension Binding.Role: ExpressibleByArgument {}

/// Which claims of an inventory are shown.
struct PortsFilter {
  var ports: PortRange?
  /// A pattern of an owner's name, or of its namespace and name.
  var owner: String?
  var role: Binding.Role?
  var transport: TransportProtocol?
  /// A pattern of what the host or cluster is called, or of the path that makes it.
  var scope: String?
  /// The id of a format.
  var format: String?

  /// Whether a claim is meant; of a port that nobody knows, it is not said which it is.
  func isMeant(_ binding: Binding, of owner: Owner, on scopes: ClaimScopes) -> Bool {
    if let format, !owner.format.id.isExactly(format) { return false }
    if let scope, !scopes.label(of: binding).isCalled(scope) { return false }
    if let ports, !binding.claims(ports) { return false }
    if let role, binding.role != role { return false }
    if let transport, binding.transport != transport { return false }
    guard let pattern = self.owner else { return true }
    guard let name = owner.name else { return false }
    return name.matches(glob: pattern) || (owner.namespace.map { "\($0)/\(name)".matches(glob: pattern) } ?? false)
  }

  /// Says of ports that nobody claims whose they would be, and of others that were not told.
  func note(on report: Report, among all: Report, under policy: Policy) {
    guard let ports else {
      if report.rows.isEmpty, !all.rows.isEmpty { writeNote("no claim is what was asked for") }
      return
    }
    if report.rows.isEmpty {
      let shown = "\(ports.first == ports.last ? "port " : "a port of ")\(ports)"
      let isClaimed = all.rows.contains { all.inventory.bindings[$0].claims(ports) }
      writeNote(
        isClaimed ? "no claim of \(shown) is what was asked for" : "nobody here claims \(shown)\(holder(policy))")
    }
    let unknown = all.rows.count { all.inventory.bindings[$0].fixedPorts == nil }
    if unknown > 0 {
      let verb = unknown == 1 ? "is" : "are"
      writeNote("\(counted(unknown, "other claim")) \(verb) not known by number: the system or a variable says it")
    }
  }

  private func holder(_ policy: Policy) -> String {
    guard let ports, ports.first == ports.last else { return "" }
    if let allocation = policy.allocation(of: ports.first, transport) {
      return "; the policy gives it to \(allocation.holder)"
    }
    let transports = transport.map { [$0] } ?? TransportProtocol.registered
    let services = transports.flatMap { policy.services.entries(at: ports.first, $0) }
    guard let service = services.first else { return "" }
    return "; by the services database it is \(service.name)'s"
  }
}

extension Binding {
  /// Whether it is known to take one of these ports.
  fileprivate func claims(_ ports: PortRange) -> Bool {
    fixedPorts?.overlaps(ports) ?? false
  }
}

extension ScopeNames.Label {
  /// Whether its name, its file or its folder matches.
  fileprivate func isCalled(_ glob: String) -> Bool {
    let folder = path.map(\.folderPath).flatMap { $0.isEmpty ? nil : $0.withoutLastSlash }
    return [name, path, folder].contains { $0?.matches(glob: glob) ?? false }
  }
}

/// In which order claims are shown.
enum PortsOrder: String, CaseIterable, ExpressibleByArgument {
  case place
  case port
  case owner

  /// The numbers of bindings, which are in the order of their places.
  func sorted(_ rows: [Int], of inventory: Inventory) -> [Int] {
    func number(_ row: Int) -> Int {
      // What is not known comes last.
      inventory.bindings[row].fixedPorts.map { Int($0.first) } ?? .max
    }
    func name(_ row: Int) -> ExactText { inventory[inventory.bindings[row].owner].phrase.exact }
    let numbered = Array(rows.enumerated())
    switch self {
    case .place: return rows
    case .port:
      return numbered.sorted { (number($0.element), $0.offset) < (number($1.element), $1.offset) }.map(\.element)
    case .owner:
      let named = numbered.map { (name: name($0.element), number: number($0.element), $0.offset, row: $0.element) }
      return named.sorted { ($0.name, $0.number, $0.2) < ($1.name, $1.number, $1.2) }.map(\.row)
    }
  }
}
