import PolicyEngine
import PortModel
import SourceText

extension Workspace {
  /// The patterns of the policy that no file matches, where all files are in view: what they were to bring together or to
  /// leave out stays as it is.
  func idlePatterns(_ candidates: [Candidate], _ policyPaths: PolicyPaths) -> [Problem] {
    if policy.deployments.isEmpty, policy.projects.isEmpty, policy.exclude.isEmpty { return [] }
    guard view == .whole, !candidates.contains(where: { $0.origin == .named }) else { return [] }
    var excluding = Set(policy.exclude.indices.filter { !policy.exclude[$0].value.isOfUnwalkedFolders })
    var paths: [String] = []
    for path in candidates.lazy.map(\.shownPath) {
      let numbers = policyPaths.exclusions(covering: policy.globPath(of: path))
      excluding.subtract(numbers)
      if numbers.isEmpty { paths.append(path) }
    }
    let idleGlobs = policyPaths.idleGlobs(paths.lazy.map { policy.globPath(of: $0) })
    let isIdle = { (glob: Located<PathGlob>) in idleGlobs.contains(glob.value) }
    // A deployment may name its files in several spellings; of a project, each file is wanted.
    var problems = policy.deployments.filter { $0.files.allSatisfy(isIdle) }.compactMap { group in
      Problem(idle: group.files, of: .deployment)
    }
    let projects = policyPaths.projects(policy.projects, of: paths)
    for (group, idle) in zip(policy.projects, projects.idle) {
      problems += group.files.filter { idle.contains($0.value) }.compactMap { Problem(idle: [$0], of: .project) }
    }
    return problems + excluding.sorted().compactMap { Problem(idle: [policy.exclude[$0]], of: .exclude) }
  }
}

extension Problem {
  /// The problem of patterns that no file matches; nothing where there are none.
  fileprivate init?(idle globs: [Located<PathGlob>], of use: IdlePattern) {
    guard let first = globs.first else { return nil }
    let names = globs.map { "'\($0.value)'" }.joined(separator: " or ")
    self.init(.unusedSuppression(.pattern(names, use)), at: first.place)
  }
}
