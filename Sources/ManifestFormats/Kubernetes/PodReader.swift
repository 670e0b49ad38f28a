import PortModel
import SourceText
import SourceYAML

/// Lowers one pod, or the template of one.
struct PodReader {
  let object: KubernetesObject
  let template: PodTemplate
  private let file: SourceFile
  let isOnHostNetwork: Bool
  /// Whether it cannot be known if the pod is on the host's network.
  private let isNetworkOpen: Bool
  private let commonPrivilege: PodPrivilege.Common

  init(object: KubernetesObject, template: PodTemplate, file: SourceFile) {
    self.object = object
    self.template = template
    self.file = file
    let hostNetwork = template.spec.value("hostNetwork")
    isOnHostNetwork = hostNetwork?.isTrue == true
    isNetworkOpen = hostNetwork?.isOpen == true
    commonPrivilege = PodPrivilege.Common(of: template.spec, isOnHostNetwork: isOnHostNetwork)
  }

  func read(into inventory: inout Inventory) {
    let spec = template.spec
    // Whatever was read before numbers this pod's namespace.
    let part = Int32(inventory.owners.count)
    var owner = object.owner(in: file)
    owner.labels = template.labels
    owner.network = isNetworkOpen ? .unknown : isOnHostNetwork ? .host : .private
    let (placement, limit) = Placement.read(from: spec, isOnEach: object.kind == "DaemonSet")
    owner.placement = placement
    if let limit { inventory.problems.report(.limitExceeded(limit), at: spec.range) }
    if let none = placeOfNone { owner.copies = .known(ManifestNumber(0), at: none) }
    owner.replicas = replicas.map { ManifestNumber($0) }
    if placement.isOnOneNode, PodReader.kindsThatStay.contains(object.kind), let count = replicas.value, count > 1 {
      owner.copies = owner.replicas
    }
    owner.startsFirst = updateThatStartsFirst
    owner.pod = .manifest(file.id, part: part)
    let first = inventory.bindings.count
    for container in spec.items(of: "initContainers") {
      // One that does not stay ends before the next begins, so nobody meets it.
      let stays = container.value("restartPolicy")?.isText("Always") == true
      read(container, owner, alone: !stays, into: &inventory)
    }
    for container in spec.items(of: "containers") {
      read(container, owner, alone: false, into: &inventory)
    }
    checkNames(from: first, into: &inventory)
    checkCombinations(owner, into: &inventory)
    checkSpelling(owner, into: &inventory)
  }

  /// Where the object says that no pod of it runs: a template for others, or no replicas.
  private var placeOfNone: SourceRange? {
    if object.kind == "PodTemplate" { return object.place }
    guard let replicas = object.spec?.value("replicas"), replicas.wholeNumber == 0 else { return nil }
    return replicas.textRange
  }

  /// How many pods of it the object asks for: one where it says nothing, if it is of a kind that is known to mean that.
  private var replicas: Fact<Int> {
    let spec = object.kind == "CronJob" ? object.spec?.value("jobTemplate")?.value("spec") : object.spec
    let isJob = object.kind == "Job" || object.kind == "CronJob"
    guard let node = isJob ? spec?.value("parallelism") : spec?.value("replicas"), !node.isNull,
      node.isScalar || node.isOpen
    else { return PodReader.singleKinds.contains(object.kind) ? .absent : .unknown("", at: object.place) }
    return node.wholeNumber.map { .known($0, at: node.textRange) } ?? .unknown(node.sourceText, at: node.range)
  }

  /// The kinds that run one pod where they do not say how many: a DaemonSet runs one a node, and others may scale.
  private static let singleKinds: Set = [
    "Pod", "Deployment", "StatefulSet", "ReplicaSet", "ReplicationController", "Job", "CronJob", "Rollout",
    "DeploymentConfig",
  ]

  /// What says the numbers and addresses of a container's port.
  private static let portKeys: [StaticString] = ["containerPort", "hostPort", "hostIP", "protocol"]

  /// The kinds that start every copy whether or not there is room for it.
  private static let kindsThatStay: Set = ["Deployment", "StatefulSet", "ReplicaSet", "ReplicationController"]

  private func read(_ container: YAMLNode, _ pod: Owner, alone: Bool, into inventory: inout Inventory) {
    guard container.isMapping else { return }
    var owner = pod
    let nameNode = container.value("name")
    let isNameOpen = nameNode?.isOpen == true
    owner.container = nameNode.flatMap { $0.isScalar && !$0.bytes.isEmpty ? $0.text : isNameOpen ? $0.sourceText : nil }
    if isNameOpen { owner.openNames.insert(.container) }
    owner.place = nameNode?.range ?? container.range
    owner.image = container.value("image")?.textFact.map { ManifestText($0) } ?? .absent
    // A container without an image is a patch's: the rest of it is elsewhere.
    if !container.has("image") { owner.isPartial = true }
    owner.startup = startup(of: container)
    if alone {
      owner.pod = .manifest(file.id, part: -1 - Int32(inventory.owners.count))
      owner.isTransient = true
      // Nobody waits for it.
      owner.startsFirst = nil
    }
    let id = inventory.add(owner)
    var fields = KubernetesFields(owner: id)
    if !readPorts(of: container, owner: owner, alone: alone, &fields, into: &inventory) {
      inventory[id].hasKnownPorts = false
    }
    readProbes(of: container, id, &fields, into: &inventory)
    checkVariables(of: container, &fields)
    inventory.problems += fields.problems
  }
}

// MARK: - What starts the process

extension PodReader {
  private func startup(of container: YAMLNode) -> Startup {
    var startup = Startup()
    if let others = container.value("envFrom"), !others.isNull { startup.unseen.insert(.variables) }
    for variable in container.items(of: "env") {
      guard let name = variable.value("name") else { continue }
      let value = variable.value("value")?.bytes
      name.bytes.withBytes { name in
        if let value {
          value.withBytes { startup.add(variable: name, value: $0) }
        } else {
          startup.add(variable: name, value: nil)
        }
      }
    }
    for word in container.items(of: "command") { word.bytes.withBytes { startup.add(toEntrypoint: $0) } }
    for word in container.items(of: "args") { word.bytes.withBytes { startup.add(toCommand: $0) } }
    for mount in container.items(of: "volumeMounts") {
      mount.value("mountPath")?.bytes.withBytes { startup.add(file: $0) }
    }
    return startup
  }
}

// MARK: - Ports

extension PodReader {
  /// Reads a container's ports.
  ///
  /// - Returns: Whether all of them could be read.
  private func readPorts(
    of container: YAMLNode, owner: Owner, alone: Bool, _ fields: inout KubernetesFields, into inventory: inout Inventory
  ) -> Bool {
    guard let ports = container.value("ports"), !ports.isNull else {
      if template.flavour == .workload { fields.reportMisspelt(among: ["ports"], of: container, in: "a container") }
      return true
    }
    guard !ports.isOpen else { return false }
    guard ports.isSequence else {
      fields.report(.invalidPort(.notAList(field: "ports")), ports, at: ports.range)
      return false
    }
    let privilege = PodPrivilege(of: container, in: commonPrivilege)
    var names: [String: SourceRange] = [:]
    var areAllRead = true
    var numbers: [String: SourceRange] = [:]
    for entry in ports.items {
      guard entry.isMapping else {
        fields.report(.invalidPort(.notAMapping(field: "a container port")), entry, at: entry.range)
        areAllRead = false
        continue
      }
      if !isAllowedByRollout(entry, taken: &numbers, &fields) { continue }
      let isRead = readPort(entry, owner: owner, alone: alone, privilege, names: &names, &fields, into: &inventory)
      areAllRead = areAllRead && isRead
    }
    return areAllRead
  }

  private func readPort(
    _ entry: YAMLNode, owner: Owner, alone: Bool, _ privilege: PodPrivilege, names: inout [String: SourceRange],
    _ fields: inout KubernetesFields, into inventory: inout Inventory
  ) -> Bool {
    guard !entry.isOpen, isAllowedByKnative(entry, &fields) else { return false }
    // Knative picks a port where none is given.
    let containerPort = fields.port(
      entry.value("containerPort"), "containerPort", zeroIsUnset: template.flavour == .knative)
    // What other kinds may have is not known.
    let isOwnKind = template.flavour == .workload
    let misspelt =
      isOwnKind ? fields.reportMisspelt(among: PodReader.portKeys, of: entry, in: "a container port") : []
    if case .absent = containerPort, isOwnKind, !owner.isPartial, !misspelt.contains("containerPort") {
      fields.report(.invalidPort(.missing(field: "containerPort")), entry, at: entry.range)
    }
    let hostPort = fields.port(entry.value("hostPort"), "hostPort", zeroIsUnset: true)
    let transport = fields.transport(entry.value("protocol"))
    let name = fields.name(entry.value("name"), "a container port's name", grammar: .container)
    if let text = name?.value, let place = name?.place {
      if let earlier = names[text] {
        let related = [Related("'\(text)' is already given here", at: earlier)]
        let cause = Problem.InvalidPortName.duplicate(text, owner: owner.phrase)
        fields.problems.report(.invalidPortName(cause), owner: fields.owner, at: place, related: related)
        return false
      }
      names[text] = place
    }
    guard let transport, let name, let node = containerPort.node else { return false }
    if case .invalid = hostPort { return false }
    var claim = Claim(fields.owner, entry: entry, transport: transport, name: name)
    claim.address = hostAddress(entry.value("hostIP"))
    let nodeUnit = alone ? owner.pod : .cluster(file.id)
    let nodeScope = Scope(.node, nodeUnit ?? .cluster(file.id), .scheduler)
    let podScope = Scope(.networkNamespace, owner.pod ?? .manifest(file.id, part: 0), .pod)
    if isOnHostNetwork {
      // One claim on the node, said at the hostPort where that is written.
      let said = hostPort.node == nil ? containerPort : hostPort
      var binding = claim.binding(said, .publish, nodeScope)
      binding?.target = Binding.Target(ports: containerPort.range, place: node.textRange)
      if let port = containerPort.range?.first { binding?.privilege = privilege.privilege(for: port) }
      if let binding { inventory.bindings.append(binding) }
      return true
    }
    if case .literal(let text, _) = claim.address, hostPort.node == nil, !owner.isPartial, !isNetworkOpen,
      let address = entry.value("hostIP")
    {
      fields.report(.ignoredAddress(text), address)
    }
    var listening = claim
    listening.address = .every
    if var binding = listening.binding(containerPort, .listen, podScope) {
      binding.outerPort = hostPort.node == nil ? .none : hostPort.range.map { .known($0.first) } ?? .unknown
      if let port = containerPort.range?.first { binding.privilege = privilege.privilege(for: port) }
      inventory.bindings.append(binding)
    }
    if var binding = claim.binding(hostPort, .publish, nodeScope) {
      binding.target = Binding.Target(ports: containerPort.range, place: node.textRange)
      inventory.bindings.append(binding)
    }
    return true
  }

  /// `hostIP`, which the API takes as any text.
  private func hostAddress(_ node: YAMLNode?) -> HostAddress {
    guard let node else { return .every }
    if node.isOpen { return .unresolved(node.sourceText) }
    guard node.isScalar, !node.bytes.isEmpty, !node.isNull else { return .every }
    return .literal(node.text, IPAddress(node.text))
  }
}

/// What the bindings of one written port have in common.
private struct Claim {
  var owner: OwnerID
  var entry: YAMLNode
  var transport: TransportProtocol?
  var name: Fact<String>
  var address = HostAddress.every

  init(_ owner: OwnerID, entry: YAMLNode, transport: TransportProtocol?, name: Fact<String>) {
    self.owner = owner
    self.entry = entry
    self.transport = transport
    self.name = name
  }

  /// The binding of a port field, if it says one.
  func binding(_ field: PortField, _ role: Binding.Role, _ scope: Scope) -> Binding? {
    guard let node = field.node else { return nil }
    var binding = Binding(
      owner: owner, role: role, scope: scope, address: address, port: field.claim, transport: transport,
      place: node.isScalar ? node.textRange : node.range, entry: entry.range, text: node.sourceText)
    binding.name = name
    if let alias = node.alias { binding.ways = [WayIn(.alias, at: alias)] }
    return binding
  }
}

extension PortField {
  /// What the field claims.
  var claim: Binding.PortClaim {
    range.map { .fixed($0, .all) } ?? .unresolved
  }

  /// The port as a range, where it is known.
  var range: PortRange? {
    if case .number(let port, _) = self { PortRange(port) } else { nil }
  }
}

// MARK: - Probes

extension PodReader {
  private func readProbes(
    of container: YAMLNode, _ id: OwnerID, _ fields: inout KubernetesFields, into inventory: inout Inventory
  ) {
    for key in ["livenessProbe", "readinessProbe", "startupProbe"] as [StaticString] {
      guard let probe = container.value(key) else { continue }
      readHandler(probe, .probe, id, &fields, into: &inventory)
      guard let action = probe.value("grpc"), action.isMapping, !action.isOpen else { continue }
      switch fields.port(action.value("port"), "grpc.port") {
      case .number(let port, let node):
        inventory.references.append(
          Reference(
            owner: id, field: .probe, wanted: .number(port), transport: .tcp, toward: .itself, place: node.textRange))
      case .absent: reportMissingPort(of: action, id, &fields, into: inventory)
      case .unresolved, .invalid: break
      }
    }
    for key in ["postStart", "preStop"] as [StaticString] {
      guard let handler = container.value("lifecycle")?.value(key) else { continue }
      readHandler(handler, .lifecycle, id, &fields, into: &inventory)
    }
  }

  private func readHandler(
    _ handler: YAMLNode, _ field: Reference.Field, _ id: OwnerID, _ fields: inout KubernetesFields,
    into inventory: inout Inventory
  ) {
    for key in ["httpGet", "tcpSocket"] as [StaticString] {
      guard let action = handler.value(key), action.isMapping, !action.isOpen else { continue }
      // For Knative, 0 is the port that the container has.
      let wanted = fields.portOrName(action.value("port"), "\(key).port", emptyIsUnset: template.flavour == .knative)
      if case .absent = wanted { reportMissingPort(of: action, id, &fields, into: inventory) }
      // A number on another host is that host's affair.
      if case .number = wanted, action.value("host")?.isNull == false { continue }
      // kubelet looks a name up among the container's ports, whatever their protocol.
      if let reference = wanted.reference(from: id, field, transport: nil, toward: .itself) {
        inventory.references.append(reference)
      }
    }
  }
}

extension PodReader {
  /// Whoever is to be asked has to be asked on a port; only Knative and its like know one that goes without saying.
  private func reportMissingPort(
    of action: YAMLNode, _ id: OwnerID, _ fields: inout KubernetesFields, into inventory: Inventory,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    guard template.flavour == .workload, !inventory[id].isPartial else { return }
    fields.report(.invalidPort(.missing(field: "port")), action, at: action.range, file: file, line: line)
  }
}

extension PortOrNameField {
  /// The reference that the field makes, where it says a port or a name.
  func reference(
    from owner: OwnerID, _ field: Reference.Field, transport: TransportProtocol?, toward: Reference.Toward
  ) -> Reference? {
    switch self {
    case .number(let port, let node):
      Reference(
        owner: owner, field: field, wanted: .number(port), transport: transport, toward: toward, place: node.textRange)
    case .name(let name, let node):
      Reference(
        owner: owner, field: field, wanted: .name(name), transport: transport, toward: toward, place: node.textRange)
    case .absent, .unresolved, .invalid: nil
    }
  }
}
