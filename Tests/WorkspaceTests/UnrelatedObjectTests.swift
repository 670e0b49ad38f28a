import PolicyEngine
import SourceText
import Testing
import Workspace

/// What is found in manifests does not hang on what else there is that has nothing to do with them.
@Suite struct UnrelatedObjectTests {
  /// Objects in a namespace of their own that nothing of a rule's examples names, selects or meets.
  private static let objects = """
    apiVersion: v1
    kind: Service
    metadata: {name: unrelated, namespace: unrelated, labels: {app: unrelated}}
    spec: {selector: {app: unrelated}, ports: [{name: http, port: 80, targetPort: http}]}
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: unrelated, namespace: unrelated}
    spec:
      selector: {matchLabels: {app: unrelated}}
      template:
        metadata: {labels: {app: unrelated}}
        spec: {containers: [{name: unrelated, image: unrelated, ports: [{name: http, containerPort: 8080}]}]}
    ---
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata: {name: unrelated, namespace: unrelated}
    spec: {defaultBackend: {service: {name: unrelated, port: {name: http}}}}

    """
  private static let service = "services: {unrelated: {image: unrelated, ports: ['127.0.0.1:18099:80']}}\n"

  /// The findings on all but one file, by their messages and places.
  private static func findings(_ example: RuleExample, but added: String?) throws -> [String] {
    let written = WrittenFiles(
      Dictionary(example.files.map { ($0.path, Array($0.text.utf8)) }, uniquingKeysWith: { $1 }))
    let report = example.report(under: try PolicyLoader.load(PolicyRequest(), files: written))
    return report.diagnostics
      .filter { report.files[$0.place.file]?.path != added }
      .map { "\($0.rule) \(report.files[$0.place.file]?.path ?? "") \($0.place.start)-\($0.place.end): \($0.message)" }
      .sorted()
  }

  @Test(arguments: BuiltIn.ruleFiles.map(\.name))
  func changesNoFinding(_ name: String) throws {
    let text = BuiltIn.ruleFiles.first { $0.name == name }?.text ?? ""
    let source = SourceFile(id: FileID(0), path: "rules/\(name)", contents: Array(text.utf8))
    for example in decodeRuleExamples(source).examples {
      let before = try Self.findings(example, but: nil)
      let folder = example.files.first?.path.split(separator: "/").dropLast().map { "\($0)/" }.joined() ?? ""
      for (path, text) in [("\(folder)aa-unrelated.yaml", Self.objects), ("zz-unrelated/compose.yaml", Self.service)] {
        var grown = example
        grown.files.append((path, text))
        let after = try Self.findings(grown, but: path)
        let line = LineTable(of: source.bytes).position(of: Int(example.place.start)).line
        #expect(after == before, "the example at rules/\(name):\(line), with \(path)")
      }
    }
  }
}
