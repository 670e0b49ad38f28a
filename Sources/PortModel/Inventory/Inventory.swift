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
  package mutating func add(_ owner: Owner) -> OwnerID {
    owners.append(owner)
    return OwnerID(owners.count - 1)
  }

  /// Adds everything of `other`, whose owners are numbered anew.
  package mutating func append(_ other: Inventory) {
    let offset = Int32(owners.count)
    owners.append(contentsOf: other.owners)
    bindings.append(
      contentsOf: other.bindings.lazy.map { binding in
        var binding = binding
        binding.owner.index += offset
        return binding
      })
    references.append(
      contentsOf: other.references.lazy.map { reference in
        var reference = reference
        reference.owner.index += offset
        return reference
      })
    suppressions += other.suppressions
    problems.append(
      contentsOf: other.problems.lazy.map { problem in
        var problem = problem
        problem.owner?.index += offset
        return problem
      })
  }
}
