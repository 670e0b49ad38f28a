import Testing

/// What kustomize lays over objects is no object, and an overlay repeats its base without meeting it.
@Suite struct KustomizeTests {
  private static let base = [
    "base/kustomization.yaml": "resources: [web.yaml]\n",
    "base/web.yaml": """
    apiVersion: apps/v1
    kind: DaemonSet
    metadata: {name: web}
    spec:
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}}
        spec: {containers: [{name: app, image: nginx, ports: [{name: http, containerPort: 80, hostPort: 8080}]}]}
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: web}
    spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}

    """,
  ]

  /// A patch of a Service and of a container: half an object each, with one port that is none.
  private static let patch = """
    apiVersion: v1
    kind: Service
    metadata: {name: web}
    spec:
      selector: {app: web}
      ports: [{port: 80, targetPort: admin, nodePort: 30080}, {port: 81}, {port: 99999}]
    ---
    apiVersion: apps/v1
    kind: DaemonSet
    metadata: {name: web}
    spec:
      template:
        spec: {containers: [{name: app, image: nginx, ports: [{hostPort: 8080}, {containerPort: 81, protocol: tcp}]}]}

    """

  @Test(arguments: [
    "patches: [{path: patch.yaml}]", "patches: [patch.yaml]", "patchesStrategicMerge: [patch.yaml]",
    "patchesJson6902: [{path: ./patch.yaml, target: {kind: Service, name: web}}]",
    "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\npatches: [{path: ../over/patch.yaml}]",
  ])
  func aPatchGetsTheChecksOfItsFieldsOnly(_ kustomization: String) throws {
    let files = Self.base.merging([
      "over/kustomization.yaml": "resources: [../base]\n\(kustomization)\n", "over/patch.yaml": Self.patch,
    ]) { $1 }
    #expect(try Outcome(files).rules == ["invalid-port", "invalid-protocol"])
    // The same text as objects of their own says more.
    let alone = try Outcome(files.filter { $0.key != "over/kustomization.yaml" })
    #expect(alone.rules.contains("invalid-combination"))
    #expect(alone.rules.contains("invalid-port-name"))
  }

  @Test func aKustomizationMayGoWithoutAnEnding() throws {
    let files = Self.base.merging([
      "over/Kustomization": "patches: [{path: patch.yaml}]\n", "over/patch.yaml": Self.patch,
    ]) {
      $1
    }
    #expect(try Outcome(files).rules == ["invalid-port", "invalid-protocol"])
  }

  @Test func aPatchLeavesOpenWhatItsObjectOffers() throws {
    let service = """
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec: {selector: {app: web}, ports: [{port: 80, targetPort: admin}]}

      """
    let pod = """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, labels: {app: web}}
      spec: {containers: [{name: app, image: nginx, ports: [{name: http, containerPort: 80}]}]}

      """
    let files = ["service.yaml": service, "pod.yaml": pod]
    #expect(try Outcome(files).rules == ["dangling-port-reference"])
    #expect(try Outcome(files.merging(["kustomization.yaml": "patches: [{path: pod.yaml}]\n"]) { $1 }).rules == [])
  }

  @Test func operationsAreNoManifest() throws {
    let operations = "- {op: replace, path: /spec/ports/0/port, value: 99999}\n"
    let files = Self.base.merging([
      "over/kustomization.yaml": "patches: [{path: ops.yaml, target: {kind: Service}}]\n", "over/ops.yaml": operations,
    ]) { $1 }
    #expect(try Outcome(files).rules == [])
  }

  @Test func basesAndOverlaysThatRepeatAnObjectDoNotMeet() throws {
    var files = Self.base
    for overlay in ["dev", "prod"] {
      files["\(overlay)/kustomization.yaml"] = "resources: [../base]\n"
      files["\(overlay)/web.yaml"] = Self.base["base/web.yaml"]
    }
    // Nor does the same object that one folder holds twice.
    files["base/again.yaml"] = Self.base["base/web.yaml"]
    #expect(try Outcome(files).rules == [])
  }
}
