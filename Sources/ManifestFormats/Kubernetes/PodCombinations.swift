import PortModel
import SourceText
import SourceYAML

/// What the API, or Knative, refuses of a pod as a whole (core `ValidatePodSpec`, Knative `ValidatePodSpec`).
extension PodReader {
  /// Says of keys that they are nearly those by which pods share a node's network.
  func checkSpelling(_ pod: Owner, into inventory: inout Inventory) {
    guard template.flavour == .workload, !template.spec.misspeltKeys(among: ["hostNetwork"]).isEmpty else { return }
    var fields = KubernetesFields(owner: inventory.add(pod))
    fields.reportMisspelt(among: ["hostNetwork"], of: template.spec, in: "a pod's spec")
    inventory.problems += fields.problems
  }

  func checkCombinations(_ pod: Owner, into inventory: inout Inventory) {
    for container in template.spec.items(of: "ephemeralContainers") {
      guard let ports = container.value("ports"), ports.isSequence, let first = ports.items.first(where: { _ in true })
      else { continue }
      var owner = pod
      owner.container = container.value("name")?.knownText
      owner.place = container.value("name")?.range ?? container.range
      owner.isTransient = true
      report(.ephemeralContainer, first.value("containerPort") ?? first, inventory.add(owner), into: &inventory)
    }
    for container in template.spec.items(of: "initContainers")
    where template.flavour == .workload && container.isWholeAndEnds {
      for (name, port) in container.portsAskedFor {
        var owner = pod
        owner.container = container.value("name")?.knownText
        owner.place = container.value("name")?.range ?? container.range
        owner.isTransient = true
        report(.initContainer, port, text: name, inventory.add(owner), into: &inventory)
      }
    }
    if isOnHostNetwork, let users = template.spec.value("hostUsers"), users.isScalar,
      ScalarValue(users) == .bool(false)
    {
      report(.hostUsers, users, inventory.add(pod), into: &inventory)
    }
    guard template.flavour == .knative else { return }
    let ports = template.spec.items(of: "containers").flatMap { $0.items(of: "ports") }
    if ports.count > 1 {
      report(.severalPorts, ports[1].value("containerPort") ?? ports[1], inventory.add(pod), into: &inventory)
    }
  }

  /// Reports each port of a name that another container's port has already, of the bindings from `first` on.
  func checkNames(from first: Int, into inventory: inout Inventory) {
    var taken: [String: Int] = [:]
    for index in first..<inventory.bindings.count {
      guard inventory.bindings[index].role == (isOnHostNetwork ? .publish : .listen),
        case .known(let name, let place) = inventory.bindings[index].name
      else { continue }
      let id = inventory.bindings[index].owner
      if inventory.owners[Int(id.index)].isTransient { continue }
      guard let earlier = taken[name] else {
        taken[name] = index
        continue
      }
      let other = inventory.bindings[earlier]
      guard other.owner != id, let there = other.name.place else { continue }
      let phrase = inventory[id].phrase(of: inventory[other.owner])
      let related = Related("\(phrase) names one '\(name)' here", at: there, owner: other.owner)
      inventory.problems.report(.ambiguousPortName(name, other: phrase), owner: id, at: place, related: [related])
    }
  }

  private func report(
    _ combination: Problem.InvalidCombination, _ node: YAMLNode, text: String? = nil, _ owner: OwnerID,
    into inventory: inout Inventory, file: StaticString = #fileID, line: UInt = #line
  ) {
    var fields = KubernetesFields(owner: owner)
    let place = node.isScalar ? node.textRange : node.range
    fields.report(
      .invalidCombination(text ?? (node.isScalar ? node.text : ""), combination), node, at: place, file: file,
      line: line)
    inventory.problems += fields.problems
  }

  /// Knative tells the container that serves its port in a variable of its own.
  ///
  /// Source: knative/serving `k8s_validation.go`, `reservedEnvVars`.
  func checkVariables(of container: YAMLNode, _ fields: inout KubernetesFields) {
    guard template.flavour == .knative else { return }
    let isAlone = template.spec.value("containers")?.count == 1
    let serves = isAlone || container.value("ports").map { $0.isSequence && $0.count > 0 } ?? false
    guard serves else { return }
    let names = container.items(of: "env").compactMap { $0.value("name") }
    guard let name = names.first(where: { $0.isText("PORT") }) else { return }
    fields.report(.invalidCombination("PORT", .portVariable), name)
  }

  /// Whether the API of Argo's Rollouts takes a port beside the others of its container: it tells them apart by number
  /// and protocol.
  func isAllowedByRollout(
    _ entry: YAMLNode, taken: inout [String: SourceRange], _ fields: inout KubernetesFields
  ) -> Bool {
    guard object.group == "argoproj.io", object.kind == "Rollout", let port = entry.value("containerPort"),
      let number = port.wholeNumber, entry.value("protocol")?.isOpen != true
    else { return true }
    let spoken = entry.value("protocol").flatMap { $0.isNull || $0.isText("") ? nil : $0.text } ?? "TCP"
    let endpoint = "\(number)/\(spoken.lowercased())"
    guard let earlier = taken.earlier(than: port.textRange, for: endpoint) else { return true }
    fields.problems.report(
      .invalidCombination(endpoint, .containerPortTwice), owner: fields.owner, at: port.textRange,
      related: [Related("\(endpoint) is already given here", at: earlier)])
    return false
  }

  /// Whether Knative takes a port of a container: some numbers it keeps for itself, and names choose the protocol.
  ///
  /// Source: knative/serving `k8s_validation.go`, `networking/constants.go`.
  func isAllowedByKnative(_ entry: YAMLNode, _ fields: inout KubernetesFields) -> Bool {
    guard template.flavour == .knative else { return true }
    var isAllowed = true
    if let node = entry.value("containerPort"), let number = node.wholeNumber,
      [8008, 8012, 8013, 8022, 9090, 9091].contains(number)
    {
      fields.report(.invalidPort(.reserved(node.text, by: "Knative")), node)
      isAllowed = false
    }
    if let node = entry.value("protocol"), let name = node.knownText, name == "UDP" || name == "SCTP" {
      fields.report(.invalidProtocol(.unknown(name, expected: "TCP")), node)
      isAllowed = false
    }
    if let node = entry.value("name"), let name = node.knownText, name != "h2c", name != "http1" {
      let field = "a Knative port's name"
      fields.report(
        .invalidPortName(.malformed(name, field: field, reason: "must be empty, 'h2c' or 'http1'")), node)
      isAllowed = false
    }
    return isAllowed
  }
}

extension YAMLNode {
  /// Whether an init container is all there, and ends before the next begins.
  fileprivate var isWholeAndEnds: Bool {
    has("image") && value("restartPolicy")?.isNull != false
  }

  /// The ports on which a container's probes and hooks ask, by the names of these.
  fileprivate var portsAskedFor: [(name: String, port: YAMLNode)] {
    let probes = (["livenessProbe", "readinessProbe", "startupProbe"] as [StaticString]).map { ($0, value($0)) }
    let hooks = (["postStart", "preStop"] as [StaticString]).map { ($0, value("lifecycle")?.value($0)) }
    return (probes + hooks).compactMap { name, handler in
      let actions = (["httpGet", "tcpSocket", "grpc"] as [StaticString]).lazy.compactMap { handler?.value($0) }
      return actions.compactMap { $0.value("port") }.first.map { ("\(name)", $0) }
    }
  }
}
