import PortModel
import SourceText
import SourceYAML

/// Assembles one project: its files merged in their order, what they include, and what their services extend.
struct ComposeProject {
  let file: SourceFile
  let environment: ComposeEnvironment
  private let supplied: SuppliedFiles
  /// Whether more belongs to it than can be looked at.
  private var lacksFiles = false
  /// The files that turned out to be needed and have not been supplied.
  private var wanted: [String] = []
  private var parts = ComposeParts()
  /// What is wrong with the project as a whole.
  private(set) var problems: [Problem] = []
  /// How often its files and services have been brought in, in entries.
  private var broughtIn = 0
  /// The sets of variables besides the project's own, each worked out once, however many includes have it.
  private var settings: [SettingKey: Setting] = [:]
  /// The files that services extend, by what their meaning hangs on.
  private var lowered: [LoweredFile: ComposeBases] = [:]
  /// The paths of those files.
  private var extended: Set<ExactText> = []
  /// What the project's other files silence.
  private(set) var suppressed = Inventory()

  init(file: SourceFile, environment: ComposeEnvironment, supplied: SuppliedFiles) {
    self.file = file
    self.environment = environment
    self.supplied = supplied
    problems = environment.problems
  }

  /// Puts the project together from the documents of its first file.
  ///
  /// - Parameters:
  ///   - underlays: The files that it is laid over.
  ///   - listPlace: Where a file lists the others, if one does.
  mutating func assemble(
    _ first: [ComposeFile], over underlays: [String] = [], under overrides: [String],
    listedAt listPlace: SourceRange?
  ) -> ComposeOutcome {
    // Paths count from the project's folder, in all of its files.
    let home = Home(folder: (underlays.first ?? file.path).folderPath, environment: environment, setting: 0)
    parts.environment.insert((file.folder + ".env").exact)
    var files: [ComposeFile] = []
    let place = listPlace ?? SourceRange(file: file.id, start: 0, end: 0)
    for path in underlays + [file.path] + overrides {
      if path.isExactly(file.path) {
        files.append(resolved(first, of: file, home, chain: [file.path.exact]))
        continue
      }
      // What a list names that cannot be read is said where it names that.
      if listPlace != nil, supplied.cause(unreadAt: path) != nil { continue }
      guard let other = supply(path, namedAt: place), let other else { continue }
      // One file may be laid over the others again and again.
      if let limit = limitPassed(bringingIn: Guard.entries(of: other), steps: 1) {
        report(limit, at: place)
        break
      }
      let lowered = lower(other, environment)
      // Its services may be hardly more than their names, and are kept until all layers are there.
      if let limit = limitPassed(bringingIn: lowered.reduce(0) { $0 + $1.services.count }, steps: 1) {
        report(limit, at: place)
        break
      }
      files.append(resolved(lowered, of: other, home, chain: [file.path.exact, path.exact]))
    }
    guard wanted.isEmpty else { return .includes(wanted) }
    var whole = ComposeFile(merging: files.layered())
    settleNetworks(of: &whole)
    parts.included.remove(file.path.exact)
    parts.extended.remove(file.path.exact)
    return .project(inventory(of: whole), parts: parts)
  }

  /// Puts together what a file that cannot run alone comes to, laid over the main file of its folder.
  ///
  /// - Returns: Nothing where the main file does not have its services.
  mutating func assemble(_ documents: [ComposeFile], over main: SourceFile) -> ComposeOutcome? {
    let home = Home(folder: file.folder, environment: environment, setting: 0)
    parts.environment.insert((file.folder + ".env").exact)
    let base = resolved(lower(main, environment), of: main, home, chain: [main.path.exact])
    let own = ComposeFile(merging: documents.layered())
    guard wanted.isEmpty else { return .includes(wanted) }
    let names = Set(base.services.map(\.name.exact))
    guard own.services.allSatisfy({ names.contains($0.name.exact) }) else { return nil }
    var whole = ComposeFile(merging: [base, own].layered())
    settleNetworks(of: &whole)
    var inventory = inventory(of: whole)
    // The main file says itself what is wrong with it, and what its project takes from others.
    inventory.problems.removeAll { $0.place.file != file.id }
    for index in inventory.owners.indices { inventory.owners[index].overlay = file.id }
    (parts.included, parts.extended, parts.possible) = ([], [], [])
    return .project(inventory, parts: parts)
  }

  /// The file at a path: an outer nothing when it has to be asked for first or was not read, an inner one when there is
  /// none.
  ///
  /// - Parameter place: Where the file is named.
  private mutating func supply(_ path: String, namedAt place: SourceRange) -> SourceFile?? {
    if path.isExactly(file.path) { return .some(file) }
    if let cause = supplied.cause(unreadAt: path) {
      if !problems.contains(where: { $0.place == place && $0.cause == cause }) {
        problems.report(cause, at: place)
      }
      return nil
    }
    guard let answer = supplied[path] else {
      wanted.append(path)
      return nil
    }
    if supplied.isIgnored(path) {
      lacksFiles = true
      return nil
    }
    return .some(answer)
  }

  /// Lowers the documents of a file that is not the project's first.
  private mutating func lower(_ file: SourceFile, _ environment: ComposeEnvironment) -> [ComposeFile] {
    var lowering = ComposeLowering(file: file, environment: environment)
    var result: [ComposeFile] = []
    let outcome = supplied.cache.lendDocuments(of: file) { document in
      // The file may not be one of the run's own, and then nobody else reads what it silences.
      readSuppressions(of: document, in: file, into: &suppressed)
      result.append(lowering.lower(document))
    }
    for failure in outcome.failures { problems.report(failure) }
    return result
  }
}

// MARK: - include and extends

extension ComposeProject {
  /// What a project gives to its files: where their paths count from, and their variables.
  private struct Home {
    var folder: String
    var environment: ComposeEnvironment
    /// What numbers the variables: homes of one setting have the same.
    var setting: Int
  }

  /// What makes a set of variables.
  private struct SettingKey: Hashable {
    /// The number of the set that it is laid under.
    var outer: Int
    /// The files that give it, in their order.
    var paths: [ExactText]
  }

  /// A set of variables.
  private struct Setting {
    var number: Int
    var environment: ComposeEnvironment
  }

  /// A file as it is read with the variables of one setting.
  private struct LoweredFile: Hashable {
    var path: ExactText
    var setting: Int
  }

  /// The guards against projects that a few lines blow up: their files and services may bring one another in over so
  /// many steps, and so many entries in all, of which a file counts as twenty and one more for each 256 bytes, a service, a
  /// port, a label and a profile as one.
  private enum Guard {
    static let steps = 100
    static let entries = 20_000

    static func entries(of file: SourceFile) -> Int {
      20 + file.bytes.count >> 8
    }

    /// A fourth of what services count that are handed on as they are.
    static func entries(handingOn file: ComposeFile) -> Int {
      file.services.reduce(0) { $0 + entries(of: $1) } / 4
    }

    static func entries(of service: ComposeService) -> Int {
      1 + service.ports.entries.count + service.expose.entries.count + service.labels.count + service.profiles.count
        + service.calls.count
    }
  }

  /// Counts what is to be brought in over a number of steps.
  ///
  /// - Returns: The limit that it would pass.
  private mutating func limitPassed(bringingIn entries: Int, steps: Int) -> Problem.Limit? {
    if steps > Guard.steps { return .steps(Guard.steps) }
    broughtIn += entries
    return broughtIn > Guard.entries ? .broughtIn(Guard.entries) : nil
  }

  /// Says once that a limit stopped the project.
  private mutating func report(
    _ limit: Problem.Limit, at place: SourceRange, file: StaticString = #fileID, line: UInt = #line
  ) {
    let cause = Problem.Cause.limitExceeded(limit)
    if !problems.contains(where: { $0.cause == cause }) { problems.report(cause, at: place, file: file, line: line) }
  }

  /// A file's documents, each with its services' bases and its includes brought in, merged in their order.
  ///
  /// - Parameter chain: The files on the way to this one, to find circles.
  private mutating func resolved(
    _ documents: [ComposeFile], of file: SourceFile, _ home: Home, chain: [ExactText]
  ) -> ComposeFile {
    if documents.count == 1 { return resolved(documents[0], of: file, home, chain: chain) }
    return ComposeFile(merging: documents.map { resolved($0, of: file, home, chain: chain) }.layered())
  }

  private mutating func resolved(
    _ lowered: ComposeFile, of file: SourceFile, _ home: Home, chain: [ExactText]
  ) -> ComposeFile {
    var result = ComposeFile()
    if lowered.lacksIncludes { lacksFiles = true }
    parts.possible.formUnion(lowered.openIncludes.map { resolvedPath($0, from: home.folder).exact })
    var known: Set<ServicePlace> = []
    for include in lowered.includes {
      var brought = ComposeFile()
      for service in included(include, home, chain: chain) {
        // Two ways may lead to one file.
        guard known.insert(ServicePlace(name: service.name.exact, place: service.place)).inserted else { continue }
        brought.add(service.arriving(WayIn(.include, at: include.place)))
      }
      // What comes from further on than the next file is handed on by each file on the way.
      if chain.count > 1, let limit = limitPassed(bringingIn: Guard.entries(handingOn: brought), steps: chain.count) {
        report(limit, at: include.place)
        return result
      }
      result.merge(brought)
    }
    var own = lowered
    own.includes = []
    let hasBases = own.services.contains { $0.extends != nil }
    if lowered.includes.isEmpty, !hasBases { return own }
    if hasBases {
      // A service may extend one that the file includes.
      var view = result
      view.merge(lowered)
      let bases = ComposeBases(view)
      for index in own.services.indices {
        let link = ServiceLink(own.services[index], of: file)
        own.services[index] = extended(own.services[index], from: bases, of: file, home, chain: [link])
      }
    }
    result.merge(own)
    result.removed = lowered.removed
    result.removesAll = lowered.removesAll
    return result
  }

  private mutating func included(_ include: ComposeInclude, _ home: Home, chain: [ExactText]) -> [ComposeService] {
    let paths = include.paths.map { resolvedPath($0.path.value, from: home.folder) }
    let directory = include.projectDirectory.map { resolvedPath($0, from: home.folder) + "/" }
    var inner = home
    inner.folder = directory ?? paths.first?.folderPath ?? ""
    let environmentFiles: [(path: String, place: SourceRange)] =
      include.environmentFiles.isEmpty
      ? [(inner.folder + ".env", include.place)]
      : include.environmentFiles.map { (resolvedPath($0.path.value, from: home.folder), $0.place) }
    let found = environmentFiles.compactMap { supply($0.path, namedAt: $0.place) ?? nil }
    parts.environment.formUnion(environmentFiles.map(\.path.exact))
    if let limit = add(found, to: &inner, steps: chain.count) {
      report(limit, at: include.place)
      return []
    }
    var layers: [ComposeFile] = []
    for (named, path) in zip(include.paths, paths) {
      if chain.contains(path.exact) {
        problems.report(.brokenInclude(.circle(named.shown(path))), at: named.place)
        // No file of a circle is the others' to speak for.
        parts.included.subtract(chain.drop { $0 != path.exact })
        continue
      }
      parts.included.insert(path.exact)
      guard let other = supply(path, namedAt: named.place) else { continue }
      guard let other else {
        problems.report(.brokenInclude(.missingFile(named.shown(path))), at: named.place)
        continue
      }
      if let limit = limitPassed(bringingIn: Guard.entries(of: other), steps: chain.count) {
        report(limit, at: include.place)
        return []
      }
      layers.append(resolved(lower(other, inner.environment), of: other, inner, chain: chain + [path.exact]))
    }
    let whole = ComposeFile(merging: layers.layered())
    problems += whole.problems
    return whole.services
  }

  /// Adds what files of variables say to a home's own.
  ///
  /// - Returns: The limit that keeps them from being read.
  private mutating func add(_ files: [SourceFile], to home: inout Home, steps: Int) -> Problem.Limit? {
    guard !files.isEmpty else { return nil }
    let key = SettingKey(outer: home.setting, paths: files.map(\.path.exact))
    if let known = settings[key] {
      (home.environment, home.setting) = (known.environment, known.number)
      return nil
    }
    // They are read anew for each set that they are laid under.
    let entries = files.reduce(0) { $0 + Guard.entries(of: $1) }
    if let limit = limitPassed(bringingIn: entries, steps: steps) { return limit }
    let said = home.environment.problems.count
    home.environment.add(files)
    problems += home.environment.problems.dropFirst(said)
    home.setting = settings.count + 1
    settings[key] = Setting(number: home.setting, environment: home.environment)
    return nil
  }

  /// A service on the way from one to what it extends.
  private struct ServiceLink {
    let path: ExactText
    let name: ExactText
    let place: SourceRange

    init(_ service: ComposeService, of file: SourceFile) {
      (path, name, place) = (file.path.exact, service.name.exact, service.place)
    }
  }

  private struct ServicePlace: Hashable {
    var name: ExactText
    var place: SourceRange
  }

  /// The services that others may extend, found by their names.
  private struct ComposeBases {
    private let services: [ComposeService]
    private let numbers: [ExactText: Int]

    init(_ file: ComposeFile) {
      services = file.services
      numbers = Dictionary(zip(services.map(\.name.exact), services.indices), uniquingKeysWith: { first, _ in first })
    }

    subscript(name: String) -> ComposeService? { numbers[name.exact].map { services[$0] } }
  }

  /// A service laid over the one that it extends.
  private mutating func extended(
    _ service: ComposeService, from bases: ComposeBases, of file: SourceFile, _ home: Home, chain: [ServiceLink]
  ) -> ComposeService {
    guard let extends = service.extends else { return service }
    func broken(_ cause: Problem.BrokenInclude, at place: SourceRange? = nil) -> ComposeService {
      var service = service
      service.problems.report(.brokenInclude(cause), at: place ?? extends.place)
      return service
    }
    var baseHome = home
    var others = bases
    var baseFile = file
    if let named = extends.file {
      let path = resolvedPath(named.path.value, from: home.folder)
      guard let other = supply(path, namedAt: named.place) else { return service }
      guard let other else { return broken(.missingFile(named.shown(path)), at: named.place) }
      baseFile = other
      // A file that Docker would pick is a project too, one whose services others extend.
      if !ComposeLayout.mainNames.contains(String(path.fileName)) { parts.extended.insert(path.exact) }
      baseHome.folder = other.folder
      // A file that names itself means all its documents.
      guard let read = extendedBases(of: other, home) else {
        report(.broughtIn(Guard.entries), at: extends.place)
        return service
      }
      others = read
    }
    let (path, name) = (baseFile.path.exact, extends.service.value.exact)
    if let start = chain.firstIndex(where: { $0.path == path && $0.name == name }) {
      // Each service of a circle comes by it: where the first of them is extended, it is said.
      let first = chain[start...].map(\.place).min { ($0.file, $0.start) < ($1.file, $1.start) }
      return chain[start].place == first ? broken(.circle(extends.service.shown)) : service
    }
    guard let base = others[extends.service.value] else {
      return broken(.missingService(extends.service.shown, file: extends.file?.path.shown))
    }
    // With what it extends itself, a base is more than it says.
    if let limit = limitPassed(bringingIn: 0, steps: chain.count) {
      report(limit, at: extends.place)
      return service
    }
    var whole = extended(base, from: others, of: baseFile, baseHome, chain: chain + [ServiceLink(base, of: baseFile)])
    if let limit = limitPassed(bringingIn: Guard.entries(of: whole), steps: chain.count) {
      report(limit, at: extends.place)
      return service
    }
    whole = whole.arriving(WayIn(.extends, at: extends.place))
    // What the base takes the place of in earlier files is its own.
    whole.cleared = ClearedKeys()
    whole.ports.replaces = false
    whole.expose.replaces = false
    whole.name = service.name
    // What is wrong with a service of the same file is said of that service; a circle is nobody's alone.
    if baseFile.path.isExactly(file.path) { whole.problems.removeAll { !$0.cause.isCircle } }
    // Who extends another of its file comes behind it, and what it says itself behind what it has from there.
    if baseFile.path.isExactly(file.path) { whole.raise(by: 1) }
    var own = service
    own.raise(by: whole.topLayer + 1)
    whole.overlay(own)
    return whole
  }

  /// The services of another file, which is read once for each set of variables, however many extend them; nothing
  /// where a limit keeps it from being read again.
  private mutating func extendedBases(of file: SourceFile, _ home: Home) -> ComposeBases? {
    let key = LoweredFile(path: file.path.exact, setting: home.setting)
    if let known = lowered[key] { return known }
    let isRead = !extended.insert(file.path.exact).inserted
    if isRead, limitPassed(bringingIn: Guard.entries(of: file), steps: 1) != nil { return nil }
    let bases = ComposeBases(ComposeFile(merging: lower(file, home.environment)))
    lowered[key] = bases
    return bases
  }

  /// Sees to the networks that services choose: a swarm passes over `network_mode` (docker/cli
  /// `types.UnsupportedProperties`).
  private func settleNetworks(of whole: inout ComposeFile) {
    if whole.runtime < .swarm, !lacksFiles { checkSharedNetworks(of: &whole) }
    for index in whole.services.indices {
      guard let network = whole.services[index].network else { continue }
      switch whole.runtime {
      case .docker: break
      case .perhapsSwarm: whole.services[index].network = Located(.unknown, at: network.place)
      case .swarm, .swarmAlone: whole.services[index].network = nil
      }
    }
  }

  private func checkSharedNetworks(of whole: inout ComposeFile) {
    guard whole.services.contains(where: { $0.network != nil }) else { return }
    let numbers = Dictionary(
      zip(whole.services.map(\.name.exact), whole.services.indices), uniquingKeysWith: { first, _ in first })
    /// The service whose network another uses, and where it says so.
    func shared(_ index: Int) -> (other: String, place: SourceRange)? {
      guard let network = whole.services[index].network, case .shared(let other) = network.value else { return nil }
      return (other, network.place)
    }
    // The walk that came by a service first.
    var walks: [Int: Int] = [:]
    for start in whole.services.indices where walks[start] == nil {
      var index = start
      while let (other, place) = shared(index) {
        walks[index] = start
        guard let next = numbers[other.exact] else {
          whole.services[index].problems.report(.brokenInclude(.missingNetworkService(other)), at: place)
          break
        }
        if walks[next] == start {
          whole.services[index].problems.report(.brokenInclude(.circle(other)), at: place)
        }
        if walks[next] != nil { break }
        index = next
      }
    }
  }
}

extension Problem.Cause {
  fileprivate var isCircle: Bool {
    if case .brokenInclude(.circle) = self { true } else { false }
  }
}
