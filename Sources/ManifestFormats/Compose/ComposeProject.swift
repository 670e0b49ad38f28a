import PortModel
import SourceText
import SourceYAML

/// Assembles one project: its files merged in their order, what they include, and what their services extend.
struct ComposeProject {
  private let file: SourceFile
  private let environment: ComposeEnvironment
  private let supplied: SuppliedFiles
  /// The files that turned out to be needed and have not been supplied.
  private var wanted: [String] = []
  /// The files that are parts of this project and no projects themselves.
  private var parts: Set<String> = []
  /// What is wrong with the project as a whole.
  private var problems: [Problem] = []
  /// What the project's other files silence.
  private var suppressed = Inventory()

  init(file: SourceFile, environment: ComposeEnvironment, supplied: SuppliedFiles) {
    self.file = file
    self.environment = environment
    self.supplied = supplied
  }

  /// Puts the project together from the documents of its first file.
  mutating func assemble(_ first: [ComposeFile], overrides: [String]) -> ComposeOutcome {
    // Paths count from the project's folder, in the overrides too.
    let home = Home(folder: file.folder, environment: environment)
    var whole = resolved(first, of: file, home, chain: [file.path])
    for path in overrides {
      guard let other = supply(path), let other else { continue }
      whole.merge(resolved(lower(other, environment), of: other, home, chain: [file.path, path]))
    }
    guard wanted.isEmpty else { return .needs(wanted) }
    checkSharedNetworks(of: &whole)
    checkCopies(of: &whole)
    checkLists(of: &whole)
    return .project(inventory(of: whole), parts: parts.subtracting([file.path]))
  }

  /// The file at a path: an outer nothing when it has to be asked for first, an inner one when there is none.
  private mutating func supply(_ path: String) -> SourceFile?? {
    if path == file.path { return .some(file) }
    guard let answer = supplied[path] else {
      wanted.append(path)
      return nil
    }
    return .some(answer)
  }

  /// Lowers the documents of a file that is not the project's first.
  private mutating func lower(_ file: SourceFile, _ environment: ComposeEnvironment) -> [ComposeFile] {
    var lowering = ComposeLowering(file: file, environment: environment)
    var result: [ComposeFile] = []
    let outcome = readYAML(file, keepingCommentsWith: "portlint:") { document in
      // The file may not be one of the run's own, and then nobody else reads what it silences.
      readSuppressions(of: document, in: file, into: &suppressed)
      result.append(lowering.lower(document))
    }
    if let failure = outcome.failure { problems.append(Problem(failure)) }
    return result
  }
}

// MARK: - include and extends

extension ComposeProject {
  /// What a project gives to its files: where their paths count from, and their variables.
  private struct Home {
    var folder: String
    var environment: ComposeEnvironment
  }

  /// A file's documents, each with its services' bases and its includes brought in, merged in their order.
  ///
  /// - Parameter chain: The files on the way to this one, to find circles.
  private mutating func resolved(
    _ documents: [ComposeFile], of file: SourceFile, _ home: Home, chain: [String]
  ) -> ComposeFile {
    var whole = ComposeFile()
    for document in documents { whole.merge(resolved(document, of: file, home, chain: chain)) }
    return whole
  }

  private mutating func resolved(
    _ lowered: ComposeFile, of file: SourceFile, _ home: Home, chain: [String]
  ) -> ComposeFile {
    var result = ComposeFile()
    for include in lowered.includes {
      for service in included(include, home, chain: chain) {
        // Two ways may lead to one file.
        if result.services.contains(where: { $0.name == service.name && $0.place == service.place }) { continue }
        var one = ComposeFile()
        one.services = [service.arriving(WayIn(.include, at: include.place))]
        result.merge(one)
      }
    }
    // A service may extend one that the file includes.
    var view = result
    view.merge(lowered)
    var own = lowered
    own.includes = []
    for index in own.services.indices {
      let key = ServiceKey(path: file.path, name: own.services[index].name)
      own.services[index] = extended(own.services[index], in: view, of: file, home, chain: [key])
    }
    result.merge(own)
    result.removed = lowered.removed
    return result
  }

  private mutating func included(_ include: ComposeInclude, _ home: Home, chain: [String]) -> [ComposeService] {
    let paths = include.paths.map { resolvedPath($0, from: home.folder) }
    let directory = include.projectDirectory.map { resolvedPath($0, from: home.folder) + "/" }
    var inner = Home(folder: directory ?? paths.first?.folderPath ?? "", environment: home.environment)
    let environmentFiles =
      include.environmentFiles.isEmpty
      ? [inner.folder + ".env"] : include.environmentFiles.map { resolvedPath($0, from: home.folder) }
    inner.environment.add(environmentFiles.compactMap { supply($0) ?? nil })
    var whole = ComposeFile()
    for path in paths {
      if chain.contains(path) {
        problems.append(Problem(.brokenInclude(.circle(path)), at: include.place))
        continue
      }
      parts.insert(path)
      guard let other = supply(path) else { continue }
      guard let other else {
        problems.append(Problem(.brokenInclude(.missingFile(path)), at: include.place))
        continue
      }
      whole.merge(resolved(lower(other, inner.environment), of: other, inner, chain: chain + [path]))
    }
    problems += whole.problems
    return whole.services
  }

  private struct ServiceKey: Hashable {
    var path: String
    var name: String
  }

  /// A service laid over the one that it extends.
  private mutating func extended(
    _ service: ComposeService, in lowered: ComposeFile, of file: SourceFile, _ home: Home, chain: [ServiceKey]
  ) -> ComposeService {
    guard let extends = service.extends else { return service }
    func broken(_ cause: Problem.BrokenInclude) -> ComposeService {
      var service = service
      service.problems.append(Problem(.brokenInclude(cause), at: extends.place))
      return service
    }
    var baseHome = home
    var baseView = lowered
    var baseFile = file
    if let written = extends.file {
      let path = resolvedPath(written, from: home.folder)
      guard let other = supply(path) else { return service }
      guard let other else { return broken(.missingFile(path)) }
      baseFile = other
      // A file that Docker would pick is a project too, one whose services others extend.
      if !ComposeLayout.mainNames.contains(String(path.fileName)) { parts.insert(path) }
      baseHome.folder = other.folder
      baseView = other.path == file.path ? lowered : ComposeFile(merging: lower(other, home.environment))
    }
    let key = ServiceKey(path: baseFile.path, name: extends.service)
    guard !chain.contains(key) else { return broken(.circle(extends.service)) }
    guard let base = baseView.services.first(where: { $0.name == extends.service }) else {
      return broken(.missingService(extends.service, file: extends.file))
    }
    var whole = extended(base, in: baseView, of: baseFile, baseHome, chain: chain + [key])
    whole = whole.arriving(WayIn(.extends, at: extends.place))
    // What the base takes the place of in earlier files is its own.
    whole.cleared = []
    whole.ports.replaces = false
    whole.expose.replaces = false
    whole.name = service.name
    // What is wrong with a service of the same file is said of that service; a circle is nobody's alone.
    if baseFile.path == file.path { whole.problems.removeAll { !$0.cause.isCircle } }
    return whole.overlaid(by: service)
  }

  /// Compose refuses a service that says two numbers of copies (compose-go `loader/validate.go`).
  private func checkCopies(of whole: inout ComposeFile) {
    for index in whole.services.indices {
      guard case .known(let scale, let place)? = whole.services[index].scale else { continue }
      guard case .known(let replicas, let other)? = whole.services[index].replicas, scale != replicas else { continue }
      let related = [Related("\(replicas) are asked for here", at: other)]
      let cause = Problem.Cause.invalidCombination("\(scale)", .scaleAndReplicas)
      whole.services[index].problems.append(Problem(cause, at: place, related: related))
    }
  }

  /// Compose refuses a list of which no file says anything but the key (compose-go `schema/compose-spec.json`).
  private func checkLists(of whole: inout ComposeFile) {
    for index in whole.services.indices {
      let service = whole.services[index]
      let ports = service.ports.isWritten ? nil : service.ports.bareKey.map { ("ports", $0) }
      let expose = service.expose.isWritten ? nil : service.expose.bareKey.map { ("expose", $0) }
      whole.services[index].problems += [ports, expose].compactMap(\.self).map { field, place in
        Problem(.invalidPort(.empty(field: field)), at: place)
      }
    }
  }

  private func checkSharedNetworks(of whole: inout ComposeFile) {
    let names = Set(whole.services.map(\.name))
    for index in whole.services.indices {
      guard let network = whole.services[index].network, case .shared(let other) = network.value else { continue }
      if names.contains(other) { continue }
      whole.services[index].problems.append(
        Problem(.brokenInclude(.missingNetworkService(other)), at: network.place))
    }
  }
}

// MARK: - The inventory

extension ComposeProject {
  private func inventory(of whole: ComposeFile) -> Inventory {
    var inventory = Inventory()
    for (number, service) in whole.services.enumerated() {
      let owner = owner(for: service, runtime: whole.runtime)
      let id = inventory.add(owner)
      inventory.problems += service.problems.map { problem in
        var problem = problem
        problem.owner = id
        return problem
      }
      inventory.bindings += published(service, owner, id, runtime: whole.runtime)
      inventory.bindings += exposed(service, owner, id, number: Int32(number))
    }
    inventory.problems += whole.problems + problems + suppressed.problems
    inventory.suppressions = suppressed.suppressions
    return inventory
  }

  private func owner(for service: ComposeService, runtime: ComposeRuntime) -> Owner {
    var owner = Owner(format: .compose, kind: "service", name: service.name, place: service.place)
    owner.image = service.image ?? .absent
    owner.profiles = service.profiles
    owner.labels = service.labels.compactMapValues { $0.isUnknown ? nil : $0.value ?? "" }
    owner.openLabels = Set(service.labels.filter { $0.value.isUnknown }.keys)
    owner.network = service.network?.value ?? .private
    owner.isAuthenticated = service.isAuthenticated ?? .no
    owner.networkPlace = service.network?.place
    owner.replicas = service.scale ?? service.replicas ?? .absent
    // How many copies Swarm puts on one node is its choice.
    if runtime == .docker, service.isGlobal != true { owner.copies = service.scale ?? service.replicas ?? .absent }
    if runtime == .swarm {
      owner.placement.isOnEach = service.isGlobal == true
      owner.placement.isNarrowed = service.isKeptFromNodes == true
    }
    return owner
  }

  private func published(
    _ service: ComposeService, _ owner: Owner, _ id: OwnerID, runtime: ComposeRuntime
  ) -> [Binding] {
    var bindings: [Binding] = []
    var numbers: [ComposePort.Key: Int] = [:]
    for port in service.ports.entries {
      var binding = port.binding
      binding.owner = id
      binding.scope = hostScope
      if runtime == .swarm { publishInSwarm(&binding, isNodesOwn: port.isNodesOwn) }
      switch owner.network {
      case .host, .none: binding.effect = .ignored
      case .shared, .sharedOutside: binding.effect = .refused
      case .private, .unknown: break
      }
      bindings.append(binding)
      // Of entries that say the same, Compose keeps one: the later in the place of the earlier.
      if let earlier = numbers.updateValue(bindings.count - 1, forKey: port.key) {
        bindings[earlier].effect = .superseded
      }
    }
    supersedeWithinRanges(&bindings)
    return bindings
  }

  /// Swarm's routing mesh takes a port on every node, and a range for one container port wholly (docker/cli
  /// `opts/swarmopts/port.go`, swarmkit `controlapi/service.go`).
  private func publishInSwarm(_ binding: inout Binding, isNodesOwn: Bool) {
    binding.scope.model = .swarm
    if !isNodesOwn { binding.nodes = .everywhere }
    if let ports = binding.fixedPorts { binding.port = .fixed(ports, .all) }
  }

  /// Compose takes ranges apart before it drops what is said twice, so what an entry says of another's range counts
  /// once, for the later entry where they share a part of both.
  private func supersedeWithinRanges(_ bindings: inout [Binding]) {
    guard bindings.contains(where: \.mapsRange) else { return }
    var groups: [MappingGroup: [(index: Int, first: UInt16)]] = [:]
    for index in bindings.indices where bindings[index].effect == .takes {
      guard let group = MappingGroup(bindings[index]), let first = bindings[index].target?.ports?.first else {
        continue
      }
      groups[group, default: []].append((index, first))
    }
    for group in groups.values.sorted(by: { $0[0].index < $1[0].index }) {
      let entries = group.sorted { ($0.first, $0.index) < ($1.first, $1.index) }
      for (number, entry) in entries.enumerated() {
        for other in entries[(number + 1)...] {
          guard let last = bindings[entry.index].target?.ports?.last, other.first <= last else { break }
          settle(min(entry.index, other.index), max(entry.index, other.index), in: &bindings)
        }
      }
    }
  }

  /// Lets the ports that two entries map alike count once.
  private func settle(_ earlier: Int, _ later: Int, in bindings: inout [Binding]) {
    guard bindings[earlier].effect == .takes, bindings[later].effect == .takes else { return }
    guard let targets = bindings[earlier].target?.ports, let laterTargets = bindings[later].target?.ports else {
      return
    }
    guard targets != laterTargets, let common = targets.intersection(laterTargets) else { return }
    if common == laterTargets {
      bindings[later].effect = .superseded
    } else if common == targets {
      bindings[earlier].effect = .superseded
    } else {
      var shared = bindings[earlier].narrowed(to: common)
      shared.effect = .superseded
      bindings[earlier] = bindings[earlier].without(common)
      bindings.append(shared)
    }
  }

  private func exposed(_ service: ComposeService, _ owner: Owner, _ id: OwnerID, number: Int32) -> [Binding] {
    var seen: Set<ExposedPort> = []
    return service.expose.entries.map { binding in
      var binding = binding
      binding.owner = id
      let own = Scope(.networkNamespace, .manifest(file.id, part: number + 1), .docker)
      binding.scope = owner.network == .host ? hostScope : own
      switch owner.network {
      case .shared, .sharedOutside: binding.effect = .refused
      case .host, .none, .private, .unknown: break
      }
      if owner.network == .host, isRunByUser(service), let ports = binding.fixedPorts, ports.first < 1024 {
        binding.privilege = .missing
      }
      // The daemon keeps a set of what is exposed.
      if binding.fixedPorts != nil, !seen.insert(ExposedPort(port: binding.port, transport: binding.transport)).inserted
      {
        binding.effect = .superseded
      }
      return binding
    }
  }

  private struct ExposedPort: Hashable {
    var port: Binding.PortClaim
    var transport: TransportProtocol?
  }

  /// Whether the service's process is shown to be neither root's nor allowed to bind ports below 1024. Docker lowers
  /// that limit for networks of its own, but not for the host's.
  private func isRunByUser(_ service: ComposeService) -> Bool {
    guard let user = service.user?.value, service.mayBindReservedPorts != true else { return false }
    let name = user.prefix { $0 != ":" }
    return !(name.isEmpty || name == "root" || UInt32(name) == 0)
  }

  private var hostScope: Scope {
    Scope(.host, .manifest(file.id, part: 0), .docker)
  }
}

extension Binding {
  /// Whether the entry counts, and says several mappings.
  fileprivate var mapsRange: Bool {
    effect == .takes && target?.ports.map { !$0.isSingle } ?? false
  }

  /// What the entry says of `targets`, a part of its own.
  fileprivate func narrowed(to targets: PortRange) -> Binding {
    var part = self
    part.target?.ports = targets
    if let own = target?.ports, let ports = fixedPorts {
      let first = ports.first + (targets.first - own.first)
      part.port = PortRange(first, through: first + (targets.last - targets.first)).map { .fixed($0, .all) } ?? port
    }
    return part
  }

  /// What the entry says of its other ports, where `targets` begin or end its own.
  fileprivate func without(_ targets: PortRange) -> Binding {
    guard let own = target?.ports else { return self }
    let below = targets.first > own.first ? PortRange(own.first, through: targets.first - 1) : nil
    let rest = below ?? PortRange(targets.last + 1, through: own.last)
    return rest.map(narrowed) ?? self
  }
}

/// What mappings have in common that differ in nothing but their ports.
private struct MappingGroup: Hashable {
  var transport: TransportProtocol?
  var address: String
  /// By how much the host's ports are above the container's; nothing where the system picks them.
  var offset: Int?

  /// The group of an entry that maps each of its ports to one of its own.
  init?(_ binding: Binding) {
    guard let targets = binding.target?.ports else { return nil }
    switch binding.port {
    case .dynamic: break
    case .fixed(let ports, .all) where ports.count == targets.count: offset = Int(ports.first) - Int(targets.first)
    case .fixed, .unresolved: return nil
    }
    transport = binding.transport
    // Compose takes no address for this one.
    address = binding.address == .every ? "0.0.0.0" : binding.address.phrase
  }
}

extension Problem.Cause {
  fileprivate var isCircle: Bool {
    if case .brokenInclude(.circle) = self { true } else { false }
  }
}
