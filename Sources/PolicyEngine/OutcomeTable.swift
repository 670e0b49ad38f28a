/// Values by a relation's outcome, of which there are a handful.
///
/// No dictionary, for that is slow to begin with: the first dictionary whose keys are of some type makes the runtime look
/// through every conformance in the binary for how that type is hashed.
struct OutcomeTable<Value> {
  private var entries: [(outcome: Relation.Outcome, value: Value)] = []

  /// The value of an outcome; setting nothing takes it away.
  subscript(outcome: Relation.Outcome) -> Value? {
    get { entries.first { $0.outcome == outcome }?.value }
    set {
      guard let place = entries.firstIndex(where: { $0.outcome == outcome }) else {
        if let newValue { entries.append((outcome, newValue)) }
        return
      }
      if let newValue { entries[place].value = newValue } else { entries.remove(at: place) }
    }
  }

  /// The value of an outcome, changed in its place.
  subscript(outcome: Relation.Outcome, default none: @autoclosure () -> Value) -> Value {
    get { self[outcome] ?? none() }
    _modify {
      let place = entries.firstIndex { $0.outcome == outcome } ?? entries.count
      if place == entries.count { entries.append((outcome, none())) }
      yield &entries[place].value
    }
  }
}

extension OutcomeTable: ExpressibleByDictionaryLiteral {
  init(dictionaryLiteral elements: (Relation.Outcome, Value)...) {
    entries = elements.map { (outcome: $0, value: $1) }
  }
}

extension OutcomeTable: Sequence {
  func makeIterator() -> some IteratorProtocol<(outcome: Relation.Outcome, value: Value)> {
    entries.makeIterator()
  }
}
