import PolicyEngine
import PortModel
import SourceText

/// Files that a test or an example writes down instead of having them on the disk.
package struct WrittenFiles: FileSource {
  private let files: [ExactText: [UInt8]]

  package init(_ files: [String: [UInt8]]) {
    self.files = Dictionary(uniqueKeysWithValues: files.map { ($0.exact, $1) })
  }

  package func contents(of path: String) throws(ReadFailure) -> [UInt8] {
    if let contents = files[path.exact] { return contents }
    throw path.isAbsolutePath ? .outside(tree: ".") : .missing
  }

  package func isIgnored(_ path: String, onlyByGit: Bool) -> Bool {
    IgnoreFiles().line(leavingOut: path, onlyOfGit: onlyByGit) { files[$0.exact] } != nil
  }

  package func paths(matching glob: String, from folder: String) -> [String] {
    let glob = PathGlob(glob)
    let paths = files.keys.sorted().map(\.text)
    return paths.filter { $0.utf8.starts(with: folder.utf8) && glob.matches($0.below(folder)) }
  }
}

extension RuleExample {
  /// What a rule says of the example's manifests.
  ///
  /// - Parameters:
  ///   - rule: The id of the rule.
  ///   - rules: All rules; one that is off is made a warning if it is the one asked for.
  package func findings(of rule: String, among rules: [Rule]) throws -> [ExpectedFinding] {
    findings(in: try report(for: rule, among: rules), of: rule)
  }

  /// What a rule says of the example's manifests in a run.
  func findings(_ workspace: Workspace, of rule: String) -> [ExpectedFinding] {
    findings(in: workspace.lint(paths.map { Candidate($0, .found) }), of: rule)
  }

  /// What is said of the example by a rule, and by others that say that it was not judged.
  func findings(in report: Report, of rule: String, orOf others: Set<String> = []) -> [ExpectedFinding] {
    report.diagnostics.filter { $0.rule == rule || others.contains($0.rule) }.map { diagnostic in
      let isOfOther = diagnostic.rule != rule
      return ExpectedFinding(
        place: report.placeText(of: diagnostic.place, withPath: paths.count > 1 || isOfOther),
        message: diagnostic.message + (isOfOther ? " [\(diagnostic.rule)]" : ""))
    }
  }

  /// What a rule says of the example's manifests, in full.
  package func diagnostics(of rule: String, among rules: [Rule]) throws -> [Diagnostic] {
    try report(for: rule, among: rules).diagnostics.filter { $0.rule == rule }
  }

  private func report(for rule: String, among rules: [Rule]) throws -> Report {
    var request = PolicyRequest()
    if rules.contains(where: { $0.id == rule && $0.severity == nil }) { request.severities = [rule: .warning] }
    return report(under: try PolicyLoader.load(request, files: written))
  }

  /// The manifests, and whatever else the example has.
  var written: WrittenFiles {
    WrittenFiles(Dictionary(files.map { ($0.path, Array($0.text.utf8)) }, uniquingKeysWith: { $1 }))
  }

  /// What is said of the manifests under a policy.
  package func report(under policy: LoadedPolicy) -> Report {
    Workspace(policy, files: written, workers: 1).lint(paths.map { Candidate($0, .found) })
  }

  /// The paths that the run is given.
  package var paths: [String] {
    (files.map(\.path).filter { $0.pathParts.last?.hasPrefix(".") != true } + named).sorted()
  }
}

extension Report {
  /// A place as examples write it: `7:10-14`.
  func placeText(of place: SourceRange, withPath: Bool) -> String {
    let file = files[place.file]
    let lines = LineTable(of: file?.bytes ?? [])
    let start = lines.position(of: Int(place.start))
    let end = lines.position(of: Int(place.end))
    let path = withPath ? "\(file?.path ?? ""):" : ""
    let stop = end.line == start.line ? "\(end.column)" : "\(end.line):\(end.column)"
    return "\(path)\(start.line):\(start.column)-\(stop)"
  }
}
