import PortModel
import SourceText

/// The relation `headless-remap`: a port of a Service whose name leads to those behind it themselves, and that leads to
/// another number.
enum HeadlessRemap {
  static func matches(in context: JudgingContext) -> OutcomeTable<[Match]> {
    let inventory = context.inventory
    let services = context.claims.indices.filter {
      context.claims[$0].role == .service && inventory.isHeadless(inventory.bindings[$0].owner) == .yes
    }
    guard !services.isEmpty else { return [:] }
    var pods = ReferenceIndex(inventory, context.work.selections)
    let matches = services.compactMap { number -> Match? in
      let binding = inventory.bindings[number]
      let owner = inventory[binding.owner]
      guard !owner.isPartial, let outer = binding.fixedPorts, let target = binding.target else { return nil }
      guard let inner = target.ports?.first ?? pods.onlyPort(behind: binding, of: owner), inner != outer.first else {
        return nil
      }
      return Match(
        values: [
          .owner: owner.phrase, .port: outer.description, .protocol: binding.transport?.name ?? "",
          .endpoint: endpointPhrase(outer, binding.transport) ?? binding.text, .expected: "\(inner)",
        ],
        owner: binding.owner, ports: outer, transport: binding.transport, place: binding.findingPlace,
        related: [Related("it leads to \(inner) here", at: target.place)] + binding.wayRelated)
    }
    return [.holds: matches]
  }
}

extension ReferenceIndex {
  /// The number that all pods behind a Service have for the name that its port leads to.
  fileprivate mutating func onlyPort(behind service: Binding, of owner: Owner) -> UInt16? {
    guard let selected = owner.selected, let cluster = owner.cluster else { return nil }
    let containers = containers(picked: selected, in: owner.namespace, of: cluster)
    let ports = Set(containers.compactMap { port(of: $0, behind: service) })
    return ports.count == 1 ? ports.first : nil
  }
}
