import Testing

@testable import ManifestFormats

/// `Fixtures/kubernetes-port-names.tsv`: the verdicts of the API server's two grammars.
@Suite struct PortNameTests {
  static let rows = fixtureTable("kubernetes-port-names.tsv")

  @Test(arguments: rows)
  func isJudgedAsTheAPIServerJudgesIt(_ row: [String]) {
    let messages = row[3].isEmpty ? [] : row[3].components(separatedBy: "; ")
    #expect(PortNameGrammar.container.faults(in: row[0]) == messages)
    #expect(PortNameGrammar.container.faults(in: row[0]).isEmpty == (row[1] == "valid"))
    #expect(PortNameGrammar.dnsLabel.faults(in: row[0]).isEmpty == (row[2] == "valid"))
  }

  @Test func theTableIsWhole() {
    #expect(Self.rows.count == 32)
  }
}
