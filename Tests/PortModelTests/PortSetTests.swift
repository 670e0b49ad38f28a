import Testing

@testable import PortModel

/// Reads `0-79 81` as a set, run by run.
private func ports(_ text: String) throws -> PortSet {
  PortSet(try text.split(separator: " ").map(range))
}

private func range(_ text: some StringProtocol) throws -> PortRange {
  let ends = try text.split(separator: "-").map { try #require(UInt16($0)) }
  let (first, last) = (try #require(ends.first), try #require(ends.last))
  return try #require(PortRange(first, through: last))
}

private func text(_ set: PortSet) -> String {
  set.runs.map(\.description).joined(separator: " ")
}

@Suite struct PortRangeTests {
  @Test func refusesAReversedRange() {
    #expect(PortRange(81, through: 80) == nil)
    #expect(PortRange(65535, through: 0) == nil)
  }

  @Test(arguments: [
    ("80", 1, "80"), ("80-80", 1, "80"), ("0", 1, "0"), ("65535", 1, "65535"), ("8000-8010", 11, "8000-8010"),
    ("0-65535", 65536, "0-65535"),
  ])
  func countsAndDescribes(_ text: String, _ count: Int, _ description: String) throws {
    let made = try range(text)
    #expect(made.count == count)
    #expect(made.isSingle == (count == 1))
    #expect(made.description == description)
  }

  @Test(arguments: [
    ("80", "80", "80"), ("80", "81", nil), ("80-90", "90-95", "90"), ("80-90", "91-95", nil),
    ("80-90", "85-86", "85-86"), ("0-65535", "0", "0"), ("0-65535", "65535", "65535"), ("0", "65535", nil),
  ])
  func intersects(_ a: String, _ b: String, _ common: String?) throws {
    let (a, b) = (try range(a), try range(b))
    #expect(a.intersection(b)?.description == common)
    #expect(b.intersection(a)?.description == common)
    #expect(a.overlaps(b) == (common != nil))
    #expect(b.overlaps(a) == (common != nil))
  }

  @Test func sortsByFirstThenLast() throws {
    let ranges = try ["81", "80-90", "80", "0-65535"].map(range)
    #expect(ranges.sorted().map(\.description) == ["0-65535", "80", "80-90", "81"])
  }
}

@Suite struct PortSetTests {
  @Test(arguments: [
    ("", ""), ("80", "80"), ("80 80", "80"), ("80 81", "80-81"), ("81 80", "80-81"), ("80 82", "80 82"),
    ("80-90 85-86", "80-90"), ("85-95 80-90", "80-95"), ("80-90 91-95 97", "80-95 97"),
    ("0 65535", "0 65535"), ("0-65534 65535", "0-65535"), ("1-65535 0", "0-65535"), ("0-65535 5 65535", "0-65535"),
  ])
  func mergesRangesThatOverlapOrTouch(_ given: String, _ runs: String) throws {
    #expect(text(try ports(given)) == runs)
  }

  @Test(arguments: [
    ("", "80", ""), ("80", "80", "80"), ("80-90", "85-95", "85-90"), ("80-90", "91-95", ""),
    ("1-10 20-30 40", "5-25 40-50", "5-10 20-25 40"), ("0-65535", "0 65535", "0 65535"),
    ("0-65535", "0-65535", "0-65535"), ("80-90", "80 82 84-99", "80 82 84-90"),
  ])
  func intersects(_ a: String, _ b: String, _ common: String) throws {
    let (a, b) = (try ports(a), try ports(b))
    #expect(text(a.intersection(b)) == common)
    #expect(text(b.intersection(a)) == common)
  }

  @Test(arguments: [
    ("", "80", ""), ("80", "", "80"), ("80", "80", ""), ("80-90", "85", "80-84 86-90"),
    ("80-90", "0-80", "81-90"), ("80-90", "90-65535", "80-89"), ("80-90", "0-65535", ""),
    ("0-65535", "0", "1-65535"), ("0-65535", "65535", "0-65534"), ("0-65535", "1-65534", "0 65535"),
    ("0-65535", "", "0-65535"), ("1-10 20-30", "5-25", "1-4 26-30"), ("0 65535", "0", "65535"),
  ])
  func subtracts(_ a: String, _ b: String, _ rest: String) throws {
    #expect(text(try ports(a).subtracting(try ports(b))) == rest)
  }

  @Test(arguments: [
    ("", "", ""), ("80", "", "80"), ("80", "81", "80-81"), ("80 84", "81-83", "80-84"),
    ("0", "65535", "0 65535"), ("0-100", "100-65535", "0-65535"), ("0-99", "100-65535", "0-65535"),
  ])
  func unites(_ a: String, _ b: String, _ both: String) throws {
    let (a, b) = (try ports(a), try ports(b))
    #expect(text(a.union(b)) == both)
    #expect(text(b.union(a)) == both)
  }

  @Test(
    arguments: [
      ("80-90", 79, false), ("80-90", 80, true), ("80-90", 90, true), ("80-90", 91, false), ("", 0, false),
      ("0", 0, true), ("65535", 65535, true), ("0-65534", 65535, false),
    ] as [(String, UInt16, Bool)])
  func contains(_ set: String, _ port: UInt16, _ expected: Bool) throws {
    #expect(try ports(set).contains(port) == expected)
  }

  @Test(
    arguments: [
      ("", 0, nil), ("80-90", 0, 80), ("80-90", 80, 80), ("80-90", 85, 85), ("80-90", 90, 90), ("80-90", 91, nil),
      ("80 443", 81, 443), ("0-65535", 65535, 65535),
    ] as [(String, UInt16, UInt16?)])
  func findsTheFirstFromAPort(_ set: String, _ port: UInt16, _ first: UInt16?) throws {
    #expect(try ports(set).first(from: port) == first)
  }

  @Test(
    arguments: [
      ("", 80, ""), ("80", 80, ""), ("80", 81, "80"), ("79 81", 80, "79 81"), ("80-90", 80, "81-90"),
      ("80-90", 90, "80-89"), ("70 80-90 95", 85, "70 80-84 86-90 95"), ("0-65535", 0, "1-65535"),
      ("0-65535", 65535, "0-65534"),
    ] as [(String, UInt16, String)])
  func removes(_ set: String, _ port: UInt16, _ rest: String) throws {
    var set = try ports(set)
    set.remove(port)
    #expect(text(set) == rest)
  }

  @Test func allAndNone() {
    #expect(PortSet().isEmpty)
    #expect(!PortSet.all.isEmpty)
    #expect(PortSet.all.subtracting(.all).isEmpty)
    #expect(PortSet.all.subtracting(PortSet()) == .all)
  }
}
