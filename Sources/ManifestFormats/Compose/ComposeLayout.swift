import SourceText

/// Which files of a folder make one project (compose-go `cli/options.go`).
struct ComposeLayout: Sendable {
  /// The names that Docker looks for, the first that is there winning.
  static let mainNames = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"]
  /// The names of the file that is laid over the main one, the first that is there winning.
  static let overrideNames = [
    "compose.override.yml", "compose.override.yaml", "docker-compose.override.yml", "docker-compose.override.yaml",
  ]

  /// All names of files that a Compose file may ask for because they lie beside it: of the main ones and of the others,
  /// each wins over those behind it.
  static let names = [Companions.variablesName] + mainNames + overrideNames

  /// Whether Docker looks for a Compose file of that name.
  static func isDockersOwn(_ name: some StringProtocol) -> Bool {
    names.dropFirst().contains { $0 == name }
  }

  /// The variables of the project's `.env`.
  let environment: ComposeEnvironment
  /// The project's files before this one, in their order.
  let preceding: [String]
  /// The files that this one is laid over, in their order, where none of them leads the project.
  let underlays: [String]
  /// The files that are laid over this one, in their order.
  let overrides: [String]
  /// Whether the variables name the project's files.
  let isListed: Bool
  /// Where they do.
  let placeOfList: SourceRange?

  /// The files that must be known before a Compose file can be judged, without those that are known not to be there.
  static func wantedPaths(
    for file: SourceFile, beside companions: Companions?, of project: ComposeListing?
  ) -> [String] {
    let name = file.path.fileName
    // Only those that win over the file itself decide what becomes of it, besides the variables.
    var wanted = Array(0..<max(1, names.firstIndex { $0 == name } ?? 1))
    if mainNames.contains(where: { $0 == name }) { wanted += names.indices.suffix(overrideNames.count) }
    if let companions { wanted.removeAll { !companions.contains($0) } }
    return wanted.map { file.folder + names[$0] } + (project?.variables.map { [$0] } ?? [])
  }

  /// The paths at which a folder's main file may be, the first that is there winning.
  static func mainPaths(of folder: String, beside companions: Companions?) -> [String] {
    names.indices.dropFirst().prefix(mainNames.count).filter { companions?.contains($0) ?? true }
      .map { folder + names[$0] }
  }

  /// - Parameters:
  ///   - project: The project that the file is of, where something beyond its folder says so.
  ///   - idle: Files that lead no project, whatever says that they come first.
  init(of file: SourceFile, supplied: SuppliedFiles, project: ComposeListing?, idle: Set<ExactText>) {
    let folder = file.folder
    let name = String(file.path.fileName)
    // Most projects are one file.
    let isAlone = supplied.values.allSatisfy { $0 == nil }
    let variables = isAlone ? nil : supplied[folder + ".env"] ?? nil
    let cache = supplied.cache
    let own = variables.map { cache.environment(of: $0, insteadOf: folder + ".env") } ?? ComposeEnvironment()
    func isThere(_ other: String) -> Bool {
      other == name
        || !isAlone && (supplied[folder + other] ?? nil) != nil && !idle.contains((folder + other).exact)
    }
    // A file that stands for every project's variables speaks of those projects that have what it names.
    let isOwn = variables?.path.isExactly(folder + ".env") ?? false
    let ownList = cache.listedFiles(in: own, of: folder)
    let firstMain = ComposeLayout.mainNames.first(where: isThere)
    let firstOverride = ComposeLayout.overrideNames.first(where: isThere)
    let main = name == firstOverride ? firstMain : nil
    let override = name == firstMain ? firstOverride : nil
    // Whoever runs Compose in the file's own folder gets what that folder says, whatever is said elsewhere.
    let isOfFolder = ownList.map { $0.contains(file.path) } ?? (main != nil || ComposeLayout.mainNames.contains(name))
    let elsewhere = isOfFolder ? nil : project?.variables.flatMap { supplied[$0] ?? nil }
    let listed = project?.variables == nil || elsewhere != nil ? project.map { ListedFiles($0.files) } : nil
    environment = elsewhere.map { cache.environment(of: $0, insteadOf: $0.path).over(variables) } ?? own
    guard let files = listed ?? ownList else {
      (preceding, overrides) = (main.map { [folder + $0] } ?? [], override.map { [folder + $0] } ?? [])
      (underlays, isListed, placeOfList) = ([], false, nil)
      return
    }
    let isPart = files.contains(file.path)
    preceding = isPart ? files.paths.prefix { !$0.isExactly(file.path) }.filter { !idle.contains($0.exact) } : []
    let isFirst = isPart && preceding.isEmpty && !idle.contains(file.path.exact)
    let before = isFirst ? files.paths.prefix { !$0.isExactly(file.path) } : []
    underlays = Array(before)
    overrides = isFirst ? files.paths.dropFirst(before.count).filter { !$0.isExactly(file.path) } : []
    isListed = elsewhere != nil || listed == nil && (isOwn || isPart)
    placeOfList = isListed ? environment.placeOfFileList : nil
  }
}

/// A path as it is written in a file of `folder`, without `.` and `..` where that can be said from the text.
package func resolvedPath(_ path: String, from folder: String) -> String {
  let whole = path.isAbsolutePath ? path : folder + path
  if whole.isResolvedPath { return whole }
  var parts: [String] = []
  for part in whole.pathParts where part != "." {
    if part == "..", let last = parts.last, last != ".." { parts.removeLast() } else { parts.append(part) }
  }
  return (whole.isAbsolutePath ? "/" : "") + parts.joined(separator: "/")
}

extension String {
  /// Whether a path has no part that is empty, or begins with a dot.
  fileprivate var isResolvedPath: Bool {
    var copy = self
    return copy.withUTF8 { bytes in
      guard let first = bytes.first, first != UInt8(ascii: "."), bytes.last != UInt8(ascii: "/") else { return false }
      return bytes.firstOffset(of: "/.", from: 0) == nil && bytes.firstOffset(of: "//", from: 0) == nil
    }
  }
}
