import PortModel
import SourceText

/// What Compose projects say in the place of the files that they include or extend.
///
/// A file is left to projects only where one of them says all that it says by itself: else a project that takes back what
/// it includes would take it from the file as well.
struct ProjectShares {
  /// By the file that holds it, what each project says of it.
  private var shares: [FileID: [Set<Share>]] = [:]

  /// A claim, or what is wrong with a service.
  private enum Share: Hashable {
    case claim(SourceRange, PortRange, TransportProtocol?, HostAddress, profiles: [ExactText])
    case problem(Problem.Cause, SourceRange)
  }

  /// What the projects among some readings say.
  static func shares(of readings: [FileReading]) -> ProjectShares {
    var result = ProjectShares()
    for index in readings.indices where !readings[index].reading.projectParts.isEmpty {
      var parts: [FileID: Set<Share>] = [:]
      let own = readings[index].file.id
      ProjectShares.forEach(in: readings[index].reading.inventory) { share, file in
        if file != own { parts[file, default: []].insert(share) }
      }
      for (file, part) in parts { result.shares[file, default: []].append(part) }
    }
    return result
  }

  /// Whether a project says all that a file says by itself.
  func hold(_ inventory: Inventory, of file: FileID) -> Bool {
    var own: Set<Share> = []
    ProjectShares.forEach(in: inventory) { share, place in
      if place == file { own.insert(share) }
    }
    return own.isEmpty || shares[file]?.contains { own.isSubset(of: $0) } ?? false
  }

  private static func forEach(in inventory: Inventory, _ body: (Share, FileID) -> Void) {
    for index in inventory.bindings.indices {
      guard inventory.bindings[index].effect == .takes, let ports = inventory.bindings[index].fixedPorts else {
        continue
      }
      let owner = Int(inventory.bindings[index].owner.index)
      if inventory.owners[owner].copies.value?.value == 0 { continue }
      let place = inventory.bindings[index].place
      let share = Share.claim(
        place, ports, inventory.bindings[index].transport, inventory.bindings[index].address,
        profiles: inventory.owners[owner].profiles.map(\.exact))
      body(share, place.file)
    }
    for problem in inventory.problems where problem.owner != nil && !problem.hangsOnProject {
      body(.problem(problem.cause, problem.place), problem.place.file)
    }
  }
}

extension Problem {
  /// Whether it is that a project lacks the service whose network another uses.
  var isOfSharedNetwork: Bool {
    if case .brokenInclude(.missingNetworkService) = cause { true } else { false }
  }

  /// Whether it is for the projects that extend or include a service to say.
  var hangsOnProject: Bool {
    switch cause {
    case .brokenInclude(.missingNetworkService), .unsetVariable, .missingVariable, .notInView: true
    default: false
    }
  }
}
