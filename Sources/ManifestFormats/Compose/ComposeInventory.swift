import PortModel
import SourceText

// What a project that is put together claims.

extension ComposeProject {
  /// Everything that the project claims, and what is wrong with it.
  func inventory(of whole: ComposeFile) -> Inventory {
    var inventory = Inventory()
    inventory.owners.reserveCapacity(whole.services.count)
    let companions = companions(in: whole)
    var ids: [OwnerID] = []
    // Each is looked at in its place, for it is large.
    for number in whole.services.indices {
      ids.append(add(whole.services[number], number, of: whole, companions, to: &inventory))
    }
    inventory.references = references(of: whole, ids)
    inventory.problems += whole.problems + problems + suppressed.problems
    inventory.suppressions = suppressed.suppressions
    return inventory
  }

  private func add(
    _ service: ComposeService, _ number: Int, of whole: ComposeFile, _ companions: [ExactText: Set<ExactText>],
    to inventory: inout Inventory
  ) -> OwnerID {
    var owner = owner(for: service, in: whole)
    owner.companions = companions[service.name.exact] ?? []
    let network = owner.network
    let id = inventory.add(owner)
    let problems =
      service.problems + service.problemsOfTheWhole(isForSwarm: whole.runtime != .docker)
      + (whole.runtime >= .swarm ? service.problemsInSwarm() : [])
    for var problem in problems {
      problem.owner = id
      inventory.problems.append(problem)
    }
    if whole.runtime >= .swarm { reportDroppedAddresses(of: service, id, in: &inventory.problems) }
    publish(service, network, id, runtime: whole.runtime, in: &inventory.bindings)
    expose(service, network, id, number: Int32(number), in: &inventory.bindings)
    return id
  }

  private func owner(for service: ComposeService, in whole: ComposeFile) -> Owner {
    let runtime = whole.runtime
    var owner = Owner(format: .compose, kind: "service", name: service.name, place: service.place)
    owner.image = service.image ?? .absent
    owner.profiles = isStarted(service) ? [] : service.profiles
    if !service.labels.isEmpty {
      owner.labels = Labels(
        service.labels.map { key, fact in
          Labels.Label(key: key.text, value: fact.isUnknown ? nil : fact.value?.value ?? "")
        })
    }
    let network = network(of: service, in: whole)
    owner.network = network?.value ?? .private
    owner.startup = service.startup
    owner.hasKnownPorts = !service.ports.lacksEntries && !service.expose.lacksEntries
    owner.networkPlace = network?.place
    owner.replicas = service.scale ?? service.replicas ?? .absent
    // How many copies Swarm puts on one node is its choice.
    if runtime == .docker, service.isGlobal != true { owner.copies = service.scale ?? service.replicas ?? .absent }
    if runtime >= .swarm {
      owner.placement.isOnEach = service.isGlobal == true
      // There are as many as nodes.
      if service.isGlobal == true { owner.replicas = .unknown("global", at: service.place) }
      owner.placement.nodes = [LabelSelector(service.nodes.requirements)]
      owner.placement.isNarrowed = service.nodes.isNarrowed
      if let first = service.startsFirst, first.value { owner.startsFirst = first.place }
    }
    return owner
  }

  /// Whether the project's own variables turn on a profile of the service's, so that it runs whenever the project does.
  private func isStarted(_ service: ComposeService) -> Bool {
    guard !service.profiles.isEmpty, let names = environment.values["COMPOSE_PROFILES"] else { return false }
    return names.split(separator: ",").contains { name in
      let name = String(name.trimming(" "))
      return name.isExactly("*") || service.profiles.contains { $0.isExactly(name) }
    }
  }

  /// The network that a service chooses, where it is none of its own.
  private func network(of service: ComposeService, in whole: ComposeFile) -> Located<Owner.Network>? {
    if let network = service.network { return network }
    // A swarm publishes ports on a network of its own, whatever others a service joins.
    guard whole.runtime == .docker, !whole.networks.isEmpty else { return nil }
    let names = service.networkNames.isEmpty ? ["default"] : service.networkNames
    let networks = names.map { whole.networks[$0]?.network(called: $0) }
    guard let first = networks[0], networks.allSatisfy({ $0 == first }) else { return nil }
    return Located(first, at: service.networks ?? service.place)
  }

  private func reportDroppedAddresses(of service: ComposeService, _ id: OwnerID, in problems: inout [Problem]) {
    for port in service.ports.entries {
      guard let place = port.addressPlace, case .literal(let text, let address?) = port.binding.address,
        !address.isUnspecified
      else { continue }
      problems.report(.droppedAddress(text, port: port.binding.text), owner: id, at: place)
    }
  }

  private func publish(
    _ service: ComposeService, _ network: Owner.Network, _ id: OwnerID, runtime: ComposeRuntime,
    in all: inout [Binding]
  ) {
    let entries = service.ports.entries
    guard !entries.isEmpty else { return }
    var bindings: [Binding] = []
    bindings.reserveCapacity(entries.count)
    var numbers: [ComposePort.Key: Int] = [:]
    for port in entries {
      var binding = port.binding
      binding.owner = id
      binding.scope = hostScope
      if runtime >= .swarm { publishInSwarm(&binding, isNodesOwn: port.isNodesOwn) }
      switch network {
      case .host, .none, .isolated: binding.effect = .ignored
      case .shared, .sharedOutside: binding.effect = .refused
      case .private, .unknown: break
      }
      bindings.append(binding)
      // Swarm keeps all entries, and refuses two of one port (swarmkit `controlapi/service.go`).
      if entries.count == 1 || runtime == .swarmAlone { continue }
      // Of entries that say the same, Compose keeps one: the later in the place of the earlier.
      if let earlier = numbers.updateValue(bindings.count - 1, forKey: port.key) {
        bindings[earlier].effect = .superseded
      }
    }
    // A number stays another text than the numbers that a range is taken apart into.
    if runtime < .swarmAlone {
      let texts = entries.indices.filter { !entries[$0].key.isNumber }
      supersedeRepeatedMappings(among: texts, of: &bindings)
    }
    if network == .host { bindings += bindings.compactMap(\.listenedOnHost) }
    all += bindings
  }

  /// Swarm's routing mesh takes a port on every node, and a range for one container port wholly (docker/cli
  /// `opts/swarmopts/port.go`, swarmkit `controlapi/service.go`).
  private func publishInSwarm(_ binding: inout Binding, isNodesOwn: Bool) {
    binding.scope.model = .swarm
    if !isNodesOwn { binding.nodes = .everywhere }
    if let ports = binding.fixedPorts { binding.port = .fixed(ports, .all) }
  }

  private func expose(
    _ service: ComposeService, _ network: Owner.Network, _ id: OwnerID, number: Int32, in bindings: inout [Binding]
  ) {
    var seen: Set<ExposedPort> = []
    for var binding in service.expose.entries {
      binding.owner = id
      let own = Scope(.networkNamespace, .manifest(file.id, part: number + 1), .docker)
      binding.scope = network == .host ? hostScope : own
      switch network {
      case .shared, .sharedOutside: binding.effect = .refused
      case .host, .none, .isolated, .private, .unknown: break
      }
      if network == .host, isRunByUser(service), let ports = binding.fixedPorts, ports.first < 1024 {
        binding.privilege = .missing
      }
      // The daemon keeps a set of what is exposed.
      if binding.fixedPorts != nil, !seen.insert(ExposedPort(port: binding.port, transport: binding.transport)).inserted
      {
        binding.effect = .superseded
      }
      bindings.append(binding)
    }
  }

  private struct ExposedPort: Hashable {
    var port: Binding.PortClaim
    var transport: TransportProtocol?
  }

  /// Whether the service's process is shown to be neither root's nor allowed to bind ports below 1024. Docker lowers
  /// that limit for networks of its own, but not for the host's.
  private func isRunByUser(_ service: ComposeService) -> Bool {
    guard let user = service.user?.value?.value, !service.mayBindReservedPorts else { return false }
    let name = user.prefix { $0 != ":" }
    return !(name.isEmpty || name == "root" || UInt32(name) == 0)
  }

  private var hostScope: Scope {
    Scope(.host, .manifest(file.id, part: 0), .docker)
  }
}

extension Binding {
  /// What the container listens on where a mapping has no effect, for its ports are the host's own.
  fileprivate var listenedOnHost: Binding? {
    guard effect == .ignored, let target, let ports = target.ports else { return nil }
    var binding = Binding(
      owner: owner, role: .listen, scope: scope, address: .every, port: .fixed(ports, .all), transport: transport,
      place: target.place, entry: entry, text: ports.description)
    binding.ways = ways
    binding.layer = layer
    return binding
  }
}
