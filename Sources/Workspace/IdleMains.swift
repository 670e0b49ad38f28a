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
