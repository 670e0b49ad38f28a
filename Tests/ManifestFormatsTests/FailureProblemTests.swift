import PortModel
import SourceText
import Testing

@testable import ManifestFormats
@testable import SourceYAML

/// Each guard that stops the reading of a file says so under its own name, where it stopped.
@Suite struct FailureProblemTests {
  @Test(arguments: [
    (YAMLFailure.Reason.tooDeep(limit: 2), Problem.Limit.depth(2)), (.tooManyNodes(limit: 3), .nodes(3)),
    (.tooManyDocuments(limit: 4), .documents(4)), (.tooManyAliasedNodes(limit: 5), .aliasedNodes(5)),
    (.tooManyDirectives(limit: 6), .directives(6)), (.tooManyFailures(limit: 7), .problems(7)),
  ])
  func aGuardIsNamed(_ reason: YAMLFailure.Reason, _ limit: Problem.Limit) {
    let place = SourceRange(file: FileID(0), start: 7, end: 8)
    var problems: [Problem] = []
    problems.report(YAMLFailure(reason: reason, place: place))
    #expect(problems.map(\.cause) == [.limitExceeded(limit)])
    #expect(problems.map(\.place) == [place])
  }
}
