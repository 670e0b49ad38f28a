import Testing

@testable import ManifestFormats

/// What Compose documents claim, and what is wrong with them.
@Suite struct ComposeTests {
  /// What stands before an entry of `ports`, which begins at 5:9.
  private static let frame = "services:\n  web:\n    image: x\n    ports:\n      - "

  @Test(arguments: table("compose-entries"))
  func readsEntries(_ row: [String]) {
    #expect(InventoryText(Self.frame + row[0] + "\n").rows == row.dropFirst().filter { !$0.isEmpty })
  }

  @Test(arguments: table("compose-documents"))
  func readsDocuments(_ row: [String]) {
    #expect(InventoryText(row[0], environment: "FOO=9000\nEMPTY=\n").rows == row.dropFirst().filter { !$0.isEmpty })
  }
}
