import PortModel
import SourceText
import Testing
import Workspace

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

  /// Under a policy that is not understood nothing is judged, and nothing need be looked for.
  @Test func aBrokenPolicyLooksForNoFiles() throws {
    let common = try #require(LintSettings(plainArguments: ["."])).common
    var policy = LoadedPolicy.recommended()
    #expect(try !common.inputs(policy).candidates.isEmpty)
    policy.problems.report(.policy("broken"), at: SourceRange(file: FileID(0), start: 0, end: 0))
    #expect(try common.inputs(policy).candidates.isEmpty)
  }

  @Test(arguments: [
    ["lint"], ["ports", "a"], ["help"], ["-"], ["--version"], ["a", "--quiet"], ["a", "-h"], ["--", "a"],
  ])
  func leaveTheRestToTheParser(arguments: [String]) {
    #expect(LintSettings(plainArguments: arguments) == nil)
  }
}
