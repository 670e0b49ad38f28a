import PortModel

extension Policy {
  /// The ports that a new service may take without anybody minding: no manifest claims them on a host or a node, no
  /// allocation gives them to another, no service owns them, no system hands them out, and browsers open them.
  ///
  /// - Parameters:
  ///   - range: Where to look; without it, above what is reserved for standard servers and for users' own programs.
  ///   - owner: The owner that wants one: its own allocations are open to it, and only to it.
  package func freePorts(
    in range: PortSet?, _ transport: TransportProtocol, besides inventory: Inventory, owner: String? = nil
  ) -> PortSet {
    let claimed = inventory.bindings.filter { binding in
      binding.role == .publish && (binding.transport ?? transport) == transport
    }
    let lower = ["reserved", "user-reserved"].compactMap { ranges[$0] }.reduce(PortSet(PortRange(0))) { $0.union($1) }
    var free = (range ?? PortSet.all.subtracting(lower)).subtracting(PortSet(PortRange(0)))
    free = free.subtracting(PortSet(claimed.compactMap(\.fixedPorts)))
    for name in ["ephemeral", "node-port"] { free = free.subtracting(ranges[name] ?? PortSet()) }
    free = free.subtracting(services.registered(in: free, transport))
    for name in ["platform-held", "browser-blocked", "control-plane"] {
      guard let table = tables[name] else { continue }
      free = free.subtracting(table.ports(of: free, transport, on: platform))
    }
    let given = allocations.all.filter { $0.isOf(transport) }
    let work = WorkMeter(most: .max)
    let own = given.filter { allocation in owner.map { $0.matches(anyOf: allocation.owners, work) } ?? false }
    let others = PortSet(given.flatMap(\.ports.runs)).subtracting(PortSet(own.flatMap(\.ports.runs)))
    free = free.subtracting(others)
    // Whoever has ports of its own takes them from there.
    return own.isEmpty || range != nil ? free : free.intersection(PortSet(own.flatMap(\.ports.runs)))
  }

  /// The allocations to others without which more ports of a range would be free.
  package func allocationsKeeping(
    _ range: PortSet?, _ transport: TransportProtocol, from owner: String?, besides inventory: Inventory
  ) -> [Allocation] {
    var open = self
    open.allocations = Allocations([])
    let free = open.freePorts(in: range, transport, besides: inventory)
      .subtracting(freePorts(in: range, transport, besides: inventory, owner: owner))
    let work = WorkMeter(most: .max)
    return allocations.all.filter { allocation in
      allocation.isOf(transport) && owner.map { $0.matches(anyOf: allocation.owners, work) } != true
        && !allocation.ports.intersection(free).isEmpty
    }
  }

  /// Which of a claim's ports are surely another's: what `foreign-allocation` reports.
  private func foreignPorts(of binding: Binding, _ owner: Owner, _ work: WorkMeter) -> PortSet {
    guard let ports = binding.fixedPorts else { return PortSet() }
    let condition = PortCondition(included: [.foreign])
    guard case .ports(let foreign, _) = condition.verdict(of: ports, binding.transport, self, work, owner: owner) else {
      return PortSet()
    }
    // Of a range that one port is picked from, another may be.
    if case .fixed(_, .any) = binding.port, foreign != PortSet(ports) { return PortSet() }
    return foreign
  }

  /// What has become of each allocation; nothing where telling it takes more than `work` may.
  package func allocationUses(
    in inventory: Inventory, rows: [Int], _ work: WorkMeter = WorkMeter(most: JudgingLimits().conditions)
  ) -> [AllocationUse]? {
    var uses = allocations.all.map { allocation in
      AllocationUse(
        ports: allocation.ports, holder: allocation.holder, protocols: allocation.protocols, place: allocation.place)
    }
    for row in rows {
      let binding = inventory.bindings[row]
      guard binding.role == .publish, binding.effect == .takes, let ports = binding.fixedPorts else { continue }
      guard let transport = binding.transport else { continue }
      let runs = allocations.overlapping(ports).filter { allocations.all[$0.number].isOf(transport) }
      if runs.isEmpty { continue }
      let foreign = foreignPorts(of: binding, inventory[binding.owner], work)
      work.take(10 * runs.count)
      if work.isSpent { return nil }
      var start = 0
      while start < runs.count {
        let number = runs[start].number
        let end = runs[start...].firstIndex { $0.number != number } ?? runs.count
        let taken = PortSet(ports).intersection(PortSet(runs[start..<end].map(\.ports)))
        let theirs = foreign.intersection(taken)
        for (ports, isForeign) in [(taken.subtracting(theirs), false), (theirs, true)] where !ports.isEmpty {
          uses[number].claims.append(AllocationUse.Claim(row: row, ports: ports, isForeign: isForeign))
        }
        start = end
      }
    }
    return uses
  }
}
