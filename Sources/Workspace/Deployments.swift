import PolicyEngine
import PortModel
import SourceText

/// Which manifests share a host or a cluster: those of a folder are one cluster's, a Compose project is a host of its
/// own, and the policy's deployments, or `--together`, say otherwise.
struct Deployments {
  /// How many the policy names.
  private let count: Int
  /// What its hosts and clusters are called.
  private(set) var names = ScopeNames()
  private let paths: PolicyPaths
  private let isTogether: Bool
  /// The deployment that files of several are taken for; else each file is taken for its first.
  private let preferred: Int?
  private let runPaths: RunPaths
  /// The files that stay hosts of their own.
  var apart: Set<FileID> = []
  private var folders: [ExactText: Int32] = [:]
  private var clusters: [FileID: Int32] = [:]
  /// The files that stand in the place of another of their folder.
  private var variants: Set<FileID> = []
  /// The cluster that was asked for last: what stands together in a file or a folder is mostly of one.
  private var last: (file: FileID, folder: String, number: Int32)?
  private var deployments: [FileID: Int32?] = [:]

  /// - Parameters:
  ///   - named: The deployments that the policy names.
  ///   - preferred: The number of the deployment that files of several are taken for.
  init(
    _ named: [FileGroup], _ paths: PolicyPaths, isTogether: Bool, preferred: Int? = nil,
    files: RunPaths
  ) {
    count = named.count
    names.shared =
      isTogether ? [ScopeNames.Label(.deployment)] : named.map { ScopeNames.Label(.deployment, name: $0.name) }
    self.paths = paths
    self.isTogether = isTogether
    self.preferred = preferred
    self.runPaths = files
  }

  /// Gives every claim, owner and reference of an inventory the host or cluster that it really is of.
  mutating func join(_ inventory: inout Inventory) {
    clusters.reserveCapacity(inventory.owners.count)
    variants = variants(in: inventory)
    let shared = sharedHosts(in: inventory)
    for index in inventory.bindings.indices {
      let scope = inventory.bindings[index].scope
      if case .manifest(let file, _) = scope.unit { name(hostOf: file, sharedBy: shared) }
      guard case .manifest(let file, 0) = scope.unit, scope.kind == .host else {
        inventory.bindings[index].scope.unit = joined(scope.unit)
        continue
      }
      guard let number = names.hosts[file] else { continue }
      inventory.bindings[index].scope.unit = .deployment(number)
    }
    for index in inventory.owners.indices {
      if let cluster = inventory.owners[index].cluster {
        inventory.owners[index].cluster = joined(cluster)
      } else {
        name(hostOf: inventory.owners[index].place.file, sharedBy: shared)
      }
    }
    for index in inventory.references.indices {
      let toward = inventory.references[index].toward
      inventory.references[index].toward = toward.joined { joined($0) }
    }
  }

  /// Keeps which deployment the host of a file is.
  private mutating func name(hostOf file: FileID, sharedBy several: Set<FileID>) {
    guard count > 0 || isTogether, !several.contains(file), !apart.contains(file) else { return }
    names.hosts[file] = deployment(of: file)
  }

  /// The files that tell several hosts apart by name: which of them a deployment means is not said.
  private func sharedHosts(in inventory: Inventory) -> Set<FileID> {
    var files: Set<FileID> = []
    for index in inventory.bindings.indices where inventory.bindings[index].scope.kind == .host {
      if case .manifest(let file, let part) = inventory.bindings[index].scope.unit, part > 0 { files.insert(file) }
    }
    return files
  }

  private mutating func joined(_ unit: Scope.Unit) -> Scope.Unit {
    guard case .cluster(let file) = unit else { return unit }
    if let last, last.file == file { return .deployment(last.number) }
    if let number = clusters[file] ?? deployment(of: file) { return .deployment(number) }
    let folder = runPaths.path(of: file).folderPath
    let number: Int32
    if variants.contains(file) {
      number = newNumber(of: runPaths.path(of: file))
    } else if let last, last.folder.isExactly(folder) {
      number = last.number
    } else {
      number = folders[folder.exact] ?? newNumber(of: folder)
      folders[folder.exact] = number
    }
    clusters[file] = number
    if !variants.contains(file) { last = (file, folder, number) }
    return .deployment(number)
  }

  /// A number for the cluster of a file or a folder that no deployment names.
  private mutating func newNumber(of path: String) -> Int32 {
    names.shared.append(
      ScopeNames.Label(.cluster, path: path.isEmpty ? "." : path.endsInSlash ? path.withoutLastSlash : path))
    return Int32(names.shared.count) - 1
  }

  /// The files of one folder of which each says an object that another says too: each stands for the other, as where one
  /// application is rendered in two ways, and whoever applies one applies no other.
  private func variants(in inventory: Inventory) -> Set<FileID> {
    struct Name: Hashable {
      var folder: ExactText
      var object: ObjectIdentity
    }
    var files: [Name: FileID] = [:]
    var variants: Set<FileID> = []
    var (lastFile, lastFolder, lastObject) = (FileID.none, "".exact, ObjectIdentity?.none)
    for index in inventory.owners.indices {
      guard case .cluster(let file)? = inventory.owners[index].cluster, !inventory.owners[index].isPartial,
        let object = inventory.owners[index].identity
      else { continue }
      // The containers of one object.
      if file == lastFile, object == lastObject { continue }
      if file != lastFile { (lastFile, lastFolder) = (file, runPaths.path(of: file).folderPath.exact) }
      lastObject = object
      let earlier = files.updateValue(file, forKey: Name(folder: lastFolder, object: object))
      if let earlier, earlier != file { variants.formUnion([earlier, file]) }
    }
    return variants
  }

  /// The number of the deployment that a file is named in.
  private mutating func deployment(of file: FileID) -> Int32? {
    if isTogether { return 0 }
    guard count > 0 else { return nil }
    if let known = deployments[file] { return known }
    let numbers = paths.deployments(of: runPaths.globPath(of: file))
    let number = (preferred.flatMap { numbers.contains($0) ? $0 : nil } ?? numbers.first).map { Int32($0) }
    deployments[file] = number
    return number
  }
}
