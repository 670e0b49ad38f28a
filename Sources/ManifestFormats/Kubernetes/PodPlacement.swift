import PortModel
import SourceText
import SourceYAML

extension Placement {
  /// How many terms may say which nodes a pod runs on: each alternative repeats those that hold besides.
  private static let mostTerms = 10_000

  /// Where the scheduler may put a pod, as far as its template says, and the limit that keeps its nodes from being told.
  ///
  /// - Parameter isOnEach: Whether each node that is left gets one, as with a DaemonSet.
  static func read(from spec: YAMLNode, isOnEach: Bool) -> (placement: Placement, limit: Problem.Limit?) {
    var placement = Placement()
    placement.isOnEach = isOnEach
    let isWhole = placement.read(spec)
    return (placement, isWhole ? nil : .nodeTerms(mostTerms))
  }

  /// Reads what a template says of nodes; answers false where there is too much of it.
  private mutating func read(_ spec: YAMLNode) -> Bool {
    var common: [LabelSelector.Requirement] = []
    if let selector = spec.value("nodeSelector"), !selector.isNull {
      if let labels = selector.labels {
        common = LabelSelector(labels: labels).requirements
      } else {
        isNarrowed = true
      }
    }
    if let node = spec.value("nodeName"), !node.isNull {
      // It passes the scheduler by, and the taints that only the scheduler minds.
      toleratesAll = true
      if node.isOpen { isNarrowed = true } else { common.append(.init("", .equal(node.text.exact))) }
    }
    let alternatives = alternatives(of: spec)
    readTolerations(spec)
    guard alternatives.isEmpty || common.isEmpty || alternatives.count * common.count <= Placement.mostTerms else {
      isNarrowed = true
      return false
    }
    if !alternatives.isEmpty || !common.isEmpty {
      nodes = (alternatives.isEmpty ? [[]] : alternatives).map { LabelSelector($0 + common) }
    }
    return true
  }

  /// The terms of the required node affinity, any of which may hold; none where nothing is required, or nothing that can
  /// be read.
  private mutating func alternatives(of spec: YAMLNode) -> [[LabelSelector.Requirement]] {
    let key: StaticString = "requiredDuringSchedulingIgnoredDuringExecution"
    let required = spec.value("affinity")?.value("nodeAffinity")?.value(key)
    guard let required, !required.isNull else { return [] }
    guard let terms = required.value("nodeSelectorTerms"), terms.isSequence, terms.count > 0 else {
      isNarrowed = true
      return []
    }
    return terms.items.map { term in
      var requirements: [LabelSelector.Requirement] = []
      if term.has("matchFields") { isNarrowed = true }
      for item in term.items(of: "matchExpressions") {
        if let requirement = item.labelRequirement {
          requirements.append(requirement)
        } else {
          isNarrowed = true
        }
      }
      return requirements
    }
  }

  private mutating func readTolerations(_ spec: YAMLNode) {
    for item in spec.items(of: "tolerations") {
      let texts = (["key", "operator", "value", "effect"] as [StaticString]).map { item.value($0)?.text ?? "" }
      if texts[0].isEmpty, texts[1] == "Exists", texts[3].isEmpty { toleratesAll = true }
      tolerations.insert(texts.joined(separator: " ").exact)
    }
  }
}
