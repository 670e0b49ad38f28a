import PortModel
import SourceYAML

/// A pod, or what pods are made from.
struct PodTemplate {
  /// The mapping that holds the containers.
  let spec: YAMLNode
  /// What is said of the pods besides.
  let metadata: YAMLNode?
  /// The labels of the pods; nothing where they cannot be known.
  let labels: Labels?
  let flavour: Flavour

  enum Flavour {
    /// One of Kubernetes' own kinds.
    case workload
    /// One of Knative Serving's: a single port, which may be left to it.
    case knative
    /// Found in an object of a kind that portlint does not know.
    case embedded
  }

  /// The template of a mapping with `metadata` and `spec`.
  fileprivate init?(_ node: YAMLNode?, _ flavour: Flavour = .workload) {
    guard let node, let spec = node.value("spec"), spec.isMapping else { return nil }
    self.init(spec: spec, metadata: node.value("metadata"), flavour)
  }

  fileprivate init(spec: YAMLNode, metadata: YAMLNode?, _ flavour: Flavour) {
    self.spec = spec
    self.metadata = metadata
    self.flavour = flavour
    let labels = metadata?.value("labels")
    // Whoever makes pods from a template without labels gives them some of its own.
    self.labels = labels.map(\.labels) ?? (flavour == .embedded ? nil : Labels())
  }
}

extension KubernetesObject {
  /// The pods that the object makes, or is.
  var podTemplates: [PodTemplate] {
    switch (group, kind) {
    case ("", "Pod"): return [PodTemplate(node)].compactMap(\.self)
    case ("", "PodTemplate"): return [PodTemplate(node.value("template"))].compactMap(\.self)
    case ("batch", "CronJob"):
      return [PodTemplate(spec?.value("jobTemplate")?.value("spec")?.value("template"))].compactMap(\.self)
    case ("", "ReplicationController"), ("", "DeploymentConfig"), ("apps.openshift.io", "DeploymentConfig"),
      ("batch", "Job"), ("apps", _), ("argoproj.io", "Rollout"):
      return [PodTemplate(spec?.value("template"))].compactMap(\.self)
    case ("serving.knative.dev", "Service"), ("serving.knative.dev", "Configuration"):
      return [PodTemplate(spec?.value("template"), .knative)].compactMap(\.self)
    case ("serving.knative.dev", "Revision"):
      return [PodTemplate(node, .knative)].compactMap(\.self)
    case ("kyverno.io", _), ("apiextensions.k8s.io", _), ("kustomize.config.k8s.io", _):
      // Patterns, schemas and patches look like templates.
      return []
    default:
      var search = TemplateSearch()
      for entry in node.entries where !entry.value.isScalar {
        // What is, is no claim of the manifest's.
        if entry.key.isText("metadata") || entry.key.isText("status") { continue }
        search.visit(entry.value, metadata: nil)
      }
      return search.found
    }
  }
}

/// Looks for pod templates in an object of an unknown kind.
private struct TemplateSearch {
  private(set) var found: [PodTemplate] = []

  /// Looks at each node once, aliases apart: how deep they nest and what aliases stand for is limited when a file is read.
  mutating func visit(_ node: YAMLNode, metadata: YAMLNode?) {
    if node.isSequence {
      for item in node.items where !item.isScalar { visit(item, metadata: nil) }
      return
    }
    guard node.isMapping, !node.isOpen else { return }
    if let containers = node.value("containers"), containers.isListOfContainers {
      found.append(PodTemplate(spec: node, metadata: metadata, .embedded))
      return
    }
    let own = node.value("metadata")
    for entry in node.entries where !entry.value.isScalar {
      visit(entry.value, metadata: entry.key.isText("spec") ? own : nil)
    }
  }
}

extension YAMLNode {
  /// Whether the node is a list of mappings that each have the name and the image of a container.
  fileprivate var isListOfContainers: Bool {
    isSequence && count > 0
      && items.allSatisfy { item in
        guard let name = item.value("name"), let image = item.value("image") else { return false }
        let isName = name.isOpen || (name.isScalar && PortNameGrammar.dnsLabel.faults(in: name.text).isEmpty)
        return isName && image.isScalar && !image.bytes.isEmpty
      }
  }
}
