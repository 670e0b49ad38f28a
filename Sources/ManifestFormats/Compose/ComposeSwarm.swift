import PortModel
import SourceText
import SourceYAML

// What a Compose file says of Swarm: whether it is a stack, and on which nodes its services run.

extension ComposeLowering {
  /// Who runs the project, as far as the file shows it.
  ///
  /// `docker stack` refuses a file with what it does not know, and cannot build, so what looks like Swarm's may still be
  /// run by Compose, which passes over most of `deploy`.
  func runtime(of root: YAMLNode) -> ComposeRuntime {
    let services = root.entries(of: "services")
    let fileName = file.path.fileName
    let name = Array(fileName.utf8)
    let isShown =
      ComposeLowering.stackNames.contains { $0 == fileName } || services.contains { isForSwarm($0.value) }
      || hasOverlayNetwork(root)
    guard isShown || name.contains(text: "stack") else { return .docker }
    // A swarm's nodes have nothing to build from.
    if services.contains(where: { $0.value.has("build") && !$0.value.has("image") }) { return .docker }
    // Who names a file so deploys it, and Swarm passes over the rest.
    let isNamed = name.contains(text: "stack") || name.contains(text: "swarm")
    if StackSchema.refuses(root) { return isNamed ? .perhapsSwarm : .docker }
    if !isNamed, StackSchema.refusesPorts(of: root) { return .docker }
    guard isShown else { return .perhapsSwarm }
    if isNamed { return .swarmAlone }
    return services.contains { isPassedOverBySwarm($0.value) } ? .perhapsSwarm : .swarm
  }

  /// What files are called that are deployed as stacks.
  static let stackNames = ["stack.yml", "stack.yaml", "docker-stack.yml", "docker-stack.yaml"]

  /// Whether a service says what only Swarm heeds.
  private func isForSwarm(_ service: YAMLNode) -> Bool {
    guard let deploy = service.value("deploy") else { return false }
    return deploy.has("placement") || deploy.has("update_config")
      || deploy.has("rollback_config") || deploy.has("endpoint_mode")
  }

  /// Whether a service says what Swarm passes over and Compose heeds (docker/cli `types.UnsupportedProperties`).
  private func isPassedOverBySwarm(_ service: YAMLNode) -> Bool {
    (["container_name", "network_mode", "privileged"] as [StaticString]).contains { service.has($0) }
  }

  /// The nodes that constraints leave: `node.role == worker`, `node.labels.zone != north`. Swarm heeds no case.
  ///
  /// Source: swarmkit `manager/constraint`.
  mutating func nodes(_ constraints: YAMLNode?) -> ComposeNodes {
    var nodes = ComposeNodes()
    guard let constraints else { return nodes }
    guard constraints.isSequence else {
      nodes.isNarrowed = true
      return nodes
    }
    for item in constraints.items {
      guard let text = fact(item)?.value?.value.lowercased(), let requirement = LabelSelector.Requirement(text) else {
        nodes.isNarrowed = true
        continue
      }
      nodes.requirements.append(requirement)
    }
    return nodes
  }

  private func hasOverlayNetwork(_ root: YAMLNode) -> Bool {
    root.entries(of: "networks").contains { $0.value.value("driver")?.isText("overlay") == true }
  }
}

extension LabelSelector.Requirement {
  /// A constraint of Swarm.
  fileprivate init?(_ constraint: String) {
    for (sign, isEqual) in [("==", true), ("!=", false)] {
      guard let range = constraint.firstRange(of: sign) else { continue }
      func trimmed(_ part: Substring) -> ExactText { String(part.trimming(" ")).exact }
      let value = trimmed(constraint[range.upperBound...])
      self.init(trimmed(constraint[..<range.lowerBound]), isEqual ? .equal(value) : .notAmong([value]))
      return
    }
    return nil
  }
}
