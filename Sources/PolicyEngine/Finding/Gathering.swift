import PortModel
import SourceText

extension SameSocket {
  /// A claim of a chain, whose claims are numbered in the order of the text.
  struct Claim {
    /// Its number in the inventory.
    var index: Int
    var place: SourceRange
    var owner: OwnerID
    /// The number of its bundle.
    var bundle: Int
  }

  /// Some claims: the number of the first of them, and how many they are.
  struct Encounter {
    var first: Int
    var count: Int

    /// The claims of both.
    static func + (a: Encounter, b: Encounter) -> Encounter {
      Encounter(first: min(a.first, b.first), count: a.count + b.count)
    }
  }

  /// The claims of one bundle that were met so far, counted so that a further one need not look at each.
  struct Gathering {
    /// Claims that an object makes that may be written twice, or an owner that has no name.
    private enum Party: Hashable {
      case object(ObjectIdentity)
      case owner(OwnerID)
    }

    private struct Pod: Hashable {
      var object: ObjectIdentity
      var pod: Scope.Unit
    }

    /// Numbers of claims by who makes them, those who came first in front.
    private struct Tally<Key: Hashable> {
      private var places = Numbering<Key>()
      private var entries: [(key: Key, met: Encounter)] = []
      private(set) var count = 0

      subscript(key: Key) -> Encounter? {
        places[key].map { entries[$0].met }
      }

      mutating func add(_ number: Int, of key: Key) {
        count += 1
        let place = places.add(key)
        if place == entries.count { entries.append((key, Encounter(first: number, count: 0))) }
        entries[place].met.count += 1
      }

      /// The number of the first claim of anybody but one.
      func first(but key: Key) -> Int? {
        entries.first { $0.key != key }?.met.first
      }
    }

    private(set) var all: Encounter?
    /// How many copies of owners make the claims.
    private(set) var copies = 0
    private var owners = Tally<OwnerID>()
    private var parties = Tally<Party>()
    private var pods: [Pod: Tally<OwnerID>] = [:]

    mutating func add(_ claim: Claim, _ number: Int, _ inventory: Inventory) {
      all = Encounter(first: all?.first ?? number, count: (all?.count ?? 0) + 1)
      copies += inventory.copiesClaiming(claim)
      owners.add(number, of: claim.owner)
      guard let identity = inventory.owners[Int(claim.owner.index)].identity else {
        return parties.add(number, of: .owner(claim.owner))
      }
      parties.add(number, of: .object(identity))
      guard let pod = inventory.owners[Int(claim.owner.index)].pod else { return }
      pods[Pod(object: identity, pod: pod), default: Tally()].add(number, of: claim.owner)
    }

    /// The claims of the claim's own owner.
    func ofSameOwner(as claim: Claim) -> Encounter? {
      owners[claim.owner]
    }

    /// The claims of other owners, but for those of the same object: one that is written twice, as overlays do. The
    /// containers of one pod are not that.
    func ofOthers(than claim: Claim, _ inventory: Inventory) -> Encounter? {
      guard let all else { return nil }
      // Looked at in its place: an owner is large.
      let owner = Int(claim.owner.index)
      let own = owners[claim.owner]?.count ?? 0
      guard let identity = inventory.owners[owner].identity else {
        return parties.first(but: .owner(claim.owner)).map { Encounter(first: $0, count: all.count - own) }
      }
      let party = Party.object(identity)
      let strangers = parties.first(but: party).map {
        Encounter(first: $0, count: all.count - (parties[party]?.count ?? 0))
      }
      guard let unit = inventory.owners[owner].pod, let pod = pods[Pod(object: identity, pod: unit)],
        let first = pod.first(but: claim.owner)
      else { return strangers }
      let beside = Encounter(first: first, count: pod.count - own)
      return strangers.map { $0 + beside } ?? beside
    }
  }
}

extension Inventory {
  /// How many copies of its owner make a claim, as far as that is known.
  func copiesClaiming(_ claim: SameSocket.Claim) -> Int {
    // No more than there are ports can run.
    owners[Int(claim.owner.index)].copies.value.map { min(max($0.value, 1), 1 << 16) } ?? 1
  }
}
