import ManifestFormats
import PortModel
import SourceText

/// The files that stand first in Compose projects and lead none: they are not there, hold nothing of Compose's, or are
/// themselves laid over others. What was to be laid over them leads in their place, so that nothing is lost.
struct IdleMains: Sendable {
  /// The files that hold nothing of Compose's.
  private var empty: Set<ExactText> = []
  /// The others, by the file that was to be laid over them.
  private var others: [ExactText: Set<ExactText>] = [:]

  /// The files that do not lead the project of a file.
  func idle(for path: String) -> Set<ExactText> {
    if empty.isEmpty { return others[path.exact] ?? [] }
    return others[path.exact].map { $0.union(empty) } ?? empty
  }

  /// Takes notice of the files that readings wait for in vain, once all that is there has been read.
  ///
  /// - Parameter isMissing: Whether there is nothing to read at a path.
  /// - Returns: Whether there are new ones, so that the files must be read anew.
  mutating func note(_ readings: [FileReading], isMissing: (String) -> Bool) -> Bool {
    var mains: Set<ExactText> = []
    for index in readings.indices {
      if let main = readings[index].reading.precedingFiles.first { mains.insert(main.exact) }
    }
    if mains.isEmpty { return false }
    var overlays: [ExactText: Set<ExactText>] = [:]
    var empty: Set<ExactText> = []
    for index in readings.indices {
      let path = readings[index].file.path.exact
      if !readings[index].reading.formats.contains(.compose) { empty.insert(path) }
      if mains.contains(path) { overlays[path] = Set(readings[index].reading.overlays.map(\.exact)) }
    }
    var missing: [ExactText: Bool] = [:]
    func isNotThere(_ path: ExactText) -> Bool {
      let answer = missing[path] ?? isMissing(path.text)
      missing[path] = answer
      return answer
    }
    var isNew = false
    for index in readings.indices {
      guard let main = readings[index].reading.precedingFiles.first?.exact else { continue }
      let path = readings[index].file.path.exact
      // What has no reading is not there, or was passed over.
      if overlays[main]?.contains(path) == true { continue }
      // Whether the next one leads that is there is seen when all is read anew.
      let behind = readings[index].reading.precedingFiles.dropFirst().map(\.exact)
      let next = behind.prefix { empty.contains($0) || isNotThere($0) }
      others[path, default: []].formUnion([main] + next)
      isNew = true
    }
    if isNew { self.empty.formUnion(empty) }
    return isNew
  }
}

extension Workspace {
  /// Says of the files that `COMPOSE_FILE` names which are not there, or nothing of Compose's.
  func reportFileLists(of readings: inout [FileReading], in files: FileTable, _ cache: RunCache) {
    guard readings.indices.contains(where: { readings[$0].reading.hasFileList }) else { return }
    let compose = Set(readings.lazy.filter { $0.reading.formats.contains(.compose) }.map(\.file.path.exact))
    var known: [ExactText: Problem.Cause?] = [:]
    var folders: Set<ExactText> = []
    // One file may stand for the variables of all folders.
    var lists: [ExactText: ComposeFileList] = [:]
    for index in readings.indices where readings[index].reading.hasFileList {
      let folder = readings[index].file.folder
      let path = environmentFile ?? folder + ".env"
      guard let variables = readings[index].supplied.first(where: { $0.path.isExactly(path) }),
        folders.insert(folder.exact).inserted, let list = lists[path.exact] ?? ComposeFileList(of: variables)
      else { continue }
      lists[path.exact] = list
      for name in list.files(from: folder) where !compose.contains(name.path.exact) {
        let cause = known[name.path.exact] ?? fault(of: name, in: files, cache)
        known[name.path.exact] = .some(cause)
        if let cause { readings[index].reading.inventory.problems.report(cause, at: name.place) }
      }
      readings[index].reading.limitProblems()
    }
  }

  /// What keeps a file from being one of a Compose project's.
  private func fault(of name: ComposeFileList.Name, in files: FileTable, _ cache: RunCache) -> Problem.Cause? {
    switch cache.file(at: name.path, in: files, from: self.files) {
    case .success(let file):
      mayBeOfComposeProject(file, cache.readings) ? nil : .brokenInclude(.noComposeFile(name.shown))
    case .failure(.missing) where self.files.isIgnored(name.path): nil
    case .failure(.missing): .brokenInclude(.missingFile(name.shown))
    case .failure(.folder): .brokenInclude(.noComposeFile(name.shown))
    case .failure(let failure): failure.cause
    }
  }
}
