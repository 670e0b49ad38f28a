import PortModel
import SourceText

/// A service of a Compose project that is called by a number which it does not declare.
struct CalledService {
  private let reference: Reference
  private let port: UInt16
  private let offer: Offer
  private let callees: Callees
  private let context: JudgingContext

  /// Nothing unless all that the service declares is known, and nothing says that it listens there all the same.
  init?(_ reference: Reference, _ offer: Offer, _ callees: Callees, _ context: JudgingContext) {
    guard case .number(let port) = reference.wanted, let callee = offer.first else { return nil }
    let network = context.inventory.network(of: callee)
    guard network == .private || network == .isolated else { return nil }
    let mayListen = ([callee] + reference.neighbours).contains {
      callees.mayListen($0, as: reference, on: port)
    }
    guard offer.isDeclaredWhole, offer.count > 0, !mayListen else { return nil }
    self.reference = reference
    self.port = port
    self.offer = offer
    self.callees = callees
    self.context = context
  }

  /// The mapping from the number, which leads to another; nothing where somebody else of the project may be meant.
  var outerPort: (claim: Binding, inner: UInt16)? {
    guard !reference.isDeclaredBeside,
      let mapping = offer.claim(publishing: port, reference.transport),
      let inner = mapping.targetPort(of: port), inner != port
    else { return nil }
    return (mapping, inner)
  }

  /// What a proxy is told, beside the only port that there is.
  var mislabelled: Match? {
    guard reference.field == .proxy, reference.transport == .tcp else { return nil }
    let (inventory, known) = (context.inventory, context.policy.knownServices)
    let owner = inventory[reference.owner]
    guard let only = offer.onlyInnerPort, only.value.isSingle else { return nil }
    let declared = only.value.first
    // What speaks something else has a web server that nobody published.
    guard declared != port, known.mayBeHTTP(declared), !known.hasService(at: declared, and: port), mayBeWeb(declared),
      callees.isProxied(reference.owner, at: declared)
    else { return nil }
    return Match(
      values: [
        .owner: owner.phrase, .name: "\(port)", .field: reference.field.rawValue, .other: owner.phrase, .theirs: "",
        .protocol: "TCP", .suggestion: "", .expected: "\(declared)",
      ],
      owner: reference.owner, transport: reference.transport, place: reference.place,
      related: [Related("\(declared) is declared here", at: only.place)])
  }
}

extension CalledService {
  /// Whether what listens on the only port may be what the proxy is for: who publishes a port as it is, where a proxy does
  /// the rest, has a debugger there as often as not.
  private func mayBeWeb(_ port: UInt16) -> Bool {
    let known = context.policy.services.isOfWeb(port)
    return known ?? (!offer.isPublishedAsItIs || context.policy.knownServices.isHTTP(port))
  }
}

extension Binding {
  /// The container's port behind a port of the host.
  fileprivate func targetPort(of port: UInt16) -> UInt16? {
    guard let ports = fixedPorts, let targets = target?.ports else { return nil }
    if targets.isSingle { return targets.first }
    return targets.count == ports.count ? targets.first + (port - ports.first) : nil
  }
}

extension ServicesDatabase {
  /// Words by which the table in the program describes what a browser or a client of HTTP speaks.
  private static let wordsOfWeb = [
    "http", "web", "api", "interface", "registry", "development server", "dashboard", "console", "portal",
  ]

  /// Whether a port is known for what a proxy speaks; nothing where it is known for nothing.
  fileprivate func isOfWeb(_ port: UInt16) -> Bool? {
    let uses = entries(at: port, .tcp).filter { $0.origin == .deFacto }.map { $0.description.lowercased() }
    if uses.isEmpty { return nil }
    return uses.contains { use in ServicesDatabase.wordsOfWeb.contains { use.contains($0) } }
  }
}

extension Owner {
  /// Whether a proxy sends requests to the port that it is told: Traefik does not where it is told so, or where a router
  /// goes to one of its own services, whose port is any.
  fileprivate var isProxied: Bool {
    guard let labels else { return false }
    return labels["traefik.enable"].map { $0.value == "true" } ?? true
      && !labels.all.contains { $0.value?.hasSuffix("@internal") ?? true }
  }
}

/// What is known of the services that others call: each is looked at once, by however many it is called.
final class Callees {
  private let context: JudgingContext
  private var startups: [StartupKey: Set<UInt16>] = [:]
  private var images: [OwnerID: ImageName?] = [:]
  private var proxied: [ProxiedPort: Bool] = [:]

  private struct StartupKey: Hashable {
    var owner: OwnerID
    var isProxied: Bool
  }

  private struct ProxiedPort: Hashable {
    var owner: OwnerID
    var number: UInt16
  }

  init(_ context: JudgingContext) {
    self.context = context
  }

  /// Whether a proxy may be meant to send requests to a port of a service: it does to some, and this is no debugger's.
  func isProxied(_ owner: OwnerID, at port: UInt16) -> Bool {
    let key = ProxiedPort(owner: owner, number: port)
    if let known = proxied[key] { return known }
    let service = context.inventory[owner]
    let isProxied = service.isProxied && !service.startup.mentions(port, behindAnyOf: DebuggingPort.signs)
    proxied[key] = isProxied
    return isProxied
  }

  /// Whether something says that a service's process may listen on a port that it does not declare: what starts it, or
  /// what its image is known for.
  func mayListen(_ owner: OwnerID, as reference: Reference, on port: UInt16) -> Bool {
    let policy = context.policy
    if startup(of: owner, isProxied: reference.field == .proxy).contains(port) { return true }
    guard let image = image(of: owner) else { return false }
    if policy.knownServices.opens(port, image) { return true }
    return policy.services.entries(at: port, reference.transport ?? .tcp).contains { entry in
      image.isCalled(entry.name) && !policy.knownServices.isName(entry.name)
    }
  }

  /// Whether one of a pod's containers may listen on a number that its own probe or hook asks.
  func answers(_ reference: Reference, _ offer: Offer) -> Bool {
    guard case .itself = reference.toward, case .number(let port) = reference.wanted else { return false }
    context.work.selections.take(offer.owners.count)
    return offer.owners.contains { mayListen(OwnerID($0), as: reference, on: port) }
  }

  /// The numbers in what starts a service's process.
  private func startup(of owner: OwnerID, isProxied: Bool) -> Set<UInt16> {
    let key = StartupKey(owner: owner, isProxied: isProxied)
    if let known = startups[key] { return known }
    let numbers = context.inventory[owner].startup.numbers(besides: isProxied ? Startup.proxyVariable : nil)
    startups[key] = numbers
    return numbers
  }

  private func image(of owner: OwnerID) -> ImageName? {
    if let known = images[owner] { return known }
    let image: ImageName? =
      switch context.inventory[owner].image {
      case .known(let text, _): ImageName(text.value)
      case .unknown(let text, _): ImageName(text)
      case .absent: nil
      }
    images.updateValue(image, forKey: owner)
    return image
  }
}
