import ManifestFormats
import Testing
import Workspace

/// What kustomizations may make has an end, and takes time in proportion to what is written.
@Suite struct KustomizeLimitTests {
  /// Each operation makes the list anew.
  @Test func aPatchOfVeryManyOperationsHasAnEnd() throws {
    let port = "- {op: add, path: /spec/ports/-, value: {port: 1}}\n"
    let outcome = try Outcome([
      "kustomization.yaml": """
      resources: [service.yaml]
      patches: [{path: p.yaml, target: {kind: Service}}]

      """, "service.yaml": KustomizeTests.service, "p.yaml": String(repeating: port, count: 2000),
    ])
    #expect(outcome.rules.contains("limit-exceeded"))
  }

  @Test func whoBringsManyObjectsTogetherHasAnEnd() throws {
    // Each of 20 kustomizations brings the next twice, under two names.
    var files = ["k20/kustomization.yaml": "resources: [web.yaml]\n", "k20/web.yaml": KustomizeTests.service]
    for number in 0..<20 {
      files["k\(number)/kustomization.yaml"] = "resources: [a, b]\n"
      for name in ["a", "b"] {
        files["k\(number)/\(name)/kustomization.yaml"] = "resources: [../../k\(number + 1)]\nnamePrefix: \(name)-\n"
      }
    }
    #expect(
      try Outcome(files).messages(of: ["limit-exceeded"]).first
        == "limit-exceeded: what files and services bring in comes to more than 2000 entries")
  }

  /// One patch may give its containers to every object.
  @Test func whatAPatchAddsToManyObjectsHasAnEnd() throws {
    func rules(_ objects: Int) throws -> [String] {
      let containers = (0..<200).map { "{name: c\($0), image: a, ports: [{containerPort: \(1000 + $0)}]}" }
      let patch = "spec: {template: {spec: {containers: [\(containers.joined(separator: ", "))]}}}\n"
      let files = [
        "kustomization.yaml": "resources: [all.yaml]\npatches: [{path: p.yaml, target: {kind: Deployment}}]\n",
        "all.yaml": (0..<objects).map { KustomizeTests.workload.replacing("name: web", with: "name: d\($0)") }
          .joined(separator: "---\n"),
        "p.yaml": "kind: Deployment\nmetadata: {name: any}\n" + patch,
      ]
      return try Outcome(files).rules.filter { $0 == "limit-exceeded" }
    }
    #expect(try rules(100).isEmpty)
    #expect(try rules(400) == ["limit-exceeded"])
  }

  /// Patches that may be for any object are held against all, as often as is allowed.
  @Test func patchesOfAnyObjectHaveAnEnd() throws {
    let objects = (0..<20).map { KustomizeTests.workload.replacing("name: web", with: "name: d\($0)") }
    func rules(_ count: Int) throws -> [String] {
      let patch = "  - {target: {kind: Service, name: '.*d.*'}, patch: '- {op: remove, path: /spec}'}\n"
      let files = WrittenFiles([
        "kustomization.yaml": Array(
          ("resources: [all.yaml]\npatches:\n" + String(repeating: patch, count: count)).utf8),
        "all.yaml": Array(objects.joined(separator: "---\n").utf8),
      ])
      let workspace = Workspace(policy: try BuiltIn.policy(rules: BuiltIn.rules()), files: files, workers: 1)
      let candidates = ["all.yaml", "kustomization.yaml"].map { Candidate($0, .found) }
      let report = workspace.lint(candidates, sharing: ReadingCache(mostComparisons: 1000))
      return report.diagnostics.map { "\($0.rule)/\($0.variant ?? "")" }
    }
    #expect(try rules(50).isEmpty)
    #expect(try rules(51) == ["limit-exceeded/comparisons"])
  }

  /// A patch is held against the objects that may be meant, and not against all.
  @Test(arguments: [
    "name: d{}", "name: d{}.*", "labelSelector: app=a{}", "labelSelector: 'app in (a{}, none),tier'",
    "annotationSelector: team=t{}", "kind: Deployment, labelSelector: app=a{}", "name: none{}|d{}.*",
  ])
  func patchesTakeNoTimeForOthers(_ target: String) throws {
    func comparisons(_ count: Int) throws -> Int {
      var (kustomization, objects) = ("resources: [all.yaml]\npatches:\n", "")
      // No name is the beginning of another.
      for number in 1000..<(1000 + count) {
        let metadata = "{name: d\(number), labels: {tier: front, app: a\(number)}, annotations: {team: t\(number)}}"
        objects += KustomizeTests.workload.replacing("{name: web, labels: {tier: front}}", with: metadata) + "---\n"
        kustomization += "  - target: {\(target.replacing("{}", with: "\(number)"))}\n"
        kustomization += "    patch: '- {op: replace, path: /spec/replicas, value: 2}'\n"
      }
      let files = WrittenFiles(["kustomization.yaml": Array(kustomization.utf8), "all.yaml": Array(objects.utf8)])
      let cache = ReadingCache()
      let workspace = Workspace(policy: try BuiltIn.policy(rules: BuiltIn.rules()), files: files, workers: 1)
      let report = workspace.lint(["all.yaml", "kustomization.yaml"].map { Candidate($0, .found) }, sharing: cache)
      #expect(!report.inventory.owners.contains { $0.copies.value?.value == 1 })
      return cache.comparisons
    }
    #expect(try [10, 40].map(comparisons) == [10, 40])
  }
}
