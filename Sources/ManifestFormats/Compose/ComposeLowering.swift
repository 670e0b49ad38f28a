import PortModel
import SourceText
import SourceYAML

/// Lowers the documents of one Compose file (compose-spec 05-services.md). `ComposePorts.swift` has the port entries.
struct ComposeLowering {
  let file: SourceFile
  let environment: ComposeEnvironment
  /// Whether a text of the file can hold a variable: a `$` stands there, an escape that may be one, or a template's.
  private lazy var mayInterpolate = ["$", "\\", "{{", "%", "@"].contains { (sign: StaticString) in
    file.bytes.contains(text: sign)
  }
  /// Who seems to run the document at hand.
  private var runtime = ComposeRuntime.docker
  /// What deploys a stack passes over the project's `.env`.
  private var isStack: Bool { runtime >= .swarm && !environment.isNamed }
  /// Whether nobody but Swarm is to read the document at hand.
  var isForSwarmAlone: Bool { runtime == .swarmAlone }
  /// What is wrong with the service at hand.
  var problems: [Problem] = []
  /// How many problems of the file have been reported: there is no use in many more than are kept.
  private var reported = 0
  /// What the file claims by itself.
  var claims: ClaimLimit

  init(file: SourceFile, environment: ComposeEnvironment) {
    self.file = file
    self.environment = environment
    claims = ClaimLimit(of: file)
  }

  /// How many services a document may have: far more than anybody runs.
  static let mostServices = 100_000

  /// Lowers one document.
  mutating func lower(_ document: YAMLDocument) -> ComposeFile {
    var result = ComposeFile()
    problems = []
    runtime = runtime(of: document.root)
    result.runtime = runtime
    checkInterpolation(of: document.root)
    includes(word("include", of: document.root), into: &result)
    result.problems = problems
    result.networks = networks(word("networks", of: document.root))
    result.removesAll = document.root.value("services").map(clears) ?? false
    if let services = word("services", of: document.root) {
      // Each takes some hundred times the room that its name does.
      guard services.count <= ComposeLowering.mostServices else {
        result.problems.report(.limitExceeded(.services(ComposeLowering.mostServices)), at: services.textRange)
        return result
      }
      result.services.reserveCapacity(services.count)
      for entry in services.entries {
        if clears(entry.value) { result.removed.append(entry.key.text) }
        guard entry.value.isMapping, !isTakenBack(entry.value) else { continue }
        var service = ComposeService(name: entry.key.text, place: entry.key.range)
        read(entry.value, into: &service)
        result.add(consume service)
      }
    } else if let key = ComposeReader.misspeltServices(of: document.root) {
      let cause = Problem.InvalidPort.unknownKey(key.text, suggestion: "services", owner: "a Compose file")
      problems = []
      report(.invalidPort(cause), key, at: key.textRange)
      result.problems += problems
    }
    return result
  }

  /// - Parameter service: In its place, for it is large: a copy of each was 1 % of a run over projects.
  private mutating func read(_ node: YAMLNode, into service: inout ComposeService) {
    let deploy = word("deploy", of: node)
    problems = []
    service.cleared.keys = keysTakenBack(of: node)
    service.cleared.keys.formUnion(keysTakenBack(of: deploy).map { "deploy.\($0.text)".exact })
    service.cleared.variables = keysTakenBack(of: word("environment", of: node))
    service.cleared.labels = keysTakenBack(of: word("labels", of: node))
    service.image = fact(word("image", of: node))
    service.saysWhatRuns =
      service.image != nil || ["build", "extends", "provider"].contains { word($0, of: node) != nil }
    service.profiles = word("profiles", of: node)?.items.map(\.text) ?? []
    if let labels = word("labels", of: node) { service.labels = self.labels(labels) }
    // Swarm passes over it.
    if !isForSwarmAlone, let mode = word("network_mode", of: node), !isNull(mode) {
      service.network = network(mode)
      // An empty text takes back what earlier files say.
      if service.network == nil { service.cleared.keys.insert("network_mode") }
    }
    if let networks = word("networks", of: node), networks.count > 0 {
      service.networks = networks.range
      service.networkNames =
        networks.isSequence ? networks.items.map(\.text.exact) : networks.entries.map(\.key.text.exact)
    }
    service.aliases = aliases(of: node)
    service.containerName = fact(word("container_name", of: node))
    service.hostname = fact(word("hostname", of: node))
    service.replicas = number(word("replicas", of: deploy))
    service.scale = number(word("scale", of: node))
    service.isGlobal = word("mode", of: deploy).map { $0.isText("global") }
    service.nodes = nodes(word("constraints", of: word("placement", of: deploy)))
    if let mode = word("endpoint_mode", of: deploy), case .known(let text, let place)? = fact(mode) {
      service.lacksAddress = Located(text.value == "dnsrr", at: place)
    }
    if let order = word("order", of: word("update_config", of: deploy)), case .known(let text, let place)? = fact(order)
    {
      service.startsFirst = Located(text.value == "start-first", at: place)
    }
    service.user = fact(word("user", of: node))
    service.isPrivileged = word("privileged", of: node).map { $0.isTrue || $0.isOpen }
    service.hasReservedPortCapability =
      word("cap_add", of: node)?.items.contains { $0.isOpen || $0.isReservedPortCapability } ?? false
    service.lowersReservedPorts = word("sysctls", of: node).flatMap(lowersReservedPorts)
    service.startup = startup(of: node)
    service.hasHealthcheck = word("healthcheck", of: node) != nil
    service.calls = calls(of: node)
    service.otherHosts = otherHosts(of: node)
    service.dependencies = dependencies(of: node)
    service.ports = ports(of: node, named: service.name)
    service.expose = expose(of: node, named: service.name)
    // Whoever has ports knows how they are called.
    if service.ports.entries.isEmpty { reportMisspeltKeys(of: node) }
    service.extends = extends(word("extends", of: node))
    // What it has from a service that cannot be looked for is not known.
    if service.extends == nil, word("extends", of: node) != nil { service.ports.lacksEntries = true }
    service.problems = problems
  }

  /// Says of keys that they are nearly those which say ports: Compose and stacks refuse them.
  private mutating func reportMisspeltKeys(of node: YAMLNode) {
    for (key, meant) in node.misspeltKeys(among: ["ports", "expose", "network_mode"]) {
      let cause = Problem.InvalidPort.unknownKey(key.text, suggestion: meant, owner: "a service")
      report(.invalidPort(cause), key, at: key.textRange)
    }
  }

  /// The keys of a mapping whose tags take back what earlier files say.
  private func keysTakenBack(of node: YAMLNode?) -> Set<ExactText> {
    var keys: Set<ExactText> = []
    guard let node else { return keys }
    for entry in node.entries where clears(entry.value) { keys.insert(entry.key.text.exact) }
    return keys
  }

  /// The labels of a mapping, or of a list of `key=value`.
  private mutating func labels(_ node: YAMLNode) -> [ExactText: Fact<ManifestText>] {
    var labels: [ExactText: Fact<ManifestText>] = [:]
    for entry in node.entries where !isTakenBack(entry.value) {
      labels[entry.key.text.exact] = fact(entry.value, mayBeLong: true) ?? .absent
    }
    for item in node.isSequence ? Array(node.items) : [] {
      guard let fact = fact(item, mayBeLong: true), let place = fact.place else { continue }
      let parts = item.text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      let value = fact.value.map { $0.value.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false) }
      // Of a label, nothing is shown.
      labels[parts[0].exact] =
        value.map { .known(ManifestText($0.count == 2 ? String($0[1]) : "", written: item.text), at: place) } ?? fact
    }
    return labels
  }

  /// Whether a value's tag takes back what earlier files say. `docker stack` passes over tags.
  func clears(_ node: YAMLNode) -> Bool {
    (node.tag == "!reset" || node.tag == "!override") && !isForSwarmAlone
  }

  /// The value of a key. One whose tag says that there is none leaves the word to a mapping that is merged.
  ///
  /// A service is asked for some 45 keys and has five: inlined, a key that is not there takes 10 instructions instead of
  /// 250, which was 4 % of a run over projects.
  @inline(__always)
  func word(_ key: StaticString, of node: YAMLNode?) -> YAMLNode? {
    guard let node, let value = node.value(key) else { return nil }
    return value.hasTag ? word(key, of: node, tagged: value) : value
  }

  private func word(_ key: StaticString, of node: YAMLNode, tagged value: YAMLNode) -> YAMLNode? {
    guard isTakenBack(value) else { return value }
    return node.values(of: key).first { !isTakenBack($0) }
  }

  /// Whether a tag says that there is no such value.
  func isTakenBack(_ node: YAMLNode) -> Bool {
    node.tag == "!reset" && !isForSwarmAlone
  }

  private mutating func network(_ node: YAMLNode?) -> Located<Owner.Network>? {
    switch fact(node) {
    case nil, .absent: return nil
    case .unknown(_, let place): return Located(.unknown, at: place)
    case .known(let text, let place):
      let mode = text.value
      if mode.isEmpty { return nil }
      if mode == "host" { return Located(.host, at: place) }
      if mode == "none" { return Located(.none, at: place) }
      let parts = mode.split(separator: ":", maxSplits: 1)
      guard parts.count == 2, parts[0] == "service" || parts[0] == "container" else {
        return Located(.private, at: place)
      }
      // A name that an environment file gives is not to be shown, and leads to nobody that is.
      if text.isHidden { return Located(.unknown, at: place) }
      let other = String(parts[1])
      return Located(parts[0] == "service" ? .shared(with: other) : .sharedOutside(with: other), at: place)
    }
  }

  /// What Compose casts a scalar to, be it text, once its variables are replaced; nothing where that is not known
  /// (compose-go `loader/interpolate.go`).
  private mutating func boolean(_ node: YAMLNode?) -> Bool? {
    guard let text = fact(node)?.value?.value.lowercased() else { return nil }
    return ["true", "yes", "y", "on"].contains(text)
  }

  private mutating func number(_ node: YAMLNode?) -> Fact<ManifestNumber>? {
    switch fact(node) {
    case nil, .absent: nil
    case .unknown(let text, let place): .unknown(text, at: place)
    case .known(let text, let place): text.map { Int($0) }.map { .known($0, at: place) }
    }
  }

  /// Whether a sysctl lets anybody bind ports below 1024, as one may that a variable sets; nothing where none says so.
  private func lowersReservedPorts(_ sysctls: YAMLNode) -> Bool? {
    let name: StaticString = "net.ipv4.ip_unprivileged_port_start"
    let start = "\(name)="
    let listed = sysctls.isSequence ? sysctls.items.first { $0.text.hasPrefix(start) } : nil
    guard let text = sysctls.value(name)?.text ?? listed.map({ String($0.text.dropFirst(start.count)) }) else {
      return nil
    }
    return Int(text).map { $0 < 1024 } ?? true
  }

  /// What Compose gives to the process when it starts it.
  private mutating func startup(of service: YAMLNode) -> Startup {
    var startup = Startup()
    if word("build", of: service) != nil { startup.unseen.insert(.build) }
    if word("env_file", of: service) != nil { startup.unseen.insert(.variables) }
    if let secrets = word("secrets", of: service), secrets.count > 0 { startup.unseen.insert(.secrets) }
    if let configs = word("configs", of: service), configs.count > 0 { startup.unseen.insert(.configs) }
    if let environment = word("environment", of: service) { add(environment, to: &startup) }
    for part in words(of: word("command", of: service)) { withText(of: part) { startup.add(toCommand: $0) } }
    for part in words(of: word("entrypoint", of: service)) { withText(of: part) { startup.add(toEntrypoint: $0) } }
    if let volumes = word("volumes", of: service) {
      for volume in volumes.items {
        let file = volume.isMapping ? volume.value("target") : volume
        file?.bytes.withBytes { startup.add(file: $0) }
      }
    }
    return startup
  }

  /// Adds the variables of a mapping, or of a list of `name=value`.
  private mutating func add(_ environment: YAMLNode, to startup: inout Startup) {
    for entry in environment.entries where !isTakenBack(entry.value) {
      let isWritten = withText(of: entry.value) { value in
        entry.key.bytes.withBytes { startup.add(variable: $0, value: value) }
      }
      if !isWritten { entry.key.bytes.withBytes { startup.add(variable: $0, value: nil) } }
    }
    for item in environment.items {
      withText(of: item) { text in
        let end = text.firstOffset(of: UInt8(ascii: "="), from: 0)
        let value = end.map { UnsafeBufferPointer(rebasing: text[($0 + 1)...]) }
        startup.add(variable: UnsafeBufferPointer(rebasing: text[..<(end ?? text.count)]), value: value)
      }
    }
  }

  /// The names that a service has on the networks that it joins, besides its own.
  private func aliases(of service: YAMLNode) -> [ExactText] {
    guard let networks = word("networks", of: service) else { return [] }
    return networks.entries.flatMap { word("aliases", of: $0.value)?.items.map(\.text.exact) ?? [] }
  }

  /// The names that `extra_hosts` and `links` give to others than the services that have them, with the service that a
  /// link leads to.
  private func otherHosts(of service: YAMLNode) -> [ExactText: ExactText?] {
    var names: [ExactText: ExactText?] = [:]
    if let others = word("extra_hosts", of: service) {
      for entry in others.entries { names[entry.key.text.exact] = .some(nil) }
      for item in others.items.map(\.text) {
        names[String(item.prefix { $0 != ":" && $0 != "=" }).exact] = .some(nil)
      }
    }
    for item in word("links", of: service)?.items.map(\.text) ?? [] {
      let parts = item.split(separator: ":")
      if parts.count == 2 { names[String(parts[1]).exact] = String(parts[0]).exact }
    }
    return names
  }

  /// The services that Compose starts before a service (compose-go `loader/normalize.go`).
  private func dependencies(of service: YAMLNode) -> [ComposeDependency] {
    var found: [ComposeDependency] = []
    func add(_ services: [String], _ key: String) {
      found += services.map { ComposeDependency(service: $0.exact, key: key.exact) }
    }
    if let needed = word("depends_on", of: service) {
      add(needed.isSequence ? needed.items.map(\.text) : needed.entries.map(\.key.text), "depends_on")
    }
    func firstParts(_ node: YAMLNode?) -> [String] {
      node?.items.compactMap { $0.text.split(separator: ":").first.map(String.init) } ?? []
    }
    add(firstParts(word("links", of: service)), "links")
    add(firstParts(word("volumes_from", of: service)).filter { $0 != "container" }, "volumes_from")
    for key in ["network_mode", "ipc", "pid", "uts", "cgroup"] as [StaticString] {
      guard let mode = word(key, of: service)?.text, mode.hasPrefix("service:") else { continue }
      add([String(mode.dropFirst("service:".count))], "\(key)")
    }
    return found
  }

  private func words(of node: YAMLNode?) -> [YAMLNode] {
    guard let node else { return [] }
    return node.isSequence ? Array(node.items) : [node]
  }

  /// Lends a scalar's text as the process gets it, or as it is written where a variable keeps it open.
  ///
  /// - Returns: Whether there is one: null is none.
  @discardableResult
  private mutating func withText(of node: YAMLNode, _ body: (UnsafeBufferPointer<UInt8>) -> Void) -> Bool {
    guard node.isScalar, !isNull(node) else { return false }
    let hasVariable = mayInterpolate && node.bytes.withBytes { $0.firstOffset(of: UInt8(ascii: "$"), from: 0) != nil }
    if hasVariable, let text = text(of: node), text.isKnown {
      text.bytes.withUnsafeBufferPointer(body)
    } else {
      node.bytes.withBytes(body)
    }
    return true
  }

  private mutating func extends(_ node: YAMLNode?) -> ComposeExtends? {
    guard let node else { return nil }
    if node.isScalar {
      guard case .known(let service, let place)? = fact(node) else { return nil }
      return ComposeExtends(service: service, file: nil, place: place)
    }
    guard case .known(let service, _)? = fact(node.value("service")) else { return nil }
    let place = node.value("service")?.textRange ?? node.range
    switch fact(node.value("file")) {
    case nil, .absent: return ComposeExtends(service: service, file: nil, place: place)
    // A file that a variable names cannot be looked for, nor one on another machine.
    case .unknown:
      node.value("file").map { reportNotInView($0) }
      return nil
    case .known(let path, let filePlace):
      if isElsewhere(path.value) {
        node.value("file").map { reportNotInView($0) }
        return nil
      }
      return ComposeExtends(service: service, file: NamedFile(path: path, place: filePlace), place: place)
    }
  }

  private mutating func includes(_ node: YAMLNode?, into result: inout ComposeFile) {
    guard let node, node.isSequence else { return }
    for item in node.items {
      guard let paths = item.isScalar ? item : item.value("path") else { continue }
      let include = include(
        paths: paths, directory: item.value("project_directory"), environment: item.value("env_file"),
        place: paths.isScalar ? paths.textRange : paths.range)
      if let include {
        result.includes.append(include)
      } else {
        result.lacksIncludes = true
        reportNotInView(paths)
        result.openIncludes += patterns(of: paths)
      }
    }
  }

  /// Says of what names files that nobody can tell which those are.
  private mutating func reportNotInView(_ node: YAMLNode) {
    let entries = node.isSequence ? Array(node.items) : [node]
    guard let named = entries.first(where: { fact($0).map(isInView) != true }) ?? entries.first else { return }
    report(.notInView(named.text, knownTo: .compose), named, at: named.textRange)
  }

  /// What the paths match that a scalar or a list of them may name.
  private mutating func patterns(of node: YAMLNode) -> [String] {
    var patterns: [String] = []
    for item in node.isSequence ? Array(node.items) : [node] {
      guard item.isScalar, let text = text(of: item) else { continue }
      var pattern: [UInt8] = []
      for byte in text.bytes {
        if byte.isGlobSign { pattern.append(UInt8(ascii: "\\")) }
        pattern.append(byte == InterpolatedText.unknown ? UInt8(ascii: "*") : byte)
      }
      patterns.append(String(decoding: pattern, as: UTF8.self))
    }
    return patterns
  }

  private mutating func include(
    paths: YAMLNode, directory: YAMLNode?, environment: YAMLNode?, place: SourceRange
  ) -> ComposeInclude? {
    guard let files = namedFiles(paths), let environmentFiles = namedFiles(environment) else { return nil }
    guard !files.isEmpty, !files.contains(where: { isElsewhere($0.path.value) }) else { return nil }
    return ComposeInclude(
      paths: files, projectDirectory: fact(directory)?.value?.value, environmentFiles: environmentFiles, place: place)
  }

  private func isInView(_ path: Fact<ManifestText>) -> Bool {
    if case .known(let path, _) = path { !isElsewhere(path.value) } else { false }
  }

  /// Whether a path leads to another machine: to a registry or a repository.
  private func isElsewhere(_ path: String) -> Bool {
    var path = path
    return path.withUTF8 { bytes in
      bytes.firstOffset(of: "://", from: 0) != nil
        || (["oci:", "git@"] as [StaticString]).contains { bytes.holds($0.bytes, at: 0) }
    }
  }

  /// The files that a scalar or a list of them names; nothing where one cannot be known.
  private mutating func namedFiles(_ node: YAMLNode?) -> [NamedFile]? {
    guard let node else { return [] }
    var result: [NamedFile] = []
    for item in node.isSequence ? Array(node.items) : [node] {
      // An entry in long form has its path under a key.
      guard case .known(let path, let place)? = fact(item.isMapping ? item.value("path") : item) else { return nil }
      result.append(NamedFile(path: path, place: place))
    }
    return result
  }
}

// MARK: - Networks

extension ComposeLowering {
  /// What the project says of its networks.
  private mutating func networks(_ node: YAMLNode?) -> [ExactText: ComposeNetwork] {
    var networks: [ExactText: ComposeNetwork] = [:]
    guard let node else { return networks }
    for entry in node.entries where entry.value.isMapping {
      var network = ComposeNetwork()
      network.driver = fact(word("driver", of: entry.value))
      network.name = fact(word("name", of: entry.value))
      network.isInternal = boolean(word("internal", of: entry.value))
      if let external = word("external", of: entry.value) {
        // Its name once stood within.
        network.isExternal = external.isMapping ? true : boolean(external)
        network.name = network.name ?? fact(word("name", of: external))
      }
      networks[entry.key.text.exact] = network
    }
    return networks
  }
}

// MARK: - Texts

extension ComposeLowering {
  /// The text of a scalar with its variables replaced.
  ///
  /// - Parameter mayBeLong: Whether people put there what is longer than is read.
  mutating func fact(_ node: YAMLNode?, mayBeLong: Bool = false) -> Fact<ManifestText>? {
    guard let node, node.isScalar, !isNull(node) else { return nil }
    // Few texts hold a variable, and what holds none is as it is written.
    if !mayInterpolate || !node.mayHoldVariable { return .known(ManifestText(node.text), at: node.textRange) }
    guard let text = mayBeLong ? text(of: node) : wholeText(of: node) else { return nil }
    return text.isKnown ? .known(text.value, at: node.textRange) : .unknown(node.text, at: node.textRange)
  }

  /// The text of a scalar, if no environment file has a part in it.
  mutating func shownFact(_ node: YAMLNode?) -> Fact<String> {
    switch fact(node) {
    case nil, .absent: .absent
    case .unknown(let text, let place): .unknown(text, at: place)
    case .known(let text, let place): text.isHidden ? .unknown(text.shown, at: place) : .known(text.value, at: place)
    }
  }

  /// Replaces a scalar's variables; nothing for one that holds a `${` that Compose rejects.
  func text(of node: YAMLNode, isPort: Bool = false) -> ComposeText? {
    try? ComposeText(node, environment: isStack ? Variables() : environment.values, isPort: isPort)
  }

  /// The same of what says a claim, or leads to one: that a variable says more than any of these can is said.
  mutating func wholeText(of node: YAMLNode, isPort: Bool = false) -> ComposeText? {
    let text = text(of: node, isPort: isPort)
    if let text, !text.isKnown, text.text.isCut(among: environment.open) {
      report(.valueTooLong, node, at: node.textRange)
    }
    return text
  }

  /// The content of a config with its variables replaced; nothing for one that holds a `${` that Compose rejects.
  ///
  /// What a file of variables says is taken only where that is no more than a claim is made of: the rest is nobody's
  /// business, and stays open.
  mutating func content(of node: YAMLNode, named name: String) -> EmbeddedText? {
    let places = TextPlaces(of: node)
    guard mayInterpolate, node.bytes.contains(UInt8(ascii: "$")) else { return EmbeddedText(node, named: name) }
    let environment = isStack ? Variables() : environment.values
    guard
      let text = try? InterpolatedText(
        contentOf: Array(node.bytes), environment: environment, taking: Self.isNumberOfPort)
    else { return nil }
    return EmbeddedText(text.bytes, named: name, in: file.id) { places.range(of: text.source(of: $0)) }
  }

  /// Whether a value is what a claim is made of, and no more, or a number that was meant for a port.
  private static func isNumberOfPort(_ value: String) -> Bool {
    isPortsAddressOrProtocol(value) || value.utf8.count <= 5 && value.utf8.allSatisfy(\.isASCIIDigit)
  }

  /// Reports what a text silently becomes where a variable is unset, or the one that a file sets it from.
  mutating func report(_ trap: Problem.UnsetVariable, of variable: String, _ node: YAMLNode, at place: SourceRange) {
    guard !isStack, let setting = environment.open[variable.exact] else {
      return report(trapCause(variable, trap), node, at: place)
    }
    guard let source = setting.source else { return }
    report(
      trapCause(source, trap), node, at: place,
      [Related("'\(variable)' takes the value of $\(source) here", at: setting.place)])
  }

  /// A variable that the project's own file lacks is missing, and so is one of a stack that only that file has; without
  /// one, the shell may well have it.
  private func trapCause(_ name: String, _ trap: Problem.UnsetVariable) -> Problem.Cause {
    if isStack {
      return environment.values[name.exact] == nil ? .unsetVariable(name, trap) : .missingVariable(name, trap, .stack)
    }
    return environment.isComplete ? .missingVariable(name, trap, .project) : .unsetVariable(name, trap)
  }

  /// Reports each `${` that Compose rejects, in any value below the keys that it has: it refuses the whole file for it.
  private mutating func checkInterpolation(of root: YAMLNode) {
    guard mayInterpolate, file.bytes.contains(text: "$") || file.bytes.contains(text: "\\") else { return }
    for scalar in root.scalars(ofCompose: .file) where scalar.bytes.contains(UInt8(ascii: "$")) {
      // There is no use in more.
      if problems.count > ManifestReading.mostProblems { return }
      do throws(InterpolatedText.Invalid) {
        _ = try InterpolatedText(scalar.bytes, environment: environment.values)
      } catch {
        let bytes = scalar.bytes
        let part = bytes.startIndex + error.source.lowerBound..<bytes.startIndex + error.source.upperBound
        let written = String(decoding: bytes[part], as: UTF8.self)
        let place = scalar.range(ofText: error.source)
        problems.report(.invalidInterpolation(written), at: place)
      }
    }
  }

  /// Adds a problem of a text, which stands once however often an alias uses it; the use is related.
  ///
  /// - Parameter origins: Where what the text says comes from.
  mutating func report(
    _ cause: Problem.Cause, _ node: YAMLNode, at place: SourceRange, _ origins: [Related] = [],
    file: StaticString = #fileID, line: UInt = #line
  ) {
    guard reported <= ManifestReading.mostProblems else { return }
    reported += 1
    let uses = node.alias.map { [Related("used here", at: $0)] } ?? []
    problems.report(cause, at: place, related: uses + origins, file: file, line: line)
  }

  /// Where files set the variables that a part of a text, or all of it, says.
  func settings(of text: ComposeText, _ part: Range<Int>? = nil, areTarget: Bool) -> [WayIn] {
    settings(of: text, part).map { WayIn(.variable($0.value, isTarget: areTarget), at: $0.place) }
  }

  /// The same as places to show.
  func origins(of text: ComposeText, _ part: Range<Int>? = nil) -> [Related] {
    settings(of: text, part).map { Related($0.value, at: $0.place) }
  }

  private func settings(of text: ComposeText, _ part: Range<Int>?) -> [Located<WayIn.Setting>] {
    var settings: [Located<WayIn.Setting>] = []
    for (name, range) in text.text.usedVariables where part.map({ $0.overlaps(range) }) ?? true {
      guard let setting = environment.values.setting(of: name.exact), let place = setting.place,
        !settings.contains(where: { $0.place == place })
      else { continue }
      let value = Self.isPortsAddressOrProtocol(setting.value) ? setting.value : nil
      settings.append(Located(WayIn.Setting(name, value: value), at: place))
    }
    return settings
  }

  /// Whether a value is what a claim is made of, and no more.
  private static func isPortsAddressOrProtocol(_ value: String) -> Bool {
    if case .success = parsePorts(Array(value.utf8)[...]) { return true }
    return IPAddress(value) != nil || ["tcp", "udp", "sctp"].contains(value.lowercased())
  }

  func isNull(_ node: YAMLNode) -> Bool {
    node.isScalar && ScalarValue(node) == .null
  }
}
