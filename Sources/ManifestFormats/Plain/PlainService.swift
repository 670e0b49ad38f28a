import PortModel
import SourceText
import SourceYAML

/// A service of a plain manifest while it is read: what holds for all of its ports, and what has come of them.
struct PlainService {
  private static let keys = ["name", "port", "ports", "protocol", "address", "user", "reuse", "v6only"]
  private static let portKeys = ["port", "name", "protocol", "address", "reuse", "v6only"]

  private let owner: OwnerID
  private let name: String?
  private let scope: Scope
  private var defaults = SocketFields()
  private var user = Fact<String>.absent
  private var fields: PlainFields
  private var bindings: [Binding] = []
  private var claims: ClaimLimit

  private init(owner: OwnerID, name: String?, scope: Scope, within claims: ClaimLimit) {
    self.owner = owner
    self.name = name
    self.scope = scope
    self.claims = claims
    fields = PlainFields(owner: owner)
  }

  /// Adds a service of one host, and a binding for each socket that it binds.
  static func read(
    _ node: YAMLNode, host: String?, scope: Scope, within claims: inout ClaimLimit, into inventory: inout Inventory
  ) {
    let name = node.value("name").flatMap { $0.isName ? $0 : nil }
    var owner = Owner(format: .plain, kind: "service", name: name?.text, place: (name ?? node).range)
    owner.hostName = host?.shortened
    var service = PlainService(owner: inventory.add(owner), name: owner.name, scope: scope, within: claims)
    service.read(node, name: name)
    claims = service.claims
    inventory.bindings += service.bindings
    inventory.problems += service.fields.problems
  }

  private mutating func read(_ node: YAMLNode, name: YAMLNode?) {
    let keys = fields.checkKeys(of: node, known: PlainService.keys, owner: "a service")
    if let given = node.value("name") {
      if name == nil { fields.reportUnknown(given, field: "name", expected: "text") }
    } else if !keys.meant.contains("name") {
      fields.report(.invalidPort(.missing(field: "name")), node)
    }
    defaults = SocketFields(node, &fields)
    user = fields.user(node.value("user"))
    let port = node.value("port")
    let ports = node.value("ports")
    if port == nil, ports == nil, keys.meant.isDisjoint(with: ["port", "ports"]) {
      fields.report(.invalidPort(.missing(field: "port")), name ?? node)
    }
    if port != nil { fields.refuseKey("ports", of: node, owner: "a service with 'port'") }
    if let port, let claim = fields.claim(port) {
      bind(claim, at: port, entry: node, SocketFields(), name: .absent)
    }
    if let ports { readPorts(ports) }
    // What the key was meant to say of the ports is not known.
    if !keys.areKnown { bindings = [] }
  }

  private mutating func readPorts(_ node: YAMLNode) {
    guard node.isSequence else {
      fields.report(.invalidPort(.notAList(field: "ports")), node)
      return
    }
    for item in node.items {
      if claims.isPassed { return }
      if item.isMapping, !item.isOpen {
        readPort(item)
      } else if let claim = fields.claim(item) {
        bind(claim, at: item, entry: item, SocketFields(), name: .absent)
      }
    }
  }

  private mutating func readPort(_ item: YAMLNode) {
    let before = fields.problems.count
    let keys = fields.checkKeys(of: item, known: PlainService.portKeys, owner: "a port entry")
    let name = fields.portName(item.value("name"))
    let own = SocketFields(item, &fields)
    guard let port = item.value("port") else {
      if !keys.meant.contains("port") { fields.report(.invalidPort(.missing(field: "port")), item) }
      return
    }
    guard let claim = fields.claim(port), fields.problems.count == before else { return }
    bind(claim, at: port, entry: item, own, name: name)
  }

  /// Adds a binding for each protocol of a port, unless something that it takes from the service is wrong.
  private mutating func bind(
    _ claim: Binding.PortClaim, at port: YAMLNode, entry: YAMLNode, _ own: SocketFields, name: Fact<String>
  ) {
    guard let transports = own.transports.orElse(defaults.transports).value(default: [.tcp]),
      let address = own.address.orElse(defaults.address).value(default: .every),
      let reuse = own.reuse.orElse(defaults.reuse).value(default: []),
      let onlyIPv6 = own.onlyIPv6.orElse(defaults.onlyIPv6).value(default: false)
    else { return }
    if case .refused(let limit) = claims.answer(to: transports.count, of: self.name) {
      if let limit { fields.report(.limitExceeded(limit), entry) }
      return
    }
    for transport in transports {
      var binding = Binding(
        owner: owner, role: .publish, scope: scope, address: address, port: claim, transport: transport,
        place: port.isScalar ? port.textRange : port.range, entry: entry.range, text: port.sourceText)
      binding.name = name
      binding.reuse = onlyIPv6 ? reuse.union(.onlyIPv6) : reuse
      binding.user = user
      binding.privilege = privilege(for: claim)
      if let alias = port.alias { binding.ways = [WayIn(.alias, at: alias)] }
      bindings.append(binding)
    }
  }

  private func privilege(for claim: Binding.PortClaim) -> Binding.Privilege {
    guard let user = user.value else { return .unneeded }
    if user == "root" || user == "0" { return .held }
    guard case .fixed(let ports, _) = claim else { return .unneeded }
    return ports.first < 1024 ? .missing : .unneeded
  }
}

/// What a service, or one of its ports, says of the sockets.
private struct SocketFields {
  var transports = PlainField<[TransportProtocol?]>.absent
  var address = PlainField<HostAddress>.absent
  /// `SO_REUSEADDR` and `SO_REUSEPORT`.
  var reuse = PlainField<Binding.Reuse>.absent
  /// `IPV6_V6ONLY`
  var onlyIPv6 = PlainField<Bool>.absent

  init() {}

  init(_ node: YAMLNode, _ fields: inout PlainFields) {
    transports = fields.transports(node.value("protocol"))
    address = fields.address(node.value("address"))
    reuse = fields.reuse(node.value("reuse"))
    onlyIPv6 = fields.bool(node.value("v6only"), "v6only")
  }
}
