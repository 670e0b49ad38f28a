import PortModel
import SourceText

/// The relation `unresolved-reference`: a port that nobody offers, where those who should are in view.
///
/// A port's name, or a Service's port, that is not there fails when the cluster runs (`holds`); a container's number
/// that nobody declares may still be listened on (`undeclared`).
enum UnresolvedReference {
  /// The references that need words of their own.
  enum Variant: String, CaseIterable {
    /// To a port of the container that holds the reference.
    case ownContainer = "own-container"
    /// The name is there, but for another protocol.
    case otherProtocol = "other-protocol"
    /// A name among the ports of pods, from what is no Service.
    case selectedPods = "selected-pods"
    /// A Service's port by its number.
    case servicePort = "service-port"
    /// A Service's port by its name.
    case servicePortName = "service-port-name"

    /// What the reference may come to.
    var outcomes: [Relation.Outcome] {
      self == .ownContainer ? [.holds, .undeclared] : [.holds]
    }
  }

  static func matches(in context: JudgingContext) -> OutcomeTable<[Match]> {
    let (inventory, work) = (context.inventory, context.work)
    guard !inventory.references.isEmpty else { return [:] }
    var index = ReferenceIndex(inventory, work.selections)
    var matches: OutcomeTable<[Match]> = [:]
    for reference in inventory.references where !inventory.owners[Int(reference.owner.index)].isPartial {
      let offer = index.offer(for: reference)
      if work.selections.isSpent {
        work.stop(.selections(work.selections.most), at: reference.place)
        break
      }
      // Who is a fragment, or has ports that cannot be read, may offer anything.
      guard offer.isKnown, !offer.answers(reference) else { continue }
      let match = UnresolvedMatch(reference: reference, offer: offer, inventory: inventory)
      matches[match.outcome, default: []].append(match.match)
    }
    return matches
  }
}

/// A reference that nobody in view answers, in words.
private struct UnresolvedMatch {
  let reference: Reference
  let offer: Offer
  let inventory: Inventory

  var outcome: Relation.Outcome {
    switch (reference.wanted, reference.toward) {
    case (.number, .itself), (.number, .pods): .undeclared
    case (.number, .service), (.number, .services), (.name, _): .holds
    }
  }

  var match: Match {
    var related: [Related] = []
    let sameName = sameName
    let nearest = nearest
    let shown = sameName ?? nearest.flatMap(offer.port(named:))
    if let shown, let transport = shown.transport, let place = shown.name.place {
      related.append(
        Related("'\(shown.name.value ?? "")' is \(shown.text)/\(transport.name) here", at: place, owner: shown.owner))
    } else if let candidate = offer.first, candidate != reference.owner, !isOwn {
      let owner = inventory[candidate]
      let how = if case .service = reference.toward { "is here" } else { "is selected here" }
      related.append(Related("\(owner.objectPhrase) \(how)", at: owner.place, owner: candidate))
    }
    let values: PlaceholderValues = [
      .owner: inventory[reference.owner].phrase,
      .name: wanted,
      .field: reference.field.rawValue,
      .other: offer.first.map { inventory[$0].objectPhrase } ?? "",
      .protocol: reference.transport?.name.uppercased() ?? "",
      .suggestion: sameName == nil ? nearest.map { " (did you mean '\($0)'?)" } ?? "" : "",
      .expected: offer.numbers,
    ]
    return Match(
      variant: variant?.rawValue, values: values, owner: reference.owner, transport: reference.transport,
      place: reference.place, related: related)
  }

  private var variant: UnresolvedReference.Variant? {
    switch (reference.wanted, reference.toward) {
    case (.number, .service), (.number, .services): .servicePort
    case (.name, .service), (.name, .services): .servicePortName
    case (_, .itself): .ownContainer
    case (.number, .pods): nil
    case (.name, .pods) where reference.field == .targetPort: sameName == nil ? nil : .otherProtocol
    case (.name, .pods): .selectedPods
    }
  }

  private var isOwn: Bool {
    if case .itself = reference.toward { true } else { false }
  }

  private var wanted: String {
    switch reference.wanted {
    case .name(let name): name
    case .number(let number): "\(number)"
    }
  }

  /// A port of that name, for another protocol.
  private var sameName: Binding? {
    guard case .name(let name) = reference.wanted else { return nil }
    return offer.port(named: name)
  }

  private var nearest: String? {
    guard case .name(let name) = reference.wanted else { return nil }
    return offer.name(nearest: name)
  }
}

extension Owner {
  /// The object, without the container.
  fileprivate var objectPhrase: String {
    var object = self
    object.container = nil
    return object.phrase
  }
}
