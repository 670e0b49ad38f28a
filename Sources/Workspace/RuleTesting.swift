import PolicyEngine
import PortModel
import SourceText
import SourceYAML

/// What a rule file's own examples came to.
package struct RuleTest: Sendable {
  package var file: SourceFile
  /// What is wrong with the file; then none of its examples was run.
  package var problems: [DecodingProblem] = []
  /// How many examples were run.
  package var examples = 0
  package var failures: [Failure] = []

  /// An example of which the rule says something else than it should.
  package struct Failure: Sendable {
    /// Where the example stands in the rule file.
    package var place: SourceRange
    package var kind: Kind
  }

  package enum Kind: Sendable {
    /// What was expected and not said, and what was said and not expected.
    case differs(missing: [String], unexpected: [String])
    /// The file has no example of the kind: `passes` or `fails`.
    case lacks(String)
  }
}

extension LoadedPolicy {
  /// Runs the examples of a rule file under this policy: its ranges, its services and its allocations.
  package func test(_ file: SourceFile) -> RuleTest {
    var test = RuleTest(file: file)
    let known = Set(policy.ranges.keys).union(policy.tables.keys)
    let (rule, problems) = decodeRule(file, knownPorts: known, isOwn: true)
    let (examples, others) = decodeRuleExamples(file)
    test.problems = problems + others.filter { !problems.contains($0) }
    guard let rule, test.problems.isEmpty else { return test }
    for (kind, fails) in [("passes", false), ("fails", true)] where !examples.contains(where: { $0.fails == fails }) {
      let place = SourceRange(file: file.id, start: 0, end: 0)
      test.failures.append(RuleTest.Failure(place: place, kind: .lacks(kind)))
    }
    for example in examples {
      test.examples += 1
      let found = example.findings(of: rule, under: self).map(\.description)
      let expected = example.findings.map(\.description)
      guard found != expected else { continue }
      let kind = RuleTest.Kind.differs(
        missing: expected.filter { !found.contains($0) }, unexpected: found.filter { !expected.contains($0) })
      test.failures.append(RuleTest.Failure(place: example.place, kind: kind))
    }
    return test
  }
}

extension RuleExample {
  /// Whether the example is one that the rule finds something in.
  package var fails: Bool {
    !findings.isEmpty
  }

  /// What a rule says of the example's manifests, under the example's own policy or else under this one.
  package func findings(of rule: Rule, under policy: LoadedPolicy) -> [ExpectedFinding] {
    let written = WrittenFiles(Dictionary(files.map { ($0.path, Array($0.text.utf8)) }, uniquingKeysWith: { $1 }))
    var policy = policy
    if files.contains(where: { $0.path == PolicyLoader.fileName }) {
      guard let own = try? PolicyLoader.load(PolicyRequest(), files: written) else { return [] }
      policy = own
      policy.policy.add(rule)
    } else {
      policy.policy = policy.policy.testing(rule)
      policy.baseline = Baseline()
    }
    return findings(of: rule, in: policy, files: written)
  }

  /// What a rule of a policy says of the example's manifests.
  package func findings(of rule: Rule, in policy: LoadedPolicy, files: any FileSource) -> [ExpectedFinding] {
    findings(Workspace(policy, files: files, workers: 1), of: rule.id)
  }
}
