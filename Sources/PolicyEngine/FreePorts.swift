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
    let given = allocations.filter { $0.isOf(transport) }
    let own = given.filter { allocation in owner.map { $0.matches(anyOf: allocation.owners) } ?? false }
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
    open.allocations = []
    let free = open.freePorts(in: range, transport, besides: inventory)
      .subtracting(freePorts(in: range, transport, besides: inventory, owner: owner))
    return allocations.filter { allocation in
      allocation.isOf(transport) && owner.map { $0.matches(anyOf: allocation.owners) } != true
        && !allocation.ports.intersection(free).isEmpty
    }
  }

  /// Which of a claim's ports are surely another's: what `foreign-allocation` reports.
  private func foreignPorts(of binding: Binding, _ owner: Owner) -> PortSet {
    guard let ports = binding.fixedPorts else { return PortSet() }
    var condition = PortCondition()
    condition.included = [.foreign]
    guard case .ports(let foreign, _) = condition.verdict(of: ports, binding.transport, self, owner: owner) else {
      return PortSet()
    }
    // Of a range that one port is picked from, another may be.
    if case .fixed(_, .any) = binding.port, foreign != PortSet(ports) { return PortSet() }
    return foreign
  }

  /// What has become of each allocation.
  package func allocationUses(in inventory: Inventory, rows: [Int]) -> [AllocationUse] {
    allocations.map { allocation in
      var use = AllocationUse(
        ports: allocation.ports, holder: allocation.holder, protocols: allocation.protocols, place: allocation.place)
      for row in rows {
        let binding = inventory.bindings[row]
        guard binding.role == .publish, binding.effect == .takes, let ports = binding.fixedPorts else { continue }
        guard let transport = binding.transport, allocation.isOf(transport) else { continue }
        let taken = PortSet(ports).intersection(allocation.ports)
        guard !taken.isEmpty else { continue }
        let foreign = foreignPorts(of: binding, inventory[binding.owner]).intersection(taken)
        for (ports, isForeign) in [(taken.subtracting(foreign), false), (foreign, true)] where !ports.isEmpty {
          use.claims.append(AllocationUse.Claim(row: row, ports: ports, isForeign: isForeign))
        }
      }
      return use
    }
  }
}
