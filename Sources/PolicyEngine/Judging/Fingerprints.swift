import PortModel
import SourceText

/// Gives findings names that survive moved lines: the rule, the parties with their files, and what they claim.
///
/// A finding between two parties has the same name from both sides. Findings alike in all of that are numbered.
struct Fingerprints {
  private let inventory: Inventory
  private let path: (FileID) -> String
  private var seen: [String: Int] = [:]

  init(inventory: Inventory, path: @escaping (FileID) -> String) {
    self.inventory = inventory
    self.path = path
  }

  /// Sixteen hexadecimal digits, and a number behind them for the second and later finding alike.
  mutating func fingerprint(of match: Match, rule: String) -> String {
    var parties = [party(match.place, match.owner)]
    parties += match.related.compactMap { related in related.owner.map { party(related.place, $0) } }
    // Values that name one side only would make the two sides differ.
    let common = match.values.without([.owner, .other, .address, .theirs, .more])
    let values = common.keys.compactMap { key in common[key].map { "\(key.rawValue)=\($0)" } }.sorted()
    var hash = StableHash()
    for part in [rule, match.variant ?? ""] + parties.sorted() + values { hash.add(part) }
    let repetition = seen[hash.hexadecimal, default: 0]
    seen[hash.hexadecimal] = repetition + 1
    return hash.hexadecimal + (repetition == 0 ? "" : "-\(repetition + 1)")
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
    for byte in text.utf8 { add(byte) }
    add(0xFF)
  }

  private mutating func add(_ byte: UInt8) {
    value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
  }

  var hexadecimal: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
