import PortModel
import SourceText

/// All of a claim that decides whether it meets another: claims alike in it behave alike.
struct ClaimTrait: Hashable {
  /// The rules of the runtime that makes the claim.
  var model: ConflictModel
  var ports: PortRange
  var pick: Binding.Pick
  var role: Binding.Role
  var transport: TransportProtocol
  var address: HostAddress
  var reuse: Binding.Reuse
  var user: ExactText?
  var profiles: [ExactText]
  var placement: Placement
  /// The pod that the claim belongs to, where one pod's claims are told from another's.
  var pod: Scope.Unit?
  var isSuperseded: Bool
  var outerPort: Binding.OuterPort
  /// What is spoken there, and for which proxies, where protocols decide who shares a port.
  var listener: Listener?
  /// What its image runs, where it may have an alternative in another service of the project.
  var rival: Rival?
  /// Where the ports lead, in a chain in which some entry says the same as another.
  var target: PortRange?

  /// - Parameter tellsTargets: Whether claims are told apart by where they lead.
  init?(_ binding: Binding, in inventory: Inventory, tellsTargets: Bool, _ services: KnownServices) {
    guard case .fixed(let ports, let pick) = binding.port, let transport = binding.transport else { return nil }
    // Read in its place: an owner is large.
    let owner = Int(binding.owner.index)
    if inventory.owners[owner].copies.value?.value == 0 { return nil }
    switch binding.effect {
    case .takes: isSuperseded = false
    case .superseded: isSuperseded = true
    case .ignored, .refused: return nil
    }
    model = binding.scope.model
    self.ports = ports
    self.pick = pick
    self.transport = transport
    outerPort = binding.outerPort
    listener = Listener(binding, selected: inventory.owners[owner].selected)
    role = binding.role
    address = binding.address
    reuse = binding.reuse
    user = binding.user.value?.exact
    profiles = inventory.owners[owner].profiles.map(\.exact)
    placement = binding.nodes ?? inventory.owners[owner].placement
    pod = binding.scope.kind == .node ? inventory.owners[owner].pod : nil
    target = tellsTargets ? binding.target?.ports : nil
    rival = Rival(binding, of: inventory, services)
  }
}

/// What makes a service one of several, of which whoever works with the project starts one at a time.
struct Rival: Hashable {
  /// The service that the image runs.
  var kind: String
  var image: ImageName
  var target: PortRange
  var name: ExactText
  var companions: Set<ExactText>

  init?(_ binding: Binding, of inventory: Inventory, _ services: KnownServices) {
    let owner = Int(binding.owner.index)
    guard binding.scope.model == .docker, binding.role == .publish, let target = binding.target?.ports,
      inventory.owners[owner].format == .compose, let text = inventory.owners[owner].image.value,
      let name = inventory.owners[owner].name
    else { return nil }
    // Several projects that share a host are no alternatives of each other.
    if case .deployment = binding.scope.unit { return nil }
    let image = ImageName(text.value)
    guard let kind = services.service(of: image)?.name else { return nil }
    self.kind = kind
    self.image = image
    self.target = target
    self.name = name.exact
    companions = inventory.owners[owner].companions
  }

  /// Without the companions, of which there may be as many as the project has services.
  func hash(into hasher: inout Hasher) {
    hasher.combine(kind)
    hasher.combine(image)
    hasher.combine(target)
    hasher.combine(name)
  }

  /// Whether each is an alternative of the other: not two of one image, and nothing needs both.
  func isAlternative(to other: Rival) -> Bool {
    kind == other.kind && target == other.target && !image.isSame(as: other.image) && !companions.contains(other.name)
  }
}

extension ClaimTrait {
  /// How much of a claim is held against another's to see whether what runs them can meet.
  struct Size {
    var profiles: Int
    var placement: Placement.Size

    /// How many pairs of plain claims could be compared meanwhile.
    func steps(with other: Size) -> Int {
      1 + profiles + other.profiles + placement.steps(with: other.placement) / 8
    }
  }

  var size: Size { Size(profiles: profiles.count, placement: placement.size) }
}

extension ConflictModel {
  /// What two claims of one scope with overlapping ports come to, in whatever order; nothing if they do not meet.
  ///
  /// - Parameter isSameOwner: Whether one owner makes both claims.
  func meeting(of a: ClaimTrait, and b: ClaimTrait, isSameOwner: Bool) -> Relation.Outcome? {
    if self == .sharedHost, a.model == b.model {
      guard a.model == .nodePorts || a.transport == b.transport else { return nil }
      return a.model.meeting(of: a, and: b, isSameOwner: isSameOwner)
    }
    // An owner's claims of one scope all have one role. What is not published meets others' claims only, but for what is
    // declared in vain.
    if let ours = a.listener, let theirs = b.listener { return listenersMeeting(a, ours, b, theirs) }
    if isSameOwner, a.role != .publish { return self == .pod && a.outerPort.repeats(b.outerPort) ? .duplicate : nil }
    guard addressesMeet(a, b) == .yes else { return nil }
    // Another container port is another matter than a repetition.
    if a.isSuperseded || b.isSuperseded { return isSameOwner && a.leadsAsFar(as: b) ? .duplicate : nil }
    switch self {
    case .docker: return dockerMeeting(a, b, isSameOwner: isSameOwner)
    case .swarm:
      if isSameOwner || a.placement.meets(b.placement) { return .certain }
      return a.placement.excludes(b.placement) ? nil : .possible
    case .linux: return sharesByReuse(a, b) ? nil : .certain
    case .sharedHost: return a.transport == b.transport ? dockerMeeting(a, b, isSameOwner: false) : nil
    case .pod: return .certain
    case .listeners, .proxies: return nil
    case .nodePorts: return isSameOwner && a.transport != b.transport ? nil : .certain
    case .scheduler:
      // The API refuses two claims alike in one pod, and warns of one with an address beside one without.
      if a.pod == b.pod { return a.address.isSameText(as: b.address) == .yes ? .certain : .possible }
      if a.placement.excludes(b.placement) { return nil }
      return a.placement.meets(b.placement) ? .certain : .possible
    }
  }

  /// The address that only claims on the same address, or on none of their own, can meet.
  func ownAddress(of claim: ClaimTrait) -> IPAddress? {
    switch (self, claim.address) {
    case (.docker, .literal(_, let address?)), (.linux, .literal(_, let address?)):
      address.isUnspecified ? nil : address.unmapped
    default: nil
    }
  }

  private func addressesMeet(_ a: ClaimTrait, _ b: ClaimTrait) -> Truth {
    switch self {
    case .docker:
      return ClaimedAddresses(docker: a.address).overlaps(ClaimedAddresses(docker: b.address))
    case .linux, .sharedHost:
      return ClaimedAddresses(linux: a.address, onlyIPv6: a.reuse.contains(.onlyIPv6))
        .overlaps(ClaimedAddresses(linux: b.address, onlyIPv6: b.reuse.contains(.onlyIPv6)))
    // Swarm warns of an address and then leaves it out.
    case .pod, .nodePorts, .swarm, .listeners: return .yes
    case .proxies: return a.address.isSameText(as: b.address)
    case .scheduler:
      // Within one pod the API compares `hostIP` as text; between pods the scheduler knows one wildcard.
      guard a.pod == b.pod else { return a.address.meetsOnNode(b.address) }
      return a.address.isSameText(as: b.address) || Truth((a.address == .every) != (b.address == .every))
    }
  }

  /// Whether both pick a port of `a`'s range, of which each that the other takes is one less for `a`.
  func compete(_ a: ClaimTrait, _ b: ClaimTrait) -> Bool {
    guard case .docker = self, a.pick == .any, b.pick == .any, a.ports.covers(b.ports) else { return false }
    return !a.isSuperseded && !b.isSuperseded && addressesMeet(a, b) == .yes
  }

  /// Docker takes the first free port of a range for one container port, so such a claim is sure to meet a fixed one
  /// only when nothing of it is left, and else when it starts first. Services whose profiles have nothing in common need
  /// not run together.
  private func dockerMeeting(_ a: ClaimTrait, _ b: ClaimTrait, isSameOwner: Bool) -> Relation.Outcome? {
    if a.role != .publish || b.role != .publish { return .possible }
    switch (a.pick, b.pick) {
    case (.any, .any): return nil
    case (.any, .all): if !b.ports.covers(a.ports) { return isSameOwner ? nil : .possible }
    case (.all, .any): if !a.ports.covers(b.ports) { return isSameOwner ? nil : .possible }
    case (.all, .all): break
    }
    let isDisjoint = !a.profiles.isEmpty && !b.profiles.isEmpty && Set(a.profiles).isDisjoint(with: b.profiles)
    if isDisjoint { return .possible }
    // Those of one profile are started together.
    let isOptional = a.profiles.isEmpty && b.profiles.isEmpty
    if !isSameOwner, isOptional, let rival = a.rival, let other = b.rival, rival.isAlternative(to: other) {
      return .rivals
    }
    return .certain
  }

  /// Whether both sockets ask the kernel to share: with `SO_REUSEPORT` as one user, or on UDP with `SO_REUSEADDR`,
  /// whoever the users are. For listening TCP and SCTP sockets `SO_REUSEADDR` only passes over connections that are
  /// closing.
  ///
  /// Source: Linux `inet_csk_bind_conflict`, `udp_lib_lport_inuse`, `sctp_get_port_local`; `linux-bind-matrix.tsv`.
  private func sharesByReuse(_ a: ClaimTrait, _ b: ClaimTrait) -> Bool {
    let common = a.reuse.intersection(b.reuse)
    if common.contains(.address), a.transport == .udp { return true }
    return common.contains(.port) && a.mayHaveUser(of: b)
  }
}

/// What decides whether a listener shares its port with others.
struct Listener: Hashable {
  /// What is spoken.
  var family: Family
  /// The proxies that it is for.
  var proxies: LabelSelector?
  /// The host whose name in the handshake it answers, where that decides: an empty one is any; nothing where it cannot be
  /// known.
  var handshakeHost: ExactText?

  enum Family: Hashable {
    /// Told apart by the host's name in the request.
    case http
    /// Told apart by the host's name in the handshake, whoever ends it.
    case https
    case tls

    /// Whether a handshake comes first.
    var isEncrypted: Bool { self == .https || self == .tls }

    /// Bytes that nothing tells apart.
    case raw
    /// What implementations make of it is not known.
    case other
  }

  /// The listener of a claim; nothing where the protocols of its scope decide nothing.
  init?(_ binding: Binding, selected: LabelSelector?) {
    guard binding.scope.model == .listeners || binding.scope.model == .proxies else { return nil }
    family = binding.applicationProtocol.value.map { Listener.family(of: $0.uppercased()) } ?? .other
    proxies = binding.scope.model == .proxies ? selected : nil
    guard binding.scope.model == .listeners, family.isEncrypted, !binding.hostname.isUnknown else { return }
    handshakeHost = (binding.hostname.value ?? "").exact
  }

  private static func family(of name: String) -> Family {
    switch name {
    case "HTTP", "HTTP2", "GRPC", "GRPC-WEB": .http
    case "HTTPS": .https
    case "TLS": .tls
    case "TCP", "UDP", "MONGO", "MYSQL", "REDIS": .raw
    default: .other
    }
  }
}

extension ConflictModel {
  /// Source: Gateway API, "Distinct Listeners"; istio `pilot/pkg/model/gateway.go`, `canMergeProtocols`.
  fileprivate func listenersMeeting(
    _ a: ClaimTrait, _ ours: Listener, _ b: ClaimTrait, _ theirs: Listener
  ) -> Relation.Outcome? {
    guard ours.proxies == theirs.proxies, addressesMeet(a, b) == .yes else { return nil }
    switch (ours.family, theirs.family) {
    case (.other, _), (_, .other), (.http, .http), (.https, .https), (.tls, .tls): return nil
    // With HTTPS and TLS of one port only the names tell who is meant.
    case (.https, .tls), (.tls, .https):
      return ours.handshakeHost != nil && ours.handshakeHost == theirs.handshakeHost ? .certain : nil
    // Whoever is first is served, be it by one name or several.
    case (.raw, .raw): return self == .listeners ? .certain : nil
    case (.raw, .tls), (.tls, .raw), (.raw, .https), (.https, .raw): return self == .listeners ? .certain : nil
    case (.raw, .http), (.http, .raw): return .certain
    case (.http, .tls), (.tls, .http), (.http, .https), (.https, .http): return .possible
    }
  }
}

extension ClaimTrait {
  /// Whether ports that both have lead to the same ports, as far as can be said.
  fileprivate func leadsAsFar(as other: ClaimTrait) -> Bool {
    guard let target, let theirs = other.target, pick == .all, other.pick == .all else { return target == other.target }
    return Int(target.first) - Int(ports.first) == Int(theirs.first) - Int(other.ports.first)
  }

  /// Whether both processes may run as one user: a name may be that of a number, but only `root` is that of 0.
  fileprivate func mayHaveUser(of other: ClaimTrait) -> Bool {
    guard let user, let theirs = other.user else { return true }
    if UserID(user) == UserID(theirs) { return true }
    switch (UserID(user), UserID(theirs)) {
    case (.name, .number(let number)), (.number(let number), .name): return number != 0
    default: return false
    }
  }

  private enum UserID: Equatable {
    case number(UInt32)
    case name(ExactText)

    init(_ name: ExactText) {
      self = UInt32(name == "root" ? "0" : name.text).map { .number($0) } ?? .name(name)
    }
  }
}

extension PortRange {
  fileprivate func covers(_ other: PortRange) -> Bool {
    first <= other.first && other.last <= last
  }
}

extension HostAddress {
  /// Whether two `hostIP`s are one key for the API's check of a single pod.
  fileprivate func isSameText(as other: HostAddress) -> Truth {
    switch (self, other) {
    case (.unresolved, _), (_, .unresolved): .unknown
    case (.every, .every): .yes
    case (.literal(let a, _), .literal(let b, _)): Truth(a == b)
    default: .no
    }
  }

  /// Whether two `hostIP`s meet for the scheduler: nothing and `0.0.0.0` meet all, `::` is but a text.
  fileprivate func meetsOnNode(_ other: HostAddress) -> Truth {
    switch (self, other) {
    case (.unresolved, _), (_, .unresolved): .unknown
    case (.every, _), (_, .every): .yes
    case (.literal(let a, _), .literal(let b, _)): Truth(a == b || a == "0.0.0.0" || b == "0.0.0.0")
    }
  }
}
