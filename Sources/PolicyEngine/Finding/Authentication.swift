import PortModel

/// What an owner shows of passwords, keys and access lists.
struct Authentication {
  private let variables: [(name: String, value: String?)]
  /// The words of the command, and the lines that are scripts in one.
  private let arguments: [String]
  private let startup: Startup

  init(_ startup: Startup) {
    self.startup = startup
    variables = startup.variables.pairs.map { ($0.name.lowercased(), $0.value) }
    // A variable may hold arguments, as `REDIS_ARGS` does.
    arguments =
      startup.entrypoint.texts + startup.command.texts
      + startup.variables.pairs.compactMap { $0.value.flatMap { $0.hasPrefix("-") ? $0 : nil } }
  }

  /// Whether the owner asks who is there, by what is known of no service in particular.
  var generally: Truth {
    if isSaid(Authentication.settings) || areSaid(Authentication.words) { return .yes }
    return mayBeSetElsewhere || isScript ? .unknown : .no
  }

  /// Whether a service that the owner runs asks who is there.
  ///
  /// - Parameter image: Nothing where no image is given.
  func truth(for service: ExposedServices.Service, image: ImageName?) -> Truth {
    let isOfficial = image.map { service.official.contains($0.path) } ?? false
    let open = service.open.reduce(Truth.no) { $0 || truth(of: $1) }
    if open == .yes { return .no }
    if service.guarded.contains(where: { truth(of: $0) != .no }) { return .yes }
    if !isOfficial && isSaid(Authentication.settings) || areSaid(Authentication.words) { return .yes }
    let readsVariables = !isOfficial || service.guarded.contains { !$0.isArgument }
    let isHidden = startup.unseen.contains(.variables) ? readsVariables : false
    if open == .unknown || isHidden || mayBeSetInFiles || image != nil && startup.unseen.contains(.build) {
      return .unknown
    }
    if service.unguarded.contains(where: { truth(of: $0) == .yes }) { return .no }
    if isScript { return .unknown }
    switch service.asking {
    case .never: return .no
    case .always: return .yes
    case .from(let version):
      guard let own = image?.majorVersion else { return image == nil ? .no : .unknown }
      return Truth(own >= version)
    }
  }

  // MARK: What is said

  private static let settings = ["password", "passwd", "secret", "token", "auth", "security.enabled", "api_key"]
  private static let refusals = ["allow_empty", "allow_anonymous", "allow_none", "allow_plaintext"]
  private static let words = ["requirepass", "aclfile", "auth", "keyfile", "tls", "password", "sasl"]
  /// A `:` stands behind each path, also where no other path follows.
  private static let files = [
    ".conf", ".cfg", ".yml", ".yaml", "/conf/", "/conf:", "/config/", "/config:", "security.json",
  ]
  private static let noes: Set = ["false", "no", "off", "0", "disabled", "", "none"]

  /// Whether a variable of such a name is set, and not to a no.
  private func isSaid(_ words: [String]) -> Bool {
    variables.contains { name, value in
      words.contains(where: name.contains) && !Authentication.refusals.contains(where: name.contains)
        && !(value.map { Authentication.noes.contains($0.lowercased()) } ?? false)
    }
  }

  private func areSaid(_ words: [String]) -> Bool {
    arguments.contains { argument in
      let argument = argument.lowercased()
      return words.contains(where: argument.contains)
    }
  }

  private var mayBeSetElsewhere: Bool {
    !startup.unseen.isDisjoint(with: [.variables, .build]) || mayBeSetInFiles
  }

  private var mayBeSetInFiles: Bool {
    !startup.unseen.isDisjoint(with: [.secrets, .configs, .rest])
      || (startup.files.texts + arguments).contains { text in
        let text = text.lowercased() + ":"
        return Authentication.files.contains(where: text.contains)
      }
  }

  /// Whether a word of the command is a script, or is put in by a variable.
  private var isScript: Bool {
    arguments.contains { $0.contains("$") || $0.contains(".sh") }
  }

  private func truth(of sign: ExposedServices.Sign) -> Truth {
    switch sign {
    case .argument(let argument):
      return Truth(arguments.contains { $0.holdsWord(argument) })
    case .variable(let name):
      let own = variables.last { $0.name == name.lowercased() || $0.name == name.lowercased() + "_file" }
      guard let own else { return .no }
      return Truth(own.value.map { !Authentication.noes.contains($0.lowercased()) } ?? true)
    case .setting(let name, let value):
      if arguments.contains(where: { $0.lowercased().contains("\(name)=\(value)".lowercased()) }) { return .yes }
      guard let own = variables.last(where: { $0.name == name.lowercased() }) else { return .no }
      // Without a value it is the shell's.
      guard let said = own.value?.lowercased(), !said.contains("$") else { return .unknown }
      if value == "true" { return Truth(!Authentication.noes.contains(said)) }
      return Truth(said == value || value == "false" && Authentication.noes.contains(said))
    }
  }
}

extension ExposedServices.Sign {
  fileprivate var isArgument: Bool {
    if case .argument = self { true } else { false }
  }
}

extension String {
  /// Whether one of the words that blanks part is `word`, or `word` with a value.
  fileprivate func holdsWord(_ word: String) -> Bool {
    split(whereSeparator: \.isWhitespace).contains { part in
      let part = part.drop { "\"'([".contains($0) }
      guard part.hasPrefix(word) else { return false }
      return part.dropFirst(word.count).first.map { !$0.isLetter && !$0.isNumber && $0 != "-" && $0 != "_" } ?? true
    }
  }
}
