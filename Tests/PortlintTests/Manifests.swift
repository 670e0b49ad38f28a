/// Manifests that several suites lint.
enum Manifests {
  static let clash = """
    services:
      web: {image: web, ports: ["8080:80"]}
      api: {image: api, ports: ["8080:80"]}
    """
  static let clean = """
    services:
      web: {image: web, ports: ["8080:80"]}
    """
  /// Takes several parts to report.
  static let crowd = "services:\n" + (1...2000).map { "  s\($0): {image: a, ports: ['80:80']}\n" }.joined()
  static let badService = """
    apiVersion: v1
    kind: Service
    metadata: {name: web}
    spec: {type: NodePort, ports: [{port: 80, nodePort: 99}]}

    """
  static let template = "{{- if .Values.web }}\napiVersion: v1\nkind: Service\n{{- end }}\n"
  /// A pod template deep in an object of an unknown kind, behind much else.
  static let embedded = """
    apiVersion: example.com/v1
    kind: Farm
    spec:
      pad: [\(String(repeating: "[],", count: 10_001))]
      a: {b: {c: {d: {e: {f: {g: {h: {i: {j: {k: {l: {m: {template: {spec: {containers: [
        {name: a, image: a, ports: [{containerPort: 80, hostPort: 99999}]}]}}}}}}}}}}}}}}}}
    """
  static let escaped =
    #"{"api\u0056ersion": "v1", "k\u0069nd": "Service", "metadata": {"name": "web"}, "#
    + #""spec": {"type": "NodePort", "ports": [{"port": 80, "nodePort": 99}]}}"#
  static let silenced = [
    "comment.yaml": "# portlint: ignore-file port-conflict\n" + clash,
    "key.yaml": clash + "\nx-portlint-ignore: port-conflict\n",
    "annotation.yaml": badService.replacing(
      "name: web", with: "name: web, annotations: {portlint/ignore: node-port-range}"),
  ]
  static let info = """
    services:
      web: {image: web, ports: ["${PORT}:80"]}
    """
}
