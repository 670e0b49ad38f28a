import Testing

/// Who must share a node, who may, and who cannot, by selectors, affinity, taints and numbers of copies.
@Suite struct PlacementTests {
  struct Row: CustomTestStringConvertible {
    var first: String
    var second: String
    var expected: String?

    init(_ first: String, _ second: String, _ expected: String?) {
      (self.first, self.second, self.expected) = (first, second, expected)
    }

    var testDescription: String { "\(first) and \(second)" }
  }

  /// A workload with host port 8080: `KIND [replicas=N] [spec]`.
  private static func workload(_ text: String, _ name: String) -> String {
    let parts = text.split(separator: " ", maxSplits: 1).map(String.init)
    var rest = parts.count == 2 ? parts[1] : ""
    var replicas = ""
    if rest.hasPrefix("replicas=") {
      let words = rest.split(separator: " ", maxSplits: 1).map(String.init)
      replicas = "replicas: \(words[0].dropFirst(9)), "
      rest = words.count == 2 ? words[1] : ""
    }
    let spec = """
      {\(rest.isEmpty ? "" : rest + ", ")containers: [{name: app, image: a, ports: [{containerPort: 80, hostPort: 8080}]}]}
      """
    let body = parts[0] == "Pod" ? "spec: \(spec)" : "spec: {\(replicas)template: {spec: \(spec)}}"
    let version = parts[0] == "Pod" ? "v1" : "apps/v1"
    return "apiVersion: \(version)\nkind: \(parts[0])\nmetadata: {name: \(name)}\n\(body)\n"
  }

  /// Alternatives repeat what holds besides, and are told no further than a limit.
  @Test func alternativesTimesTermsHaveAnEnd() throws {
    let selector = "nodeSelector: {" + (0..<101).map { "k\($0): v" }.joined(separator: ", ") + "}, "
    for (terms, isCut) in [(99, false), (100, true)] {
      let spec = selector + Self.affinity(Array(repeating: "{}", count: terms).joined(separator: ", "))
      let report = try Outcome(Self.workload("Deployment \(spec)", "a")).report
      #expect(report.diagnostics.compactMap(\.variant).filter { $0 == "node-terms" } == (isCut ? ["node-terms"] : []))
    }
  }

  private static let gpu = "nodeSelector: {pool: gpu}"
  private static let web = "nodeSelector: {pool: web}"

  private static func affinity(_ expressions: String) -> String {
    "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [\(expressions)]}}}"
  }

  private static let inGPU = affinity("{matchExpressions: [{key: pool, operator: In, values: [gpu]}]}")
  private static let notInGPU = affinity("{matchExpressions: [{key: pool, operator: NotIn, values: [gpu]}]}")
  private static let noPool = affinity("{matchExpressions: [{key: pool, operator: DoesNotExist}]}")
  private static let anyPool = affinity("{matchExpressions: [{key: pool, operator: Exists}]}")
  private static let gpuOrWeb = affinity(
    "{matchExpressions: [{key: pool, operator: In, values: [gpu]}]}, "
      + "{matchExpressions: [{key: pool, operator: In, values: [web]}]}")
  private static let preferred =
    "affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1, preference: "
    + "{matchExpressions: [{key: pool, operator: In, values: [gpu]}]}}]}}"
  private static let apart =
    "affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: kubernetes.io/hostname}]}}"

  static let rows = [
    // One on each node meets whatever runs on any.
    Row("DaemonSet", "DaemonSet", "port-conflict"),
    Row("DaemonSet", "Deployment", "port-conflict"),
    Row("Deployment", "DaemonSet", "port-conflict"),
    Row("DaemonSet", "Pod", "port-conflict"),
    Row("DaemonSet", "Deployment \(gpu)", "port-conflict"),
    // Some of the scheduler's choice may be kept apart by it.
    Row("Deployment", "Deployment", "possible-conflict"),
    Row("Pod", "StatefulSet", "possible-conflict"),
    // Selectors that no node satisfies both.
    Row("DaemonSet \(gpu)", "DaemonSet \(web)", nil),
    Row("DaemonSet \(gpu)", "Deployment \(web)", nil),
    Row("Deployment \(gpu)", "Deployment \(web)", nil),
    Row("DaemonSet \(gpu)", "DaemonSet \(gpu)", "port-conflict"),
    Row("DaemonSet \(gpu)", "Deployment \(gpu)", "port-conflict"),
    // On which nodes the other runs is not said, so whether they meet is not.
    Row("DaemonSet \(gpu)", "Deployment", "possible-conflict"),
    Row("DaemonSet \(gpu)", "DaemonSet", "port-conflict"),
    Row("DaemonSet \(gpu)", "DaemonSet nodeSelector: {zone: a}", "possible-conflict"),
    // Affinity that is required reads like a selector; what is preferred decides nothing.
    Row("DaemonSet \(inGPU)", "DaemonSet \(web)", nil),
    Row("DaemonSet \(inGPU)", "DaemonSet \(gpu)", "port-conflict"),
    Row("DaemonSet \(notInGPU)", "DaemonSet \(gpu)", nil),
    Row("DaemonSet \(noPool)", "DaemonSet \(gpu)", nil),
    Row("DaemonSet \(anyPool)", "DaemonSet \(noPool)", nil),
    Row("DaemonSet \(gpuOrWeb)", "Deployment \(gpu)", "port-conflict"),
    Row("DaemonSet \(gpuOrWeb)", "Deployment nodeSelector: {pool: db}", nil),
    Row("DaemonSet \(preferred)", "DaemonSet", "port-conflict"),
    Row("Deployment \(apart)", "Deployment", "possible-conflict"),
    // A taint keeps from some nodes who does not tolerate it.
    Row("DaemonSet", "Deployment tolerations: [{operator: Exists}]", "possible-conflict"),
    Row("DaemonSet tolerations: [{operator: Exists}]", "Deployment", "port-conflict"),
    Row("DaemonSet", "DaemonSet tolerations: [{operator: Exists}]", "port-conflict"),
    // A pod that names its node runs there.
    Row("Pod nodeName: a", "Pod nodeName: b", nil),
    Row("DaemonSet", "Pod nodeName: a", "possible-conflict"),
    Row("DaemonSet tolerations: [{operator: Exists}]", "Pod nodeName: a", "port-conflict"),
    // What does not run takes nothing.
    Row("DaemonSet", "Deployment replicas=0", nil),
    Row("DaemonSet", "Deployment replicas=1", "port-conflict"),
  ]

  @Test(arguments: rows)
  func meets(_ row: Row) throws {
    let both = [Self.workload(row.first, "a"), Self.workload(row.second, "b")]
    let expected = row.expected.map { [$0] } ?? []
    #expect(try Outcome(both.joined(separator: "---\n")).rules == expected)
    #expect(try Outcome(both.reversed().joined(separator: "---\n")).rules == expected)
  }
}
