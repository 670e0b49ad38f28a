import Testing

/// What kustomize lays over objects is no object, what it builds of them is judged in their place, and an overlay repeats
/// its base without meeting it.
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
      "over/kustomization.yaml": "resources: ['https://example.com/web.yaml']\n\(kustomization)\n",
      "over/patch.yaml": Self.patch,
    ]) { $1 }
    #expect(try Outcome(files).rules == ["invalid-port", "invalid-protocol"])
    // The same text as objects of their own says more.
    let alone = try Outcome(files.filter { $0.key != "over/kustomization.yaml" })
    #expect(alone.rules.contains("invalid-combination"))
    #expect(alone.rules.contains("invalid-port-name"))
  }

  @Test func aKustomizationMayGoWithoutAnEnding() throws {
    let files = Self.base.merging([
      "over/Kustomization": "resources: ['https://example.com/web.yaml']\npatches: [{path: patch.yaml}]\n",
      "over/patch.yaml": Self.patch,
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
    let patched = files.merging([
      "kustomization.yaml": "resources: ['https://example.com/web.yaml']\npatches: [{path: pod.yaml}]\n"
    ]) { $1 }
    #expect(try Outcome(patched).rules == [])
  }

  @Test func operationsAreNoManifest() throws {
    let operations = "- {op: replace, path: /spec/ports/0/nodePort, value: 99999}\n"
    let files = Self.base.merging([
      "over/kustomization.yaml": "patches: [{path: ops.yaml, target: {kind: Service}}]\n", "over/ops.yaml": operations,
    ]) { $1 }
    #expect(try Outcome(files).rules == [])
  }

  /// A kustomization, and what it builds.
  struct Build: CustomTestStringConvertible, Sendable {
    var testDescription: String
    /// The kustomization over the base, and its patches.
    var over: [String: String]
    /// What is said of what is built.
    var messages: [String]
  }

  private static let service = """
    apiVersion: v1
    kind: Service
    metadata: {name: web}
    spec: {type: NodePort, selector: {app: web}, ports: [{name: http, port: 80, targetPort: http, nodePort: 30080}]}

    """
  private static let workload = """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web, labels: {tier: front}}
    spec:
      replicas: 1
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}}
        spec:
          nodeSelector: {kubernetes.io/hostname: one}
          containers:
            - {name: app, image: app, ports: [{name: http, containerPort: 8080}]}
            - {name: side, image: side, ports: [{name: stats, containerPort: 9113}]}

    """
  private static let ingress = """
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata: {name: web}
    spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}

    """
  private static let layered = [
    "base/kustomization.yaml": "resources: [service.yaml, workload.yaml, ingress.yaml]\n", "base/service.yaml": service,
    "base/workload.yaml": workload, "base/ingress.yaml": ingress,
  ]

  private static let asked: Set = [
    "dangling-port-reference", "invalid-port-name", "invalid-combination", "port-conflict", "invalid-port",
    "replica-conflict", "broken-include", "update-deadlock",
  ]

  @Test(arguments: [
    Build(
      testDescription: "names and a namespace are followed by what names them",
      over: [
        "over/kustomization.yaml": "resources: [../base]\nnamePrefix: a-\nnameSuffix: -z\nnamespace: shop\n"
      ], messages: []),
    Build(
      testDescription: "an item is told from others by its name, and may be taken away",
      over: [
        "over/kustomization.yaml": "resources: [../base]\nnamespace: shop\npatches: [{path: p.yaml}]\n",
        "over/p.yaml": """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec: {template: {spec: {containers: [{name: app, $patch: delete}]}}}

        """,
      ],
      messages: [
        "dangling-port-reference: Service 'shop/web' sends to the port 'http', which Deployment 'shop/web' does not have"
      ]),
    Build(
      testDescription: "a list that the API takes as one value is replaced",
      over: [
        "over/kustomization.yaml": "resources: [../base]\npatches: [{path: p.yaml}]\n",
        "over/p.yaml": """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: web}
        spec: {defaultBackend: null, rules: [{http: {paths: [{backend: {service: {name: web, port: {number: 81}}}}]}}]}

        """,
      ], messages: ["dangling-port-reference: Ingress 'web' points at port 81 of Service 'web', which has 80"]),
    Build(
      testDescription: "operations are carried out in their order",
      over: [
        "over/kustomization.yaml": """
        resources: [../base]
        patches:
          - target: {kind: Service, name: w.*}
            patch: |-
              - {op: add, path: /spec/ports/-, value: {name: http, port: 81}}
              - {op: test, path: /spec/ports/1/port, value: 81}
              - {op: move, from: /spec/ports/1/port, path: /spec/ports/0/port}
              - {op: remove, path: /spec/ports/1}
              - {op: remove, path: /spec/ports/0/nodePort}

        """
      ],
      messages: [
        "dangling-port-reference: Ingress 'web' points at port 80 of Service 'web', which has 81"
      ]),
    Build(
      testDescription: "copies are counted",
      over: [
        "over/kustomization.yaml": """
        resources: [../base]
        replicas: [{name: web, count: 3}]
        patches:
          - target: {labelSelector: tier=front}
            patch: '[{op: add, path: /spec/template/spec/hostNetwork, value: true}]'

        """
      ],
      messages: [
        "replica-conflict: container 'app' of Deployment 'web' runs 3 copies on one node, and each wants 8080/tcp of it",
        "replica-conflict: container 'side' of Deployment 'web' runs 3 copies on one node, and each wants 9113/tcp of it",
      ]),
    Build(
      testDescription: "labels part what selects by them",
      over: [
        "over/kustomization.yaml": """
        resources: [../base, more.yaml]
        commonLabels: {part: web}

        """,
        "over/more.yaml": """
        apiVersion: v1
        kind: Service
        metadata: {name: more}
        spec: {selector: {part: web}, ports: [{port: 80, targetPort: none}]}

        """,
      ],
      messages: [
        "dangling-port-reference: Service 'more' sends to the port 'none', which Deployment 'web' does not have"
      ]),
    Build(
      testDescription: "a component changes what its parent brings",
      over: [
        "over/kustomization.yaml": "resources: [../base]\ncomponents: [../part]\nnamePrefix: a-\n",
        "part/kustomization.yaml": """
        apiVersion: kustomize.config.k8s.io/v1alpha1
        kind: Component
        patches:
          - patch: |
              apiVersion: v1
              kind: Service
              metadata: {name: web}
              spec: {ports: [{$patch: replace}, {port: 8080}]}

        """,
      ], messages: ["dangling-port-reference: Ingress 'a-web' points at port 80 of Service 'a-web', which has 8080"]),
    Build(
      testDescription: "what nobody can foresee of a patch leaves its object open",
      over: [
        "over/kustomization.yaml": "resources: [../base]\npatches: [{path: p.yaml}]\n",
        "over/p.yaml": """
        apiVersion: v1
        kind: Service
        metadata: {name: web}
        spec: {ports: [{port: 80, protocol: TCP, targetPort: nothing}]}

        """,
      ], messages: []),
    Build(
      testDescription: "what is replaced elsewhere is not followed",
      over: [
        "over/kustomization.yaml": """
        resources: [../base]
        namePrefix: a-
        replacements: [{path: r.yaml}]
        patches: [{path: p.yaml}]

        """,
        "over/p.yaml": """
        apiVersion: v1
        kind: Service
        metadata: {name: no}
        spec: {ports: [{port: 80, targetPort: nothing}]}

        """,
      ], messages: []),
  ])
  func whatIsBuiltIsJudged(_ build: Build) throws {
    let outcome = try Outcome(Self.layered.merging(build.over) { $1 })
    #expect(outcome.messages(of: Self.asked).sorted() == build.messages)
  }

  /// Each is what kustomize makes of the base and the overlay.
  @Test(arguments: [
    (
      "namespace: shop\nnamePrefix: a-\npatches: [{path: p.yaml}]\n",
      "spec: {ports: [{port: 80, targetPort: admin}, {name: http, port: 81}]}\n",
      """
      metadata: {name: a-web, namespace: shop}
      spec:
        type: NodePort
        selector: {app: web}
        ports:
          - {name: http, port: 80, targetPort: admin, nodePort: 30080}
          - {name: http, port: 81}

      """
    ),
    (
      "patches: [{path: p.yaml}]\n", "spec: {type: ClusterIP, selector: null, ports: [{port: 80, targetPort: null}]}\n",
      """
      metadata: {name: web}
      spec: {type: ClusterIP, ports: [{name: http, port: 80, nodePort: 30080}]}

      """
    ),
    (
      "patchesStrategicMerge: [p.yaml]\n", "spec: {$patch: replace, selector: {app: web}, ports: [{port: 99999}]}\n",
      """
      metadata: {name: web}
      spec: {selector: {app: web}, ports: [{port: 99999}]}

      """
    ),
  ])
  func whatIsBuiltByHandIsJudgedAlike(_ overlay: String, _ patch: String, _ built: String) throws {
    let head = "apiVersion: v1\nkind: Service\n"
    let tree = try Outcome([
      "base/kustomization.yaml": "resources: [service.yaml]\n", "base/service.yaml": Self.service,
      "over/kustomization.yaml": "resources: [../base]\n\(overlay)",
      "over/p.yaml": head + "metadata: {name: web}\n" + patch,
    ])
    let alone = try Outcome(head + built)
    let all = Set(tree.report.diagnostics.map(\.rule) + alone.report.diagnostics.map(\.rule))
    #expect(!all.isEmpty)
    #expect(tree.messages(of: all).sorted() == alone.messages(of: all).sorted())
    #expect(tree.rows.sorted() == alone.rows.sorted())
  }

  /// Where a patch stands in the kustomization, findings point at its characters where these stand there as they are.
  @Test(arguments: [
    ("  - patch: |\n      apiVersion: v1\n      kind: Service\n      metadata: {name: wep}\n", "6:24"),
    ("  - patch: |2-\n      apiVersion: v1\n      kind: Service\n      metadata: {name: wep}\n", "6:24"),
    ("  - patch: |\r\n\r\n      apiVersion: v1\r\n      kind: Service\r\n      metadata: {name: wep}\r\n", "7:24"),
    ("  - patch: '{apiVersion: v1, kind: Service, metadata: {name: wep}}'\n", "3:62"),
    ("  - patch: \"{apiVersion: v1, kind: \\\"Service\\\", metadata: {name: wep}}\"\n", "3:12"),
    ("  - patch: >\n      {apiVersion: v1, kind: Service,\n      metadata: {name: wep}}\n", "3:12"),
  ])
  func aPatchWithinPointsAtItself(_ patch: String, _ place: String) throws {
    let files = Self.layered.merging(["over/kustomization.yaml": "resources: [../base]\npatches:\n\(patch)"]) { $1 }
    #expect(try Outcome(files).findings(of: ["broken-include"]) == ["broken-include \(place)"])
  }

  @Test func whoBringsManyObjectsTogetherHasAnEnd() throws {
    // Each of 20 kustomizations brings the next twice, under two names.
    var files = ["k20/kustomization.yaml": "resources: [web.yaml]\n", "k20/web.yaml": Self.service]
    for number in 0..<20 {
      files["k\(number)/kustomization.yaml"] = "resources: [a, b]\n"
      for name in ["a", "b"] {
        files["k\(number)/\(name)/kustomization.yaml"] = "resources: [../../k\(number + 1)]\nnamePrefix: \(name)-\n"
      }
    }
    #expect(try Outcome(files).report.isComplete)
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
