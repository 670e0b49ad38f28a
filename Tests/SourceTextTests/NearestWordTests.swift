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
    #expect(nearestWord(to: "abc", among: []) == nil)
  }

  @Test(arguments: [("abc", "abd", true), ("abc", "axx", false), ("abcd", "abxx", true), ("abcd", "axxx", false)])
  func allowsAThirdOfTheLongerWordRoundedUp(_ word: String, _ candidate: String, _ isNear: Bool) {
    #expect((nearestWord(to: word, among: [candidate]) != nil) == isNear)
  }
}
