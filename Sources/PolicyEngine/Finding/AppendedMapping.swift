import PortModel

/// The relation `appended-mapping`: a later layer of a project publishes container ports that an earlier one publishes on
/// other ports of the host, and both stay.
enum AppendedMapping {
  private struct Key: Comparable {
    var owner: OwnerID
    var transport: TransportProtocol

    static func < (a: Key, b: Key) -> Bool {
      (a.owner.index, a.transport.name) < (b.owner.index, b.transport.name)
    }
  }

  static func matches(in context: JudgingContext) -> OutcomeTable<[Match]> {
    let (inventory, work) = (context.inventory, context.work)
    let claims = context.claims
    func isPublished(_ number: Int) -> Bool { claims[number].role == .publish && claims[number].effect == .takes }
    // Hardly any project has layers, and then most of its services have one.
    let owners = Set(
      claims.indices.lazy.filter { isPublished($0) && inventory.layer(of: $0) > 0 }.map { inventory.bindings[$0].owner }
    )
    if owners.isEmpty { return [:] }
    let published = Groups(claims.indices) { number -> Key? in
      guard isPublished(number), claims[number].ports != nil, claims[number].inner != nil,
        owners.contains(inventory.bindings[number].owner), let transport = inventory.bindings[number].transport
      else { return nil }
      return Key(owner: inventory.bindings[number].owner, transport: transport)
    }
    var matches: [Match] = []
    for (_, numbers) in published.all where numbers.count > 1 {
      let sorted = numbers.sorted { inventory.bindings[$0].standing < inventory.bindings[$1].standing }
      let mappings = sorted.compactMap { Mapping(inventory.bindings[$0], number: $0) }
      for (later, earlier) in mappingsBefore(each: mappings, work) {
        guard let appended = mappings[later].appended(to: earlier.map { mappings[$0] }) else { continue }
        matches.append(match(appended, in: inventory))
      }
      if work.pairs.larger > work.mostPairs {
        work.stop(.pairs(work.mostPairs), at: inventory.bindings[sorted[0]].findingPlace)
        break
      }
    }
    return [.holds: matches]
  }

  /// For each mapping, those before it that lead to some of its ports, in their order.
  private static func mappingsBefore(
    each mappings: [Mapping], _ work: JudgingWork
  ) -> [(later: Int, earlier: [Int])] {
    var before = [[Int]](repeating: [], count: mappings.count)
    var open: [Int] = []
    for number in mappings.indices.sorted(by: { mappings[$0].targets < mappings[$1].targets }) {
      open.removeAll { mappings[$0].targets.last < mappings[number].targets.first }
      for other in open { before[max(number, other)].append(min(number, other)) }
      work.pairs.judged += open.count
      if work.pairs.larger > work.mostPairs { break }
      open.append(number)
    }
    return before.enumerated().map { ($0.offset, $0.element.sorted()) }
  }

  private static func match(_ appended: Appended, in inventory: Inventory) -> Match {
    let (binding, first) = (inventory.bindings[appended.number], inventory.bindings[appended.first])
    let theirs = appended.theirs.description
    return Match(
      values: [
        .owner: inventory[binding.owner].phrase, .port: appended.ports.description,
        .protocol: binding.transport?.name ?? "",
        .endpoint: endpointPhrase(appended.ports, binding.transport) ?? binding.text,
        .expected: appended.targets.description, .theirs: theirs,
      ],
      owner: binding.owner, ports: appended.ports, transport: binding.transport, place: binding.findingPlace,
      related: [Related("published on \(theirs) here", at: first.findingPlace)] + binding.wayRelated)
  }
}

/// What a mapping adds to an earlier one.
private struct Appended {
  /// Their numbers in the inventory.
  var number: Int
  var first: Int
  /// The container's ports that both publish, and where each does.
  var targets: PortRange
  var ports: PortRange
  var theirs: PortRange
}

private struct Mapping {
  /// In the inventory.
  var number: Int
  var layer: Int32
  var ports: PortRange
  var targets: PortRange

  init?(_ binding: Binding, number: Int) {
    guard let ports = binding.fixedPorts, let targets = binding.target?.ports else { return nil }
    self.number = number
    self.ports = ports
    self.targets = targets
    layer = binding.layer
  }

  /// The host's ports that lead to a part of the container's.
  private func ports(leadingTo part: PortRange) -> PortRange {
    guard !targets.isSingle, targets.count == ports.count else { return ports }
    let first = ports.first + (part.first - targets.first)
    return PortRange(first, through: first + (part.last - part.first)) ?? ports
  }

  /// What it adds to the first of earlier mappings that it says something else than; nothing where one of them says the
  /// same, whatever its address.
  func appended(to earlier: [Mapping]) -> Appended? {
    var first: Appended?
    for other in earlier {
      guard let common = targets.intersection(other.targets) else { continue }
      let (ours, theirs) = (ports(leadingTo: common), other.ports(leadingTo: common))
      if ours.overlaps(theirs) { return nil }
      if first == nil, other.layer < layer {
        first = Appended(number: number, first: other.number, targets: common, ports: ours, theirs: theirs)
      }
    }
    return first
  }
}
