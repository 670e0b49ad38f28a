import PortModel
import SourceText

/// Gives findings names that survive moved lines: the rule, the parties with their files, and what they claim.
///
/// A finding between two parties has the same name from both sides.
struct Fingerprints {
  private let owners: [Owner]
  private let policy: Policy
  private let paths: any FilePaths
  /// The file that was asked for last, and its path from the policy's folder: findings of one rule stand together.
  private var last: (file: FileID, path: String)?

  init(owners: [Owner], _ policy: Policy, _ paths: some FilePaths) {
    self.owners = owners
    self.policy = policy
    self.paths = paths
  }

  /// Values that name one side only would make the two sides differ.
  private static let ofOneSide: [Placeholder] = [.owner, .other, .address, .theirs, .more]

  /// The fingerprint of a finding, as if it were the first of its kind: with no repetition.
  mutating func fingerprint(of match: Match, rule: String) -> Fingerprint {
    var parties = [party(match.place, match.owner)]
    for related in match.related {
      if let owner = related.owner { parties.append(party(related.place, owner)) }
    }
    let values = match.values.keys.filter { !Fingerprints.ofOneSide.contains($0) }
      .compactMap { key in match.values[key].map { "\(key.rawValue)=\($0)" } }
    var hash = StableHash()
    let sorted = [parties, values].flatMap { $0.sorted { $0.exact < $1.exact } }
    for part in [rule, match.variant ?? ""] + sorted { hash.add(part) }
    return Fingerprint(sum: hash.value)
  }

  private mutating func party(_ place: SourceRange, _ owner: OwnerID?) -> String {
    if last?.file != place.file { last = (place.file, policy.globPath(of: paths.path(of: place.file))) }
    return "\(last?.path ?? "")\u{0}\(owner.map { owners[Int($0.index)].phrase } ?? "")"
  }
}

/// FNV-1a in 64 bits: the same in every process, unlike Swift's own hashing.
struct StableHash {
  private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  /// Adds a text and its end, so that texts do not run into one another.
  mutating func add(_ text: String) {
    var text = text
    text.withUTF8 { for byte in $0 { add(byte) } }
    add(0xFF)
  }

  private mutating func add(_ byte: UInt8) {
    value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
  }
}
