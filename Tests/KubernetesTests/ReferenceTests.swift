import Testing

/// References find the ports that the cluster would find, and only what is in view is judged.
@Suite struct ReferenceTests {
  /// A Service 'web' with the ports 80 'http' and 443 'https' in front of a pod with 'app' on 8080.
  static let backend = """
    apiVersion: v1
    kind: Service
    metadata: {name: web, labels: {team: shop}}
    spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: app}, {name: https, port: 443}]}
    ---
    apiVersion: v1
    kind: Pod
    metadata: {name: web, labels: {app: web, tier: front}}
    spec: {containers: [{name: app, image: nginx, ports: [{name: app, containerPort: 8080}]}]}

    """

  struct Row: CustomTestStringConvertible {
    var kind: String
    var body: String
    var dangles: Bool

    init(_ kind: String, _ body: String, dangles: Bool) {
      (self.kind, self.body, self.dangles) = (kind, body, dangles)
    }

    var testDescription: String { "\(kind): \(body)" }

    var manifest: String {
      let parts = kind.split(separator: " ")
      return """
        \(ReferenceTests.backend)---
        apiVersion: \(parts[0])
        kind: \(parts[1])
        metadata: {name: x}
        \(body)
        """
    }
  }

  static func both(_ kind: String, _ body: String, good: String, bad: String) -> [Row] {
    [
      Row(kind, body.replacing("#", with: good), dangles: false),
      Row(kind, body.replacing("#", with: bad), dangles: true),
    ]
  }

  static let rows: [Row] = [
    both(
      "networking.k8s.io/v1 Ingress", "spec: {defaultBackend: {service: {name: web, port: {number: #}}}}", good: "80",
      bad: "8080"),
    both(
      "networking.k8s.io/v1 Ingress",
      "spec: {rules: [{http: {paths: [{backend: {service: {name: web, port: {name: #}}}}]}}]}", good: "http", bad: "app"
    ),
    both(
      "extensions/v1beta1 Ingress", "spec: {backend: {serviceName: web, servicePort: #}}", good: "https", bad: "8080"),
    both(
      "networking.k8s.io/v1beta1 Ingress",
      "spec: {rules: [{http: {paths: [{backend: {serviceName: web, servicePort: #}}]}}]}", good: "443", bad: "app"),
    both(
      "admissionregistration.k8s.io/v1 MutatingWebhookConfiguration",
      "webhooks: [{clientConfig: {service: {name: web, port: #}}}]", good: "443", bad: "8443"),
    both(
      "apiextensions.k8s.io/v1 CustomResourceDefinition",
      "spec: {conversion: {webhook: {clientConfig: {service: {name: web, port: #}}}}}", good: "443", bad: "8443"),
    both("apiregistration.k8s.io/v1 APIService", "spec: {service: {name: web, port: #}}", good: "443", bad: "8443"),
    ["HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute"].flatMap {
      both(
        "gateway.networking.k8s.io/v1 \($0)", "spec: {rules: [{backendRefs: [{name: web, port: #}]}]}", good: "80",
        bad: "8080")
    },
    both(
      "gateway.networking.k8s.io/v1 HTTPRoute",
      "spec: {rules: [{filters: [{requestMirror: {backendRef: {name: web, port: #}}}]}]}", good: "80", bad: "8080"),
    both(
      "route.openshift.io/v1 Route", "spec: {to: {kind: Service, name: web}, port: {targetPort: #}}", good: "http",
      bad: "app"),
    both(
      "networking.istio.io/v1 VirtualService",
      "spec: {http: [{route: [{destination: {host: web, port: {number: #}}}]}]}", good: "80", bad: "8080"),
    both(
      "networking.istio.io/v1 VirtualService",
      "spec: {http: [{mirror: {host: web, port: {number: #}}}]}", good: "80", bad: "8080"),
    both(
      "networking.istio.io/v1 VirtualService",
      "spec: {tcp: [{route: [{destination: {host: web, port: {number: #}}}]}]}", good: "80", bad: "8080"),
    both(
      "monitoring.coreos.com/v1 ServiceMonitor",
      "spec: {selector: {matchLabels: {team: shop}}, endpoints: [{port: #}]}", good: "http", bad: "app"),
    both(
      "monitoring.coreos.com/v1 ServiceMonitor",
      "spec: {namespaceSelector: {any: true}, selector: {matchExpressions: [{key: team, operator: Exists}]}, "
        + "endpoints: [{port: #}]}", good: "http", bad: "app"),
    [
      // Whoever asks may be of another namespace, and a pattern matches what it will.
      Row("monitoring.coreos.com/v1 Probe", "spec: {prober: {url: 'web:8080'}}", dangles: false),
      Row(
        "monitoring.coreos.com/v1 ServiceMonitor",
        "spec: {selector: {matchLabels: {team: shop}}, endpoints: [{port: 'app|http'}]}", dangles: false),
    ],
    both(
      "monitoring.coreos.com/v1 PodMonitor",
      "spec: {selector: {matchLabels: {app: web}}, podMetricsEndpoints: [{port: #}]}", good: "app", bad: "http"),
    both(
      "networking.k8s.io/v1 NetworkPolicy",
      "spec: {podSelector: {matchLabels: {app: web}}, ingress: [{ports: [{port: #}]}]}", good: "app", bad: "http"),
    both(
      "networking.k8s.io/v1 NetworkPolicy",
      "spec: {podSelector: {matchExpressions: [{key: tier, operator: NotIn, values: [back]}, "
        + "{key: app, operator: In, values: [web, api]}]}, ingress: [{ports: [{port: #}]}]}", good: "app", bad: "http"),
    both(
      "networking.k8s.io/v1 NetworkPolicy",
      "spec: {podSelector: {}, egress: [{to: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: #}]}]}",
      good: "app", bad: "http"),
    [
      // Without a port, a webhook is called on 443.
      Row(
        "admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration",
        "webhooks: [{clientConfig: {service: {name: web}}}]", dangles: false),
      // Another protocol is another port.
      Row(
        "networking.k8s.io/v1 NetworkPolicy",
        "spec: {podSelector: {matchLabels: {app: web}}, ingress: [{ports: [{port: app, protocol: UDP}]}]}",
        dangles: true),
      // Not in view: another namespace, another name, no Service, a host of another kind, an unreadable selector.
      Row(
        "gateway.networking.k8s.io/v1 HTTPRoute",
        "spec: {rules: [{backendRefs: [{name: web, namespace: other, port: 8080}]}]}", dangles: false),
      Row(
        "gateway.networking.k8s.io/v1 HTTPRoute",
        "spec: {rules: [{backendRefs: [{group: example.com, kind: Bucket, name: web, port: 8080}]}]}", dangles: false),
      Row(
        "networking.k8s.io/v1 Ingress", "spec: {defaultBackend: {service: {name: api, port: {number: 8080}}}}",
        dangles: false),
      Row(
        "networking.istio.io/v1 VirtualService",
        "spec: {http: [{route: [{destination: {host: web.shop.svc.cluster.local, port: {number: 8080}}}]}]}",
        dangles: false),
      Row(
        "networking.istio.io/v1 VirtualService",
        "spec: {http: [{route: [{destination: {host: web.com, port: {number: 8080}}}]}]}", dangles: false),
      Row(
        "networking.k8s.io/v1 NetworkPolicy",
        "spec: {podSelector: {matchExpressions: [{key: app, operator: Gt, values: ['1']}]}, "
          + "ingress: [{ports: [{port: http}]}]}", dangles: false),
      Row(
        "monitoring.coreos.com/v1 ServiceMonitor",
        "spec: {namespaceSelector: {matchNames: [shop]}, selector: {matchLabels: {team: shop}}, "
          + "endpoints: [{port: app}]}", dangles: false),
      Row(
        "monitoring.coreos.com/v1 ServiceMonitor", "spec: {selector: {}, endpoints: [{port: app}]}", dangles: false),
      // Nor is all that is not something: sidecars that are put into pods have ports of their own.
      Row(
        "monitoring.coreos.com/v1 PodMonitor",
        "spec: {selector: {matchExpressions: [{key: istio-prometheus-ignore, operator: DoesNotExist}]}, "
          + "podMetricsEndpoints: [{port: http-envoy-prom}]}", dangles: false),
      Row(
        "networking.k8s.io/v1 NetworkPolicy",
        "spec: {podSelector: {matchExpressions: [{key: tier, operator: NotIn, values: [back]}]}, "
          + "ingress: [{ports: [{port: http}]}]}", dangles: false),
      // A number, in quotes or not, is a pod's port.
      Row(
        "route.openshift.io/v1 Route", "spec: {to: {kind: Service, name: web}, port: {targetPort: '8080'}}",
        dangles: false),
      // What the AWS controller finds in an annotation.
      Row(
        "networking.k8s.io/v1 Ingress", "spec: {defaultBackend: {service: {name: web, port: {name: use-annotation}}}}",
        dangles: false),
      Row(
        "networking.k8s.io/v1 Ingress",
        "spec: {defaultBackend: {service: {name: web, port: {number: '{{ .Values.port }}'}}}}", dangles: false),
    ],
  ].flatMap(\.self)

  @Test(arguments: rows)
  func resolvesAsTheClusterWould(_ row: Row) throws {
    #expect(try Outcome(row.manifest).rules == (row.dangles ? ["dangling-port-reference"] : []))
  }

  /// A pod, and a Service in front of it that wants the port `wanted`.
  private static func pair(
    _ name: String, in namespace: String? = nil, ports: String, wanted: String
  ) -> (pod: String, service: String) {
    let place = namespace.map { ", namespace: \($0)" } ?? ""
    return (
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: \(name), labels: {app: \(name)}\(place)}
      spec: {containers: [{name: app, image: nginx, ports: [\(ports)]}]}
      ---

      """,
      """
      apiVersion: v1
      kind: Service
      metadata: {name: \(name)\(place)}
      spec: {selector: {app: \(name)}, ports: [{port: 80, targetPort: \(wanted)}]}
      ---

      """
    )
  }

  /// However the objects of several namespaces follow one another, each finds those of its own.
  @Test func namespacesMayTakeTurns() throws {
    let namespaces = [nil, "shop", "blog"]
    let pairs = (0..<30).map { number in
      Self.pair(
        "x\(number)", in: namespaces[number % 3], ports: "{name: p\(number), containerPort: 8080}",
        wanted: "p\(number)")
    }
    let found = try Outcome(pairs.map(\.pod).joined() + pairs.map(\.service).joined())
    #expect(found.rules == [])
    let swapped = pairs.map { $0.service.replacing("targetPort: p", with: "targetPort: q") }
    let missed = try Outcome(pairs.map(\.pod).joined() + swapped.joined())
    #expect(missed.rules == [String](repeating: "dangling-port-reference", count: 30))
  }

  @Test func eachOfManyServicesIsFoundByItsName() throws {
    let names = [7, 2, 9, 4, 0, 5, 3, 8, 1, 6].map { "x\($0)" }
    let services = names.map { Self.pair($0, ports: "", wanted: "80").service }
    func found(_ port: Int) throws -> [String] {
      let paths = names.map { "{backend: {service: {name: \($0), port: {number: \(port)}}}}" }
      let ingress = """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: x}
        spec: {rules: [{http: {paths: [\(paths.joined(separator: ", "))]}}]}
        """
      return try Outcome(services.joined() + ingress).rules
    }
    #expect(try found(80) == [])
    #expect(try found(8080) == [String](repeating: "dangling-port-reference", count: names.count))
  }

  @Test(arguments: [("p19", false), ("q", true)])
  func eachOfManyPortsIsFoundByItsName(_ wanted: String, dangles: Bool) throws {
    let ports = (0..<20).map { "{name: p\($0), containerPort: \(8000 + $0)}" }
    let pair = Self.pair("web", ports: ports.joined(separator: ", "), wanted: wanted)
    #expect(try Outcome(pair.pod + pair.service).rules == (dangles ? ["dangling-port-reference"] : []))
    // One that cannot be read may be it.
    let open = Self.pair(
      "web", ports: (ports + ["{name: '{{ .Values.name }}', containerPort: 80}"]).joined(separator: ", "),
      wanted: wanted)
    #expect(try Outcome(open.pod + open.service).rules.filter { $0 == "dangling-port-reference" } == [])
  }

  /// A container that ends before the others begin offers nothing; one that stays does.
  @Test(arguments: [("", true), (", restartPolicy: Always", false)])
  func onlyInitContainersThatStayOfferPorts(_ policy: String, dangles: Bool) throws {
    let outcome = try Outcome(
      """
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web, labels: {app: web}}
      spec:
        initContainers: [{name: first, image: nginx, ports: [{name: http, containerPort: 80}]\(policy)}]
        containers: [{name: app, image: nginx}]
      """)
    #expect(outcome.rules == (dangles ? ["dangling-port-reference"] : []))
  }

  /// A prober's address names the namespace of its Service.
  @Test(arguments: [
    ("web.shop.svc:80", false), ("web.shop.svc:8080", true), ("web.shop:8080", true),
    ("web.shop.example.com:8080", false),
  ])
  func aProberIsFoundInItsNamespace(_ url: String, dangles: Bool) throws {
    let service = Self.backend.replacing("{name: web, labels: {team: shop}}", with: "{name: web, namespace: shop}")
    let probe = """
      apiVersion: monitoring.coreos.com/v1
      kind: Probe
      metadata: {name: x, namespace: monitoring}
      spec: {prober: {url: '\(url)'}}
      """
    #expect(try Outcome("\(service)---\n\(probe)").rules == (dangles ? ["dangling-port-reference"] : []))
  }

  /// Another folder is another cluster.
  @Test func aServiceOfAnotherFolderIsNotInView() throws {
    let route = """
      apiVersion: gateway.networking.k8s.io/v1
      kind: HTTPRoute
      metadata: {name: x}
      spec: {rules: [{backendRefs: [{name: web, port: 8080}]}]}
      """
    #expect(try Outcome(["a/web.yaml": Self.backend, "a/x.yaml": route]).rules == ["dangling-port-reference"])
    #expect(try Outcome(["a/web.yaml": Self.backend, "b/x.yaml": route]).rules == [])
  }
}
