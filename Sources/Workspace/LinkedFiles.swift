import ManifestFormats
import PortModel
import SourceText

/// What the readings of a run's files come to together, each with what the others leave of it.
struct LinkedFiles {
  var inventory = Inventory()
  /// The files whose text may be shown.
  var shown: [FileID: SourceFile]
  /// The files that findings are reported of.
  var targets: FileSet
  /// Those, and the files without which they cannot be judged.
  var required: FileSet
  /// The files that projects extend only in part: they are held against themselves, and not against what they may never
  /// run beside.
  var apart: Set<FileID> = []
  /// The files of which documents could not be read.
  var partlyRead: Set<FileID> = []
  /// Whether kustomizations build objects of what is written once.
  var holdsBuilds = false
  /// How much was read, in bytes.
  var bytesRead = 0

  init(_ readings: consuming [FileReading], _ files: FileTable) {
    let shares = ProjectShares.shares(of: readings)
    var readings = readings
    HelmCharts(readings).gather(&readings)
    let expectations = TestExpectations(readings)
    var patches: Set<ExactText> = []
    var built: Set<ExactText> = []
    var parts = ComposeParts()
    var (owners, bindings) = (0, 0)
    for index in readings.indices {
      bytesRead += readings[index].file.bytes.count
      owners += readings[index].reading.inventory.owners.count
      bindings += readings[index].reading.inventory.bindings.count
      for path in readings[index].reading.kustomized where path.use == .patch { patches.insert(path.path.exact) }
      if !readings[index].reading.builtParts.isEmpty { built.formUnion(readings[index].reading.builtParts) }
      if !readings[index].reading.projectParts.isEmpty { parts.formUnion(readings[index].reading.projectParts) }
    }
    holdsBuilds = !built.isEmpty
    // What one file claims is taken as it is.
    if readings.count > 1 {
      inventory.owners.reserveCapacity(owners)
      inventory.bindings.reserveCapacity(bindings)
    }
    shown = [FileID: SourceFile](minimumCapacity: readings.count)
    targets = FileSet(of: files)
    required = FileSet(of: files)
    let isIncluded = { (id: FileID) in files[id].map { parts.included.contains($0.path.exact) } ?? true }
    for index in readings.indices {
      // Given up here, what a file claims is held once and not twice.
      var part = Inventory()
      swap(&part, &readings[index].reading.inventory)
      let file = readings[index].file
      let isShown = !part.isEmpty
      if built.contains(file.path.exact) {
        part.leaveObjects()
      } else if patches.contains(file.path.exact) || isShown && expectations.hold(file) {
        part.makePartial()
      }
      // A project that nobody can look at may have the services whose networks are used.
      if part.problems.contains(where: \.isOfSharedNetwork), parts.mayInclude(file.path) {
        part.problems.removeAll(where: \.isOfSharedNetwork)
      }
      if parts.included.contains(file.path.exact) {
        if ComposeParts.isProject(file.path), !shares.hold(part, of: file.id) {
          part.problems.removeAll(where: \.hangsOnProject)
        } else {
          part.leaveToProject(where: isIncluded)
        }
      }
      if parts.extended.contains(file.path.exact) {
        if shares.hold(part, of: file.id) {
          part.makeProjectPart()
        } else {
          part.problems.removeAll(where: \.hangsOnProject)
          apart.insert(file.id)
        }
      }
      // A host has either the project of the main file or that of one laid over it.
      if !part.owners.isEmpty, part.overlay(of: OwnerID(0)) != nil { apart.insert(file.id) }
      inventory.append(consume part)
      if readings[index].reading.hasUnread { partlyRead.insert(file.id) }
      let isTarget = files[file.id]?.origin != .context
      if isTarget { targets.insert(file.id) }
      if isTarget || readings[index].isRequired { required.insert(file.id) }
      guard isShown else { continue }
      shown[file.id] = file
      // What a project takes from other files is shown there.
      for file in readings[index].supplied where file.id != .none {
        // One that gives variables their values for one project shows nothing for another either.
        if shown[file.id]?.isShown != false { shown[file.id] = file }
        if isTarget { targets.insert(file.id) }
      }
    }
  }
}

extension Inventory {
  /// What a file says by itself that other projects extend: its services are not held against one another, and what
  /// hangs on those projects is theirs to say.
  fileprivate mutating func makeProjectPart() {
    for index in owners.indices where owners[index].format == .compose { owners[index].isPartial = true }
    problems.removeAll(where: \.hangsOnProject)
  }

  /// What a file says by itself that projects include: they say what becomes of its services, but not of what an
  /// override lays over them.
  fileprivate mutating func leaveToProject(where isIncluded: (FileID) -> Bool) {
    let isLeft = owners.allSatisfy { $0.format == .compose } && bindings.allSatisfy { isIncluded($0.place.file) }
    guard isLeft else { return makeProjectPart() }
    leaveObjects()
  }

  /// What a file says whose objects are others' to say: documents of declared formats nobody else reads.
  fileprivate mutating func leaveObjects() {
    keepOwners { !Format.coded.contains($0.format) }
  }

  /// Whether nothing was read that a report may show.
  fileprivate var isEmpty: Bool {
    owners.isEmpty && bindings.isEmpty && references.isEmpty && problems.isEmpty && suppressions.isEmpty
  }
}
