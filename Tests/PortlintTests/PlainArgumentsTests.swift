import Testing

@testable import portlint

/// Arguments that are only paths pass ArgumentParser by, and mean what it would have said.
@Suite struct PlainArgumentsTests {
  @Test(arguments: [
    [], ["."], ["compose.yaml"], ["a", "b/c.yaml", "ports"], ["a", "lint"], ["", "x=y"], ["help.yaml"],
  ])
  func meanWhatTheParserSays(arguments: [String]) throws {
    let parsed = try #require(try Portlint.parseAsRoot(arguments) as? LintCommand)
    #expect(LintSettings(plainArguments: arguments) == parsed.settings)
  }

  @Test(arguments: [
    ["lint"], ["ports", "a"], ["help"], ["-"], ["--version"], ["a", "--quiet"], ["a", "-h"], ["--", "a"],
  ])
  func leaveTheRestToTheParser(arguments: [String]) {
    #expect(LintSettings(plainArguments: arguments) == nil)
  }
}
