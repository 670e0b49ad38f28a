import PortModel

extension FormatDescription {
  /// The formats that are code.
  package static let coded = [ComposeReader.description, KubernetesReader.description, PlainReader.description]

  package init(_ format: DeclaredFormat) {
    self.init(
      Format(id: format.id), format.summary, recognition: format.recognition.map(\.description),
      reads: (format.claims.map(\.portPath) + format.references.map(\.path)).reduce(into: []) { places, path in
        if !places.contains("`\(path.outline)`") { places.append("`\(path.outline)`") }
      })
  }
}

extension DeclaredFormat.Claim {
  /// Where the port stands.
  fileprivate var portPath: DocumentPath {
    let below =
      switch entry {
      case .text(let text): text.path
      case .fields(let fields): fields.port.path
      }
    return DocumentPath(steps: path.steps + below.map { .key($0) })
  }
}

extension DeclaredFormat.Recognition {
  /// ``the keys `jobs` and `on`, in `.github/workflows/*.yml` ``
  fileprivate var description: String {
    var parts: [String] = []
    if !keys.isEmpty {
      parts.append(
        "the \(keys.count == 1 ? "key" : "keys") \(keys.map { "`\($0.outline)`" }.joined(separator: " and "))")
    }
    if let apiVersion { parts.append("`apiVersion: \(apiVersion)`") }
    if let kind { parts.append("`kind: \(kind)`") }
    if !place.isEmpty { parts.append("at `\(DocumentPath(steps: place.map { .key($0) }))`") }
    for text in when {
      let path = DocumentPath(steps: text.path.map { .key($0) })
      parts.append("`\(path): \(text.patterns.joined(separator: "|"))`")
    }
    if !files.isEmpty {
      parts.append(
        "in " + files.map { "`\($0.parts.drop { $0 == "**" }.joined(separator: "/"))`" }.joined(separator: ", "))
    }
    if let beside { parts.append("beside a `\(beside)`") }
    if !unless.isEmpty { parts.append("without \(unless.map { "`\($0.outline)`" }.joined(separator: ", "))") }
    return parts.joined(separator: ", ")
  }
}

extension ComposeReader {
  fileprivate static let description = FormatDescription(
    .compose, "projects of Docker Compose, and stacks of Swarm",
    recognition: [
      "the key `services`, with an `image`, `build`, `ports`, `extends` or `provider`",
      "the names `compose.*` and `docker-compose.*`",
    ],
    reads: ["`ports`, `expose` and `network_mode` of services, and what `include`, `extends` and overrides bring in"])
}

extension KubernetesReader {
  fileprivate static let description = FormatDescription(
    .kubernetes, "objects of Kubernetes and of what extends it", recognition: ["the keys `apiVersion` and `kind`"],
    reads: [
      "pods and what makes them: ports, probes, hooks", "Services, Gateways and their listeners",
      "what points at either: Ingress, routes, webhooks, monitors, NetworkPolicy, Istio, endpoints,"
        + " Traefik's and Contour's routes, Cilium's policies",
    ])
}

extension PlainReader {
  fileprivate static let description = FormatDescription(
    .plain, "services that run in no container, in a grammar of portlint's own", recognition: ["the key `portlint`"],
    reads: ["`services[]`, `hosts.{host}.services[]`"])
}
