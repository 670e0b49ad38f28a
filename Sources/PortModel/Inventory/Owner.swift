import SourceText

/// A kind of manifest that portlint reads.
package struct Format: Hashable, Sendable {
  /// Letters of ASCII, digits and hyphens.
  package let id: String

  package init(id: String) {
    self.id = id
  }

  package static let compose = Format(id: "compose")
  package static let kubernetes = Format(id: "kubernetes")
  package static let plain = Format(id: "plain")

  /// The formats that are code, for they have semantics that no list of paths can say.
  package static let coded = [compose, kubernetes, plain]
}

/// The number of an owner within one inventory.
package struct OwnerID: Hashable, Sendable {
  package var index: Int32

  package init(_ index: Int) {
    self.index = Int32(truncatingIfNeeded: index)
  }
}

/// What a manifest gives a port to: a Compose service, a container of a Kubernetes object, a Kubernetes Service, a
/// plain service.
package struct Owner: Sendable {
  package var format: Format
  /// `service` in Compose and plain manifests; the object's `kind` in Kubernetes; what a declared format says.
  package var kind: String
  package var namespace: String?
  package var name: String?
  /// The container within the object.
  package var container: String?
  /// Which of the names a template stands for, so that what is written is not what they will be.
  package var openNames: OpenNames = []
  /// Where the owner is named, or begins.
  package var place: SourceRange
  package var image: Fact<ManifestText> = .absent
  /// The labels of what runs: of the pod, not of the object that makes it, and a Service's own; nothing where one cannot
  /// be known.
  package var labels: Labels? = Labels()
  /// How many copies the manifest asks for, wherever they run.
  package var replicas: Fact<ManifestNumber> = .absent
  private var uncommon = Uncommon<Uncommonly>()
  /// The pod that runs the owner, where there is one.
  package var pod: Scope.Unit?
  /// The cluster that the owner goes to, for what runs in one.
  package var cluster: Scope.Unit?
  /// The group of the object's `apiVersion`, for what the API server tells from all others by its name.
  package var apiGroup: String?
  /// Whether it is a virtual address that others name to reach its ports, such as a Kubernetes Service.
  package var isService = false
  /// Whether it ends before the rest of its pod begins, so that nobody reaches its ports.
  package var isTransient = false
  /// Whether the object is a fragment that something else completes, such as a patch.
  package var isPartial = false
  /// Whether its ports are all in view: none is invalid, generated, or given somewhere else.
  package var hasKnownPorts = true

  package init(format: Format, kind: String, name: String?, place: SourceRange) {
    self.format = format
    self.kind = kind
    self.name = name
    self.place = place
  }

  /// What makes two owners one: the same object, written twice.
  package var identity: ObjectIdentity? {
    guard let apiGroup, let name else { return nil }
    return ObjectIdentity(group: apiGroup, kind: kind, namespace: namespace, name: name)
  }

  /// Cuts names of a length that nothing takes: each is said in every finding of the owner's.
  mutating func shortenNames() {
    let written = (kind, namespace, name)
    kind = kind.shortened
    namespace = namespace?.shortened
    name = name?.shortened
    container = container?.shortened
    // What is left of two names may be the same.
    if (kind, namespace, name) != written { apiGroup = nil }
  }

  /// The names of an owner that cannot be known.
  package struct OpenNames: OptionSet, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
      self.rawValue = rawValue
    }

    package static let name = OpenNames(rawValue: 1)
    package static let namespace = OpenNames(rawValue: 2)
    package static let container = OpenNames(rawValue: 4)
  }

  /// Whose network interfaces the owner's processes see.
  package enum Network: Hashable, Sendable {
    /// Its own (or its pod's).
    case `private`
    /// The host's.
    case host
    /// Another owner's of the same project, by name.
    case shared(with: String)
    /// That of something outside the project, by name.
    case sharedOutside(with: String)
    case none
    /// Networks of which none publishes a port on the host.
    case isolated
    case unknown
  }

  /// The kind of what goes without saying: a message names such an owner by its name alone.
  private static let service = "service"

  /// How a message about this owner names another: a container of the same pod by its own name only.
  package func phrase(of other: Owner) -> String {
    guard let pod, pod == other.pod, let container = other.container else { return other.phrase }
    return "container '\(container)'"
  }

  /// How a message names the owner: `'web'`, `Service 'shop/web'`, `container 'app' of Deployment 'web'`.
  package var phrase: String {
    let name = name.map { name in namespace.map { "\($0)/\(name)" } ?? name }
    let object: String
    if kind == Owner.service, format != .kubernetes {
      object = name.map { "'\($0)'" } ?? "a service without a name"
    } else {
      object = name.map { "\(kind) '\($0)'" } ?? "a nameless \(kind)"
    }
    return container.map { "container '\($0)' of \(object)" } ?? object
  }
}

// MARK: - What few owners say

extension Owner {
  private struct Uncommonly: UsuallyPlain {
    var profiles: [String] = []
    var network = Network.private
    var networkPlace: SourceRange?
    var copies: Fact<ManifestNumber> = .absent
    var placement = Placement.some
    var startup = Startup()
    var selected: LabelSelector?
    var isOpened = false
    var startsFirst: SourceRange?
    var isHeadless = Truth.no
    var isSelectorless = false
    var companions: Set<ExactText> = []
    var overlay: FileID?
    var build: FileID?
    var hostName: String?
  }

  /// What the manifest gives to the process when it starts it.
  package var startup: Startup {
    get { uncommon.traits?.startup ?? Startup() }
    set { uncommon.set(newValue.isEmpty) { $0.startup = newValue } }
  }

  /// The pods of its namespace that a Service leads to.
  package var selected: LabelSelector? {
    get { uncommon.traits?.selected }
    set { uncommon.set(newValue == nil) { $0.selected = newValue } }
  }

  /// Whether a Service lets everybody reach its pods from outside the cluster.
  package var isOpened: Bool {
    get { uncommon.traits?.isOpened ?? false }
    set { uncommon.set(!newValue) { $0.isOpened = newValue } }
  }

  /// Whether its name leads to those behind it themselves: whoever asks by that name reaches whatever they listen on.
  package var isHeadless: Truth {
    get { uncommon.traits?.isHeadless ?? .no }
    set { uncommon.set(newValue == .no) { $0.isHeadless = newValue } }
  }

  /// Whether nothing picks the pods of a Service, so that its endpoints are written by hand.
  package var isSelectorless: Bool {
    get { uncommon.traits?.isSelectorless ?? false }
    set { uncommon.set(!newValue) { $0.isSelectorless = newValue } }
  }

  /// The services of its project that run wherever something runs that depends on this one.
  package var companions: Set<ExactText> {
    get { uncommon.traits?.companions ?? [] }
    set { uncommon.set(newValue.isEmpty) { $0.companions = newValue } }
  }

  /// The kustomization that builds it of what others hold.
  package var build: FileID? {
    get { uncommon.traits?.build }
    set { uncommon.set(newValue == nil) { $0.build = newValue } }
  }

  /// The file whose project it is of, where that is laid over another that has a project of its own: only what that file
  /// takes part in is to be said of it.
  package var overlay: FileID? {
    get { uncommon.traits?.overlay }
    set { uncommon.set(newValue == nil) { $0.overlay = newValue } }
  }

  /// The host that it runs on, by the name that the manifest tells it from others by.
  package var hostName: String? {
    get { uncommon.traits?.hostName }
    set { uncommon.set(newValue == nil) { $0.hostName = newValue } }
  }

  /// Where the manifest says that an update starts a new copy before it ends the old one.
  package var startsFirst: SourceRange? {
    get { uncommon.traits?.startsFirst }
    set { uncommon.set(newValue == nil) { $0.startsFirst = newValue } }
  }

  /// The Compose profiles that start the service; none means always.
  package var profiles: [String] {
    get { uncommon.traits?.profiles ?? [] }
    set { uncommon.set(newValue.isEmpty) { $0.profiles = newValue } }
  }

  /// Whose network interfaces the owner's processes see.
  package var network: Network {
    get { uncommon.traits?.network ?? .private }
    set { uncommon.set(newValue == .private) { $0.network = newValue } }
  }

  /// Where the manifest says whose network it is.
  package var networkPlace: SourceRange? {
    get { uncommon.traits?.networkPlace }
    set { uncommon.set(newValue == nil) { $0.networkPlace = newValue } }
  }

  /// How many copies must run on one host; 0 where nothing runs, and so claims nothing.
  package var copies: Fact<ManifestNumber> {
    get { uncommon.traits?.copies ?? .absent }
    set { uncommon.set(newValue.isAbsent) { $0.copies = newValue } }
  }

  /// On which nodes of its cluster it runs.
  package var placement: Placement {
    get { uncommon.traits?.placement ?? .some }
    set { uncommon.set(newValue == .some) { $0.placement = newValue } }
  }
}

/// What the API server tells objects apart by.
package struct ObjectIdentity: Hashable, Sendable {
  /// The group of `apiVersion`, without the version: the same object may be written in two versions.
  private let group: ExactText
  private let kind: ExactText
  private let namespace: ExactText?
  private let name: ExactText

  package init(group: String, kind: String, namespace: String?, name: String) {
    self.group = group.exact
    self.kind = kind.exact
    self.namespace = namespace?.exact
    self.name = name.exact
  }
}
