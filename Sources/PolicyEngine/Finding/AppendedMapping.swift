import PortModel

/// The relation `appended-mapping`: a later layer of a project publishes container ports that an earlier one publishes on
/// other ports of the host, and both stay.
enum AppendedMapping {
  private struct Key: Comparable {
    var owner: OwnerID
    var targets: PortRange
    var transport: TransportProtocol

    static func < (a: Key, b: Key) -> Bool {
      (a.owner.index, a.targets, a.transport.name) < (b.owner.index, b.targets, b.transport.name)
    }
  }

  static func matches(in context: JudgingContext) -> OutcomeTable<[Match]> {
    let inventory = context.inventory
    let claims = context.claims
    func isPublished(_ number: Int) -> Bool { claims[number].role == .publish && claims[number].effect == .takes }
    // Hardly any project has layers, and then most of its services have one.
    let owners = Set(
      claims.indices.lazy.filter { isPublished($0) && inventory.layer(of: $0) > 0 }.map { inventory.bindings[$0].owner }
    )
    if owners.isEmpty { return [:] }
    let mappings = Groups(claims.indices) { number -> Key? in
      guard isPublished(number), claims[number].ports != nil, let targets = claims[number].inner,
        owners.contains(inventory.bindings[number].owner), let transport = inventory.bindings[number].transport
      else { return nil }
      return Key(owner: inventory.bindings[number].owner, targets: targets, transport: transport)
    }
    var matches: [Match] = []
    for (key, numbers) in mappings.all {
      let sorted = numbers.sorted { inventory.bindings[$0].standing < inventory.bindings[$1].standing }
      guard let first = sorted.first.map({ inventory.bindings[$0] }), let theirs = first.fixedPorts else { continue }
      var known: Set<PortRange> = []
      for number in sorted {
        let binding = inventory.bindings[number]
        // What is said again is no other mapping, whatever its address.
        guard let ports = binding.fixedPorts, known.insert(ports).inserted, binding.layer > first.layer,
          !ports.overlaps(theirs)
        else { continue }
        matches.append(match(binding, ports, beside: first, key.targets, in: inventory))
      }
    }
    return [.holds: matches]
  }

  private static func match(
    _ binding: Binding, _ ports: PortRange, beside first: Binding, _ targets: PortRange, in inventory: Inventory
  ) -> Match {
    let theirs = first.fixedPorts?.description ?? first.text
    return Match(
      values: [
        .owner: inventory[binding.owner].phrase, .port: ports.description, .protocol: binding.transport?.name ?? "",
        .endpoint: endpointPhrase(ports, binding.transport) ?? binding.text, .expected: targets.description,
        .theirs: theirs,
      ],
      owner: binding.owner, ports: ports, transport: binding.transport, place: binding.findingPlace,
      related: [Related("published on \(theirs) here", at: first.findingPlace)] + binding.wayRelated)
  }
}
