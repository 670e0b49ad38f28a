import PortModel
import SourceText
import SourceYAML

/// A format that is data: how a document of it is recognised, where it claims sockets, and where it points at ports.
package struct DeclaredFormat: Sendable {
  /// What `ports` shows as the format.
  package let id: String
  /// What a person calls it.
  package let summary: String
  /// What may stand in its files that is no YAML.
  package let comments: Comments?
  /// Of these, one must hold.
  package let recognition: [Recognition]
  /// Beside the templates and variables that portlint knows: what stands for a value that cannot be known.
  package let unresolved: [PlaceholderMark]
  /// What stands for a value that is known unless something else is set: it names a default.
  package let defaulted: [DefaultMark]
  /// How text says what a mapping may say too.
  package let arguments: Arguments?
  /// Which YAML its readers read.
  package let yaml: YAMLVersion?
  /// How its readers take keys.
  package let keys: Keys?
  /// Shell patterns of the one key of a mapping that stands for a value.
  package let calls: [String]
  package let choices: Choices?
  package let parameters: [Parameters]
  package let claims: [Claim]
  package let references: [Reference]

  package init(
    id: String, summary: String, comments: Comments?, recognition: [Recognition], unresolved: [PlaceholderMark],
    defaulted: [DefaultMark], arguments: Arguments?, yaml: YAMLVersion?, keys: Keys?, calls: [String],
    choices: Choices?, parameters: [Parameters], claims: [Claim], references: [Reference]
  ) {
    self.id = id
    self.summary = summary
    self.comments = comments
    self.recognition = recognition
    self.unresolved = unresolved
    self.defaulted = defaulted
    self.arguments = arguments
    self.yaml = yaml
    self.keys = keys
    self.calls = calls
    self.choices = choices
    self.parameters = parameters
    self.claims = claims
    self.references = references
  }

  /// The keys at the ends of the paths to its claims and references: a text without any of them has neither. Nothing where
  /// a path has no key.
  package var placeWords: [String] {
    var words: [String] = []
    for place in claims.map(\.neededKeys) + references.map(\.path.lastKeys) {
      if place.isEmpty { return [] }
      words += place.filter { !words.contains($0) }
    }
    return words
  }

  package enum Comments: String, CaseIterable, Sendable {
    /// `// to the end of the line` and `/* up to here */`, which some programs take in JSON.
    case json
  }

  package enum Arguments: String, CaseIterable, Sendable {
    /// `name=web ports="80:80"`
    case keysAndValues = "key=value"
  }

  package enum YAMLVersion: String, CaseIterable, Sendable {
    /// In which `22:22` without quotes is a number.
    case oneDotOne = "1.1"
  }

  package enum Keys: String, CaseIterable, Sendable {
    /// Whether they are written in upper or in lower case.
    case anyCase = "any-case"
  }

  /// Whether a value may begin with a placeholder that begins with a sign that no value of YAML does: `@port@`.
  package var placesBeginValues: Bool {
    unresolved.contains { $0.opening.first == UInt8(ascii: "@") }
  }

  /// What tells a document of a format: all of it must hold.
  package struct Recognition: Sendable {
    /// Places that the document has, each below a key of the root.
    package let keys: [DocumentPath]
    /// Shell patterns.
    package let apiVersion: String?
    package let kind: String?
    /// Where in what is so told the document itself stands, as a mapping or as its text; mostly it is all of it.
    package let place: [PreparedKey]
    /// Of these, one must match the path.
    package let files: [PathGlob]
    /// What a file is called that lies beside it.
    package let beside: String?
    /// Texts that it has, by their places.
    package let when: [TextPattern]
    /// Places that it has not.
    package let unless: [DocumentPath]

    package init(
      keys: [DocumentPath], apiVersion: String?, kind: String?, place: [PreparedKey], files: [PathGlob],
      beside: String?, when: [TextPattern], unless: [DocumentPath]
    ) {
      self.keys = keys
      self.place = place
      self.when = when
      self.apiVersion = apiVersion
      self.kind = kind
      self.files = files
      self.beside = beside
      self.unless = unless
    }
  }

  /// A text that matches one of some patterns of the shell.
  package struct TextPattern: Hashable, Sendable {
    package let path: [PreparedKey]
    package let patterns: [String]

    package init(path: [PreparedKey], patterns: [String]) {
      self.path = path
      self.patterns = patterns
    }

    /// What stands in each text that matches; nothing where several patterns may.
    package var word: String? {
      guard patterns.count == 1, let pattern = patterns.first else { return nil }
      let parts = pattern.split { $0.utf8.first?.isGlobSign ?? false || $0 == "]" }
      return parts.max { $0.utf8.count < $1.utf8.count }.map(String.init)
    }
  }

  /// What begins and ends a placeholder.
  package struct PlaceholderMark: Hashable, Sendable {
    package let opening: [UInt8]
    package let closing: [UInt8]

    package init(opening: [UInt8], closing: [UInt8]) {
      self.opening = opening
      self.closing = closing
    }
  }

  /// What begins and ends a placeholder, and what stands between its name and its default.
  package struct DefaultMark: Hashable, Sendable {
    package let opening: [UInt8]
    package let separator: [UInt8]
    package let closing: [UInt8]

    package init(opening: [UInt8], separator: [UInt8], closing: [UInt8]) {
      self.opening = opening
      self.separator = separator
      self.closing = closing
    }
  }

  /// Names of lists of which one item counts, but for the first, which says which.
  package struct Choices: Sendable {
    /// What names one: a tag, or the one key of a mapping.
    package let tags: [String]
    package let keys: [PreparedKey]

    package init(tags: [String], keys: [PreparedKey]) {
      self.tags = tags
      self.keys = keys
    }
  }

  /// Names that stand for values, and where the document has a value for each.
  package struct Parameters: Sendable {
    /// What names one: a tag, the one key of a mapping, or what stands around the name in a text.
    package let tags: [String]
    package let keys: [PreparedKey]
    package let texts: [PlaceholderMark]
    /// Where the values stand, by the one key that the path leaves open.
    package let values: DocumentPath

    package init(tags: [String], keys: [PreparedKey], texts: [PlaceholderMark], values: DocumentPath) {
      self.tags = tags
      self.keys = keys
      self.texts = texts
      self.values = values
    }
  }

  /// What must hold for a claim or a reference to count.
  package struct Circumstances: Sendable {
    /// Each of these.
    package let when: [Condition]
    /// None of these.
    package let unless: [Condition]
    package let usedBy: Use?

    package init(when: [Condition], unless: [Condition], usedBy: Use?) {
      self.when = when
      self.unless = unless
      self.usedBy = usedBy
    }
  }

  /// A text that one of some patterns must match.
  package struct Condition: Sendable {
    /// How many steps of the path lead to where it is asked.
    package let steps: Int
    package let subject: Subject
    /// Shell patterns.
    package let patterns: [String]

    package init(steps: Int, subject: Subject, patterns: [String]) {
      self.steps = steps
      self.subject = subject
      self.patterns = patterns
    }

    package enum Subject: Hashable, Sendable {
      /// A key that the path leaves open, by its number.
      case key(Int)
      /// What some keys lead to from there.
      case value([PreparedKey])
    }
  }

  /// A key that must stand elsewhere in the document as a text, or nothing is started by it.
  package struct Use: Sendable {
    /// The number of the key, of those that the path leaves open.
    package let key: Int
    package let paths: [DocumentPath]

    package init(key: Int, paths: [DocumentPath]) {
      self.key = key
      self.paths = paths
    }
  }

  /// Who claims or points.
  package struct Owner: Sendable {
    package let kind: String
    /// How many steps of the path lead to it; 0 for the document.
    package let steps: Int
    /// The parts of its name; none for a document, which is named by its file.
    package let name: [NamePart]
    /// Where its own name stands, which comes before that.
    package let namedBy: [PreparedKey]?
    package let image: [PreparedKey]?
    /// Where that stands without which, or where it is empty or cannot be known, it may not run.
    package let runsIf: [PreparedKey]?
    /// Texts that say that it runs nothing, by their places from there.
    package let idleIf: [TextPattern]

    package init(
      kind: String, steps: Int, name: [NamePart], namedBy: [PreparedKey]?, image: [PreparedKey]?,
      runsIf: [PreparedKey]?, idleIf: [TextPattern]
    ) {
      self.kind = kind
      self.steps = steps
      self.name = name
      self.namedBy = namedBy
      self.image = image
      self.runsIf = runsIf
      self.idleIf = idleIf
    }
  }

  package enum NamePart: Hashable, Sendable {
    case text(String)
    /// A key that the path leaves open, by its number.
    case key(Int)
  }

  /// Where sockets are claimed.
  package struct Claim: Sendable {
    package let path: DocumentPath
    package let owner: Owner
    package let role: Binding.Role
    package let scope: Scope.Kind
    /// How many steps of the path lead to what claims can meet in; 0 for the document.
    package let unit: Int
    /// Where, from the claim on, a text stands that claims must share to meet; one without it meets none.
    package let unitBy: [PreparedKey]?
    package let model: ConflictModel
    package let refused: Refused?
    package let circumstances: Circumstances
    package let entry: Entry

    package init(
      path: DocumentPath, owner: Owner, role: Binding.Role, scope: Scope.Kind, unit: Int, unitBy: [PreparedKey]?,
      model: ConflictModel, refused: Refused?, circumstances: Circumstances, entry: Entry
    ) {
      self.path = path
      self.owner = owner
      self.role = role
      self.scope = scope
      self.unit = unit
      self.unitBy = unitBy
      self.model = model
      self.refused = refused
      self.circumstances = circumstances
      self.entry = entry
    }

    /// Keys of which there is one, or no claim.
    fileprivate var neededKeys: [String] {
      let own =
        switch entry {
        case .text(let text): text.absent == nil ? text.path.last?.text : nil
        case .fields(let fields): fields.port.isDynamicWhenAbsent ? nil : fields.port.path.last?.text
        }
      return own.map { [$0] } ?? path.lastKeys
    }
  }

  /// The ports that a runtime keeps for itself.
  package struct Refused: Sendable {
    package let ports: [PortRange]
    /// Those that it keeps inside.
    package let targets: [PortRange]
    /// What the runtime is called.
    package let by: String

    package init(ports: [PortRange], targets: [PortRange], by: String) {
      self.ports = ports
      self.targets = targets
      self.by = by
    }
  }

  /// How a claim is written.
  package enum Entry: Sendable {
    /// As one text.
    case text(TextEntry)
    /// As a mapping.
    case fields(Fields)
  }

  /// A claim that is one text.
  package struct TextEntry: Sendable {
    /// Where it stands, from where the claim does; nothing for there itself.
    package let path: [PreparedKey]
    /// Where arguments of a command stand there, the options behind which one does; none where it is the text itself.
    package let options: [String]
    package let grammar: EntryGrammar
    /// What is claimed where none is written.
    package let absent: Endpoint?
    /// The protocol where the text names none.
    package let transport: TransportProtocol
    /// The numbers of a port alone for which the system picks one; in an address, 0 is one anyhow.
    package let dynamic: [Int]
    /// The address where the grammar has none.
    package let address: String?
    /// What else stands there is no such entry.
    package let only: Kind?
    /// What parts several entries in one text.
    package let separator: String?
    /// What stands before the entry in its text: a text without it has none.
    package let beginning: String?
    /// What stands behind the entry in its text, where more does.
    package let ending: String?

    package init(
      path: [PreparedKey], options: [String], grammar: EntryGrammar, absent: Endpoint?, transport: TransportProtocol,
      dynamic: [Int], address: String?, only: Kind?, separator: String?, beginning: String?, ending: String?
    ) {
      self.path = path
      self.options = options
      self.grammar = grammar
      self.absent = absent
      self.dynamic = dynamic
      self.transport = transport
      self.address = address
      self.only = only
      self.separator = separator
      self.beginning = beginning
      self.ending = ending
    }

    /// What a scalar is.
    package enum Kind: String, CaseIterable, Sendable {
      case numbers
      case texts
      /// A number from 1 to 65535, be it a text.
      case ports
    }
  }

  /// A host and a port: `localhost:4317`.
  package struct Endpoint: Hashable, Sendable {
    /// Empty for every address.
    package let host: String
    package let port: UInt16

    package init(host: String, port: UInt16) {
      self.host = host
      self.port = port
    }
  }

  /// Texts that are a claim.
  package enum EntryGrammar: String, CaseIterable, Sendable {
    /// `8080`
    case port
    /// `[[address:][host]:]container[/protocol]`
    case dockerShort = "docker-short"
    /// `[address]:port[/protocol]`
    case addressPortProtocol = "address-port-protocol"
    /// `[address]:port`, or a path, or a URL, which is no port of the host.
    case addressPort = "address-port"
    /// `port[:target][/protocol]`, whose target is the port itself where none is written.
    case pair
    /// `port[-last][/protocol]`
    case portRange = "port-range"
  }

  /// The fields of a claim that is a mapping.
  package struct Fields: Sendable {
    package let port: PortField
    package let address: AddressField?
    package let transport: ProtocolField?
    /// What is inside.
    package let target: TargetField?

    package init(port: PortField, address: AddressField?, transport: ProtocolField?, target: TargetField?) {
      self.port = port
      self.address = address
      self.transport = transport
      self.target = target
    }
  }

  /// What a field says of ports.
  package enum PortGrammar: String, CaseIterable, Sendable {
    /// `8080`
    case port
    /// `8080`, or `8080-8090`
    case portRange = "port-range"
  }

  package struct TargetField: Sendable {
    package let path: [PreparedKey]
    package let grammar: PortGrammar

    package init(path: [PreparedKey], grammar: PortGrammar) {
      self.path = path
      self.grammar = grammar
    }
  }

  package struct PortField: Sendable {
    package let path: [PreparedKey]
    /// Where the last port of a range stands that begins with it.
    package let last: [PreparedKey]?
    /// The numbers for which the system picks a port.
    package let dynamic: [Int]
    /// The words for which it does.
    package let dynamicWords: [String]
    /// Whether it picks one too where none is written; else nothing is claimed.
    package let isDynamicWhenAbsent: Bool
    /// Where the port stands that it must be.
    package let same: [PreparedKey]?
    package let grammar: PortGrammar

    package init(
      path: [PreparedKey], last: [PreparedKey]?, dynamic: [Int], dynamicWords: [String], isDynamicWhenAbsent: Bool,
      same: [PreparedKey]?, grammar: PortGrammar
    ) {
      self.path = path
      self.grammar = grammar
      self.last = last
      self.dynamic = dynamic
      self.dynamicWords = dynamicWords
      self.isDynamicWhenAbsent = isDynamicWhenAbsent
      self.same = same
    }
  }

  package struct AddressField: Sendable {
    package let path: [PreparedKey]
    /// The address where none is written; nothing for every one.
    package let absent: String?
    /// What becomes of a name; without it, Docker refuses one.
    package let names: Names?

    package init(path: [PreparedKey], absent: String?, names: Names?) {
      self.path = path
      self.absent = absent
      self.names = names
    }

    package enum Names: String, CaseIterable, Sendable {
      /// It stands for the address that it is found to have.
      case lookedUp = "looked-up"
    }
  }

  package struct ProtocolField: Sendable {
    package let path: [PreparedKey]
    /// The words that the field takes, in whatever case.
    package let values: [String]
    package let absent: String

    package init(path: [PreparedKey], values: [String], absent: String) {
      self.path = path
      self.values = values
      self.absent = absent
    }
  }

  /// Where a port is pointed at.
  package struct Reference: Sendable {
    package let path: DocumentPath
    package let owner: Owner
    package let grammar: ReferenceGrammar
    /// Where, beside the port, the last one of a range stands that begins with it.
    package let last: [PreparedKey]?
    /// Where, beside the port, its host stands.
    package let host: [PreparedKey]?
    /// The numbers that mean no port.
    package let none: [Int]
    /// The port of a host alone.
    package let absent: UInt16?
    /// What a message calls the place.
    package let called: String
    package let field: PortModel.Reference.Field
    package let toward: Toward
    package let circumstances: Circumstances

    package init(
      path: DocumentPath, owner: Owner, grammar: ReferenceGrammar, last: [PreparedKey]?, host: [PreparedKey]?,
      none: [Int], absent: UInt16?, called: String, field: PortModel.Reference.Field, toward: Toward,
      circumstances: Circumstances
    ) {
      self.path = path
      self.owner = owner
      self.grammar = grammar
      self.last = last
      self.host = host
      self.none = none
      self.absent = absent
      self.called = called
      self.field = field
      self.toward = toward
      self.circumstances = circumstances
    }
  }

  /// Texts that point at a port.
  package enum ReferenceGrammar: String, CaseIterable, Sendable {
    /// `8080`
    case port
    /// `80,443`, `8000-8100` or `8000:8100`, each with a protocol behind a slash or without one.
    case ports
    /// The same, each with a protocol.
    case portsWithProtocol = "ports-protocol"
    /// `host:8080`, `[::1]:8080`, or a host alone.
    case hostPort = "host-port"
    /// `http://host:8080/path`, or with a host alone.
    case url
  }

  /// Whose ports are meant.
  package enum Toward: String, CaseIterable, Sendable {
    /// What is written is held against the grammar, and against nothing else.
    case nothing
    /// The Kubernetes Service that the host is by its DNS name, `name.namespace.svc`.
    case host
  }
}
