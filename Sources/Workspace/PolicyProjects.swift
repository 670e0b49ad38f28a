import PolicyEngine
import SourceText

/// The Compose projects that a policy's `projects` make of some files: each makes one in every folder that has its first
/// file.
///
/// A pattern that names one folder means the files of that folder, any other those beside the first.
struct PolicyProjects {
  /// The files of each project in their order, by their paths.
  private var projects: [[String]] = []
  /// The numbers of the projects of a file, by its path.
  private var numbers: [ExactText: [Int]] = [:]
  /// The patterns that brought no file into any project, by group.
  private(set) var idle: [[PathGlob]] = []

  /// - Parameters:
  ///   - paths: The paths of the files, as they are shown.
  ///   - globPath: A path as the policy's globs see it.
  ///   - work: What holding the patterns against the files may still cost; when it is spent, there are none.
  init(_ groups: [FileGroup], of paths: some Sequence<String>, _ work: WorkMeter, globPath: (String) -> String) {
    if groups.isEmpty { return }
    let globs = groups.flatMap { $0.files.map(\.value) }
    let index = PathGlobIndex(globs.enumerated().map { ($0.element, $0.offset) })
    var matches = [[String]](repeating: [], count: globs.count)
    for path in paths {
      let numbers = index.numbers(matching: globPath(path), work)
      work.take(4 * numbers.count)
      if work.isSpent { return }
      for number in numbers { matches[number].append(path) }
    }
    var next = 0
    for group in groups {
      let end = next + group.files.count
      add(Array(globs[next..<end]), Array(matches[next..<end]))
      next = end
    }
    for (number, paths) in projects.enumerated() {
      for path in paths { numbers[path.exact, default: []].append(number) }
    }
  }

  /// - Parameter matches: The paths of the files that match each glob.
  private mutating func add(_ globs: [PathGlob], _ matches: [[String]]) {
    let folders = Set(matches.first?.map(\.folderPath.exact) ?? [])
    var own: [ExactText: [ExactText]] = [:]
    var known: [ExactText: Set<ExactText>] = [:]
    var idle: [PathGlob] = []
    for (glob, paths) in zip(globs, matches) {
      var isIdle = true
      for path in paths {
        let folder = path.folderPath.exact
        for folder in glob.namesOneFolder && !own.isEmpty ? Array(folders) : [folder] where folders.contains(folder) {
          isIdle = false
          if known[folder, default: []].insert(path.exact).inserted { own[folder, default: []].append(path.exact) }
        }
      }
      if isIdle { idle.append(glob) }
    }
    // Without the first, there is no project that any of the others could be missing from.
    self.idle.append(folders.isEmpty ? Array(globs.prefix(1)) : idle)
    projects += own.sorted { $0.key < $1.key }.map { $0.value.map(\.text) }
  }

  /// The files of a file's project, in their order: of the one that it is the first of, where it is one of several.
  func project(of path: String) -> [String]? {
    guard let numbers = numbers[path.exact] else { return nil }
    return (numbers.first { projects[$0].first?.isExactly(path) ?? false } ?? numbers.first).map { projects[$0] }
  }

  /// The files of all projects of a file.
  func files(with path: String) -> Set<ExactText> {
    Set((numbers[path.exact] ?? []).flatMap { projects[$0].map(\.exact) })
  }
}
