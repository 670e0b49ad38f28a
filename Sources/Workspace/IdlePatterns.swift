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
    var problems: [Problem] = []
    for group in policy.deployments where group.files.allSatisfy(isIdle) {
      problems.report(idle: group.files, of: .deployment)
    }
    let projects = policyPaths.projects(policy.projects, of: paths)
    for (group, idle) in zip(policy.projects, projects.idle) {
      for file in group.files where idle.contains(file.value) { problems.report(idle: [file], of: .project) }
    }
    for number in excluding.sorted() { problems.report(idle: [policy.exclude[number]], of: .exclude) }
    return problems
  }
}

extension [Problem] {
  /// Says of patterns that no file matches them.
  fileprivate mutating func report(
    idle globs: [Located<PathGlob>], of use: Problem.IdlePattern, file: StaticString = #fileID, line: UInt = #line
  ) {
    guard let first = globs.first else { return }
    let names = globs.map { "'\($0.value)'" }.joined(separator: " or ")
    report(.unusedSuppression(.pattern(names, use)), at: first.place, file: file, line: line)
  }
}
