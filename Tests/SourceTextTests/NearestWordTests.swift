import SourceText
import Testing

@Suite struct NearestWordTests {
  static let keys = ["target", "published", "host_ip", "protocol", "mode", "name", "app_protocol"]

  @Test(
    arguments: [
      // A letter too few, too many, another, two swapped.
      ("taget", "target"), ("targett", "target"), ("tarket", "target"), ("tagret", "target"), ("hostip", "host_ip"),
      ("moed", "mode"), ("nmae", "name"), ("publish", "published"), ("proto", "protocol"),
      // Case is no difference, and a swap across cases is still a swap.
      ("Target", "target"), ("TARGET", "target"), ("PROTOCOL", "protocol"), ("MOED", "mode"),
      // Too far.
      ("port", nil), ("containerPort", nil), ("x", nil), ("", nil),
    ] as [(String, String?)])
  func suggests(_ word: String, _ expected: String?) {
    #expect(nearestWord(to: word, among: Self.keys) == expected)
  }

  @Test func prefersTheNearestThenTheFirst() {
    #expect(nearestWord(to: "abcdef", among: ["abcdxx", "abcdex", "abcdey"]) == "abcdex")
    #expect(nearestWord(to: "abcdef", among: ["abcdey", "abcdex"]) == "abcdey")
    #expect(nearestWord(to: "postgrs", among: ["opsmgr", "postgresql"]) == "postgresql")
    #expect(nearestWord(to: "abc", among: []) == nil)
  }

  @Test(arguments: [("abc", "abd", true), ("abc", "axx", false), ("abcd", "abxx", true), ("abcd", "axxx", false)])
  func allowsAThirdOfTheLongerWordRoundedUp(_ word: String, _ candidate: String, _ isNear: Bool) {
    #expect((nearestWord(to: word, among: [candidate]) != nil) == isNear)
  }

  @Test func whatIsLongIsNearNothing() {
    let word = String(repeating: "a", count: 100)
    #expect(nearestWord(to: word, among: [word + "b", word.dropLast() + "b"]) == word.dropLast() + "b")
    #expect(nearestWord(to: word + "a", among: [word]) == nil)
  }

  /// Against the definition, by trying every way to edit.
  @Test func everyPairOfShortWordsIsAsFarAsItsEditsSay() {
    func distance(_ a: Substring, _ b: Substring) -> Int {
      guard let x = a.first, let y = b.first else { return a.count + b.count }
      var least = min(
        distance(a.dropFirst(), b) + 1, distance(a, b.dropFirst()) + 1,
        distance(a.dropFirst(), b.dropFirst()) + (x == y ? 0 : 1))
      if a.count > 1, b.count > 1, x == b.dropFirst().first, y == a.dropFirst().first {
        least = min(least, distance(a.dropFirst(2), b.dropFirst(2)) + 1)
      }
      return least
    }
    var words: [String] = [""]
    for word in words + ["a", "b", "c"] { words += ["a", "b", "c"].map { word + $0 } }
    words += words.flatMap { [$0 + "ab", "ca" + $0] }
    for word in words {
      for other in words {
        let isNear = distance(word[...], other[...]) <= (max(word.count, other.count) + 2) / 3
        #expect((nearestWord(to: word, among: [other]) != nil) == isNear, "\(word) \(other)")
      }
    }
  }
}
