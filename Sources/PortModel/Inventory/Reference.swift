import SourceText

/// A place that points at somebody's port by number or name.
package struct Reference: Sendable {
  package var owner: OwnerID
  package var field: Field
  package var wanted: Wanted
  /// The protocol the port must have; nothing where any will do.
  package var transport: TransportProtocol?
  package var toward: Toward
  package var place: SourceRange

  package init(
    owner: OwnerID, field: Field, wanted: Wanted, transport: TransportProtocol?, toward: Toward, place: SourceRange
  ) {
    self.owner = owner
    self.field = field
    self.wanted = wanted
    self.transport = transport
    self.toward = toward
    self.place = place
  }

  /// The manifest's field that points.
  package enum Field: String, CaseIterable, Sendable {
    case targetPort
    case probe
    case lifecycle
  }

  package enum Wanted: Hashable, Sendable {
    case number(UInt16)
    case name(String)
  }

  /// Whose ports are meant.
  package enum Toward: Hashable, Sendable {
    /// The container that holds the reference.
    case itself
    /// The pods that a selector picks, in one cluster.
    case pods(namespace: String?, selector: [String: String], cluster: Scope.Unit)
  }
}
