import PortModel
import Testing

/// Labels, and the selectors that pick by them.
@Suite struct LabelTests {
  private static func labels(_ pairs: [(String, String)]) -> Labels {
    Labels(pairs.map { Labels.Label(key: $0.0, value: $0.1) })
  }

  @Test func eachKeyCountsOnceAndTheLastTimeItIsWritten() {
    let labels = Self.labels([("b", "1"), ("a", "2"), ("b", "3"), ("c", "4"), ("b", "5")])
    #expect(labels.all.map { "\($0.key)=\($0.value ?? "?")" } == ["a=2", "b=5", "c=4"])
    #expect(["a", "b", "c", "", "bb", "d"].map { labels[$0]?.value } == ["2", "5", "4", nil, nil, nil])
    #expect(labels == Self.labels([("c", "4"), ("b", "5"), ("a", "2")]))
  }

  private typealias Requirement = LabelSelector.Requirement

  @Test(arguments: [
    (LabelSelector.Test.equal("1"), true, false), (.equal("2"), false, false), (.among(["1", "2"]), true, false),
    (.among([]), false, false), (.notAmong(["1"]), false, true), (.notAmong(["2"]), true, true),
    (.exists, true, false), (.absent, false, true),
  ])
  func picksByOneLabel(_ test: LabelSelector.Test, _ picksIt: Bool, _ picksOthers: Bool) {
    let selector = LabelSelector([Requirement("a", test)])
    #expect(selector.picks(Self.labels([("a", "1"), ("b", "2")])) == picksIt)
    #expect(selector.picks(Self.labels([("b", "1")])) == picksOthers)
    // Beside a requirement that does not hold, none counts.
    #expect(!LabelSelector([Requirement("b", .exists), Requirement("a", test)]).picks(Labels()))
  }

  @Test(arguments: [
    (LabelSelector.Test.equal("1"), LabelSelector.Test.equal("2"), true), (.equal("1"), .equal("1"), false),
    (.equal("1"), .among(["2", "3"]), true), (.equal("1"), .among(["1", "2"]), false),
    (.equal("1"), .notAmong(["1"]), true), (.equal("1"), .notAmong(["2"]), false), (.equal("1"), .absent, true),
    (.equal("1"), .exists, false), (.among(["1", "2"]), .among(["3", "4"]), true),
    (.among(["1", "2"]), .among(["2", "3"]), false), (.among(["1", "2"]), .notAmong(["1", "2", "3"]), true),
    (.among(["1", "2"]), .notAmong(["1"]), false), (.among(["1", "2"]), .absent, true), (.absent, .exists, true),
    (.absent, .notAmong(["1"]), false),
  ])
  func tellsSelectorsThatPickNothingInCommon(_ a: LabelSelector.Test, _ b: LabelSelector.Test, _ excludes: Bool) {
    let (one, other) = (LabelSelector([Requirement("k", a)]), LabelSelector([Requirement("k", b)]))
    #expect(one.excludes(other) == excludes)
    #expect(other.excludes(one) == excludes)
    #expect(!one.excludes(LabelSelector([Requirement("l", b)])))
  }

  @Test func oneSelectorIsPartOfAnother() {
    let (a, b) = (Requirement("a", .among(["1"])), Requirement("b", .exists))
    #expect(LabelSelector([a]) == LabelSelector(labels: Self.labels([("a", "1")])))
    #expect(LabelSelector([b, a, b]) == LabelSelector([a, b]))
    #expect(LabelSelector([a]).isPart(of: LabelSelector([b, a])))
    #expect(LabelSelector().isPart(of: LabelSelector([a])))
    #expect(!LabelSelector([a, b]).isPart(of: LabelSelector([a])))
    #expect(!LabelSelector([a]).isPart(of: LabelSelector([Requirement("a", .equal("2"))])))
  }
}
