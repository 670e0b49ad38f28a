import PortModel

/// What JSON says of owners: their names, and their host or cluster.
final class OwnerObjects {
  private let inventory: Inventory
  private let scopes: ScopeNames
  private let locations: Locations
  /// By owner, what its first claim collides in.
  private lazy var units: [Scope.Unit?] = {
    var units = [Scope.Unit?](repeating: nil, count: inventory.owners.count)
    for number in inventory.bindings.indices {
      let owner = Int(inventory.bindings[number].owner.index)
      if units[owner] == nil { units[owner] = inventory.bindings[number].scope.unit }
    }
    return units
  }()

  init(_ report: Report, _ locations: Locations) {
    inventory = report.inventory
    scopes = report.scopes
    self.locations = locations
  }

  func object(of owner: OwnerID) -> OwnerObject {
    OwnerObject(OwnerLabel(inventory[owner]), scope(of: owner, claimingIn: units[Int(owner.index)]))
  }

  /// The host or cluster of a claim.
  func scope(of binding: Binding) -> ScopeObject {
    scope(of: binding.owner, claimingIn: binding.scope.unit)
  }

  private func scope(of owner: OwnerID, claimingIn unit: Scope.Unit?) -> ScopeObject {
    let label = scopes.label(of: inventory[owner], claimingIn: unit, paths: locations)
    return ScopeObject(kind: label.kind.rawValue, name: Nullable(label.name), path: Nullable(label.path))
  }
}
