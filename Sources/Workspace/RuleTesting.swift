import ManifestFormats
import PolicyEngine
import PortModel
import SourceText
import SourceYAML

/// What the examples of a rule file, or of a format file, came to.
package struct RuleTest: Sendable {
  package var file: SourceFile
  /// The id of the rule or format; nothing where the file does not say.
  package var rule: String?
  /// Whether it is a file of formats.
  package var isOfFormat = false
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
    /// What was expected, held against what was said.
    case differs([DifferenceLine])
    /// There is nothing in the example that a rule could speak of.
    case holdsNoManifest
    /// The file has no example of the kind: `passes` or `fails`.
    case lacks(String)
  }
}

/// A finding of an example: expected, said, or both.
package struct DifferenceLine: Hashable, Sendable, CustomStringConvertible {
  /// What stands before the finding.
  package enum Mark: String, Sendable {
    case expected = "-"
    case found = "+"
    case both = " "
  }

  package var mark: Mark
  package var text: String

  /// The finding behind its mark.
  package var description: String {
    "\(mark.rawValue) \(text)"
  }

  /// The shortest way from what was expected to what was found.
  static func lines(from expected: [String], to found: [String]) -> [DifferenceLine] {
    var removed: Set<Int> = []
    var inserted: Set<Int> = []
    for change in found.difference(from: expected) {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): inserted.insert(offset)
      }
    }
    var lines: [DifferenceLine] = []
    var (old, new) = (0, 0)
    while old < expected.count || new < found.count {
      if old < expected.count, removed.contains(old) {
        lines.append(DifferenceLine(mark: .expected, text: expected[old]))
        old += 1
      } else if new < found.count, inserted.contains(new) {
        lines.append(DifferenceLine(mark: .found, text: found[new]))
        new += 1
      } else {
        lines.append(DifferenceLine(mark: .both, text: found[new]))
        old += 1
        new += 1
      }
    }
    return lines
  }
}

extension LoadedPolicy {
  /// Runs the examples of rule files under this policy: its ranges, its services and its allocations.
  package func tests(of files: [SourceFile]) -> [RuleTest] {
    var taken = Set(BuiltIn.ruleIDs)
    let builtIn = Set(BuiltIn.ruleFiles.map { Array($0.text.utf8) })
    let ownFormats = Set(BuiltIn.formatFiles.map { Array($0.text.utf8) })
    var takenFormats = FormatTable.builtIn.ids
    return files.map { file in
      if isFormatFile(file) {
        let test = self.test(format: file, taken: ownFormats.contains(file.bytes) ? [] : takenFormats)
        if let format = test.rule { takenFormats.insert(format) }
        return test
      }
      let test = builtIn.contains(file.bytes) ? self.test(builtIn: file) : test(file, taken: taken)
      if let rule = test.rule { taken.insert(rule) }
      return test
    }
  }

  private func test(_ file: SourceFile, taken: Set<String>) -> RuleTest {
    let known = Set(policy.ranges.keys).union(policy.tables.keys)
    let decoded = decodeRule(file, knownPorts: known, knownFormats: formats.ids, isOwn: true, taken: taken)
    return test(file, decoded) { failure(of: $0, for: $1) }
  }

  /// The examples of portlint's own rules show them as they are without a policy, among all others.
  private func test(builtIn file: SourceFile) -> RuleTest {
    let rules = BuiltIn.rules()
    return test(file, decodeRule(file)) { example, rule in
      difference(of: example, from: (try? example.findings(of: rule.id, among: rules)) ?? [])
    }
  }

  private func test(
    _ file: SourceFile, _ decoded: (rule: Rule?, problems: [DecodingProblem]),
    failure: (RuleExample, Rule) -> RuleTest.Kind?
  ) -> RuleTest {
    var test = RuleTest(file: file)
    let (examples, others) = decodeRuleExamples(file)
    test.problems = decoded.problems + others.filter { !decoded.problems.contains($0) }
    test.rule = decoded.rule?.id
    guard let rule = decoded.rule, test.problems.isEmpty else { return test }
    for (kind, fails) in [("passes", false), ("fails", true)] where !examples.contains(where: { $0.fails == fails }) {
      let place = SourceRange(file: file.id, start: 0, end: 0)
      test.failures.append(RuleTest.Failure(place: place, kind: .lacks(kind)))
    }
    for example in examples {
      test.examples += 1
      if let kind = failure(example, rule) {
        test.failures.append(RuleTest.Failure(place: example.place, kind: kind))
      }
    }
    test.failures.sort { $0.place < $1.place }
    return test
  }

  private func failure(of example: RuleExample, for rule: Rule) -> RuleTest.Kind? {
    let report = run(example, for: rule)
    // What keeps the manifests from being judged would let every example pass.
    let required = Set(policy.rules.filter(\.rule.isRequired).map(\.rule.id))
    let found = example.findings(in: report, of: rule.id, orOf: required)
    return difference(of: example, from: found) ?? (report.summary.documents == 0 ? .holdsNoManifest : nil)
  }

  private func difference(of example: RuleExample, from found: [ExpectedFinding]) -> RuleTest.Kind? {
    guard found != example.findings else { return nil }
    return .differs(DifferenceLine.lines(from: example.findings.map(\.description), to: found.map(\.description)))
  }

  /// What is wrong with the files of rules, as a run would say it.
  package func report(on tests: [RuleTest]) -> Report {
    var broken = self
    broken.files = tests.map(\.file)
    var problems: [Problem] = []
    for test in tests { problems.report(test.problems) }
    return broken.report(of: problems)
  }

  /// What is said of an example by a rule and those that it yields to, under this policy.
  ///
  /// An example may have a policy of its own: it builds on this one's ranges, services and platform.
  func run(_ example: RuleExample, for rule: Rule) -> Report {
    var loaded = self
    loaded.baseline = Baseline()
    loaded.environmentFile = nil
    loaded.policy = policy.testing(rule)
    if example.files.contains(where: { $0.path == PolicyLoader.fileName }) {
      var request = PolicyRequest()
      request.groundwork = policy
      request.addition = rule
      if let own = try? PolicyLoader.load(request, files: example.written) { loaded = own }
    }
    return example.report(under: loaded)
  }
}

extension RuleExample {
  /// Whether the example is one that the rule finds something in.
  package var fails: Bool {
    !findings.isEmpty
  }

  /// What a rule of a policy says of the example's manifests.
  package func findings(of rule: Rule, in policy: LoadedPolicy, files: any FileSource) -> [ExpectedFinding] {
    findings(Workspace(policy, files: files, workers: 1), of: rule.id)
  }
}

/// The files of rules and formats that paths mean: files by name, and in folders those that look like either.
package func ruleFiles(at paths: [String]) -> [(file: SourceFile, failure: ReadFailure?)] {
  let tree = Tree.holding(paths)
  let files = DiskFiles(in: tree)
  return Discovery.candidates(for: paths, in: tree).enumerated()
    .compactMap { number, candidate in
      let name = candidate.path.dropFirst(candidate.path.folderPath.count)
      if candidate.origin == .context || candidate.origin == .found && name.hasPrefix(".") { return nil }
      let id = FileID(number)
      do throws(ReadFailure) {
        let file = candidate.file(id, try candidate.contents(from: files))
        return candidate.origin == .found && !isRuleFile(file) && !isFormatFile(file) ? nil : (file, nil)
      } catch {
        return (candidate.file(id, []), error)
      }
    }
}
