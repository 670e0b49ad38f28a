import PortModel
import SourceText

/// What the documents of one Compose file say, lowered to values: merging, including and extending work on these, and
/// nothing of them hangs on the YAML.
struct ComposeFile: Sendable {
  /// The services, in the order of the text, each once.
  var services: [ComposeService] = []
  var includes: [ComposeInclude] = []
  /// Whether it includes what cannot be looked at.
  var lacksIncludes = false
  /// Shell's patterns of the files that it includes through variables, from the project's folder; `*` stands for slashes
  /// too.
  var openIncludes: [String] = []
  /// The services that earlier files have and this one takes out with `!reset`.
  var removed: [String] = []
  /// Whether a tag takes out every service that earlier files have.
  var removesAll = false
  var runtime = ComposeRuntime.docker
  /// The project's networks that it says something of.
  var networks: [ExactText: ComposeNetwork] = [:]
  /// What is wrong outside the services.
  var problems: [Problem] = []

  /// - Parameter files: The files, or the documents of one, of which each is laid over those before it.
  init(merging files: [ComposeFile] = []) {
    // What is taken out later is not put in first, so that it is not looked for again and again.
    var removals: [ExactText: Int] = [:]
    var lastRemovalOfAll = 0
    for (number, file) in files.enumerated() {
      if file.removesAll { lastRemovalOfAll = number }
      for name in file.removed { removals[name.exact] = number }
    }
    for (number, file) in files.enumerated() {
      var file = file
      if number < lastRemovalOfAll { file.services = [] }
      if !removals.isEmpty { file.services.removeAll { removals[$0.name.exact].map { number < $0 } ?? false } }
      add(file)
    }
  }

  private var numbers = ServiceNumbers()

  /// Adds what the file says of a service: over what it says of it already.
  mutating func add(_ service: consuming ComposeService) {
    if let index = numbers.number(of: service.name, in: services) {
      services[index].overlay(service)
    } else {
      numbers.add(service.name, services.count)
      services.append(service)
    }
  }

  /// Lays a later file of the same project over this one.
  mutating func merge(_ later: ComposeFile) {
    if later.removesAll || !later.removed.isEmpty {
      let removed = Set(later.removed.map(\.exact))
      services.removeAll { later.removesAll || removed.contains($0.name.exact) }
      numbers = ServiceNumbers()
    }
    add(later)
  }

  /// Adds all that a later file says, but for what it takes out.
  private mutating func add(_ later: ComposeFile) {
    removesAll = removesAll || later.removesAll
    removed += later.removed
    if services.isEmpty {
      services = later.services
    } else {
      for service in later.services { add(service) }
    }
    includes += later.includes
    runtime = max(runtime, later.runtime)
    networks.merge(later.networks) { $0.overlaid(by: $1) }
    problems += later.problems
  }
}

extension [ComposeFile] {
  /// Each a layer over those before it.
  func layered() -> [ComposeFile] {
    guard count > 1 else { return self }
    var next: Int32 = 0
    return map { file in
      var file = file
      for index in file.services.indices { file.services[index].raise(by: next) }
      next = Swift.max(next, file.services.lazy.map(\.topLayer).max() ?? 0) + 1
      return file
    }
  }
}

/// Finds services by their names: a few by looking at each, which is faster than a dictionary.
private struct ServiceNumbers: Sendable {
  private static let few = 8
  private var numbers: [ExactText: Int] = [:]
  /// How many services the dictionary was made of.
  private var count = 0

  mutating func number(of name: String, in services: [ComposeService]) -> Int? {
    if services.count <= ServiceNumbers.few { return services.indices.first { services[$0].name.isExactly(name) } }
    if count != services.count {
      numbers = Dictionary(zip(services.map(\.name.exact), services.indices), uniquingKeysWith: { first, _ in first })
      count = services.count
    }
    return numbers[name.exact]
  }

  /// Takes notice of a service that is about to be added behind `number` others.
  mutating func add(_ name: String, _ number: Int) {
    guard count == number, count > 0 else { return }
    numbers[name.exact] = number
    count += 1
  }
}

/// Who seems to run a project.
enum ComposeRuntime: Comparable, Sendable {
  /// Compose, on one host.
  case docker
  /// Swarm, if it is not Compose: how many copies share a host is not known.
  case perhapsSwarm
  /// Swarm: the file says what nothing else heeds.
  case swarm
  /// Swarm and nothing else: the file's name says so too.
  case swarmAlone
}

/// A service as one file, or several merged, describe it. What a file does not speak of is nothing here, so that a
/// later file's silence leaves an earlier one's word alone.
struct ComposeService: Sendable {
  var name: String
  /// Where the service is named.
  var place: SourceRange
  var image: Fact<ManifestText>?
  /// Whether it says what runs, be it in another file.
  var saysWhatRuns = false
  var profiles: [String] = []
  /// The values of labels; none where a variable stands for one.
  var labels: [ExactText: Fact<ManifestText>] = [:]
  var network: Located<Owner.Network>?
  /// Where `networks` names at least one.
  var networks: SourceRange?
  /// The names that stand there.
  var networkNames: [ExactText] = []
  var containerName: Fact<ManifestText>?
  /// What its container calls itself.
  var hostname: Fact<ManifestText>?
  /// The names that it has on networks besides.
  var aliases: [ExactText] = []
  var replicas: Fact<ManifestNumber>?
  var scale: Fact<ManifestNumber>?
  /// `deploy.mode: global`: one on each node.
  var isGlobal: Bool?
  /// The nodes that Swarm may run it on.
  var nodes = ComposeNodes()
  /// Where `deploy.endpoint_mode` gives it no address of its own, so that its name leads to its containers; nothing where
  /// it is not said.
  var lacksAddress: Located<Bool>?
  /// Whether an update starts the new copies before it ends the old ones, and where that is said.
  var startsFirst: Located<Bool>?
  var user: Fact<ManifestText>?
  var isPrivileged: Bool?
  /// Whether a capability that `cap_add` gives lets the process bind ports below 1024.
  var hasReservedPortCapability = false
  /// Whether a sysctl lets anybody bind ports below 1024.
  var lowersReservedPorts: Bool?
  var startup = Startup()
  var ports = ComposeList<ComposePort>()
  var expose = ComposeList<Binding>()
  /// Whether a check of its health is written.
  var hasHealthcheck = false
  /// What it says of hosts and ports to reach.
  var calls: [ComposeCall] = []
  /// Names that `extra_hosts` and `links` give to others, with the service that a link leads to.
  var otherHosts: [ExactText: ExactText?] = [:]
  /// The services that are started before it.
  var dependencies: [ComposeDependency] = []
  var extends: ComposeExtends?
  var cleared = ClearedKeys()
  var problems: [Problem] = []

  /// Lays over this service what a later file says of it. In place: a project may say something of one service as often
  /// as it has lines.
  mutating func overlay(_ later: ComposeService) {
    clear(later.cleared)
    cleared.formUnion(later.cleared)
    place = later.place
    image = later.image ?? image
    if !later.profiles.isEmpty {
      let known = Set(profiles.map(\.exact))
      profiles += later.profiles.filter { !known.contains($0.exact) }
    }
    overlayCalls(of: later)
    labels.merge(later.labels) { $1 }
    network = later.network ?? network
    networks = later.networks ?? networks
    networkNames += later.networkNames
    aliases += later.aliases
    containerName = later.containerName ?? containerName
    hostname = later.hostname ?? hostname
    replicas = later.replicas ?? replicas
    scale = later.scale ?? scale
    isGlobal = later.isGlobal ?? isGlobal
    nodes.narrow(by: later.nodes)
    lacksAddress = later.lacksAddress ?? lacksAddress
    startsFirst = later.startsFirst ?? startsFirst
    user = later.user ?? user
    isPrivileged = later.isPrivileged ?? isPrivileged
    hasReservedPortCapability = hasReservedPortCapability || later.hasReservedPortCapability
    lowersReservedPorts = later.lowersReservedPorts ?? lowersReservedPorts
    startup.overlay(later.startup)
    ports.merge(later.ports)
    expose.merge(later.expose)
    extends = later.extends ?? extends
    problems += later.problems
  }

  private mutating func overlayCalls(of later: ComposeService) {
    otherHosts.merge(later.otherHosts) { $1 }
    dependencies += later.dependencies
    if !calls.isEmpty {
      let variables = Set(later.startup.variables.pairs.map(\.name.exact))
      let isChecked = later.calls.contains { $0.origin == .healthcheck } || later.hasHealthcheck
      calls.removeAll { call in
        switch call.origin {
        case .healthcheck: isChecked
        case .command: !later.startup.command.isEmpty
        case .entrypoint: !later.startup.entrypoint.isEmpty
        case .variable(let name): variables.contains(name)
        case .label(let key): later.labels[key] != nil
        }
      }
    }
    calls += later.calls
  }

  /// Takes back what the service says under some keys.
  private mutating func clear(_ cleared: ClearedKeys) {
    guard !cleared.isEmpty else { return }
    func isCleared(_ key: String) -> Bool {
      cleared.keys.contains(key.exact) || (key.hasPrefix("deploy.") && cleared.keys.contains("deploy"))
    }
    if isCleared("image") { image = nil }
    if isCleared("profiles") { profiles = [] }
    if isCleared("labels") { labels = [:] }
    if isCleared("network_mode") { network = nil }
    if isCleared("networks") { (networks, networkNames, aliases) = (nil, [], []) }
    if isCleared("container_name") { containerName = nil }
    if isCleared("deploy.replicas") { replicas = nil }
    if isCleared("scale") { scale = nil }
    if isCleared("deploy.mode") { isGlobal = nil }
    if isCleared("deploy.endpoint_mode") { lacksAddress = nil }
    if isCleared("deploy.placement") { nodes = ComposeNodes() }
    if isCleared("deploy.update_config") { startsFirst = nil }
    if isCleared("hostname") { hostname = nil }
    dependencies.removeAll { cleared.keys.contains($0.key) }
    calls.removeAll { call in
      switch call.origin {
      case .healthcheck: isCleared("healthcheck")
      case .command: isCleared("command")
      case .entrypoint: isCleared("entrypoint")
      case .variable(let name): isCleared("environment") || cleared.variables.contains(name)
      case .label(let key): isCleared("labels") || cleared.labels.contains(key)
      }
    }
    if isCleared("user") { user = nil }
    if isCleared("privileged") { isPrivileged = nil }
    if isCleared("cap_add") { hasReservedPortCapability = false }
    if isCleared("sysctls") { lowersReservedPorts = nil }
    for part in Startup.Part.allCases where isCleared(part.composeKey) { startup.remove(part) }
    if !cleared.variables.isEmpty { startup.remove(variables: cleared.variables) }
    for label in cleared.labels { labels[label] = nil }
  }

  /// Whether the process can bind ports below 1024 on the host's network whoever runs it.
  var mayBindReservedPorts: Bool {
    isPrivileged == true || hasReservedPortCapability || lowersReservedPorts == true
  }

  /// The uppermost layer of its claims.
  var topLayer: Int32 {
    max(ports.entries.lazy.map(\.binding.layer).max() ?? 0, expose.entries.lazy.map(\.layer).max() ?? 0)
  }

  /// Puts its claims so many layers higher.
  mutating func raise(by layers: Int32) {
    guard layers > 0 else { return }
    for index in ports.entries.indices { ports.entries[index].binding.layer += layers }
    for index in expose.entries.indices { expose.entries[index].layer += layers }
  }

  /// This service with everything marked as come in that way.
  func arriving(_ way: WayIn) -> ComposeService {
    var service = self
    for index in service.ports.entries.indices { service.ports.entries[index].binding.ways.append(way) }
    for index in service.expose.entries.indices { service.expose.entries[index].ways.append(way) }
    return service
  }
}

/// A service that is started before another.
struct ComposeDependency: Sendable {
  var service: ExactText
  /// What says so, such as `links`.
  var key: ExactText
}

/// The nodes of a swarm that a service may run on.
struct ComposeNodes: Sendable {
  /// What its constraints ask of a node.
  var requirements: [LabelSelector.Requirement] = []
  /// Whether there are constraints that cannot be read.
  var isNarrowed = false

  mutating func narrow(by later: ComposeNodes) {
    requirements += later.requirements
    isNarrowed = isNarrowed || later.isNarrowed
  }
}

/// What a project says of a network.
struct ComposeNetwork: Sendable {
  var driver: Fact<ManifestText>?
  /// What it is called outside the project.
  var name: Fact<ManifestText>?
  /// Whether only its containers reach one another.
  var isInternal: Bool?
  /// Whether it is there without the project.
  var isExternal: Bool?

  func overlaid(by later: ComposeNetwork) -> ComposeNetwork {
    ComposeNetwork(
      driver: later.driver ?? driver, name: later.name ?? name, isInternal: later.isInternal ?? isInternal,
      isExternal: later.isExternal ?? isExternal)
  }

  /// The network that its containers have; nothing where a port of theirs may be published, or that cannot be known.
  func network(called key: ExactText) -> Owner.Network? {
    if isExternal == true {
      let name = name ?? .absent
      if name.isUnknown { return nil }
      switch name.value?.value ?? key.text {
      case "host": return .host
      case "none": return Owner.Network.none
      default: return nil
      }
    }
    if isInternal == true { return .isolated }
    // Their containers have addresses on the network of the host (Docker's drivers `macvlan` and `ipvlan`).
    return ["macvlan", "ipvlan"].contains(driver?.value?.value) ? .isolated : nil
  }
}

/// What a service says with `!reset` or `!override`: of these, the words of earlier files are taken back.
struct ClearedKeys: Sendable {
  /// Keys of the service, those of `deploy` behind a dot.
  var keys: Set<ExactText> = []
  /// Variables of the process.
  var variables: Set<ExactText> = []
  var labels: Set<ExactText> = []

  var isEmpty: Bool { keys.isEmpty && variables.isEmpty && labels.isEmpty }

  mutating func formUnion(_ other: ClearedKeys) {
    keys.formUnion(other.keys)
    variables.formUnion(other.variables)
    labels.formUnion(other.labels)
  }
}

extension Startup.Part {
  /// The key of a service that says it.
  fileprivate var composeKey: String {
    switch self {
    case .variables: "environment"
    case .command: "command"
    case .entrypoint: "entrypoint"
    case .volumes: "volumes"
    case .variableFiles: "env_file"
    case .secrets: "secrets"
    case .configs: "configs"
    case .build: "build"
    }
  }
}

/// A list that files of one project add to, unless a tag says otherwise.
struct ComposeList<Entry: Sendable>: Sendable {
  var entries: [Entry] = []
  /// Whether the list takes the place of earlier ones: `!override`, or `!reset`, which leaves nothing.
  var replaces = false
  /// Whether a list is written, if only an empty one.
  var isWritten = false
  /// The key behind which nothing is written, which a list in another file makes good.
  var bareKey: SourceRange?
  /// Whether entries are written that cannot be read.
  var lacksEntries = false

  mutating func merge(_ later: ComposeList) {
    if later.replaces {
      self = later
      return
    }
    entries += later.entries
    isWritten = isWritten || later.isWritten
    bareKey = later.bareKey ?? bareKey
    lacksEntries = lacksEntries || later.lacksEntries
  }
}

/// An entry of `ports`, still without an owner.
struct ComposePort: Sendable {
  var binding: Binding
  /// What tells it from the service's other entries.
  var key: Key
  /// Where the address of a short entry stands.
  var addressPlace: SourceRange?
  /// Whether Swarm publishes it on the nodes that run the service, and not on each: `mode: host`.
  var isNodesOwn = false

  /// What Compose tells entries of one service apart by (compose-go `override/uncity.go`).
  struct Key: Hashable, Sendable {
    var address: String
    var published: String
    /// Published ports written as a number in a long entry: Compose takes them for another text.
    var isNumber: Bool
    var target: String
    var transport: String
  }
}

/// `extends`: another service whose description comes first.
struct ComposeExtends: Sendable {
  var service: ManifestText
  /// The file that has it; nothing for the same file.
  var file: NamedFile?
  var place: SourceRange
}

/// An entry of `include`: another project's files, merged in their order.
struct ComposeInclude: Sendable {
  var paths: [NamedFile]
  var projectDirectory: String?
  var environmentFiles: [NamedFile]
  var place: SourceRange
}

/// A file that a manifest names.
struct NamedFile: Sendable {
  /// The path, from the project's folder.
  var path: ManifestText
  /// Where it is named.
  var place: SourceRange

  /// What the file is called in messages, `resolved` being its path from the current folder.
  func shown(_ resolved: String) -> String {
    path.isHidden ? path.shown : resolved
  }
}
