import Testing

/// What the API server, kubectl and the scheduler say of ports, row for row. The numbers are those of the tables in
/// which Kubernetes' own tests and sources were gathered; `TestValidatePorts`, `warnings_test.go`,
/// `TestHostPortInfo_Check`, `ValidateService`, the Ingress, NetworkPolicy and EndpointSlice validation, and the Gateway
/// API's expressions.
@Suite struct OracleTests {
  struct Row: CustomTestStringConvertible {
    var name: String
    var manifest: String
    /// What is said, each as `rule: message`.
    var findings: [String]

    init(_ name: String, _ manifest: String, _ findings: String...) {
      (self.name, self.manifest, self.findings) = (name, manifest, findings)
    }

    var testDescription: String { name }
  }

  @Test(arguments: pods + warnings + services + others + operators + gateways)
  func says(_ row: Row) throws {
    let outcome = try Outcome(row.manifest)
    let said = outcome.report.diagnostics.filter { outcome.rules.contains($0.rule) }.map { "\($0.rule): \($0.message)" }
    #expect(said == row.findings)
  }

  // MARK: - Pods

  private static func pod(_ ports: String, spec: String = "") -> String {
    """
    apiVersion: v1
    kind: Pod
    metadata: {name: web}
    spec:
      \(spec)
      containers: [{name: app, image: nginx, ports: [\(ports)]}]
    """
  }

  private static func pod(containers: String..., spec: String = "") -> String {
    """
    apiVersion: v1
    kind: Pod
    metadata: {name: web}
    spec:
      \(spec)
      containers:
    \(containers.enumerated().map { "  - {name: c\($0.offset), image: nginx, ports: [\($0.element)]}" }
      .joined(separator: "\n"))
    """
  }

  private static let pods = [
    Row(
      "1 all of it",
      pod(
        "{name: abc, containerPort: 80, hostPort: 80, protocol: TCP}, {name: easy, containerPort: 82}, "
          + "{name: as, containerPort: 83, protocol: UDP}, {name: do-re-me, containerPort: 84}, {containerPort: 85}")),
    Row(
      "2 a name of 16", pod("{name: abcdefghijklmnop, containerPort: 80}"),
      "invalid-port-name: container 'app' of Pod 'web' has 'abcdefghijklmnop' for a container port's name, which must be no more than 15 characters"
    ),
    Row(
      "3 a name with dots", pod("{name: a.b.c, containerPort: 80}"),
      "invalid-port-name: container 'app' of Pod 'web' has 'a.b.c' for a container port's name, which must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)"
    ),
    Row(
      "4 a name of digits", pod("{name: \"80\", containerPort: 80}"),
      "invalid-port-name: container 'app' of Pod 'web' has '80' for a container port's name, which must contain at least one letter (a-z)"
    ),
    Row(
      "5 a name twice", pod("{name: abc, containerPort: 80}, {name: abc, containerPort: 81}"),
      "invalid-port-name: container 'app' of Pod 'web' gives the name 'abc' to two ports"),
    Row(
      "6 no port", pod("{containerPort: 0}"),
      "invalid-port: container 'app' of Pod 'web' has port 0 in containerPort, which the runtime refuses"),
    Row(
      "7 ports too large", pod("{containerPort: 65536}, {containerPort: 80, hostPort: 65536}"),
      "invalid-port: container 'app' of Pod 'web' has the port '65536', which is not in 1-65535",
      "invalid-port: container 'app' of Pod 'web' has the port '65536', which is not in 1-65535"),
    Row(
      "8 protocols", pod("{containerPort: 80, protocol: tcp}, {containerPort: 81, protocol: ICMP}"),
      "invalid-protocol: container 'app' of Pod 'web' has the protocol 'tcp', which Kubernetes knows only as 'TCP'",
      "invalid-protocol: container 'app' of Pod 'web' has the protocol 'ICMP', which is not TCP, UDP or SCTP"),
    Row(
      "10 one host port in two containers",
      pod(containers: "{containerPort: 80, hostPort: 80}", "{containerPort: 81, hostPort: 80}"),
      "port-conflict: container 'c1' of Pod 'web' claims host port 80/tcp on every address, and so does container 'c0'"),
    Row(
      "11 a host port with an address and one without",
      pod(containers: "{containerPort: 80, hostPort: 80}", "{containerPort: 81, hostPort: 80, hostIP: 10.0.0.1}"),
      "possible-conflict: container 'c1' of Pod 'web' claims host port 80/tcp on 10.0.0.1, and container 'c0' on every address"
    ),
    Row(
      "12 init containers one after the other",
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        initContainers:
          - {name: a, image: a, ports: [{containerPort: 80, hostPort: 80}]}
          - {name: b, image: b, ports: [{containerPort: 80, hostPort: 80}]}
        containers: [{name: c, image: c, ports: [{containerPort: 80, hostPort: 80}]}]
      """),
    Row(
      "13 another host port on the host's network", pod("{containerPort: 80, hostPort: 81}", spec: "hostNetwork: true"),
      "host-network-port: container 'app' of Pod 'web' has the hostPort 81 for its port 80, but is on the host's "
        + "network, where both are one"),
    Row("14 none on the host's network", pod("{containerPort: 80}", spec: "hostNetwork: true")),
    // Row 15, hostNetwork with hostUsers: false, is no matter of ports.
    Row(
      "16 an ephemeral container",
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers: [{name: app, image: nginx}]
        ephemeralContainers: [{name: debug, image: busybox, ports: [{containerPort: 80}]}]
      """,
      "invalid-combination: container 'debug' of Pod 'web' is an ephemeral container with ports, which may have none"),
    Row(
      "17 a probe of digits", probe("\"8080\""),
      "invalid-port: container 'app' of Pod 'web' has the text '8080' in httpGet.port, which Kubernetes takes for a port's name"
    ),
    Row(
      "a probe of a date", probe("2001-01-01"),
      "invalid-port-name: container 'app' of Pod 'web' has '2001-01-01' for httpGet.port, which must contain at least one letter (a-z)"
    ),
    Row("a probe of no port", probe("~"), "invalid-port: container 'app' of Pod 'web' lacks the key 'port' here"),
    Row(
      "a call and a hook of no port",
      pod(
        containers: "], livenessProbe: {grpc: {service: x}}, lifecycle: {preStop: {tcpSocket: {}}}, command: [a"),
      "invalid-port: container 'c0' of Pod 'web' lacks the key 'port' here",
      "invalid-port: container 'c0' of Pod 'web' lacks the key 'port' here"),
    // Kubernetes' reader knows the words of YAML 1.1 for yes and no, and takes a date for text.
    Row(
      "names that are no text", pod("{name: yes, containerPort: 80}, {name: y, containerPort: 81}"),
      "invalid-port-name: container 'app' of Pod 'web' has yes for a container port's name, which takes text",
      "invalid-port-name: container 'app' of Pod 'web' has y for a container port's name, which takes text"),
    Row("names in quotes", pod("{name: 'yes', containerPort: 80}, {name: \"n\", containerPort: 81}")),
    Row(
      "18 a probe of a name that is not there", probe("metrics"),
      "dangling-port-reference: container 'app' of Pod 'web' is asked on its port 'metrics', which it does not have"),
  ]

  private static func probe(_ port: String) -> String {
    """
    apiVersion: v1
    kind: Pod
    metadata: {name: web}
    spec:
      containers:
        - name: app
          image: nginx
          ports: [{name: http, containerPort: 8080}]
          livenessProbe: {httpGet: {port: \(port)}}
    """
  }

  private static let warnings = [
    Row(
      "the same port twice", pod("{containerPort: 80}, {containerPort: 80}"),
      "duplicate-port: container 'app' of Pod 'web' declares 80/tcp twice"),
    Row(
      "overlapping: one has no host port", pod("{containerPort: 80}, {containerPort: 80, hostPort: 80}"),
      "duplicate-port: container 'app' of Pod 'web' declares 80/tcp twice"),
    Row(
      "the same port under two names", pod("{name: a, containerPort: 80}, {name: b, containerPort: 80}"),
      "duplicate-port: container 'app' of Pod 'web' declares 80/tcp twice"),
    Row(
      "overlapping under two names", pod("{name: a, containerPort: 80, hostPort: 80}, {name: b, containerPort: 80}"),
      "duplicate-port: container 'app' of Pod 'web' declares 80/tcp twice"),
    Row(
      "two host ports, and two protocols",
      pod(
        "{containerPort: 80, hostPort: 80}, {containerPort: 80, hostPort: 81}, {containerPort: 80, protocol: UDP}"),
      // A server-side apply refuses it.
      "duplicate-port: container 'app' of Pod 'web' declares 80/tcp twice, each time with another hostPort"),
    Row(
      "ambiguous, twice",
      pod(
        "{containerPort: 80, protocol: UDP, hostPort: 80, hostIP: 10.0.0.1}, "
          + "{containerPort: 80, protocol: UDP, hostPort: 80}, "
          + "{containerPort: 80, protocol: UDP, hostPort: 80, hostIP: 10.0.0.2}"),
      "possible-conflict: container 'app' of Pod 'web' claims host port 80/udp on every address, and container 'app' on 10.0.0.1",
      "possible-conflict: container 'app' of Pod 'web' claims host port 80/udp on 10.0.0.2, and container 'app' on every address"
    ),
    Row(
      "two addresses",
      pod(
        "{containerPort: 80, hostPort: 80, hostIP: 10.0.0.1}, {containerPort: 80, hostPort: 80, hostIP: 10.0.0.2}")),
    Row(
      "an address without a host port", pod("{containerPort: 80, protocol: UDP, hostIP: 10.0.0.1}"),
      "ignored-address: container 'app' of Pod 'web' has the hostIP 10.0.0.1 without a hostPort, so it means nothing"),
    // kubectl counts each pair; a later claim is said once here, with how many more it meets.
    Row(
      "in two containers",
      pod(
        containers:
          "{containerPort: 80, hostPort: 80}, {containerPort: 180, hostPort: 80}, {containerPort: 80, hostPort: 80}",
        "{containerPort: 80, hostPort: 80}, {containerPort: 80, hostPort: 80}"),
      "port-conflict: container 'c0' of Pod 'web' claims host port 80/tcp twice",
      "port-conflict: container 'c0' of Pod 'web' claims host port 80/tcp twice (and 1 more)",
      "port-conflict: container 'c1' of Pod 'web' listens on 80/tcp, and so does container 'c0' (and 1 more)",
      "port-conflict: container 'c1' of Pod 'web' claims host port 80/tcp on every address, and so does container 'c0' (and 2 more)",
      "port-conflict: container 'c1' of Pod 'web' listens on 80/tcp, and so does container 'c0' (and 1 more)",
      "port-conflict: container 'c1' of Pod 'web' claims host port 80/tcp on every address, and so does container 'c0' (and 3 more)"
    ),
    Row(
      "in two containers without host ports",
      pod(containers: "{containerPort: 80, protocol: UDP}", "{containerPort: 80, protocol: UDP}"),
      "port-conflict: container 'c1' of Pod 'web' listens on 80/udp, and so does container 'c0'"),
    Row(
      "a name in two containers", pod(containers: "{name: test, containerPort: 80}", "{name: test, containerPort: 81}"),
      "ambiguous-port-name: container 'c1' of Pod 'web' names a port 'test', and so does container 'c0'"),
  ]

  // MARK: - The scheduler

  struct Held: CustomTestStringConvertible {
    var there: [String]
    var wanted: String
    var meets: Bool

    init(_ there: String..., wanted: String, meets: Bool) {
      (self.there, self.wanted, self.meets) = (there, wanted, meets)
    }

    var testDescription: String { "\(there) and \(wanted)" }

    /// A pod on every node with ports such as `TCP 127.0.0.1 80`.
    static func daemon(_ name: String, _ ports: [String]) -> String {
      let entries = ports.enumerated().map { number, port in
        let parts = port.split(separator: " ", omittingEmptySubsequences: false)
        let fields = [
          "containerPort: \(1000 + number)", parts[0].isEmpty ? nil : "protocol: \(parts[0])",
          parts[1].isEmpty ? nil : "hostIP: \"\(parts[1])\"", "hostPort: \(parts[2])",
        ]
        return "{\(fields.compactMap { $0 }.joined(separator: ", "))}"
      }
      return """
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: \(name)}
        spec: {template: {spec: {containers: [{name: app, image: nginx, ports: [\(entries.joined(separator: ", "))]}]}}}

        """
    }
  }

  @Test(arguments: [
    Held("TCP 127.0.0.1 80", wanted: "  81", meets: false),
    Held("TCP 127.0.0.1 80", wanted: "  80", meets: true),
    Held("TCP 127.0.0.1 80", wanted: "  0", meets: false),
    Held("TCP 127.0.0.1 80", wanted: "TCP 0.0.0.0 80", meets: true),
    Held("UDP 127.0.0.1 80", wanted: "TCP 0.0.0.0 80", meets: false),
    Held("TCP 127.0.0.1 79", "TCP 127.0.0.1 81", "TCP 127.0.0.1 82", wanted: "TCP 0.0.0.0 80", meets: false),
    Held("TCP 0.0.0.0 80", wanted: "TCP 127.0.0.1 80", meets: true),
    Held(
      "TCP 0.0.0.0 79", "UDP 0.0.0.0 80", "TCP 0.0.0.0 81", "TCP 0.0.0.0 82", wanted: "TCP 127.0.0.1 80", meets: false),
    Held("TCP 127.0.0.1 79", "UDP 127.0.0.1 80", wanted: "TCP 127.0.0.1 80", meets: false),
    // Only 0.0.0.0 is a wildcard, and texts are compared.
    Held("TCP :: 80", wanted: "TCP ::1 80", meets: false),
  ])
  func meetsOnANode(_ held: Held) throws {
    let manifest = Held.daemon("a", held.there) + "---\n" + Held.daemon("b", [held.wanted])
    #expect(try Outcome(manifest).rules == (held.meets ? ["port-conflict"] : []))
    let reversed = Held.daemon("b", [held.wanted]) + "---\n" + Held.daemon("a", held.there)
    #expect(try Outcome(reversed).rules == (held.meets ? ["port-conflict"] : []))
  }

  // MARK: - Services

  private static func service(_ spec: String) -> String {
    """
    apiVersion: v1
    kind: Service
    metadata: {name: web}
    spec: {selector: {app: web}, \(spec)}
    """
  }

  private static let services = [
    Row("no ports", service("type: ClusterIP"), "invalid-port: Service 'web' lacks the key 'ports' here"),
    Row("no ports, headless", service("clusterIP: None")),
    Row("no ports, an external name", service("type: ExternalName, externalName: example.com")),
    Row(
      "port 0", service("ports: [{port: 0}]"),
      "invalid-port: Service 'web' has port 0 in port, which the runtime refuses"),
    Row(
      "port 65536", service("ports: [{port: 65536}]"),
      "invalid-port: Service 'web' has the port '65536', which is not in 1-65535"),
    Row(
      "targetPort 65536", service("ports: [{port: 80, targetPort: 65536}]"),
      "invalid-port: Service 'web' has the port '65536', which is not in 1-65535"),
    Row(
      "a name missing", service("ports: [{name: p, port: 80}, {port: 81}]"),
      "invalid-port-name: Service 'web' has several ports, and this one has no name"),
    Row(
      "a name twice", service("ports: [{name: p, port: 80}, {name: p, port: 81}]"),
      "invalid-port-name: Service 'web' gives the name 'p' to two ports"),
    Row(
      "a port twice", service("ports: [{name: p, port: 80}, {name: q, port: 80}]"),
      "invalid-combination: Service 'web' has the port 80/tcp twice"),
    Row("a port in two protocols", service("ports: [{name: p, port: 80}, {name: q, port: 80, protocol: UDP}]")),
    Row(
      "a node port twice",
      service("type: NodePort, ports: [{name: p, port: 80, nodePort: 30001}, {name: q, port: 81, nodePort: 30001}]"),
      "port-conflict: Service 'web' takes node port 30001/tcp twice"),
    Row(
      "a node port in two protocols",
      service(
        "type: NodePort, ports: [{name: p, port: 80, nodePort: 30001}, "
          + "{name: q, port: 80, nodePort: 30001, protocol: UDP}]")),
    Row(
      "a node port in two Services, of two protocols",
      service("type: NodePort, ports: [{port: 80, nodePort: 30053}]") + "\n---\n"
        + service("type: NodePort, ports: [{port: 80, nodePort: 30053, protocol: UDP}]")
        .replacing("name: web", with: "name: dns"),
      "port-conflict: Service 'dns' takes node port 30053, and so does Service 'web'"),
    Row(
      "a node port out of range", service("type: NodePort, ports: [{port: 80, nodePort: 8080}]"),
      "node-port-range: Service 'web' asks for node port 8080, outside 30000-32767, so the API server refuses it"),
    Row(
      "a node port of a ClusterIP", service("ports: [{port: 80, nodePort: 30080}]"),
      "invalid-combination: Service 'web' asks for node port 30080, which a Service of type ClusterIP does not have"),
    Row(
      "a node port of a type that is empty, beside what else is wrong",
      service("type: '', ports: [{port: 80, nodePort: 30080, targetPort: HTTP}, {port: 80, nodePort: 30081}]"),
      "invalid-port-name: Service 'web' has several ports, and this one has no name",
      "invalid-combination: Service 'web' asks for node port 30080, which a Service of type ClusterIP does not have",
      "invalid-port-name: Service 'web' has 'HTTP' for targetPort, which must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-); must contain at least one letter (a-z)",
      "invalid-combination: Service 'web' has the port 80/tcp twice",
      "invalid-port-name: Service 'web' has several ports, and this one has no name",
      "invalid-combination: Service 'web' asks for node port 30081, which a Service of type ClusterIP does not have"),
    Row(
      "a node port of a ClusterIP that is none", service("ports: [{port: 80, nodePort: 65536}]"),
      "invalid-combination: Service 'web' asks for node port 65536, which a Service of type ClusterIP does not have"),
    Row("no node port of a ClusterIP", service("ports: [{port: 80, nodePort: 0}]")),
    Row(
      "headless on nodes", service("type: NodePort, clusterIP: None, ports: [{port: 80}]"),
      "invalid-combination: Service 'web' is of type NodePort and headless, but node ports need a cluster IP"),
    Row(
      "a health check without need", service("type: LoadBalancer, healthCheckNodePort: 30100, ports: [{port: 80}]"),
      "invalid-combination: Service 'web' asks for the health check's node port 30100, which it does not have"),
    Row(
      "headless with another targetPort", service("clusterIP: None, ports: [{port: 80, targetPort: 8080}]"),
      "headless-remap: Service 'web' has no address of its own, so nothing maps 80/tcp to 8080"),
    Row(
      "a targetPort of digits", service("ports: [{port: 80, targetPort: \"80\"}]"),
      "invalid-port: Service 'web' has the text '80' in targetPort, which Kubernetes takes for a port's name"),
    Row(
      "a protocol in lower case", service("ports: [{port: 80, protocol: tcp}]"),
      "invalid-protocol: Service 'web' has the protocol 'tcp', which Kubernetes knows only as 'TCP'"),
    Row(
      "a load balancer of two protocols",
      service(
        "type: LoadBalancer, ports: [{name: p, port: 80}, {name: q, port: 80, protocol: UDP}, {name: r, port: 10250}]")),
    Row("an external name with ports", service("type: ExternalName, externalName: example.com, ports: [{port: 80}]")),
  ]

  // MARK: - Ingress, NetworkPolicy, Endpoints

  private static func object(_ apiVersion: String, _ kind: String, _ body: String) -> String {
    "apiVersion: \(apiVersion)\nkind: \(kind)\nmetadata: {name: x}\n\(body)\n"
  }

  private static func ingress(_ backend: String) -> String {
    object("networking.k8s.io/v1", "Ingress", "spec: {rules: [{http: {paths: [{backend: \(backend)}]}}]}")
  }

  private static func policy(_ port: String) -> String {
    object("networking.k8s.io/v1", "NetworkPolicy", "spec: {podSelector: {}, ingress: [{ports: [\(port)]}]}")
  }

  private static let others = [
    Row(
      "name and number", ingress("{service: {name: web, port: {name: http, number: 80}}}"),
      "invalid-combination: Ingress 'x' has a backend with a port's name and a number"),
    Row(
      "name and number, whatever the name",
      ingress("{service: {name: web, port: {name: a-service-port-s-name-24, number: 80}}}"),
      "invalid-combination: Ingress 'x' has a backend with a port's name and a number"),
    Row(
      "name and number, whatever the number", ingress("{service: {name: web, port: {name: http, number: 65536}}}"),
      "invalid-combination: Ingress 'x' has a backend with a port's name and a number"),
    Row("a name and the number 0", ingress("{service: {name: web, port: {name: http, number: 0}}}")),
    Row(
      "an empty port, as it was before v1",
      object("networking.k8s.io/v1beta1", "Ingress", "spec: {backend: {serviceName: web, servicePort: ''}}"),
      "invalid-combination: Ingress 'x' has a backend without a port"),
    Row(
      "a backend without a port, as it was before v1",
      object("networking.k8s.io/v1beta1", "Ingress", "spec: {backend: {serviceName: web}}"),
      "invalid-combination: Ingress 'x' has a backend without a port"),
    Row(
      "an empty backend, as it was before v1", object("extensions/v1beta1", "Ingress", "spec: {backend: {}}"),
      "invalid-combination: Ingress 'x' has a backend that is neither a Service nor a resource"),
    Row(
      "neither", ingress("{service: {name: web, port: {}}}"),
      "invalid-combination: Ingress 'x' has a backend without a port"),
    Row(
      "a Service port's name of 24", ingress("{service: {name: web, port: {name: a-service-port-s-name-24}}}"),
      "invalid-port-name: Ingress 'x' has 'a-service-port-s-name-24' for a backend's port name, which must be no more than 15 characters"
    ),
    Row(
      "number 70000", ingress("{service: {name: web, port: {number: 70000}}}"),
      "invalid-port: Ingress 'x' has the port '70000', which is not in 1-65535"),
    // A backend of both kinds, or of none, and a host with a port are no matter of which port is whose.
    Row(
      "endPort below", policy("{port: 8080, endPort: 8070}"),
      "invalid-combination: NetworkPolicy 'x' has endPort 8070, which is below its port"),
    Row(
      "endPort alone", policy("{endPort: 9}"),
      "invalid-combination: NetworkPolicy 'x' has endPort 9 without a port to begin with"),
    Row(
      "endPort of a name", policy("{port: http, endPort: 9}"),
      "invalid-combination: NetworkPolicy 'x' has endPort 9 after a port's name"),
    Row(
      "port 0", policy("{port: 0}"),
      "invalid-port: NetworkPolicy 'x' has port 0 in a NetworkPolicy's port, which the runtime refuses"),
    Row(
      "port of digits", policy("{port: \"80\"}"),
      "invalid-port: NetworkPolicy 'x' has the text '80' in a NetworkPolicy's port, which Kubernetes takes for a port's name"
    ),
    Row(
      "protocol tcp", policy("{port: 80, protocol: tcp}"),
      "invalid-protocol: NetworkPolicy 'x' has the protocol 'tcp', which Kubernetes knows only as 'TCP'"),
    Row(
      "Endpoints with port 0", object("v1", "Endpoints", "subsets: [{ports: [{port: 0}]}]"),
      "invalid-port: Endpoints 'x' has port 0 in an endpoint's port, which the runtime refuses"),
    Row(
      "Endpoints with two nameless ports", object("v1", "Endpoints", "subsets: [{ports: [{port: 80}, {port: 81}]}]"),
      "invalid-port-name: Endpoints 'x' has several ports, and this one has no name",
      "invalid-port-name: Endpoints 'x' has several ports, and this one has no name"),
    Row(
      "EndpointSlice with an empty protocol",
      object("discovery.k8s.io/v1", "EndpointSlice", "ports: [{name: a, port: 80, protocol: ''}]"),
      "invalid-protocol: EndpointSlice 'x' has the protocol '', which is not TCP, UDP or SCTP"),
    Row(
      "an empty protocol", policy("{port: 80, protocol: ''}"),
      "invalid-protocol: NetworkPolicy 'x' has the protocol '', which is not TCP, UDP or SCTP"),
    Row(
      "a host with a port", object("networking.k8s.io/v1", "Ingress", "spec: {rules: [{host: 'a.b:80'}]}"),
      "invalid-port: Ingress 'x' has the port 80 in a host, which takes a name alone"),
    Row(
      "EndpointSlice with 101 ports",
      object(
        "discovery.k8s.io/v1", "EndpointSlice",
        "ports: [\((1...101).map { "{name: p\($0), port: \($0)}" }.joined(separator: ", "))]"),
      "invalid-combination: EndpointSlice 'x' has more than 100 ports, and this is the first that is too many"),
    Row(
      "EndpointSlice with a name twice",
      object("discovery.k8s.io/v1", "EndpointSlice", "ports: [{name: a, port: 80}, {name: a, port: 81}]"),
      "invalid-port-name: EndpointSlice 'x' gives the name 'a' to two ports"),
  ]

  // MARK: - What others than the API server say

  private static func serviceMonitor(_ endpoints: String) -> String {
    object(
      "monitoring.coreos.com/v1", "ServiceMonitor",
      "spec: {selector: {matchLabels: {app: web}}, endpoints: [\(endpoints)]}")
  }

  private static func knative(_ container: String) -> String {
    object(
      "serving.knative.dev/v1", "Service", "spec: {template: {spec: {containers: [{image: api, \(container)}]}}}")
  }

  private static let operators = [
    Row(
      "a Route of no port", object("route.openshift.io/v1", "Route", "spec: {to: {name: web}, port: {targetPort: ''}}"),
      "invalid-port: Route 'x' lacks the key 'targetPort' here"),
    Row(
      "a Route of port 0", object("route.openshift.io/v1", "Route", "spec: {to: {name: web}, port: {targetPort: 0}}"),
      "invalid-port: Route 'x' has port 0 in a Route's targetPort, which the runtime refuses"),
    Row(
      "a protocol that Knative does not take", knative("ports: [{containerPort: 8080, protocol: UDP}]"),
      "invalid-protocol: Service 'x' has the protocol 'UDP', which is not TCP"),
    Row(
      "a port that Knative fills in",
      knative(
        "ports: [{name: h2c, protocol: TCP}], readinessProbe: {tcpSocket: {port: 0}}, livenessProbe: {httpGet: {path: /}}"
      )
    ),
    Row("a Route of all ports", object("route.openshift.io/v1", "Route", "spec: {to: {name: web}}")),
    Row(
      "a Sidecar's endpoints",
      object(
        "networking.istio.io/v1", "Sidecar",
        "spec: {ingress: [{defaultEndpoint: '127.0.0.1:99999'}, {defaultEndpoint: ':0'}, {defaultEndpoint: ':http'}, "
          + "{defaultEndpoint: '[::1]:8080'}, {defaultEndpoint: 'unix:///run/a:b'}]}"),
      "invalid-port: Sidecar 'x' has the port '99999', which is not in 1-65535",
      "invalid-port: Sidecar 'x' has port 0 in defaultEndpoint, which the runtime refuses",
      "invalid-port: Sidecar 'x' has the port 'http', which is not a number"),
    Row(
      "a Probe's prober",
      object("monitoring.coreos.com/v1", "Probe", "spec: {prober: {url: 'blackbox.monitoring.svc:91150'}}"),
      "invalid-port: Probe 'x' has the port '91150', which is not in 1-65535"),
    Row(
      "a monitor's targetPort of digits", serviceMonitor("{targetPort: '8080'}"),
      "invalid-port: ServiceMonitor 'x' has the text '8080' in an endpoint's targetPort, which Kubernetes takes for a port's name"
    ),
    Row(
      "the name of an operator's port",
      object("monitoring.coreos.com/v1", "Prometheus", "spec: {portName: prometheus_web}"),
      "invalid-port-name: Prometheus 'x' has 'prometheus_web' for portName, which must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)"
    ),
    Row(
      "a good name of an operator's port", object("monitoring.coreos.com/v1", "Alertmanager", "spec: {portName: web}")),
    // A name goes before it, and a text is a pattern.
    Row(
      "a monitor's targetPort",
      serviceMonitor("{port: metrics, targetPort: '8080'}, {targetPort: 'http|web'}, {targetPort: 8080}")),
    Row(
      "annotations",
      object(
        "apps/v1", "Deployment", "spec: {template: {metadata: {annotations: {prometheus.io/port: 9102}}, spec: {}}}"
      )
      .replacing(
        "{name: x}",
        with:
          "{name: x, annotations: {a.io/port: 80, a.io/http-port: '80', a.io/weight: 80, a.io/support: 24, httpPort: 81}}"
      ),
      "invalid-port: Deployment 'x' has the number 80 in the annotation a.io/port, which takes text",
      "invalid-port: Deployment 'x' has the number 81 in the annotation httpPort, which takes text",
      "invalid-port: Deployment 'x' has the number 9102 in the annotation prometheus.io/port, which takes text"),
  ]

  // MARK: - Gateway API

  private static func gateway(_ listeners: String...) -> String {
    let all = listeners.enumerated().map { "{name: l\($0.offset), \($0.element)}" }.joined(separator: ", ")
    return object("gateway.networking.k8s.io/v1", "Gateway", "spec: {gatewayClassName: c, listeners: [\(all)]}")
  }

  private static let gateways = [
    Row(
      "one host twice",
      gateway("port: 80, protocol: HTTP, hostname: foo.com", "port: 80, protocol: HTTP, hostname: foo.com"),
      "invalid-combination: Gateway 'x' has two listeners on port 80 with one protocol and host name"),
    Row(
      "no host twice", gateway("port: 80, protocol: HTTP", "port: 80, protocol: HTTP"),
      "invalid-combination: Gateway 'x' has two listeners on port 80 with one protocol and host name"),
    Row(
      "all different",
      gateway(
        "port: 80, protocol: HTTP, hostname: foo.com", "port: 80, protocol: HTTP, hostname: bar.com",
        "port: 8000, protocol: HTTP, hostname: foo.com", "port: 80, protocol: HTTP", "port: 443, protocol: HTTPS")),
    Row(
      "clients checked by their port",
      object(
        "gateway.networking.k8s.io/v1", "Gateway",
        "spec: {tls: {frontend: {perPort: [{port: 443}, {port: 8443}, {port: 443}, {port: 0}]}}}"),
      "invalid-combination: Gateway 'x' says twice how port 443 checks its clients",
      "invalid-port: Gateway 'x' has port 0 in perPort.port, which the runtime refuses"),
    Row(
      "a port too large", gateway("port: 123456789, protocol: HTTP"),
      "invalid-port: Gateway 'x' has the port '123456789', which is not in 1-65535"),
    Row(
      "a backend without a port",
      object("gateway.networking.k8s.io/v1", "HTTPRoute", "spec: {rules: [{backendRefs: [{name: web}]}]}"),
      "invalid-combination: HTTPRoute 'x' sends to Service 'web' without a port"),
    Row(
      "a backend's port too large",
      object(
        "gateway.networking.k8s.io/v1", "HTTPRoute", "spec: {rules: [{backendRefs: [{name: web, port: 800080}]}]}"),
      "invalid-port: HTTPRoute 'x' has the port '800080', which is not in 1-65535"),
  ]
}
