import PortModel
import SourceText

/// The relation `open-service`: a service that lets anyone in, on a port that everybody reaches.
///
/// An image tells which service it is; where none is given, the port can only say whose it is. What is open by how it is
/// started, such as a debugger, is told by that.
struct OpenService {
  /// The ways to say it that need words of their own.
  enum Variant: String, CaseIterable {
    /// Nothing but the port tells which service it is.
    case byPort = "by-port"
    /// A stack, in which an address is no way out.
    case stack
    /// A Service in front of the pod.
    case service
  }

  private let context: JudgingContext
  private let inventory: Inventory
  private let exposed: ExposedServices
  /// The ports of all of them, and Kafka's.
  private let ports: PortSet

  private init(_ context: JudgingContext) {
    self.context = context
    inventory = context.inventory
    exposed = context.policy.exposed
    ports = PortSet(exposed.services.map { PortRange($0.port) } + [PortRange(KafkaListeners.usualPort)])
  }

  /// What stands in the startup of what is told by it.
  private let signs = DebuggingPort.signs + [KafkaListeners.sign]

  static func matches(in context: JudgingContext) -> OutcomeTable<[Match]> {
    let relation = OpenService(context)
    return [.holds: relation.published + relation.opened]
  }

  /// What an owner lets in on one of its ports.
  private struct Finding {
    var service: String
    var port: UInt16
    /// Whether more than the port tells which service it is.
    var isKnown: Bool
  }

  // MARK: Published by the owner itself

  private var published: [Match] {
    var matches: [Match] = []
    for (number, claim) in context.claims.enumerated() where claim.role == .publish && claim.effect == .takes {
      guard claim.scope == .host || claim.scope == .node, let inner = claim.inner else { continue }
      // Few ports are those of such services, and few processes are started with a debugger.
      guard ports.overlaps(inner) || inventory.startup(of: inventory.bindings[number].owner, holdsAnyOf: signs) else {
        continue
      }
      let owner = Int(inventory.bindings[number].owner.index)
      let binding = inventory.bindings[number]
      let isStack = binding.scope.model == .swarm
      guard isStack || binding.address.isEvery == .yes else { continue }
      guard let transport = binding.transport, let finding = finding(owner, inner, transport) else { continue }
      // A stack runs images only; what has none is a part of something.
      if isStack, !finding.isKnown { continue }
      let variant: Variant? = isStack ? .stack : finding.isKnown ? nil : .byPort
      matches.append(match(finding, binding, variant, transport, binding.wayRelated))
    }
    return matches
  }

  // MARK: Published by a Service in front

  private var opened: [Match] {
    let services = context.claims.indices.filter {
      context.claims[$0].role == .service && inventory.opens(inventory.bindings[$0].owner)
    }
    guard !services.isEmpty else { return [] }
    var pods = ReferenceIndex(inventory, context.work.selections)
    return services.compactMap { number in
      let binding = inventory.bindings[number]
      let service = inventory[binding.owner]
      guard binding.effect == .takes, let transport = binding.transport, let selector = service.selected,
        let cluster = service.cluster
      else { return nil }
      let containers = pods.containers(picked: selector, in: service.namespace, of: cluster)
      for container in containers where !inventory.owners[container].isPartial {
        guard let port = pods.port(of: container, behind: binding),
          let finding = finding(container, PortRange(port), transport)
        else { continue }
        let there = Related("\(inventory.owners[container].phrase) runs it", at: inventory.owners[container].place)
        return match(finding, binding, .service, transport, [there])
      }
      return nil
    }
  }

  // MARK: What is open

  private func finding(_ number: Int, _ inner: PortRange, _ transport: TransportProtocol) -> Finding? {
    let owner = inventory.owners[number]
    guard !owner.isPartial else { return nil }
    if transport == .tcp,
      let debugger = DebuggingPort.all(in: owner.startup).first(where: { inner.overlaps(PortRange($0.port)) })
    {
      return Finding(service: debugger.service, port: debugger.port, isKnown: true)
    }
    guard owner.isControlPlane(context.policy) == .no else { return nil }
    let image = owner.image.judgedText.map(ImageName.init)
    if let image, transport == .tcp, inner.isSingle, image.runs(anyOf: ["kafka"]),
      KafkaListeners(owner.startup).areOpen(on: inner.first, image: image)
    {
      return Finding(service: "Kafka's plaintext listener", port: inner.first, isKnown: true)
    }
    let service = exposed.services.first { service in
      guard service.transport == transport, inner.overlaps(PortRange(service.port)) else { return false }
      return image.map { $0.runs(anyOf: service.images) } ?? service.isToldByPort
    }
    guard let service, Authentication(owner.startup).truth(for: service, image: image) == .no else { return nil }
    return Finding(service: service.name, port: service.port, isKnown: image != nil)
  }

  private func match(
    _ finding: Finding, _ binding: Binding, _ variant: Variant?, _ transport: TransportProtocol, _ related: [Related]
  ) -> Match {
    Match(
      variant: variant?.rawValue,
      values: [
        .owner: inventory[binding.owner].phrase, .service: finding.service, .port: "\(finding.port)",
        .protocol: transport.name, .endpoint: "\(finding.port)/\(transport.name)", .address: binding.address.phrase,
        .image: inventory[binding.owner].image.value?.shown ?? "",
      ],
      owner: binding.owner, ports: binding.fixedPorts, transport: transport, place: binding.findingPlace,
      related: related)
  }
}

extension HostAddress {
  /// Whether the address stands for all of the host's.
  fileprivate var isEvery: Truth {
    switch self {
    case .every: .yes
    case .unresolved, .literal(_, nil): .unknown
    case .literal(_, let address?): Truth(address.isUnspecified)
    }
  }
}

extension Fact<ManifestText> {
  /// The text, or as it is written where a variable keeps it open; nothing where nothing is said.
  fileprivate var judgedText: String? {
    switch self {
    case .known(let text, _): text.value
    case .unknown(let text, _): text
    case .absent: nil
    }
  }
}
