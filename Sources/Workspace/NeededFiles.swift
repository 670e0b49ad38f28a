import ManifestFormats
import PolicyEngine
import PortModel
import SourceText

// Which files a run reads besides those that it was given: what they ask for, what they meet, and whose project they are of.

extension Workspace {
  /// The files that readings asked for, or wait for, and that are no candidates.
  func strangers(of readings: [FileReading], among candidates: [Candidate]) -> Set<ExactText> {
    var strangers: Set<ExactText> = []
    // Each is looked at in its place: a reading is large, and hardly one speaks of other files.
    for index in readings.indices {
      for file in readings[index].supplied where file.id == .none { strangers.insert(file.path.exact) }
      if let projectFile = readings[index].reading.projectFile { strangers.insert(projectFile.exact) }
    }
    strangers.subtract(candidates.lazy.map(\.path.exact))
    return strangers.filter { !isMissing($0.text) }
  }

  /// Whether there is nothing to read at a path.
  func isMissing(_ path: String) -> Bool {
    do throws(ReadFailure) {
      _ = try files.contents(of: path)
      return false
    } catch {
      return error == .missing || error == .folder
    }
  }

  /// The readings of the files that were asked for, and of those without which they cannot be judged, in order.
  func readAll(_ candidates: [Candidate], _ paths: PolicyPaths, _ idleMains: IdleMains) -> [FileReading] {
    let cache = SuppliedCache()
    let projects = paths.projects(policy.projects, of: candidates.lazy.map(\.path))
    let targets = candidates.indices.filter { candidates[$0].origin != .context }
    var readings = read(targets, of: candidates, projects, idleMains, supplying: cache)
    let context = contextNeeded(by: readings, candidates, projects, paths)
    var required = read(context.required, of: candidates, projects, idleMains, supplying: cache)
    for index in required.indices { required[index].isRequired = true }
    // Where everything meets, whatever lies there may meet them.
    var neighbours = read(
      context.neighbours, of: candidates, projects, idleMains, onlyKubernetes: !isTogether, supplying: cache)
    readings.append(moving: &required)
    readings.append(moving: &neighbours)
    readings.sort { $0.file.id < $1.file.id }
    return readings
  }

  /// The neighbours of named Kubernetes manifests; and what is required beside them: the kustomizations above, the first
  /// files of the projects that named files belong to, and the other files of the policy's deployments and projects.
  private func contextNeeded(
    by readings: [FileReading], _ candidates: [Candidate], _ all: PolicyProjects, _ paths: PolicyPaths
  ) -> (required: [Int], neighbours: [Int]) {
    guard candidates.contains(where: { $0.origin == .context }) else { return ([], []) }
    let folders = Set(readings.lazy.filter { $0.reading.formats.contains(.kubernetes) }.map(\.file.folder.exact))
    var projects = Set(readings.compactMap(\.reading.projectFile?.exact))
    if !policy.projects.isEmpty {
      for reading in readings { projects.formUnion(all.files(with: reading.file.path)) }
    }
    var needed: (required: [Int], neighbours: [Int]) = ([], [])
    for (number, candidate) in candidates.enumerated() where candidate.origin == .context {
      let folder = candidate.path.folderPath
      let isRequired =
        projects.contains(candidate.path.exact)
        || Kustomization.isOne(candidate.path) && folders.contains { $0.text.utf8.starts(with: folder.utf8) }
        || !paths.deployments(of: policy.globPath(of: candidate.shownPath)).isEmpty
      if isRequired {
        needed.required.append(number)
      } else if folders.contains(candidate.neighbourhood.exact) {
        needed.neighbours.append(number)
      }
    }
    return needed
  }

  /// The candidates with the other files of the deployments and projects that they are of.
  ///
  /// - Parameter beyond: Gets the globs that lead out of the tree.
  func withGroups(
    _ candidates: [Candidate], _ paths: PolicyPaths, refusing beyond: inout [Problem]
  ) -> [Candidate] {
    if policy.deployments.isEmpty, policy.projects.isEmpty { return candidates }
    var known = Set(candidates.lazy.filter { $0.origin != .context }.map { policy.globPath(of: $0.shownPath).exact })
    // Sorted, so that what is counted is the same in every run.
    var missing = missingFiles(
      of: paths.groups(ofAny: known.sorted().map(\.text)).deployments, &known, paths, candidates.count,
      refusing: &beyond)
    let projects = paths.groups(ofAny: known.sorted().map(\.text)).projects
    if !projects.isEmpty {
      let present = candidates.lazy.filter { $0.origin != .context }.map(\.path) + missing.map(\.path)
      let others = missingFiles(of: projects, &known, paths, candidates.count, refusing: &beyond)
      let all = paths.projects(projects, of: present + others.map(\.path))
      let wanted = Set(present.flatMap { all.files(with: $0) })
      missing += others.filter { $0.failure != nil || wanted.contains($0.path.exact) }
    }
    let added = Set(missing.map(\.path.exact))
    return (candidates.filter { !added.contains($0.path.exact) } + missing).sorted { $0.path.exact < $1.path.exact }
  }

  /// The files of some groups that are not known yet.
  ///
  /// - Parameters:
  ///   - count: Among about how many files each glob's are looked for.
  ///   - beyond: Gets the globs that lead out of the tree.
  private func missingFiles(
    of groups: [FileGroup], _ known: inout Set<ExactText>, _ policyPaths: PolicyPaths, _ count: Int,
    refusing beyond: inout [Problem]
  ) -> [Candidate] {
    var missing: [Candidate] = []
    var searched: Set<PathGlob> = []
    for located in groups.flatMap(\.files) where searched.insert(located.value).inserted {
      let glob = located.value
      if policyPaths.isSpent(bySearchAmong: count) { break }
      do throws(ReadFailure) {
        let paths = try files.paths(matching: glob.description, from: loaded.folderPath)
        let new = paths.filter { !policyPaths.isExcluded($0) && known.insert(policy.globPath(of: $0).exact).inserted }
        missing += new.map { Candidate($0, .context) }
      } catch .outside(let tree) {
        beyond.append(Problem(.unreadableFile(reason: ReadFailure.outside(tree: tree).reason), at: located.place))
      } catch {
        if known.insert(glob.description.exact).inserted {
          missing.append(Candidate(glob.description, .named, failure: error))
        }
      }
    }
    return missing
  }
}
