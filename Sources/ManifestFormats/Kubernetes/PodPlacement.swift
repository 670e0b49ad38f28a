import PortModel
import SourceYAML

extension Placement {
  /// Where the scheduler may put a pod, as far as its template says.
  ///
  /// - Parameter isOnEach: Whether each node that is left gets one, as with a DaemonSet.
  init(pod spec: YAMLNode, isOnEach: Bool) {
    self.init()
    self.isOnEach = isOnEach
    var common = LabelSelector()
    if let selector = spec.value("nodeSelector"), !selector.isNull {
      if let labels = selector.openlessTexts {
        common = LabelSelector(labels: labels)
      } else {
        isNarrowed = true
      }
    }
    if let node = spec.value("nodeName"), !node.isNull {
      // It passes the scheduler by, and the taints that only the scheduler minds.
      toleratesAll = true
      if node.isOpen { isNarrowed = true } else { common.requirements.insert(.init("", .among([node.text]))) }
    }
    nodes = alternatives(of: spec).map { alternative in
      var selector = alternative
      selector.requirements.formUnion(common.requirements)
      return selector
    }
    readTolerations(spec)
  }

  /// The terms of the required node affinity, any of which may hold; one that asks nothing where there is none.
  private mutating func alternatives(of spec: YAMLNode) -> [LabelSelector] {
    let key: StaticString = "requiredDuringSchedulingIgnoredDuringExecution"
    let required = spec.value("affinity")?.value("nodeAffinity")?.value(key)
    guard let required, !required.isNull else { return [LabelSelector()] }
    guard let terms = required.value("nodeSelectorTerms"), terms.isSequence, terms.count > 0 else {
      isNarrowed = true
      return [LabelSelector()]
    }
    return terms.items.map { term in
      var selector = LabelSelector()
      if term.value("matchFields") != nil { isNarrowed = true }
      for item in term.items(of: "matchExpressions") {
        if let requirement = item.labelRequirement {
          selector.requirements.insert(requirement)
        } else {
          isNarrowed = true
        }
      }
      return selector
    }
  }

  private mutating func readTolerations(_ spec: YAMLNode) {
    for item in spec.items(of: "tolerations") {
      let texts = (["key", "operator", "value", "effect"] as [StaticString]).map { item.value($0)?.text ?? "" }
      if texts[0].isEmpty, texts[1] == "Exists", texts[3].isEmpty { toleratesAll = true }
      tolerations.insert(texts.joined(separator: " "))
    }
  }
}
