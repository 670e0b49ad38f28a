import PortModel
import SourceText

/// Makes one match of those that differ in nothing but the protocol: an entry that claims a port in several protocols
/// is one mistake, not several.
func mergingProtocols(of matches: [Match]) -> [Match] {
  if areApart(matches.map(\.place)) { return matches }
  var groups: [[Match]] = []
  var numbers: [Key: Int] = [:]
  for match in matches {
    let key = Key(match)
    if let number = numbers[key] {
      groups[number].append(match)
    } else {
      numbers[key] = groups.count
      groups.append([match])
    }
  }
  return groups.flatMap { group in
    guard group.count > 1, Set(group.map(\.transport)).count == group.count else { return group }
    return [joined(group)]
  }
}

/// Whether no two of the places are the same: nearly every match and every problem stands in a place of its own.
func areApart(_ places: [SourceRange]) -> Bool {
  let places = places.sorted()
  return zip(places, places.dropFirst()).allSatisfy { $0 != $1 }
}

/// One match for several, with the endpoints of all, in an order that both parties of a conflict share.
private func joined(_ group: [Match]) -> Match {
  let sorted = group.sorted { ($0.transport?.name ?? "") < ($1.transport?.name ?? "") }
  var result = sorted[0]
  // Several protocols are none: what asks for one of them does not ask for all.
  result.transport = nil
  for placeholder in [Placeholder.protocol, .endpoint] {
    result.values[placeholder] = sorted.compactMap { $0.values[placeholder] }.joined(separator: " and ")
  }
  return result
}

/// What matches have in common that one entry gives.
private struct Key: Hashable {
  var place: SourceRange
  var owner: OwnerID?
  var variant: String?
  var ports: PortRange?
  var values: PlaceholderValues
  var related: [SourceRange]

  init(_ match: Match) {
    place = match.place
    owner = match.owner
    variant = match.variant
    ports = match.ports
    values = match.values.without([.protocol, .endpoint])
    related = match.related.map(\.place)
  }
}
