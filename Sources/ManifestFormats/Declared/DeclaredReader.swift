import PortModel
import SourceText
import SourceYAML

/// Reads the documents of one file that are of declared formats.
struct DeclaredReader {
  private let file: SourceFile
  /// What the file claims.
  private(set) var claims: ClaimLimit
  /// How many units of each kind of scope the file has had: claims of two documents never meet.
  private var units: [Scope.Kind: Int32] = [:]

  init(file: SourceFile) {
    self.file = file
    claims = ClaimLimit(of: file)
  }

  /// Adds what a document claims and points at.
  ///
  /// - Parameter name: What it is the content of, where that is not the file.
  mutating func read(
    _ document: FormatTable.Document, named name: String? = nil, into inventory: inout Inventory
  ) {
    let (format, root) = (document.format, document.root)
    var reading = DeclaredDocument(
      format, root, in: file, named: name ?? String(file.shownPath.fileName), units: units, claims: claims)
    for claim in format.claims where !claim.isOfAnyEntry {
      for match in claim.path.matches(in: root, choices: format.choices) {
        if reading.claims.isPassed { break }
        reading.read(claim, match, into: &inventory)
      }
    }
    reading.readEntries(into: &inventory)
    for reference in format.references {
      for match in reference.path.matches(in: root, choices: format.choices) {
        if reading.claims.isPassed { break }
        let counts = reading.counts(match, of: reference.path, reference.circumstances)
        if counts == .yes { reading.read(reference, match, into: &inventory) }
      }
    }
    (units, claims) = (reading.units, reading.claims)
    inventory.problems += reading.problems
  }
}

/// A document while it is read by what its format declares.
private struct DeclaredDocument {
  private let format: DeclaredFormat
  private let root: YAMLNode
  private let file: SourceFile
  /// What the document stands in.
  private let name: String
  private var owners: [Place: OwnerID] = [:]
  private var scopes: [Place: Scope.Unit] = [:]
  private var answers: [Place: Truth] = [:]
  private var uses: [[DocumentPath]: UsedNames] = [:]
  private let texts: TextReader
  var units: [Scope.Kind: Int32]
  var claims: ClaimLimit
  var problems: [Problem] = []

  /// Something of the document that several claims share.
  private struct Place: Hashable {
    /// The beginning of a path.
    var steps: [DocumentPath.Step]
    /// Which of all that it leads to.
    var numbers: [Int32]
    /// What else tells it from others there.
    var words: [String]

    init(_ path: DocumentPath, _ count: Int, _ match: PathMatch, _ words: [String]) {
      steps = Array(path.steps.prefix(count))
      numbers = match.place(after: count)
      self.words = words
    }
  }

  init(
    _ format: DeclaredFormat, _ root: YAMLNode, in file: SourceFile, named name: String, units: [Scope.Kind: Int32],
    claims: ClaimLimit
  ) {
    self.format = format
    self.root = root
    self.file = file
    self.name = name
    texts = TextReader(format, ParameterValues(format, in: root))
    self.units = units
    self.claims = claims
  }

  // MARK: Claims

  /// Reads what is claimed by any entry of a mapping, wherever it stands: the document is walked once for all of them.
  mutating func readEntries(into inventory: inout Inventory) {
    let claims = format.claims.filter(\.isOfAnyEntry)
    guard !claims.isEmpty else { return }
    let entries = DocumentPath(steps: DeclaredFormat.Claim.entries)
    for entry in entries.matches(in: root, choices: format.choices) {
      for claim in claims where claim.mayBe(entry) {
        guard let matches = claim.path.matches(behind: entry, steps: entries.steps.count, choices: format.choices)
        else { continue }
        for match in matches {
          if self.claims.isPassed { return }
          read(claim, match, into: &inventory)
        }
      }
    }
  }

  mutating func read(_ claim: DeclaredFormat.Claim, _ match: PathMatch, into inventory: inout Inventory) {
    let counts = counts(match, of: claim.path, claim.circumstances)
    if counts != .no { read(claim, match, counts: counts, into: &inventory) }
  }

  /// - Parameter counts: Whether what must hold for it does; nothing is known of its port where that is not.
  mutating func read(
    _ claim: DeclaredFormat.Claim, _ match: PathMatch, counts: Truth, into inventory: inout Inventory
  ) {
    let idle = idle(claim.owner, match)
    if idle == .yes { return }
    var reader = EntryReader(texts, claim)
    let entries = reader.entries(match.node, key: claim.path.key(of: match))
    if entries.isEmpty, reader.problems.isEmpty || hasAllProblems { return }
    let owner = owner(claim.owner, of: claim.path, match, into: &inventory)
    for problem in reader.problems { report(problem.cause, owner, problem.node, at: problem.place) }
    let runs = runs(claim.owner, match)
    // What may not be there at all meets nothing.
    let isAlone = match.isChosen || runs == .unknown || idle == .unknown
    let isUnsure = counts == .unknown || runs == .no
    for entry in entries where hasRoom(for: owner, match, in: inventory) {
      add(entry, of: claim, match, owner, isAlone: isAlone, isUnsure: isUnsure, into: &inventory)
    }
  }

  private mutating func add(
    _ entry: ReadEntry, of claim: DeclaredFormat.Claim, _ match: PathMatch, _ owner: OwnerID, isAlone: Bool,
    isUnsure: Bool, into inventory: inout Inventory
  ) {
    let scope = Scope(claim.scope, unit(of: claim, match, isAlone: isAlone), claim.model)
    let port = isUnsure ? .unresolved : entry.port
    // What cannot be known is shown as the file has it, whatever it was read as.
    let text = port == .unresolved ? file.text(in: entry.place) : entry.text
    var binding = Binding(
      owner: owner, role: claim.role, scope: scope, address: entry.address, port: port, transport: entry.transport,
      place: entry.place, entry: entry.isImplied ? entry.place : entry.whole ?? match.node.range, text: text)
    binding.target = entry.target
    if let alias = entry.alias ?? match.node.alias { binding.ways = [WayIn(.alias, at: alias)] }
    inventory.bindings.append(binding)
  }

  /// Whether there is room for one more claim or reference; an alias makes many of few bytes, each with its owner's name.
  private mutating func hasRoom(for owner: OwnerID, _ match: PathMatch, in inventory: Inventory) -> Bool {
    guard case .refused(let limit) = claims.answer(of: inventory[owner].name) else { return true }
    if let limit { report(.limitExceeded(limit), owner, match.node, at: match.node.range) }
    return false
  }

  /// What the claim can meet others in.
  private mutating func unit(of claim: DeclaredFormat.Claim, _ match: PathMatch, isAlone: Bool) -> Scope.Unit {
    if claim.scope == .nodePorts, claim.unit == 0, !isAlone { return .cluster(file.id) }
    var place = Place(claim.path, claim.unit, match, ["\(claim.scope)"])
    if isAlone {
      place = Place(claim.path, claim.path.steps.count, match, place.words)
    } else if let path = claim.unitBy {
      if let text = match.node.value(at: path)?.textThatTells {
        place.words.append(text)
      } else {
        place = Place(claim.path, claim.path.steps.count, match, place.words)
      }
    }
    if let known = scopes[place] { return known }
    let number = units[claim.scope, default: 0]
    let unit = Scope.Unit.manifest(file.id, part: number)
    units[claim.scope] = number + 1
    scopes[place] = unit
    return unit
  }

  // MARK: Circumstances

  /// The keys that stand as texts where something is named to be used.
  private struct UsedNames {
    var names: Set<ExactText> = []
    /// Whether one of them cannot be known, or one of the lists.
    var isOpen = false
  }

  /// Whether what must hold for a claim or a reference does. What must hold and cannot be known does not; what must not
  /// hold, or must be named, leaves a doubt.
  mutating func counts(
    _ match: PathMatch, of path: DocumentPath, _ circumstances: DeclaredFormat.Circumstances
  ) -> Truth {
    for condition in circumstances.when where holds(condition, match, of: path) != .yes { return .no }
    var answer = Truth.yes
    for condition in circumstances.unless {
      switch holds(condition, match, of: path) {
      case .yes: return .no
      case .unknown: answer = .unknown
      case .no: break
      }
    }
    guard let use = circumstances.usedBy else { return answer }
    let known = uses[use.paths] ?? names(at: use.paths)
    uses[use.paths] = known
    if known.names.contains(match.keys[use.key].text.exact) { return answer }
    return known.isOpen ? .unknown : .no
  }

  private mutating func holds(
    _ condition: DeclaredFormat.Condition, _ match: PathMatch, of path: DocumentPath
  ) -> Truth {
    switch condition.subject {
    case .key(let number): return Truth(condition.matches(match.keys[number].text))
    case .value(let keys):
      guard condition.steps < path.steps.count else { return answer(to: condition, keys, match) }
      // What many claims share is looked up once.
      let place = Place(path, condition.steps, match, keys.map(\.text) + ["="] + condition.patterns)
      if let known = answers[place] { return known }
      let answer = answer(to: condition, keys, match, of: path)
      answers[place] = answer
      return answer
    }
  }

  /// The answer of a node or, where they part behind `**`, of all that lie on the way.
  private func answer(
    to condition: DeclaredFormat.Condition, _ keys: [PreparedKey], _ match: PathMatch, of path: DocumentPath
  ) -> Truth {
    guard condition.steps > 0, case .descendants = path.steps[condition.steps - 1] else {
      return answer(to: condition, keys, match)
    }
    let answers = Set(match.way(through: condition.steps).map { answer(to: condition, keys, of: $0) })
    return answers.contains(.yes) ? .yes : answers.contains(.unknown) ? .unknown : .no
  }

  private func answer(to condition: DeclaredFormat.Condition, _ keys: [PreparedKey], _ match: PathMatch) -> Truth {
    answer(to: condition, keys, of: match.node(after: condition.steps))
  }

  private func answer(to condition: DeclaredFormat.Condition, _ keys: [PreparedKey], of node: YAMLNode) -> Truth {
    guard let value = node.value(at: keys) else {
      guard let argument = texts.argument(at: keys, of: node) else { return .no }
      return texts.isOpen(argument) ? .unknown : Truth(condition.matches(argument.text))
    }
    return answer(to: condition, value)
  }

  private func answer(to condition: DeclaredFormat.Condition, _ value: YAMLNode) -> Truth {
    if let choices = format.choices?.choices(at: value) {
      let answers = Set(choices.map { answer(to: condition, $0) })
      return answers.count == 1 ? answers.first ?? .unknown : .unknown
    }
    if value.isNull { return .no }
    if condition.patterns.contains("*") { return .yes }
    if value.isSequence {
      let answers = Set(value.items.map { answer(to: condition, $0) })
      return answers.contains(.yes) ? .yes : answers.contains(.unknown) ? .unknown : .no
    }
    let text = texts.read(value)
    guard texts.isOpen(value) else { return Truth(text.map { condition.matches($0.text) } ?? false) }
    return text.flatMap(texts.withUnknowns).map(condition.mayMatch) ?? true ? .unknown : .no
  }

  private func names(at paths: [DocumentPath]) -> UsedNames {
    var used = UsedNames()
    for path in paths {
      for match in path.matches(in: root) {
        if isOpen(match.node) { used.isOpen = true } else { used.names.insert(match.node.text.exact) }
      }
      guard path.steps.last == .items else { continue }
      // A list may be a variable itself.
      for match in DocumentPath(steps: path.steps.dropLast()).matches(in: root) where isOpen(match.node) {
        used.isOpen = true
      }
    }
    return used
  }

  // MARK: References

  mutating func read(_ reference: DeclaredFormat.Reference, _ match: PathMatch, into inventory: inout Inventory) {
    var reader = texts
    let target = reader.target(match.node, in: match.node(after: reference.path.steps.count - 1), as: reference)
    if target == nil, reader.problems.isEmpty || hasAllProblems { return }
    let toward = target.flatMap { self.toward(reference, $0) }
    if toward == nil, reader.problems.isEmpty { return }
    let owner = owner(reference.owner, of: reference.path, match, into: &inventory)
    for problem in reader.problems { report(problem.cause, owner, problem.node, at: problem.place) }
    guard let target, let toward, hasRoom(for: owner, match, in: inventory) else { return }
    inventory.references.append(
      Reference(
        owner: owner, field: reference.field, wanted: .number(target.port), transport: nil, toward: toward,
        place: target.place, isByAddress: true))
  }

  private func toward(_ reference: DeclaredFormat.Reference, _ target: TextReader.Target) -> Reference.Toward? {
    guard reference.toward == .host, let host = target.host else { return nil }
    return Reference.Toward(serviceByDNSName: host, cluster: .cluster(file.id))
  }

  // MARK: Owners

  private mutating func owner(
    _ declared: DeclaredFormat.Owner, of path: DocumentPath, _ match: PathMatch, into inventory: inout Inventory
  ) -> OwnerID {
    let place = Place(path, declared.steps, match, declared.words)
    if let known = owners[place] { return known }
    let node = match.node(after: declared.steps)
    let ownName = declared.namedBy.flatMap { node.value(at: $0) }.flatMap { $0.isScalar && !$0.isNull ? $0 : nil }
    let argument = declared.namedBy.flatMap { texts.argument(at: $0, of: node) }
    let keys = match.keys
    let key = declared.name.lazy.compactMap { part in if case .key(let number) = part { keys[number] } else { nil } }
      .last
    var owner = Owner(
      format: Format(id: format.id), kind: declared.kind, name: ownName?.text ?? argument?.text ?? name(declared, keys),
      place: (ownName ?? key)?.textRange ?? argument?.range
        ?? (declared.steps == 0 ? root.entries.first?.key.range : nil) ?? node.range)
    let isOpen = [ownName, key].contains { $0.map { self.isOpen($0) } ?? false } || argument.map(texts.isOpen) ?? false
    if isOpen || owner.name == nil {
      owner.openNames.insert(.name)
    }
    let image = declared.image.flatMap { path in
      node.value(at: path)?.textFact ?? texts.argument(at: path, of: node).map { .known($0.text, at: $0.range) }
    }
    owner.image = image?.map { ManifestText($0) } ?? .absent
    // How it is started, and whether it asks for a password, a format does not say.
    owner.startup.unseen = [.variables, .rest]
    let id = inventory.add(owner)
    owners[place] = id
    return id
  }

  /// The name that the keys on the way give to an owner; that of the file for the document's own.
  private func name(_ declared: DeclaredFormat.Owner, _ keys: [YAMLNode]) -> String? {
    if declared.name.isEmpty {
      return declared.steps == 0 && declared.namedBy.map { _ in false } ?? true ? name : nil
    }
    return declared.name.map { part in
      switch part {
      case .text(let text): text
      case .key(let number): keys[number].text
      }
    }.joined()
  }

  /// Whether an owner runs, which one does not where a text is empty, and may not where that is all placeholders.
  private func runs(_ declared: DeclaredFormat.Owner, _ match: PathMatch) -> Truth {
    guard let runsIf = declared.runsIf else { return .yes }
    guard let value = match.node(after: declared.steps).value(at: runsIf), !value.isNull else { return .no }
    guard value.isScalar else { return isOpen(value) ? .unknown : .yes }
    if value.bytes.isEmpty { return .no }
    let hasText = Array(value.bytes).withUnsafeBufferPointer { $0.holdsText(beside: format.unresolved) }
    return hasText && !value.hasOwnTag ? .yes : .unknown
  }

  /// Whether an owner runs nothing, which may not be known.
  private func idle(_ declared: DeclaredFormat.Owner, _ match: PathMatch) -> Truth {
    var answer = Truth.no
    for pattern in declared.idleIf {
      let condition = DeclaredFormat.Condition(
        steps: declared.steps, subject: .value(pattern.path), patterns: pattern.patterns)
      switch self.answer(to: condition, pattern.path, match) {
      case .yes: return .yes
      case .unknown: answer = .unknown
      case .no: break
      }
    }
    return answer
  }

  private func isOpen(_ node: YAMLNode) -> Bool {
    node.isOpen(beside: format.unresolved)
  }

  /// Whether there is no use in more problems: not many more are kept.
  private var hasAllProblems: Bool {
    problems.count > ManifestReading.mostProblems
  }

  /// Adds a problem of a text; one that came through an alias has its use related.
  private mutating func report(_ cause: Problem.Cause, _ owner: OwnerID, _ node: YAMLNode, at place: SourceRange) {
    if hasAllProblems { return }
    let uses = node.alias.map { [Related("used here", at: $0)] } ?? []
    problems.report(cause, owner: owner, at: place, related: uses)
  }
}

extension DeclaredFormat.Claim {
  /// The steps to any entry of a mapping.
  fileprivate static let entries: [DocumentPath.Step] = [.descendants(through: nil), .entries(nil)]

  /// Whether its path begins with any entry of a mapping, and it meets no other claim: then it makes no difference in
  /// which order such claims are read.
  fileprivate var isOfAnyEntry: Bool {
    guard path.steps.count > 2, unit == path.steps.count, case .entries = path.steps[1] else { return false }
    return path.steps[0] == .descendants(through: nil)
  }

  /// Whether the key of an entry is one of those that it asks for.
  fileprivate func mayBe(_ entry: PathMatch) -> Bool {
    circumstances.when.allSatisfy { condition in
      guard case .key(0) = condition.subject, let key = entry.keys.first else { return true }
      return condition.matches(key.text)
    }
  }
}

extension DeclaredFormat.Owner {
  /// What tells it from other owners at its place.
  fileprivate var words: [String] {
    [kind]
      + name.map { part in
        switch part {
        case .text(let text): text
        case .key(let number): "{\(number)}"
        }
      }
  }
}

extension DeclaredFormat.Condition {
  /// Whether what is known of a text in part may be what one of the patterns asks for.
  fileprivate func mayMatch(_ text: ReadText) -> Bool {
    patterns.contains { pattern in pattern.utf8.contains(where: \.isGlobSign) || text.mayBe(pattern) }
  }

  fileprivate func matches(_ text: String) -> Bool {
    patterns.contains { text.matches(glob: $0) }
  }
}

extension Reference.Toward {
  /// The Kubernetes Service of a DNS name with its namespace, `name.namespace.svc` with whatever domain; any other name may
  /// be one of another host.
  init?(serviceByDNSName host: String, cluster: Scope.Unit) {
    let parts = host.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.count >= 3, parts[2].isExactly("svc"), !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
    self = .service(namespace: parts[1].exact, name: parts[0].exact, cluster: cluster)
  }
}

extension YAMLNode {
  /// What is written here with its tag, by which it is told from others whether or not it can be known; nothing where
  /// that is long.
  fileprivate var textThatTells: String? {
    if isNull || range.end - range.start > 500 { return nil }
    return (tag ?? "") + " " + sourceText
  }

  /// Whether something stands here that cannot be known: a template, a variable, what the marks enclose, or what a tag of
  /// the format's own makes of it.
  func isOpen(beside marks: [DeclaredFormat.PlaceholderMark]) -> Bool {
    if isOpen || hasOwnTag { return true }
    guard isScalar, !marks.isEmpty else { return false }
    return Array(bytes).withUnsafeBufferPointer { $0.holds(anyOf: marks) }
  }

  /// Whether it has a tag that is none of YAML's: `!Ref`, `!vault`.
  var hasOwnTag: Bool {
    tag?.hasPrefix("!") ?? false
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Whether one of the marks opens and closes.
  func holds(anyOf marks: [DeclaredFormat.PlaceholderMark]) -> Bool {
    marks.contains { mark in
      guard let opening = end(of: mark.opening, from: 0) else { return false }
      return end(of: mark.closing, from: opening) != nil
    }
  }

  /// The offset behind what one of the marks encloses from an offset on, without those that nothing closes any more.
  func end(of marks: inout [DeclaredFormat.PlaceholderMark], at start: Int) -> Int? {
    let index = marks.firstIndex { mark in mark.opening.withUnsafeBufferPointer { holds($0, at: start) } }
    guard let index else { return nil }
    let end = end(of: marks[index].closing, from: start + marks[index].opening.count)
    if end == nil { marks.remove(at: index) }
    return end
  }

  /// Whether something stands outside of all that the marks enclose.
  func holdsText(beside marks: [DeclaredFormat.PlaceholderMark]) -> Bool {
    var (at, marks) = (0, marks)
    while at < count {
      guard let end = end(of: &marks, at: at) else { return true }
      at = end
    }
    return false
  }

  /// Where the first `mark` at or behind `start` ends.
  private func end(of mark: [UInt8], from start: Int) -> Int? {
    mark.withUnsafeBufferPointer { firstOffset(of: $0, from: start) }.map { $0 + mark.count }
  }
}
