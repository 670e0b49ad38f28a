import PolicyEngine
import SourceText

/// What the policy says of files by their paths.
///
/// Each path and each folder is held against the patterns once, for they may be many, and what that takes is counted.
final class PolicyPaths {
  private let policy: Policy
  private let work: WorkMeter
  private let excluded: PathGlobIndex
  private var exclusions: [ExactText: Set<Int>] = [:]
  private let excludedHere: ExcludedPaths
  private let groups: PathGlobIndex
  private var groupsOfPaths: [ExactText: [Int]] = [:]

  /// - Parameter excludedHere: What the command line leaves out besides.
  init(_ policy: Policy, _ work: JudgingWork, excluding excludedHere: ExcludedPaths = ExcludedPaths()) {
    self.excludedHere = excludedHere
    self.policy = policy
    self.work = work.conditions
    excluded = PathGlobIndex(policy.exclude.enumerated().map { ($0.element.value, $0.offset) })
    // Of several that name the same files in the same words, the first stands for all.
    var known: [Set<[PathGlob]>] = [[], []]
    groups = PathGlobIndex(
      (policy.deployments + policy.projects).enumerated()
        .filter { known[$0.offset < policy.deployments.count ? 0 : 1].insert($0.element.files.map(\.value)).inserted }
        .flatMap { group in group.element.files.map { ($0.value, group.offset) } })
  }

  /// Whether the policy or the command line leaves a file out, even one that is named.
  func isExcluded(_ path: String) -> Bool {
    if excludedHere.pattern(covering: path) != nil { return true }
    return policy.exclude.isEmpty ? false : !exclusions(covering: policy.globPath(of: path)).isEmpty
  }

  /// The numbers of the patterns of what is left out that a path matches, or that a folder does which it lies in.
  func exclusions(covering globPath: String) -> Set<Int> {
    if let known = exclusions[globPath.exact] { return known }
    let folder = globPath.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(globPath[..<$0]) } ?? ""
    var numbers = folder.isEmpty ? [] : exclusions(covering: folder)
    numbers.formUnion(excluded.numbers(matching: globPath, work))
    work.take(numbers.count)
    exclusions[globPath.exact] = numbers
    return numbers
  }

  /// The numbers of the deployments, and behind them of the projects, that a file is of, given its path as the policy's
  /// globs see it.
  private func groups(of globPath: String) -> [Int] {
    if policy.deployments.isEmpty, policy.projects.isEmpty { return [] }
    if let known = groupsOfPaths[globPath.exact] { return known }
    let numbers = groups.numbers(matching: globPath, work)
    work.take(numbers.count)
    groupsOfPaths[globPath.exact] = numbers
    return numbers
  }

  /// The deployments and the projects that one of some files is of, given their paths as the policy's globs see them.
  func groups(ofAny globPaths: some Sequence<String>) -> (deployments: [FileGroup], projects: [FileGroup]) {
    let all = policy.deployments + policy.projects
    let numbers = Set(globPaths.flatMap { groups(of: $0) }).sorted()
    let count = policy.deployments.count
    return (numbers.prefix { $0 < count }.map { all[$0] }, numbers.drop { $0 < count }.map { all[$0] })
  }

  /// Whether no further look for the files of a glob may be taken, among about so many.
  func isSpent(bySearchAmong count: Int) -> Bool {
    work.take(1000 + 10 * count)
    return work.isSpent
  }

  /// The numbers of the deployments that a file is of, given its path as the policy's globs see it.
  func deployments(of globPath: String) -> [Int] {
    Array(groups(of: globPath).prefix { $0 < policy.deployments.count })
  }

  /// The projects that some of the policy's groups make of files.
  func projects(_ groups: [FileGroup], of paths: some Sequence<String>) -> PolicyProjects {
    PolicyProjects(groups, of: paths, work) { policy.globPath(of: $0) }
  }

  /// The globs of deployments that none of some files matches, given their paths as the policy's globs see them.
  func idleGlobs(_ globPaths: some Sequence<String>) -> Set<PathGlob> {
    let globs = Array(Set(policy.deployments.flatMap(\.files).map(\.value)))
    let index = PathGlobIndex(globs.enumerated().map { ($0.element, $0.offset) })
    var idle = Set(globs.indices)
    for path in globPaths where !idle.isEmpty {
      let numbers = index.numbers(matching: path, work)
      if work.isSpent { return [] }
      idle.subtract(numbers)
    }
    return Set(idle.map { globs[$0] })
  }

  /// The numbers of the deployments with files that are of an earlier one too: what meets there is not seen when each file
  /// is taken for its first. One that has the same files as an earlier one sees nothing else.
  func sharedDeployments(_ globPaths: some Sequence<String>) -> [Int] {
    guard policy.deployments.count > 1 else { return [] }
    var files: [Int: [Int]] = [:]
    var shared: Set<Int> = []
    for (file, path) in globPaths.enumerated() {
      let numbers = deployments(of: path)
      work.take(numbers.count)
      if work.isSpent { return [] }
      for number in numbers { files[number, default: []].append(file) }
      shared.formUnion(numbers.dropFirst())
    }
    var known: Set<[Int]> = []
    return files.sorted { $0.key < $1.key }.filter { known.insert($0.value).inserted && shared.contains($0.key) }
      .map(\.key)
  }
}

/// What the command line leaves out: the files that match a pattern, or lie in a folder that does.
package struct ExcludedPaths: Sendable {
  private let globs: [PathGlob]
  private let folder: PolicyFolder

  package init() {
    globs = []
    folder = PolicyFolder()
  }

  /// - Parameter currentFolder: The absolute path of the folder in which the patterns begin.
  package init(_ patterns: [String], currentFolder: String) {
    globs = patterns.map { PathGlob($0) }
    folder = PolicyFolder(currentFolder, current: currentFolder)
  }

  /// The first pattern that covers a path.
  package func pattern(covering path: String) -> PathGlob? {
    if globs.isEmpty { return nil }
    let names = folder.relativePath(of: path).pathParts
    return globs.first { glob in names.indices.contains { glob.matches(names[...$0]) } }
  }
}
