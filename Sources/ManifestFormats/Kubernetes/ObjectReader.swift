import PortModel
import SourceText
import SourceYAML

/// Lowers one object that runs nothing itself: it points at ports, or fronts them.
struct ObjectReader {
  let object: KubernetesObject
  let file: SourceFile
  let id: OwnerID
  private let content: Content
  var fields: KubernetesFields
  var bindings: [Binding] = []
  var references: [Reference] = []
  /// Whether all of the object's own ports are in view.
  var hasKnownPorts = true
  /// The proxies that a Gateway of Istio's is for.
  var proxies: LabelSelector?

  private enum Content {
    case ingress
    case networkPolicy
    case webhooks
    case gateway
    case route
    case openShiftRoute
    case endpoints
    case endpointSlice
    case monitor
    case podMonitor
    case probe
    case mesh(IstioKind)
    case peerAuthentication
    case authorizationPolicy
    case traefik
    case contour
    case cilium
  }

  /// A reader for the object, unless it is of a kind that has no ports, or one that it does not know.
  init?(_ object: KubernetesObject, file: SourceFile, in inventory: inout Inventory) {
    guard let content = ObjectReader.content(of: object.kind, in: object.group) else { return nil }
    self.content = content
    self.object = object
    self.file = file
    id = inventory.add(object.owner(in: file))
    fields = KubernetesFields(owner: id)
  }

  private static func content(of kind: String, in group: String) -> Content? {
    switch group {
    case "":
      switch kind {
      case "Endpoints": .endpoints
      case "Route": .openShiftRoute
      default: nil
      }
    case "networking.k8s.io":
      switch kind {
      case "Ingress": .ingress
      case "NetworkPolicy": .networkPolicy
      default: nil
      }
    case "admissionregistration.k8s.io":
      switch kind {
      case "ValidatingWebhookConfiguration", "MutatingWebhookConfiguration": .webhooks
      default: nil
      }
    case "apiextensions.k8s.io": kind == "CustomResourceDefinition" ? .webhooks : nil
    case "apiregistration.k8s.io": kind == "APIService" ? .webhooks : nil
    case "gateway.networking.k8s.io":
      switch kind {
      case "Gateway", "ListenerSet": .gateway
      case "HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute": .route
      default: nil
      }
    case "gateway.networking.x-k8s.io": kind == "XListenerSet" ? .gateway : nil
    case "route.openshift.io": kind == "Route" ? .openShiftRoute : nil
    case "discovery.k8s.io": kind == "EndpointSlice" ? .endpointSlice : nil
    case "monitoring.coreos.com":
      switch kind {
      case "ServiceMonitor": .monitor
      case "PodMonitor": .podMonitor
      case "Probe": .probe
      default: nil
      }
    case "security.istio.io":
      switch kind {
      case "PeerAuthentication": .peerAuthentication
      case "AuthorizationPolicy": .authorizationPolicy
      default: nil
      }
    case "traefik.io", "traefik.containo.us":
      switch kind {
      case "IngressRoute", "IngressRouteTCP", "IngressRouteUDP", "TraefikService", "Middleware": .traefik
      default: nil
      }
    case "projectcontour.io": kind == "HTTPProxy" ? .contour : nil
    // What Contour had before HTTPProxy, of the same shape.
    case "contour.heptio.com": kind == "IngressRoute" ? .contour : nil
    case "cilium.io":
      switch kind {
      case "CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy": .cilium
      default: nil
      }
    case "networking.istio.io": IstioKind(rawValue: kind).map { .mesh($0) }
    default: nil
    }
  }

  mutating func read() {
    switch content {
    case .ingress: readIngress()
    case .networkPolicy: readNetworkPolicy()
    case .webhooks: readWebhooks()
    case .gateway: readListeners()
    case .route: readRoute()
    case .openShiftRoute: readOpenShiftRoute()
    case .endpoints: readEndpoints()
    case .endpointSlice: readEndpointSlice()
    case .monitor: readServiceMonitor()
    case .podMonitor: readPodMonitor()
    case .probe: readProbe()
    case .mesh(let kind): readMesh(kind)
    case .peerAuthentication: readPeerAuthentication()
    case .authorizationPolicy: readAuthorizationPolicy()
    case .traefik: readTraefik()
    case .contour: readHTTPProxy()
    case .cilium: readCiliumPolicy()
    }
  }

  /// Adds what was read.
  func finish(into inventory: inout Inventory) {
    inventory[id].hasKnownPorts = hasKnownPorts
    inventory[id].selected = proxies
    inventory.bindings += bindings
    inventory.references += references
    inventory.problems += fields.problems
  }

  /// Adds a reference, where the field says a port or a name.
  ///
  /// - Parameters:
  ///   - list: What it stands in, where one of that is enough.
  ///   - listener: The name that the listener of the number must have.
  mutating func refer(
    _ wanted: PortOrNameField, _ field: Reference.Field, to toward: Reference.Toward?,
    transport: TransportProtocol? = nil, among list: YAMLNode? = nil, of listener: String? = nil
  ) {
    guard let toward else { return }
    if var reference = wanted.reference(from: id, field, transport: transport, toward: toward) {
      reference.list = list?.range
      reference.listener = listener
      references.append(reference)
    }
  }

  /// Adds a reference that says no port.
  mutating func referAnywhere(from node: YAMLNode, _ field: Reference.Field, to toward: Reference.Toward?) {
    guard let toward else { return }
    references.append(
      Reference(owner: id, field: field, wanted: .anything, transport: nil, toward: toward, place: node.textRange))
  }

  /// Adds fields that the API refuses together, at one of them.
  mutating func report(
    _ combination: Problem.InvalidCombination, _ node: YAMLNode, related: [Related] = [],
    file: StaticString = #fileID, line: UInt = #line
  ) {
    let text = node.isScalar ? node.text : ""
    let uses = node.alias.map { [Related("used here", at: $0)] } ?? []
    fields.problems.report(
      .invalidCombination(text, combination), owner: id, at: node.isScalar ? node.textRange : node.range,
      related: related + uses, file: file, line: line)
  }

  /// A Gateway of the object's cluster; nothing where its name or namespace cannot be known.
  func gateway(_ name: YAMLNode?, namespace: YAMLNode?) -> Reference.Toward? {
    guard case .service(let namespace, let name, let cluster)? = service(name, namespace: namespace) else { return nil }
    return .gateway(namespace: namespace, name: name, cluster: cluster)
  }

  /// A Service of the object's cluster; nothing where its name or namespace cannot be known.
  ///
  /// - Parameter namespace: Where the field names one; else the object's own.
  func service(_ name: YAMLNode?, namespace: YAMLNode? = nil) -> Reference.Toward? {
    guard let name = name?.knownText else { return nil }
    if let namespace, !namespace.isNull {
      guard let text = namespace.knownText else { return nil }
      return .service(namespace: text.exact, name: name.exact, cluster: .cluster(file.id))
    }
    return .service(namespace: object.namespace?.exact, name: name.exact, cluster: .cluster(file.id))
  }
}

extension PortOrNameField {
  /// What a field that takes a number only says.
  init(_ field: PortField) {
    switch field {
    case .absent: self = .absent
    case .number(let port, let node): self = .number(port, node)
    case .unresolved(let node): self = .unresolved(node)
    case .invalid: self = .invalid
    }
  }
}
