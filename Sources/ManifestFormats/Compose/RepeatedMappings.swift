import PortModel
import SourceText

/// Lets what a service's entries map alike count once, where ranges are among them.
///
/// Compose takes ranges apart before it drops what is said twice, so each single mapping counts for the last entry that
/// says it, and an entry may count in parts. An entry that lies within an earlier one yields to it as a whole, which
/// comes to the same. O(*n* log *n*).
func supersedeRepeatedMappings(in bindings: inout [Binding]) {
  guard bindings.contains(where: \.mapsRange) else { return }
  var groups: [MappingGroup: [Mapping]] = [:]
  for index in bindings.indices where bindings[index].effect == .takes {
    guard let group = MappingGroup(bindings[index]), let targets = bindings[index].target?.ports else { continue }
    groups[group, default: []].append(Mapping(index: index, targets: targets))
  }
  for group in groups.values.sorted(by: { $0[0].index < $1[0].index }) {
    let mappings = supersedeEnclosed(group, in: &bindings)
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

/// Lets entries yield that lie within another: to a later one, and to an earlier one that writes the same address.
///
/// - Returns: Those that still count, in the order of the text.
private func supersedeEnclosed(_ mappings: [Mapping], in bindings: inout [Binding]) -> [Mapping] {
  var widest: Mapping?
  for mapping in mappings.sorted(by: { ($0.targets.first, $1.targets.last) < ($1.targets.first, $0.targets.last) }) {
    guard let around = widest, mapping.targets.last <= around.targets.last else {
      widest = mapping
      continue
    }
    // Both may mean every IPv4 address, and only one of them say so.
    if mapping.targets != around.targets,
      mapping.index < around.index || bindings[mapping.index].address == bindings[around.index].address
    {
      bindings[mapping.index].effect = .superseded
    }
  }
  return mappings.filter { bindings[$0.index].effect == .takes }
}

/// Lets each port count for the last entry that maps it.
private func takeApart(_ mappings: [Mapping], in bindings: inout [Binding]) {
  // Between two neighbouring cuts, the same entries map each port.
  let cuts = Set(mappings.flatMap { [Int($0.targets.first), Int($0.targets.last) + 1] }).sorted()
  // For each stretch between cuts, a stretch at which to look on for one that no later entry has; itself if none has it.
  var next = Array(0...cuts.count)
  func firstFree(from stretch: Int) -> Int {
    var free = stretch
    while next[free] != free { free = next[free] }
    var passed = stretch
    while passed != free { (next[passed], passed) = (free, next[passed]) }
    return free
  }
  for mapping in mappings.reversed() {
    var at = cuts.indices.firstBehind { cuts[$0] < Int(mapping.targets.first) }
    let end = cuts.indices.firstBehind { cuts[$0] <= Int(mapping.targets.last) }
    var own: [PortRange] = []
    var others: [PortRange] = []
    func add(_ stretches: Range<Int>, to parts: inout [PortRange]) {
      guard !stretches.isEmpty else { return }
      let ports = (first: UInt16(cuts[stretches.lowerBound]), last: UInt16(cuts[stretches.upperBound] - 1))
      if let part = PortRange(ports.first, through: ports.last) { parts.append(part) }
    }
    while at < end {
      let free = min(firstFree(from: at), end)
      add(at..<free, to: &others)
      at = free
      while at < end, next[at] == at {
        next[at] = at + 1
        at += 1
      }
      add(free..<at, to: &own)
    }
    bindings.split(mapping.index, own: own, others: others)
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
