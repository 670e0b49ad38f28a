import SourceText
import SourceYAML

/// A kind of Kubernetes objects that hold no port, so that they need not be parsed: most bytes of a cluster's manifests
/// are theirs.
struct PortlessKind {
  /// The group of `apiVersion`, empty for the core.
  let group: StaticString
  let kind: StaticString
  /// What its objects hold instead.
  let holds: StaticString
  /// A word without which an object of the kind holds no port.
  var unless: StaticString?
  /// The key under which its objects hold files as text, which may be of formats of their own.
  var files: StaticString?

  /// All such kinds, the commonest first.
  static let all: [PortlessKind] = [
    PortlessKind(
      group: "", kind: "ConfigMap", holds: "settings, as text that Kubernetes does not read", files: "data"),
    PortlessKind(group: "", kind: "ServiceAccount", holds: "the name of an identity"),
    PortlessKind(
      group: "apiextensions.k8s.io", kind: "CustomResourceDefinition",
      holds: "a schema, and where versions are converted",
      unless: "conversion"),
    PortlessKind(group: "rbac.authorization.k8s.io", kind: "ClusterRole", holds: "permissions"),
    PortlessKind(group: "rbac.authorization.k8s.io", kind: "ClusterRoleBinding", holds: "who has permissions"),
    PortlessKind(group: "rbac.authorization.k8s.io", kind: "Role", holds: "permissions"),
    PortlessKind(group: "rbac.authorization.k8s.io", kind: "RoleBinding", holds: "who has permissions"),
    PortlessKind(group: "", kind: "Secret", holds: "values that only programs read", files: "stringData"),
    PortlessKind(group: "", kind: "Namespace", holds: "a name"),
    PortlessKind(group: "", kind: "PersistentVolumeClaim", holds: "a size and a class of storage"),
    PortlessKind(group: "", kind: "LimitRange", holds: "limits of memory and processors"),
    PortlessKind(group: "", kind: "ResourceQuota", holds: "how many objects a namespace may have"),
    PortlessKind(group: "autoscaling", kind: "HorizontalPodAutoscaler", holds: "how many copies run"),
    PortlessKind(group: "policy", kind: "PodDisruptionBudget", holds: "how many copies must run"),
    PortlessKind(group: "storage.k8s.io", kind: "StorageClass", holds: "how storage is made"),
    PortlessKind(group: "scheduling.k8s.io", kind: "PriorityClass", holds: "a number that orders pods"),
    PortlessKind(group: "monitoring.coreos.com", kind: "PrometheusRule", holds: "expressions over metrics"),
    PortlessKind(group: "bitnami.com", kind: "SealedSecret", holds: "what is encrypted"),
    PortlessKind(group: "external-secrets.io", kind: "ExternalSecret", holds: "where a secret is fetched"),
    PortlessKind(group: "cert-manager.io", kind: "Certificate", holds: "names that a certificate is for"),
  ]

  /// The key under which objects of a kind hold files as text, if they do.
  static func keyOfFiles(in kind: String) -> StaticString? {
    all.first { $0.files != nil && kind.utf8.elementsEqual($0.kind.bytes) }?.files
  }

  /// Whether the first lines of a document say that it is an object of such a kind, and nothing behind them may say
  /// otherwise or speak to portlint.
  ///
  /// - Parameter formats: What may read such an object all the same.
  static func isSaid(by head: YAMLHead, _ formats: FormatTable) -> Bool {
    guard let kind = head.value("kind"), let version = head.value("apiVersion") else { return false }
    let slash = version.firstIndex(of: UInt8(ascii: "/"))
    let group = version[version.startIndex..<(slash ?? version.startIndex)]
    guard let row = all.first(where: { kind.isText($0.kind) && group.isText($0.group) }) else { return false }
    if formats.mayTake(apiVersion: version, kind: kind) { return false }
    if let key = row.files, head.holds(key), head.withBytes({ formats.mayBeEmbedded(in: $0) }) { return false }
    return head.saysAllOnce && !head.holds("portlint") && row.unless.map { !head.holds($0) } ?? true
  }
}
