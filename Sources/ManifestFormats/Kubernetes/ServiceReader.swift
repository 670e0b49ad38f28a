import PortModel
import SourceText
import SourceYAML

/// Lowers one Service.
struct ServiceReader {
  let object: KubernetesObject
  let spec: YAMLNode
  private let file: SourceFile
  // What holds for all ports is looked up once, however many there are.
  /// The Service's type, ClusterIP where none is written; nothing where it cannot be known.
  let type: String?
  /// The pods behind it, where it says which.
  private let selected: LabelSelector?

  /// A reader, unless the object has nothing to read.
  init?(object: KubernetesObject, file: SourceFile) {
    guard let spec = object.spec, spec.isMapping else { return nil }
    self.object = object
    self.spec = spec
    self.file = file
    let type = spec.value("type")
    let isUnsaid = type.map { $0.isNull || $0.isText("") } ?? true
    let selector = spec.value("selector")
    // A fragment without a selector may get its type elsewhere.
    self.type = isUnsaid ? selector.map { _ in "ClusterIP" } : type?.knownText
    let isName = type?.isText("ExternalName") == true
    selected = (isName ? nil : selector?.labels).flatMap { $0.isEmpty ? nil : LabelSelector(labels: $0) }
  }

  func read(into inventory: inout Inventory) {
    var owner = object.owner(in: file)
    owner.isService = true
    owner.isHeadless = leadsThrough
    owner.isSelectorless = isSelectorless
    owner.selected = selected
    owner.isOpened = isOpened
    owner.labels = object.node.value("metadata")?.value("labels").map(\.labels) ?? Labels()
    // What it leads to is outside.
    owner.hasKnownPorts = spec.value("type")?.isText("ExternalName") != true
    let id = inventory.add(owner)
    var fields = KubernetesFields(owner: id)
    defer { inventory.problems += fields.problems }
    readHealthCheck(id, &fields, into: &inventory)
    checkHeadless(&fields)
    if !readPorts(owner, id, &fields, into: &inventory) { inventory[id].hasKnownPorts = false }
  }

  /// Reads the Service's ports.
  ///
  /// - Returns: Whether there are some and all of them could be read.
  private func readPorts(
    _ owner: Owner, _ id: OwnerID, _ fields: inout KubernetesFields, into inventory: inout Inventory
  ) -> Bool {
    guard let ports = spec.value("ports"), !ports.isNull, !ports.isOpen, !ports.isEmptyList else {
      let misspelt = fields.reportMisspelt(among: ["ports"], of: spec, in: "a Service's spec")
      if spec.value("ports")?.isOpen != true, misspelt.isEmpty { checkThatNoneAreNeeded(&fields) }
      return false
    }
    guard ports.isSequence else {
      fields.report(.invalidPort(.notAList(field: "ports")), ports, at: ports.range)
      return false
    }
    var names: [String: SourceRange] = [:]
    var areAllRead = ports.count > 0
    var taken: [String: SourceRange] = [:]
    for entry in ports.items {
      guard entry.isMapping else {
        fields.report(.invalidPort(.notAMapping(field: "a Service port")), entry, at: entry.range)
        areAllRead = false
        continue
      }
      let isOneOfSeveral = ports.count > 1
      let isRead = readPort(
        entry, owner, id, isOneOfSeveral: isOneOfSeveral, names: &names, taken: &taken, &fields, into: &inventory)
      areAllRead = areAllRead && isRead
    }
    return areAllRead
  }

  private func readPort(
    _ entry: YAMLNode, _ owner: Owner, _ id: OwnerID, isOneOfSeveral: Bool, names: inout [String: SourceRange],
    taken: inout [String: SourceRange], _ fields: inout KubernetesFields, into inventory: inout Inventory
  ) -> Bool {
    guard !entry.isOpen else { return false }
    let port = fields.port(entry.value("port"), "port")
    let misspelt = fields.reportMisspelt(
      among: ["port", "targetPort", "nodePort", "protocol", "appProtocol"], of: entry, in: "a Service port")
    if case .absent = port, !misspelt.contains("port") {
      fields.report(.invalidPort(.missing(field: "port")), entry, at: entry.range)
    }
    let targetPort = fields.portOrName(entry.value("targetPort"), "targetPort", emptyIsUnset: true)
    let nodePort = nodePort(entry.value("nodePort"), &fields)
    let transport = fields.transport(entry.value("protocol"))
    let name = fields.name(entry.value("name"), "a Service port's name", grammar: .dnsLabel)
    let isNamedWell = check(name, of: entry, owner, isOneOfSeveral: isOneOfSeveral, names: &names, &fields)
    guard let transport else { return false }
    let isItsOwn = !isOneOfSeveral || isAllowed(port, transport, taken: &taken, &fields)
    if let pods, let reference = targetPort.reference(from: id, .targetPort, transport: transport, toward: pods) {
      inventory.references.append(reference)
    }
    guard let name, isNamedWell, isItsOwn, let node = port.node else { return false }
    if case .invalid = targetPort { return false }
    if case .invalid = nodePort { return false }
    let target = target(targetPort, port: port, node)
    var binding = Binding(
      owner: id, role: .service, scope: Scope(.virtual, .manifest(file.id, part: id.index), .pod), address: .every,
      port: port.claim, transport: transport, place: node.isScalar ? node.textRange : node.range, entry: entry.range,
      text: node.sourceText)
    binding.name = name
    binding.target = target
    binding.applicationProtocol = entry.value("appProtocol")?.textFact ?? .absent
    if let alias = node.alias { binding.ways = [WayIn(.alias, at: alias)] }
    inventory.bindings.append(binding)
    guard let said = nodePort.node else { return true }
    binding.role = .publish
    binding.scope = Scope(.nodePorts, .cluster(file.id), .nodePorts)
    binding.port = nodePort.claim
    binding.place = said.isScalar ? said.textRange : said.range
    binding.text = said.sourceText
    binding.ways = said.alias.map { [WayIn(.alias, at: $0)] } ?? []
    inventory.bindings.append(binding)
    return true
  }

  /// Whether a name is what the API asks beyond its grammar: one for each port, and each its own, where there are several.
  private func check(
    _ name: Fact<String>?, of entry: YAMLNode, _ owner: Owner, isOneOfSeveral: Bool,
    names: inout [String: SourceRange], _ fields: inout KubernetesFields
  ) -> Bool {
    switch name {
    case .known where !isOneOfSeveral: return true
    case .known(let text, let place):
      guard let earlier = names.earlier(than: place, for: text) else { return true }
      let related = [Related("'\(text)' is already given here", at: earlier)]
      let cause = Problem.InvalidPortName.duplicate(text, owner: owner.phrase)
      fields.problems.report(.invalidPortName(cause), owner: fields.owner, at: place, related: related)
      return false
    case .absent where isOneOfSeveral:
      let said = entry.value("port") ?? entry
      fields.report(
        .invalidPortName(.missing(field: "a Service port")), said, at: said.isScalar ? said.textRange : said.range)
      return false
    default: return true
    }
  }

  /// Whether everybody reaches its pods from outside: through a balancer, or a port of each node.
  private var isOpened: Bool {
    guard selected != nil else { return false }
    switch spec.value("type")?.text {
    case "NodePort": return true
    case "LoadBalancer": return !isKeptInside
    default: return false
    }
  }

  /// Whether its name leads to those behind it, and nothing maps its ports.
  private var leadsThrough: Truth {
    if spec.value("type")?.isText("ExternalName") == true { return .yes }
    return isHeadless.map { Truth($0) } ?? .unknown
  }

  private var isSelectorless: Bool {
    guard let type = spec.value("type"), !type.isNull else { return spec.value("selector")?.isEmptyMapping ?? true }
    return type.isText("ClusterIP") && spec.value("selector")?.isEmptyMapping ?? true
  }

  /// The pods behind it, as its ports mean them.
  private var pods: Reference.Toward? {
    selected.map { .pods(.these([object.namespace?.exact]), $0, cluster: .cluster(file.id)) }
  }

  /// Whether something says that the balancer is not for everybody: the addresses that may come, or a provider's
  /// annotation such as `service.beta.kubernetes.io/aws-load-balancer-internal`.
  private var isKeptInside: Bool {
    if let sources = spec.value("loadBalancerSourceRanges"), !sources.isEmptyList { return true }
    if spec.value("loadBalancerClass")?.text.lowercased().contains("internal") == true { return true }
    return object.node.value("metadata")?.entries(of: "annotations").contains { entry in
      (entry.key.text + " " + entry.value.text).lowercased().contains("internal")
    } ?? false
  }

  /// Where the port leads: its own number, unless `targetPort` says otherwise.
  private func target(_ targetPort: PortOrNameField, port: PortField, _ node: YAMLNode) -> Binding.Target? {
    switch targetPort {
    case .number(let port, let node): Binding.Target(ports: PortRange(port), place: node.textRange)
    case .name(let name, let node): Binding.Target(ports: nil, name: name, place: node.textRange)
    case .absent: port.range.map { Binding.Target(ports: $0, place: node.textRange) }
    case .unresolved(let node): Binding.Target(ports: nil, place: node.range)
    case .invalid: nil
    }
  }

  /// `healthCheckNodePort` is taken from the node ports too.
  private func readHealthCheck(_ id: OwnerID, _ fields: inout KubernetesFields, into inventory: inout Inventory) {
    let port = fields.port(spec.value("healthCheckNodePort"), "healthCheckNodePort", zeroIsUnset: true)
    guard let node = port.node else { return }
    if hasHealthCheck == false {
      fields.report(.invalidCombination(node.sourceText, .healthCheck), node)
      return
    }
    let binding = Binding(
      owner: id, role: .publish, scope: Scope(.nodePorts, .cluster(file.id), .nodePorts), address: .every,
      port: port.claim, transport: .tcp, place: node.isScalar ? node.textRange : node.range, entry: node.range,
      text: node.sourceText)
    inventory.bindings.append(binding)
  }
}
