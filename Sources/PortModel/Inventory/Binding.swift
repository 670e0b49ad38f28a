import SourceText

/// One claim on a socket by an owner.
package struct Binding: Sendable {
  package var owner: OwnerID
  package var role: Role
  package var scope: Scope
  package var address: HostAddress
  package var port: PortClaim
  /// The protocol; nothing where a variable stands for it.
  package var transport: TransportProtocol?
  /// What the claim leads to inside: the container's port of a published one.
  package var target: Target?
  /// The port's own name, never the owner's.
  package var name: Fact<String> = .absent
  package var reuse: Reuse = []
  package var effect = Effect.takes
  /// The way in to the port that its entry makes besides.
  package var outerPort = OuterPort.unknown
  package var privilege = Privilege.unneeded
  private var uncommon = Uncommon<Uncommonly>()
  /// The characters that say the port.
  package var place: SourceRange
  /// The whole written entry: what one entry claims is one finding.
  package var entry: SourceRange
  /// The text that says the port.
  package var text: String

  package init(
    owner: OwnerID, role: Role, scope: Scope, address: HostAddress, port: PortClaim, transport: TransportProtocol?,
    place: SourceRange, entry: SourceRange, text: String
  ) {
    self.owner = owner
    self.role = role
    self.scope = scope
    self.address = address
    self.port = port
    self.transport = transport
    self.place = place
    self.entry = entry
    self.text = text
  }

  package enum Role: String, CaseIterable, Sendable {
    /// A socket on a host or a node.
    case publish
    /// A socket inside a private network namespace.
    case listen
    /// A virtual address in front of others.
    case service
  }

  /// Which port is claimed.
  package enum PortClaim: Hashable, Sendable {
    case fixed(PortRange, Pick)
    /// The system picks one.
    case dynamic
    /// A variable or a template stands for it.
    case unresolved
  }

  /// How many ports of a range are taken.
  package enum Pick: String, CaseIterable, Sendable {
    /// Each of them.
    case all
    /// One of them.
    case any
  }

  /// A port outside that leads to a claim.
  package enum OuterPort: Hashable, Sendable {
    /// There is no way in, so that the entry and any other of the port are one too many.
    case none
    case known(UInt16)
    case unknown

    /// Whether entries of one port with these say it once too often.
    package func repeats(_ other: OuterPort) -> Bool {
      switch (self, other) {
      case (.none, _), (_, .none): true
      case (.known(let ours), .known(let theirs)): ours != theirs
      case (.unknown, _), (_, .unknown): false
      }
    }
  }

  package struct Target: Sendable {
    /// The ports; nothing where a name stands for one, or a variable does.
    package var ports: PortRange?
    package var name: String?
    package var place: SourceRange

    package init(ports: PortRange?, name: String? = nil, place: SourceRange) {
      self.ports = ports
      self.name = name
      self.place = place
    }

    /// Whether a variable or a template stands for it.
    package var isOpen: Bool {
      ports == nil && name == nil
    }
  }

  /// The socket options that let sockets share a port.
  package struct Reuse: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
      self.rawValue = rawValue
    }

    /// `SO_REUSEADDR`
    package static let address = Reuse(rawValue: 1)
    /// `SO_REUSEPORT`
    package static let port = Reuse(rawValue: 2)
    /// `IPV6_V6ONLY`: a wildcard of IPv6 leaves IPv4 alone.
    package static let onlyIPv6 = Reuse(rawValue: 4)
  }

  /// What the runtime makes of the claim.
  package enum Effect: Hashable, Sendable {
    case takes
    /// It has no effect, and nobody is told.
    case ignored
    /// The runtime refuses the manifest.
    case refused
    /// Another entry of the same owner says the same and counts instead.
    case superseded
  }

  /// Whether the process may bind a port below 1024.
  package enum Privilege: Hashable, Sendable {
    case unneeded
    case held
    case missing
    case dependsOnRuntime
  }

  /// The ports, where they are known and fixed.
  package var fixedPorts: PortRange? {
    if case .fixed(let ports, _) = port { ports } else { nil }
  }

  /// Where a finding about the claim points: the use of what is written elsewhere in the same file, by an alias, a
  /// merge or `extends`, else the characters that say the port.
  package var findingPlace: SourceRange {
    ways.first(where: isUse)?.place ?? place
  }

  /// Whether a way in is a use within the file that the claim is written in.
  package func isUse(_ way: WayIn) -> Bool {
    way.kind == .alias || (way.kind == .extends && way.place.file == place.file)
  }

  /// The number the process itself listens on, as far as the manifest says: a published port leads to its target.
  package var listeningPorts: Located<PortRange>? {
    if role == .publish, let target {
      return target.ports.map { Located($0, at: target.place) }
    }
    return fixedPorts.map { Located($0, at: place) }
  }

  /// The ports inside that the claim leads to, as far as the manifest says: its own where it leads no further.
  package var innerPorts: PortRange? {
    target.map { $0.ports } ?? fixedPorts
  }
}

// MARK: - What few claims say

extension Binding {
  private struct Uncommonly: UsuallyPlain {
    var applicationProtocol: Fact<String> = .absent
    var nodes: Placement?
    var user: Fact<String> = .absent
    var ways: [WayIn] = []
    var hostname: Fact<String> = .absent
    var layer: Int32 = 0
  }

  /// What the manifest says is spoken on the port, such as `http`.
  package var applicationProtocol: Fact<String> {
    get { uncommon.traits?.applicationProtocol ?? .absent }
    set { uncommon.set(newValue.isAbsent) { $0.applicationProtocol = newValue } }
  }

  /// The nodes that the claim takes its port on, where these are not its owner's: Swarm's routing mesh takes it on each.
  package var nodes: Placement? {
    get { uncommon.traits?.nodes }
    set { uncommon.set(newValue == nil) { $0.nodes = newValue } }
  }

  /// The user that the process runs as.
  package var user: Fact<String> {
    get { uncommon.traits?.user ?? .absent }
    set { uncommon.set(newValue.isAbsent) { $0.user = newValue } }
  }

  /// The host name that a listener serves; nothing where it serves each.
  package var hostname: Fact<String> {
    get { uncommon.traits?.hostname ?? .absent }
    set { uncommon.set(newValue.isAbsent) { $0.hostname = newValue } }
  }

  /// How the claim came to its owner, the nearest way first.
  package var ways: [WayIn] {
    get { uncommon.traits?.ways ?? [] }
    set { uncommon.set(newValue.isEmpty) { $0.ways = newValue } }
  }
}

extension Binding {
  /// Which layer of its project says the claim: each is laid over those below it, the first of which is 0.
  package var layer: Int32 {
    get { uncommon.traits?.layer ?? 0 }
    set { uncommon.set(newValue == 0) { $0.layer = newValue } }
  }

  /// Where a claim stands among others: of two that meet, the one that stands behind is at fault.
  package struct Standing: Comparable {
    var layer: Int32
    package var place: SourceRange

    package static func < (a: Standing, b: Standing) -> Bool {
      (a.layer, a.place) < (b.layer, b.place)
    }
  }

  package var standing: Standing {
    Standing(layer: layer, place: findingPlace)
  }
}

/// How a claim came to its owner from where it is written.
package struct WayIn: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// Through an alias, or a merge of one.
    case alias
    case include
    case extends
    case override
    /// By the value of a variable, which says the claim itself or what it leads to.
    case variable(Setting, isTarget: Bool)
  }

  /// What a file of variables says of one.
  package struct Setting: Hashable, Sendable {
    package var name: String
    /// The value, where it is no more than a port, a range, an address or a protocol: any other may be nobody's business.
    package var value: String?

    package init(_ name: String, value: String?) {
      self.name = name
      self.value = value
    }

    /// `WEB_PORT=8090`
    package var phrase: String {
      value.map { "\(name)=\($0)" } ?? "'\(name)' is set here"
    }
  }

  package var kind: Kind
  /// The alias, or the entry that includes or extends.
  package var place: SourceRange

  package init(_ kind: Kind, at place: SourceRange) {
    self.kind = kind
    self.place = place
  }
}
