import ManifestFormats
import SourceText
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
    "patches: [{path: ./patch.yaml, target: {kind: None}}]",
    "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\npatches: [{path: ../over/patch.yaml}]",
  ])
  func aPatchGetsTheChecksOfItsFieldsOnly(_ kustomization: String) throws {
    let files = Self.base.merging([
      "over/kustomization.yaml": "resources: ['https://example.com/web.yaml']\n\(kustomization)\n",
      "over/patch.yaml": Self.patch,
    ]) { $1 }
    #expect(try Outcome(files).rules == ["invalid-port", "invalid-protocol", "template-not-rendered"])
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
    #expect(try Outcome(files).rules == ["invalid-port", "invalid-protocol", "template-not-rendered"])
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
    #expect(try Outcome(patched).rules == ["template-not-rendered"])
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

  static let service = """
    apiVersion: v1
    kind: Service
    metadata: {name: web}
    spec: {type: NodePort, selector: {app: web}, ports: [{name: http, port: 80, targetPort: http, nodePort: 30080}]}

    """
  static let workload = """
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
            patch: '[{"op": "add", "path": "/spec/template/spec/hostNetwork", "value": true}]'

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
      testDescription: "what is replaced leaves its object open, and what another file replaces leaves all",
      over: [
        "over/kustomization.yaml": """
        resources: [../base]
        replacements: [{path: r.yaml}]
        patches: [{path: p.yaml}]

        """,
        "over/r.yaml": "{source: {kind: ConfigMap, name: c}, targets: [{select: {kind: Service}}]}\n",
        "over/p.yaml": """
        apiVersion: v1
        kind: Service
        metadata: {name: web}
        spec: {ports: [{port: 80, targetPort: nothing}]}

        """,
      ], messages: []),
    Build(
      testDescription: "what no replacement picks is judged",
      over: [
        "over/kustomization.yaml": """
        resources: [../base, more.yaml]
        replacements:
          - source: {kind: ConfigMap, name: c, fieldPath: data.port}
            targets: [{select: {kind: Service, name: web}, fieldPaths: [spec.ports.0.targetPort]}]

        """,
        "over/more.yaml": """
        apiVersion: v1
        kind: Service
        metadata: {name: more}
        spec: {selector: {app: web}, ports: [{port: 80, targetPort: nothing}]}

        """,
      ],
      messages: [
        "dangling-port-reference: Service 'more' sends to the port 'nothing', which Deployment 'web' does not have"
      ]),
    Build(
      testDescription: "what changes nothing brings together what lies elsewhere",
      over: [
        "over/kustomization.yaml": "resources: [../base, route.yaml]\n",
        "over/route.yaml": """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: route}
        spec: {defaultBackend: {service: {name: web, port: {number: 8080}}}}

        """,
      ], messages: ["dangling-port-reference: Ingress 'route' points at port 8080 of Service 'web', which has 80"]),
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

  /// Of a folder it names, the run's own among them, a kustomization means the one that lies there.
  @Test func aFolderIsNamedForItsKustomization() {
    let text = Array("resources: [.., ../b/, ../web.yaml]\n".utf8)
    let named = filesNamed(by: SourceFile(id: .none, path: "a/kustomization.yaml", contents: text))
    #expect(named.contains("kustomization.yaml") && named.contains("b/Kustomization") && named.contains("web.yaml"))
  }

  /// Where a patch stands in the kustomization, findings point at its characters, however it is written.
  @Test(arguments: [
    ("  - patch: |\n      apiVersion: v1\n      kind: Service\n      metadata: {name: wep}\n", "6:24"),
    ("  - patch: |2-\n      apiVersion: v1\n      kind: Service\n      metadata: {name: wep}\n", "6:24"),
    ("  - patch: |\r\n\r\n      apiVersion: v1\r\n      kind: Service\r\n      metadata: {name: wep}\r\n", "7:24"),
    ("  - patch: '{apiVersion: v1, kind: Service, metadata: {name: wep}}'\n", "3:62"),
    ("  - patch: \"{apiVersion: v1, kind: \\\"Service\\\", metadata: {name: wep}}\"\n", "3:66"),
    ("  - patch: >\n      {apiVersion: v1, kind: Service,\n      metadata: {name: wep}}\n", "5:24"),
  ])
  func aPatchWithinPointsAtItself(_ patch: String, _ place: String) throws {
    let files = Self.layered.merging(["over/kustomization.yaml": "resources: [../base]\npatches:\n\(patch)"]) { $1 }
    #expect(try Outcome(files).findings(of: ["broken-include"]) == ["broken-include \(place)"])
  }

  /// What an operation finds in a Service with one port, as kustomize has it.
  @Test(arguments: [
    ("remove, path: /spec/none", true), ("add, path: /spec/none/a, value: 1", true),
    ("add, path: /spec/type/a, value: 1", true), ("replace, path: /none/a, value: 1", true),
    ("add, path: /spec/ports/2, value: {port: 81}", true), ("add, path: /spec/ports/-3, value: {port: 81}", true),
    ("add, path: /spec/ports/none, value: {port: 81}", true), ("replace, path: /spec/ports/1, value: {port: 81}", true),
    ("replace, path: /spec/ports/-, value: {port: 81}", true), ("remove, path: /spec/ports/-2", true),
    ("remove, path: /spec/ports/1/port", true), ("move, path: /spec/a, from: /spec/none", true),
    ("move, path: /none/a, from: /spec/type", true), ("test, path: /spec/none, value: 1", true),
    ("test, path: /spec/ports/0/port, value: 81", true), ("test, path: /spec/type, value: ClusterIP", true),
    ("test, path: /spec/ports/0/port, value: '80'", true),
    // A key is made by either; a number below zero counts from the end, and of what is added from one behind it.
    ("replace, path: /spec/none, value: 1", false), ("add, path: /spec/ports/1, value: {port: 81}", false),
    ("add, path: /spec/ports/-2, value: {port: 81}", false), ("replace, path: /spec/ports/-1/port, value: 81", false),
    ("remove, path: /spec/ports/-1", false), ("test, path: /spec/none, value: null", false),
    ("test, path: /spec/ports/0/port, value: 80", false), ("copy, path: /spec/a, from: /spec/none", false),
    // What is written otherwise may be the same, and who else adds labels nobody knows.
    ("test, path: /spec/ports/0/port, value: 80.0", false), ("test, path: /spec/ports, value: []", false),
    ("add, path: /metadata/labels/a, value: b", false), ("remove, path: \"/spec/${NONE}\"", false),
  ])
  func anOperationThatFailsIsSaid(_ operation: String, _ isRefused: Bool) throws {
    let block = "patches:\n  - target: {kind: Service}\n    patch: |-\n      - {op: \(operation)}\n"
    let files = Self.layered.merging(["over/kustomization.yaml": "resources: [../base]\n\(block)"]) { $1 }
    let outcome = try Outcome(files)
    #expect(outcome.messages(of: ["broken-include"]).count == (isRefused ? 1 : 0))
    // At the path: that of what is moved where it is that which is not there.
    let key = operation.contains("from: /spec/none") ? "from: " : "path: "
    let column = 14 + (operation.firstRange(of: key).map { operation[..<$0.upperBound].count } ?? 0)
    #expect(outcome.findings(of: ["broken-include"]) == (isRefused ? ["broken-include 5:\(column)"] : []))
  }

  /// Once something was done to an object that is not followed, nobody knows what fails on it; nor is a failure of a base
  /// said again where it is built upon.
  @Test func anOperationIsJudgedWhereItsObjectIsKnown() throws {
    let fails = "- {op: remove, path: /spec/none}"
    func patches(_ all: String...) -> String {
      "patches:\n" + all.map { "  - target: {kind: Service}\n    patch: |-\n      \($0)\n" }.joined()
    }
    func said(_ files: [String: String]) throws -> [String] {
      try Outcome(Self.layered.merging(files) { $1 }).findings(of: ["broken-include"])
    }
    let twice = "resources: [../base]\n" + patches("- {op: copy, path: /spec/a, from: /spec/b}", fails)
    #expect(try said(["over/kustomization.yaml": twice]) == [])
    let base = "resources: [service.yaml, workload.yaml, ingress.yaml]\n" + patches(fails)
    let over = ["base/kustomization.yaml": base, "over/kustomization.yaml": "resources: [../base]\nnamePrefix: a-\n"]
    #expect(try said(over) == ["broken-include 5:28"])
    #expect(
      try Outcome(Self.layered.merging(over) { $1 }).messages(of: ["broken-include"]) == [
        "broken-include: the operation is on '/spec/none', which Service 'web' does not have at this point"
      ])
  }

  /// Targets pick by labels and annotations in all ways but by numbers, with which nobody knows what they may pick.
  @Test(arguments: [
    ("labelSelector: tier=front", true), ("labelSelector: tier == front", true),
    ("labelSelector: 'tier in (back, front)'", true), ("labelSelector: 'tier in (back),tier'", false),
    ("labelSelector: 'tier notin (back),other notin (a)'", true), ("labelSelector: 'tier notin (front, back)'", false),
    ("labelSelector: 'tier!=back,other != a'", true), ("labelSelector: tier!=front", false),
    ("labelSelector: tier", true), ("labelSelector: other", false), ("labelSelector: '!other , tier'", true),
    ("labelSelector: '!tier'", false), ("annotationSelector: example.com/kind=web", true),
    ("annotationSelector: 'example.com/kind notin (web)'", false), ("annotationSelector: tier", false),
    ("labelSelector: tier, annotationSelector: example.com/kind", true),
    ("labelSelector: '!tier', annotationSelector: example.com/kind", false), ("labelSelector: tier > 1", nil),
    ("labelSelector: 'tier,'", nil), ("labelSelector: 'tier in (front'", nil), ("labelSelector: 'tier in front'", nil),
    ("labelSelector: ',tier'", nil), ("annotationSelector: '!'", nil),
  ])
  func aTargetPicksBySelectors(_ selector: String, _ isPicked: Bool?) throws {
    let workload = Self.workload.replacing(
      "{tier: front}", with: "{tier: front}, annotations: {example.com/kind: web}", maxReplacements: 1)
    let outcome = try Outcome(
      Self.layered.merging([
        "base/workload.yaml": workload,
        "over/kustomization.yaml": """
        resources: [../base]
        patches:
          - target: {kind: Deployment, \(selector)}
            patch: '[{"op": "replace", "path": "/spec/template/spec/containers/0/ports/0/name", "value": "other"}]'
          - target: {kind: Ingress}
            patch: '[{"op": "replace", "path": "/spec/defaultBackend/service/port/number", "value": 81}]'

        """,
      ]) { $1 })
    let built = "dangling-port-reference: Ingress 'web' points at port 81 of Service 'web', which has 80"
    let picked =
      "dangling-port-reference: Service 'web' sends to the port 'http', which Deployment 'web' does not have"
    let comparesNumbers = selector.contains(">")
    let isRefused = isPicked == nil && !comparesNumbers
    let expected = isPicked == true ? [built, picked] : isRefused ? [] : [built]
    #expect(outcome.messages(of: ["dangling-port-reference"]).sorted() == expected)
    #expect(outcome.messages(of: ["broken-include"]).count == (isRefused ? 1 : 0))
    #expect(outcome.findings(of: ["template-not-rendered"]) == (comparesNumbers ? ["template-not-rendered 3:47"] : []))
  }

  /// A fault of the base has one place, however many overlays give its object a name; each says what is its own.
  @Test func aFaultOfABaseIsToldOnce() throws {
    var files = Self.layered
    files["base/service.yaml"] = Self.service.replacing("targetPort: http", with: "targetPort: none")
    for name in ["dev", "prod", "test"] {
      files["\(name)/kustomization.yaml"] = """
        resources: [../base]
        namePrefix: \(name)-
        namespace: \(name)
        replicas: [{name: web, count: \(name == "prod" ? 3 : 2)}]
        patches:
          - target: {kind: Deployment}
            patch: '[{"op": "add", "path": "/spec/template/spec/hostNetwork", "value": true}]'

        """
    }
    let outcome = try Outcome(files)
    #expect(
      outcome.messages(of: ["dangling-port-reference"]) == [
        "dangling-port-reference: Service 'dev/dev-web' sends to the port 'none', which Deployment 'dev/dev-web' does not "
          + "have"
      ])
    // How many copies there are each overlay says for itself.
    let copies = outcome.messages(of: ["replica-conflict"]).filter { $0.contains("'app'") }
    #expect(
      copies.sorted()
        == [("dev", 2), ("prod", 3), ("test", 2)].map { name, count in
          "replica-conflict: container 'app' of Deployment '\(name)/\(name)-web' runs \(count) copies on one node, and each "
            + "wants 8080/tcp of it"
        })
  }

  /// What one patch does to several objects is said of each, in the first build.
  @Test func aFaultOfAPatchIsToldOfEachObject() throws {
    var files = Self.layered
    files["base/kustomization.yaml"] = """
      resources: [service.yaml, workload.yaml, ingress.yaml, more.yaml]
      patches:
        - target: {kind: Deployment}
          patch: '[{"op": "add", "path": "/spec/template/spec/containers/0/ports/0/hostPort", "value": 10250}]'

      """
    files["base/more.yaml"] = Self.workload.replacing("name: web", with: "name: more")
    for name in ["dev", "prod"] {
      files["\(name)/kustomization.yaml"] = "resources: [../base]\nnamePrefix: \(name)-\n"
    }
    #expect(
      try Outcome(files).messages(of: ["cluster-reserved-port"]).sorted()
        == ["dev-more", "dev-web"].map {
          "cluster-reserved-port: container 'app' of Deployment '\($0)' claims 10250/tcp on its node, which kubelet holds"
        })
  }

  /// What is no regular expression to Go is said, and what is one but is not followed leaves open what it may pick.
  @Test(arguments: [
    ("(", true), ("a)", true), ("(a|b", true), ("[a", true), ("a|*", true), ("+a", true), ("a**", true), ("a+*", true),
    ("(?=a)", true), ("(?!a)", true), ("(?<!a)b", true), ("(*)", true), ("web", false), ("we[b-]", false),
    ("[]a]+", false),
    ("(?i)web", false), ("(?:web)", false), ("a*?", false), ("\\(", false), ("[(]", false), ("a)(b", false),
    ("\\Q(\\E", false), ("w{1,2}eb", false), ("(?P<a>b)", false), ("[[:alpha:](]", false), ("w.b", false), ("$", false),
  ])
  func aTargetThatIsNoExpressionIsSaid(_ pattern: String, _ isBroken: Bool) throws {
    let target = "{kind: Service, name: '\(pattern)'}"
    let patches = "patches:\n  - target: \(target)\n    patch: '- {op: replace, path: /spec/type, value: ClusterIP}'\n"
    let files = Self.layered.merging(["over/kustomization.yaml": "resources: [../base]\n\(patches)"]) { $1 }
    let said = try Outcome(files).messages(of: ["broken-include"])
    #expect(said == (isBroken ? ["broken-include: '\(pattern)' is no regular expression"] : []))
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
