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
  mutating func read(_ document: YAMLDocument, as format: DeclaredFormat, into inventory: inout Inventory) {
    var reading = DeclaredDocument(format, document.root, in: file, units: units, claims: claims)
    for claim in format.claims {
      for match in claim.path.matches(in: document.root) {
        if reading.claims.isPassed { break }
        reading.read(claim, match, into: &inventory)
      }
    }
    for reference in format.references {
      for match in reference.path.matches(in: document.root) {
        if reading.claims.isPassed { break }
        reading.read(reference, match, into: &inventory)
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
  private var owners: [Place: OwnerID] = [:]
  private var scopes: [Place: Scope.Unit] = [:]
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
    var word: String

    init(_ path: DocumentPath, _ count: Int, _ match: PathMatch, _ word: String) {
      steps = Array(path.steps.prefix(count))
      numbers = match.place(after: count)
      self.word = word
    }
  }

  init(
    _ format: DeclaredFormat, _ root: YAMLNode, in file: SourceFile, units: [Scope.Kind: Int32], claims: ClaimLimit
  ) {
    self.format = format
    self.root = root
    self.file = file
    self.units = units
    self.claims = claims
  }

  // MARK: Claims

  mutating func read(_ claim: DeclaredFormat.Claim, _ match: PathMatch, into inventory: inout Inventory) {
    var reader = EntryReader(format, claim)
    let entry = reader.entry(match.node)
    if entry == nil, reader.problems.isEmpty || hasAllProblems { return }
    let owner = owner(claim.owner, of: claim.path, match, into: &inventory)
    for problem in reader.problems { report(problem.cause, owner, problem.node, at: problem.place) }
    guard var entry, hasRoom(for: owner, match, in: inventory) else { return }
    if !isSureToRun(claim.owner, match) { entry.port = .unresolved }
    let scope = Scope(claim.scope, unit(of: claim, match), claim.model)
    var binding = Binding(
      owner: owner, role: claim.role, scope: scope, address: entry.address, port: entry.port,
      transport: entry.transport, place: entry.place, entry: match.node.range, text: entry.text)
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
  private mutating func unit(of claim: DeclaredFormat.Claim, _ match: PathMatch) -> Scope.Unit {
    let place = Place(claim.path, claim.unit, match, "\(claim.scope)")
    if let known = scopes[place] { return known }
    let number = units[claim.scope, default: 0]
    let unit = Scope.Unit.manifest(file.id, part: number)
    units[claim.scope] = number + 1
    scopes[place] = unit
    return unit
  }

  // MARK: References

  mutating func read(_ reference: DeclaredFormat.Reference, _ match: PathMatch, into inventory: inout Inventory) {
    var reader = TextReader(format)
    let target = reader.target(match.node, as: reference.grammar, called: reference.called)
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
    let place = Place(path, declared.steps, match, declared.kind)
    if let known = owners[place] { return known }
    let node = match.node(after: declared.steps)
    let ownName = declared.namedBy.flatMap { node.value(at: $0) }.flatMap { $0.isScalar && !$0.isNull ? $0 : nil }
    let keys = match.keys
    let key = declared.name.lazy.compactMap { part in if case .key(let number) = part { keys[number] } else { nil } }
      .last
    var owner = Owner(
      format: Format(id: format.id), kind: declared.kind, name: ownName?.text ?? name(declared, keys),
      place: (ownName ?? key)?.textRange ?? (declared.steps == 0 ? root.entries.first?.key.range : nil) ?? node.range)
    if [ownName, key].contains(where: { $0.map { isOpen($0) } ?? false }) || owner.name == nil {
      owner.openNames.insert(.name)
    }
    owner.image = declared.image.flatMap { node.value(at: $0) }?.textFact.map { ManifestText($0) } ?? .absent
    let id = inventory.add(owner)
    owners[place] = id
    return id
  }

  /// The name that the keys on the way give to an owner; that of the file for the document's own.
  private func name(_ declared: DeclaredFormat.Owner, _ keys: [YAMLNode]) -> String? {
    if declared.name.isEmpty {
      return declared.steps == 0 && declared.namedBy.map { _ in false } ?? true ? String(file.shownPath.fileName) : nil
    }
    return declared.name.map { part in
      switch part {
      case .text(let text): text
      case .key(let number): keys[number].text
      }
    }.joined()
  }

  private func isSureToRun(_ declared: DeclaredFormat.Owner, _ match: PathMatch) -> Bool {
    guard let runsIf = declared.runsIf else { return true }
    guard let value = match.node(after: declared.steps).value(at: runsIf) else { return false }
    return !value.isNull && !isOpen(value) && !(value.isScalar && value.bytes.isEmpty)
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
  /// Whether something stands here that cannot be known: a template, a variable, or what the marks enclose.
  func isOpen(beside marks: [DeclaredFormat.PlaceholderMark]) -> Bool {
    if isOpen { return true }
    guard isScalar, !marks.isEmpty else { return false }
    return Array(bytes).withUnsafeBufferPointer { text in
      marks.contains { mark in
        guard let opening = text.end(of: mark.opening, from: 0) else { return false }
        return text.end(of: mark.closing, from: opening) != nil
      }
    }
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Where the first `mark` at or behind `start` ends.
  fileprivate func end(of mark: [UInt8], from start: Int) -> Int? {
    mark.withUnsafeBufferPointer { firstOffset(of: $0, from: start) }.map { $0 + mark.count }
  }
}
