import PortModel

/// The relation `misspelt-target`: the host's side of a mapping is the port of the service that the image runs, and the
/// container's side is not.
enum MisspeltTarget {
  static func matches(in context: JudgingContext) -> OutcomeTable<[Match]> {
    let inventory = context.inventory
    // The only mapping of each owner.
    var published: [OwnerID: Int?] = [:]
    for (number, claim) in context.claims.enumerated() where claim.role == .publish && claim.effect == .takes {
      let owner = inventory.bindings[number].owner
      published.updateValue(published[owner] == nil ? number : nil, forKey: owner)
    }
    let matches = published.values.compactMap { number in
      number.flatMap { match(inventory.bindings[$0], context) }
    }
    return [.holds: matches.sorted { $0.place < $1.place }]
  }

  private static func match(_ binding: Binding, _ context: JudgingContext) -> Match? {
    guard case .fixed(let ports, _) = binding.port, ports.isSingle, binding.transport == .tcp,
      let target = binding.target, let targets = target.ports, targets.isSingle, targets != ports
    else { return nil }
    // Hardly any port is that of a service, and that costs less to see than whose an image is.
    let known = context.policy.knownServices.services(at: ports.first).filter { $0.ports.contains(ports.first) }
    if known.isEmpty { return nil }
    let owner = context.inventory[binding.owner]
    // Of a pod's process, what sets its port hardly ever stands in the pod.
    guard owner.format != .kubernetes, let image = owner.image.value,
      let service = known.running(ImageName(image.value)), !service.usual.contains(targets.first), owner.hasKnownPorts,
      !owner.mayBeToldToListen(on: targets.first)
    else { return nil }
    return Match(
      values: [
        .owner: owner.phrase, .image: image.shown, .service: service.name, .port: targets.description,
        .expected: ports.description, .protocol: "tcp", .endpoint: "\(targets)/tcp",
      ],
      owner: binding.owner, ports: ports, transport: binding.transport, place: target.place,
      related: binding.wayRelated(withTarget: true))
  }
}

extension [KnownServices.Service] {
  /// The one that an image runs.
  fileprivate func running(_ image: ImageName) -> KnownServices.Service? {
    first { $0.images.contains(image.path) }
  }
}

extension Owner {
  /// Whether what starts the process names a port, or may name it where it is not seen.
  fileprivate func mayBeToldToListen(on port: UInt16) -> Bool {
    if !startup.unseen.isDisjoint(with: [.build, .configs, .variables, .rest]) { return true }
    // Whoever brings settings or a script may have brought another port.
    return startup.mentions(port) || startup.files.texts.contains { $0.contains("/etc") || $0.contains("conf") }
      || (startup.command.texts + startup.entrypoint.texts).contains { text in
        ["$", ".sh", "conf"].contains { text.contains($0) }
      }
  }
}
