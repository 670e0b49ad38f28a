import SourceText

/// What a run has read: who claims which sockets, who points at whose, and what was wrong with the text.
///
/// An inventory of one file is a value of its own; appending inventories is associative.
package struct Inventory: Sendable {
  package var owners: [Owner] = []
  package var bindings: [Binding] = []
  package var references: [Reference] = []
  package var problems: [Problem] = []
  package var suppressions: [Suppression] = []

  package init() {}

  /// The owner of that number.
  package subscript(id: OwnerID) -> Owner {
    get { owners[Int(id.index)] }
    set { owners[Int(id.index)] = newValue }
  }

  /// Whose network interfaces an owner's processes see: in another module, to ask an owner itself is to copy it.
  package func network(of owner: OwnerID) -> Owner.Network {
    owners[Int(owner.index)].network
  }

  /// How many copies of an owner must run on one host, likewise.
  package func copies(of owner: OwnerID) -> Fact<ManifestNumber> {
    owners[Int(owner.index)].copies
  }

  /// Whether an update of an owner starts a new copy before it ends the old one, likewise.
  package func startsFirst(_ owner: OwnerID) -> Bool {
    owners[Int(owner.index)].startsFirst != nil
  }

  /// The file that is laid over another's project to make an owner's, likewise.
  package func overlay(of owner: OwnerID) -> FileID? {
    owners[Int(owner.index)].overlay
  }

  /// Which layer of its project says a claim, likewise.
  package func layer(of binding: Int) -> Int32 {
    bindings[binding].layer
  }

  /// Whether an owner is a Service that lets everybody reach pods from outside, likewise.
  package func opens(_ owner: OwnerID) -> Bool {
    owners[Int(owner.index)].isOpened
  }

  /// Whether a Service's name leads to those behind it themselves, likewise.
  package func isHeadless(_ owner: OwnerID) -> Truth {
    owners[Int(owner.index)].isHeadless
  }

  /// Whether what starts an owner's process holds one of some texts, likewise.
  package func startup(of owner: OwnerID, holdsAnyOf texts: [StaticString]) -> Bool {
    owners[Int(owner.index)].startup.holds(anyOf: texts)
  }

  /// Adds an owner and gives its number.
  package mutating func add(_ owner: consuming Owner) -> OwnerID {
    owner.shortenNames()
    owners.append(owner)
    return OwnerID(owners.count - 1)
  }

  /// Takes everything for a part of objects that something else completes: only what is wrong with a field by itself is
  /// left of the problems.
  ///
  /// - Parameter first: The owners before it stay as they are.
  package mutating func makePartial(from first: Int = 0) {
    for index in first..<owners.count { owners[index].isPartial = true }
    problems.removeAll { $0.cause.isOfWholeObject && $0.owner.map { $0.index >= first } ?? (first == 0) }
  }

  /// Leaves out what all but some owners claim, point at and do wrong, and numbers these anew.
  package mutating func keepOwners(where isKept: (Owner) -> Bool) {
    var numbers: [Int32: Int32] = [:]
    var kept: [Owner] = []
    for (number, owner) in owners.enumerated() where isKept(owner) {
      numbers[Int32(number)] = Int32(kept.count)
      kept.append(owner)
    }
    owners = kept
    bindings.removeAll { numbers[$0.owner.index] == nil }
    references.removeAll { numbers[$0.owner.index] == nil }
    problems.removeAll { $0.owner.map { numbers[$0.index] == nil } ?? false }
    for index in bindings.indices { bindings[index].owner.index = numbers[bindings[index].owner.index] ?? 0 }
    for index in references.indices {
      let number = references[index].owner.index
      references[index].renumber(by: (numbers[number] ?? 0) - number)
    }
    for index in problems.indices {
      if let number = problems[index].owner?.index { problems[index].owner?.index = numbers[number] ?? 0 }
    }
  }

  /// Adds everything of `other`, whose owners are numbered anew.
  package mutating func append(_ other: consuming Inventory) {
    let offset = Int32(owners.count)
    let (bindings, references, problems) = (self.bindings.count, self.references.count, self.problems.count)
    owners.append(moving: &other.owners)
    self.bindings.append(moving: &other.bindings)
    self.references.append(moving: &other.references)
    self.problems.append(moving: &other.problems)
    suppressions.append(moving: &other.suppressions)
    guard offset > 0 else { return }
    for index in bindings..<self.bindings.count { self.bindings[index].owner.index += offset }
    for index in references..<self.references.count { self.references[index].renumber(by: offset) }
    for index in problems..<self.problems.count { self.problems[index].owner?.index += offset }
  }
}

extension Array {
  /// Adds the elements of another array and leaves that one empty: to move a large value costs less than to copy it and
  /// to destroy what it was copied from.
  @inlinable
  package mutating func append(moving other: inout [Element]) {
    if capacity == 0 { return swap(&self, &other) }
    // An array gives up its last element only; most have one, and then nothing stands before it.
    guard let last = other.popLast() else { return }
    var before: [Element] = []
    before.reserveCapacity(other.count)
    while let element = other.popLast() { before.append(element) }
    while let element = before.popLast() { append(element) }
    append(last)
  }
}
