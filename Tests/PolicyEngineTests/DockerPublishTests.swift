import Testing

/// Published ports of one Compose project meet as Docker's daemon says, and Compose before it.
///
/// The table leaves out what depends on replicas: that is `replica-conflict`'s to say.
@Suite struct DockerPublishTests {
  struct Row: CustomTestStringConvertible {
    var isOneService: Bool
    var first: String
    var second: String
    var collide: Bool
    var why: String

    init(_ columns: [String]) {
      isOneService = columns[0] == "one"
      first = columns[1]
      second = columns[2]
      collide = columns[3] == "yes"
      why = columns[4]
    }

    var testDescription: String {
      "\(first), then \(second)\(isOneService ? " in one service" : ""): \(why)"
    }

    var manifest: String {
      isOneService
        ? "services:\n  a:\n    image: x\n    ports:\n      - \(first)\n      - \(second)\n"
        : "services:\n  a:\n    image: x\n    ports: [\(first)]\n  b:\n    image: x\n    ports: [\(second)]\n"
    }
  }

  static let rows = fixture("docker-publish-oracle.tsv").map(Row.init)

  @Test(arguments: rows)
  func meetAsDockerSays(_ row: Row) throws {
    #expect(try conflicts(in: row.manifest) == (row.collide ? 1 : 0))
  }

  @Test func theTableIsThere() {
    #expect(Self.rows.count == 18)
  }
}
