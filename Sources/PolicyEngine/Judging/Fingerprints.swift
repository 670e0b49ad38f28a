import PortModel
import SourceText

/// Gives findings names that survive moved lines: the rule, the parties with their files, and what they claim.
///
/// A finding between two parties has the same name from both sides.
struct Fingerprints {
  let inventory: Inventory
  let path: (FileID) -> String

  /// The fingerprint of a finding, as if none were alike in all of that.
  func fingerprint(of match: Match, rule: String) -> Fingerprint {
    var parties = [party(match.place, match.owner)]
    parties += match.related.compactMap { related in related.owner.map { party(related.place, $0) } }
    // Values that name one side only would make the two sides differ.
    let common = match.values.without([.owner, .other, .address, .theirs, .more])
    let values = common.keys.compactMap { key in common[key].map { "\(key.rawValue)=\($0)" } }
    var hash = StableHash()
    for part in [rule, match.variant ?? ""] + parties.sorted() + values.sorted() { hash.add(part) }
    return Fingerprint(sum: hash.value)
  }

  private func party(_ place: SourceRange, _ owner: OwnerID?) -> String {
    "\(path(place.file))\u{0}\(owner.map { inventory[$0].phrase } ?? "")"
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
