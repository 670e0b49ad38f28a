import ManifestFormats
import PolicyEngine
import PortModel
import SourceText
import SourceYAML

/// What the command line says of the policy.
package struct PolicyRequest: Sendable {
  /// Which policy file holds.
  package var config = Config.found
  package var preset: String?
  package var baseline = ChosenBaseline.ofPolicy
  package var platform: Platform?
  /// Severities that win over the policy's; nothing for off.
  package var severities: [String: Severity?] = [:]
  /// The absolute path of the current folder.
  package var currentFolder = "/"
  /// The folders in which a policy is looked for, one after another, by their paths with a slash at the end or empty.
  package var folders = [""]
  /// A policy whose ranges, services and platform the policy file builds on.
  package var groundwork: Policy?
  /// A rule beside the built-in ones, with its severity or else as a warning.
  package var addition: Rule?

  /// The tree that the globs of a policy that is named count from; without one, the current folder.
  package var tree: Tree?

  package init() {}

  /// Which findings are let pass.
  package enum ChosenBaseline: Hashable, Sendable {
    /// Those of the file that the policy names, if it names one.
    case ofPolicy
    case absent
    case file(String)
  }

  /// Which policy file holds.
  package enum Config: Hashable, Sendable {
    /// The one that is found in the first of the request's folders that has one.
    case found
    /// None, whatever lies there.
    case absent
    case file(String)
  }
}

/// A policy, with the files that it was made of and what is wrong with them.
package struct LoadedPolicy: Sendable {
  package var policy: Policy
  /// The policy files and the rule files.
  package var files: [SourceFile] = []
  package var problems: [Problem] = []
  /// The findings that are let pass.
  package var baseline = Baseline()
  /// What the policy says makes a run fail.
  package var failOn: Threshold?
  /// The path of the file that the policy puts in the place of every project's `.env`.
  package var environmentFile: String?
  /// The path of the folder that the policy's globs count from, with a slash at its end; empty where it is the current
  /// one.
  package var folderPath = ""
  /// The path of the folder in which the policy was found, written so; nothing for one that was named.
  package var foundIn: String?
  /// The path of the policy file that is in force; nothing where none is.
  package var path: String?
  /// The presets that it builds on, the strongest last; nothing where it is content with the rules' own severities.
  package var presets: [String] = []
  /// The preset that the command line says, which wins over those.
  package var presetInstead: String?
  /// The whole text of rule files that are not portlint's own.
  package var ruleFiles: [SourceFile] = []
  /// The same by the ids of their rules.
  package var filesOfRules: [String: SourceFile] = [:]
  /// The declared formats, portlint's and the team's own.
  package var formats = FormatTable.builtIn
  /// The files of the team's own formats.
  package var formatFiles: [SourceFile] = []
}

extension LoadedPolicy {
  /// What holds without any policy file.
  package static func recommended() -> LoadedPolicy {
    var problems: [DecodingProblem] = []
    let policy = Policy(
      rules: BuiltIn.rules(), knownServices: BuiltIn.knownServices, exposed: BuiltIn.exposed,
      tables: BuiltIn.portTables, problems: &problems)
    return LoadedPolicy(policy: policy)
  }
}

/// Why there is no policy to hold anything against, said by the command line.
package enum PolicyFailure: Error {
  case unreadable(path: String, ReadFailure)
  case unknownPreset(String, suggestion: String?)
  case fault(Policy.Fault)
}

/// Reads a policy with all that it extends and names.
package struct PolicyLoader {
  /// What a policy file is called.
  package static let fileName = ".portlint.yaml"

  private var files: any FileSource
  private let request: PolicyRequest
  private var read: [SourceFile] = []
  private var problems: [Problem] = []

  private init(_ request: PolicyRequest, files: any FileSource) {
    self.request = request
    self.files = files
  }

  /// The policy of a request.
  package static func load(_ request: PolicyRequest, files: any FileSource) throws(PolicyFailure) -> LoadedPolicy {
    var loader = PolicyLoader(request, files: files)
    return try loader.load()
  }

  private mutating func load() throws(PolicyFailure) -> LoadedPolicy {
    let main = try mainFile()
    let run = files
    if let main { files = files.files(forPolicyAt: main.path) }
    var layers = request.groundwork.map { [$0.groundwork] } ?? []
    if let main {
      collect(main, into: &layers, ways: [])
      let size = layers.map(\.file.patternCount).reduce(0, +)
      if size > PolicyLoader.mostPatterns {
        let place = SourceRange(file: main.id, start: 0, end: 0)
        let limit = "more than \(PolicyLoader.mostPatterns) exceptions, allocations and globs"
        var loaded = LoadedPolicy.recommended()
        loaded.files = read
        loaded.problems.report(.policy(limit), at: place)
        return loaded
      }
    }
    var overrides = Policy.Overrides()
    overrides.platform = request.platform
    overrides.severities = request.severities
    if let preset = request.preset {
      guard let layer = BuiltIn.preset(preset) else {
        throw .unknownPreset(preset, suggestion: nearestWord(to: preset, among: BuiltIn.presetNames))
      }
      overrides.preset = [layer]
      if overrides.platform == nil { overrides.platform = layer.file.platform }
    }
    let tables = BuiltIn.portTables
    var rules = BuiltIn.rules()
    let ownFormats = ownFormats(named: layers)
    let formats = FormatTable.builtIn.adding(ownFormats.map(\.format))
    let own = ownRules(named: layers, beside: rules, tables: tables, formats: formats)
    rules += own.map(\.rule)
    if let addition = request.addition, !rules.contains(where: { $0.id == addition.id }) { rules.append(addition) }
    var decoding: [DecodingProblem] = []
    var policy = Policy(
      rules: rules, layers: layers, overrides: overrides, services: services(of: layers),
      knownServices: BuiltIn.knownServices, exposed: BuiltIn.exposed, tables: tables, problems: &decoding)
    problems.report(decoding)
    problems += policy.twiceAllocated
    // A rule whose file cannot be read is no unknown one.
    if problems.isEmpty {
      do throws(Policy.Fault) { try overrides.check(rules) } catch { throw .fault(error) }
    }
    let baseline = try baseline(from: run, layers)
    let environmentFile = environmentFile(of: layers)
    if problems.count > PolicyLoader.mostProblems {
      let place = problems[PolicyLoader.mostProblems].place
      let limit = "more than \(PolicyLoader.mostProblems) things are wrong; no further ones are named"
      problems.removeSubrange(PolicyLoader.mostProblems...)
      problems.report(.policy(limit), at: place)
    }
    // A policy that is named counts from the tree, wherever its file lies.
    let base = request.config == .found ? main?.path.folderPath ?? "" : request.tree?.rootFromHere ?? ""
    policy.folder = folder(of: base)
    if let addition = request.addition { policy.add(addition) }
    let presets = layers.compactMap { if case .preset(let name) = $0.source { name } else { nil } }
    return LoadedPolicy(
      policy: policy, files: read, problems: problems, baseline: baseline,
      failOn: layers.compactMap(\.file.failOn).last, environmentFile: environmentFile, folderPath: base,
      foundIn: request.config == .found ? main?.path.folderPath : nil,
      path: main?.path, presets: presets, presetInstead: request.preset,
      ruleFiles: own.map(\.file),
      filesOfRules: Dictionary(own.map { ($0.rule.id, $0.file) }, uniquingKeysWith: { first, _ in first }),
      formats: formats, formatFiles: ownFormats.map(\.file))
  }

  // MARK: Files

  private mutating func mainFile() throws(PolicyFailure) -> SourceFile? {
    if request.config == .absent { return nil }
    if case .file(let config) = request.config {
      do throws(ReadFailure) {
        return try add(contents(of: config), path: config)
      } catch {
        throw .unreadable(path: config, error)
      }
    }
    for folder in request.folders {
      let path = folder + PolicyLoader.fileName
      do throws(ReadFailure) {
        return try add(limited(files.foundPolicy(at: path)), path: path)
      } catch .missing {
        continue
      } catch {
        throw .unreadable(path: path, error)
      }
    }
    return nil
  }

  private mutating func baseline(
    from run: any FileSource, _ layers: [Policy.Layer]
  ) throws(PolicyFailure) -> Baseline {
    switch request.baseline {
    case .absent: return Baseline()
    case .file(let path):
      do throws(ReadFailure) { return try baseline(at: path, from: run) } catch { throw .unreadable(path: path, error) }
    case .ofPolicy:
      guard let named = layers.compactMap(\.file.baseline).last else { return Baseline() }
      let path = path(named)
      do throws(ReadFailure) {
        if path.isOfEnvironmentFile { throw .unreadable(reason: "is an environment file") }
        return try baseline(at: path, from: files)
      } catch .missing {
        problems.report(.policy("\(path): \(ReadFailure.missing.reason)", remedy: .baseline), at: named.place)
      } catch {
        problems.report(error, of: path, at: named.place)
      }
      return Baseline()
    }
  }

  private mutating func baseline(at path: String, from files: any FileSource) throws(ReadFailure) -> Baseline {
    let (baseline, decoding) = decodeBaseline(add(try files.contents(of: path), path: path))
    for problem in decoding { problems.report(.policy(problem.message, remedy: .baseline), at: problem.place) }
    return baseline
  }

  private mutating func environmentFile(of layers: [Policy.Layer]) -> String? {
    guard let named = layers.compactMap(\.file.environmentFile).last else { return nil }
    let path = path(named)
    do throws(ReadFailure) {
      _ = try files.contents(of: path)
      return path
    } catch {
      problems.report(error, of: path, at: named.place)
      return nil
    }
  }

  /// The path of a file that a policy file names from its own folder.
  private func path(_ named: Located<String>) -> String {
    if named.value.isAbsolutePath { return named.value }
    let policy = read.first { $0.id == named.place.file }
    return normalised((policy?.path.folderPath ?? "") + named.value)
  }

  /// How many formats of one's own there may be: each document is held against all.
  private static let mostFormats = 100
  /// The most that a policy file, a rule file or a services database may hold, in MiB: far more than anybody writes.
  private static let sizeLimit = 1

  /// How much is said to be wrong with a policy and a baseline.
  private static let mostProblems = 1000

  /// How many exceptions, allocations and globs a policy may have, for each is held against each claim or file.
  private static let mostPatterns = 10_000

  /// How many policy files there may be, each counted as often as it is extended: a few may come to billions.
  private static let mostExtended = 100

  private func contents(of path: String) throws(ReadFailure) -> [UInt8] {
    if path.isOfEnvironmentFile { throw .unreadable(reason: "is an environment file") }
    return try limited(files.contents(of: path))
  }

  private func limited(_ contents: [UInt8]) throws(ReadFailure) -> [UInt8] {
    guard contents.count <= PolicyLoader.sizeLimit << 20 else { throw .tooLarge(limit: PolicyLoader.sizeLimit) }
    return contents
  }

  /// Takes a file in; the numbers of a policy's files lie above those of all manifests.
  private mutating func add(_ contents: [UInt8], path: String) -> SourceFile {
    let file = SourceFile(id: FileID(Int(UInt32.max) - 1 - read.count), path: path, contents: contents)
    read.append(file)
    return file
  }

  private func folder(of folder: String) -> PolicyFolder {
    let absolute = folder.isAbsolutePath ? folder : request.currentFolder + "/" + folder
    return PolicyFolder(normalised(absolute), current: request.currentFolder)
  }

  // MARK: Layers

  /// Adds a policy file behind all that it extends.
  private mutating func collect(_ file: SourceFile, into layers: inout [Policy.Layer], ways: [String]) {
    let (policy, decoding) = decodePolicy(file, tables: Set(BuiltIn.portTables.keys))
    problems.report(decoding)
    for base in policy.extends {
      if let preset = BuiltIn.preset(base.value) {
        layers.append(preset)
        continue
      }
      // No preset's name is like a path.
      guard base.value.utf8.contains(where: { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ".") }) else {
        let near = NearWords(to: base.value, among: BuiltIn.presetNames)
        var wrong: [DecodingProblem] = []
        wrong.report(
          .unknownWord(base.value, of: "preset", near), at: base.place, example: PolicyKey.extends.example)
        problems.report(wrong)
        continue
      }
      let path = base.value.isAbsolutePath ? base.value : normalised(file.path.folderPath + base.value)
      if (ways + [file.path]).contains(where: path.isExactly) {
        let circle = (ways + [file.path, path]).drop { !$0.isExactly(path) }.joined(separator: " → ")
        problems.report(.policy("it extends itself: \(circle)"), at: base.place)
        continue
      }
      guard read.count < PolicyLoader.mostExtended else {
        let cause = Problem.Cause.policy("more than \(PolicyLoader.mostExtended) policy files extend one another")
        if !problems.contains(where: { $0.cause == cause }) { problems.report(cause, at: base.place) }
        return
      }
      do throws(ReadFailure) {
        let extended = try add(contents(of: path), path: path)
        collect(extended, into: &layers, ways: ways + [file.path])
      } catch {
        problems.report(error, of: path.isEmpty ? "." : path, at: base.place)
      }
    }
    layers.append(Policy.Layer(.policyFile, policy))
  }

  // MARK: Formats and rules of one's own

  private mutating func ownFormats(named layers: [Policy.Layer]) -> [(format: DeclaredFormat, file: SourceFile)] {
    let globs = layers.flatMap(\.file.formats)
    if globs.isEmpty { return [] }
    var formats: [(format: DeclaredFormat, file: SourceFile)] = []
    var taken = FormatTable.builtIn.ids
    for (number, file) in namedFiles(globs).enumerated() {
      if number == Self.mostFormats {
        problems.report(
          .policy("a policy names at most \(Self.mostFormats) formats; this and those behind it are left out"),
          at: SourceRange(file: file.id, start: 0, end: 0))
        break
      }
      let (format, decoding) = decodeFormat(file, taken: taken)
      problems.report(decoding)
      guard let format else { continue }
      taken.insert(format.id)
      formats.append((format, file))
    }
    return formats
  }

  /// The files that globs of policies match, each once, but for those that have been read.
  private mutating func namedFiles(_ globs: [Located<String>]) -> [SourceFile] {
    var found: [SourceFile] = []
    for glob in globs {
      guard let policy = read.first(where: { $0.id == glob.place.file }) else { continue }
      let paths: [String]
      do throws(ReadFailure) {
        paths = try files.paths(matching: "./" + glob.value, from: policy.path.folderPath)
      } catch {
        problems.report(error, of: "'\(glob.value)'", at: glob.place)
        continue
      }
      if paths.isEmpty {
        problems.report(.policy("no file matches '\(glob.value)'"), at: glob.place)
      }
      for path in paths where !read.contains(where: { $0.path.isExactly(path) }) {
        do throws(ReadFailure) {
          found.append(add(try contents(of: path), path: path))
        } catch {
          problems.report(error, of: path, at: glob.place)
        }
      }
    }
    return found
  }

  private mutating func ownRules(
    named layers: [Policy.Layer], beside others: [Rule], tables: [String: PortTable], formats: FormatTable
  ) -> [(rule: Rule, file: SourceFile)] {
    let globs = layers.flatMap(\.file.ruleFiles)
    if globs.isEmpty { return [] }
    var rules: [(rule: Rule, file: SourceFile)] = []
    var taken = Set(others.map(\.id))
    let knownPorts = Set(tables.keys).union(Policy.ranges(of: .linux, layers.map(\.file)).keys)
    for file in namedFiles(globs) {
      let (rule, decoding) = decodeRule(
        file, knownPorts: knownPorts, knownFormats: formats.ids, isOwn: true, taken: taken)
      problems.report(decoding)
      guard let rule else { continue }
      taken.insert(rule.id)
      rules.append((rule, file))
    }
    // Which rules there are is known when all are read; of one that is broken, nothing is.
    if problems.isEmpty { problems.report(rules.flatMap { strangers(among: $0, known: taken) }) }
    return rules
  }

  /// The rules that are none and that a rule would yield to.
  private func strangers(among own: (rule: Rule, file: SourceFile), known: Set<String>) -> [DecodingProblem] {
    if known.isSuperset(of: own.rule.yieldsTo) { return [] }
    var problems: [DecodingProblem] = []
    for id in decodeYieldsTo(own.file) where !known.contains(id.value) {
      problems.report(.unknownWord(id.value, of: "rule", NearWords(to: id.value, among: known.sorted())), at: id.place)
    }
    return problems
  }

  // MARK: Services

  private mutating func services(of layers: [Policy.Layer]) -> ServicesDatabase {
    guard let database = layers.compactMap(\.file.database).last else {
      return request.groundwork?.services ?? .embedded
    }
    switch database.value {
    case "iana": return .embedded
    case "system": return .system
    case let text:
      let path = path(database)
      do throws(ReadFailure) {
        let contents = try contents(of: path)
        return ServicesDatabase(source: .file(servicesFile(contents)))
      } catch {
        if case .outside = error {
          problems.report(error, of: path, at: database.place)
          return .embedded
        }
        let isWord = !text.utf8.contains(UInt8(ascii: "/")) && !text.utf8.contains(UInt8(ascii: "."))
        let message =
          isWord
          ? "'\(text)' is no services database: 'iana', 'system', or the path of a file"
          : "\(path): \(error.reason)"
        problems.report(.policy(message, remedy: .example(PolicyKey.services.example)), at: database.place)
        return .embedded
      }
    }
  }
}

extension [Problem] {
  /// Says what keeps a file from being read that a policy names.
  fileprivate mutating func report(
    _ failure: ReadFailure, of path: String, at place: SourceRange, file: StaticString = #fileID, line: UInt = #line
  ) {
    if case .outside = failure {
      report(.unreadableFile(reason: failure.reason), at: place, file: file, line: line)
    } else {
      report(.policy("\(path): \(failure.reason)"), at: place, file: file, line: line)
    }
  }
}

extension [Problem] {
  /// Says what is wrong with a policy or a rule file.
  mutating func report(_ decoding: [DecodingProblem], file: StaticString = #fileID, line: UInt = #line) {
    for problem in decoding {
      let remedy = problem.example.map { Problem.PolicyRemedy.example($0) } ?? .unknown
      report(.policy(problem.message, remedy: remedy), at: problem.place, file: file, line: line)
    }
  }
}

extension ReadFailure {
  /// Why it was not read, in words.
  package var reason: String {
    switch self {
    case .missing: "there is no such file"
    case .folder: "is a folder"
    case .unreadable(let reason): reason
    case .outside(let tree): "leads out of the tree \(tree); name it on the command line, or give --tree"
    case .tooLarge(let limit): "it is larger than \(limit) MiB"
    case .tooManyIgnoreSteps(let limit): "its ignore files take more than \(limit) steps"
    }
  }
}

/// A path without `.` parts, and without `..` parts behind others.
private func normalised(_ path: String) -> String {
  var parts: [String] = []
  for part in path.pathParts where part != "." {
    if part == "..", let last = parts.last, last != ".." { parts.removeLast() } else { parts.append(part) }
  }
  return (path.isAbsolutePath ? "/" : "") + parts.joined(separator: "/")
}

/// The entries of a file in the syntax of `/etc/services`: `name port/protocol alias ... # comment`.
private func servicesFile(_ contents: [UInt8]) -> [ServicesDatabase.Entry] {
  contents.split(separator: UInt8(ascii: "\n")).flatMap { line -> [ServicesDatabase.Entry] in
    let words = line.prefix { $0 != UInt8(ascii: "#") }
      .split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: "\r") }
      .map { String(decoding: $0, as: UTF8.self) }
    guard words.count >= 2 else { return [] }
    let socket = words[1].split(separator: "/")
    guard socket.count == 2, let port = UInt16(socket[0]) else { return [] }
    return ([words[0]] + words.dropFirst(2)).map { name in
      ServicesDatabase.Entry(
        name: name, ports: PortRange(port), transport: TransportProtocol(name: socket[1]), description: "",
        origin: .file)
    }
  }
}
