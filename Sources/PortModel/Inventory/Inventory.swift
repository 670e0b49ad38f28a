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

  /// Adds an owner and gives its number.
  package mutating func add(_ owner: consuming Owner) -> OwnerID {
    owner.shortenNames()
    owners.append(owner)
    return OwnerID(owners.count - 1)
  }

  /// Takes everything for a part of objects that something else completes: only what is wrong with a field by itself is
  /// left of the problems.
  package mutating func makePartial() {
    for index in owners.indices { owners[index].isPartial = true }
    problems.removeAll { $0.cause.isOfWholeObject }
  }

  /// Adds everything of `other`, whose owners are numbered anew.
  package mutating func append(_ other: Inventory) {
    if owners.isEmpty, bindings.isEmpty, references.isEmpty, problems.isEmpty, suppressions.isEmpty {
      self = other
      return
    }
    let offset = Int32(owners.count)
    let (bindings, references, problems) = (self.bindings.count, self.references.count, self.problems.count)
    owners.append(contentsOf: other.owners)
    self.bindings.append(contentsOf: other.bindings)
    self.references.append(contentsOf: other.references)
    self.problems.append(contentsOf: other.problems)
    suppressions.append(contentsOf: other.suppressions)
    guard offset > 0 else { return }
    for index in bindings..<self.bindings.count { self.bindings[index].owner.index += offset }
    for index in references..<self.references.count { self.references[index].owner.index += offset }
    for index in problems..<self.problems.count { self.problems[index].owner?.index += offset }
  }
}
