import PolicyEngine
import PortModel
import SourceText
import Testing
import Workspace

/// What each condition of the rule language holds for, and that what cannot be known fires neither a condition nor its
/// opposite.
@Suite struct ConditionTests {
  struct Row: CustomTestStringConvertible {
    var condition: String
    /// The texts of the claims that it holds for.
    var holds: [String]
    /// The texts of those that its opposite holds for; what is in neither cannot be known.
    var not: [String]

    init(_ condition: String, _ holds: [String], not: [String]) {
      self.condition = condition
      self.holds = holds
      self.not = not
    }

    var testDescription: String { condition }
  }

  /// Claims alike in nothing that a row asks for; the texts of their ports tell them apart.
  private static let manifests = [
    "shop/compose.prod.yaml": """
    services:
      web:
        image: registry.example/web:1.2
        labels: [team=shop, "zone=${ZONE}"]
        scale: 3
        ports: ["127.0.0.1:8001:80", "10.1.2.3:8002:81/udp", "8003:5432", "${IP}:8004:82", "9000-9003:9000-9003"]
      db:
        image: ${IMAGE}
        network_mode: host
        ports: [{target: 84, published: 8005, name: sql, app_protocol: http}]

    """,
    "kube/pod.yaml": """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: api, namespace: payments}
    spec:
      replicas: 2
      template:
        metadata: {labels: {app: api, tier: back}}
        spec:
          containers:
            - name: app
              image: api:2
              ports: [{name: http, containerPort: 80, hostPort: 8006, hostIP: "::1"}]

    """,
  ]

  private static let publish = ["8001", "8002", "8003", "8004", "9000-9003", "8006"]

  static let rows = [
    Row("format: kubernetes", ["8006"], not: publish.filter { $0 != "8006" }),
    Row("kind: Deploy*", ["8006"], not: publish.filter { $0 != "8006" }),
    Row("kind: [service, Pod]", publish.filter { $0 != "8006" }, not: ["8006"]),
    Row("owner: web", publish.filter { $0 != "8006" }, not: ["8006"]),
    Row("owner: payments/a*", ["8006"], not: publish.filter { $0 != "8006" }),
    Row("namespace: payments", ["8006"], not: publish.filter { $0 != "8006" }),
    Row("container: app", ["8006"], not: publish.filter { $0 != "8006" }),
    Row("file: '*prod*'", publish.filter { $0 != "8006" }, not: ["8006"]),
    Row("file: kube/*.yaml", ["8006"], not: publish.filter { $0 != "8006" }),
    Row("file: '*/*.yaml'", publish, not: []),
    Row("file: '*.txt'", [], not: publish),
    Row("labels: {tier: 'b*', app: [api, web]}", ["8006"], not: publish.filter { $0 != "8006" }),
    Row("labels: {tier: front}", [], not: publish),
    Row("labels: {team: 'sh*'}", publish.filter { $0 != "8006" }, not: ["8006"]),
    Row("labels: {zone: north}", [], not: ["8006"]),
    Row("image: '*/web:*'", publish.filter { $0 != "8006" }, not: ["8006"]),
    Row("network: own", publish, not: []),
    Row("authenticated: true", [], not: publish),
    Row("control-plane: true", [], not: publish),
    Row("control-plane: false", publish, not: []),
    Row("replicas: 2", ["8006"], not: publish.filter { $0 != "8006" }),
    Row("replicas: {at-least: 2}", publish, not: []),
    Row("replicas: {at-most: 2}", ["8006"], not: publish.filter { $0 != "8006" }),
    Row("address: loopback", ["8001", "8006"], not: ["8002", "8003", "9000-9003"]),
    Row("address: private", ["8002"], not: ["8001", "8003", "9000-9003", "8006"]),
    Row("address: 10.0.0.0/8", ["8002"], not: ["8001", "8003", "9000-9003", "8006"]),
    Row("address: [127.0.0.1, '::1']", ["8001", "8006"], not: ["8002", "8003", "9000-9003"]),
    Row("address: every", ["8003", "9000-9003"], not: ["8001", "8002", "8006"]),
    // A variable may come to nothing, but something is written.
    Row("address: unnamed", ["8003", "9000-9003"], not: ["8001", "8002", "8004", "8006"]),
    Row("protocol: udp", ["8002"], not: publish.filter { $0 != "8002" }),
    Row("protocol: [TCP, sctp]", publish.filter { $0 != "8002" }, not: ["8002"]),
    Row("named: true", ["8006"], not: publish.filter { $0 != "8006" }),
    Row("name: [ht*, web]", ["8006"], not: publish.filter { $0 != "8006" }),
    Row("app-protocol: http", [], not: publish),
    Row("service: [postgres*, mysql]", ["8003"], not: publish.filter { $0 != "8003" }),
    Row("service: pgsql", ["8003"], not: publish.filter { $0 != "8003" }),
    Row("port: 8001", ["8001"], not: publish.filter { $0 != "8001" }),
    Row("port: [8002-8003, 9999]", ["8002", "8003"], not: ["8001", "8004", "9000-9003", "8006"]),
    // Of a range, some ports are of a condition and others of its opposite.
    Row("port: 9001-9002", ["9000-9003"], not: publish),
    Row("port: {in: team, not-in: 8004-9999}", ["8001", "8002", "8003"], not: ["8004", "9000-9003", "8006"]),
    Row("port: {not-in: [team, 9000-9003]}", ["8006"], not: publish.filter { $0 != "8006" }),
    Row("target: 80", ["8001", "8006"], not: publish.filter { !["8001", "8006"].contains($0) }),
    Row("target: {in: exposed}", [], not: publish),
    Row("target: {in: 9000-9010, not-in: 9000-9003}", [], not: publish),
    Row("privilege: unneeded", publish, not: []),
    Row("scope: node", ["8006"], not: publish.filter { $0 != "8006" }),
    Row("any: [{port: 8001}, {address: private}]", ["8001", "8002"], not: ["8003", "9000-9003", "8006"]),
    Row("all: [{port: 8001-8004}, {not: {address: loopback}}]", ["8002", "8003"], not: ["8001", "9000-9003", "8006"]),
    Row("not: [{port: 8001-8003}, {owner: api}]", ["8004", "9000-9003"], not: ["8001", "8002", "8003", "8006"]),
    Row("effect: ignored", ["8005"], not: []),
    Row("effect: ignored, image: db", [], not: []),
    Row("effect: ignored, network: host, app-protocol: http, name: sql", ["8005"], not: []),
  ]

  @Test(arguments: rows)
  func holds(_ row: Row) throws {
    #expect(try Self.fired(row.condition).sorted() == row.holds.sorted())
    // `effect` chooses among claims, as `role` does, so there is no opposite of it.
    if row.condition.hasPrefix("effect") { return }
    #expect(try Self.fired("not: {\(row.condition)}").sorted() == row.not.sorted())
  }

  @Test func everyKeyIsAskedForByARow() {
    let words = Set(Self.rows.flatMap { $0.condition.split { !$0.isLetter && $0 != "-" } }.map(String.init))
    // The role is of the rule that every row stands in, and the others are of references.
    let elsewhere: Set = ["role", "field", "wanted"]
    #expect(ConditionKey.allCases.map(\.rawValue).filter { !words.union(elsewhere).contains($0) } == [])
  }

  @Test(arguments: [
    "port: 8005", "any: [{port: 8005}]", "all: [{owner: web}, {port: 8005}]", "all: [{any: [{port: 8005}]}]",
  ])
  func aPortThatIsOpenIsOfNoConditionNorOfItsOpposite(_ condition: String) throws {
    let open = ["compose.yaml": "services: {web: {image: web, ports: ['${PORT}:80']}}"]
    #expect(try Self.fired(condition, in: open) == [])
    #expect(try Self.fired("not: {\(condition)}", in: open) == [])
  }

  @Test(arguments: [
    ("port: {other-protocol-in: transports}", ["69"], ["22", "9022"]),
    ("target: {other-protocol-in: transports}", ["69", "9022"], ["22"]),
    ("port: {other-protocol-in: [transports, cleartext]}", ["69"], ["22", "9022"]),
  ])
  func aPortMayBeOfATableForAnotherProtocol(_ condition: String, _ holds: [String], _ not: [String]) throws {
    let files = ["compose.yaml": "services: {a: {image: a, ports: ['22:22', '69:69', '9022:22/udp', '${P}:80']}}"]
    #expect(try Self.fired(condition, in: files).sorted() == holds)
    #expect(try Self.fired("not: {\(condition)}", in: files).filter { $0 != "${P}" }.sorted() == not)
  }

  /// What stands for a value in templates, without quotes and with them, and in Compose; each port is of one kind of claim.
  private static let open = [
    "chart/deployment.yaml": """
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {{ .Release.Name }}
      namespace: {{ .Release.Namespace }}
    spec:
      replicas: {{ .Values.replicas }}
      template:
        metadata:
          labels: {{ .Values.labels }}
        spec:
          hostNetwork: {{ .Values.hostNetwork }}
          containers:
            - name: {{ .Chart.Name }}
              image: {{ .Values.image }}
              ports:
                - containerPort: {{ .Values.port }}
                  hostPort: 8001
                  hostIP: {{ .Values.address }}
                  protocol: {{ .Values.protocol }}
                  name: {{ .Values.portName }}

    """,
    "chart/service.yaml": """
    apiVersion: v1
    kind: Service
    metadata: {name: "{{ .Release.Name }}-web", namespace: "{{ .Release.Namespace }}"}
    spec:
      type: NodePort
      ports:
        - {name: "{{ .Values.portName }}", port: 8002, nodePort: 30001, targetPort: "{{ .Values.port }}", \
    appProtocol: "{{ .Values.spoken }}", protocol: "{{ .Values.protocol }}"}

    """,
    "compose.yaml": """
    services:
      web:
        image: ${IMAGE}
        network_mode: ${NETWORK}
        labels: {team: "${TEAM}", app: web, tier: back}
        scale: ${SCALE}
        ports:
          - "${IP}:8003:${TARGET}/${PROTOCOL}"
          - {target: "${TARGET}", published: 8004, host_ip: "${IP}", name: "${NAME}", app_protocol: "${SPOKEN}", protocol: "${PROTOCOL}"}

    """,
  ]

  @Test(arguments: [
    ("owner: '*'", ["8001", "30001"]), ("owner: 'shop/web'", ["8001", "30001"]),
    ("namespace: shop", ["8001", "30001"]), ("container: app", ["8001"]),
    ("labels: {team: shop}", ["8001", "8003", "8004"]), ("image: nginx", ["8001", "8003", "8004"]),
    ("network: own", ["8001", "8003", "8004"]), ("network: host", ["8001", "8003", "8004"]),
    ("replicas: 1", ["8001", "8003", "8004"]), ("replicas: {at-least: 2}", ["8001", "8003", "8004"]),
    ("address: every", ["8001", "8003", "8004"]), ("address: loopback", ["8001", "8003", "8004"]),
    ("address: 10.0.0.0/8", ["8001", "8003", "8004"]), ("protocol: tcp", ["8001", "30001", "8003", "8004"]),
    ("name: http", ["8001", "30001", "8004"]), ("named: true", ["8001", "30001", "8004"]),
    ("app-protocol: http", ["30001", "8004"]), ("service: http", ["8001", "30001", "8003", "8004"]),
    ("target: 80", ["8001", "30001", "8003", "8004"]), ("target: {not-in: 80}", ["8001", "30001", "8003", "8004"]),
    ("port: {in: registered}", ["8001", "30001", "8003", "8004"]),
    ("port: {in: own-target}", ["8001", "30001", "8003", "8004"]),
  ])
  func whatIsOpenIsOfNoConditionNorOfItsOpposite(_ condition: String, _ claims: [String]) throws {
    #expect(try Self.fired(condition, in: Self.open).filter { claims.contains($0) } == [])
    #expect(try Self.fired("not: {\(condition)}", in: Self.open).filter { claims.contains($0) } == [])
  }

  @Test func howManyThereAreIsWhatTheKindMeans() throws {
    func object(_ kind: String, _ spec: String, _ port: Int) -> String {
      """
      apiVersion: apps/v1
      kind: \(kind)
      metadata: {name: x\(port)}
      spec: {\(spec)template: {spec: {containers: [{name: c, image: x, ports: [{containerPort: 1, hostPort: \(port)}]}]}}}
      ---

      """
    }
    let files = [
      "objects.yaml": object("DaemonSet", "", 1) + object("Deployment", "", 2)
        + object("Deployment", "replicas: 3, ", 3)
        + object("Job", "parallelism: 3, ", 4) + object("Job", "", 5) + object("Swarm", "", 6)
        + object("Swarm", "replicas: 2, ", 7) + """
          apiVersion: v1
          kind: Service
          metadata: {name: x}
          spec: {type: NodePort, ports: [{port: 80, nodePort: 31000}]}

          """,
      "stack.yaml": """
      services:
        a: {image: a, deploy: {mode: global, endpoint_mode: vip}, ports: ["8:8"]}
        b: {image: b, deploy: {replicas: 2}, ports: ["9:9"]}
        c: {image: c, ports: ["10:10"]}

      """,
    ]
    // Of one a node, and of what may scale by itself, nobody knows how many there are.
    #expect(try Self.fired("replicas: 1", in: files) == ["2", "5", "10"])
    // A Service has no copies.
    #expect(try Self.fired("not: {replicas: 1}", in: files) == ["3", "4", "7", "31000", "9"])
  }

  @Test func theServiceThatIsAskedForIsNamed() throws {
    let stores = ["compose.yaml": "services: {db: {image: db, ports: ['8001:27017', '8002:3306', '8003:80']}}"]
    for condition in ["service: [mongo, mariadb]", "any: [{service: mongo}, {all: [{service: maria*}]}]"] {
      let rule = """
        id: tried
        family: governance
        severity: warning
        summary: a condition to try
        when: {role: publish, \(condition)}
        message: "{service} is published"
        help: none
        """
      let said = try Self.findings(of: rule, in: stores)
      #expect(said.map { $0.0 } == ["8001", "8002"])
      #expect(said.map { $0.1 } == ["mongo is published", "mariadb is published"])
    }
  }

  @Test(arguments: [
    // A port of several products: a pattern means all of them or none, a name is a name, and an image tells which it is.
    ("payments-api", "8081", "mongo*", false), ("payments-api", "8081", "mongo-express", true),
    ("payments-api", "8081", "*", true), ("mongo-express:1", "8081", "mongo*", true),
    ("sonatype/nexus", "8081", "mongo-express", false), ("mongo:7", "27017", "mongodb*", true),
    ("db", "27017", "mongo*", true), ("example/redis-tools", "6379", "redis*", true),
  ])
  func aServiceIsToldByTheImageFirst(_ image: String, _ port: String, _ glob: String, _ holds: Bool) throws {
    let files = ["compose.yaml": "services: {a: {image: '\(image)', ports: ['7003:\(port)']}}"]
    #expect(try Self.fired("service: '\(glob)'", in: files) == (holds ? ["7003"] : []))
  }

  @Test func aServiceLeadsToItsTargetPort() throws {
    let service = [
      "service.yaml": """
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec: {ports: [{name: a, port: 81, targetPort: 8080}, {name: b, port: 82}, {name: c, port: 83, targetPort: web}]}

      """
    ]
    #expect(try Self.fired("target: 8080", role: "service", in: service) == ["81"])
    #expect(try Self.fired("target: 82", role: "service", in: service) == ["82"])
    #expect(try Self.fired("not: {target: 82}", role: "service", in: service) == ["81"])
  }

  private static func fired(
    _ condition: String, role: String = "publish", in manifests: [String: String] = manifests
  ) throws -> [String] {
    let rule = """
      id: tried
      family: governance
      severity: warning
      summary: a condition to try
      when: {role: \(role), \(condition)}
      message: "{owner}"
      help: none
      """
    return try findings(of: rule, in: manifests).map { $0.0 }
  }

  /// The texts of the claims or references that a rule finds, and what it says.
  private static func findings(
    of rule: String, in manifests: [String: String] = manifests
  ) throws -> [(String, String)] {
    var files = manifests
    files[".portlint.yaml"] = "extends: none\nranges: {team: 8001-8004}\nrule-files: [tried.yaml]\n"
    files["tried.yaml"] = rule
    let written = WrittenFiles(files.mapValues { Array($0.utf8) })
    let loaded = try PolicyLoader.load(PolicyRequest(), files: written)
    #expect(loaded.problems.map(\.cause) == [], "\(rule)")
    let report = Workspace(loaded, files: written, workers: 1)
      .lint(manifests.keys.sorted().map { Candidate($0, .found) })
    return report.diagnostics.filter { $0.rule == "tried" }
      .map { (report.files[$0.place.file]?.text(in: $0.place) ?? "?", $0.message) }
  }

  @Test func conditionsOnReferences() throws {
    let files = [
      ".portlint.yaml": "extends: none\nrule-files: [tried.yaml]\n",
      "service.yaml": """
      apiVersion: v1
      kind: Service
      metadata: {name: web, namespace: shop}
      spec:
        selector: {app: web}
        ports: [{name: a, port: 80, targetPort: http}, {name: b, port: 81, targetPort: 8080}]

      """,
    ]
    func fired(_ condition: String) throws -> [String] {
      let rule = """
        id: tried
        family: references
        severity: warning
        summary: a condition to try
        subject: reference
        when: {\(condition)}
        message: "{owner} points at {port} in {namespace} by {field}"
        help: none
        """
      let written = WrittenFiles(files.merging(["tried.yaml": rule]) { $1 }.mapValues { Array($0.utf8) })
      let loaded = try PolicyLoader.load(PolicyRequest(), files: written)
      #expect(loaded.problems.map(\.cause) == [])
      let report = Workspace(loaded, files: written, workers: 1).lint([Candidate("service.yaml", .found)])
      return report.diagnostics.map(\.message)
    }
    let name = "Service 'shop/web' points at http in shop by targetPort"
    let number = "Service 'shop/web' points at 8080 in shop by targetPort"
    #expect(try fired("field: targetPort") == [name, number])
    #expect(try fired("wanted: number") == [number])
    #expect(try fired("wanted: name, owner: web") == [name])
    #expect(try fired("name: 'h*'") == [name])
    #expect(try fired("port: 8000-8999") == [number])
    // Which number a name comes to is not the reference's to say.
    #expect(try fired("not: {port: 9000}") == [number])
    #expect(try fired("field: probe") == [])
    #expect(try fired("protocol: udp") == [])
  }
}
