import PortModel
import SourceText

// What Compose refuses of a service although each of its fields is right by itself.

extension ComposeService {
  /// What Swarm refuses of a service (swarmkit `manager/controlapi/service.go`): what its mesh publishes needs an address.
  func problemsInSwarm() -> [Problem] {
    guard let mode = lacksAddress, mode.value, let port = ports.entries.first(where: { !$0.isNodesOwn }) else {
      return []
    }
    var problems: [Problem] = []
    problems.report(
      .invalidCombination(port.binding.text, .meshWithoutAddress), at: port.binding.place,
      related: [Related("the service has no address of its own here", at: mode.place)])
    return problems
  }

  /// What is wrong with a service once all of its files are laid over one another.
  func problemsOfTheWhole(isForSwarm: Bool) -> [Problem] {
    var problems: [Problem] = []
    // Compose refuses two things that go not together (compose-go `loader/validate.go`). Swarm passes over one of them.
    func report(
      _ combination: Problem.InvalidCombination, _ value: String, at place: SourceRange, _ other: Related,
      file: StaticString = #fileID, line: UInt = #line
    ) {
      problems.report(.invalidCombination(value, combination), at: place, related: [other], file: file, line: line)
    }
    if case .known(let scale, let place)? = scale, case .known(let replicas, let other)? = replicas,
      scale.value != replicas.value
    {
      report(.scaleAndReplicas, scale.shown, at: place, Related("\(replicas.shown) are asked for here", at: other))
    }
    if !isForSwarm, let place = containerName?.place, case .known(let copies, let other)? = scale ?? replicas,
      copies.value > 1
    {
      report(.containerNameAndCopies, copies.shown, at: other, Related("the container is named here", at: place))
    }
    if !isForSwarm, let place = networks, let network, network.value != .unknown {
      report(.networkModeAndNetworks, "", at: network.place, Related("the networks are named here", at: place))
    }
    // Nor does Compose take a list of which no file says anything but the key (compose-go `schema/compose-spec.json`).
    if !ports.isWritten, let key = ports.bareKey {
      problems.report(.invalidPort(.empty(field: "ports")), at: key)
    }
    if !expose.isWritten, let key = expose.bareKey {
      problems.report(.invalidPort(.empty(field: "expose")), at: key)
    }
    return problems
  }
}
