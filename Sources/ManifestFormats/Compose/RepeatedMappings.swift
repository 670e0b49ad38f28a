import PortModel
import SourceText

/// Lets what some of a service's entries map alike count once, where ranges are among them.
///
/// Compose takes ranges apart before it drops what is said twice, so each single mapping counts for the last entry that
/// says it, and an entry may count in parts. Where all write the same address, one that lies within another yields to it,
/// whichever comes first: as much is published, and the range stays whole. O(*n* log *n*).
func supersedeRepeatedMappings(among entries: [Int], of bindings: inout [Binding]) {
  guard entries.contains(where: { bindings[$0].mapsRange }) else { return }
  var groups: [MappingGroup: [Mapping]] = [:]
  for index in entries where bindings[index].effect == .takes {
    guard let group = MappingGroup(bindings[index]), let targets = bindings[index].target?.ports else { continue }
    groups[group, default: []].append(Mapping(index: index, targets: targets))
  }
  for group in groups.values.sorted(by: { $0[0].index < $1[0].index }) {
    // Nothing and `0.0.0.0` are one address, but which of them is written is shown.
    let isOneAddress = group.allSatisfy { bindings[$0.index].address == bindings[group[0].index].address }
    let mappings = isOneAddress ? supersedeEnclosed(group, in: &bindings) : group
    let byPort = mappings.sorted { $0.targets < $1.targets }
    guard zip(byPort, byPort.dropFirst()).contains(where: { $0.targets.overlaps($1.targets) }) else { continue }
    takeApart(mappings, in: &bindings)
  }
}

/// An entry that counts.
private struct Mapping {
  var index: Int
  var targets: PortRange
}

/// Lets entries yield that lie within another, whichever comes first.
///
/// - Returns: Those that still count, in the order of the text.
private func supersedeEnclosed(_ mappings: [Mapping], in bindings: inout [Binding]) -> [Mapping] {
  var widest: Mapping?
  for mapping in mappings.sorted(by: { ($0.targets.first, $1.targets.last) < ($1.targets.first, $0.targets.last) }) {
    guard let around = widest, mapping.targets.last <= around.targets.last else {
      widest = mapping
      continue
    }
    if mapping.targets != around.targets { bindings[mapping.index].effect = .superseded }
  }
  return mappings.filter { bindings[$0.index].effect == .takes }
}

/// Lets each port count for the last entry that maps it.
private func takeApart(_ mappings: [Mapping], in bindings: inout [Binding]) {
  var stretches = FreeStretches(cutBy: mappings.map(\.targets))
  for mapping in mappings.reversed() {
    let (own, others) = stretches.take(mapping.targets)
    bindings.split(mapping.index, own: own, others: others)
  }
}

/// Ports that are taken range by range, each but once.
private struct FreeStretches {
  /// Where a range starts or has ended: between two neighbouring cuts, all ports share their fate.
  private let cuts: [Int]
  /// For each stretch between cuts, one at which to look on for a free one; itself while it is free.
  private var next: [Int]

  init(cutBy ranges: [PortRange]) {
    cuts = Set(ranges.flatMap { [Int($0.first), Int($0.last) + 1] }).sorted()
    next = Array(0...cuts.count)
  }

  /// Takes what is free of one of the ranges: its parts that were, and those that were not.
  mutating func take(_ ports: PortRange) -> (free: [PortRange], taken: [PortRange]) {
    var (free, taken): ([PortRange], [PortRange]) = ([], [])
    var at = cuts.indices.firstBehind { cuts[$0] < Int(ports.first) }
    let end = cuts.indices.firstBehind { cuts[$0] <= Int(ports.last) }
    while at < end {
      let start = min(firstFree(from: at), end)
      if let part = self.ports(of: at..<start) { taken.append(part) }
      at = start
      while at < end, next[at] == at {
        next[at] = at + 1
        at += 1
      }
      if let part = self.ports(of: start..<at) { free.append(part) }
    }
    return (free, taken)
  }

  /// The first stretch from one on that is free. Shortens the way for the next who asks.
  private mutating func firstFree(from stretch: Int) -> Int {
    var free = stretch
    while next[free] != free { free = next[free] }
    var passed = stretch
    while passed != free { (next[passed], passed) = (free, next[passed]) }
    return free
  }

  private func ports(of stretches: Range<Int>) -> PortRange? {
    if stretches.isEmpty { return nil }
    return PortRange(UInt16(cuts[stretches.lowerBound]), through: UInt16(cuts[stretches.upperBound] - 1))
  }
}

extension [Binding] {
  /// Leaves to an entry what is its own, as many entries if need be, and lets what is others' be superseded.
  fileprivate mutating func split(_ index: Int, own: [PortRange], others: [PortRange]) {
    guard !others.isEmpty else { return }
    let whole = self[index]
    guard let first = own.first else {
      self[index].effect = .superseded
      return
    }
    self[index] = whole.narrowed(to: first)
    self += own.dropFirst().map(whole.narrowed)
    for ports in others {
      var part = whole.narrowed(to: ports)
      part.effect = .superseded
      append(part)
    }
  }
}

extension Binding {
  /// Whether the entry counts, and says several mappings.
  fileprivate var mapsRange: Bool {
    effect == .takes && target?.ports.map { !$0.isSingle } ?? false
  }

  /// What the entry says of `targets`, a part of its own.
  fileprivate func narrowed(to targets: PortRange) -> Binding {
    var part = self
    part.target?.ports = targets
    if let own = target?.ports, let ports = fixedPorts {
      let first = ports.first + (targets.first - own.first)
      part.port = PortRange(first, through: first + (targets.last - targets.first)).map { .fixed($0, .all) } ?? port
    }
    return part
  }
}

/// What mappings have in common that differ in nothing but their ports.
private struct MappingGroup: Hashable {
  var transport: TransportProtocol?
  var address: String
  /// By how much the host's ports are above the container's; nothing where the system picks them.
  var offset: Int?

  /// The group of an entry that maps each of its ports to one of its own.
  init?(_ binding: Binding) {
    guard let targets = binding.target?.ports else { return nil }
    switch binding.port {
    case .dynamic: break
    case .fixed(let ports, .all) where ports.count == targets.count: offset = Int(ports.first) - Int(targets.first)
    case .fixed, .unresolved: return nil
    }
    transport = binding.transport
    // Compose takes no address for this one.
    address = binding.address == .every ? "0.0.0.0" : binding.address.phrase
  }
}
